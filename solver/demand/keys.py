"""Visit keys: the stable name of each required visit, the same in every plan; made and parsed here alone.

The grammar, where ``inspectee`` is the number of an inspectee and holds no hyphen:

    round-{round}-{inspectee}                           one inspection in a round of schools
    government-{round}-{inspectee}                      one evaluation in a round of governments
    chain-{target}-{phase}[-{year}-{season}]            a phase of a validation target, a progress visit with its term
    principal_term-{year}-{inspectee}                   the inspection at the end of a head's term of office
    routine-{year}-{season}-{half}-{inspectee}          a routine visit in one half of a school term
    topic-{topic}-{inspectee}                           a visit of a topic
    recheck-{key}                                       the recheck after the visit of that key
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

CHAIN_PHASES = ("launch", "progress", "review")
SEASONS = ("spring", "autumn")


@dataclass(frozen=True, slots=True)
class RoundKey:
    """The inspection of a school in a round."""

    round: str
    inspectee: str

    def __str__(self) -> str:
        return f"round-{self.round}-{self.inspectee}"


@dataclass(frozen=True, slots=True)
class GovernmentKey:
    """The evaluation of a government in a round."""

    round: str
    inspectee: str

    def __str__(self) -> str:
        return f"government-{self.round}-{self.inspectee}"


@dataclass(frozen=True, slots=True)
class TermOfYear:
    """A school term by its year and season, whatever the kind of school."""

    year: int
    season: str

    def __str__(self) -> str:
        return f"{self.year}-{self.season}"


@dataclass(frozen=True, slots=True)
class ChainKey:
    """A phase of a validation target; a progress visit names its term."""

    target: str
    phase: str
    term: TermOfYear | None = None

    def __str__(self) -> str:
        return f"chain-{self.target}-{self.phase}" + (f"-{self.term}" if self.term else "")


@dataclass(frozen=True, slots=True)
class HeadTermKey:
    """The inspection of a school whose head's term of office ends in a year."""

    year: int
    inspectee: str

    def __str__(self) -> str:
        return f"principal_term-{self.year}-{self.inspectee}"


@dataclass(frozen=True, slots=True)
class RoutineKey:
    """A routine visit in the first or second half of a school term."""

    term: TermOfYear
    half: int
    inspectee: str

    def __str__(self) -> str:
        return f"routine-{self.term}-{self.half}-{self.inspectee}"


@dataclass(frozen=True, slots=True)
class TopicKey:
    """A visit of a topic to one of its inspectees."""

    topic: str
    inspectee: str

    def __str__(self) -> str:
        return f"{topic_phase(self.topic)}-{self.inspectee}"


@dataclass(frozen=True, slots=True)
class RecheckKey:
    """The recheck after a visit."""

    first: str

    def __str__(self) -> str:
        return f"recheck-{self.first}"


VisitKey = RoundKey | GovernmentKey | ChainKey | HeadTermKey | RoutineKey | TopicKey | RecheckKey

_TERM = rf"(\d+)-({'|'.join(SEASONS)})"
_GRAMMAR: tuple[tuple[re.Pattern[str], Callable[..., VisitKey]], ...] = (
    (re.compile(r"recheck-(.+)"), RecheckKey),
    (re.compile(r"round-(.+)-([^-]+)"), RoundKey),
    (re.compile(r"government-(.+)-([^-]+)"), GovernmentKey),
    (
        re.compile(rf"chain-(.+?)-({'|'.join(CHAIN_PHASES)})(?:-{_TERM})?"),
        lambda target, phase, year, season: ChainKey(target, phase, TermOfYear(int(year), season) if year else None),
    ),
    (re.compile(r"principal_term-(\d+)-([^-]+)"), lambda year, inspectee: HeadTermKey(int(year), inspectee)),
    (
        re.compile(rf"routine-{_TERM}-([12])-([^-]+)"),
        lambda year, season, half, inspectee: RoutineKey(TermOfYear(int(year), season), int(half), inspectee),
    ),
    (re.compile(r"topic-(.+)-([^-]+)"), TopicKey),
)


_TOPIC_PHASE = re.compile(r"topic-([^-]+)")


@lru_cache(maxsize=65536)
def parse_key(text: str) -> VisitKey | None:
    """The parsed key; none where the text is the key of no required visit (entries of the history have other names)."""
    for pattern, make in _GRAMMAR:
        found = pattern.fullmatch(text)
        if found:
            return make(*found.groups())
    return None


def topic_phase(topic: str) -> str:
    """The phase that a visit of a topic serves within its programme."""
    return f"topic-{topic}"


def topic_of_phase(phase: str) -> str | None:
    """The topic that a phase names; none where it is a phase of another kind."""
    found = _TOPIC_PHASE.fullmatch(phase)
    return found[1] if found else None


def inspectee_of(text: str) -> str | None:
    """The number of the inspectee that a key names, of a recheck that of the first visit; a target's names none."""
    parsed = parse_key(text)
    if isinstance(parsed, RecheckKey):
        return inspectee_of(parsed.first)
    return None if parsed is None or isinstance(parsed, ChainKey) else parsed.inspectee
