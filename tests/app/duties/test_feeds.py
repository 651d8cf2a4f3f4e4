"""The calendar feed of an inspector: what stands in it, who reads it, and that a real program shows it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlmodel import Session, select

from app.models import AuditEntry, CalendarFeed, Inspectee, Inspector, Office, Plan, PlannedVisit, User
from app.publications import calendar_events
from tests.app import builders
from tests.app.builders import Places
from tests.app.plans.rows import MONDAY, TUESDAY, Visit, a_solved_plan, a_version
from tests.app.programmes.builders import a_programme
from tests.conftest import NOW, TODAY, Headers

API = "/api/v1"
LATER = NOW + timedelta(days=3)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def inspector(session: Session, inspector_user: User) -> Inspector:
    """The inspector whose account asks."""
    return session.get_one(Inspector, inspector_user.inspector_id)


@pytest.fixture
def unit(session: Session, places: Places) -> Inspectee:
    """The school that is visited."""
    a_programme(session)
    return builders.an_inspectee(session, places.banner, places.banner_office, name="第一小学", township="文钟镇")


@pytest.fixture
def feed(client: TestClient, as_inspector: Headers) -> str:
    """The address of the inspector's feed."""
    opened = client.post(f"{API}/me/calendar", headers=as_inspector)
    assert opened.status_code == 201
    return str(opened.json()["path"])


def published(session: Session, office: Office, visits: list[Visit], number: int, now: datetime = NOW) -> Plan:
    """A plan of these visits, put into force as the office's version of that number."""
    plan = a_solved_plan(session, [office], visits)
    a_version(session, plan, office, number, published_at=now)
    calendar_events.record(session, now)
    return plan


def read(client: TestClient, feed: str) -> list[Any]:
    """The events of a feed; what their fields hold depends on the name."""
    return list(Calendar.from_ical(client.get(feed).content).walk("VEVENT"))


def test_an_event_has_all_that_the_inspector_needs(
    client: TestClient, session: Session, feed: str, inspector: Inspector, unit: Inspectee, places: Places
) -> None:
    published(session, places.banner_office, [Visit(unit, [inspector])], 1)
    answer = client.get(feed)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar: Any = Calendar.from_ical(answer.content)
    assert calendar.get("method") is None
    assert (str(calendar["version"]), calendar["refresh-interval"].dt) == ("2.0", timedelta(hours=6))
    (zone,) = calendar.walk("VTIMEZONE")
    assert (str(zone["tzid"]), zone.to_tz().utcoffset(datetime(2022, 7, 1))) == (  # noqa: DTZ001 (local by its nature)
        "Asia/Shanghai",
        timedelta(hours=8),
    )
    (event,) = calendar.walk("VEVENT")
    assert str(event["uid"]) == f"round-1-{unit.id}.{inspector.id}@dudao"
    assert (event["sequence"], str(event["status"])) == (0, "CONFIRMED")
    assert event["dtstamp"].dt == NOW
    assert event["dtstart"].dt == datetime(2022, 10, 17, 8, 30, tzinfo=SHANGHAI)
    assert event["dtend"].dt == datetime(2022, 10, 17, 11, 30, tzinfo=SHANGHAI)
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert str(event["summary"]) == "第一小学 综合督导评估"
    assert str(event["location"]) == "红山区文钟镇第一小学"
    # 0.1 degrees north of the base: 11 119.49 m · 1.3 = 14 455 m, at 900 m a minute 17 minutes
    assert str(event["description"]) == (
        f"督学：{inspector.name}\n路程：自驻地约 14 公里、17 分钟\n通知最迟：2022-09-16\n依据：《教育督导条例》第十四条"
    )


def test_lines_are_folded_and_ended_as_the_standard_says(
    client: TestClient, session: Session, feed: str, inspector: Inspector, unit: Inspectee, places: Places
) -> None:
    published(session, places.banner_office, [Visit(unit, [inspector])], 1)
    lines = client.get(feed).content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert not any(b"\n" in line for line in lines)


def test_a_moved_visit_keeps_its_identity_and_counts_the_move(
    client: TestClient, session: Session, feed: str, inspector: Inspector, unit: Inspectee, places: Places
) -> None:
    office = places.banner_office
    published(session, office, [Visit(unit, [inspector], MONDAY)], 1)
    (before,) = read(client, feed)
    published(session, office, [Visit(unit, [inspector], TUESDAY)], 2, LATER)
    (after,) = read(client, feed)
    assert after["uid"] == before["uid"]
    assert (after["dtstart"].dt.date(), after["sequence"], after["dtstamp"].dt) == (TUESDAY, 1, LATER)


