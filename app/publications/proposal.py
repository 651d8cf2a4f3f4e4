"""What is to be put into force, checked against everything that stays in force of other offices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.assignments.in_force import is_in_force
from app.assignments.reader import Placement, in_force_besides, read
from app.core.rows import id_of
from app.models import Absence, Assignment, DocumentKind, Plan, PlanDocument, TeamMember
from app.planning.documents import StoredProblem, stored_problem, unpacked
from app.planning.names import inspector_name
from app.planning.publication import violations_of_publication
from app.planning.redaction import unnamed
from app.planning.violations import RuleViolation


class Proposal:
    """What of a plan is to be put into force up to a day, and what stays in force of the other offices."""

    def __init__(self, session: Session, plan: Plan, office_ids: Sequence[int], today: date, until: date) -> None:
        self.session = session
        self.plan = plan
        self.office_ids = office_ids
        self.today = today
        self.until = until
        self._published = read(
            session,
            sa.and_(
                col(Assignment.plan_id) == plan.id,
                col(Assignment.office_id).in_(office_ids),
                col(Assignment.first_on) <= until,
            ),
        )
        self._around = in_force_besides(session, office_ids)
        self.offices_of_visits = {record.key: record.office_id for record in self._around}
        self._secret = {
            record.key for record in self._around if record.unannounced and record.first_on > plan.working_on
        }

    def violations_of_rules(self) -> list[RuleViolation]:
        """Every hard rule that the share breaks together with what is in force of the other offices.

        An unannounced visit of theirs is not named.
        """
        found = violations_of_publication(
            problem=self._problem(id_of(self.plan)),
            solution=self._as_moved(unpacked(self._file(id_of(self.plan), DocumentKind.SOLUTION))),
            published={record.key for record in self._published.values()},
            around=self._around,
            problems_around={
                plan_id: self._problem(plan_id) for plan_id in {record.plan_id for record in self._around}
            },
        )
        return [unnamed(violation, self._secret) for violation in found]

    def _as_moved(self, solution: Mapping[str, Any]) -> dict[str, Any]:
        """The plan file with each visit on its day now: one that was moved since its publication is not put back."""
        places = {
            record.key: {"day": record.first_on.isoformat(), "half": record.half.value}
            for record in self._published.values()
        }
        return {**solution, "assignments": [each | places.get(each["visit"], {}) for each in solution["assignments"]]}

    def _problem(self, plan_id: int) -> StoredProblem:
        return stored_problem(self._file(plan_id, DocumentKind.PROBLEM))

    def _file(self, plan_id: int, kind: DocumentKind) -> bytes:
        """A contract file; every solved plan has both."""
        return self.session.get_one(PlanDocument, (plan_id, kind)).content

    def absences(self) -> list[RuleViolation]:
        """Members who asked for leave after the plan was made."""
        ahead = {number: record for number, record in self._published.items() if record.first_on >= self.today}
        rows = self.session.execute(
            sa.select(col(Assignment.id), col(Absence.inspector_id), col(Absence.first_on), col(Absence.last_on))
            .join(TeamMember, col(TeamMember.assignment_id) == col(Assignment.id))
            .join(Absence, col(Absence.inspector_id) == col(TeamMember.inspector_id))
            .where(
                col(Assignment.plan_id) == self.plan.id,
                col(Absence.first_on) <= col(Assignment.last_on),
                col(Absence.last_on) >= col(Assignment.first_on),
            )
            .order_by(col(Assignment.id))
        )
        return [
            RuleViolation(
                "available",
                ahead[assignment_id].key,
                {"inspector": inspector_name(inspector_id), "day": ahead[assignment_id].first_on.isoformat()},
            )
            for assignment_id, inspector_id, _, _ in rows
            if assignment_id in ahead
        ]

    @cached_property
    def changed_history(self) -> Mapping[str, int]:
        """The visits before today that the plan has otherwise than what is in force, with their offices."""
        is_past = col(Assignment.first_on) < self.today
        begun = self._placements(is_in_force(), is_past)
        of_plan = self._placements(col(Assignment.plan_id) == self.plan.id)
        passed = {each for each, placement in of_plan.items() if placement.first_on < self.today}
        changed = sorted(each for each in begun.keys() | passed if begun.get(each) != of_plan.get(each))
        return {key: office_id for office_id, key in changed}

    def _placements(self, *conditions: sa.ColumnElement[bool]) -> Mapping[tuple[int, str], Placement]:
        """When and by whom some visits of the offices are made, by office and key."""
        which = sa.and_(col(Assignment.office_id).in_(self.office_ids), *conditions)
        return {(record.office_id, record.key): record.placement for record in read(self.session, which).values()}
