"""Solved plans for tests, written as the job writes them: rows and both contract files that agree with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from app.models import Assignment, Inspectee, Inspector, Office, Plan, PlannedVisit, PlanState, PublishedVersion
from app.planning.required import RequiredVisitRecord
from app.plans import store
from tests.app.builders import added, id_of

NOW = datetime(2022, 9, 1, 1, 30, tzinfo=UTC)
FIRST_DAY, LAST_DAY = date(2022, 9, 1), date(2023, 12, 29)
MONDAY, TUESDAY = date(2022, 10, 17), date(2022, 10, 18)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit of half a day on a day, or none and a reason; its team are the people named."""

    unit: Inspectee
    team: Sequence[Inspector]
    day: date | None = MONDAY
    half: str = "am"
    topic: int | None = None
    """The unannounced topic that it serves instead of the round."""
    routine: bool = False
    """Whether it is the routine of the first half of autumn instead of the round's."""
    office_id: int | None = None
    """The office whose visit it is, where that is not the unit's own."""

    @property
    def key(self) -> str:
        """What names the same duty in every plan."""
        if self.topic is not None:
            return f"topic-{self.topic}-{self.unit.id}"
        if self.routine:
            return f"routine-2022-autumn-1-{self.unit.id}"
        return f"round-1-{self.unit.id}"

    @property
    def serves(self) -> tuple[str, str]:
        """Its programme and phase."""
        if self.topic is not None:
            return "thematic", f"topic-{self.topic}"
        return "routine" if self.routine else "round", "evaluation"


def a_plan(session: Session, offices: Sequence[Office], **changes: Any) -> Plan:
    """A plan that waits, of the first office's region."""
    fields: dict[str, Any] = {
        "name": "试排",
        "region_id": offices[0].region_id,
        "first_day": FIRST_DAY,
        "last_day": LAST_DAY,
        "seconds": 5,
        "working_on": FIRST_DAY,
        "office_ids": [id_of(office) for office in offices],
        "created_at": NOW,
    }
    return added(session, Plan(**fields | changes))


def a_solved_plan(
    session: Session,
    offices: Sequence[Office],
    visits: Sequence[Visit],
    others: Sequence[Inspector] = (),
    **changes: Any,
) -> Plan:
    """A plan that the rules asked and the planner answered so; ``others`` could have been in its teams."""
    plan = a_plan(session, offices, **changes)
    people = list({id_of(member): member for visit in visits for member in visit.team} | {id_of(o): o for o in others})
    store.write_required(session, plan, _problem(plan, visits, people), [_asked(visit) for visit in visits], [])
    store.write_answer(session, plan, _solution(plan, visits))
    plan.state = PlanState.SOLVED
    session.flush()
    return plan


def a_version(session: Session, plan: Plan, office: Office, number: int = 1, **changes: Any) -> PublishedVersion:
    """The office's share of the plan in force to the end of 2022."""
    fields: dict[str, Any] = {
        "office_id": id_of(office),
        "number": number,
        "plan_id": id_of(plan),
        "until": date(2022, 12, 31),
        "published_at": NOW,
    }
    plan.state = PlanState.PUBLISHED
    return added(session, PublishedVersion(**fields | changes))


def stands(session: Session, plan: Plan) -> dict[str, Assignment]:
    """The assignments of a plan by visit."""
    rows = session.exec(
        select(PlannedVisit.key, Assignment).where(
            Assignment.plan_id == plan.id, PlannedVisit.id == Assignment.visit_id
        )
    ).all()
    return dict(rows)


def _asked(visit: Visit) -> RequiredVisitRecord:
    return RequiredVisitRecord(
        key=visit.key,
        inspectee_id=id_of(visit.unit),
        office_id=visit.office_id or visit.unit.owner_office_id,
        half_days=1,
        earliest=FIRST_DAY,
        latest=LAST_DAY,
        late=False,
        serves=(visit.serves,),
        unannounced=visit.topic is not None,
    )


def _problem(plan: Plan, visits: Sequence[Visit], people: Sequence[int]) -> dict[str, Any]:
    span = (plan.first_day + timedelta(days=number) for number in range((plan.last_day - plan.first_day).days + 1))
    return {
        "format": "supervision-problem/1",
        "name": plan.name,
        "days": [day.isoformat() for day in span if day.isoweekday() <= 5],
        "places": [{"id": "town", "lon": 119.0, "lat": 42.1}],
        "travel": {"model": "great_circle", "detour_percent": 130, "metres_per_minute": 900},
        "transfer_max_minutes": 45,
        "overnight_metres": 60000,
        "far_minutes": 150,
        "periods": [{"id": "2022", "first": "2022-01-01", "last": "2022-12-31"}],
        "inspectors": [
            {"id": f"i{number}", "base": "town", "tags": ["pool:here"], "unavailable": [], "share": 1}
            for number in people
        ],
        "inspectees": [
            {"id": f"e{visit.unit.id}", "place": "town", "closed": [], "max_burden": {"2022": 1}} for visit in visits
        ],
        "resources": [],
        "visits": [
            {
                "id": visit.key,
                "inspectee": f"e{visit.unit.id}",
                "program": "round",
                "half_days": 1,
                "earliest": FIRST_DAY.isoformat(),
                "latest": LAST_DAY.isoformat(),
                "team": {"size": len(visit.team), "pool": ["pool:here"], "requires": {}},
                "excluded": [],
                "prefers": [],
                "resources": [],
                "weight": 1,
                "burden": 1 if visit.serves[0] == "round" else 0,
            }
            for visit in visits
        ],
        "precedences": [],
        "pins": [],
        "baseline": [],
        "balance_groups": [],
        "buffer_days": 30,
        "weights": {
            "unscheduled": 100000,
            "travel": 1,
            "balance": 20,
            "buffer": 2,
            "preference": 30,
            "change_day": 300,
            "change_half": 60,
            "change_member": 150,
        },
    }


def _solution(plan: Plan, visits: Sequence[Visit]) -> dict[str, Any]:
    return {
        "format": "supervision-plan/1",
        "problem": plan.name,
        "assignments": [
            {
                "visit": visit.key,
                "day": visit.day.isoformat(),
                "half": visit.half,
                "team": [f"i{member.id}" for member in visit.team],
                "leader": f"i{visit.team[0].id}",
            }
            for visit in visits
            if visit.day is not None
        ],
        "unscheduled": [
            {"visit": visit.key, "reasons": [{"code": "no_team"}]} for visit in visits if visit.day is None
        ],
        "score": {"total": 0},
        "status": "feasible",
    }
