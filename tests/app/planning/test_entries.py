"""The assignments of a plan file as typed values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.models import Half
from app.planning.entries import PlanEntry

WRITTEN: dict[str, Any] = {"visit": "round-1-7", "day": "2023-03-14", "half": "pm", "team": ["i3", "i12"]}


@pytest.mark.parametrize(("leader", "leader_id"), [({}, None), ({"leader": "i12"}, 12)])
def test_an_entry_is_read_and_written_again_as_it_was(leader: dict[str, str], leader_id: int | None) -> None:
    entry = PlanEntry.read(WRITTEN | leader)
    assert entry == PlanEntry("round-1-7", date(2023, 3, 14), Half.PM, (3, 12), leader_id)
    assert entry.as_json() == WRITTEN | leader
