"""A part of a problem compiled into the flat arrays of ``layout``."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from solver.calendar import BoolArray, IntArray, days_spanned
from solver.candidates import Candidates
from solver.problem import BaselineAssignment, Inspectee, Inspector, Problem, TeamNeed, Visit
from solver.search import layout
from solver.search.near import near_visits
from solver.search.stop import StopError, StopRule
from solver.travel import TravelTable
from solver.windows import Windows

THOUSANDTHS = 1000
WORD_BITS = 64

ROWS_BETWEEN_QUESTIONS = 500
"""Visits laid out between two questions to the stop rule."""


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The flat arrays of a part of a problem, and whose numbers they speak of.

    ``visits`` and ``people`` are the numbers, in the problem, of the part's visits and inspectors in order.
    ``blank`` is the state in which nothing is planned.
    """

    visits: IntArray
    people: IntArray
    given: IntArray
    price: IntArray
    blank: IntArray

    @property
    def records(self) -> IntArray:
        """The records of the visits, one a row (see ``layout``); a view into ``given``."""
        first, count = int(self.given[layout.VISITS]), len(self.visits)
        return self.given[first : first + count * layout.VISIT_WIDTH].reshape(count, layout.VISIT_WIDTH)


def work_array(tables: Tables, seed: int, stream: int) -> IntArray:
    """What one thread needs besides the tables; equal seeds and stream numbers give equal random streams."""
    work = np.zeros(int(tables.given[layout.WORK_SIZE]), dtype=np.int64)
    word = np.random.SeedSequence([seed, stream]).generate_state(1, dtype=np.uint64)
    work[layout.RANDOM] = (word | np.uint64(1)).view(np.int64)[0]
    return work


def compile_tables(
    candidates: Candidates,
    visits: Sequence[int],
    people: Sequence[int],
    *,
    change_price: int = 0,
    windows: Windows | None = None,
    is_over: StopRule = lambda: False,
) -> Tables:
    """Compile the visits and inspectors with these numbers, and all that they touch, into flat arrays.

    ``change_price`` is what a baseline assignment costs, beyond the score, if anything about it differs. ``windows``
    of the candidates may be shared by several parts. Raises ``StopError`` as soon as ``is_over`` says yes.
    """
    return _Compiler(candidates, visits, people, windows or Windows(candidates), is_over).compile(change_price)