def test_what_stays_is_not_touched_and_another_team_is_no_move(
    client: TestClient, session: Session, feed: str, inspector: Inspector, unit: Inspectee, places: Places
) -> None:
    office, colleague = places.banner_office, builders.an_inspector(session, places.banner_office)
    published(session, office, [Visit(unit, [inspector])], 1)
    published(session, office, [Visit(unit, [inspector])], 2, LATER)
    (same,) = read(client, feed)
    assert (same["sequence"], same["dtstamp"].dt) == (0, NOW)
    published(session, office, [Visit(unit, [inspector, colleague])], 3, LATER)
    (joined,) = read(client, feed)
    assert (joined["sequence"], joined["dtstamp"].dt) == (0, LATER)
    assert colleague.name in str(joined["description"])


def test_what_is_taken_away_stays_as_cancelled_and_may_come_back(
    client: TestClient, session: Session, feed: str, inspector: Inspector, unit: Inspectee, places: Places
) -> None:
    office, colleague = places.banner_office, builders.an_inspector(session, places.banner_office)
    published(session, office, [Visit(unit, [inspector])], 1)
    published(session, office, [Visit(unit, [colleague])], 2, LATER)
    (gone,) = read(client, feed)
    assert (str(gone["status"]), gone["sequence"], gone["dtstart"].dt.date()) == ("CANCELLED", 1, MONDAY)
    published(session, office, [Visit(unit, [inspector])], 3, LATER)
    (back,) = read(client, feed)
    assert (back["uid"], str(back["status"]), back["sequence"]) == (gone["uid"], "CONFIRMED", 2)


def test_who_leaves_the_team_of_an_unannounced_visit_is_told_only_that_the_day_is_free(
    client: TestClient, session: Session, feed: str, inspector: Inspector, unit: Inspectee, places: Places
) -> None:
    office, colleague = places.banner_office, builders.an_inspector(session, places.banner_office)
    named, nameless = ("第一小学 综合督导评估", "红山区文钟镇第一小学", "督学"), ("已取消", "", "")
    for number, (person, words) in enumerate(((inspector, named), (colleague, nameless)), start=1):
        plan = published(session, office, [Visit(unit, [person])], number)
        session.exec(select(PlannedVisit).where(PlannedVisit.plan_id == plan.id)).one().unannounced = True
        session.flush()
        (event,) = read(client, feed)
        told = str(event["summary"]), str(event.get("location", "")), str(event.get("description", ""))[:2]
        assert told == words


def test_drafts_and_outlook_are_in_no_feed(
    client: TestClient, session: Session, feed: str, inspector: Inspector, unit: Inspectee, places: Places
) -> None:
    a_solved_plan(session, [places.banner_office], [Visit(unit, [inspector])])
    assert read(client, feed) == []
    published(
        session, places.banner_office, [Visit(unit, [inspector], date(2023, 3, 6))], 1
    )  # in force to the end of 2022
    assert read(client, feed) == []


def test_what_was_in_force_before_events_were_kept_is_shown(
    client: TestClient, session: Session, feed: str, inspector: Inspector, unit: Inspectee, places: Places
) -> None:
    plan = a_solved_plan(session, [places.banner_office], [Visit(unit, [inspector])])
    a_version(session, plan, places.banner_office, published_at=NOW)
    (event,) = read(client, feed)
    assert (event["sequence"], event["dtstamp"].dt) == (0, NOW)


def test_publishing_over_http_keeps_the_events(
    client: TestClient,
    session: Session,
    as_banner: Headers,
    feed: str,
    inspector: Inspector,
    unit: Inspectee,
    places: Places,
) -> None:
    plan = a_solved_plan(session, [places.banner_office], [Visit(unit, [inspector])])
    answer = client.post(f"{API}/plans/{plan.id}/publish", headers=as_banner, json={"until": "2022-12-30"})
    assert answer.status_code == 200, answer.text
    (event,) = read(client, feed)
    assert event["dtstamp"].dt == NOW


def test_an_unchanged_feed_is_not_sent_again(
    client: TestClient, session: Session, feed: str, inspector: Inspector, unit: Inspectee, places: Places
) -> None:
    published(session, places.banner_office, [Visit(unit, [inspector])], 1)
    etag = client.get(feed).headers["ETag"]
    assert client.get(feed, headers={"If-None-Match": etag}).status_code == 304
    published(session, places.banner_office, [Visit(unit, [inspector], TUESDAY)], 2, LATER)
    assert client.get(feed, headers={"If-None-Match": etag}).status_code == 200


def test_the_address_is_told_once_and_only_a_digest_is_kept(
    client: TestClient, session: Session, as_inspector: Headers, feed: str
) -> None:
    secret = feed.rpartition("/")[2].removesuffix(".ics")
    (stored,) = session.exec(select(CalendarFeed)).all()
    assert len(secret) == 43  # 32 random bytes
    assert client.get(f"{API}/me/calendar", headers=as_inspector).json() == {"created_at": "2022-09-01T01:30:00Z"}
    kept = [stored.model_dump_json(), *(entry.model_dump_json() for entry in session.exec(select(AuditEntry)).all())]
    assert not any(secret in text or stored.secret_hash in text for text in kept[1:])
    assert secret not in kept[0]


