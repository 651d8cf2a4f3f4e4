"""Rechecks: reserved with the first visit, kept by findings, released without."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from solver.demand import (
    EVALUATION,
    RECHECK,
    Demand,
    DemandInput,
    DemandSettings,
    KnownAssignment,
    Outcome,
    Phase,
    Pool,
    Rule,
    UnplannedReason,
    demand,
)
from solver.problem import DateRange, Precedence
from tests.solver.demand.builders import a_phase, a_programme, a_round, a_school, an_input, visit_of

AFTER = Phase(RECHECK, 1, 1, Pool.OWNER, 2, {"inspector": 1})
"""Half a day of one inspector, 60 to 150 days after the visit."""

FIRST, SECOND = "round-1-1", "recheck-round-1-1"


def given(recheck: Phase = AFTER, **changes: Any) -> DemandInput:
    """A round over one school, 2023 to 2025, whose programme has a recheck."""
    fields: dict[str, Any] = {
        "inspectees": (a_school(inspected_on=()),),
        "programmes": (a_programme(phases=(a_phase(), recheck)),),
        "rounds": (a_round(),),
    }
    return an_input(**fields | changes)


def begun(**changes: Any) -> DemandInput:
    """The school was inspected on 2023-03-13 and 14; re-planned on 2023-04-03."""
    assigned = KnownAssignment(FIRST, "e1", date(2023, 3, 13), date(2023, 3, 14), (("round", EVALUATION),), fixed=True)
    return given(working_on=date(2023, 4, 3), assignments=(assigned,), **changes)


def told(found: Demand) -> list[tuple[str, UnplannedReason]]:
    """Phase and reason of the requirements without a visit that are rechecks."""
    return [(requirement.phase, requirement.reason) for requirement in found.unplanned if requirement.phase == RECHECK]


def test_a_recheck_is_reserved_with_the_visit_and_follows_it() -> None:
    # The visit begins 2023-01-01 at the earliest and is of one day: the recheck from 60 days later, 2023-03-02.
    # The recheck ends on 2025-12-31 at the latest, so that the visit ends 60 days before: 2025-11-01.
    found = demand(given())
    first, second = visit_of(found, FIRST), visit_of(found, SECOND)
    assert first is not None
    assert second is not None
    assert (first.earliest, first.latest) == (date(2023, 1, 1), date(2025, 11, 1))
    assert (second.earliest, second.latest, second.half_days) == (date(2023, 3, 2), date(2025, 12, 31), 1)
    assert (second.team.size, second.burden, second.serves) == (1, 0, (("round", RECHECK),))
    assert found.precedences == (Precedence(FIRST, SECOND, 60, 150),)


def test_where_it_would_take_more_than_a_quarter_of_the_window_it_waits() -> None:
    # Of 2025-07-01 to 12-31, 183 days, 60 would be taken; of the whole of 2025, 364 days, they are less than a quarter.
    half = demand(given(working_on=date(2025, 6, 1), first=date(2025, 6, 1)))
    assert (told(half), visit_of(half, SECOND)) == ([(RECHECK, UnplannedReason.NOT_YET_DUE)], None)
    whole = demand(given(working_on=date(2024, 12, 2), first=date(2024, 12, 2)))
    assert (told(whole), visit_of(whole, SECOND) is None) == ([], False)


def test_a_visit_keeps_the_day_that_was_told() -> None:
    assigned = KnownAssignment(FIRST, "e1", date(2025, 11, 10), date(2025, 11, 10), (("round", EVALUATION),))
    found = demand(given(assignments=(assigned,)))
    first = visit_of(found, FIRST)
    assert first is not None
    assert (first.latest, told(found)) == (date(2025, 12, 31), [(RECHECK, UnplannedReason.NOT_YET_DUE)])


@pytest.mark.parametrize(
    "changes", [{"settings": DemandSettings(reserve_rechecks=False)}, {"recheck": replace(AFTER, share_percent=0)}]
)
def test_nothing_is_reserved_where_setting_or_share_says_so(changes: dict[str, Any]) -> None:
    found = demand(given(**changes))
    assert (visit_of(found, SECOND), found.precedences) == (None, ())


def test_the_reservation_stands_until_the_outcome_is_known() -> None:
    # 60 to 150 days after 2023-03-14.
    second = visit_of(demand(begun()), SECOND)
    assert second is not None
    assert (second.earliest, second.latest) == (date(2023, 5, 13), date(2023, 8, 11))


def test_findings_move_it_behind_the_rectification() -> None:
    # Rectified by 2023-06-12: 10 to 60 days later.
    outcome = Outcome(FIRST, date(2023, 3, 14), date(2023, 6, 12))
    found = demand(begun(outcomes=(outcome,), settings=DemandSettings(reserve_rechecks=False)))
    second = visit_of(found, SECOND)
    assert second is not None
    assert (second.earliest, second.latest, second.late) == (date(2023, 6, 22), date(2023, 8, 11), False)


def test_without_findings_it_is_released() -> None:
    found = demand(begun(outcomes=(Outcome(FIRST, date(2023, 3, 14)),)))
    assert (visit_of(found, SECOND), told(found)) == (None, [(RECHECK, UnplannedReason.NOT_NEEDED)])


def test_findings_whose_time_is_over_are_rechecked_late() -> None:
    # Rectified by 2023-03-20 and due by 2023-05-19, but asked on 2023-06-01 with a notice of 30 days.
    assigned = KnownAssignment(FIRST, "e1", date(2023, 3, 13), date(2023, 3, 14), (("round", EVALUATION),), fixed=True)
    outcome = Outcome(FIRST, date(2023, 3, 14), date(2023, 3, 20))
    second = visit_of(demand(given(working_on=date(2023, 6, 1), assignments=(assigned,), outcomes=(outcome,))), SECOND)
    assert second is not None
    assert (second.earliest, second.late, second.due_on) == (date(2023, 7, 1), True, date(2023, 5, 19))


def test_a_recheck_that_stands_is_done_and_no_inspection_of_the_next_round() -> None:
    again = KnownAssignment(
        "recheck-round-0-1", "e1", date(2023, 6, 1), date(2023, 6, 1), (("round", RECHECK),), fixed=True
    )
    first = KnownAssignment(
        "round-0-1", "e1", date(2022, 11, 14), date(2022, 11, 15), (("round", EVALUATION),), fixed=True
    )
    found = demand(given(working_on=date(2023, 7, 3), assignments=(first, again)))
    assert visit_of(found, FIRST) is not None  # of the round that begins in 2023
    assert (RECHECK, UnplannedReason.DONE) in told(found)


def _followed(outcome: Outcome, *assignments: KnownAssignment, **changes: Any) -> Demand:
    """What follows from an outcome, planned on 2023-04-03, for visits that had begun."""
    programmes = (a_programme(phases=(a_phase(), AFTER)), ROUTINE)
    return demand(
        given(
            working_on=date(2023, 4, 3), assignments=assignments, outcomes=(outcome,), programmes=programmes, **changes
        )
    )


ROUTINE = a_programme(code="routine", rule=Rule.ROUTINE, comprehensive=False, notice_days=0, max_interval_years=None)


def _held(key: str, *serves: tuple[str, str]) -> KnownAssignment:
    return KnownAssignment(key, "e1", date(2023, 3, 13), date(2023, 3, 13), serves, office="150424", fixed=True)


@pytest.mark.parametrize(("code", "phase"), [("routine", EVALUATION), ("round", RECHECK)])
def test_every_kind_of_visit_with_findings_is_rechecked(code: str, phase: str) -> None:
    held = _held("x-1", (code, phase))
    found = visit_of(_followed(Outcome("x-1", date(2023, 3, 13), date(2023, 6, 12)), held), "recheck-x-1")
    assert found is not None
    assert (found.earliest, found.latest) == (date(2023, 6, 22), date(2023, 8, 11))
    assert (found.team.size, found.half_days, found.serves) == (1, 1, ((code, RECHECK),))


def test_a_routine_visit_without_findings_has_no_recheck() -> None:
    held = _held("x-1", ("routine", EVALUATION))
    assert visit_of(_followed(Outcome("x-1", date(2023, 3, 13)), held), "recheck-x-1") is None


def test_an_urgent_finding_is_rechecked_within_days_and_without_notice() -> None:
    # Found on 2023-03-31, planned on 2023-04-03: up to 7 days after it, though the round's notice is 30 days.
    outcome = Outcome(FIRST, date(2023, 3, 31), date(2023, 3, 31), is_urgent=True)
    found = _followed(outcome, _held(FIRST, ("round", EVALUATION)))
    second = visit_of(found, SECOND)
    assert second is not None
    assert (second.earliest, second.latest, second.late) == (date(2023, 4, 3), date(2023, 4, 7), False)
    assert visit_of(found, f"recheck-{SECOND}") is None


def test_other_findings_beside_an_urgent_one_have_a_recheck_after_their_rectification() -> None:
    outcome = Outcome(FIRST, date(2023, 3, 31), date(2023, 6, 12), is_urgent=True)
    other = visit_of(_followed(outcome, _held(FIRST, ("round", EVALUATION))), f"recheck-{SECOND}")
    assert other is not None
    assert (other.earliest, other.latest) == (date(2023, 6, 22), date(2023, 8, 11))


def test_a_late_urgent_recheck_is_in_the_first_open_days() -> None:
    # Found on 2023-03-13; the school is closed up to 2023-05-31.
    outcome = Outcome(FIRST, date(2023, 3, 13), date(2023, 3, 13), is_urgent=True)
    school = a_school(inspected_on=(), closed=(DateRange(date(2023, 3, 1), date(2023, 5, 31)),))
    second = visit_of(_followed(outcome, _held(FIRST, ("round", EVALUATION)), inspectees=(school,)), SECOND)
    assert second is not None
    assert (second.latest, second.late, second.due_on) == (date(2023, 6, 8), True, date(2023, 3, 20))
