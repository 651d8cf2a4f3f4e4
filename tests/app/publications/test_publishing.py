"""Publishing by office and up to a day: what is in force then, what is outlook, what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import AuditEntry, Inspector, Plan, PlanState, PublishedVersion
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.app.plans.rows import MONDAY, TUESDAY, Visit, a_plan, a_solved_plan, a_version
from tests.conftest import Headers

API = "/api/v1"
NEXT_YEAR = date(2023, 3, 6)


def publish(client: TestClient, headers: Headers, plan: Plan, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"{API}/plans/{plan.id}/publish", headers=headers, json=body)
    return answer.status_code, answer.json()


def standing(client: TestClient, headers: Headers, plan: Plan) -> dict[str, str]:
    """How each visit of a plan stands."""
    items = client.get(f"{API}/plans/{plan.id}/assignments", headers=headers).json()["items"]
    return {item["visit"]: item["standing"] for item in items}


def test_up_to_the_day_it_is_in_force_and_beyond_it_outlook(
    client: TestClient, session: Session, as_admin: Headers, as_inspector: Headers, places: Places
) -> None:
    me = session.exec(select(Inspector)).one()
    soon, later = (
        Visit(builders.an_inspectee(session, places.banner, places.banner_office), [me], day)
        for day in (MONDAY, NEXT_YEAR)
    )
    plan = a_solved_plan(session, [places.banner_office], [soon, later])
    assert standing(client, as_admin, plan) == {soon.key: "draft", later.key: "draft"}
    assert client.get(f"{API}/me/assignments", headers=as_inspector).json()["total"] == 0

    status, published = publish(client, as_admin, plan)
    assert (status, len(published["versions"])) == (200, 1)
    version = published["versions"][0]
    # without a day it is 31 December of the working date's year, 2022; one of the two visits begins by then
    assert (version["number"], version["until"], version["in_force"], version["visits"]) == (1, "2022-12-31", True, 1)
    assert standing(client, as_admin, plan) == {soon.key: "in_force", later.key: "outlook"}
    mine = client.get(f"{API}/me/assignments", headers=as_inspector).json()["items"]
    assert [item["visit"] for item in mine] == [soon.key]
    assert session.get_one(Plan, plan.id).state is PlanState.PUBLISHED
    deeds = session.exec(select(AuditEntry.noun).where(AuditEntry.action == "publish")).all()
    assert sorted(deeds) == ["plan", "published_version"]


def test_the_next_version_replaces_the_one_before_and_leaves_it_as_it_was(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    person = builders.an_inspector(session, places.banner_office)
    first = a_solved_plan(session, [places.banner_office], [Visit(unit, [person], MONDAY)])
    second = a_solved_plan(session, [places.banner_office], [Visit(unit, [person], TUESDAY)])
    for plan in (first, second):
        assert publish(client, as_banner, plan)[0] == 200
    key = f"round-1-{unit.id}"
    assert standing(client, as_banner, first) == {key: "superseded"}
    assert standing(client, as_banner, second) == {key: "in_force"}
    versions = client.get(f"{API}/versions", headers=as_banner).json()["items"]
    assert [(each["number"], each["plan_id"], each["in_force"]) for each in versions] == [
        (2, second.id, True),
        (1, first.id, False),
    ]
    in_force = client.get(f"{API}/versions", headers=as_banner, params={"in_force": True}).json()["items"]
    assert [each["number"] for each in in_force] == [2]


def test_offices_are_published_apart(
    client: TestClient, session: Session, as_admin: Headers, as_banner: Headers, places: Places
) -> None:
    visits = [
        Visit(builders.an_inspectee(session, region, office), [builders.an_inspector(session, office)], MONDAY)
        for region, office in ((places.banner, places.banner_office), (places.other, places.other_office))
    ]
    offices = [places.city_office, places.banner_office, places.other_office]
    plan = a_solved_plan(session, offices, visits)
    # a banner does not see the city's plan before its own share of it was published
    assert publish(client, as_banner, plan)[0] == 404
    status, published = publish(client, as_admin, plan, offices=[id_of(places.banner_office)])
    assert status == 200
    assert [each["office_id"] for each in published["versions"]] == [places.banner_office.id]
    assert standing(client, as_admin, plan) == {visits[0].key: "in_force", visits[1].key: "draft"}
    assert standing(client, as_banner, plan) == {visits[0].key: "in_force"}
    status, refused = publish(client, as_banner, plan, offices=[id_of(places.other_office)])
    assert (status, refused["code"]) == (403, "forbidden")


def test_what_clashes_with_another_office_is_refused_with_who_where_and_when(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    shared = builders.an_inspector(session, places.banner_office, name="张三")
    in_force = Visit(builders.an_inspectee(session, places.banner, places.banner_office), [shared], MONDAY)
    theirs = a_solved_plan(session, [places.banner_office], [in_force])
    a_version(session, theirs, places.banner_office)
    wanted = Visit(builders.an_inspectee(session, places.other, places.city_office), [shared], MONDAY)
    plan = a_solved_plan(session, [places.city_office], [wanted])

    status, refused = publish(client, as_city, plan)
    assert (status, refused["code"]) == (409, "publication_conflict")
    (fault,) = refused["details"]["faults"]
    assert (fault["code"], fault["visit"], fault["inspector"], fault["day"]) == (
        "double_booked",
        wanted.key,
        "张三",
        "2022-10-17",
    )
    assert (fault["other_visit"], fault["other_office"]) == (in_force.key, "红山区督导室")
    assert fault["message"] in refused["message"]
    versions = session.exec(select(PublishedVersion.office_id)).all()
    assert versions == [places.banner_office.id]
    assert session.get_one(Plan, plan.id).state is PlanState.SOLVED


def test_the_same_person_in_the_other_half_of_the_day_is_no_clash(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    shared = builders.an_inspector(session, places.banner_office)
    in_force = Visit(builders.an_inspectee(session, places.banner, places.banner_office), [shared], MONDAY)
    theirs = a_solved_plan(session, [places.banner_office], [in_force])
    a_version(session, theirs, places.banner_office)
    wanted = Visit(builders.an_inspectee(session, places.other, places.city_office), [shared], MONDAY, "pm")
    plan = a_solved_plan(session, [places.city_office], [wanted])
    assert publish(client, as_city, plan)[0] == 200


def test_what_of_another_office_is_outlook_only_is_no_clash(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    shared = builders.an_inspector(session, places.banner_office)
    outlook = Visit(builders.an_inspectee(session, places.banner, places.banner_office), [shared], MONDAY)
    theirs = a_solved_plan(session, [places.banner_office], [outlook])
    a_version(session, theirs, places.banner_office, until=date(2022, 9, 30))
    wanted = Visit(builders.an_inspectee(session, places.other, places.city_office), [shared], MONDAY)
    plan = a_solved_plan(session, [places.city_office], [wanted])
    assert publish(client, as_city, plan)[0] == 200


def test_two_offices_share_the_yearly_limit_of_a_school(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    school = builders.an_inspectee(session, places.banner, places.banner_office)
    theirs = a_solved_plan(
        session, [places.banner_office], [Visit(school, [builders.an_inspector(session, places.banner_office)])]
    )
    a_version(session, theirs, places.banner_office)
    school.owner_office_id = id_of(places.city_office)  # the school has passed to the city
    person = builders.an_inspector(session, places.city_office)
    plan = a_solved_plan(session, [places.city_office], [Visit(school, [person], date(2022, 11, 7))])
    status, refused = publish(client, as_city, plan)
    # one comprehensive inspection a year: the banner's in October and the city's in November are two
    assert (status, [fault["code"] for fault in refused["details"]["faults"]]) == (409, ["burden"])


def test_a_leave_asked_for_after_planning_is_a_fault(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    person = builders.an_inspector(session, places.banner_office, name="李四")
    visit = Visit(builders.an_inspectee(session, places.banner, places.banner_office), [person], MONDAY)
    plan = a_solved_plan(session, [places.banner_office], [visit])
    builders.an_absence(session, person, first_on=MONDAY, last_on=MONDAY)
    status, refused = publish(client, as_banner, plan)
    assert status == 409
    assert [(fault["code"], fault["inspector"]) for fault in refused["details"]["faults"]] == [("available", "李四")]


def test_what_has_begun_since_stays_as_it_was(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    person = builders.an_inspector(session, places.banner_office)
    begun = date(2022, 8, 30)  # two days before the working date
    held = a_solved_plan(
        session, [places.banner_office], [Visit(unit, [person], begun)], working_on=date(2022, 8, 1), first_day=begun
    )
    a_version(session, held, places.banner_office)
    plan = a_solved_plan(session, [places.banner_office], [], working_on=date(2022, 8, 1), first_day=date(2022, 8, 1))
    status, refused = publish(client, as_banner, plan)
    assert (status, refused["code"]) == (409, "history_changed")
    assert refused["details"]["visits"] == [f"round-1-{unit.id}"]

    asked_since = a_solved_plan(session, [places.banner_office], [])
    assert publish(client, as_banner, asked_since)[0] == 200
    assert standing(client, as_banner, asked_since) == {f"round-1-{unit.id}": "in_force"}


def test_what_should_have_begun_but_was_not_in_force_is_no_history(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    person = builders.an_inspector(session, places.banner_office)
    early = date(2022, 8, 1)
    visit = Visit(unit, [person], date(2022, 8, 30))  # two days before the working date, and nobody was told of it
    plan = a_solved_plan(session, [places.banner_office], [visit], working_on=early, first_day=early)
    status, refused = publish(client, as_banner, plan)
    assert (status, refused["code"], refused["details"]["visits"]) == (409, "history_changed", [visit.key])


def test_each_wrong_publication_has_its_own_refusal(
    client: TestClient, session: Session, as_admin: Headers, as_inspector: Headers, places: Places
) -> None:
    plan = a_solved_plan(session, [places.banner_office], [])
    waiting = a_plan(session, [places.banner_office])
    refused = {
        (status, answer["code"])
        for status, answer in (
            publish(client, as_admin, waiting),
            publish(client, as_admin, plan, offices=[id_of(places.other_office)]),
            publish(client, as_admin, plan, until="2022-08-31"),
            publish(client, as_admin, plan, until="2024-01-01"),
            publish(client, as_admin, plan, offices=[]),
            publish(client, as_inspector, plan),
        )
    }
    assert refused == {
        (409, "plan_not_solved"),
        (422, "office_not_in_plan"),
        (422, "until_outside_plan"),
        (422, "invalid_value"),
        (403, "forbidden"),
    }
    assert session.exec(select(PublishedVersion)).all() == []
