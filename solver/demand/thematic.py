"""Rule ``thematic``: of each topic one visit to each of its units, alone or within the round's visit there.

Window of a visit: topic ∩ horizon ∩ notice; the written notice of an unannounced one bears the day itself, since the
law asks for it beforehand and counts no days (条例 art. 16, 17). A topic that falls together with the round's visit at
a unit joins it where both are announced and of the same office, both together are no longer than the longest visit,
the days have enough in common, and one team can bear what both require. One that is in force by itself stays so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from solver.demand.context import Context, Version, common, last_day
from solver.demand.inputs import EVALUATION, Phase, Pool, Site, Standing, Topic
from solver.demand.result import DemandedVisit, Detail, UnplannedDuty, UnplannedReason
from solver.demand.teams import cars_of, merged_team, team_for
from solver.problem import MAX_HALF_DAYS, DateRange

LAWFUL = frozenset({"inspector", "lead"})
"""What every team holds, whatever it knows besides."""


@dataclass(frozen=True, slots=True)
class TopicVisits:
    """Visits of topics: those that joined another, by its key, those of their own, and duties without one."""

    merged: Mapping[str, DemandedVisit]
    alone: tuple[DemandedVisit, ...]
    unplanned: tuple[UnplannedDuty, ...]


def key_of(topic: Topic, site: Site) -> str:
    """The name of the duty, the same in every plan."""
    return f"topic-{topic.id}-{site.number}"


def expand_topics(context: Context, visits: Iterable[DemandedVisit]) -> TopicVisits:
    """Every visit of every topic; ``visits`` are those that the other rules ask, which a topic may join."""
    expansion = _Expansion(context, _hosts(visits))
    for topic in sorted(context.given.topics, key=lambda each: (each.first, each.id)):
        for site in topic.sites:
            expansion.add(topic, site)
    return TopicVisits(expansion.merged, tuple(expansion.alone), tuple(expansion.unplanned))


@dataclass(slots=True)
class _Expansion:
    """Topics as they are expanded; a unit's host grows with each topic that joins it."""

    context: Context
    hosts: dict[str, dict[str, DemandedVisit]]
    merged: dict[str, DemandedVisit] = field(default_factory=dict)
    alone: list[DemandedVisit] = field(default_factory=list)
    unplanned: list[UnplannedDuty] = field(default_factory=list)

    def add(self, topic: Topic, site: Site) -> None:
        """The visit of a topic to one unit."""
        days = DateRange(topic.first, topic.last)
        version = self.context.version_for(topic.programme, days)
        if version is None or days.last < self.context.given.first:
            return
        stands = self._fixed(topic, site)
        if stands is not None:
            self._leave_out(topic, site, UnplannedReason.DONE, inspected_on=stands.first_on)
            return
        visit = self._visit(topic, site, version)
        if not self.context.fits(site, visit.half_days, DateRange(visit.earliest, visit.latest)):
            self._leave_out(topic, site, self._why_not(topic, site))
            return
        joined = self._joined(topic, site, visit)
        if joined is None:
            self.alone.append(visit)
        else:
            self.hosts[site.id][joined.key] = self.merged[joined.key] = joined

    def _fixed(self, topic: Topic, site: Site) -> Standing | None:
        """The visit that serves the topic at the unit and is not asked again."""
        found = self.context.fixed_for(site.id, topic.programme)
        return next((stands for stands in found if (topic.programme, topic.phase) in stands.serves), None)

    def _visit(self, topic: Topic, site: Site, version: Version) -> DemandedVisit:
        notice_days = 0 if topic.unannounced else version.programme.notice_days
        start = self.context.start_for(key_of(topic, site), site, topic.half_days, notice_days)
        window = common(version.window, DateRange(start, topic.last), self.context.horizon)
        phase = Phase(EVALUATION, topic.half_days, topic.size, Pool.OWNER, topic.weight, topic.requires)
        return DemandedVisit(
            key=key_of(topic, site),
            inspectee=site.id,
            office=site.office,
            half_days=topic.half_days,
            earliest=window.first,
            latest=window.last,
            team=team_for(self.context.given, phase, site),
            weight=topic.weight,
            burden=0,
            serves=((topic.programme, topic.phase),),
            resources=(cars_of(site.office),),
            unannounced=topic.unannounced,
        )

    def _why_not(self, topic: Topic, site: Site) -> UnplannedReason:
        if site.closed_on is not None and site.closed_on <= topic.last:
            return UnplannedReason.CLOSED
        return UnplannedReason.NOT_YET_DUE if topic.last > self.context.horizon.last else UnplannedReason.MISSED

    def _joined(self, topic: Topic, site: Site, visit: DemandedVisit) -> DemandedVisit | None:
        """A comprehensive visit of the unit with the topic in it, or none where they stay apart."""
        settings = self.context.given.settings
        if topic.unannounced or not settings.merge_topics or self.context.promised(visit.key) is not None:
            return None
        joined = (self._with(host, visit, site) for host in self.hosts.get(site.id, {}).values())
        return next((each for each in joined if each is not None), None)

    def _with(self, host: DemandedVisit, visit: DemandedVisit, site: Site) -> DemandedVisit | None:
        """A host that serves the topic too, where office, length, team and days permit."""
        half_days, team = host.half_days + visit.half_days, merged_team(visit.team, host.team)
        if host.office != visit.office or half_days > MAX_HALF_DAYS or not _bears(team.size, team.requires):
            return None
        window = common(DateRange(host.earliest, host.latest), DateRange(visit.earliest, visit.latest))
        stands = self.context.promised(host.key)
        if stands is not None:
            stay = DateRange(stands.first_on, last_day(stands.first_on, half_days))
            if common(stay, window) != stay:
                return None
        if not self.context.fits(site, half_days, window):
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

    def _leave_out(self, topic: Topic, site: Site, reason: UnplannedReason, **details: Detail) -> None:
        told = {"topic": topic.id, **details}
        if site.closed_on is not None and reason is UnplannedReason.CLOSED:
            told["closed_on"] = site.closed_on
        self.unplanned.append(UnplannedDuty(site.id, topic.programme, topic.phase, reason, topic.last, told))


def _bears(size: int, requires: Mapping[str, int]) -> bool:
    """Whether a team holds all it requires with one skill a head, three inspectors among them (条例 art. 16)."""
    skills = sum(number for tag, number in requires.items() if tag not in LAWFUL and ":" not in tag)
    return skills <= size


def _hosts(visits: Iterable[DemandedVisit]) -> dict[str, dict[str, DemandedVisit]]:
    """The comprehensive visits by unit and key."""
    hosts: dict[str, dict[str, DemandedVisit]] = defaultdict(dict)
    for visit in visits:
        if visit.burden:
            hosts[visit.inspectee][visit.key] = visit
    return hosts
