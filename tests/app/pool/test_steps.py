"""The way into office and out of it: what each step asks, and what it does to terms and trainings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import Appointment, DayKind, Inspector, PersonKind, Training, User
from app.planning.people import unavailable
from app.planning.register import People
from solver.problem import DateRange
from tests.app import builders
from tests.app.builders import Places
from tests.conftest import Headers

Json = dict[str, Any]


class Way:
    """Takes steps of one person as an office."""

    def __init__(self, client: TestClient, headers: Headers, person: Inspector) -> None:
        self.url = f"/api/v1/inspectors/{person.id}/pool-steps"
        self._client, self._headers = client, headers

    def take(self, stage: str, first_on: str, **more: Any) -> tuple[int, Json]:
        """The status and the answer of one step."""
        body = {"stage": stage, "first_on": first_on, "done_by": "红山区教育局", "evidence": "红教督〔2022〕5号"}
        answer = self._client.post(self.url, headers=self._headers, json=body | more)
        return answer.status_code, answer.json()

    def go(self, *steps: tuple[str, str, Json]) -> None:
        """Takes steps that are all allowed."""
        for stage, first_on, more in steps:
            status, answer = self.take(stage, first_on, **more)
            assert status == 201, answer


TO_PUBLICITY: list[tuple[str, str, Json]] = [("recommended", "2022-08-01", {}), ("checked", "2022-08-08", {})]
PUBLICISED = ("publicised", "2022-08-15", {"last_on": "2022-08-23"})  # Monday to the Tuesday of the week after: 7 days
APPOINTED = ("appointed", "2022-08-25", {"last_on": "2025-08-24", "card_number": "督字 017"})
TRAINED = ("trained", "2022-08-26", {"last_on": "2022-08-30", "hours": 40})


@pytest.fixture
def person(session: Session, places: Places) -> Inspector:
    """Somebody who was never appointed, in the banner's office; the calendar of 2022 is known."""
    builders.a_calendar_year(session, 2022)
    return builders.an_inspector(session, places.banner_office, kind=PersonKind.PART_TIME, name="赵六")


@pytest.fixture
def way(client: TestClient, as_banner: Headers, person: Inspector) -> Way:
    """The steps of that person, taken by the banner's office."""
    return Way(client, as_banner, person)


def test_the_whole_way_makes_the_term_and_the_training_that_planning_reads(
    client: TestClient, session: Session, as_banner: Headers, way: Way, person: Inspector, places: Places
) -> None:
    way.go(*TO_PUBLICITY, PUBLICISED, APPOINTED, TRAINED, ("in_office", "2022-08-31", {}))
    steps = client.get(way.url, headers=as_banner).json()["items"]
    assert [(step["stage"], step["first_on"], step["last_on"]) for step in steps] == [
        ("recommended", "2022-08-01", "2022-08-01"),
        ("checked", "2022-08-08", "2022-08-08"),
        ("publicised", "2022-08-15", "2022-08-23"),
        ("appointed", "2022-08-25", "2022-08-25"),
        ("trained", "2022-08-26", "2022-08-30"),
        ("in_office", "2022-08-31", "2022-08-31"),
    ]
    assert {(step["done_by"], step["evidence"]) for step in steps} == {("红山区教育局", "红教督〔2022〕5号")}
    term = session.exec(select(Appointment)).one()
    assert (term.first_on, term.last_on, term.number) == (date(2022, 8, 25), date(2025, 8, 24), 1)
    training = session.exec(select(Training)).one()
    assert (training.last_on, training.hours, training.entry) == (date(2022, 8, 30), 40, True)
    assert session.get_one(Inspector, person.id).card_number == "督字 017"
    # planning, too, counts the person from 31 August to the end of the term and on no other day
    span = DateRange(date(2022, 8, 1), date(2025, 12, 31))
    people = People.of(session, [builders.id_of(places.banner_office)], span.first)
    assert unavailable(people, person, span) == (
        DateRange(date(2022, 8, 1), date(2022, 8, 30)),
        DateRange(date(2025, 8, 25), date(2025, 12, 31)),
    )


def test_six_working_days_of_publicity_are_too_few(way: Way) -> None:
    way.go(*TO_PUBLICITY)
    # 15 to 22 August: five days and a Monday
    status, refused = way.take("publicised", "2022-08-15", last_on="2022-08-22")
    assert (status, refused["code"], refused["details"]) == (
        422,
        "publicity_too_short",
        {"working_days": 6, "least": 7},
    )
    way.go(PUBLICISED)


def test_the_working_days_are_those_of_the_calendar_table(session: Session, way: Way) -> None:
    builders.a_calendar_day(session, date(2022, 8, 16), DayKind.HOLIDAY)
    way.go(*TO_PUBLICITY)
    assert way.take("publicised", "2022-08-15", last_on="2022-08-23")[1]["details"]["working_days"] == 6
    builders.a_calendar_day(session, date(2022, 8, 20), DayKind.MAKE_UP_DAY)  # a Saturday
    way.go(PUBLICISED)


def test_working_days_of_a_year_without_a_calendar_are_not_guessed(way: Way) -> None:
    way.go(*TO_PUBLICITY)
    status, refused = way.take("publicised", "2023-08-15", last_on="2023-08-25")
    assert (status, refused["code"]) == (422, "calendar_year_missing")


