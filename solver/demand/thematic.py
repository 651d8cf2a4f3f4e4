"""Rule ``thematic``: of each topic one visit to each of its inspectees, alone or within the round's visit there.

Window of a visit: topic ∩ horizon ∩ notice; the written notice of an unannounced one bears the day itself, since the
law asks for it beforehand and counts no days (条例 art. 16, 17). A topic that coincides with the round's visit at an
inspectee joins it where both are announced and of the same office, both together are no longer than a setting allows,
the days have enough in common (two weeks), and one team can bear what both require. A topic's visit
that is in force alone stays alone. Topics of the same subject by the city and a banner are one visit, by the city.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from solver.demand.context import Context, Version, common, last_day
from solver.demand.inputs import EVALUATION, GOVERNMENT_KIND, Inspectee, KnownAssignment, Phase, Pool, Topic
from solver.demand.keys import TopicKey, topic_of_phase
from solver.demand.result import Detail, RequiredVisit, UnplannedReason, UnplannedRequirement
from solver.demand.teams import cars_of, host_of, merged_team, team_for
from solver.problem import MAX_HALF_DAYS, DateRange

LAWFUL = frozenset({"inspector", "lead"})
"""What every team holds, whatever it knows besides."""


LEAST_COMMON_DAYS = 14
"""A visit that serves a topic too has at least so many days, or the topic's: it must fit into people's calendars."""


@dataclass(frozen=True, slots=True)
class TopicVisits:
    """Visits of topics: those that joined another, by its key, those of their own, and unplanned requirements."""

    merged: Mapping[str, RequiredVisit]
    alone: tuple[RequiredVisit, ...]
    unplanned: tuple[UnplannedRequirement, ...]


def expand_topics(context: Context, visits: Iterable[RequiredVisit]) -> TopicVisits:
    """Every visit of every topic; ``visits`` are those of the other rules, which a topic may join."""
    expansion = _Expansion(context, _hosts(visits))
    wanted = [(topic, inspectee) for topic in context.given.topics for inspectee in topic.inspectees]
    for topic, inspectee in sorted(wanted, key=_order):
        expansion.add(topic, inspectee)
    return TopicVisits(expansion.merged, tuple(expansion.alone.values()), tuple(expansion.unplanned))


def _order(wanted: tuple[Topic, Inspectee]) -> tuple[bool, date, str]:
    """The city's visits first, since a banner's visit of the same subject joins them; then in the order of time."""
    topic, inspectee = wanted
    return inspectee.office != inspectee.city, topic.first, topic.id


@dataclass(slots=True)
class _Expansion:
    """Topics as they are expanded; an inspectee's host grows with each topic that joins it."""

    context: Context
    hosts: dict[str, dict[str, RequiredVisit]]
    merged: dict[str, RequiredVisit] = field(default_factory=dict)
    alone: dict[str, RequiredVisit] = field(default_factory=dict)
    by_subject: dict[tuple[str, str], str] = field(default_factory=dict)
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
        same = self._same_subject(topic, inspectee, visit)
        if same is not None:
            self.alone[same.key] = same
            return
        joined = self._joined(topic, inspectee, visit)
        if joined is None:
            self.alone[visit.key] = visit
            self.by_subject.setdefault((inspectee.id, topic.subject), visit.key)
        else:
            self.hosts[inspectee.id][joined.key] = self.merged[joined.key] = joined

    def _fixed(self, topic: Topic, inspectee: Inspectee) -> KnownAssignment | None:
        """The visit that serves the topic at the inspectee and is fixed."""
        found = self.context.fixed_for(inspectee.id, topic.programme)
        return next((assigned for assigned in found if self._serves(assigned, topic)), None)

    def _serves(self, assigned: KnownAssignment, topic: Topic) -> bool:
        """Whether it is the topic's visit, or another office's of the same subject within the topic's days."""
        if (topic.programme, topic.phase) in assigned.serves:
            return True
        subjects = {self.context.given.subjects.get(topic_of_phase(phase) or "") for _code, phase in assigned.serves}
        is_inside = topic.first <= assigned.first_on and assigned.last_on <= topic.last
        return bool(topic.subject) and topic.subject in subjects and is_inside

    def _same_subject(self, topic: Topic, inspectee: Inspectee, visit: RequiredVisit) -> RequiredVisit | None:
        """Another office's visit of the same subject that serves this topic too, where their days permit."""
        key = self.by_subject.get((inspectee.id, topic.subject)) if topic.subject else None
        settings = self.context.given.settings
        if key is None or not settings.merge_topics or self.context.movable(visit.key) is not None:
            return None
        other = self.alone[key]
        window = common(DateRange(other.earliest, other.latest), DateRange(visit.earliest, visit.latest))
        half_days = max(other.half_days, visit.half_days)
        if other.office == visit.office or other.unannounced != visit.unannounced:
            return None
        if not self._keeps_day(key, half_days, window) or not self.context.fits(inspectee, half_days, window):
            return None
        return replace(
            other,
            half_days=half_days,
            earliest=window.first,
            latest=window.last,
            weight=max(other.weight, visit.weight),
            serves=(*other.serves, *visit.serves),
        )

    def _keeps_day(self, key: str, half_days: int, window: DateRange) -> bool:
        """Whether a visit that is in force keeps its days in the window."""
        assigned = self.context.movable(key)
        if assigned is None:
            return True
        stay = DateRange(assigned.first_on, last_day(assigned.first_on, half_days))
        return common(stay, window) == stay

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
        if not self._keeps_day(host.key, half_days, window) or not self.context.fits(inspectee, half_days, window):
            return None
        if _length(window) < min(LEAST_COMMON_DAYS, _length(DateRange(visit.earliest, visit.latest))):
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


def _length(window: DateRange) -> int:
    return (window.last - window.first).days + 1


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
