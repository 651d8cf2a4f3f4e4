"""What a run of the seed made, in values and in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FirstAccount:
    """An account made by the run; its password stands nowhere else and is valid until it is changed."""

    username: str
    role: str
    password: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the data: what it is called, how many rows of which thing were made; none when it was there already."""

    name: str
    made: tuple[tuple[str, int], ...] = ()

    def line(self) -> str:
        """The part in one line for people."""
        if not self.made:
            return f"{self.name}：已有，未改动"
        return f"{self.name}：" + "，".join(f"{thing} {count}" for thing, count in self.made)


@dataclass(frozen=True, slots=True)
class SeedReport:
    """What a run made of each part, and the accounts with the only copy of their passwords."""

    parts: tuple[Part, ...]
    accounts: tuple[FirstAccount, ...]

    @property
    def changed(self) -> bool:
        """Whether the run wrote anything."""
        return any(part.made for part in self.parts)

    def lines(self) -> list[str]:
        """The run in a few lines for people, without passwords."""
        if not self.changed:
            return ["数据已齐备，本次未作任何改动。"]
        return [part.line() for part in self.parts]
