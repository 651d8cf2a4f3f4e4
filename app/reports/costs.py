"""Planned costs of assignments: drives, nights and experts, priced by the rates of their days, split by programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.settings import RuleSettings
from app.core.rows import id_of
from app.models import (
    Assignment,
    CostKind,
    CostRate,
    Inspectee,
    PersonKind,
    ServedProgramme,
)
from app.planning.stops import stops_of
from app.planning.trips import Stop, trip_parts

METRES_PER_KILOMETRE = 1000


@dataclass(slots=True)
class Planned:
    """Quantities and money of a part; what is unpriced lies on days without a rate. Parts are added with ``add``."""

    visits: int = 0
    metres: int = 0
    nights: int = 0
    expert_half_days: int = 0
    travel_fen: int = 0
    night_fen: int = 0
    expert_fen: int = 0
    unpriced_metres: int = 0
    unpriced_nights: int = 0
    unpriced_half_days: int = 0

    @property
    def fen(self) -> int:
        """All the money."""
        return self.travel_fen + self.night_fen + self.expert_fen

    def add(self, other: Planned) -> None:
        """Add another part to this one."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def split(self, parts: int) -> list[Planned]:
        """Equal parts that add up to this one: what does not divide goes to the first ones, a unit each."""
        shares_of = {each.name: _equal(getattr(self, each.name), parts) for each in fields(self)}
        return [Planned(**{name: of[number] for name, of in shares_of.items()}) for number in range(parts)]


def _equal(quantity: int, parts: int) -> list[int]:
    whole, rest = divmod(quantity, parts)
    return [whole + (number < rest) for number in range(parts)]


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """To what a cost belongs."""

    office_id: int
    programme_code: str
    region_id: int
    year: int


class Rates:
    """The rates of all days."""

    def __init__(self, rows: Iterable[CostRate]) -> None:
        self._by_kind: dict[CostKind, list[CostRate]] = defaultdict(list)
        for row in rows:
            self._by_kind[row.kind].append(row)

    def on(self, kind: CostKind, day: date) -> int | None:
        """What one costs on a day, in fen; none where no rate is known."""
        for row in self._by_kind[kind]:
            if row.first_on <= day and (row.last_on is None or row.last_on >= day):
                return row.fen
        return None


def planned_costs(session: Session, which: sa.ColumnElement[bool], rules: RuleSettings) -> Mapping[Line, Planned]:
    """The planned costs of the assignments that a condition names: five queries, however many there are."""
    assignments = {
        id_of(row): (row, region_id)
        for row, region_id in session.exec(
            select(Assignment, Inspectee.region_id)
            .join(Inspectee, col(Inspectee.id) == col(Assignment.inspectee_id))
            .where(which)
        ).all()
    }
    rates = Rates(session.exec(select(CostRate)).all())
    found: dict[Line, Planned] = defaultdict(Planned)
    of_day: dict[tuple[int, date], Planned] = defaultdict(Planned)
    stops: list[Stop] = []
    for stop, kind in stops_of(session, which, rules):
        stops.append(stop)
        of_day[stop.visit_id, stop.day].expert_half_days += kind is PersonKind.EXPERT
    for share in trip_parts(stops, rules):
        part = of_day[share.visit_id, share.day]
        part.metres += share.metres
        part.nights += share.nights
    served = _served(session, which)
    for number, (row, _) in assignments.items():
        of_day[number, row.first_on].visits += 1
    for (number, day), part in sorted(of_day.items()):
        row, region_id = assignments[number]
        _price(part, day, rates)
        codes = served.get(row.visit_id) or [""]
        for code, of_code in zip(codes, part.split(len(codes)), strict=True):
            found[Line(row.office_id, code, region_id, day.year)].add(of_code)
    return found


def _price(part: Planned, day: date, rates: Rates) -> None:
    """Turn quantities of a day into money; metres are rounded to the fen once for each visit and day."""
    travel, night, expert = (rates.on(kind, day) for kind in (CostKind.TRAVEL, CostKind.NIGHT, CostKind.EXPERT))
    if travel is None:
        part.unpriced_metres = part.metres
    else:
        part.travel_fen = (part.metres * travel + METRES_PER_KILOMETRE // 2) // METRES_PER_KILOMETRE
    if night is None:
        part.unpriced_nights = part.nights
    else:
        part.night_fen = part.nights * night
    if expert is None:
        part.unpriced_half_days = part.expert_half_days
    else:
        part.expert_fen = part.expert_half_days * expert


def _served(session: Session, which: sa.ColumnElement[bool]) -> Mapping[int, list[str]]:
    """The programmes that each visit serves, each once, by code."""
    rows: Sequence[Any] = session.execute(
        sa.select(col(ServedProgramme.visit_id), col(ServedProgramme.programme_code))
        .join(Assignment, col(Assignment.visit_id) == col(ServedProgramme.visit_id))
        .where(which)
        .distinct()
        .order_by(col(ServedProgramme.visit_id), col(ServedProgramme.programme_code))
    ).all()
    found: dict[int, list[str]] = defaultdict(list)
    for visit_id, code in rows:
        found[visit_id].append(code)
    return found