@pytest.mark.parametrize(
    ("publicity_ends", "appointed_on", "status"),
    [
        ("2022-08-23", "2022-08-23", 422),  # the last day of the publicity
        ("2022-08-23", "2022-08-24", 201),
        ("2022-09-02", "2022-09-05", 422),  # the working date is 2022-09-01: the publicity still runs
    ],
)
def test_nobody_is_appointed_before_the_publicity_has_ended(
    way: Way, publicity_ends: str, appointed_on: str, status: int
) -> None:
    way.go(*TO_PUBLICITY, ("publicised", "2022-08-15", {"last_on": publicity_ends}))
    answer = way.take("appointed", appointed_on, last_on="2025-08-22")
    assert answer[0] == status
    assert answer[1].get("code") == (None if status == 201 else "publicity_not_over")


@pytest.mark.parametrize(
    ("day", "status", "code"),
    [
        ("2022-08-30", 422, "duty_before_training"),  # the last day of the training
        ("2022-08-31", 201, None),
        ("2022-09-01", 422, "duty_later_than_counted"),  # planning counts the person from the day before
    ],
)
def test_duty_begins_the_day_after_the_training(way: Way, day: str, status: int, code: str | None) -> None:
    way.go(*TO_PUBLICITY, PUBLICISED, APPOINTED, TRAINED)
    answer = way.take("in_office", day)
    assert (answer[0], answer[1].get("code")) == (status, code)


def test_duty_without_any_training_is_refused(way: Way) -> None:
    way.go(*TO_PUBLICITY, PUBLICISED, APPOINTED)
    status, refused = way.take("in_office", "2022-08-26")
    assert (status, refused["code"]) == (422, "duty_before_training")
    assert "还没有登记" in refused["message"]


def test_a_step_that_is_not_the_next_is_refused_with_the_next(way: Way) -> None:
    status, refused = way.take("appointed", "2022-08-25", last_on="2025-08-24")
    assert (status, refused["code"], refused["details"]) == (
        409,
        "step_out_of_order",
        {"stage": None, "next": ["recommended"]},
    )
    way.go(*TO_PUBLICITY)
    assert way.take("trained", "2022-08-26", hours=40)[1]["details"]["next"] == ["publicised", "ended"]
    assert way.take("publicised", "2022-08-05", last_on="2022-08-23")[1]["code"] == "step_before_last"


def test_a_full_time_inspector_is_appointed_by_the_cadre_procedure(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    official = builders.an_inspector(session, places.banner_office, kind=PersonKind.FULL_TIME)
    Way(client, as_banner, official).go(("appointed", "2022-08-25", {"last_on": None}))
    expert = builders.an_inspector(session, places.banner_office, kind=PersonKind.EXPERT)
    status, refused = Way(client, as_banner, expert).take("recommended", "2022-08-25")
    assert (status, refused["code"]) == (422, "not_an_inspector")


def test_a_way_that_was_begun_is_not_gone_round(
    client: TestClient, as_banner: Headers, way: Way, person: Inspector
) -> None:
    url, body = f"/api/v1/inspectors/{person.id}/appointments", {"first_on": "2022-08-10", "last_on": "2025-08-09"}
    way.go(*TO_PUBLICITY)
    refused = client.post(url, headers=as_banner, json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "pool_way_open")
    assert "目前为“审核”" in refused.json()["message"]
    way.go(PUBLICISED, APPOINTED)
    later = {"first_on": "2025-08-25", "last_on": "2028-08-24"}
    assert client.post(url, headers=as_banner, json=later).status_code == 201


def test_the_end_is_the_last_day_of_the_term(session: Session, way: Way) -> None:
    way.go(*TO_PUBLICITY, PUBLICISED, APPOINTED, TRAINED, ("in_office", "2022-08-31", {}))
    way.go(("ended", "2022-12-30", {"evidence": "调离"}))
    assert session.exec(select(Appointment)).one().last_on == date(2022, 12, 30)
    way.go(("recommended", "2023-01-09", {}))


def test_who_came_into_office_before_the_service_may_be_renewed(session: Session, way: Way, person: Inspector) -> None:
    builders.an_appointment(session, person, first_on=date(2019, 9, 9), last_on=date(2022, 9, 8))
    builders.an_entry_training(session, person, first_on=date(2019, 9, 1), last_on=date(2019, 9, 5))
    way.go(*TO_PUBLICITY, PUBLICISED)
    way.go(("appointed", "2022-09-09", {"last_on": "2025-09-08"}), ("in_office", "2022-09-09", {}))
    assert sorted(session.exec(select(Appointment.number)).all()) == [1, 2]


def test_an_inspector_reads_the_own_steps_and_takes_none(
    client: TestClient, session: Session, as_banner: Headers, as_inspector: Headers, inspector_user: User
) -> None:
    own = Way(client, as_banner, session.get_one(Inspector, inspector_user.inspector_id))
    own.go(("appointed", "2022-08-25", {}))
    listed = client.get(own.url, headers=as_inspector).json()["items"]
    assert [step["stage"] for step in listed] == ["appointed"]
    assert client.post(own.url, headers=as_inspector, json={}).status_code == 422
    body = {"stage": "ended", "first_on": "2022-09-01", "done_by": "本人", "evidence": "本人"}
    assert client.post(own.url, headers=as_inspector, json=body).status_code == 403


def test_steps_are_the_own_office_s(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, places: Places, person: Inspector
) -> None:
    assert Way(client, as_city, person).take("recommended", "2022-08-01")[0] == 403
    other = builders.an_inspector(session, places.other_office)
    assert Way(client, as_banner, other).take("recommended", "2022-08-01")[0] == 404
