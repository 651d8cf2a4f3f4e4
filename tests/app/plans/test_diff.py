"""What changed between two plans."""

from __future__ import annotations

from datetime import date

from app.assignments.reader import Placement
from app.models import Half
from app.plans.diff import Change, changes, counts
from app.plans.schemas import ChangeCounts

MONDAY, TUESDAY = date(2023, 3, 6), date(2023, 3, 7)


def placed(day: date = MONDAY, half: Half = Half.AM, team: frozenset[int] = frozenset({1, 2, 3})) -> Placement:
    return Placement(day, half, team)


def test_a_visit_is_told_once_by_the_weightiest_change() -> None:
    others = frozenset({1, 2, 4})
    before = {key: placed() for key in ("kept", "moved", "half", "team", "dropped")}
    after = {
        "kept": placed(),
        "moved": placed(TUESDAY, Half.PM, others),
        "half": placed(MONDAY, Half.PM, others),
        "team": placed(MONDAY, Half.AM, others),
        "added": placed(TUESDAY),
    }
    found = changes(before, after)
    assert found == [
        Change("dropped", "dropped", placed(), None),
        Change("half", "half", placed(), after["half"]),
        Change("team", "team", placed(), after["team"]),
        Change("added", "added", None, placed(TUESDAY)),
        Change("moved", "day", placed(), after["moved"]),
    ]
    # five stood before: one is kept, one moved, one in the other half, one with another team, one dropped
    assert counts(found, len(before)) == ChangeCounts(kept=1, day=1, half=1, team=1, added=1, dropped=1)


def test_nothing_changed() -> None:
    same = {"only": placed()}
    assert changes(same, same) == []
    assert counts([], 1) == ChangeCounts(kept=1, day=0, half=0, team=0, added=0, dropped=0)
