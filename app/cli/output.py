"""What the commands print: progress as a bar on a terminal and as lines elsewhere, errors on standard error."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NoReturn, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from app.models import PlanState
from app.plans.words import STATES

LINE_SECONDS = 5.0
"""Between two lines of progress where there is no terminal."""


def say(line: str) -> None:
    """A line for the user."""
    typer.echo(line)


def fail(message: str, status: int = 1) -> NoReturn:
    """End the command with words on standard error."""
    typer.echo(message, err=True)
    raise typer.Exit(status)


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far a plan is."""

    state: str
    elapsed_seconds: float
    scheduled: int
    visits: int
    total: int | None

    def words(self) -> str:
        """The standing in a few words."""
        placed = f"已安排 {self.scheduled}/{self.visits}" if self.visits else "正在展开规则"
        return placed + (f"，总分 {self.total}" if self.total is not None and self.scheduled else "")


class ProgressView:
    """Shows how far a plan is: a bar that is redrawn on a terminal, a line every few seconds elsewhere."""

    def __init__(self, name: str, seconds: int, console: Console | None = None) -> None:
        self._name = name
        self._seconds = seconds
        console = console or Console()
        self._bar: Progress | None = None
        if console.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}"))
            self._bar = Progress(*columns, console=console, transient=True)
            self._task = self._bar.add_task(name, total=seconds, words=STATES[PlanState.QUEUED])
        self._said_at = -LINE_SECONDS
        self._said = ""

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, standing: PlanProgress) -> None:
        """Show how far the plan is."""
        seconds = min(round(standing.elapsed_seconds), self._seconds)
        words = f"{seconds}/{self._seconds} 秒，{standing.words()}"
        if self._bar is not None:
            self._bar.update(self._task, completed=seconds, words=words)
            return
        line = f"{self._name}：{STATES.get(standing.state, standing.state)}，{words}"
        if line != self._said and time.monotonic() - self._said_at >= LINE_SECONDS:
            self._said, self._said_at = line, time.monotonic()
            say(line)


def say_result(plan: Mapping[str, Any]) -> None:
    """A finished plan in a few lines; ``plan`` is the answer of the service."""
    say(f"日程 {plan['id']}“{plan['name']}”：{STATES.get(plan['state'], plan['state'])}")
    if plan["failure"]:
        say(plan["failure"])
    for fault in plan["faults"][:10]:
        say(f"  {fault['message']}")
    figures = plan["figures"]
    if figures is None:
        return
    bound = "" if plan["bound"] is None else f"，下界 {plan['bound']}"
    visits = f"{figures['visits_planned']}/{figures['visits_asked']}"
    say(f"  督导 {visits}，行程 {figures['kilometres']} 公里，在外过夜 {figures['nights']} 夜")
    say(f"  总分 {plan['total']}{bound}")
    for programme in figures["programmes"]:
        say(f"  {programme['programme']}：{programme['planned']}/{programme['asked']}")
    if plan["changes"] is not None:
        changes = plan["changes"]
        say(
            f"  与日程 {plan['based_on']} 相比：未变 {changes['kept']}，改日 {changes['day']}，"
            f"改半天 {changes['half']}，换人 {changes['team']}，新增 {changes['added']}，取消 {changes['dropped']}"
        )
