"""Tables and picture of a measurement: `python -m tests.bench.render RUNS.jsonl --page docs/benchmarks.md`.

What stands between the two marks of the page is replaced, and the picture beside it is drawn again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

from tests.bench.runs import PLAIN, PLANNER, STAGES, TIMEFOLD, Run, RunFile
from tests.bench.schedule import OF_PEERS, PROVINCE, some_areas_name

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
PICTURE = "benchmarks.svg"
PEERS = (STAGES, PLAIN, TIMEFOLD)

Row = Sequence[str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Render what was measured into the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.render", description="Render a measurement.")
    parser.add_argument("runs", type=Path)
    parser.add_argument("--page", type=Path, help="printed if it is left out")
    parser.add_argument("--machine", default="", help="what it was measured on, for the first line")
    options = parser.parse_args(arguments)
    runs = RunFile(options.runs).runs()
    text = rendered(runs, options.machine)
    if options.page is None:
        sys.stdout.write(text + "\n")
        return 0
    from tests.bench.picture import draw

    draw(runs, options.page.parent / PICTURE)
    picture = f"![What is left out and the rest, over time]({PICTURE})"
    options.page.write_text(
        replaced(options.page.read_text(encoding="utf-8"), f"{text}\n\n{picture}"), encoding="utf-8"
    )
    return 0


def replaced(page: str, text: str) -> str:
    """The page with another text between its marks."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def rendered(runs: Sequence[Run], machine: str = "") -> str:
    """All tables that there are runs for, in Markdown."""
    sections = (
        ("This planner", planner_table(runs)),
        ("Against peers", peers_table(runs)),
        ("Small problems", tiny_table(runs)),
        ("What the parts did", parts_table(runs)),
        ("The province, each prefecture beside itself alone", province_table(runs)),
        ("Time to the first complete plan, by prefectures", growth_table(runs)),
    )
    tables = [f"### {title}\n\n{table}" for title, table in sections if table]
    return "\n\n".join(([f"Measured on {machine}."] if machine else []) + tables)


