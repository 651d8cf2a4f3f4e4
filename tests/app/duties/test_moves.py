"""An own routine visit moved by its inspector: what a clean check allows, what it refuses, what the office sees."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import (
    Assignment,
    AuditEntry,
    CalendarEvent,
    Inspector,
    PlanDocument,
    ProgrammeRule,
    PublishedVersion,
)
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.app.plans.rows import MONDAY, TUESDAY, Visit, a_plan, a_solved_plan, a_version, stands
from tests.app.programmes.builders import a_programme
from tests.conftest import Headers

API = "/api/v1"
WEDNESDAY = date(2022, 10, 19)


@pytest.fixture
def me(session: Session, inspector_user: Any) -> Inspector:
    return session.get_one(Inspector, inspector_user.inspector_id)


@pytest.fixture(autouse=True)
def _routine_programme(session: Session) -> None:
    a_programme(session, code="routine", rule=ProgrammeRule.ROUTINE, comprehensive=False, notice_days=0)


def a_routine_visit(session: Session, places: Places, me: Inspector, *others: Visit, **fields: Any) -> Assignment:
    """My routine visit on Monday morning in force to the end of 2022, beside other visits."""
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    mine = Visit(unit, [me], routine=True, **fields)
    plan = a_solved_plan(session, [places.banner_office], [mine, *others])
    a_version(session, plan, places.banner_office)
    return stands(session, plan)[mine.key]


def move(client: TestClient, headers: Headers, assignment_id: int | None, day: date, half: str = "pm") -> Any:
    body = {"day": day.isoformat(), "half": half}
    return client.post(f"{API}/me/assignments/{assignment_id}/move", headers=headers, json=body)


def where(session: Session, row: Assignment) -> tuple[date, date, str]:
    session.refresh(row)
    return row.first_on, row.last_on, row.half.value


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_an_own_routine_visit_is_shown_with_its_weeks_and_can_be_moved(
    client: TestClient, session: Session, as_inspector: Headers, places: Places, me: Inspector
) -> None:
    row = a_routine_visit(session, places, me)
    (shown,) = client.get(f"{API}/me/assignments", headers=as_inspector).json()["items"]
    assert (shown["due_first_on"], shown["due_last_on"], shown["movable"]) == ("2022-09-01", "2023-12-29", True)

    moved = move(client, as_inspector, row.id, TUESDAY)
    assert moved.status_code == 200
    assert (moved.json()["first_on"], moved.json()["half"]) == ("2022-10-18", "pm")
    assert where(session, row) == (TUESDAY, TUESDAY, "pm")
    (again,) = client.get(f"{API}/me/assignments", headers=as_inspector).json()["items"]
    assert again == moved.json()


def test_the_office_sees_each_move_as_an_amendment_of_its_version(
    client: TestClient, session: Session, as_inspector: Headers, as_banner: Headers, places: Places, me: Inspector
) -> None:
    row = a_routine_visit(session, places, me)
    kept = {each.kind: each.content for each in session.exec(select(PlanDocument)).all()}
    for day, half in ((TUESDAY, "pm"), (WEDNESDAY, "am"), (WEDNESDAY, "am")):
        assert move(client, as_inspector, row.id, day, half).status_code == 200
    version = session.exec(select(PublishedVersion)).one()
    items = client.get(f"{API}/versions/{version.id}/amendments", headers=as_banner).json()["items"]
    # the third request moves nothing
    assert [(each["number"], each["from_on"], each["from_half"], each["now_on"]) for each in items] == [
        (2, "2022-10-18", "pm", "2022-10-19"),
        (1, "2022-10-17", "am", "2022-10-19"),
    ]
    assert {each["team"][0]["name"] for each in items} == {me.name}
    assert {each.kind: each.content for each in session.exec(select(PlanDocument)).all()} == kept
    deeds = session.exec(select(AuditEntry.noun).where(AuditEntry.action == "move")).all()
    assert deeds == ["assignment", "assignment"]


def test_a_move_counts_in_the_calendar_feed(
    client: TestClient, session: Session, as_banner: Headers, as_inspector: Headers, places: Places, me: Inspector
) -> None:
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    mine = Visit(unit, [me], routine=True)
    plan = a_solved_plan(session, [places.banner_office], [mine])
    assert client.post(f"{API}/plans/{plan.id}/publish", headers=as_banner, json={}).status_code == 200
    event = session.exec(select(CalendarEvent)).one()
    assert event.sequence == 0
    assert move(client, as_inspector, stands(session, plan)[mine.key].id, TUESDAY).status_code == 200
    session.refresh(event)
    assert event.sequence == 1


def test_what_a_rule_forbids_is_told_and_nothing_moves(
    client: TestClient, session: Session, as_inspector: Headers, places: Places, me: Inspector
) -> None:
    other = Visit(builders.an_inspectee(session, places.banner, places.banner_office), [me], TUESDAY, "pm")
    row = a_routine_visit(session, places, me, other)
    answer = move(client, as_inspector, row.id, TUESDAY)
    assert refusal(answer) == (409, "move_conflict")
    assert [fault["code"] for fault in answer.json()["details"]["faults"]] == ["double_booked"]
    assert where(session, row) == (MONDAY, MONDAY, "am")
    assert move(client, as_inspector, row.id, TUESDAY, "am").status_code == 200


def test_a_visit_of_others_at_the_unit_forbids_the_half_day_without_being_named(
    client: TestClient, session: Session, as_inspector: Headers, places: Places, me: Inspector
) -> None:
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    somebody = builders.an_inspector(session, places.banner_office)
    mine = Visit(unit, [me], routine=True)
    plan = a_solved_plan(session, [places.banner_office], [mine])
    a_version(session, plan, places.banner_office)
    theirs = a_solved_plan(session, [places.city_office], [Visit(unit, [somebody], TUESDAY, "pm")])
    for row in stands(session, theirs).values():
        row.office_id = id_of(places.city_office)
    a_version(session, theirs, places.city_office)
    answer = move(client, as_inspector, stands(session, plan)[mine.key].id, TUESDAY)
    assert refusal(answer) == (409, "move_conflict")
    assert [fault["code"] for fault in answer.json()["details"]["faults"]] == ["inspectee_overlap"]
    assert f"round-1-{unit.id}" not in answer.text


def test_leave_asked_for_since_and_days_outside_the_window_forbid_a_move(
    client: TestClient, session: Session, as_inspector: Headers, places: Places, me: Inspector
) -> None:
    row = a_routine_visit(session, places, me)
    builders.an_absence(session, me, first_on=TUESDAY, last_on=TUESDAY)
    answer = move(client, as_inspector, row.id, TUESDAY)
    assert [fault["code"] for fault in answer.json()["details"]["faults"]] == ["available"]
    saturday = move(client, as_inspector, row.id, date(2022, 10, 22))
    assert refusal(saturday) == (409, "move_conflict")
    # the version is in force to the end of the year
    assert refusal(move(client, as_inspector, row.id, date(2023, 1, 3))) == (422, "day_outside_version")
    assert refusal(move(client, as_inspector, row.id, date(2022, 8, 31))) == (422, "day_outside_version")


def test_only_routine_and_only_ones_own_is_moved_without_the_office(
    client: TestClient,
    session: Session,
    as_inspector: Headers,
    as_banner: Headers,
    places: Places,
    me: Inspector,
) -> None:
    somebody = builders.an_inspector(session, places.banner_office)
    units = [builders.an_inspectee(session, places.banner, places.banner_office) for _ in range(2)]
    visits = [Visit(units[0], [me]), Visit(units[1], [somebody], routine=True)]
    plan = a_solved_plan(session, [places.banner_office], visits)
    a_version(session, plan, places.banner_office)
    rows = stands(session, plan)
    assert refusal(move(client, as_inspector, rows[visits[0].key].id, TUESDAY)) == (403, "not_routine")
    assert refusal(move(client, as_inspector, rows[visits[1].key].id, TUESDAY)) == (404, "assignment_not_found")
    assert refusal(move(client, as_banner, rows[visits[1].key].id, TUESDAY)) == (404, "assignment_not_found")


def test_what_has_begun_stays(
    client: TestClient, session: Session, as_inspector: Headers, places: Places, me: Inspector
) -> None:
    # the working date is 2022-09-01
    row = a_routine_visit(session, places, me)
    row.first_on = row.last_on = date(2022, 8, 31)
    session.flush()
    assert refusal(move(client, as_inspector, row.id, TUESDAY)) == (409, "already_begun")


def test_a_draft_is_nobodys_to_move(
    client: TestClient, session: Session, as_inspector: Headers, places: Places, me: Inspector
) -> None:
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    mine = Visit(unit, [me], routine=True)
    plan = a_solved_plan(session, [places.banner_office], [mine])
    row = stands(session, plan)[mine.key]
    assert refusal(move(client, as_inspector, row.id, TUESDAY)) == (404, "assignment_not_found")


def test_publishing_the_plan_again_keeps_what_was_moved(
    client: TestClient, session: Session, as_inspector: Headers, as_banner: Headers, places: Places, me: Inspector
) -> None:
    row = a_routine_visit(session, places, me)
    assert move(client, as_inspector, row.id, TUESDAY).status_code == 200
    answer = client.post(f"{API}/plans/{row.plan_id}/publish", headers=as_banner, json={"until": "2023-06-30"})
    assert answer.status_code == 200
    assert where(session, row) == (TUESDAY, TUESDAY, "pm")


def test_the_amendments_of_another_office_are_not_found(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    version = a_version(session, a_plan(session, [places.city_office]), places.city_office)
    assert refusal(client.get(f"{API}/versions/{version.id}/amendments", headers=as_banner)) == (
        404,
        "version_not_found",
    )
