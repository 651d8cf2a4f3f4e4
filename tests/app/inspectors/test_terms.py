"""Terms of office of part-time inspectors: three years each, three at most, no two at once (条例 article 6)."""

from __future__ import annotations

from datetime import date

import pytest

from app.accounts.settings import RuleSettings
from app.core.errors import AppError
from app.inspectors.terms import Term, require_lawful_terms
from app.models import PersonKind

RULES = RuleSettings()
FIRST: Term = (1, date(2016, 3, 1), date(2019, 2, 28))
SECOND: Term = (2, date(2019, 3, 1), date(2022, 2, 28))
THIRD: Term = (3, date(2022, 3, 1), date(2025, 2, 28))
FOURTH: Term = (4, date(2025, 3, 1), date(2028, 2, 29))


def code(terms: list[Term], kind: PersonKind = PersonKind.PART_TIME, rules: RuleSettings = RULES) -> str | None:
    """The code of the refusal, none when the terms are lawful."""
    try:
        require_lawful_terms("王督学", kind, terms, rules)
    except AppError as error:
        return error.code
    return None


def test_three_terms_in_a_row_are_lawful() -> None:
    assert code([FIRST, SECOND, THIRD]) is None


def test_a_fourth_is_not() -> None:
    assert code([FIRST, SECOND, THIRD, FOURTH]) == "too_many_terms"


def test_the_fourth_counts_when_the_earlier_ones_are_not_kept_here() -> None:
    assert code([FOURTH]) == "too_many_terms"


def test_a_pause_begins_no_new_count() -> None:
    later: Term = (4, date(2030, 3, 1), date(2033, 2, 28))
    assert code([FIRST, SECOND, THIRD, later]) == "too_many_terms"


def test_the_most_is_a_setting() -> None:
    assert code([FIRST, SECOND, THIRD, FOURTH], rules=RuleSettings(max_part_time_terms=4)) is None


@pytest.mark.parametrize("kind", [PersonKind.FULL_TIME, PersonKind.INVITED, PersonKind.EXPERT])
def test_only_part_time_inspectors_are_bound(kind: PersonKind) -> None:
    endless: Term = (5, date(2028, 3, 1), None)
    assert code([FIRST, SECOND, THIRD, FOURTH, endless], kind) is None


@pytest.mark.parametrize(
    ("first_on", "last_on", "expected"),
    [
        (date(2022, 3, 1), date(2025, 2, 28), None),  # three years to the day
        (date(2022, 3, 1), date(2025, 3, 1), "term_too_long"),
        (date(2024, 2, 29), date(2027, 2, 28), None),  # 29 February has no third anniversary
        (date(2024, 2, 29), date(2027, 3, 1), "term_too_long"),
        (date(2022, 3, 1), None, "term_too_long"),
    ],
)
def test_a_term_lasts_three_years_at_most(first_on: date, last_on: date | None, expected: str | None) -> None:
    assert code([(1, first_on, last_on)]) == expected


def test_two_terms_share_no_day_and_no_number() -> None:
    overlapping: Term = (2, date(2019, 2, 28), date(2022, 2, 27))
    assert code([FIRST, overlapping]) == "appointments_overlap"
    assert code([(1, date(2016, 3, 1), None), SECOND], PersonKind.FULL_TIME) == "appointments_overlap"
    assert code([FIRST, (1, SECOND[1], SECOND[2])]) == "term_number_taken"
