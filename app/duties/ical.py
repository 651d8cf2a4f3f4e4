"""A person's duties as a calendar (RFC 5545) that programs subscribe to.

There is no METHOD: a feed publishes a state and invites nobody. Each event has the same UID for the duty and the
person in every version, a SEQUENCE that rises when it moves, and the time of its last change as DTSTAMP; a duty that
is no longer the person's stays with STATUS:CANCELLED.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from app.core.clock import ZONE
from app.duties.schemas import DutyOut

PRODUCT = "-//Dudao//教育督导排程//ZH"
REFRESH = timedelta(hours=6)
"""How often a program should ask again; an unchanged feed costs an empty answer."""

_OFFSET = timedelta(hours=8)
_LAST_CHANGE = datetime(1991, 9, 15, 2, 0)  # noqa: DTZ001 (a zone's onset is local time by its nature)
"""When summer time ended for good, by the clock that it ended."""


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """A duty with what the calendar keeps of it; ``nameless`` where its former owner may not know of it any more."""

    duty: DutyOut
    sequence: int
    changed_at: datetime
    cancelled: bool
    nameless: bool = False


def calendar_of(inspector_id: int, name: str, events: Sequence[FeedEvent]) -> bytes:
    """The feed of a person."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for title in ("name", "x-wr-calname"):
        calendar.add(title, f"{name}的督导安排")
    calendar.add("x-wr-timezone", ZONE.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    calendar.add_component(_zone())
    for event in events:
        calendar.add_component(_event(inspector_id, event))
    return bytes(calendar.to_ical())


def _zone() -> Timezone:
    """Asia/Shanghai as it has been since 1991: UTC+8 without summer time."""
    standard = TimezoneStandard()
    standard.add("dtstart", _LAST_CHANGE)
    standard.add("tzoffsetfrom", timedelta(hours=9))
    standard.add("tzoffsetto", _OFFSET)
    standard.add("tzname", "CST")
    zone = Timezone()
    zone.add("tzid", ZONE.key)
    zone.add_component(standard)
    return zone


def _event(inspector_id: int, event: FeedEvent) -> Event:
    duty = event.duty
    titles = "、".join(dict.fromkeys(basis.title for basis in duty.documents.basis))
    found = Event()
    found.add("uid", f"{duty.visit}.{inspector_id}@dudao")
    found.add("dtstamp", event.changed_at)
    found.add("last-modified", event.changed_at)
    found.add("sequence", event.sequence)
    found.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    found.add("dtstart", duty.begins_at)
    found.add("dtend", duty.ends_at)
    found.add("class", "PRIVATE")
    found.add("transp", "TRANSPARENT" if event.cancelled else "OPAQUE")
    if event.nameless:
        found.add("summary", "已取消")
        return found
    found.add("summary", f"{'已取消：' if event.cancelled else ''}{duty.inspectee} {titles}")
    found.add("location", "".join((duty.region, duty.township, duty.inspectee)))
    found.add("geo", (duty.lat, duty.lon))
    found.add("description", _words(duty))
    return found


def _words(duty: DutyOut) -> str:
    names = "、".join(person.name for person in duty.team)
    alone = len(duty.team) == 1
    people = f"督学：{names}" if alone else f"成员：{names}"
    if duty.leader is not None and not alone:
        people = f"组长：{duty.leader.name}\n{people}"
    basis = dict.fromkeys(basis.legal_basis for basis in duty.documents.basis if basis.legal_basis)
    kilometres = round(duty.drive.metres / 1000)
    far = f"约 {kilometres} 公里" if kilometres else "不足 1 公里"
    return (
        f"{people}\n"
        f"路程：自{duty.drive.base or '驻地'}{far}、{duty.drive.minutes} 分钟\n"
        f"{_notice(duty)}\n"
        f"依据：{'；'.join(basis) or '见督导项目'}"
    )


def _notice(duty: DutyOut) -> str:
    """By when the inspectee is told; a visit that nobody announces, or whose day is as late, needs none."""
    due_on = duty.documents.notice_due_on
    return f"通知最迟：{due_on}" if due_on < duty.first_on else "无须提前通知"
