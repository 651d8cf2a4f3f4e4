"""When a search ends: rules that are asked often and answer yes or no."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

StopRule = Callable[[], bool]
"""Whether to stop now; once it has said so it must go on saying so."""


class StopError(Exception):
    """What was under way is given up, because a stop rule says so."""


@dataclass(slots=True)
class Deadline:
    """Stops when so many seconds of wall-clock time have passed since it was made."""

    seconds: float
    started: float = field(default_factory=time.monotonic)

    def __call__(self) -> bool:
        """Whether the time is over."""
        return self.elapsed() >= self.seconds

    def extend(self, seconds: float) -> None:
        """Give more time, or less if negative."""
        self.seconds += seconds

    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def left(self) -> float:
        """Seconds that are left, at least 0."""
        return max(0.0, self.seconds - self.elapsed())


def any_of(*rules: StopRule) -> StopRule:
    """A rule that stops as soon as one of these does."""
    return lambda: any(rule() for rule in rules)
