"""What demand is expanded from: programmes, rounds, targets, inspectees, terms, and assignments already made.

Everything is an immutable value; ids are strings, dates inclusive. Offices, cities and banners are named by their
administrative code, so that the pool of an office is the tag ``pool:{code}``. No date is "today": the working date
is an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from solver.demand.keys import topic_phase
from solver.problem import DateRange


class Rule(StrEnum):
    """The rule by which a programme is expanded."""

    ROUND = "round"
    GOVERNMENT = "government"
    CHAIN = "chain"
    THEMATIC = "thematic"
    PRINCIPAL_TERM = "principal_term"
    ROUTINE = "routine"


class Pool(StrEnum):
    """Whose people a team is drawn from: the owner office's, the city's, or the city's and all other banners'."""

    OWNER = "owner"
    CITY = "city"
    CROSS = "cross"


GOVERNMENT_KIND = "government"
"""The kind of an inspectee that is a banner's government."""

EVALUATION = "evaluation"
LAUNCH = "launch"
PROGRESS = "progress"
REVIEW = "review"
RECHECK = "recheck"


@dataclass(frozen=True, slots=True)
class Observation:
    """Class observation in kindergartens: of each age group one class in ``one_in``, by ``observers`` a morning."""

    ages: int
    one_in: int
    observers: int


@dataclass(frozen=True, slots=True)
class Case:
    """What differs for inspectees of some kinds with at least ``from_classes`` classes; ``None`` leaves it as it is."""

    kinds: frozenset[str]
    from_classes: int = 0
    half_days: int | None = None
    observation: Observation | None = None
    size: int | None = None
    requires: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phase:
    """One kind of visit of a programme.

    ``lead_years`` is counted back from the target year (chains), ``gap_days`` the least days after the visit before
    it (progress visits), ``city_members`` the least number of the city's
    inspectors in the team, one of whom leads it. A recheck begins
    ``min_days`` to ``max_days`` after the last day of its visit, and is reserved for ``share_percent`` of the visits.
    The inspection at the end of a head's term lies between ``days_before`` and ``days_after`` that day.
    """

    name: str
    half_days: int
    size: int
    pool: Pool
    weight: int
    requires: Mapping[str, int] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()
    lead_years: int = 0
    gap_days: int = 0
    city_members: int = 0
    excludes_own_banner: bool = False
    min_days: int = 60
    max_days: int = 150
    share_percent: int = 100
    days_before: int = 180
    days_after: int = 180


@dataclass(frozen=True, slots=True)
class Programme:
    """One version of a programme, in force from a day to a day; no last day is until further notice."""

    code: str
    rule: Rule
    covers: frozenset[str]
    comprehensive: bool
    notice_days: int
    phases: tuple[Phase, ...]
    in_force_from: date
    in_force_to: date | None = None
    max_interval_years: int | None = None

    def phase(self, name: str) -> Phase | None:
        """The phase of this name, if the programme has one."""
        return next((phase for phase in self.phases if phase.name == name), None)

    def needed_phase(self, name: str) -> Phase:
        """The phase without which the rule cannot be expanded; ``ValueError`` where the programme lacks it."""
        phase = self.phase(name)
        if phase is None:
            raise ValueError(f"programme {self.code} has no phase {name}")
        return phase

    @property
    def burden(self) -> int:
        """A visit of a comprehensive programme counts as one comprehensive inspection."""
        return 1 if self.comprehensive else 0


