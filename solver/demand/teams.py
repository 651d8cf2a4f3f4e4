"""Length, team and resources of a visit, from the programme's phase and the kind and size of the inspectee."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from solver.demand.inputs import Case, DemandInput, Inspectee, Observation, Phase, Pool, Programme
from solver.demand.result import RequiredVisit
from solver.problem import MAX_HALF_DAYS, DateRange, TeamNeed

LEADER_OF = "lead:"
"""How the tag of those begins who may lead the teams of one office."""


def pool_tag(code: str) -> str:
    """The tag of the people of an office."""
    return f"pool:{code}"


def inspector_tag(code: str) -> str:
    """The tag of the inspectors of a city's office, experts and department members not among them."""
    return f"inspector:{code}"


def leader_tag(code: str) -> str:
    """The tag of the inspectors of a city's office who may lead a team."""
    return f"{LEADER_OF}{code}"


def cars_of(code: str) -> str:
    """The resource of an office's cars."""
    return f"cars:{code}"


def host_of(banner: str) -> str:
    """The resource of a banner that hosts one team at a time."""
    return f"host:{banner}"


def case_for(phase: Phase, inspectee: Inspectee) -> Case | None:
    """The case of the inspectee's kind with the most classes that it reaches; none where the phase has none."""
    fitting = [case for case in phase.cases if inspectee.kind in case.kinds and case.from_classes <= inspectee.classes]
    return max(fitting, key=lambda case: case.from_classes, default=None)


def observed_classes(classes: int, rule: Observation) -> int:
    """Classes to watch: Σ over the age groups of ⌈classes of the group / one_in⌉, the classes spread evenly."""
    smaller, larger_groups = divmod(max(classes, rule.ages), rule.ages)
    groups = [smaller + 1] * larger_groups + [smaller] * (rule.ages - larger_groups)
    return sum(-(-group // rule.one_in) for group in groups)


def half_days_for(phase: Phase, inspectee: Inspectee) -> int:
    """Half-days of a visit: of the case for the inspectee's kind and size, else the phase's.

    With an observation rule each morning watches as many classes as there are observers, and the afternoon after it is
    for papers, talks and feedback: 2 half-days for ⌈classes to watch / observers⌉ mornings each.
    """
    case = case_for(phase, inspectee)
    if case is None:
        return phase.half_days
    if case.observation is not None:
        mornings = -(-observed_classes(inspectee.classes, case.observation) // case.observation.observers)
        return min(2 * mornings, MAX_HALF_DAYS)
    return case.half_days or phase.half_days


def team_for(given: DemandInput, phase: Phase, inspectee: Inspectee) -> TeamNeed:
    """Size, pool and required tags of a visit's team."""
    case = case_for(phase, inspectee)
    requires = {**phase.requires, **(case.requires if case else {})}
    if phase.city_members:
        requires[inspector_tag(inspectee.city)] = phase.city_members
        requires[leader_tag(inspectee.city)] = 1
    size = case.size if case is not None and case.size is not None else phase.size
    return TeamNeed(size, _pool(given, phase.pool, inspectee), MappingProxyType(requires))


def _pool(given: DemandInput, pool: Pool, inspectee: Inspectee) -> tuple[str, ...]:
    if pool is Pool.OWNER:
        return (pool_tag(inspectee.office),)
    if pool is Pool.CITY:
        return (pool_tag(inspectee.city),)
    others = sorted(banner for banner in given.banners.get(inspectee.city, ()) if banner != inspectee.banner)
    return (pool_tag(inspectee.city), *map(pool_tag, others))


@dataclass(frozen=True, slots=True)
class Need:
    """Length and team that a phase needs at an inspectee."""

    half_days: int
    team: TeamNeed


def need_for(given: DemandInput, phase: Phase, inspectee: Inspectee) -> Need:
    """Length and team of a phase at an inspectee."""
    return Need(half_days_for(phase, inspectee), team_for(given, phase, inspectee))


def visit_of(
    key: str, inspectee: Inspectee, programme: Programme, phase: Phase, need: Need, window: DateRange
) -> RequiredVisit:
    """The required visit of a phase of a programme at an inspectee in a window, with a car of its office."""
    return RequiredVisit(
        key=key,
        inspectee=inspectee.id,
        office=inspectee.office,
        half_days=need.half_days,
        earliest=window.first,
        latest=window.last,
        team=need.team,
        weight=phase.weight,
        burden=programme.burden,
        serves=((programme.code, phase.name),),
        resources=(cars_of(inspectee.office),),
    )


def merged_team(guest: TeamNeed, host: TeamNeed) -> TeamNeed:
    """One team that is lawful for both: the larger size, the wider pool, and of each tag as many as either requires.

    Where the pools differ, the narrower pool's team stays whole inside the larger one: as many of its people are
    required as that team has members.
    """
    tags = sorted({*guest.requires, *host.requires})
    requires = {tag: max(guest.requires.get(tag, 0), host.requires.get(tag, 0)) for tag in tags}
    pool = tuple(dict.fromkeys((*host.pool, *guest.pool)))
    for each in (guest, host):
        if len(each.pool) == 1 and set(each.pool) != set(pool):
            requires[each.pool[0]] = max(requires.get(each.pool[0], 0), each.size)
    return TeamNeed(max(guest.size, host.size), pool, MappingProxyType(requires))
