"""An unannounced visit before it begins: every route is walked as every role, and no answer may betray it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import Assignment, Inspectee, Inspector, Plan, PlannedVisit, Role, Topic
from tests.app import builders
from tests.app.builders import Places
from tests.app.plans.rows import TUESDAY, Visit, a_solved_plan, a_version
from tests.app.programmes.builders import a_programme, a_round
from tests.app.test_foreign import API, operations
from tests.app.topics.builders import a_thematic_programme, a_topic
from tests.conftest import Headers, _headers

TITLE = "食堂安全突击检查"
QUERY = {"first_day": "2022-09-01", "last_day": "2022-12-31", "page_size": "500"}


@dataclass(frozen=True, slots=True)
class World:
    """An office's unannounced visit to a banner's school, in force, and a plan of city and banner that has it."""

    topic: Topic
    school: Inspectee
    member: Inspector
    lent: Inspector
    plan: Plan
    both: Plan

    @property
    def key(self) -> str:
        """The secret visit's key."""
        return f"topic-{self.topic.id}-{self.school.id}"


@pytest.fixture
def world(session: Session, places: Places) -> World:
    """The city's."""
    return a_world(session, places, of_city=True)


def a_world(session: Session, places: Places, *, of_city: bool) -> World:
    office = places.city_office if of_city else places.banner_office
    for year in range(2021, 2025):
        builders.a_calendar_year(session, year)
        builders.a_school_term(session, year=year, first_on=date(year, 3, 1), last_on=date(year, 12, 31))
    a_programme(session)
    a_thematic_programme(session)
    a_round(session)
    school = builders.an_inspectee(session, places.banner, places.banner_office, name="红山一小")
    own = builders.an_inspectee(session, places.banner, places.city_office, name="红山一中")
    member = builders.an_inspector(session, places.city_office, name="甲")
    lent = builders.an_inspector(session, places.banner_office, name="借调者")
    for person in (member, lent):
        builders.an_appointment(session, person)
        builders.an_entry_training(session, person)
    topic = a_topic(session, office, title=TITLE, unannounced=True, inspectee_ids=[school.id])
    secret = Visit(school, [member, lent], TUESDAY, topic=topic.id, office_id=office.id)
    plan = a_solved_plan(session, [office], [secret, *([Visit(own, [member])] if of_city else [])])
    a_version(session, plan, office)
    beside = Visit(builders.an_inspectee(session, places.banner, places.banner_office), [lent])
    both = a_solved_plan(session, [places.city_office, places.banner_office], [secret, beside], based_on_id=plan.id)
    return World(topic, school, member, lent, plan, both)


def answers(
    app: FastAPI, client: TestClient, session: Session, headers: Headers, world: World
) -> Iterator[tuple[str, str]]:
    """Path and text of the answers of every reading route, with every id that exists in its place."""
    ids: dict[str, list[Any]] = {
        "plan_id": [world.plan.id, world.both.id],
        "topic_id": [world.topic.id],
        "inspectee_id": [world.school.id],
        "inspector_id": [world.member.id, world.lent.id],
        "assignment_id": list(session.exec(select(Assignment.id))),
        "visit": [world.key],
        "year": [2022],
    }
    for method, path, operation in operations(app):
        if method == "GET" and not path.endswith("/events"):
            for address in _filled(path, ids):
                params = QUERY | {"year": "2022"}
                if path.endswith(("/visits", "/capacity")):
                    params["region"] = "150400"
                known = {parameter["name"] for parameter in operation.get("parameters", [])}
                sent = {name: value for name, value in params.items() if name in known}
                yield address, client.get(address, headers=headers, params=sent).text


def _filled(path: str, ids: dict[str, list[Any]]) -> Iterator[str]:
    """The path with each known id, and with 1 for what it does not know."""
    if "{" not in path:
        yield path
        return
    begin, end = path.index("{"), path.index("}")
    for value in ids.get(path[begin + 1 : end], [1]):
        yield from _filled(f"{path[:begin]}{value}{path[end + 1 :]}", ids)


def betrayals(world: World, text: str) -> list[str]:
    """What an answer tells of the secret: its key, its topic, or its unit together with its day."""
    found = [word for word in (world.key, TITLE, f"topic-{world.topic.id}") if word in text]
    try:
        value = json.loads(text)
    except ValueError:
        return found
    return found + [f"{world.school.name} {TUESDAY}" for part in _objects(value) if _pairs(world, part)]


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)


def _pairs(world: World, part: dict[str, Any]) -> bool:
    """Whether one object names the unit and the day, or closes the unit on that very day."""
    words = json.dumps({name: value for name, value in part.items() if not isinstance(value, dict)}, ensure_ascii=False)
    of_unit = part.get("id") == f"e{world.school.id}" or world.school.name in words
    return of_unit and TUESDAY.isoformat() in words


