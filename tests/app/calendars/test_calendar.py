"""The calendar by year: official or provisional, its special days, terms and closed days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import CalendarDay, CalendarStatus, ClosedDays, InspecteeKind, SchoolTerm, Season
from tests.app import builders
from tests.app.builders import Places
from tests.conftest import Headers

CALENDAR = "/api/v1/calendar"

SPRING = {"kind": "primary", "season": "spring", "first_on": "2023-03-01", "last_on": "2023-07-10"}
EXAM = {"name": "高考", "first_on": "2023-06-07", "last_on": "2023-06-09", "kinds": ["senior"], "code": "gaokao"}


def outcome(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def year(session: Session) -> str:
    """The address of 2023, which is official and has nothing yet."""
    return f"{CALENDAR}/{builders.a_calendar_year(session, 2023).year}"


def test_a_year_begins_provisional_and_becomes_official(client: TestClient, as_city: Headers) -> None:
    added = client.post(CALENDAR, headers=as_city, json={"year": 2027})
    assert (added.status_code, added.json()) == (201, {"year": 2027, "status": "provisional", "source": ""})
    assert outcome(client.post(CALENDAR, headers=as_city, json={"year": 2027})) == (409, "calendar_year_exists")
    notice = {"status": "official", "source": "国办发明电"}
    assert client.patch(f"{CALENDAR}/2027", headers=as_city, json=notice).json() == {"year": 2027} | notice


def test_a_whole_year(client: TestClient, as_city: Headers, year: str) -> None:
    client.post(f"{year}/days", headers=as_city, json={"day": "2023-10-02", "kind": "holiday", "name": "国庆节"})
    term = client.post(f"{year}/terms", headers=as_city, json=SPRING).json()
    closed = client.post(f"{year}/closed-days", headers=as_city, json=EXAM).json()
    assert client.get(year, headers=as_city).json() == {
        "year": 2023,
        "status": "official",
        "source": "",
        "days": [{"day": "2023-10-02", "kind": "holiday", "name": "国庆节"}],
        "terms": [SPRING | {"id": term["id"], "year": 2023, "source": ""}],
        "closed_days": [EXAM | {"id": closed["id"], "region_id": None, "source": ""}],
    }
    assert client.get(f"{year}/days/2023-10-02", headers=as_city).json()["name"] == "国庆节"
    assert client.get(f"{year}/terms/{term['id']}", headers=as_city).json() == term
    assert client.get(f"{year}/closed-days/{closed['id']}", headers=as_city).json() == closed


def test_the_list_of_years(client: TestClient, session: Session, as_banner: Headers) -> None:
    builders.a_calendar_year(session, 2023)
    builders.a_calendar_year(session, 2027, status=CalendarStatus.PROVISIONAL)

    def years(**filters: Any) -> list[int]:
        return [item["year"] for item in client.get(CALENDAR, headers=as_banner, params=filters).json()["items"]]

    assert years() == [2023, 2027]
    assert years(status="provisional") == [2027]


def test_a_day_stands_in_its_year_and_once(client: TestClient, session: Session, as_city: Headers, year: str) -> None:
    day = {"day": "2023-10-02", "kind": "holiday", "name": "国庆节"}
    assert client.post(f"{year}/days", headers=as_city, json=day).status_code == 201
    assert outcome(client.post(f"{year}/days", headers=as_city, json=day)) == (409, "calendar_day_exists")
    outside = client.post(f"{year}/days", headers=as_city, json=day | {"day": "2024-01-01"})
    assert outcome(outside) == (422, "outside_year")
    assert len(session.exec(select(CalendarDay)).all()) == 1


def test_a_day_changes_and_becomes_an_ordinary_one(client: TestClient, as_city: Headers, year: str) -> None:
    client.post(f"{year}/days", headers=as_city, json={"day": "2023-10-07", "kind": "holiday", "name": "国庆节"})
    changed = client.patch(f"{year}/days/2023-10-07", headers=as_city, json={"kind": "make_up_day", "name": "调休"})
    assert changed.json() == {"day": "2023-10-07", "kind": "make_up_day", "name": "调休"}
    assert client.delete(f"{year}/days/2023-10-07", headers=as_city).status_code == 204
    assert outcome(client.get(f"{year}/days/2023-10-07", headers=as_city)) == (404, "calendar_day_not_found")


def test_holidays_fall_on_weekends_too(client: TestClient, as_city: Headers, year: str) -> None:
    """2023-10-01 is a Sunday."""
    day = {"day": "2023-10-01", "kind": "holiday", "name": "国庆节"}
    assert client.post(f"{year}/days", headers=as_city, json=day).status_code == 201


def test_a_make_up_day_on_a_weekday_needs_an_official_notice(
    client: TestClient, session: Session, as_city: Headers
) -> None:
    """2023-10-10 and 2028-10-10 are Tuesdays, 2028-10-14 is a Saturday."""
    builders.a_calendar_year(session, 2023, status=CalendarStatus.OFFICIAL)
    builders.a_calendar_year(session, 2028, status=CalendarStatus.PROVISIONAL)

    def make_up(day: str) -> Any:
        body = {"day": day, "kind": "make_up_day", "name": "调休"}
        return client.post(f"{CALENDAR}/{day[:4]}/days", headers=as_city, json=body)

    assert make_up("2023-10-10").status_code == 201
    assert outcome(make_up("2028-10-10")) == (422, "make_up_on_weekday")
    assert make_up("2028-10-14").status_code == 201


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"first_on": "2023-07-10", "last_on": "2023-07-20", "season": "autumn"}, (409, "school_terms_overlap")),
        ({"first_on": "2023-02-01", "last_on": "2023-02-20"}, (409, "school_terms_overlap")),
        ({"first_on": "2022-12-31", "last_on": "2023-01-10", "season": "autumn"}, (422, "outside_year")),
        ({"first_on": "2023-09-01", "last_on": "2023-08-31", "season": "autumn"}, (422, "dates_reversed")),
        ({"season": "winter"}, (422, "invalid_value")),
    ],
)
def test_terms_of_one_kind_stand_once_and_apart(
    client: TestClient,
    session: Session,
    as_city: Headers,
    year: str,
    changes: dict[str, str],
    expected: tuple[int, str],
) -> None:
    """Primary schools have their spring term from 2023-03-01 to 2023-07-10."""
    builders.a_school_term(session)
    assert outcome(client.post(f"{year}/terms", headers=as_city, json=SPRING | changes)) == expected
    assert len(session.exec(select(SchoolTerm)).all()) == 1


def test_an_autumn_term_ends_in_the_next_year_and_other_kinds_have_their_own(
    client: TestClient, session: Session, as_city: Headers, year: str
) -> None:
    builders.a_school_term(session)
    autumn = {"kind": "primary", "season": "autumn", "first_on": "2023-09-01", "last_on": "2024-01-08"}
    assert client.post(f"{year}/terms", headers=as_city, json=autumn).json()["year"] == 2023
    assert client.post(f"{year}/terms", headers=as_city, json=SPRING | {"kind": "junior"}).status_code == 201


def test_a_term_moves_but_not_into_another(client: TestClient, session: Session, as_city: Headers, year: str) -> None:
    spring = builders.a_school_term(session)
    builders.a_school_term(session, season=Season.AUTUMN, first_on=date(2023, 9, 1), last_on=date(2024, 1, 8))
    own = f"{year}/terms/{spring.id}"
    assert client.patch(own, headers=as_city, json={"last_on": "2023-07-15"}).json()["last_on"] == "2023-07-15"
    assert outcome(client.patch(own, headers=as_city, json={"last_on": "2023-09-01"})) == (409, "school_terms_overlap")
    assert client.delete(own, headers=as_city).status_code == 204
    assert outcome(client.delete(own, headers=as_city)) == (404, "school_term_not_found")


def test_closed_days_touch_their_year(
    client: TestClient, session: Session, as_city: Headers, year: str, places: Places
) -> None:
    over_new_year = EXAM | {"first_on": "2022-12-30", "last_on": "2023-01-02", "region_id": places.banner.id}
    added = client.post(f"{year}/closed-days", headers=as_city, json=over_new_year)
    assert (added.status_code, added.json()["region_id"]) == (201, places.banner.id)
    for changes, expected in (
        ({"first_on": "2024-06-07", "last_on": "2024-06-09"}, (422, "outside_year")),
        ({"last_on": "2023-06-06"}, (422, "dates_reversed")),
        ({"region_id": 987654}, (422, "unknown_reference")),
        ({"kinds": ["senior", "senior"]}, (422, "duplicate_items")),
    ):
        assert outcome(client.post(f"{year}/closed-days", headers=as_city, json=EXAM | changes)) == expected
    assert len(session.exec(select(ClosedDays)).all()) == 1


def test_closed_days_change_and_leave(client: TestClient, as_city: Headers, year: str) -> None:
    added = client.post(f"{year}/closed-days", headers=as_city, json=EXAM).json()
    own = f"{year}/closed-days/{added['id']}"
    changed = client.patch(own, headers=as_city, json={"last_on": "2023-06-10", "kinds": []})
    assert changed.json() == added | {"last_on": "2023-06-10", "kinds": []}
    assert outcome(client.patch(own, headers=as_city, json={"first_on": "2023-06-11"})) == (422, "dates_reversed")
    assert client.delete(own, headers=as_city).status_code == 204
    assert outcome(client.get(own, headers=as_city)) == (404, "closed_days_not_found")


def test_a_year_with_days_stays(client: TestClient, session: Session, as_city: Headers, year: str) -> None:
    builders.a_calendar_day(session, date(2023, 10, 2))
    assert outcome(client.delete(year, headers=as_city)) == (409, "in_use")
    client.delete(f"{year}/days/2023-10-02", headers=as_city)
    assert client.delete(year, headers=as_city).status_code == 204
    assert outcome(client.get(year, headers=as_city)) == (404, "calendar_year_not_found")


def test_a_banner_reads_the_calendar_and_changes_nothing(
    client: TestClient, session: Session, as_banner: Headers, as_inspector: Headers, year: str
) -> None:
    term = builders.a_school_term(session, kind=InspecteeKind.JUNIOR)
    day = {"day": "2023-10-02", "kind": "holiday", "name": "国庆节"}
    assert client.get(year, headers=as_banner).status_code == 200
    for answer in (
        client.post(CALENDAR, headers=as_banner, json={"year": 2030}),
        client.patch(year, headers=as_banner, json={"source": "x"}),
        client.delete(year, headers=as_banner),
        client.post(f"{year}/days", headers=as_banner, json=day),
        client.post(f"{year}/terms", headers=as_banner, json=SPRING),
        client.delete(f"{year}/terms/{term.id}", headers=as_banner),
        client.post(f"{year}/closed-days", headers=as_banner, json=EXAM),
    ):
        assert outcome(answer) == (403, "forbidden")
    assert outcome(client.get(year, headers=as_inspector)) == (404, "calendar_year_not_found")
    assert outcome(client.get(CALENDAR, headers=as_inspector)) == (403, "forbidden")
