"""Why a visit is unscheduled: typed reasons, each found by trying the visit on the timetable of the plan.

A visit has lost starts to rules that hold whatever the plan (``solver.candidates``): none left is ``no_day``, or
``no_team`` where the absences leave no start with enough people. Each start left is then tried on the plan: the first
rule that closes it counts the start. ``capacity`` is that of people: nobody has half-days left in the months asked.
The Chinese sentences are made elsewhere; a reason holds ids, dates and numbers by which a reader can verify it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import numpy as np

from solver.calendar import IntArray, Slot, days_spanned
from solver.candidates import Candidates
from solver.plan import Assignment, Unscheduled
from solver.problem import Problem, Visit
from solver.reasons import Reason, ReasonValue
from solver.retry import Retry
from solver.surroundings import Surroundings
from solver.timetable import placements_of

NOT_TRIED = Reason("capacity", {"tried_starts": 0})
"""The reason of a visit that was not explained before the time was over."""


ALWAYS_EXPLAINED = 50
"""So many visits are explained even if the time is over: a tenth of a second for what a reader asks first."""


def explain_unscheduled(
    problem: Problem,
    assignments: Sequence[Assignment],
    candidates: Candidates | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> tuple[Unscheduled, ...]:
    """Every unscheduled visit, in the order of the problem, with at least one verified reason.

    Reasons of one visit are ordered by the number of starts that they close (``starts``), the most first. A visit for
    which there is room after all says so: ``capacity`` with ``free_day`` and ``free_half``. As soon as ``is_over``
    says yes, the visits that are left get the reason ``NOT_TRIED``, but for the first ``ALWAYS_EXPLAINED``.
    """
    planned = {assignment.visit for assignment in assignments}
    left = [number for number, visit in enumerate(problem.visits) if visit.id not in planned]
    if not left:
        return ()
    if len(left) > ALWAYS_EXPLAINED and is_over():
        return unexplained(problem, assignments)
    candidates = candidates or Candidates(problem)
    surroundings = Surroundings(candidates, placements_of(candidates, assignments))
    explainer = _Explainer(candidates, surroundings, left)
    return tuple(
        Unscheduled(
            problem.visits[number].id,
            (NOT_TRIED,) if position >= ALWAYS_EXPLAINED and is_over() else tuple(explainer.reasons(number)),
        )
        for position, number in enumerate(left)
    )


def unexplained(problem: Problem, assignments: Iterable[Assignment]) -> tuple[Unscheduled, ...]:
    """Every unscheduled visit, with the reason ``NOT_TRIED``."""
    planned = {assignment.visit for assignment in assignments}
    return tuple(Unscheduled(visit.id, (NOT_TRIED,)) for visit in problem.visits if visit.id not in planned)


def explain_impossible(candidates: Candidates, number: int) -> tuple[Reason, ...]:
    """The reasons of a visit that has no start whatever the plan."""
    return tuple(_Explainer(candidates, Surroundings(candidates, {}), ()).reasons_without_start(number))


class _Explainer:
    """Reasons on one plan, of which ``surroundings`` takes in what the unscheduled ``visits`` need."""

    def __init__(self, candidates: Candidates, surroundings: Surroundings, visits: Collection[int]) -> None:
        surroundings.cover_days(visits)
        self._candidates = candidates
        self._surroundings = surroundings
        self._visits = visits
        self._retry = Retry(candidates, surroundings.timetable)

    def reasons(self, number: int) -> list[Reason]:
        """The reasons of one visit."""
        visit = self._candidates.problem.visits[number]
        if missing := self._retry.missing_befores(visit):
            return [Reason("before_unscheduled", {"before": before}) for before in missing]
        starts = self._candidates.starts(number)
        if not len(starts):
            return self.reasons_without_start(number)
        return self._tried(number, visit, starts)

    def reasons_without_start(self, number: int) -> list[Reason]:
        """No start is left whatever the plan: because of the days, or because too few people are there on them."""
        visit = self._candidates.problem.visits[number]
        removed = self._candidates.removed_starts(number)
        span = self._candidates.calendar.day_range(visit.earliest, visit.latest)
        asked: dict[str, ReasonValue] = {"earliest": visit.earliest, "latest": visit.latest, "days": len(span)}
        unstaffed = removed.get("available")
        if unstaffed:
            return [Reason("no_team", asked | {"starts": len(unstaffed)}), *self._short_team(number, visit, unstaffed)]
        reasons = [Reason("no_day", asked)]
        for code, slots in removed.items():
            inside = [slot for slot in slots if self._candidates.calendar.day_of(slot) in span]
            if inside and code != "window":
                reasons.append(Reason(code, self._why_removed(code, visit, inside) | {"starts": len(inside)}))
        return reasons

    def _why_removed(self, code: str, visit: Visit, slots: Sequence[Slot]) -> dict[str, ReasonValue]:
        """The details of a rule that removes these starts."""
        inspectee = self._candidates.inspectees[visit.inspectee]
        if code == "slots":
            return {"half_days": visit.half_days}
        if code == "closed":
            longest = max(
                (
                    (max(first, visit.earliest), min(last, visit.latest))
                    for first, last in inspectee.closed
                    if first <= visit.latest and last >= visit.earliest
                ),
                key=lambda span: span[1] - span[0],
            )
            return {"inspectee": inspectee.id, "first": longest[0], "last": longest[1]}
        if code == "pinned":
            pin = self._candidates.pins[visit.id]
            return {"day": pin.day, "half": pin.half}
        blocked = next(
            (blocked for blocked in self._retry.blocked_by_plan(visit, np.array(slots)) if blocked.code == code), None
        )
        return dict(blocked.details) if blocked else {"inspectee": inspectee.id}

    def _short_team(self, number: int, visit: Visit, slots: Sequence[Slot]) -> Iterator[Reason]:
        """Which need of the team nobody, or too few people, can meet at any of the starts."""
        members = self._candidates.members(number)
        free = self._candidates.available_from(days_spanned(visit.half_days))[members][:, np.array(slots) // 2]
        most = int(free.sum(axis=0).max(initial=0))
        if most < visit.team.size:
            yield Reason("team_size", {"size": visit.team.size, "available": most, "members": len(members)})
        for tag, least in sorted(visit.team.requires.items()):
            bears = self._candidates.bearers(tag)[members]
            bearers = int(free[bears].sum(axis=0).max(initial=0))
            if bearers < least:
                yield Reason("team_requires", {"tag": tag, "least": least, "bearers": bearers})

    def _tried(self, number: int, visit: Visit, starts: IntArray) -> list[Reason]:
        """Every start left is closed by something that is assigned."""
        reasons: list[Reason] = []
        for blocked in self._retry.blocked_by_plan(visit, starts):
            count = int(blocked.mask.sum())
            if count:
                reasons.append(Reason(blocked.code, dict(blocked.details) | {"starts": count}))
                starts = starts[~blocked.mask]
        if len(starts):
            reasons += self._without_team(number, visit, starts)
        return sorted(reasons, key=lambda reason: -int(str(reason.details["starts"])))

    def _without_team(self, number: int, visit: Visit, starts: IntArray) -> Iterator[Reason]:
        """The rules about people that leave no team at each of the starts; where a team is left, there is room."""
        self._surroundings.cover(each for each in self._visits if len(self._candidates.starts(each)))
        members = self._candidates.members(number)
        usable = np.ones((len(members), len(starts)), dtype=np.bool_)
        for rule in self._retry.member_rules:
            able, usable = usable, usable & rule.keeps(members, visit, starts)
            is_short = ~self._retry.enough(visit, members, usable)
            if is_short.any():
                yield rule.too_few(visit, members, able[:, is_short], starts[is_short])
                starts, usable = starts[~is_short], usable[:, ~is_short]
        if len(starts):
            slot, calendar = Slot(int(starts[0])), self._candidates.calendar
            free = {"free_day": calendar.date_of(slot), "free_half": calendar.half_of(slot)}
            yield Reason("capacity", free | {"starts": len(starts)})