@dataclass(frozen=True, slots=True)
class Round:
    """A fixed span in which every inspectee that a rule covers is inspected at least once."""

    id: str
    rule: Rule
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Inspectee:
    """An inspectee of the register: a school, or a banner's government.

    ``closed`` are the ranges in which it cannot be visited, ascending and disjoint; ``inspected_on`` the first days of
    its comprehensive inspections so far, ascending; ``office`` the code of the office that owns its inspection.
    ``routine_pool`` is the tag of the people who make its routine visits, where it is narrower than the office's.
    """

    id: str
    number: str
    kind: str
    banner: str
    city: str
    office: str
    classes: int = 0
    opened_on: date | None = None
    closed_on: date | None = None
    closed: tuple[DateRange, ...] = ()
    inspected_on: tuple[date, ...] = ()
    head_term_ends_on: date | None = None
    routine_pool: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A banner that is to be validated in a year; the two dates are given from outside, when they are known."""

    id: str
    banner: str
    programme: str
    year: int
    evaluation_on: date | None = None
    validation_on: date | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A school term of one kind of inspectee; ``season`` is ``spring`` or ``autumn`` of ``year``."""

    kind: str
    year: int
    season: str
    first: date
    last: date


Serves = tuple[tuple[str, str], ...]
"""Programme code and phase of each requirement that a visit fulfils."""


@dataclass(frozen=True, slots=True)
class KnownAssignment:
    """An assignment of an earlier plan.

    A ``fixed`` one has begun or lies outside what is planned now, and is not planned again. One that is not
    ``in_force`` is outlook only: it says what was chosen, but nobody was told its day.
    """

    key: str
    inspectee: str
    first_on: date
    last_on: date
    serves: Serves
    office: str = ""
    fixed: bool = False
    in_force: bool = True


@dataclass(frozen=True, slots=True)
class Topic:
    """A thematic inspection of some inspectees within some days, under a programme of rule ``thematic``.

    The ``inspectees`` bear the topic's office as theirs, even where another office owns them. An ``unannounced`` one
    is secret beforehand: it needs no notice and joins no other visit.
    """

    id: str
    programme: str
    first: date
    last: date
    half_days: int
    size: int
    weight: int
    inspectees: tuple[Inspectee, ...]
    requires: Mapping[str, int] = field(default_factory=dict)
    unannounced: bool = False
    subject: str = ""

    @property
    def phase(self) -> str:
        """What a visit of the topic is within its programme."""
        return topic_phase(self.id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a visit that was carried out.

    ``rectify_by`` is the last day of rectification, none where it had no findings; ``is_urgent`` where a finding
    endangers people.
    """

    visit: str
    done_on: date
    rectify_by: date | None = None
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class DemandSettings:
    """Settings of the field's rules; days unless the name says otherwise."""

    chain_gap_days: int = 120
    late_gap_days: int = 30
    application_month: int = 3
    application_day: int = 31
    settle_days: int = 180
    term_margin_days: int = 7
    merged_extra_half_days: int = 2
    merge_topics: bool = True
    merged_topic_max_half_days: int = 4
    reserve_rechecks: bool = True
    routine_to_comprehensive_days: int = 7
    routine_gap_days: int = 21
    topic_gap_days: int = 14
    routine_buffer_days: int = 0
    comprehensive_counts_as_routine: bool = False
    reviewed_banners_lend_nobody: bool = True
    recheck_from_days: int = 10
    recheck_within_days: int = 60
    urgent_recheck_days: int = 7


@dataclass(frozen=True, slots=True)
class DemandInput:
    """All that the rules are expanded from; ``days`` are the inspection days of the horizon, ascending.

    ``banners`` names the banners of each city; ``subjects`` are those of all offices' announced topics, by topic;
    ``assignments`` is what is in force, of the offices that are planned.
    """

    working_on: date
    first: date
    last: date
    days: tuple[date, ...]
    inspectees: tuple[Inspectee, ...]
    programmes: tuple[Programme, ...]
    rounds: tuple[Round, ...] = ()
    targets: tuple[Target, ...] = ()
    terms: tuple[Term, ...] = ()
    banners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    assignments: tuple[KnownAssignment, ...] = ()
    topics: tuple[Topic, ...] = ()
    subjects: Mapping[str, str] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()
    settings: DemandSettings = DemandSettings()
