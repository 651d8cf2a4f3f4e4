"""What the law allows of a part-time inspector's terms of office (教育督导条例, article 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from app.accounts.settings import RuleSettings
from app.core.errors import Conflict, Refused
from app.models import PersonKind

PART_TIME_TERM_YEARS = 3
"""A part-time inspector's term lasts three years; they may follow one another, three at most (a setting)."""

Term = tuple[int, date, date | None]
"""Number, first day, last day."""


def require_lawful_terms(name: str, kind: PersonKind, terms: Sequence[Term], rules: RuleSettings) -> None:
    """Refuse terms that share a number or a day and, of a part-time inspector, too many or too long ones."""
    _require_distinct_numbers(name, terms)
    _require_no_overlap(name, terms)
    if kind is PersonKind.PART_TIME:
        _require_few(name, terms, rules.max_part_time_terms)
        for term in terms:
            _require_short(name, term)


def _require_distinct_numbers(name: str, terms: Sequence[Term]) -> None:
    for number, times in Counter(number for number, _, _ in terms).items():
        if times > 1:
            raise Conflict("term_number_taken", f"“{name}”已有第 {number} 个任期。请核对任期数。", {"number": number})


def _require_no_overlap(name: str, terms: Sequence[Term]) -> None:
    in_order = sorted(terms, key=lambda term: term[1])
    for earlier, later in pairwise(in_order):
        if earlier[2] is None or earlier[2] >= later[1]:
            raise Conflict(
                "appointments_overlap",
                f"“{name}”的两个任期日期重叠：{_days(earlier)} 与 {_days(later)}。请更正日期。",
                {"numbers": [earlier[0], later[0]]},
            )


def _require_few(name: str, terms: Sequence[Term], most: int) -> None:
    """The number counts too: the terms before those that are kept here are terms."""
    reached = max([len(terms), *(number for number, _, _ in terms)])
    if reached > most:
        raise Refused(
            "too_many_terms",
            f"兼职督学“{name}”的任期将达到 {reached} 个，按条例最多 {most} 个。请改聘他人，或核对任期数。",
            {"terms": reached, "max_part_time_terms": most},
        )


def _require_short(name: str, term: Term) -> None:
    _, first_on, last_on = term
    longest = _years_later(first_on, PART_TIME_TERM_YEARS) - timedelta(days=1)
    if last_on is None or last_on > longest:
        raise Refused(
            "term_too_long",
            f"兼职督学“{name}”的任期为 {PART_TIME_TERM_YEARS} 年，自 {first_on} 起最晚到 {longest}。请更正结束日期。",
            {"first_on": first_on, "last_on": last_on, "latest_last_on": longest},
        )


def _years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _days(term: Term) -> str:
    return f"{term[1]} 至 {term[2] or '另行通知'}"
