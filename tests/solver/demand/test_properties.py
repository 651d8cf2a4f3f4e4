"""For any working date, target year and horizon every requirement has a visit or a reason, and windows are lawful."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from solver.calendar import days_spanned
from solver.demand import Demand, Rule, demand
from tests.solver.demand.builders import a_government, a_round, a_school, a_target, an_input, terms, weekdays

DAYS = st.dates(date(2021, 1, 1), date(2026, 12, 31))


@st.composite
def _asked(draw: st.DrawFn) -> tuple[Demand, date, date, int]:
    """A school, a government and a target, asked on any day for up to four years; with the day, the end and T."""
    working_on = draw(DAYS)
    first = working_on + timedelta(days=draw(st.integers(0, 200)))
    last = first + timedelta(days=draw(st.integers(0, 1460)))
    year = draw(st.integers(2021, 2029))
    opened = draw(st.none() | DAYS)
    closed = draw(st.none() | DAYS) if opened is None else None
    inspected = draw(st.lists(st.dates(date(2016, 1, 1), date(2024, 12, 31)), max_size=2).map(sorted))
    asked = demand(
        an_input(
            working_on=working_on,
            first=first,
            last=last,
            days=weekdays(first, last),
            inspectees=(
                a_school(opened_on=opened, closed_on=closed, inspected_on=tuple(inspected)),
                a_government(inspected_on=tuple(inspected)),
            ),
            rounds=(a_round(), a_round(id="2", rule=Rule.GOVERNMENT)),
            targets=(a_target(year=year),),
            terms=terms("primary", years=range(2018, 2032)),
        )
    )
    return asked, working_on, last, year


@settings(max_examples=100, deadline=None)
@given(_asked())
def test_visits_respect_notice_horizon_and_validation(case: tuple[Demand, date, date, int]) -> None:
    asked, working_on, last, year = case
    for visit in asked.visits:
        assert visit.earliest >= working_on + timedelta(days=30)
        assert visit.latest <= last
        if visit.key.startswith("chain-"):
            assert visit.latest <= date(year, 12, 31)
    assert all(count == 1 for count in Counter(visit.key for visit in asked.visits).values())


@settings(max_examples=100, deadline=None)
@given(_asked())
def test_launch_review_and_evaluation_each_have_one_visit_or_one_reason(
    case: tuple[Demand, date, date, int],
) -> None:
    asked, _, _, _ = case
    served = [(visit.inspectee, *requirement) for visit in asked.visits for requirement in visit.serves]
    requirements = Counter([*served, *((each.inspectee, each.programme, each.phase) for each in asked.unplanned)])
    for requirement, count in requirements.items():
        assert count == 1 or requirement[2] == "progress"
    assert requirements["g150424", "compulsory_quality", "launch"] == 1
    assert requirements["g150424", "compulsory_quality", "review"] == 1


@settings(max_examples=100, deadline=None)
@given(_asked())
def test_in_a_chain_each_visit_fits_before_and_after_the_others(case: tuple[Demand, date, date, int]) -> None:
    asked, _, _, _ = case
    visits = {visit.key: visit for visit in asked.visits}
    for precedence in asked.precedences:
        before, after = visits[precedence.before], visits[precedence.after]
        earliest = before.earliest + timedelta(days=days_spanned(before.half_days) - 1 + precedence.min_days)
        assert earliest + timedelta(days=days_spanned(after.half_days) - 1) <= after.latest
