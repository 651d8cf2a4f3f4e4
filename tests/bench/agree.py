"""Do two checkers agree? `python -m tests.bench.agree PROBLEM… --reference CHECK.PY --plans 1000 --seed 1`.

Every problem is planned for a moment; the plan is changed at random, mostly for the worse, and both checkers judge it.
Added to these are the two plans of every case of a rule, one good and one with that fault alone. The codes broken are
compared, and the scores, except where docs/contract.md leaves both open (section 3, "What a broken plan is told").
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from solver.checker import check
from solver.io import plan_to_json, problem_to_json, read_problem, write_plan, write_problem
from solver.plan import Plan
from solver.problem import Problem
from solver.settings import SolveSettings
from tests.bench.judge import Reference, load_reference
from tests.bench.mutations import mutated
from tests.solver.rules import CASES

OPEN_CODES = frozenset({"once", "slots", "team_size", "double_booked", "inspectee_overlap"})
"""With one of these broken, one of them must be reported; which others are, and the score, may differ."""

SOLVE_SECONDS = 5.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare the checkers; 1 and two files at the first disagreement."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.agree", description="Compare two checkers.")
    parser.add_argument("problems", type=Path, nargs="*")
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--plans", type=int, default=1000, help="plans of each problem")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the first disagreement")
    options = parser.parse_args(arguments)
    reference = load_reference(options.reference)
    codes: Counter[str] = Counter()
    good = judged = 0
    for problem, plan in _plans(options.problems, options.plans, options.seed):
        judged += 1
        found = broken_codes(problem, plan)
        codes.update(found)
        good += not found
        if difference := disagreement(problem, plan, reference):
            write_problem(problem, options.out / "disagreement-problem.json")
            write_plan(plan, problem, options.out / "disagreement-plan.json")
            sys.stdout.write(f"plan {judged}: {difference}; see disagreement-*.json\n")
            return 1
    broken = ", ".join(f"{code} {count}" for code, count in codes.most_common())
    sys.stdout.write(f"{judged} plans, {good} of them without fault, and no disagreement. Broken: {broken}\n")
    return 0


def _plans(paths: Sequence[Path], count: int, seed: int) -> Iterator[tuple[Problem, Plan]]:
    """Good and broken plans of each case of a rule and of each problem."""
    for case in CASES:
        yield case.problem, case.allowed
        yield case.problem, case.forbidden
    from solver.solve import solve

    for path in paths:
        problem = read_problem(path)
        plan = solve(problem, SolveSettings(seconds=SOLVE_SECONDS, seed=seed)).plan
        random = Random(f"{seed} {path.name}")
        for _ in range(count if plan else 0):
            assert plan is not None
            yield problem, mutated(problem, plan, random)


def broken_codes(problem: Problem, plan: Plan) -> set[str]:
    """The codes that this repository's checker reports."""
    return {violation.code for violation in check(problem, plan).violations}


def disagreement(problem: Problem, plan: Plan, reference: Reference) -> str:
    """How the checkers differ about a plan; nothing if they do not."""
    report = check(problem, plan)
    mine = {violation.code for violation in report.violations}
    violations, score = reference(problem_to_json(problem), plan_to_json(plan, problem))
    theirs = {str(violation[0]) for violation in violations}
    if mine & OPEN_CODES and theirs & OPEN_CODES:
        return ""
    if mine != theirs:
        return f"here {sorted(mine)}, there {sorted(theirs)}"
    total = report.score.total(problem.weights)
    parts = {part: getattr(report.score, part) for part in score if part != "total"} | {"total": total}
    return "" if parts == dict(score) else f"here {parts}, there {dict(score)}"


if __name__ == "__main__":
    sys.exit(main())
