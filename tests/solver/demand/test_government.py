"""Rule ``government``: once a round, in one stay with a launch or review, spread over the years of the round."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from solver.demand import AloneReason, DemandInput, DemandSettings, KnownAssignment, Rule, UnplannedReason, demand
from tests.solver.demand.builders import (
    BANNERS,
    CITY,
    a_government,
    a_round,
    a_target,
    an_input,
    duty_of,
    visit_of,
    weekdays,
)

ROUND = a_round(id="2", rule=Rule.GOVERNMENT)
REVIEW = "chain-150424-compulsory_quality-review"


def _governments(*inspectees: Any, **changes: Any) -> DemandInput:
    return an_input(**{"inspectees": inspectees, "rounds": (ROUND,), **changes})


def test_a_government_without_launch_or_review_has_a_visit_of_its_own_and_is_told_why() -> None:
    asked = demand(_governments(a_government()))
    visit = visit_of(asked, "government-2-150424")
    assert visit is not None
    assert (visit.half_days, visit.earliest, visit.latest) == (6, date(2023, 1, 1), date(2023, 12, 31))
    assert (visit.team.size, visit.team.pool, visit.burden) == (5, (f"pool:{CITY}",), 1)
    assert visit.team.requires == {"inspector": 3, "lead": 1, "chief": 1, "finance": 1}
    assert (visit.excludes_banner, visit.alone_because) == ("150424", AloneReason.NO_PHASE)


def test_launch_or_review_and_the_governments_evaluation_share_one_stay() -> None:
    # T = 2024: the launch is in 2022, before the round; the review in 2023 takes both on: 6 half-days and 2 more,
    # the larger team of 6, of whom 5 are the city's as the government's evaluation asks, all that either requires.
    asked = demand(_governments(a_government(), targets=(a_target(),)))
    visit = visit_of(asked, REVIEW)
    assert visit is not None
    assert visit.serves == (("compulsory_quality", "review"), ("government", "evaluation"))
    assert (visit.half_days, visit.team.size, visit.burden, visit.weight) == (8, 6, 1, 300)
    of_city = {f"pool:{CITY}": 5, f"inspector:{CITY}": 2, f"lead:{CITY}": 1}
    assert visit.team.requires == {"inspector": 3, "lead": 1, "chief": 1, "finance": 1, **of_city}
    assert visit_of(asked, "government-2-150424") is None


def test_a_stay_that_would_be_longer_than_the_longest_visit_is_not_shared() -> None:
    # 6 + 5 half-days are more than 10.
    settings = DemandSettings(merged_extra_half_days=5)
    visit = visit_of(
        demand(_governments(a_government(), targets=(a_target(),), settings=settings)), "government-2-150424"
    )
    assert visit is not None
    assert visit.alone_because is AloneReason.TOO_LONG


def test_the_governments_are_spread_over_the_years() -> None:
    # Seven governments in three years, two of them bound to 2023 by their review.
    targets = (a_target(BANNERS["红山区"]), a_target(BANNERS["克什克腾旗"]))
    asked = demand(_governments(*(a_government(code) for code in BANNERS.values()), targets=targets))
    years = Counter(visit.earliest.year for visit in asked.visits if ("government", "evaluation") in visit.serves)
    assert years == {2023: 3, 2024: 2, 2025: 2}


def test_the_longest_uninspected_government_goes_first() -> None:
    recent = a_government("150402", inspected_on=(date(2022, 5, 1),))
    long_ago = a_government("150403", inspected_on=(date(2021, 5, 1),))
    asked = demand(_governments(recent, long_ago))
    assert {visit.inspectee: visit.earliest.year for visit in asked.visits} == {"g150403": 2023, "g150402": 2024}


def test_a_government_that_was_evaluated_in_the_round_needs_no_more() -> None:
    serves = (("government", "evaluation"),)
    held = KnownAssignment("government-2-150424", "g150424", date(2023, 3, 6), date(2023, 3, 8), serves, fixed=True)
    asked = demand(_governments(a_government(), assignments=(held,)))
    assert asked.visits == ()
    requirement = duty_of(asked, "evaluation")
    assert requirement is not None
    assert requirement.reason is UnplannedReason.DONE


def test_the_five_year_interval_limits_the_window() -> None:
    visit = visit_of(demand(_governments(a_government(inspected_on=(date(2018, 6, 15),)))), "government-2-150424")
    assert visit is not None
    assert (visit.latest, visit.late) == (date(2023, 6, 15), False)


def test_a_government_given_to_a_year_beyond_the_planned_days_is_not_yet_due() -> None:
    # Planned to 2023-12-31, three governments: one in 2023, the others in 2024 and 2025.
    last = date(2023, 12, 31)
    inspectees = [a_government(code) for code in ("150402", "150403", "150404")]
    asked = demand(_governments(*inspectees, last=last, days=weekdays(date(2022, 9, 1), last)))
    assert [visit.inspectee for visit in asked.visits] == ["g150402"]
    later = UnplannedReason.NOT_YET_DUE
    assert [(requirement.inspectee, requirement.reason, requirement.due_on) for requirement in asked.unplanned] == [
        ("g150403", later, date(2024, 12, 31)),
        ("g150404", later, date(2025, 12, 31)),
    ]


def test_a_choice_that_is_in_force_is_kept() -> None:
    # Alone, 林西县 would be given to 2023; in force it assigned in 2024.
    serves = (("government", "evaluation"),)
    assigned = KnownAssignment("government-2-150424", "g150424", date(2024, 4, 8), date(2024, 4, 10), serves)
    visit = visit_of(demand(replace(_governments(a_government()), assignments=(assigned,))), "government-2-150424")
    assert visit is not None
    assert visit.earliest.year == 2024
