"""A draft's rows and its two contract files, which every change keeps equal.

The problem's pins are the locked visits, so the solver and the checker see what the office has fixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.assignments.queries import teams_of
from app.calendars.half_days import last_day
from app.core.rows import id_of
from app.models import (
    Assignment,
    DocumentKind,
    Half,
    Plan,
    PlanDocument,
    PlannedVisit,
    TeamMember,
    UnscheduledVisit,
)
from app.planning.documents import packed, unpacked
from app.planning.drafts import DraftProblem, Judgement, draft_problem, judged
from app.planning.entries import PlanEntry
from app.plans.figures import figures_of


@dataclass(frozen=True, slots=True)
class Placed:
    """The half-day and team of a visit; ``team`` ascending."""

    day: date
    half: Half
    team: tuple[int, ...]
    leader: int | None
    locked: bool

    def as_json(self) -> dict[str, Any]:
        """As the log of edits keeps it."""
        return {
            "day": self.day.isoformat(),
            "half": self.half.value,
            "team": list(self.team),
            "leader": self.leader,
            "locked": self.locked,
        }


@dataclass(frozen=True, slots=True)
class Unscheduled:
    """Why a visit is unscheduled, as plan files hold it."""

    reasons: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """As the log of edits keeps it."""
        return {"reasons": list(self.reasons)}


State = Placed | Unscheduled


def state_from(value: Mapping[str, Any]) -> State:
    """A state as the log of edits keeps it."""
    if "reasons" in value:
        return Unscheduled(tuple(value["reasons"]))
    return Placed(
        date.fromisoformat(value["day"]), Half(value["half"]), tuple(value["team"]), value["leader"], value["locked"]
    )


class DraftRows:
    """The rows and files of one draft; ``write`` changes a visit, ``store`` judges the whole and writes the files."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self._session = session
        self._plan = plan
        self._locks_changed = False
        self._problem_file = session.get_one(PlanDocument, (id_of(plan), DocumentKind.PROBLEM))
        self._solution_file = session.get_one(PlanDocument, (id_of(plan), DocumentKind.SOLUTION))
        self.given: DraftProblem = draft_problem(self._problem_file.content)
        self.solution = unpacked(self._solution_file.content)

    def state(self, visit: PlannedVisit) -> State:
        """The state of a visit."""
        unscheduled = self._session.get(UnscheduledVisit, visit.id)
        if unscheduled is not None:
            return Unscheduled(tuple(unscheduled.reasons))
        row = self._assignment(visit)
        return Placed(row.first_on, row.half, self._team(row), row.leader_id, row.locked)

    def _assignment(self, visit: PlannedVisit) -> Assignment:
        return self._session.exec(select(Assignment).where(Assignment.visit_id == visit.id)).one()

    def _team(self, row: Assignment) -> tuple[int, ...]:
        return tuple(sorted(member.id for member in teams_of(self._session, [id_of(row)])[id_of(row)]))

    def write(self, visit: PlannedVisit, before: State, after: State) -> None:
        """Change the state of a visit, in the rows and in the plan file that is not yet stored."""
        self._locks_changed |= _is_locked(before) or _is_locked(after)
        if isinstance(before, Unscheduled):
            self._session.execute(sa.delete(UnscheduledVisit).where(col(UnscheduledVisit.visit_id) == visit.id))
        if isinstance(after, Unscheduled):
            self._write_unscheduled(visit, before, after)
        else:
            self._write_placed(visit, before, after)
        self._session.flush()

    def _write_unscheduled(self, visit: PlannedVisit, before: State, after: Unscheduled) -> None:
        if isinstance(before, Placed):
            row = self._assignment(visit)
            self._session.execute(sa.delete(TeamMember).where(col(TeamMember.assignment_id) == row.id))
            self._session.delete(row)
        self._session.add(
            UnscheduledVisit(visit_id=id_of(visit), plan_id=id_of(self._plan), reasons=list(after.reasons))
        )
        self._enter(visit.key, "unscheduled", {"visit": visit.key, "reasons": list(after.reasons)})

    def _write_placed(self, visit: PlannedVisit, before: State, after: Placed) -> None:
        if isinstance(before, Placed):
            row = self._assignment(visit)
            self._session.execute(sa.delete(TeamMember).where(col(TeamMember.assignment_id) == row.id))
        else:
            row = Assignment(
                plan_id=id_of(self._plan),
                visit_id=id_of(visit),
                inspectee_id=visit.inspectee_id,
                office_id=visit.office_id,
                half_days=visit.half_days,
                first_on=after.day,
                last_on=after.day,
                half=after.half,
            )
        row.first_on = after.day
        row.last_on = last_day(after.day, visit.half_days)
        row.half = after.half
        row.leader_id = after.leader
        row.locked = after.locked
        self._session.add(row)
        self._session.flush()
        self._session.add_all(TeamMember(assignment_id=id_of(row), inspector_id=member) for member in after.team)
        self._enter(visit.key, "assignments", _entry(visit.key, after))

    def _enter(self, key: str, part: str, entry: dict[str, Any]) -> None:
        """Put a visit's entry into a part of the plan file, in its place where it was there before."""
        entries: list[dict[str, Any]] = self.solution[part]
        at = next((k for k, each in enumerate(entries) if each["visit"] == key), None)
        if at is not None:
            entries[at] = entry
            return
        other = "assignments" if part == "unscheduled" else "unscheduled"
        self.solution[other] = [each for each in self.solution[other] if each["visit"] != key]
        entries.append(entry)

    def store(self) -> Judgement:
        """Judge the draft, and write its files, score and figures; the revision says that it has changed."""
        if self._locks_changed:
            self._store_pins()
        verdict = judged(self.given, self.solution)
        plan = self._plan
        score = dict(verdict.score)
        self.solution = {
            **{name: value for name, value in self.solution.items() if name not in ("changed", "changed_bound")},
            "score": score,
            "status": "feasible",
        }
        self._solution_file.content = packed(self.solution)
        plan.total = score["total"]
        plan.score = {name: value for name, value in score.items() if name != "total"}
        plan.scheduled = len(self.solution["assignments"])
        plan.revision += 1
        self._session.add_all([self._solution_file, plan])
        self._session.flush()
        plan.figures = figures_of(self._session, plan, self.given.written) | {"faults": len(verdict.faults)}
        self._session.flush()
        return verdict

    def _store_pins(self) -> None:
        """Write the locked visits as the problem's pins; where one is gone, what was proved with it no longer is."""
        pinned = sorted(
            (
                _entry(key, Placed(row.first_on, row.half, self._team(row), row.leader_id, True))
                for row, key in self._locked()
            ),
            key=lambda pin: str(pin["visit"]),
        )
        if not {pin["visit"] for pin in self.given.written["pins"]} <= {pin["visit"] for pin in pinned}:
            self._plan.bound = self._plan.unscheduled_bound = None
            for name in ("bound", "unscheduled_bound"):
                self.solution.pop(name, None)
        self._problem_file.content = packed({**self.given.written, "pins": pinned})
        self._session.add(self._problem_file)
        self.given = draft_problem(self._problem_file.content)

    def _locked(self) -> list[tuple[Assignment, str]]:
        rows = self._session.exec(
            select(Assignment, PlannedVisit.key)
            .join(PlannedVisit, col(PlannedVisit.id) == col(Assignment.visit_id))
            .where(Assignment.plan_id == self._plan.id, col(Assignment.locked))
        ).all()
        return [(row, key) for row, key in rows if key in self.given.visits]


def _is_locked(state: State) -> bool:
    return isinstance(state, Placed) and state.locked


def _entry(key: str, state: Placed) -> dict[str, Any]:
    """A visit's entry in a plan file."""
    return PlanEntry(key, state.day, state.half, state.team, state.leader).as_json()
