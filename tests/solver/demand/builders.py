"""The smallest valid input of demand, changed by keyword: three city years of working days, one banner, one school."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from solver.demand import (
    EVALUATION,
    LAUNCH,
    PROGRESS,
    REVIEW,
    Case,
    Demand,
    DemandInput,
    Inspectee,
    Observation,
    Phase,
    Pool,
    Programme,
    RequiredVisit,
    Round,
    Rule,
    Target,
    Term,
    UnplannedRequirement,
)

CITY = "150400"
BANNERS = {
    "林西县": "150424",
    "元宝山区": "150403",
    "阿鲁科尔沁旗": "150421",
    "巴林右旗": "150423",
    "克什克腾旗": "150425",
    "红山区": "150402",
    "翁牛特旗": "150426",
}
WORKING_ON = date(2022, 9, 1)
ROUND_FIRST, ROUND_LAST = date(2023, 1, 1), date(2025, 12, 31)


def weekdays(first: date, last: date) -> tuple[date, ...]:
    """Monday to Friday."""
    days = (first + timedelta(days=k) for k in range((last - first).days + 1))
    return tuple(day for day in days if day.isoweekday() <= 5)


def terms(*kinds: str, years: range = range(2022, 2027)) -> tuple[Term, ...]:
    """Spring 03-01 to 07-10 and autumn 09-01 to 01-08 of each year."""
    return tuple(
        term
        for kind in kinds
        for year in years
        for term in (
            Term(kind, year, "spring", date(year, 3, 1), date(year, 7, 10)),
            Term(kind, year, "autumn", date(year, 9, 1), date(year + 1, 1, 8)),
        )
    )


def a_phase(**changes: Any) -> Phase:
    """Two half-days of three inspectors of the owner office, one of whom leads."""
    phase = Phase(EVALUATION, 2, 3, Pool.OWNER, 10, {"inspector": 3, "lead": 1})
    return replace(phase, **changes)


def a_programme(**changes: Any) -> Programme:
    """The round's programme over primary schools, notice 30 days, at most five years between two inspections."""
    programme = Programme(
        code="round",
        rule=Rule.ROUND,
        covers=frozenset({"primary"}),
        comprehensive=True,
        notice_days=30,
        phases=(a_phase(),),
        in_force_from=date(2020, 1, 1),
        max_interval_years=5,
    )
    return replace(programme, **changes)


def government_programme(**changes: Any) -> Programme:
    """Six half-days of five of the city's people, one of chief rank and one who knows finance."""
    phase = a_phase(
        half_days=6,
        size=5,
        pool=Pool.CITY,
        weight=100,
        requires={"inspector": 3, "lead": 1, "chief": 1, "finance": 1},
        excludes_own_banner=True,
    )
    covers = frozenset({"government"})
    programme = a_programme(code="government", rule=Rule.GOVERNMENT, covers=covers, phases=(phase,))
    return replace(programme, **changes)


def chain_programme(code: str, kind: str, **changes: Any) -> Programme:
    """Launch two years before the target, progress visits, review one year before it across banners."""
    requires = {"inspector": 3, "lead": 1}
    phases = (
        Phase(LAUNCH, 4, 4, Pool.CITY, 200, requires, lead_years=2),
        Phase(PROGRESS, 2, 3, Pool.CITY, 50, requires, gap_days=14),
        Phase(REVIEW, 6, 6, Pool.CROSS, 200, requires, lead_years=1, city_members=2, excludes_own_banner=True),
    )
    programme = a_programme(
        code=code,
        rule=Rule.CHAIN,
        covers=frozenset({kind}),
        comprehensive=False,
        phases=phases,
        max_interval_years=None,
    )
    return replace(programme, **changes)


COMPULSORY = chain_programme("compulsory_quality", "primary")
PRESCHOOL = chain_programme("preschool_universal", "kindergarten")

KINDERGARTENS = a_phase(
    cases=(Case(frozenset({"kindergarten"}), observation=Observation(3, 3, 3), requires={"preschool": 1}),)
)


def a_school(number: str = "1", **changes: Any) -> Inspectee:
    """A primary school of 林西县, inspected in May 2020."""
    school = Inspectee(
        id=f"e{number}",
        number=number,
        kind="primary",
        banner="150424",
        city=CITY,
        office="150424",
        classes=12,
        inspected_on=(date(2020, 5, 20),),
    )
    return replace(school, **changes)


def a_government(banner: str = "150424", **changes: Any) -> Inspectee:
    """The government of a banner, which the city inspects."""
    government = Inspectee(id=f"g{banner}", number=banner, kind="government", banner=banner, city=CITY, office=CITY)
    return replace(government, **changes)


def a_target(banner: str = "150424", year: int = 2024, programme: str = "compulsory_quality", **changes: Any) -> Target:
    """林西县 is to pass 优质均衡 in 2024."""
    target = Target(id=f"{banner}-{programme}", banner=banner, programme=programme, year=year)
    return replace(target, **changes)


def a_round(**changes: Any) -> Round:
    """The round over schools, 2023 to 2025."""
    return replace(Round("1", Rule.ROUND, ROUND_FIRST, ROUND_LAST), **changes)


def an_input(**changes: Any) -> DemandInput:
    """Asked on 2022-09-01 for 2022-09-01 to 2025-12-31, working days Monday to Friday."""
    first, last = changes.get("first", WORKING_ON), changes.get("last", ROUND_LAST)
    given = DemandInput(
        working_on=WORKING_ON,
        first=first,
        last=last,
        days=weekdays(first, last),
        inspectees=(),
        programmes=(a_programme(), government_programme(), COMPULSORY, PRESCHOOL),
        terms=terms("primary", "kindergarten"),
        banners={CITY: tuple(sorted(BANNERS.values()))},
    )
    return replace(given, **changes)


def visit_of(found: Demand, key: str) -> RequiredVisit | None:
    """The visit of a key."""
    return next((visit for visit in found.visits if visit.key == key), None)


def duty_of(found: Demand, phase: str) -> UnplannedRequirement | None:
    """The unplanned requirement of a phase."""
    return next((requirement for requirement in found.unplanned if requirement.phase == phase), None)
