"""Whether any plan holds all pins: a model of the pinned visits and of all that must come before them.

What the checker cannot see (docs/contract.md, "The pins by themselves") is decided here: pins without a team whom
nobody can staff, and pinned visits whose predecessors have no possible start. Where no plan holds the pins, a minimal
set of visits and rules that contradict each other is named: without any one of them there is no contradiction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ortools.sat.python import cp_model

from solver.candidates import PRUNED_CODES, Candidates
from solver.explain import explain_impossible
from solver.model.build import build, solve_until, steady_solver
from solver.model.rules import RULES
from solver.model.scope import Scope
from solver.reasons import Violation
from solver.timetable import Placement
from solver.travel import TravelTable, places_in_use

Item = TypeVar("Item")

ALWAYS = frozenset({"once", "pinned"})
"""The rules without which a pin says nothing."""

EXPECTED = frozenset({"team_size"})
"""Rules that belong to almost every contradiction; they are named only where there are no others."""

UNLIMITED_WORK = 1e9
"""Deterministic seconds: the caller's clock ends the proof."""


@dataclass(frozen=True, slots=True)
class PinVerdict:
    """Placements of all pinned visits and of what must come before them, or the contradiction; neither if unknown."""

    placements: Mapping[int, Placement] | None = None
    conflict: tuple[Violation, ...] = ()


def pinned_with_befores(candidates: Candidates) -> list[int]:
    """The numbers of the pinned visits and of all that must come before them, ascending."""
    return _with_befores(candidates, (candidates.visit_numbers[visit] for visit in candidates.pins))


def judge_pins(candidates: Candidates, *, seed: int = 1, is_over: Callable[[], bool]) -> PinVerdict:
    """Place the pinned visits by themselves, or prove that no plan holds them; until ``is_over`` says yes."""
    if conflict := impossible_pins(candidates):
        return PinVerdict(conflict=conflict)
    proof = _Proof(candidates, seed, is_over)
    status, placements = proof.solve(pinned_with_befores(candidates), RULES)
    if status == cp_model.INFEASIBLE:
        return PinVerdict(conflict=_conflict(candidates, proof))
    return PinVerdict(placements)


def impossible_pins(candidates: Candidates) -> tuple[Violation, ...]:
    """What the pins break of which a visit has no possible start, or no possible team, whatever the other visits do.

    A pin's visit has none because of its own team, or one of the visits that must come before it has none.
    """
    if not candidates.pins:
        return ()
    befores = pinned_with_befores(candidates)
    impossible = {number for number in befores if not len(candidates.starts(number))}
    violations: list[Violation] = []
    for visit in candidates.pins:
        number = candidates.visit_numbers[visit]
        for cause in sorted(impossible.intersection(_with_befores(candidates, [number]))):
            violations += _violations_of(candidates, visit, cause)
    return tuple(violations)


def _violations_of(candidates: Candidates, visit: str, cause: int) -> list[Violation]:
    """The rules that leave the visit ``cause`` no start; ``visit`` is the pinned one that needs it."""
    name = candidates.problem.visits[cause].id
    if name != visit:
        return [Violation("precedence", visit, {"before": name})]
    known = {*RULES, *PRUNED_CODES}
    reasons = [reason for reason in explain_impossible(candidates, cause) if reason.code in known]
    return [Violation(reason.code, visit, reason.details) for reason in reasons] or [Violation("available", visit)]


def _with_befores(candidates: Candidates, visits: Iterable[int]) -> list[int]:
    """These visits and all that must come before them, ascending."""
    numbers = candidates.visit_numbers
    befores: dict[int, list[int]] = {}
    for rule in candidates.problem.precedences:
        if rule.before in numbers and rule.after in numbers:
            befores.setdefault(numbers[rule.after], []).append(numbers[rule.before])
    found = set(visits)
    to_ask = list(found)
    while to_ask:
        new = set(befores.get(to_ask.pop(), ())) - found
        found |= new
        to_ask += new
    return sorted(found)


class _Proof:
    """Models of some visits with some rules, solved for any plan."""

    def __init__(self, candidates: Candidates, seed: int, is_over: Callable[[], bool]) -> None:
        self._candidates = candidates
        self._seed = seed
        self._is_over = is_over

    def solve(
        self, visits: Sequence[int], rules: Iterable[str]
    ) -> tuple[cp_model.CpSolverStatus, dict[int, Placement] | None]:
        """Place all of these visits by these rules: the status, and the placements if there are any."""
        if self._is_over():
            return cp_model.UNKNOWN, None
        travel = TravelTable.of(self._candidates.problem, self._places(visits))
        x = build(Scope(self._candidates, travel, tuple(visits)), {code: RULES[code] for code in rules})
        for visit in visits:
            x.model.add(x.placed(visit) == 1)
        solver = steady_solver(self._seed, UNLIMITED_WORK)
        status = solve_until(solver, x.model, self._is_over)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return status, None
        found = {visit: x.place_of(solver, visit) for visit in visits}
        return status, {visit: place for visit, place in found.items() if place is not None}

    def is_infeasible(self, visits: Sequence[int], rules: Iterable[str]) -> bool:
        """Whether it is proved that no plan holds all of these visits."""
        return self.solve(visits, rules)[0] == cp_model.INFEASIBLE

    def _places(self, visits: Sequence[int]) -> list[str]:
        """The places of the visits and of their people's history."""
        candidates = self._candidates
        people = {member for visit in visits for member in candidates.members(visit).tolist()}
        inspectors, history = candidates.problem.inspectors, candidates.history
        inspectees = {candidates.problem.visits[visit].inspectee for visit in visits}
        for member in people:
            inspectees.update(history.busy.get(inspectors[member].id, {}).values())
        places = {candidates.inspectees[name].place for name in inspectees if name in candidates.inspectees}
        places |= {inspectors[member].base for member in people}
        return [place for place in places_in_use(candidates.problem) if place in places]


def _conflict(candidates: Candidates, proof: _Proof) -> tuple[Violation, ...]:
    """A minimal set of pins that contradict each other, and for each of them the rules by which they do."""
    pinned = [candidates.visit_numbers[visit] for visit in candidates.pins]

    def contradict(pins: Sequence[int], rules: Sequence[str] = tuple(RULES)) -> bool:
        return proof.is_infeasible(_with_befores(candidates, pins), rules)

    pins = minimal(pinned, contradict)
    optional = [code for code in RULES if code not in ALWAYS | EXPECTED]
    optional += EXPECTED  # tried last, so that they are kept and another rule is spared where either would do
    rules = minimal(optional, lambda codes: contradict(pins, [*ALWAYS, *codes]), chunk=1)
    codes = [code for code in rules if code not in EXPECTED] or rules or ["pinned"]
    names = [candidates.problem.visits[number].id for number in pins]
    return tuple(
        Violation(code, name, {"pins": tuple(other for other in names if other != name)})
        for name in names
        for code in codes
    )


def minimal(
    items: Sequence[Item], contradict: Callable[[Sequence[Item]], bool], *, chunk: int | None = None
) -> list[Item]:
    """A subset that still contradicts itself and of which no item can be spared, by deletion in ever smaller chunks.

    The first chunk has half of the items unless it is given; with 1 the first items are spared before the last.
    ``contradict`` may answer no where it does not know: then items stay that could have been spared.
    """
    kept = list(items)
    size = chunk or max(1, len(kept) // 2)
    while size:
        first = 0
        while first < len(kept):
            rest = kept[:first] + kept[first + size :]
            if contradict(rest):
                kept = rest
            else:
                first += size
        size //= 2
    return kept