@pytest.fixture
def roles(
    app: FastAPI,
    session: Session,
    places: Places,
    as_city: Headers,
    as_admin: Headers,
    as_banner: Headers,
    as_inspector: Headers,
) -> dict[str, Headers]:
    other = builders.a_user(session, Role.BANNER_OFFICE, office_id=places.other_office.id)
    return {
        "admin": as_admin,
        "city": as_city,
        "banner": as_banner,
        "other banner": _headers(app, other),
        "inspector": as_inspector,
    }


OUTSIDERS = {True: ("banner", "other banner", "inspector"), False: ("city", "other banner", "inspector")}
INSIDERS = {True: ("admin", "city"), False: ("admin", "banner")}
SHOWN = ("assignments", "problem", "solution", "coverage")


@pytest.mark.parametrize("of_city", [True, False])
def test_nobody_but_its_office_and_its_team_learns_of_it_anywhere(
    app: FastAPI, client: TestClient, session: Session, places: Places, roles: dict[str, Headers], of_city: bool
) -> None:
    world = a_world(session, places, of_city=of_city)
    for role in OUTSIDERS[of_city]:
        found = {
            path: told
            for path, text in answers(app, client, session, roles[role], world)
            if (told := betrayals(world, text))
        }
        assert (role, found) == (role, {})


@pytest.mark.parametrize("of_city", [True, False])
def test_the_walk_would_find_it(
    app: FastAPI, client: TestClient, session: Session, places: Places, roles: dict[str, Headers], of_city: bool
) -> None:
    world = a_world(session, places, of_city=of_city)
    plan = f"{API}/plans/{world.plan.id}"
    for role in INSIDERS[of_city]:
        found = {path for path, text in answers(app, client, session, roles[role], world) if betrayals(world, text)}
        shown = {f"{API}/topics", f"{API}/visits", *(f"{plan}/{each}" for each in SHOWN)}
        assert shown <= found, shown - found


def test_the_team_sees_it_with_a_notice_of_the_day_itself(
    app: FastAPI, client: TestClient, session: Session, world: World
) -> None:
    headers = _headers(app, builders.a_user(session, Role.INSPECTOR, inspector_id=world.lent.id))
    items = client.get(f"{API}/me/assignments", headers=headers).json()["items"]
    assert [(item["visit"], item["documents"]["notice_due_on"]) for item in items] == [(world.key, TUESDAY.isoformat())]


def test_from_its_day_on_it_is_known(client: TestClient, session: Session, as_banner: Headers, world: World) -> None:
    row = session.exec(
        select(Assignment)
        .join(PlannedVisit, PlannedVisit.id == Assignment.visit_id)  # type: ignore[arg-type]
        .where(PlannedVisit.key == world.key, Assignment.plan_id == world.plan.id)
    ).one()
    row.first_on = row.last_on = date(2022, 9, 1)  # the working date
    session.flush()
    url = f"{API}/plans/{world.plan.id}/assignments"
    assert world.key in [item["visit"] for item in client.get(url, headers=as_banner).json()["items"]]


def test_a_clash_at_the_unit_is_told_at_publishing_without_a_name(
    client: TestClient, session: Session, as_banner: Headers, places: Places, world: World
) -> None:
    second = builders.an_inspector(session, places.banner_office, name="乙")
    clash = a_solved_plan(session, [places.banner_office], [Visit(world.school, [second], TUESDAY)])
    answer = client.post(f"{API}/plans/{clash.id}/publish", headers=as_banner, json={"until": "2022-12-31"})
    assert (answer.status_code, answer.json()["code"]) == (409, "publication_conflict")
    faults = answer.json()["details"]["faults"]
    assert [(fault["code"], fault["other_visit"], fault["details"]) for fault in faults] == [
        ("inspectee_gap", None, {})
    ]
    for word in (world.key, TITLE, f"topic-{world.topic.id}", "甲"):
        assert word not in answer.text
    elsewhere = a_solved_plan(session, [places.banner_office], [Visit(world.school, [second], date(2022, 11, 14))])
    answer = client.post(f"{API}/plans/{elsewhere.id}/publish", headers=as_banner, json={"until": "2022-12-31"})
    assert answer.status_code == 200, answer.text


def test_a_clash_about_a_member_tells_that_he_is_away(
    client: TestClient, session: Session, as_banner: Headers, places: Places, world: World
) -> None:
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    clash = a_solved_plan(session, [places.banner_office], [Visit(unit, [world.lent], TUESDAY)])
    answer = client.post(f"{API}/plans/{clash.id}/publish", headers=as_banner, json={"until": "2022-12-31"})
    faults = answer.json()["details"]["faults"]
    assert {(fault["code"], fault["inspector"], fault["other_visit"]) for fault in faults} == {
        ("available", "借调者", None)
    }
    assert betrayals(world, answer.text) == []
