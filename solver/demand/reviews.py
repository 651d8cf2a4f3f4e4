"""Reviews of banners by the city: nobody comes from a banner that is itself reviewed in the same half of the year.

When a review is held is decided by the planner, so two reviews meet in every half of a calendar year that both windows
touch. A review that has a fixed assignment counts with its day. The rule is a default of this product, not a law; the
review of a banner by people from elsewhere (异地交叉) is the region's practice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from solver.demand.context import Context
from solver.demand.inputs import REVIEW, Serves
from solver.demand.result import RequiredVisit

HalfYear = tuple[int, int]
"""Calendar year, and 1 or 2 for its half."""

LAST_MONTH_OF_FIRST_HALF = 6


def without_reviewed(context: Context, visits: Iterable[RequiredVisit]) -> Iterator[RequiredVisit]:
    """The visits; each review excludes the people of the other banners that are reviewed in its half-years."""
    required = list(visits)
    reviewed = _reviewed(context, required)
    for visit in required:
        if not context.given.settings.reviewed_banners_lend_nobody or not _is_review(visit.serves):
            yield visit
            continue
        meeting = {banner for half in _halves(visit.earliest, visit.latest) for banner in reviewed[half]}
        own = context.inspectees[visit.inspectee].banner
        yield replace(visit, excludes_people_of=tuple(sorted(meeting - {own})))


def _reviewed(context: Context, visits: Iterable[RequiredVisit]) -> defaultdict[HalfYear, set[str]]:
    """The banners that are, or may be, reviewed in each half of a year."""
    found: defaultdict[HalfYear, set[str]] = defaultdict(set)
    spans = [
        *((each.inspectee, each.serves, each.earliest, each.latest) for each in visits),
        *(
            (each.inspectee, each.serves, each.first_on, each.last_on)
            for each in context.given.assignments
            if each.fixed and each.inspectee in context.inspectees
        ),
    ]
    for inspectee, serves, first, last in spans:
        if _is_review(serves):
            for half in _halves(first, last):
                found[half].add(context.inspectees[inspectee].banner)
    return found


def _is_review(serves: Serves) -> bool:
    return any(phase == REVIEW for _code, phase in serves)


def _halves(first: date, last: date) -> Iterator[HalfYear]:
    """The halves of calendar years that a span touches."""
    begin, end = _number(first), _number(last)
    for number in range(begin, end + 1):
        yield number // 2, number % 2 + 1


def _number(day: date) -> int:
    return 2 * day.year + (day.month > LAST_MONTH_OF_FIRST_HALF)