def table(heading: Row, rows: Iterable[Row]) -> str:
    """A table in Markdown; nothing without rows."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(heading) + " |", "|---" * len(heading) + "|", *lines]) if lines else ""


def grouped(runs: Iterable[Run], who: str) -> dict[tuple[str, float], list[Run]]:
    """The runs of somebody by problem and seconds, in the order in which they were made."""
    groups: dict[tuple[str, float], list[Run]] = {}
    for run in runs:
        if run.task.who == who:
            groups.setdefault((run.task.problem, run.task.seconds), []).append(run)
    return groups


def spread(values: Sequence[float]) -> str:
    """The median, and the least and the most if they differ."""
    if not values:
        return "–"
    middle = f"{median(values):,.10g}"
    return middle if min(values) == max(values) else f"{middle} ({min(values):,.10g}–{max(values):,.10g})"


def _is_own(name: str) -> bool:
    return not name.startswith(("tiny/", f"{PROVINCE}-"))


def planner_table(runs: Sequence[Run]) -> str:
    """Medians over the seeds, least and most; the bounds are the best proved."""
    heading = (
        "problem", "visits", "seconds", "seeds", "left out", "proven least", "reached after, s",
        "rest", "bound of the rest", "gap", "took, at most", "memory, MB",
    )  # fmt: skip
    rows = []
    for (name, seconds), group in sorted(grouped(runs, PLANNER).items()):
        if _is_own(name):
            rows.append((name, f"{group[0].visits:,}", f"{seconds:g}", str(len(group)), *_scores(group)))
    return table(heading, rows)


def _scores(group: Sequence[Run]) -> Row:
    rests = [run.rest for run in group if run.rest is not None]
    bounds = [run.bound_of_rest for run in group if run.bound_of_rest is not None]
    least = [run.unscheduled_bound for run in group if run.unscheduled_bound is not None]
    reached = [run.reached_seconds for run in group if run.reached_seconds is not None]
    is_least = bool(least) and all(run.left_out == max(least) for run in group)
    return (
        spread([run.left_out for run in group if run.left_out is not None]),
        f"{max(least):,}" if least else "–",
        spread(reached),
        spread(rests),
        f"{max(bounds):,}" if bounds else "–",
        f"{100 * (median(rests) - max(bounds)) / median(rests):.1f} %" if bounds and rests and is_least else "–",
        f"{max(run.took_seconds for run in group):.1f} s",
        f"{max(run.memory_mb for run in group):,.0f}",
    )


def peers_table(runs: Sequence[Run]) -> str:
    """Each peer beside this planner; the ratio is of the rests, which a plan that leaves out more has less of."""
    own = grouped(runs, PLANNER)
    rows: list[Row] = []
    for name in OF_PEERS:
        for seconds in (60.0, 300.0):
            mine = own.get((name, seconds), [])
            if not mine:
                continue
            rest = median(run.rest or 0 for run in mine)
            left_out = median(run.left_out or 0 for run in mine)
            rows.append((name, f"{seconds:g}", PLANNER, f"{left_out:g}", f"{rest:,.0f}", "1", ""))
            for who in PEERS:
                rows += [_peer_row(run, rest) for run in grouped(runs, who).get((name, seconds), [])]
    return table(("problem", "seconds", "who", "left out", "rest", "ratio of the rest", ""), rows)


def _peer_row(run: Run, rest: float) -> Row:
    name, seconds = run.task.problem, f"{run.task.seconds:g}"
    if run.rest is None or run.left_out is None:
        return (name, seconds, run.task.who, "–", "–", "–", "no plan")
    return (name, seconds, run.task.who, f"{run.left_out:,}", f"{run.rest:,}", f"{run.rest / rest:.2f}", run.note)


def tiny_table(runs: Sequence[Run]) -> str:
    """How many were solved to a proven optimum, and the time of the slowest."""
    tiny = [run for run in runs if run.task.problem.startswith("tiny/")]
    proven = sum(run.status == "optimal" for run in tiny)
    slowest = max((run.took_seconds for run in tiny), default=0)
    row = (f"{len(tiny)}", f"{proven}", f"{slowest:.1f} s")
    return table(("problems", "optimal and proven", "slowest"), [row] if tiny else [])


def parts_table(runs: Sequence[Run]) -> str:
    """What each part placed, improved and proved, in the longest run of each problem."""
    heading = ("problem", "engine", "seconds", "placed", "total improved by", "proved", "complete after, s")
    rows = []
    for who in (PLANNER, STAGES):
        longest: dict[str, Run] = {}
        for (name, _), group in sorted(grouped(runs, who).items()):
            if _is_own(name):
                longest[name] = group[-1]
        rows += [_parts_row(run) for run in longest.values()]
    return table(heading, rows)


def _parts_row(run: Run) -> Row:
    placed = ", ".join(f"{part} {count:,}" for part, count in run.placed.items())
    improved = ", ".join(f"{part} {amount:,}" for part, amount in run.improved.items())
    proved = f"left out ≥ {run.unscheduled_bound:,}, total ≥ {run.bound:,}" if run.bound is not None else "–"
    if run.unscheduled_bound is None and run.bound is not None:
        proved = f"total ≥ {run.bound:,}"
    complete = "–" if run.reached_seconds is None else f"{run.reached_seconds:g}"
    engine = "auto" if run.task.who == PLANNER else "cpsat"
    return (run.task.problem, engine, f"{run.task.seconds:g}", placed, improved or "–", proved, complete)


def province_table(runs: Sequence[Run]) -> str:
    """Each prefecture in the longest run of the province, and by itself."""
    whole = [run for run in runs if run.task.problem == PROVINCE and run.areas]
    alone = {run.task.problem: run for run in runs if run.task.problem.startswith(f"{PROVINCE}-area-")}
    if not whole:
        return ""
    longest = max(whole, key=lambda run: run.task.seconds)
    rows = []
    for name, (left_out, rest) in longest.areas.items():
        run = alone.get(name)
        if run is not None and run.rest:
            ratio = f"{100 * (rest / run.rest - 1):+.1f} %"
            rows.append(
                (name.rpartition("-")[2], f"{left_out}", f"{rest:,}", f"{run.left_out}", f"{run.rest:,}", ratio)
            )
    heading = ("prefecture", f"left out in {longest.task.seconds:g} s", "rest", "left out alone", "rest alone", "more")
    return table(heading, rows)


def growth_table(runs: Sequence[Run]) -> str:
    """How long it takes until the least weight left out of a run is reached."""
    own = grouped(runs, PLANNER)
    rows = []
    for count in range(1, 100):
        group = own.get((some_areas_name(count), 60.0), [])
        rows += [_growth_row(str(count), group)] if group else []
    if province := own.get((PROVINCE, 60.0)):
        rows.append(_growth_row("all", province))
    return table(("prefectures", "visits", "left out", "reached after, s"), rows)


def _growth_row(count: str, group: Sequence[Run]) -> Row:
    reached = [run.reached_seconds for run in group if run.reached_seconds is not None]
    return (count, f"{group[0].visits:,}", spread([run.left_out or 0 for run in group]), spread(reached))


if __name__ == "__main__":
    sys.exit(main())
