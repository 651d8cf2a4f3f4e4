"""How many visits an inspectee receives in a year and in a term, of all offices together, against the settable limits.

The plan asks to cut the checks of schools (ch. 4 section 1, ch. 6 section 5); the number of five a year without the
routine visits is another city's, hence a setting. The limits protect schools: a government is no school.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.settings import RuleSettings, load_rules
from app.assignments.in_force import is_in_force
from app.assignments.visibility import may_offices_know
from app.calendars.words import SEASONS
from app.core.errors import Conflict
from app.models import (
    Assignment,
    Inspectee,
    InspecteeKind,
    PastInspection,
    PlannedVisit,
    Programme,
    ProgrammeRule,
    SchoolTerm,
    Season,
    ServedProgramme,
)
from app.planning.register import grouped
from app.programmes.schemas import PhaseName

MOST_SHOWN = 50
"""Schools that a refusal lists; their number is told in full."""


@dataclass(frozen=True, slots=True)
class Held:
    """An inspection, planned or past; ``new`` is the key of a visit that a publication adds."""

    inspectee_id: int
    first_on: date
    comprehensive: bool
    new: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """The inspections of an inspectee in a year or, with a season, in a term, without the routine ones.

    ``last_new`` is the key of the last one that a publication adds.
    """

    inspectee: Inspectee
    year: int
    season: Season | None
    visits: int
    comprehensive: int
    most: int | None
    last_new: str | None

    @property
    def is_over(self) -> bool:
        """Whether there are more than the limit."""
        return self.most is not None and self.visits > self.most

    @property
    def code(self) -> str:
        """The setting that is passed."""
        return "visits_per_year" if self.season is None else "visits_per_term"

    def message(self) -> str:
        """The count in words."""
        term = SEASONS[self.season] if self.season is not None else ""
        return (
            f"“{self.inspectee.name}”{self.year} 年{term}将接受 {self.visits} 次督导（各级机构合计，不含经常性督导），"
            f"超过 {self.most} 次。"
        )


class Totals:
    """Counts of the inspectees' inspections; the number of queries does not depend on that of inspectees or visits."""

    def __init__(self, session: Session, held: Iterable[Held]) -> None:
        self._session = session
        self._rules: RuleSettings = load_rules(session)
        self._of_inspectee: dict[int, list[Held]] = defaultdict(list)
        for each in held:
            self._of_inspectee[each.inspectee_id].append(each)

    def of_years(self, first: int, last: int) -> Iterator[Count]:
        """The counts of every school with an inspection in the years, by school: the years', then the terms'."""
        for inspectee in self._schools:
            yield from self._of_school(inspectee, self._of_inspectee[inspectee.id or 0], range(first, last + 1))

    def _of_school(self, inspectee: Inspectee, held: Sequence[Held], years: range) -> Iterator[Count]:
        for year in sorted({each.first_on.year for each in held}):
            if year in years:
                of_year = [each for each in held if each.first_on.year == year]
                yield _count(inspectee, year, None, of_year, self._rules.visits_per_year)
        for term in self._terms.get(inspectee.kind, ()):
            of_term = [each for each in held if term.first_on <= each.first_on <= term.last_on]
            if of_term and term.year in years:
                yield _count(inspectee, term.year, term.season, of_term, self._rules.visits_per_term)

    @cached_property
    def _schools(self) -> Sequence[Inspectee]:
        rows = self._session.exec(
            select(Inspectee).where(col(Inspectee.kind) != InspecteeKind.GOVERNMENT).order_by(col(Inspectee.code))
        ).all()
        return [row for row in rows if row.id in self._of_inspectee]

    @cached_property
    def _terms(self) -> Mapping[InspecteeKind, list[SchoolTerm]]:
        rows = self._session.exec(select(SchoolTerm).order_by(col(SchoolTerm.first_on))).all()
        return grouped(rows, lambda row: row.kind)


def _count(inspectee: Inspectee, year: int, season: Season | None, held: Sequence[Held], most: int | None) -> Count:
    comprehensive = sum(each.comprehensive for each in held)
    new = [(each.first_on, each.new) for each in held if each.new is not None]
    return Count(inspectee, year, season, len(held), comprehensive, most, max(new)[1] if new else None)


