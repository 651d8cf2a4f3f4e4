"""The balanced groups, and what rounding down in the score part ``balance`` costs a bound at most.

A group with S = Σ share charges W · ⌊|load_i − m_i|⌋ for each inspector, with m_i = share_i · L / S and L the load of
the whole group. The bound takes ρ_i · (load_i − m_i) − |ρ_i| instead, for a multiplier ρ_i between −W and W, since
rounding down takes less than 1. Loads are whole numbers. So once L is known, ⌊|load_i − m_i|⌋ is at least load_i −
⌈m_i⌉ and at least ⌊m_i⌋ − load_i, and the bound may be raised by

    |ρ_i| · (1 − (⌈m_i⌉ − m_i))  where ρ_i > 0,     |ρ_i| · (1 − (m_i − ⌊m_i⌋))  where ρ_i < 0.

L is the load before the plan and the half-days of all teams of placed visits. A plan in which a visit is unscheduled
costs more than the bound by what this visit's weight exceeds the visit's part of the bound; where that is more than all
raises together, such plans need no attention, and the visit is taken as placed. For visits that remain in doubt, or
that several groups may share, every number of members from the group is considered, and the least raise counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.calendar import BoolArray, IntArray
from solver.candidates import Candidates

DEAREST_BALANCE = 1 << 32
"""A half-day of deviation counts at most so many thousandths."""

LARGEST_PRODUCT = 1 << 62
"""Products stay below this, or the raise is not computed."""

MOST_LOADS = 2_000
"""With more possible loads of a group than this its raise is not computed."""


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """The balanced groups with a share, groups × inspectors: who is in, with which share.

    ``before`` is the load before the plan by inspector, in half-days; ``price`` what a half-day of deviation costs, in
    thousandths. ``least_members[g, v]`` is the least and ``most_members[g, v]`` the largest number of members of group
    g that the team of visit v has, by its candidates alone.
    """

    is_in: BoolArray
    share: IntArray
    before: IntArray
    price: int
    least_members: IntArray
    most_members: IntArray
    half_days: IntArray

    @classmethod
    def of(cls, candidates: Candidates) -> Balance:
        """Those of a problem; groups without a share count nothing."""
        problem = candidates.problem
        shares = np.array([inspector.share for inspector in problem.inspectors], dtype=np.int64)
        before = [who.load_before + candidates.history.total_half_days(who.id) for who in problem.inspectors]
        groups = [candidates.bearers(group) for group in problem.balance_groups]
        kept = [is_in for is_in in groups if shares[is_in].sum() > 0]
        is_in = np.array(kept, dtype=np.bool_).reshape(len(kept), len(shares))
        least, most = np.zeros((2, len(kept), len(problem.visits)), dtype=np.int64)
        known: dict[bytes, tuple[IntArray, IntArray]] = {}
        for number, visit in enumerate(problem.visits):
            members = candidates.members(number)
            key = members.tobytes()
            if key not in known:
                inside = is_in[:, members].sum(axis=1)
                known[key] = inside, len(members) - inside
            inside, outside = known[key]
            most[:, number] = np.minimum(visit.team.size, inside)
            least[:, number] = np.clip(visit.team.size - outside, 0, most[:, number])
        half_days = np.array([visit.half_days for visit in problem.visits], dtype=np.int64)
        price = min(1000 * problem.weights.balance, DEAREST_BALANCE)
        return cls(is_in, is_in * shares, np.array(before, dtype=np.int64), price, least, most, half_days)

    def expected_load(self, is_possible: BoolArray) -> IntArray:
        """By group its load if all possible visits are placed, with as many of its members as they may have."""
        placed = np.where(is_possible, self.most_members * self.half_days, 0).sum(axis=1)
        load: IntArray = placed + np.where(self.is_in, self.before, 0).sum(axis=1)
        return load

    def raised_by(self, multipliers: IntArray, is_possible: BoolArray, excess: IntArray) -> int:
        """What rounding adds to the bound under these multipliers, groups × inspectors, in thousandths.

        ``is_possible`` says of a visit that some plan may hold it; ``excess`` is what a plan without it costs more than
        the bound, at least.
        """
        used = np.where(self.is_in, multipliers, 0)
        is_sure = is_possible & (excess >= int(np.abs(used).sum()))
        return sum(self._raise_of(group, used[group], is_possible, is_sure) for group in range(len(used)))

    def _raise_of(self, group: int, multipliers: IntArray, is_possible: BoolArray, is_sure: BoolArray) -> int:
        share, total = self.share[group], int(self.share[group].sum())
        loads = self._possible_loads(group, is_possible, is_sure) if multipliers.any() else None
        if loads is None or total * max(int(loads.max()), int(np.abs(multipliers).max())) > LARGEST_PRODUCT:
            return 0
        rest = share[None, :] * loads[:, None] % total
        lost = np.where(multipliers > 0, (total - rest) % total, rest)
        raises = (total - lost) * np.abs(multipliers) // total
        return int(np.where(self.is_in[group], raises, 0).sum(axis=1).min())

    def _possible_loads(self, group: int, is_possible: BoolArray, is_sure: BoolArray) -> IntArray | None:
        """The loads that the group may have, ``None`` if they are too many."""
        most = np.where(is_possible, self.most_members[group], 0)
        least = np.where(is_sure, self.least_members[group], 0)
        load = int(self.before[self.is_in[group]].sum() + (least * self.half_days).sum())
        loads = {load}
        for number in np.flatnonzero(most > least).tolist():
            half_days = int(self.half_days[number])
            more = range(0, (int(most[number]) - int(least[number])) * half_days + 1, half_days)
            loads = {known + step for known in loads for step in more}
            if len(loads) > MOST_LOADS:
                return None
        return np.array(sorted(loads), dtype=np.int64)
