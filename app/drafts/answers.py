"""Drafts into answers: the log of edits, violations, options; each list in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.accounts.rights import Actor
from app.assignments.queries import inspectees_of, visits_of
from app.assignments.schemas import PersonOut
from app.assignments.visibility import secret_visits
from app.core.rows import id_of
from app.drafts.rows import Unscheduled, state_from
from app.drafts.schemas import DraftOut, EditOut, HalfDayOut, OptionsOut, PersonOptionOut, StateOut, ViolationOut
from app.inspectors.queries import inspector_names
from app.models import Half, Inspectee, Plan, PlanEdit, PlannedVisit, User
from app.planning.drafts import Judgement
from app.planning.labels import Names
from app.planning.openings import Opening, PersonOpening
from app.planning.redaction import unnamed, unnamed_reason
from app.planning.violations import RuleViolation
from app.planning.wording import wording
from app.plans.schemas import ReasonOut
from app.plans.violations import describe

MOST_SHOWN = 50
"""Violations of one visit that the answer to a change lists; ``GET plans/{id}/faults`` lists all of a draft."""


def unchanged(plan: Plan) -> DraftOut:
    """A draft after a change that changed nothing."""
    figures = plan.figures or {}
    return _draft(plan, None, figures.get("faults", 0), [])


def changed(
    session: Session, user: Actor, plan: Plan, visit: PlannedVisit, edit: PlanEdit, verdict: Judgement
) -> DraftOut:
    """A draft after an edit, with the violations in which the visit has a part."""
    secret = secrets_of(session, user, plan)
    own = [fault for fault in verdict.faults if visit.key in (fault.visit, fault.details.get("other"))]
    faults = violation_answers(session, id_of(plan), [unnamed(each, secret) for each in own[:MOST_SHOWN]], {})
    return _draft(plan, edit_answers(session, [edit], secret)[0], len(verdict.faults), faults)


def secrets_of(session: Session, user: Actor, plan: Plan) -> frozenset[str]:
    """The keys of those visits of a plan that the user may not know of."""
    return frozenset(key for _, key in secret_visits(session, user, [id_of(plan)]))


def _draft(plan: Plan, edit: EditOut | None, faults_in_all: int, faults: list[ViolationOut]) -> DraftOut:
    return DraftOut(
        plan_id=id_of(plan),
        revision=plan.revision,
        edit=edit,
        scheduled=plan.scheduled,
        total=plan.total,
        score=plan.score,
        faults_in_all=faults_in_all,
        faults=faults,
    )


def violation_answers(
    session: Session, plan_id: int, violations: Sequence[RuleViolation], offices: Mapping[str, int]
) -> list[ViolationOut]:
    """Some violations of a draft; ``offices`` names the office of each visit outside it."""
    return [ViolationOut.model_validate(each) for each in describe(session, plan_id, violations, offices)]


def edit_answers(session: Session, rows: Sequence[PlanEdit], secret: Collection[str]) -> list[EditOut]:
    """Some entries of the log, without any trace of the ``secret`` visits; a fixed number of queries."""
    visits = visits_of(session, [row.visit_id for row in rows])
    inspectees = inspectees_of(session, [visit.inspectee_id for visit in visits.values()])
    accounts = {number for row in rows for number in (row.made_by_id, row.undone_by_id) if number is not None}
    usernames: dict[int | None, str] = dict(
        session.execute(sa.select(col(User.id), col(User.username)).where(col(User.id).in_(accounts))).all()
    )
    names = Names.of(session, [[row.before, row.after] for row in rows])
    values = [value for row in rows for value in (row.before, row.after)]
    people = inspector_names(session, sorted({number for value in values for number in value.get("team", ())}))
    return [
        _edit(
            row,
            visits[row.visit_id],
            inspectees[visits[row.visit_id].inspectee_id],
            usernames,
            _Words(names, people, secret),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class _Words:
    """Names for reasons and people, and the visits that are not named."""

    names: Names
    people: Mapping[int, str]
    secret: Collection[str]

    def reason(self, reason: Mapping[str, Any]) -> ReasonOut:
        """A reason as an answer."""
        shown = unnamed_reason(reason, self.secret)
        return ReasonOut(
            code=shown["code"],
            details={name: value for name, value in shown.items() if name != "code"},
            message=wording(shown, self.names),
        )


def _edit(
    row: PlanEdit,
    visit: PlannedVisit,
    inspectee: Inspectee,
    usernames: Mapping[int | None, str],
    words: _Words,
) -> EditOut:
    return EditOut(
        number=row.number,
        visit=visit.key,
        inspectee_id=visit.inspectee_id,
        inspectee=inspectee.name,
        office_id=visit.office_id,
        kind=row.kind,
        state=row.state,
        made_at=row.made_at,
        made_by=usernames.get(row.made_by_id),
        undone_at=row.undone_at,
        undone_by=usernames.get(row.undone_by_id),
        before=_state(row.before, words),
        after=_state(row.after, words),
    )


def _state(value: Mapping[str, Any], words: _Words) -> StateOut:
    state = state_from(value)
    if isinstance(state, Unscheduled):
        reasons = [words.reason(reason) for reason in state.reasons]
        return StateOut(first_on=None, half=None, team=[], leader=None, locked=False, reasons=reasons)
    team = [PersonOut(id=member, name=words.people[member]) for member in state.team]
    return StateOut(
        first_on=state.day,
        half=state.half,
        team=team,
        leader=next((person for person in team if person.id == state.leader), None),
        locked=state.locked,
        reasons=[],
    )


@dataclass(frozen=True, slots=True)
class PeopleAt:
    """The half-day for which people were asked, who is open then, and who is in the team at present."""

    day: date
    half: Half
    people: tuple[PersonOpening, ...]
    team: tuple[int, ...]


def options_answer(
    session: Session,
    visit: PlannedVisit,
    team_size: int,
    openings: Iterable[Opening],
    asked: PeopleAt | None,
    secret: Collection[str],
) -> OptionsOut:
    """The open half-days and people of a visit."""
    openings = list(openings)
    people = asked.people if asked is not None else ()
    reasons = [each.reason for each in openings] + [each.reason for each in people]
    names = Names.of(session, [reason for reason in reasons if reason is not None])
    known = inspector_names(session, [person.inspector_id for person in people])
    words = _Words(names, known, secret)
    team = asked.team if asked is not None else ()
    return OptionsOut(
        visit=visit.key,
        earliest=visit.earliest,
        latest=visit.latest,
        half_days=visit.half_days,
        team_size=team_size,
        openings=[
            HalfDayOut(
                day=each.day,
                half=Half(each.half),
                is_open=each.reason is None,
                fits_team=each.fits,
                reason=words.reason(each.reason) if each.reason is not None else None,
            )
            for each in openings
        ],
        day=asked.day if asked is not None else None,
        half=asked.half if asked is not None else None,
        people=[
            PersonOptionOut(
                id=person.inspector_id,
                name=known[person.inspector_id],
                in_team=person.inspector_id in team,
                is_open=person.reason is None,
                reason=words.reason(person.reason) if person.reason is not None else None,
            )
            for person in people
        ],
    )
