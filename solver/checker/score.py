"""Every part of the score again, plainly: docs/contract.md section 4."""

from __future__ import annotations

from collections import Counter

from solver.checker.facts import HALVES_PER_DAY, Facts, Stay
from solver.checker.travel import Roads
from solver.plan import Score
from solver.problem import Inspector, Problem


def score_of(facts: Facts) -> Score:
    """The parts of the score of a plan, unweighted."""
    return Score(
        unscheduled=sum(visit.weight for visit in facts.visits.values() if visit.id not in facts.stays),
        travel=_travel_metres(facts),
        balance=_balance(facts),
        buffer=_buffer_days(facts),
        preference=_preferences_missed(facts),
        change_day=_changes_of_day(facts),
        change_half=_changes_of_half(facts),
        change_member=_changes_of_member(facts),
    )


def _travel_metres(facts: Facts) -> int:
    """Metres driven and paid for nights, over all inspectors; the history drives nothing."""
    roads = Roads(facts.problem)
    return sum(
        _metres_of_inspector(facts, facts.inspectors[who], [stay for stay in stays if not stay.past], roads)
        for who, stays in facts.by_inspector.items()
    )


def _metres_of_inspector(facts: Facts, inspector: Inspector, stays: list[Stay], roads: Roads) -> int:
    """From base to base over each run of days on duty; between consecutive dates home or away, whichever is less."""
    problem, base = facts.problem, inspector.base
    metres = 0
    before: tuple[int, str] | None = None
    for day, first, last in _days_on_duty(stays):
        first_place = facts.inspectees[first.inspectee].place
        last_place = facts.inspectees[last.inspectee].place
        out = _drive_of_base(problem, roads, base, first_place)
        if before is None:
            metres += out
        else:
            day_before, place_before = before
            home_and_out = _drive_of_base(problem, roads, place_before, base) + out
            away = roads.metres(place_before, first_place) + problem.overnight_metres
            metres += min(home_and_out, away) if day == day_before + 1 else home_and_out
        if first is not last:
            metres += roads.metres(first_place, last_place)
        before = day, last_place
    return metres + (_drive_of_base(problem, roads, before[1], base) if before else 0)


def _days_on_duty(stays: list[Stay]) -> list[tuple[int, Stay, Stay]]:
    """Each day with the first and the last visit on it, in the order of the days."""
    at = {half_day: stay for stay in stays for half_day in stay.occupied()}
    by_day: dict[int, tuple[Stay, Stay]] = {}
    for half_day in sorted(at):
        day = half_day // HALVES_PER_DAY
        first, _ = by_day.get(day, (at[half_day], at[half_day]))
        by_day[day] = (first, at[half_day])
    return [(day, first, last) for day, (first, last) in by_day.items()]


def _drive_of_base(problem: Problem, roads: Roads, start: str, end: str) -> int:
    """A drive from base or to base; a far one costs a night more."""
    far = roads.minutes(start, end) > problem.far_minutes
    return roads.metres(start, end) + (problem.overnight_metres if far else 0)


def _balance(facts: Facts) -> int:
    """Σ over groups and their inspectors of ⌊|load·S − share·L| / S⌋, with the sums L of loads and S of shares."""
    load = Counter({inspector.id: inspector.load_before for inspector in facts.inspectors.values()})
    for stay in (*facts.stays.values(), *facts.past.values()):
        for member in stay.team:
            load[member] += stay.half_days
    balance = 0
    for group in facts.problem.balance_groups:
        members = [inspector for inspector in facts.inspectors.values() if group in inspector.tags]
        shares = sum(member.share for member in members)
        loads = sum(load[member.id] for member in members)
        if shares:
            balance += sum(abs(load[member.id] * shares - member.share * loads) // shares for member in members)
    return balance


def _buffer_days(facts: Facts) -> int:
    """Σ over planned visits of the days by which they end too close to their latest day."""
    buffer_days = facts.problem.buffer_days
    return sum(max(0, buffer_days - (visit.latest.toordinal() - stay.last_day)) for visit, _, stay in facts.planned())


def _preferences_missed(facts: Facts) -> int:
    """The planned visits that prefer somebody and have none of them."""
    return sum(bool(visit.prefers) and visit.prefers.isdisjoint(stay.team) for visit, _, stay in facts.planned())


def _changes_of_day(facts: Facts) -> int:
    """The baseline's visits of the problem that now begin on another day or are left out."""
    return sum(
        before.visit not in facts.assignments or facts.assignments[before.visit].day != before.day
        for before in facts.problem.baseline
        if before.visit in facts.visits
    )


def _changes_of_half(facts: Facts) -> int:
    """Those that begin on the same day in the other half."""
    return sum(
        facts.assignments[before.visit].day == before.day and facts.assignments[before.visit].half != before.half
        for before in facts.problem.baseline
        if before.visit in facts.assignments
    )


def _changes_of_member(facts: Facts) -> int:
    """The baseline's members who are no longer in the teams of the visits still planned."""
    return sum(
        len(set(before.team).difference(facts.stays[before.visit].team))
        for before in facts.problem.baseline
        if before.visit in facts.stays
    )
