"""Look-ups that every rule needs: open days of an inspectee, versions in force, known assignments."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from solver.calendar import days_spanned
from solver.demand.inputs import RECHECK, DemandInput, Inspectee, KnownAssignment, Programme, Rule, Serves
from solver.problem import DateRange

DAY = timedelta(days=1)


def year_end(year: int) -> date:
    """31 December."""
    return date(year, 12, 31)


def years_after(day: date, years: int) -> date:
    """The same day of a later year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def last_day(first: date, half_days: int) -> date:
    """The last day of a visit that begins on a day."""
    return first + timedelta(days=days_spanned(half_days) - 1)


def latest_before(latest: date, half_days: int, gap_days: int) -> date:
    """The last day on which a visit may end so that one after it, after the gap, still ends by ``latest``."""
    return latest - timedelta(days=days_spanned(half_days) - 1 + gap_days)


def common(*windows: DateRange) -> DateRange:
    """The days that all windows hold; reversed when there is none."""
    return DateRange(max(window.first for window in windows), min(window.last for window in windows))


@dataclass(frozen=True, slots=True)
class Version:
    """A programme's version with the part of a window in which it is the one to use."""

    programme: Programme
    window: DateRange


class Context:
    """The input with cached look-ups; nothing is decided here."""

    def __init__(self, given: DemandInput) -> None:
        self.given = given
        self.horizon = DateRange(given.first, given.last)

    @cached_property
    def _versions(self) -> dict[str, list[Programme]]:
        versions: dict[str, list[Programme]] = defaultdict(list)
        for programme in sorted(self.given.programmes, key=lambda each: each.in_force_from):
            versions[programme.code].append(programme)
        return versions

    def codes_of(self, rule: Rule) -> Iterator[str]:
        """The codes of the programmes with this rule, in alphabetical order."""
        return iter(sorted({each.code for each in self.given.programmes if each.rule is rule}))

    def version_for(self, code: str, window: DateRange) -> Version | None:
        """The first version in force within the window; it ends the window only where no version follows it."""
        versions = self._versions.get(code, [])
        for position, programme in enumerate(versions):
            ends = programme.in_force_to or date.max
            if programme.in_force_from > window.last or ends < window.first:
                continue
            followed = position + 1 < len(versions)
            last = window.last if followed else min(window.last, ends)
            return Version(programme, DateRange(max(window.first, programme.in_force_from), last))
        return None

    @cached_property
    def inspectees(self) -> dict[str, Inspectee]:
        """The inspectees by id, those that only topics visit among them."""
        visited = {each.id: each for topic in self.given.topics for each in topic.inspectees}
        return visited | {each.id: each for each in self.given.inspectees}

    @cached_property
    def assignments(self) -> dict[str, KnownAssignment]:
        """What is in force, by the key of its visit."""
        return {each.key: each for each in self.given.assignments}

    def fixed(self, key: str) -> KnownAssignment | None:
        """The fixed assignment of this visit, if there is one."""
        assigned = self.assignments.get(key)
        return assigned if assigned is not None and assigned.fixed else None

    @cached_property
    def _fixed_by_requirement(self) -> dict[tuple[str, str], list[KnownAssignment]]:
        found: dict[tuple[str, str], list[KnownAssignment]] = defaultdict(list)
        for assigned in sorted(self.given.assignments, key=lambda each: each.first_on):
            if assigned.fixed:
                for code, phase in assigned.serves:
                    if phase != RECHECK:  # it looks at what was found, and inspects nothing anew
                        found[assigned.inspectee, code].append(assigned)
        return found

    @cached_property
    def comprehensive_years(self) -> dict[str, set[int]]:
        """The calendar years of each inspectee's fixed comprehensive inspections."""
        comprehensive = {each.code for each in self.given.programmes if each.comprehensive}
        found: dict[str, set[int]] = defaultdict(set)
        for assigned in self.given.assignments:
            if assigned.fixed and any(code in comprehensive and phase != RECHECK for code, phase in assigned.serves):
                found[assigned.inspectee].add(assigned.first_on.year)
        return found

    def fixed_for(self, inspectee: str, code: str) -> list[KnownAssignment]:
        """The assignments of an inspectee that serve a programme and are fixed, ascending by day."""
        return self._fixed_by_requirement.get((inspectee, code), [])

    def start(self, notice_days: int) -> date:
        """The first day on which a new visit may begin: after the notice, inside the horizon."""
        return max(self.given.working_on + timedelta(days=notice_days), self.given.first)

    def start_for(self, key: str, inspectee: Inspectee, half_days: int, notice_days: int) -> date:
        """The first day on which a visit may begin: inside the notice only on the day on which it is in force."""
        start, assigned = self.start(notice_days), self.movable(key)
        if assigned is None or assigned.first_on >= start:
            return start
        stay = DateRange(assigned.first_on, last_day(assigned.first_on, half_days))
        return assigned.first_on if self.fits(inspectee, half_days, stay) else start

    def movable(self, key: str) -> KnownAssignment | None:
        """The assignment of this visit that is in force and planned anew, if there is one."""
        assigned = self.assignments.get(key)
        return assigned if assigned is not None and assigned.in_force and not assigned.fixed else None

    def notice_of(self, serves: Serves) -> int:
        """The longest notice of the programmes that a visit serves, in days."""
        codes = {code for code, _phase in serves}
        return max(each.notice_days for each in self.given.programmes if each.code in codes)

    def first_fit(self, inspectee: Inspectee, half_days: int, window: DateRange) -> date | None:
        """The first day from which the half-days lie on consecutive open inspection days inside the window."""
        days, span = self.given.days, days_spanned(half_days)
        for start in range(bisect_left(days, window.first), len(days) - span + 1):
            first, last = days[start], days[start + span - 1]
            if last > window.last:
                return None
            if (last - first).days == span - 1 and not _meets(inspectee.closed, first, last):
                return first
        return None

    def fits(self, inspectee: Inspectee, half_days: int, window: DateRange) -> bool:
        """Whether the half-days fit anywhere into the window."""
        return self.first_fit(inspectee, half_days, window) is not None


def _meets(ranges: tuple[DateRange, ...], first: date, last: date) -> bool:
    """Whether one of the ascending, disjoint ranges holds a day of the span."""
    position = bisect_left(ranges, first, key=lambda each: each.last)
    return position < len(ranges) and ranges[position].first <= last


def disjoint(ranges: Iterable[DateRange]) -> tuple[DateRange, ...]:
    """The same days as ascending ranges that do not touch each other."""
    merged: list[DateRange] = []
    for each in sorted(each for each in ranges if each.first <= each.last):
        if merged and each.first <= merged[-1].last + timedelta(days=1):
            merged[-1] = DateRange(merged[-1].first, max(merged[-1].last, each.last))
        else:
            merged.append(each)
    return tuple(merged)


def gaps(windows: Iterable[DateRange], span: DateRange) -> tuple[DateRange, ...]:
    """The days of the span that no window holds."""
    day = timedelta(days=1)
    edges = [DateRange(span.first - day, span.first - day), *disjoint(windows), DateRange(span.last + day, span.last)]
    free = [DateRange(before.last + day, after.first - day) for before, after in pairwise(edges)]
    return disjoint(common(each, span) for each in free)
