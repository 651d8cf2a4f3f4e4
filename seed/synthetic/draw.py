"""Random streams: one for each purpose and banner, so that a change in one leaves the others as they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draw:
    """Makes the streams of a seed number."""

    seed_number: int

    def stream(self, *purpose: str) -> Random:
        """The stream of a purpose; the same words give the same stream on every machine."""
        return Random(":".join((str(self.seed_number), *purpose)))


def day_between(random: Random, first: date, last: date) -> date:
    """A day from first to last, both inclusive."""
    return first + timedelta(days=random.randint(0, (last - first).days))


def some(random: Random, things: Sequence[T], count: int) -> list[T]:
    """That many different things, or all where there are fewer."""
    return random.sample(list(things), min(count, len(things)))


def years_later(day: date, years: int) -> date:
    """The same day some years later; the last of February for a leap day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
