"""The budget: planned against actual by programme, banner and year, each split adding up to the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sqlmodel import Session

from app.accounts.rights import Act, Actor, Noun, require
from app.accounts.settings import load_rules
from app.core.paging import Page, page_of
from app.models import ActualCost, CostKind
from app.plans.queries import find_owned_plan
from app.reports import queries
from app.reports.costs import Line, Planned, planned_costs
from app.reports.queries import ReportNames
from app.reports.schemas import (
    ActualOut,
    BudgetFilter,
    BudgetLineOut,
    BudgetLineQuery,
    BudgetOut,
    BudgetShareOut,
    PlannedOut,
    UnpricedOut,
)

KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass(slots=True)
class Both:
    """Planned and actual of a part."""

    planned: Planned = field(default_factory=Planned)
    actual: dict[CostKind, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def spent_fen(self) -> int:
        """All that was spent."""
        return sum(self.actual.values())

    @property
    def left_fen(self) -> int:
        """What is left of the plan; negative where more was spent."""
        return self.planned.fen - self.spent_fen

    def add(self, other: Both) -> None:
        """Add another part to this one."""
        self.planned.add(other.planned)
        for kind, fen in other.actual.items():
            self.actual[kind] += fen


@dataclass(frozen=True, slots=True)
class _Report:
    lines: Mapping[Line, Both]
    names: ReportNames


def report(session: Session, user: Actor, wanted: BudgetFilter) -> BudgetOut:
    """The report that a filter asks for; the number of queries does not depend on that of the assignments."""
    found = _of(session, user, wanted)
    names = found.names
    whole = _sum(found.lines.values())
    return BudgetOut(
        plan_id=wanted.plan,
        whole=_share("", "合计", whole),
        by_programme=[
            _share(code, names.programme(code), part)
            for code, part in _grouped(found.lines, lambda line: line.programme_code)
        ],
        by_banner=[
            _share(str(number), names.regions[number].name, part)
            for number, part in _grouped(found.lines, lambda line: line.region_id)
        ],
        by_year=[_share(str(year), f"{year} 年", part) for year, part in _grouped(found.lines, lambda line: line.year)],
        unpriced=_unpriced(whole.planned),
    )


def lines(session: Session, user: Actor, query: BudgetLineQuery) -> Page[BudgetLineOut]:
    """A page of the finest parts, by office, programme, banner and year."""
    found = _of(session, user, query)
    names = found.names
    keys = sorted(found.lines)
    first = (query.page - 1) * query.page_size
    shown = [
        BudgetLineOut(
            office_id=line.office_id,
            office=names.offices[line.office_id],
            programme_code=line.programme_code,
            programme=names.programme(line.programme_code),
            region_id=line.region_id,
            region=names.regions[line.region_id].name,
            year=line.year,
            planned=PlannedOut.model_validate(found.lines[line].planned),
            actual=_actual(found.lines[line]),
            left_fen=found.lines[line].left_fen,
        )
        for line in keys[first : first + query.page_size]
    ]
    return page_of(shown, len(keys), query)


def _of(session: Session, user: Actor, wanted: BudgetFilter) -> _Report:
    """Planned and actual costs of the offices that the user may see, as far as the filter asks for them."""
    require(user, Noun.COST, Act.READ)
    if wanted.plan is not None:
        find_owned_plan(session, user, wanted.plan)
    visible = queries.offices_of_costs(session, user)
    # a person's day may hold visits of several offices: drives are split before offices are
    planned = planned_costs(session, queries.assignments_of(user, wanted.plan), load_rules(session))
    found: dict[Line, Both] = defaultdict(Both)
    for line, part in planned.items():
        if line.office_id in visible and _matches(line, wanted):
            found[line].planned.add(part)
    for row in queries.spent(session, user, wanted):
        found[_line_of(row)].actual[row.kind] += row.fen
    return _Report(found, ReportNames.of(session))


def _matches(line: Line, wanted: BudgetFilter) -> bool:
    return (
        (wanted.office_id is None or line.office_id == wanted.office_id)
        and (wanted.region_id is None or line.region_id == wanted.region_id)
        and (wanted.programme is None or line.programme_code == wanted.programme)
        and (wanted.year is None or line.year == wanted.year)
    )


def _line_of(row: ActualCost) -> Line:
    return Line(row.office_id, row.programme_code, row.region_id, row.spent_on.year)


def _grouped(lines: Mapping[Line, Both], key: Callable[[Line], KeyT]) -> list[tuple[KeyT, Both]]:
    groups: dict[KeyT, list[Both]] = defaultdict(list)
    for line in sorted(lines):
        groups[key(line)].append(lines[line])
    return [(name, _sum(parts)) for name, parts in groups.items()]


def _sum(parts: Iterable[Both]) -> Both:
    whole = Both()
    for part in parts:
        whole.add(part)
    return whole


def _share(key: str, name: str, part: Both) -> BudgetShareOut:
    return BudgetShareOut(
        key=key,
        name=name,
        planned=PlannedOut.model_validate(part.planned),
        actual=_actual(part),
        left_fen=part.left_fen,
    )


def _unpriced(whole: Planned) -> list[UnpricedOut]:
    """The quantities on days without a rate."""
    found = (
        UnpricedOut(kind=CostKind.TRAVEL, quantity=whole.unpriced_metres, unit="米"),
        UnpricedOut(kind=CostKind.NIGHT, quantity=whole.unpriced_nights, unit="夜"),
        UnpricedOut(kind=CostKind.EXPERT, quantity=whole.unpriced_half_days, unit="人次（按半天计）"),
    )
    return [each for each in found if each.quantity]


def _actual(part: Both) -> ActualOut:
    return ActualOut(
        travel_fen=part.actual[CostKind.TRAVEL],
        night_fen=part.actual[CostKind.NIGHT],
        expert_fen=part.actual[CostKind.EXPERT],
        other_fen=part.actual[CostKind.OTHER],
        fen=part.spent_fen,
    )
