"""Every part of the score again, plainly: docs/contract.md section 4."""

from __future__ import annotations

from collections import Counter

from solver.checker.facts import HALVES_PER_DAY, Facts, Stay
from solver.checker.load import month_of, planned_sums
from solver.checker.travel import Roads
from solver.plan import Score
from solver.problem import Inspector, Visit


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
        overload=_overload(facts),
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
    far_minutes, base = facts.problem.far_minutes, inspector.base
    night = facts.problem.overnight_metres if inspector.overnight_metres is None else inspector.overnight_metres
    metres = 0

    def drive_of_base(start: str, end: str) -> int:
        """A drive from base or to base; a far one costs a night more."""
        return roads.metres(start, end) + (night if roads.minutes(start, end) > far_minutes else 0)

    before: tuple[int, str] | None = None
    for day, first, last in _days_on_duty(stays):
        first_place = facts.inspectees[first.inspectee].place
        last_place = facts.inspectees[last.inspectee].place
        out = drive_of_base(base, first_place)
        if before is None:
            metres += out
        else:
            day_before, place_before = before
            home_and_out = drive_of_base(place_before, base) + out
            away = roads.metres(place_before, first_place) + night
            metres += min(home_and_out, away) if day == day_before + 1 else home_and_out
        if first is not last:
            metres += roads.metres(first_place, last_place)
        before = day, last_place
    return metres + (drive_of_base(before[1], base) if before else 0)


def _days_on_duty(stays: list[Stay]) -> list[tuple[int, Stay, Stay]]:
    """Each day with the first and the last visit on it, in the order of the days."""
    at = {half_day: stay for stay in stays for half_day in stay.occupied()}
    by_day: dict[int, tuple[Stay, Stay]] = {}
    for half_day in sorted(at):
        day = half_day // HALVES_PER_DAY
        first, _ = by_day.get(day, (at[half_day], at[half_day]))
        by_day[day] = (first, at[half_day])
    return [(day, first, last) for day, (first, last) in by_day.items()]


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

    def wanted(visit: Visit) -> int:
        return facts.problem.buffer_days if visit.buffer_days is None else visit.buffer_days

    return sum(max(0, wanted(visit) - (visit.latest.toordinal() - stay.last_day)) for visit, _, stay in facts.planned())


def _overload(facts: Facts) -> int:
    """Σ over inspectors with a level of the half-days above it, in each calendar month with a planned one."""
    levels = {inspector.id: inspector.level for inspector in facts.inspectors.values()}
    return sum(
        max(0, half_days - level)
        for who, stays in facts.by_inspector.items()
        if (level := levels[who]) is not None
        for _, half_days, _ in planned_sums(stays, month_of)
    )


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
