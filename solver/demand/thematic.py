"""Rule ``thematic``: of each topic one visit to each of its inspectees, alone or within the round's visit there.

Window of a visit: topic ∩ horizon ∩ notice; the written notice of an unannounced one bears the day itself, since the
law asks for it beforehand and counts no days (条例 art. 16, 17). A topic that coincides with the round's visit at an
inspectee joins it where both are announced and of the same office, both together are no longer than a setting allows,
the days have enough in common, and one team can bear what both require. A topic's visit
that is in force alone stays alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from solver.demand.context import Context, Version, common, last_day
from solver.demand.inputs import EVALUATION, GOVERNMENT_KIND, Inspectee, KnownAssignment, Phase, Pool, Topic
from solver.demand.keys import TopicKey
from solver.demand.result import Detail, RequiredVisit, UnplannedReason, UnplannedRequirement
from solver.demand.teams import cars_of, host_of, merged_team, team_for
from solver.problem import MAX_HALF_DAYS, DateRange

LAWFUL = frozenset({"inspector", "lead"})
"""What every team holds, whatever it knows besides."""


@dataclass(frozen=True, slots=True)
class TopicVisits:
    """Visits of topics: those that joined another, by its key, those of their own, and unplanned requirements."""

    merged: Mapping[str, RequiredVisit]
    alone: tuple[RequiredVisit, ...]
    unplanned: tuple[UnplannedRequirement, ...]


def expand_topics(context: Context, visits: Iterable[RequiredVisit]) -> TopicVisits:
    """Every visit of every topic; ``visits`` are those of the other rules, which a topic may join."""
    expansion = _Expansion(context, _hosts(visits))
    for topic in sorted(context.given.topics, key=lambda each: (each.first, each.id)):
        for inspectee in topic.inspectees:
            expansion.add(topic, inspectee)
    return TopicVisits(expansion.merged, tuple(expansion.alone), tuple(expansion.unplanned))


@dataclass(slots=True)
class _Expansion:
    """Topics as they are expanded; an inspectee's host grows with each topic that joins it."""

    context: Context
    hosts: dict[str, dict[str, RequiredVisit]]
    merged: dict[str, RequiredVisit] = field(default_factory=dict)
    alone: list[RequiredVisit] = field(default_factory=list)
    unplanned: list[UnplannedRequirement] = field(default_factory=list)

    def add(self, topic: Topic, inspectee: Inspectee) -> None:
        """The visit of a topic to one inspectee."""
        days = DateRange(topic.first, topic.last)
        version = self.context.version_for(topic.programme, days)
        if version is None or days.last < self.context.given.first:
            return
        assigned = self._fixed(topic, inspectee)
        if assigned is not None:
            self._leave_out(topic, inspectee, UnplannedReason.DONE, inspected_on=assigned.first_on)
            return
        visit = self._visit(topic, inspectee, version)
        if not self.context.fits(inspectee, visit.half_days, DateRange(visit.earliest, visit.latest)):
            self._leave_out(topic, inspectee, self._why_not(topic, inspectee))
            return
        joined = self._joined(topic, inspectee, visit)
        if joined is None:
            self.alone.append(visit)
        else:
            self.hosts[inspectee.id][joined.key] = self.merged[joined.key] = joined

    def _fixed(self, topic: Topic, inspectee: Inspectee) -> KnownAssignment | None:
        """The visit that serves the topic at the inspectee and is fixed."""
        found = self.context.fixed_for(inspectee.id, topic.programme)
        return next((assigned for assigned in found if (topic.programme, topic.phase) in assigned.serves), None)

    def _visit(self, topic: Topic, inspectee: Inspectee, version: Version) -> RequiredVisit:
        notice_days = 0 if topic.unannounced else version.programme.notice_days
        start = self.context.start_for(
            str(TopicKey(topic.id, inspectee.number)), inspectee, topic.half_days, notice_days
        )
        window = common(version.window, DateRange(start, topic.last), self.context.horizon)
        phase = Phase(EVALUATION, topic.half_days, topic.size, Pool.OWNER, topic.weight, topic.requires)
        return RequiredVisit(
            key=str(TopicKey(topic.id, inspectee.number)),
            inspectee=inspectee.id,
            office=inspectee.office,
            half_days=topic.half_days,
            earliest=window.first,
            latest=window.last,
            team=team_for(self.context.given, phase, inspectee),
            weight=topic.weight,
            burden=0,
            serves=((topic.programme, topic.phase),),
            resources=_resources(inspectee),
            unannounced=topic.unannounced,
        )

    def _why_not(self, topic: Topic, inspectee: Inspectee) -> UnplannedReason:
        if inspectee.closed_on is not None and inspectee.closed_on <= topic.last:
            return UnplannedReason.CLOSED
        return UnplannedReason.NOT_YET_DUE if topic.last > self.context.horizon.last else UnplannedReason.MISSED

    def _joined(self, topic: Topic, inspectee: Inspectee, visit: RequiredVisit) -> RequiredVisit | None:
        """A comprehensive visit of the inspectee with the topic in it, or none where it does not join one."""
        settings = self.context.given.settings
        if topic.unannounced or not settings.merge_topics or self.context.movable(visit.key) is not None:
            return None
        joined = (self._with(host, visit, inspectee) for host in self.hosts.get(inspectee.id, {}).values())
        return next((each for each in joined if each is not None), None)

    def _with(self, host: RequiredVisit, visit: RequiredVisit, inspectee: Inspectee) -> RequiredVisit | None:
        """A host that serves the topic too, where office, length, team and days permit."""
        half_days, team = host.half_days + visit.half_days, merged_team(visit.team, host.team)
        if host.office != visit.office or half_days > self._longest or not _bears(team.size, team.requires):
            return None
        window = common(DateRange(host.earliest, host.latest), DateRange(visit.earliest, visit.latest))
        assigned = self.context.movable(host.key)
        if assigned is not None:
            stay = DateRange(assigned.first_on, last_day(assigned.first_on, half_days))
            if common(stay, window) != stay:
                return None
        if not self.context.fits(inspectee, half_days, window):
            return None
        return replace(
            host,
            half_days=half_days,
            earliest=window.first,
            latest=window.last,
            team=team,
            weight=max(host.weight, visit.weight),
            serves=(*host.serves, *visit.serves),
        )

    @property
    def _longest(self) -> int:
        """The most half-days of a visit that serves a topic too."""
        return min(MAX_HALF_DAYS, self.context.given.settings.merged_topic_max_half_days)

    def _leave_out(self, topic: Topic, inspectee: Inspectee, reason: UnplannedReason, **details: Detail) -> None:
        told = {"topic": topic.id, **details}
        if inspectee.closed_on is not None and reason is UnplannedReason.CLOSED:
            told["closed_on"] = inspectee.closed_on
        self.unplanned.append(
            UnplannedRequirement(inspectee.id, topic.programme, topic.phase, reason, topic.last, told)
        )


def _resources(inspectee: Inspectee) -> tuple[str, ...]:
    """A car of the office, and at a government the banner that hosts one team at a time."""
    cars = cars_of(inspectee.office)
    return (cars, host_of(inspectee.banner)) if inspectee.kind == GOVERNMENT_KIND else (cars,)


def _bears(size: int, requires: Mapping[str, int]) -> bool:
    """Whether a team holds all it requires with one skill a head, three inspectors among them (条例 art. 16)."""
    skills = sum(number for tag, number in requires.items() if tag not in LAWFUL and ":" not in tag)
    return skills <= size


def _hosts(visits: Iterable[RequiredVisit]) -> dict[str, dict[str, RequiredVisit]]:
    """The comprehensive visits by inspectee and key."""
    hosts: dict[str, dict[str, RequiredVisit]] = defaultdict(dict)
    for visit in visits:
        if visit.burden:
            hosts[visit.inspectee][visit.key] = visit
    return hosts
