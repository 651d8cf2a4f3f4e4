"""Names of people, units, visits, resources and tags for the words of reasons; read a page at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from app.calendars.words import HALVES_OF_TERM, SEASONS
from app.core.rows import id_of
from app.core.words import inside_quotes
from app.models import Inspectee, Inspector, Programme, ProgrammeRule, Region, Topic, ValidationTarget
from app.planning.names import row_of
from app.programmes.schemas import PhaseName, phases_of
from app.programmes.words import PEOPLE_REQUIRED, RECOGNITIONS
from solver.demand.keys import (
    ChainKey,
    GovernmentKey,
    HeadTermKey,
    RecheckKey,
    RoundKey,
    RoutineKey,
    TopicKey,
    inspectee_of,
    parse_key,
    topic_of_phase,
    topic_phase,
)

_PERSON = re.compile(r"^i\d+$")
_UNIT = re.compile(r"^e\d+$")


_OF_CHAINS: Mapping[str, str] = {recognition.value: words for recognition, words in RECOGNITIONS.items()}
"""What the steps of a chain are steps of: the names of their programmes end in 督导, and so do those of steps."""


def half_of_term(year: object, season: object, half: object) -> str:
    """A half of a school term in words."""
    return f"{year} 年{SEASONS.get(str(season), season)}{HALVES_OF_TERM.get(str(half), half)}"


_TITLES: Mapping[str, str] = {PhaseName.RECHECK: "整改复查"}
"""The steps that a visit of any programme may have."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id; what is not known is shown by its id."""

    people: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    programmes: Mapping[str, str] = field(default_factory=dict)
    phases: Mapping[tuple[str, str], str] = field(default_factory=dict)
    topics: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, details: Iterable[Any]) -> Names:
        """The names that these details speak of, whatever their shape: six queries."""
        words = {word for detail in details for word in _words(detail)}
        people = {row_of(word) for word in words if _PERSON.match(word)}
        units = {row_of(word) for word in words if _UNIT.match(word)}
        units |= {number for word in words if (number := _row(inspectee_of(word)))}
        regions = {id_of(region): region for region in session.exec(select(Region)).all()}
        programmes = session.exec(select(Programme).order_by(col(Programme.version))).all()
        return cls(
            people={
                number: name
                for number, name in session.exec(
                    select(Inspector.id, Inspector.name).where(col(Inspector.id).in_(people))
                ).all()
                if number is not None
            },
            units={
                number: name
                for number, name in session.exec(
                    select(Inspectee.id, Inspectee.name).where(col(Inspectee.id).in_(units))
                ).all()
                if number is not None
            },
            regions={region.adcode: region.name for region in regions.values()},
            targets={
                id_of(row): (regions[row.region_id].name, row.recognition.value)
                for row in session.exec(select(ValidationTarget)).all()
            },
            programmes={row.code: row.name for row in programmes},
            phases={(row.code, phase.name.value): phase.title for row in programmes for phase in phases_of(row.phases)},
            topics={
                number: title
                for number, title in session.exec(select(Topic.id, Topic.title)).all()
                if number is not None
            },
        )

    def person(self, name: str) -> str:
        """Somebody's name."""
        return self.people.get(row_of(name), name) if _PERSON.match(name) else name

    def unit(self, name: str) -> str:
        """A unit's name."""
        return self.units.get(row_of(name), name) if _UNIT.match(name) else name

    def tag(self, tag: str) -> str:
        """What a member of a team is to be, in words."""
        if tag.startswith("pool:"):
            return f"{self._office_of(tag)}的人"
        if tag.startswith("inspector:"):
            return f"{self._office_of(tag)}的督学"
        if tag.startswith("lead:"):
            return f"{self._office_of(tag)}可任组长的督学"
        if tag.startswith("routine:"):
            return f"{self._office_of(tag)}承担经常性督导的督学"
        if tag.startswith("area:"):
            return "本责任区的督学"
        return PEOPLE_REQUIRED.get(tag, tag)

    def _office_of(self, tag: str) -> str:
        adcode = tag.partition(":")[2]
        return f"{self.regions.get(adcode, adcode)}督导机构"

    def resource(self, name: str) -> str:
        """A resource in words."""
        kind, _, code = name.partition(":")
        region = self.regions.get(code, code)
        return {"cars": f"{region}督导机构的车辆", "host": f"{region}的同期承接能力"}.get(kind, name)

    def duty(self, programme: str, phase: str) -> str:
        """A programme's phase in words: the official name of the step, or the title of the topic."""
        topic = topic_of_phase(phase)
        if topic is not None:
            return f"“{inside_quotes(self.topics.get(_row(topic), phase))}”专项督导"
        title = self.phases.get((programme, phase), _TITLES.get(phase, phase))
        name = _OF_CHAINS.get(programme) or self.programmes.get(programme, programme)
        return title if phase == PhaseName.EVALUATION else f"{name}{title}"

    def _unit_of(self, number: str) -> str:
        return self.unit(f"e{number}")

    def visit(self, key: str) -> str:
        """A visit in words: which unit, which programme, which step."""
        match parse_key(key):
            case RecheckKey(first):
                return f"{self.visit(first)}的复查"
            case RoundKey(_, number):
                return f"{self._unit_of(number)}{self.duty(ProgrammeRule.ROUND, PhaseName.EVALUATION)}"
            case GovernmentKey(_, number):
                return f"{self._unit_of(number)}{self.duty(ProgrammeRule.GOVERNMENT, PhaseName.EVALUATION)}"
            case RoutineKey(term, half, number):
                return f"{self._unit_of(number)}经常性督导（{half_of_term(term.year, term.season, half)}）"
            case TopicKey(topic, number):
                return f"{self._unit_of(number)}{self.duty('', topic_phase(topic))}"
            case HeadTermKey(year, number):
                return f"{self._unit_of(number)}校（园）长任期结束综合督导（{year} 年）"
            case ChainKey(target, phase, of_term):
                region, programme = self.targets.get(_row(target), (key, ""))
                words = f"（{of_term.year} 年{SEASONS[of_term.season]}）" if of_term else ""
                return f"{region}{self.duty(programme, phase)}{words}"
        return key


def _row(text: str | None) -> int:
    """The row of a number inside a key; no row has the number 0."""
    return int(text) if text is not None and text.isascii() and text.isdecimal() else 0


def _words(value: Any) -> Iterable[str]:
    """Every string inside a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _words(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _words(each)