class _Lists:
    """Lists of numbers laid one after another, behind the header; equal lists are stored once."""

    def __init__(self) -> None:
        self._parts: list[Sequence[int] | IntArray] = []
        self._known: dict[Hashable, int] = {}
        self._with_mask: dict[tuple[int, int], tuple[int, int, IntArray]] = {}
        self._end = layout.HEADER

    def add(self, numbers: Sequence[int] | IntArray) -> int:
        """The offset of the list, which is stored unless it is there."""
        key: Hashable = numbers.tobytes() if isinstance(numbers, np.ndarray) else tuple(numbers)
        offset = self._known.get(key)
        if offset is None:
            offset = self._known[key] = self._end
            self._parts.append(numbers)
            self._end += len(numbers)
        return offset

    def add_mask(self, mask: BoolArray) -> int:
        """The offset of a mask stored as bits, the lowest first."""
        padded = np.zeros(-(-max(1, len(mask)) // WORD_BITS) * WORD_BITS, dtype=np.bool_)
        padded[: len(mask)] = mask
        return self.add(np.packbits(padded, bitorder="little").view(np.int64))

    def add_with_mask(self, numbers: IntArray, size: int) -> tuple[int, int]:
        """The offsets of the list and of the mask that holds its numbers, out of ``size``.

        Visits that are alike share one array, so that it is looked up by its identity; it is kept alive for that.
        """
        key = (id(numbers), size)
        known = self._with_mask.get(key)
        if known is None:
            mask = np.zeros(size, dtype=np.bool_)
            mask[numbers] = True
            known = self._with_mask[key] = (self.add(numbers), self.add_mask(mask), numbers)
        return known[:2]

    def whole(self) -> IntArray:
        """All lists."""
        parts = [np.asarray(part, dtype=np.int64) for part in self._parts]
        return np.concatenate([*parts, np.zeros(1, dtype=np.int64)])


class _Compiler:
    """Numbers the part's people, places, resources and limits, and writes the tables."""

    def __init__(
        self,
        candidates: Candidates,
        visits: Sequence[int],
        people: Sequence[int],
        windows: Windows,
        is_over: StopRule,
    ) -> None:
        self.candidates = candidates
        self._is_over = is_over
        self.problem: Problem = candidates.problem
        self.calendar = candidates.calendar
        self.windows = windows
        self.visits = [self.problem.visits[k] for k in visits]
        self.visit_numbers = np.asarray(visits, dtype=np.int64)
        self.people = [self.problem.inspectors[k] for k in people]
        self.people_numbers = np.asarray(people, dtype=np.int64)
        self.person_of = {inspector.id: k for k, inspector in enumerate(self.people)}
        self.visit_of = {visit.id: k for k, visit in enumerate(self.visits)}
        self.inspectees: dict[str, Inspectee] = {
            visit.inspectee: candidates.inspectees[visit.inspectee] for visit in self.visits
        }
        past_units = set(self._past_inspectees())
        units = [*self.inspectees.values()]
        units += [candidates.inspectees[unit] for unit in sorted(past_units) if unit in candidates.inspectees]
        places = [*(inspector.base for inspector in self.people), *(unit.place for unit in units)]
        self.travel = TravelTable.of(self.problem, places)
        self.resource_of = {
            name: k for k, name in enumerate(dict.fromkeys(name for visit in self.visits for name in visit.resources))
        }
        self.group_of = {tag: k for k, tag in enumerate(self.problem.balance_groups)}
        self.limit_of: dict[tuple[str, str], int] = {}
        for unit in self.inspectees.values():
            for period in unit.max_burden:
                self.limit_of[unit.id, period] = len(self.limit_of)
        self.lists = _Lists()
        self._empty_at = self.lists.add(())
        self._bearers_of: dict[str, BoolArray] = {}
        self._needs_of: dict[tuple[tuple[str, int], ...], list[int]] = {}
        self._members_of: dict[int, tuple[IntArray, IntArray]] = {}
        self.local_people = np.full(len(self.problem.inspectors), -1, dtype=np.int64)
        self.local_people[self.people_numbers] = np.arange(len(self.people), dtype=np.int64)

    def _past_inspectees(self) -> Iterator[str]:
        """Where the history has the part's people on inspection days and the dates beside them."""
        history = self.candidates.history
        for person in self.people:
            yield from history.busy.get(person.id, {}).values()
            for visits in history.across_night.get(person.id, {}).values():
                yield from (visit.inspectee for visit in visits)

    def compile(self, change_price: int) -> Tables:
        """Write the tables one after another behind the header."""
        visits = self._visit_table()
        people = self._person_table()
        days = self._day_table()
        groups = self._group_table()
        places = len(self.travel.index)
        transfers = self._near_mask(self.problem.transfer_max_minutes)
        evenings = self._near_mask(self.problem.evening_max_minutes)
        lists = self.lists.whole()
        header = np.zeros(layout.HEADER, dtype=np.int64)
        pieces: list[IntArray] = [header, lists]
        size = len(header) + len(lists)
        for field, table in (
            (layout.VISITS, visits),
            (layout.PEOPLE, people),
            (layout.DAYS, days),
            (layout.GROUPS, groups),
            (layout.METRES, self.travel.metres),
        ):
            header[field] = size
            pieces.append(table.astype(np.int64).ravel())
            size += table.size
        header[layout.TRANSFERS] = transfers
        header[layout.EVENINGS] = evenings
        header[layout.VISIT_COUNT] = len(self.visits)
        header[layout.PERSON_COUNT] = len(self.people)
        header[layout.DAY_COUNT] = len(self.calendar.days)
        header[layout.SLOT_COUNT] = self.calendar.slots
        header[layout.MONTH_COUNT] = len(self.calendar.months)
        header[layout.YEAR_COUNT] = len(self.calendar.years)
        header[layout.PLACE_COUNT] = places
        header[layout.GROUP_COUNT] = len(self.problem.balance_groups)
        header[layout.TEAM_MAX] = max((visit.team.size for visit in self.visits), default=1)
        header[layout.PLAN_WIDTH] = layout.TEAM + header[layout.TEAM_MAX]
        header[layout.CANDIDATES] = layout.LOG + 1 + layout.LOG_CAPACITY * (layout.BEFORE + header[layout.PLAN_WIDTH])
        header[layout.BEST_TEAM] = header[layout.CANDIDATES] + 2 * len(self.people)
        header[layout.UNSCHEDULED_COUNT] = header[layout.BEST_TEAM] + header[layout.TEAM_MAX]
        header[layout.WORK_SIZE] = header[layout.UNSCHEDULED_COUNT] + 1 + len(self.visits)
        blank = self._blank_state(header)
        return Tables(
            self.visit_numbers, self.people_numbers, np.concatenate(pieces), self._prices(change_price), blank
        )

    def _near_mask(self, longest: int | None) -> int:
        """The offset of a bit per pair of places: whether the drive is not too long; ``NO_LIMIT`` without a limit."""
        if longest is None:
            return layout.NO_LIMIT
        return self.lists.add_mask((self.travel.minutes <= longest).ravel())

    def _visit_table(self) -> IntArray:
        """A record per visit; the lists that it points into stand behind the header."""
        siblings = self._siblings()
        befores, afters = self._precedences()
        separations = self._separations()
        baseline = {assignment.visit: assignment for assignment in self.problem.baseline}
        rows = []
        for k, visit in enumerate(self.visits):
            if k % ROWS_BETWEEN_QUESTIONS == 0 and self._is_over():
                raise StopError
            row = [0] * layout.VISIT_WIDTH
            self._describe(row, visit)
            self._say_who_and_when(row, int(self.visit_numbers[k]), visit)
            self._point(row, layout.SIBLINGS_AT, siblings[visit.inspectee])
            self._point(row, layout.BEFORES_AT, befores.get(visit.id, ()), 3)
            self._point(row, layout.AFTERS_AT, afters.get(visit.id, ()), 3)
            self._point(row, layout.SEPARATIONS_AT, separations.get(visit.id, ()), 2)
            self._compare(row, baseline.get(visit.id))
            rows.append(row)
        table = np.array(rows, dtype=np.int64).reshape(-1, layout.VISIT_WIDTH)
        self._add_near_visits(table)
        return table

    def _describe(self, row: list[int], visit: Visit) -> None:
        """What the visit is and what its inspectee allows."""
        unit = self.inspectees[visit.inspectee]
        row[layout.HALF_DAYS] = visit.half_days
        row[layout.SPAN_DAYS] = days_spanned(visit.half_days)
        row[layout.TEAM_SIZE] = visit.team.size
        row[layout.PLACE] = self.travel.index[unit.place]
        row[layout.BURDEN] = visit.burden
        row[layout.MIN_GAP_DAYS] = unit.min_gap_days or 0
        row[layout.LATEST_ORDINAL] = visit.latest.toordinal()
        row[layout.BUFFER_DAYS] = self.problem.buffer_days_of(visit)
        row[layout.WEIGHT] = visit.weight
        row[layout.IS_PINNED] = visit.id in self.candidates.pins
        self._point(row, layout.RESOURCES_AT, [self.resource_of[name] for name in visit.resources])
        self._point(row, layout.LIMITS_AT, self._limits(visit, unit), 3)

    def _say_who_and_when(self, row: list[int], number: int, visit: Visit) -> None:
        """The starts and members that the candidates left, the tags needed and the people preferred."""
        starts, in_chain = self.windows.starts(number), self.windows.preferred(number)
        row[layout.PREFERRED_FIRST], row[layout.PREFERRED_END] = in_chain.start, in_chain.stop
        row[layout.FOLLOWERS] = self.windows.followers(number)
        row[layout.STARTS_COUNT] = len(starts)
        row[layout.STARTS_AT], row[layout.STARTS_MASK] = self.lists.add_with_mask(starts, self.calendar.slots)
        members = self._local_members(self.candidates.members(number))
        row[layout.MEMBERS_COUNT] = len(members)
        row[layout.MEMBERS_AT], row[layout.MEMBERS_MASK] = self.lists.add_with_mask(members, len(self.people))
        self._point(row, layout.NEEDS_AT, self._needs(visit.team), 2)
        row[layout.PREFERS] = bool(visit.prefers)
        preferred = [self.person_of[who] for who in visit.prefers if who in self.person_of]
        preferred_members = sorted(set(preferred).intersection(members.tolist())) if preferred else []
        self._point(row, layout.PREFERS_AT, preferred_members)

    def _local_members(self, members: IntArray) -> IntArray:
        """The numbers of these inspectors in the part, computed once for visits that share the array."""
        known = self._members_of.get(id(members))
        if known is None:
            local = self.local_people[members]
            known = self._members_of[id(members)] = (local[local >= 0], members)
        return known[0]

    def _needs(self, team: TeamNeed) -> list[int]:
        """Pairs for ``NEEDS_AT``: the mask of the bearers and their least number, the scarcest bearers first."""
        if not team.requires:
            return []
        key = tuple(team.requires.items())
        pairs = self._needs_of.get(key)
        if pairs is None:
            found = []
            for tag, least in key:
                if least:
                    bearers = self._bearers(tag)
                    found.append((int(bearers.sum()) - least, self.lists.add_mask(bearers), least))
            pairs = self._needs_of[key] = [number for _, *pair in sorted(found) for number in pair]
        return pairs

    def _bearers(self, tag: str) -> BoolArray:
        if tag not in self._bearers_of:
            self._bearers_of[tag] = self.candidates.bearers(tag)[self.people_numbers]
        return self._bearers_of[tag]

    def _compare(self, row: list[int], before: BaselineAssignment | None) -> None:
        """Where the baseline has the visit."""
        row[layout.BASELINE_START] = layout.NO_BASELINE
        if before is not None:
            slot = self.calendar.slot(before.day, before.half)
            stayed = sorted(self.person_of[who] for who in before.team if who in self.person_of)
            row[layout.BASELINE_START] = layout.LOST_BASELINE if slot is None else slot
            self._point(row, layout.BASELINE_AT, stayed)
            row[layout.BASELINE_GONE] = len(before.team) - len(stayed)

    def _add_near_visits(self, table: IntArray) -> None:
        """Point each visit to those near it, of people in common."""
        pools: dict[tuple[str, ...], int] = {}
        pool_of = np.array([pools.setdefault(visit.team.pool, len(pools)) for visit in self.visits], dtype=np.int64)
        spans = [self.windows.starts(int(number)) for number in self.visit_numbers]
        firsts = np.array([starts[0] if len(starts) else 1 for starts in spans], dtype=np.int64)
        lasts = np.array([starts[-1] if len(starts) else -4 for starts in spans], dtype=np.int64)
        near = near_visits(self.travel.metres, table[:, layout.PLACE].copy(), firsts, lasts, pool_of)
        table[:, layout.NEAR_AT] = self.lists.add(near.ravel()) + np.arange(len(table)) * near.shape[1]
        table[:, layout.NEAR_COUNT] = (near >= 0).sum(axis=1)

    def _point(self, row: list[int] | IntArray, field: int, numbers: Sequence[int], width: int = 1) -> None:
        """Point the field, and the count after it, to a list."""
        row[field] = self.lists.add(numbers) if len(numbers) else self._empty_at
        row[field + 1] = len(numbers) // width

    def _siblings(self) -> dict[str, list[int]]:
        siblings: dict[str, list[int]] = {}
        for k, visit in enumerate(self.visits):
            siblings.setdefault(visit.inspectee, []).append(k)
        return siblings

    def _precedences(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Triples for ``BEFORES_AT`` and ``AFTERS_AT``; the history's part was taken by the starts."""
        befores: dict[str, list[int]] = {}
        afters: dict[str, list[int]] = {}
        for precedence in self.problem.precedences:
            before, after = self.visit_of.get(precedence.before), self.visit_of.get(precedence.after)
            if before is not None and after is not None:
                most = layout.NO_LIMIT if precedence.max_days is None else precedence.max_days
                befores.setdefault(precedence.after, []).extend((before, precedence.min_days, most))
                afters.setdefault(precedence.before, []).extend((after, precedence.min_days, most))
        return befores, afters

    def _separations(self) -> dict[str, list[int]]:
        """Pairs for ``SEPARATIONS_AT``; the starts hold the history's part."""
        found: dict[str, list[int]] = {}
        for separation in self.problem.separations:
            for one, other in permutations(separation.visits):
                if one in self.visit_of and other in self.visit_of:
                    found.setdefault(one, []).extend((self.visit_of[other], separation.min_days))
        return found

    def _limits(self, visit: Visit, unit: Inspectee) -> list[int]:
        """Triples for ``LIMITS_AT``: the limited periods that hold some inspection day."""
        if not visit.burden:
            return []
        triples: list[int] = []
        for name in unit.max_burden:
            period = self.candidates.periods[name]
            span = self.calendar.day_range(period.first, period.last)
            if len(span):
                triples.extend((span.start, span.stop, self.limit_of[unit.id, name]))
        return triples

    def _person_table(self) -> IntArray:
        table = np.zeros((len(self.people), layout.PERSON_WIDTH), dtype=np.int64)
        homes: dict[tuple[str, int], int] = {}
        keys: dict[tuple[int, ...], int] = {}
        for k, person in enumerate(self.people):
            groups = tuple(number for tag, number in self.group_of.items() if tag in person.tags)
            row = table[k]
            night = self.problem.night_metres_of(person)
            if (person.base, night) not in homes:
                drives = self.travel.base_drives(self.travel.index[person.base], night)
                homes[person.base, night] = self.lists.add(np.stack(drives, axis=1).ravel())
            row[layout.HOME_AT] = homes[person.base, night]
            row[layout.NIGHT_METRES] = night
            row[layout.LEVEL_AT] = self._level(person)
            self._point(row, layout.NIGHTS_AT, self._nights(person), 2)
            row[layout.SHARE] = person.share
            cap = person.half_days_per_month
            row[layout.MONTH_CAP] = layout.UNLIMITED if cap is None else cap
            self._point(row, layout.GROUPS_AT, groups)
            row[layout.GROUPS_KEY] = keys.setdefault(groups, len(keys))
        return table

    def _level(self, person: Inspector) -> int:
        """The offset of the pairs for ``LEVEL_AT``."""
        if person.level is None:
            return layout.NO_LIMIT
        past = [self.candidates.history.month_half_days(person.id, month) for month in self.calendar.months]
        left = self._month_left(person)
        return self.lists.add([number for k, n in enumerate(past) for number in (left[k], person.level - n)])

    def _nights(self, person: Inspector) -> list[int]:
        """Pairs for ``NIGHTS_AT``."""
        past = self.candidates.history.across_night.get(person.id, {})
        known = self.candidates.inspectees
        return [
            number
            for slot, visits in past.items()
            for visit in visits
            if visit.inspectee in known
            for number in (slot, self.travel.index[known[visit.inspectee].place])
        ]

    def _day_table(self) -> IntArray:
        table = np.zeros((len(self.calendar.days), layout.DAY_WIDTH), dtype=np.int64)
        table[:, layout.ORDINAL] = self.calendar.ordinals
        table[:, layout.MONTH] = self.calendar.month_numbers
        table[:, layout.YEAR] = self.calendar.year_numbers
        table[:, layout.IS_FOLLOWED] = self.calendar.run_left > 1
        return table

    def _group_table(self) -> IntArray:
        table = np.zeros((len(self.problem.balance_groups), layout.GROUP_WIDTH), dtype=np.int64)
        for tag, number in self.group_of.items():
            self._point(table[number], layout.PEOPLE_AT, [k for k, p in enumerate(self.people) if tag in p.tags])
        return table

    def _prices(self, change_price: int) -> IntArray:
        weights = self.problem.weights
        price = np.zeros(layout.GROUP_SHARES + len(self.group_of), dtype=np.int64)
        outweighs_changes = change_price * (len(self.problem.baseline) + 1) if change_price else 0
        ties_go_to_fewer = 1  # a thousandth: of equal totals the plan with fewer unscheduled visits is better
        price[layout.UNSCHEDULED_PRICE] = max(weights.unscheduled * THOUSANDTHS, outweighs_changes, ties_go_to_fewer)
        price[layout.METRE_PRICE] = weights.travel
        price[layout.BALANCE_PRICE] = weights.balance * THOUSANDTHS
        price[layout.BUFFER_PRICE] = weights.buffer * THOUSANDTHS
        price[layout.PREFERENCE_PRICE] = weights.preference * THOUSANDTHS
        price[layout.CHANGE_DAY_PRICE] = weights.change_day * THOUSANDTHS
        price[layout.CHANGE_HALF_PRICE] = weights.change_half * THOUSANDTHS
        price[layout.CHANGE_MEMBER_PRICE] = weights.change_member * THOUSANDTHS
        price[layout.OVERLOAD_PRICE] = (weights.overload or 0) * THOUSANDTHS
        price[layout.CHANGED_PRICE] = change_price
        for tag, number in self.group_of.items():
            price[layout.GROUP_SHARES + number] = sum(p.share for p in self.people if tag in p.tags)
        return price

    def _blank_state(self, header: IntArray) -> IntArray:
        """The state in which only the history has happened; sets the state's offsets in the header."""
        plan = np.full((len(self.visits), header[layout.PLAN_WIDTH]), layout.UNSCHEDULED, dtype=np.int64)
        load, group_load = self._loads()
        pieces = (
            (layout.PLAN, plan),
            (layout.DIARY, self._blank_diary()),
            (layout.MONTH_LEFT, self._months_left()),
            (layout.YEAR_LEFT, self._years_left()),
            (layout.USE_LEFT, self._use_left()),
            (layout.BURDEN_LEFT, self._burden_left()),
            (layout.LOAD, load),
            (layout.GROUP_LOAD, group_load),
        )
        size = 0
        for field, piece in pieces:
            header[field] = size
            size += piece.size
        return np.concatenate([piece.ravel() for _, piece in pieces])

    def _blank_diary(self) -> IntArray:
        available = np.repeat(self.candidates.available[self.people_numbers], 2, axis=1)
        diary = np.where(available, layout.FREE, layout.AWAY).astype(np.int64)
        for k, person in enumerate(self.people):
            for slot, unit in self.candidates.history.busy.get(person.id, {}).items():
                known = self.candidates.inspectees.get(unit)
                place = len(self.travel.index) if known is None else self.travel.index[known.place]
                diary[k, slot] = len(self.visits) + place
        return diary

    def _months_left(self) -> IntArray:
        left = [self._month_left(person) for person in self.people]
        return np.array(left, dtype=np.int64).reshape(len(self.people), len(self.calendar.months))

    def _month_left(self, person: Inspector) -> list[int]:
        """By month, the half-days that the cap and the history leave."""
        cap = person.half_days_per_month
        if cap is None:
            return [layout.UNLIMITED] * len(self.calendar.months)
        return [cap - self.candidates.history.month_half_days(person.id, month) for month in self.calendar.months]

    def _years_left(self) -> IntArray:
        left = np.full((len(self.people), len(self.calendar.years)), layout.UNLIMITED, dtype=np.int64)
        for k, person in enumerate(self.people):
            if person.half_days_per_year is not None:
                for y, year in enumerate(self.calendar.years):
                    past = self.candidates.history.year_half_days(person.id, year)
                    left[k, y] = person.half_days_per_year - past
        return left

    def _use_left(self) -> IntArray:
        capacity = {resource.id: resource.capacity for resource in self.problem.resources}
        left = np.zeros((len(self.resource_of), self.calendar.slots), dtype=np.int64)
        for name, k in self.resource_of.items():
            left[k] = capacity[name]
            for slot, used in self.candidates.history.resource_use.get(name, {}).items():
                left[k, slot] -= used
        return left

    def _burden_left(self) -> IntArray:
        left = np.zeros(len(self.limit_of), dtype=np.int64)
        for (unit, name), k in self.limit_of.items():
            period = self.candidates.periods[name]
            past = sum(
                v.burden
                for v in self.candidates.history.by_inspectee.get(unit, ())
                if period.first <= v.day <= period.last
            )
            left[k] = max(-1, self.inspectees[unit].max_burden[name] - past)
        return left

    def _loads(self) -> tuple[IntArray, IntArray]:
        """Half-days worked before, by person, and their sums by balance group."""
        load = np.array(
            [p.load_before + self.candidates.history.total_half_days(p.id) for p in self.people], dtype=np.int64
        )
        group_load = np.zeros(len(self.group_of), dtype=np.int64)
        for tag, number in self.group_of.items():
            group_load[number] = sum(int(load[k]) for k, p in enumerate(self.people) if tag in p.tags)
        return load, group_load
