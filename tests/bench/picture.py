"""The picture of a measurement: the weight left out above, the rest below, over time, by problem."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

from tests.bench.runs import PLAIN, PLANNER, STAGES, TIMEFOLD, Run
from tests.bench.schedule import OF_PEERS

COLOURS = {PLANNER: "tab:blue", STAGES: "tab:green", PLAIN: "tab:red", TIMEFOLD: "tab:orange"}


TICKS = (1, 3, 10, 30, 100, 300)
"""Seconds on the axis of time."""


def draw(runs: Sequence[Run], path: Path) -> None:
    """Draw the longest run of everybody on the peers' problems; a dot is a plan as it was checked."""
    mpl.use("svg")
    from matplotlib import pyplot

    mpl.rcParams["svg.hashsalt"] = "benchmarks"  # the same picture for the same runs
    figure, axes = pyplot.subplots(2, len(OF_PEERS), figsize=(11, 6), sharex=True, squeeze=False)
    for column, name in enumerate(OF_PEERS):
        axes[0][column].set_title(name)
        axes[1][column].set_xlabel("seconds")
        for who, colour in COLOURS.items():
            own = [run for run in runs if run.task.who == who and run.task.problem == name and run.rest is not None]
            for row, part in enumerate(("left_out", "rest")):
                at, values = _curve(own, part)
                axes[row][column].plot(at, values, color=colour, linewidth=1.2)
                dots = [(run.took_seconds, getattr(run, part)) for run in own]
                axes[row][column].scatter([x for x, _ in dots], [y for _, y in dots], s=12, color=colour, label=who)
        axes[0][column].set_xscale("log")
        axes[1][column].set_xticks(TICKS, [f"{tick}" for tick in TICKS])
        axes[1][column].minorticks_off()
        axes[0][column].set_yscale("symlog")
        axes[0][column].set_ylim(bottom=0)
    axes[0][0].set_ylabel("weight left out")
    axes[1][0].set_ylabel("rest of the total")
    axes[0][-1].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def _curve(runs: Sequence[Run], part: str) -> tuple[list[float], list[int]]:
    """What the longest run told; nothing was dropped from its plan, or its own account would not hold."""
    longest = max((run for run in runs if not run.dropped), key=lambda run: run.task.seconds, default=None)
    points = [] if longest is None else [point for point in longest.curve if getattr(point, part) is not None]
    return [point.seconds for point in points], [getattr(point, part) for point in points]