def _with_outside(session: Session, planned: list[Held]) -> list[Held]:
    """These and the inspections outside this service; what is recorded twice is counted once. One query."""
    known = {(each.inspectee_id, each.first_on) for each in planned}
    rows = session.exec(select(PastInspection)).all()
    outside = [Held(row.inspectee_id, row.first_on, row.comprehensive) for row in rows]
    return [*planned, *(each for each in outside if (each.inspectee_id, each.first_on) not in known)]


def held_of(session: Session, which: sa.ColumnElement[bool], new_from: date | None = None) -> list[Held]:
    """The visits of some assignments but the routine ones, each once whatever it serves: two queries.

    ``new_from`` is the day from which they are new.
    """
    programmes = session.exec(select(Programme)).all()
    routine = {row.code for row in programmes if row.rule is ProgrammeRule.ROUTINE}
    comprehensive = {row.code for row in programmes if row.comprehensive}
    inspects = _inspects(comprehensive)
    rows = session.execute(
        sa.select(col(Assignment.inspectee_id), col(Assignment.first_on), inspects, col(PlannedVisit.key))
        .join(PlannedVisit, col(PlannedVisit.id) == col(Assignment.visit_id))
        .where(which, ~_serves_only(routine))
    )
    return [
        Held(
            inspectee, first_on, bool(is_comprehensive), key if new_from is not None and first_on >= new_from else None
        )
        for inspectee, first_on, is_comprehensive, key in rows
    ]


def _inspects(codes: Collection[str]) -> sa.ColumnElement[bool]:
    """That a visit serves these otherwise than as a recheck, which inspects nothing anew."""
    return _serves(codes, col(ServedProgramme.phase) != PhaseName.RECHECK)


def _serves(codes: Collection[str], *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return (
        sa.exists()
        .where(
            col(ServedProgramme.visit_id) == col(Assignment.visit_id),
            col(ServedProgramme.programme_code).in_(codes),
            *conditions,
        )
        .correlate(Assignment)
    )


def _serves_only(codes: Collection[str]) -> sa.ColumnElement[bool]:
    other = (
        sa.exists()
        .where(
            col(ServedProgramme.visit_id) == col(Assignment.visit_id),
            col(ServedProgramme.programme_code).not_in(codes),
        )
        .correlate(Assignment)
    )
    return sa.and_(_serves(codes), ~other)


def over_limit(session: Session, plan_id: int, office_ids: Sequence[int], today: date, until: date) -> list[Count]:
    """The years and terms in which a publication brings a school more visits than the settings allow.

    Counted are the share that is published, what is in force of all other offices and what was done before. A period
    to which the publication adds nothing is not asked.
    """
    share = sa.and_(
        col(Assignment.plan_id) == plan_id,
        col(Assignment.office_id).in_(office_ids),
        col(Assignment.first_on) <= until,
    )
    around = sa.and_(is_in_force(), col(Assignment.office_id).not_in(office_ids), may_offices_know(office_ids, today))
    held = _with_outside(session, [*held_of(session, share, today), *held_of(session, around)])
    counts = Totals(session, held).of_years(today.year - 1, until.year)
    return [count for count in counts if count.is_over and count.last_new is not None]


def refusal(plan_id: int, counts: Sequence[Count]) -> Conflict:
    """The refusal of a publication that brings a school more visits in a year or term than the settings allow."""
    return Conflict(
        "too_many_visits",
        f"日程 {plan_id} 不能发布：{counts[0].message()}共 {len(counts)} 处。"
        "请合并督导事项、调整年度安排后重新编制日程。",
        {"plan": plan_id, "number": len(counts), "faults": [_excess(each) for each in counts[:MOST_SHOWN]]},
    )


def _excess(count: Count) -> dict[str, Any]:
    return {
        "code": count.code,
        "inspectee": count.inspectee.id,
        "year": count.year,
        "season": count.season.value if count.season is not None else None,
        "visits": count.visits,
        "most": count.most,
        "message": count.message(),
    }


def held_as_known(
    session: Session, office_id: int | None, today: date, plan_id: int | None, plan_offices: Collection[int]
) -> list[Held]:
    """Every inspection in force and done or, of a plan's offices, as the plan has it, as far as an office may know."""
    known = may_offices_know([office_id], today)
    if plan_id is None:
        planned = held_of(session, sa.and_(is_in_force(), known))
    else:
        of_plan = sa.and_(col(Assignment.plan_id) == plan_id, known)
        others = sa.and_(is_in_force(), col(Assignment.office_id).not_in(plan_offices), known)
        planned = [*held_of(session, of_plan, today), *held_of(session, others)]
    return _with_outside(session, planned)