def test_a_new_address_ends_the_old_one_and_closing_ends_both(
    client: TestClient, as_inspector: Headers, feed: str
) -> None:
    renewed = client.post(f"{API}/me/calendar", headers=as_inspector).json()["path"]
    assert (client.get(feed).status_code, client.get(renewed).status_code) == (404, 200)
    assert client.delete(f"{API}/me/calendar", headers=as_inspector).status_code == 204
    closed = client.get(renewed)
    assert (closed.status_code, closed.json()["code"]) == (404, "feed_not_found")
    for method in ("GET", "DELETE"):
        assert client.request(method, f"{API}/me/calendar", headers=as_inspector).status_code == 404


def test_only_an_inspector_has_a_feed_and_only_while_in_office(
    client: TestClient, session: Session, as_banner: Headers, feed: str, inspector: Inspector
) -> None:
    for method in ("GET", "POST", "DELETE"):
        answer = client.request(method, f"{API}/me/calendar", headers=as_banner)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_an_inspector")
    inspector.ended_on = TODAY
    session.flush()
    assert client.get(feed).status_code == 404


def test_the_feed_ends_with_the_account(client: TestClient, as_admin: Headers, feed: str, inspector_user: User) -> None:
    """A reset password, an ended account and an administrator's word each close it."""
    url = f"{API}/users/{inspector_user.id}"
    assert client.get(feed).status_code == 200
    reset = client.post(f"{url}/password", headers=as_admin, json={"password": "草原上的十匹马儿跑得快"})
    assert (reset.status_code, client.get(feed).status_code) == (200, 404)
    none = client.delete(f"{url}/calendar", headers=as_admin)
    assert (none.status_code, none.json()["code"]) == (404, "feed_not_found")


def test_an_administrator_closes_a_feed(
    client: TestClient, as_admin: Headers, as_banner: Headers, feed: str, inspector_user: User
) -> None:
    url = f"{API}/users/{inspector_user.id}/calendar"
    assert client.delete(url, headers=as_banner).status_code == 403
    assert client.get(feed).status_code == 200
    assert client.delete(url, headers=as_admin).status_code == 204
    assert client.get(feed).status_code == 404


def test_the_feed_goes_on_until_the_day_of_the_end(
    client: TestClient, session: Session, feed: str, inspector: Inspector
) -> None:
    inspector.ended_on = TODAY + timedelta(days=1)
    session.flush()
    assert client.get(feed).status_code == 200


def test_the_address_stands_in_no_log(client: TestClient, feed: str, capfd: pytest.CaptureFixture[str]) -> None:
    client.get(feed)
    assert feed.rpartition("/")[2] not in "".join(capfd.readouterr())


def test_khal_shows_the_duties(
    client: TestClient,
    session: Session,
    feed: str,
    inspector: Inspector,
    unit: Inspectee,
    places: Places,
    tmp_path: Path,
) -> None:
    other = builders.an_inspectee(session, places.banner, places.banner_office, name="第二小学")
    office = places.banner_office
    published(session, office, [Visit(unit, [inspector], MONDAY), Visit(other, [inspector], MONDAY, "pm")], 1)
    khal = Khal(tmp_path)
    assert khal.after_import(client.get(feed).content) == [
        "2022-10-17 08:30-11:30 第一小学 综合督导评估 @红山区文钟镇第一小学",
        "2022-10-17 14:30-17:30 第二小学 综合督导评估 @红山区第二小学",
    ]
    published(session, office, [Visit(unit, [inspector], TUESDAY)], 2, LATER)
    assert khal.after_import(client.get(feed).content) == [
        "2022-10-17 14:30-17:30 已取消：第二小学 综合督导评估 @红山区第二小学",
        "2022-10-18 08:30-11:30 第一小学 综合督导评估 @红山区文钟镇第一小学",  # moved, not doubled
    ]


class Khal:
    """A calendar program with one calendar of its own."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._config = home / "khal.conf"
        self._config.write_text(
            f"[calendars]\n[[duties]]\npath = {home / 'duties'}\n"
            "[locale]\nlocal_timezone = Asia/Shanghai\ndefault_timezone = Asia/Shanghai\n"
            "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
            f"[sqlite]\npath = {home / 'khal.db'}\n[default]\nhighlight_event_days = False\n"
        )
        (home / "duties").mkdir()

    def after_import(self, ics: bytes) -> list[str]:
        """What it lists of October 2022 after it took the feed in."""
        file = self._home / "feed.ics"
        file.write_bytes(ics)
        self._run("import", "--batch", "-a", "duties", str(file))
        line = "{start-date} {start-time}-{end-time} {title} @{location}"
        listed = self._run("list", "--day-format", "", "--format", line, "2022-10-01", "2022-10-31")
        return [each for each in listed.splitlines() if each]

    def _run(self, *arguments: str) -> str:
        command = [str(Path(sys.executable).with_name("khal")), "-c", str(self._config), *arguments]
        environment = os.environ | {"HOME": str(self._home), "LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "ignore"}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
