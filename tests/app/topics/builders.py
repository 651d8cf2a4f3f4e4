"""Topics for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import Session

from app.models import Office, ProgrammeRule, Topic
from tests.app.builders import added, id_of
from tests.app.programmes.builders import a_programme

TOPICS = "/api/v1/topics"


def a_thematic_programme(session: Session, **changes: Any) -> None:
    """The programme under which topics run; it asks for a notice of 30 days."""
    fields: dict[str, Any] = {"code": "thematic", "rule": ProgrammeRule.THEMATIC, "comprehensive": False}
    a_programme(session, **fields | {"max_interval_years": None} | changes)


def a_topic(session: Session, office: Office, **changes: Any) -> Topic:
    """教材使用, half a day by three, in October 2022; no unit yet."""
    fields: dict[str, Any] = {
        "office_id": id_of(office),
        "year": 2022,
        "title": "统编教材使用",
        "programme_code": "thematic",
        "legal_basis": "《教育督导条例》第十一条",
        "first_on": date(2022, 10, 10),
        "last_on": date(2022, 10, 31),
        "half_days": 1,
        "requires": {},
        "weight": 20,
    }
    return added(session, Topic(**fields | changes))


def topic_body(office: Office, **changes: Any) -> dict[str, Any]:
    """A request for a topic that draws two units."""
    body: dict[str, Any] = {
        "office_id": id_of(office),
        "year": 2022,
        "title": "统编教材使用",
        "legal_basis": "《教育督导条例》第十一条",
        "first_on": "2022-10-10",
        "last_on": "2022-10-31",
        "half_days": 1,
        "sample_size": 2,
    }
    return body | changes
