"""What is kept about a person: absences, recusals, appointments, employments and trainings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.core.config import Settings
from app.core.db import make_engine, migrate, writing
from app.inspectors.queries import lock
from app.models import Absence, Appointment, Inspector, PersonKind, User
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.conftest import Headers

LEAVE = {"first_on": "2022-10-10", "last_on": "2022-10-14"}


@pytest.fixture
def person(session: Session, places: Places) -> Inspector:
    return builders.an_inspector(session, places.banner_office, name="王督学", kind=PersonKind.PART_TIME)


@pytest.fixture
def url(person: Inspector) -> str:
    return f"/api/v1/inspectors/{id_of(person)}"


def outcome(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def test_the_life_of_an_absence(client: TestClient, as_banner: Headers, person: Inspector, url: str) -> None:
    added = client.post(f"{url}/absences", headers=as_banner, json=LEAVE | {"kind": "sick", "note": "住院"})
    absence = LEAVE | {"id": added.json()["id"], "inspector_id": person.id, "kind": "sick", "note": "住院"}
    assert (added.status_code, added.json()) == (201, absence)
    own = f"{url}/absences/{absence['id']}"
    changed = client.patch(own, headers=as_banner, json={"last_on": "2022-10-21"})
    assert (changed.status_code, changed.json()) == (200, absence | {"last_on": "2022-10-21"})
    assert client.get(own, headers=as_banner).json() == changed.json()
    assert client.delete(own, headers=as_banner).status_code == 204
    assert outcome(client.get(own, headers=as_banner)) == (404, "absence_not_found")


@pytest.mark.parametrize(
    ("first_on", "last_on", "expected"),
    [
        ("2022-10-14", "2022-10-20", (409, "absences_overlap")),
        ("2022-10-01", "2022-10-10", (409, "absences_overlap")),
        ("2022-10-12", "2022-10-12", (409, "absences_overlap")),
        ("2022-10-01", "2022-10-31", (409, "absences_overlap")),
        ("2022-11-02", "2022-11-01", (422, "dates_reversed")),
    ],
)
def test_absences_of_one_person_share_no_day(
    client: TestClient,
    session: Session,
    as_banner: Headers,
    person: Inspector,
    url: str,
    first_on: str,
    last_on: str,
    expected: tuple[int, str],
) -> None:
    """The person is away from 2022-10-10 to 2022-10-14."""
    builders.an_absence(session, person)
    answer = client.post(f"{url}/absences", headers=as_banner, json={"first_on": first_on, "last_on": last_on})
    assert outcome(answer) == expected
    assert len(session.exec(select(Absence)).all()) == 1


def test_absences_may_touch_and_two_people_may_be_away_at_once(
    client: TestClient, session: Session, as_banner: Headers, person: Inspector, places: Places, url: str
) -> None:
    builders.an_absence(session, builders.an_inspector(session, places.banner_office))
    builders.an_absence(session, person)
    for days in (("2022-10-15", "2022-10-15"), ("2022-10-09", "2022-10-09")):
        answer = client.post(f"{url}/absences", headers=as_banner, json={"first_on": days[0], "last_on": days[1]})
        assert answer.status_code == 201


def test_the_message_of_an_overlap_names_both(
    client: TestClient, session: Session, as_banner: Headers, person: Inspector, url: str
) -> None:
    absence = builders.an_absence(session, person)
    answer = client.post(
        f"{url}/absences", headers=as_banner, json={"first_on": "2022-10-12", "last_on": "2022-10-20"}
    ).json()
    assert answer["message"] == (
        "“王督学”在 2022-10-10 至 2022-10-14 已有请假，与 2022-10-12 至 2022-10-20 重叠。请更改已有的一条，或更正日期。"
    )
    assert answer["details"] == {"absence_id": absence.id, "first_on": "2022-10-10", "last_on": "2022-10-14"}


def test_a_changed_absence_overlaps_no_other_and_may_overlap_itself(
    client: TestClient, session: Session, as_banner: Headers, person: Inspector, url: str
) -> None:
    first = builders.an_absence(session, person)
    builders.an_absence(session, person, first_on=date(2022, 10, 20), last_on=date(2022, 10, 21))
    own = f"{url}/absences/{first.id}"
    assert client.patch(own, headers=as_banner, json={"last_on": "2022-10-19"}).status_code == 200
    refused = client.patch(own, headers=as_banner, json={"last_on": "2022-10-20"})
    assert outcome(refused) == (409, "absences_overlap")
    assert outcome(client.patch(own, headers=as_banner, json={"last_on": "2022-10-09"})) == (422, "dates_reversed")
    session.refresh(first)
    assert first.last_on == date(2022, 10, 19)


def test_an_inspector_manages_the_own_leave_only(
    client: TestClient, session: Session, as_inspector: Headers, inspector_user: User, person: Inspector, url: str
) -> None:
    own = f"/api/v1/inspectors/{inspector_user.inspector_id}"
    added = client.post(f"{own}/absences", headers=as_inspector, json=LEAVE)
    assert added.status_code == 201
    listed = client.get(f"{own}/absences", headers=as_inspector).json()
    assert listed["items"] == [added.json()]
    assert client.delete(f"{own}/absences/{added.json()['id']}", headers=as_inspector).status_code == 204

    foreign = builders.an_absence(session, person)
    for answer in (
        client.get(f"{url}/absences", headers=as_inspector),
        client.post(f"{url}/absences", headers=as_inspector, json=LEAVE),
        client.delete(f"{url}/absences/{foreign.id}", headers=as_inspector),
    ):
        assert outcome(answer) == (404, "inspector_not_found")
    recusal = {"person_name": "王校长", "reason": "近亲属", "first_on": "2022-01-01"}
    assert client.post(f"{own}/recusals", headers=as_inspector, json=recusal).status_code == 403
    assert client.get(f"{own}/recusals", headers=as_inspector).status_code == 200


def test_a_record_of_another_person_is_unknown_under_this_one(
    client: TestClient, session: Session, as_banner: Headers, places: Places, url: str
) -> None:
    colleague = builders.an_inspector(session, places.banner_office)
    absence = builders.an_absence(session, colleague)
    for answer in (
        client.get(f"{url}/absences/{absence.id}", headers=as_banner),
        client.patch(f"{url}/absences/{absence.id}", headers=as_banner, json={"note": "x"}),
        client.delete(f"{url}/absences/{absence.id}", headers=as_banner),
    ):
        assert outcome(answer) == (404, "absence_not_found")


def test_the_city_reads_a_banner_s_leave_and_changes_its_own(
    client: TestClient, session: Session, as_city: Headers, person: Inspector, places: Places, url: str
) -> None:
    absence = builders.an_absence(session, person)
    assert client.get(f"{url}/absences/{absence.id}", headers=as_city).status_code == 200
    assert client.delete(f"{url}/absences/{absence.id}", headers=as_city).status_code == 403
    of_city = builders.an_inspector(session, places.city_office)
    assert client.post(f"/api/v1/inspectors/{of_city.id}/absences", headers=as_city, json=LEAVE).status_code == 201


def test_the_days_asked_for(
    client: TestClient, session: Session, as_banner: Headers, person: Inspector, url: str
) -> None:
    """One absence from 2022-10-10 to 2022-10-14, one on 2022-12-01."""
    builders.an_absence(session, person)
    builders.an_absence(session, person, first_on=date(2022, 12, 1), last_on=date(2022, 12, 1))

    def first_days(**days: str) -> list[str]:
        answer = client.get(f"{url}/absences", headers=as_banner, params=days).json()
        return [item["first_on"] for item in answer["items"]]

    assert first_days() == ["2022-10-10", "2022-12-01"]
    assert first_days(first_on="2022-10-14") == ["2022-10-10", "2022-12-01"]
    assert first_days(first_on="2022-10-15") == ["2022-12-01"]
    assert first_days(last_on="2022-11-30") == ["2022-10-10"]


def test_a_recusal_names_a_unit_or_a_person(
    client: TestClient, session: Session, as_banner: Headers, places: Places, url: str
) -> None:
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    why = {"reason": "近亲属", "first_on": "2022-01-01"}
    by_unit = client.post(f"{url}/recusals", headers=as_banner, json=why | {"inspectee_id": unit.id})
    by_head = client.post(f"{url}/recusals", headers=as_banner, json=why | {"person_name": "王校长"})
    assert (by_unit.status_code, by_head.status_code) == (201, 201)
    assert outcome(client.post(f"{url}/recusals", headers=as_banner, json=why)) == (422, "recusal_subject")
    unknown = client.post(f"{url}/recusals", headers=as_banner, json=why | {"inspectee_id": 987654})
    assert outcome(unknown) == (422, "unknown_reference")
    again = client.post(f"{url}/recusals", headers=as_banner, json=why | {"person_name": "王校长"})
    assert outcome(again) == (409, "recusal_exists")
    emptied = client.patch(f"{url}/recusals/{by_head.json()['id']}", headers=as_banner, json={"person_name": None})
    assert outcome(emptied) == (422, "recusal_subject")


def test_a_recusal_ends(client: TestClient, session: Session, as_banner: Headers, person: Inspector, url: str) -> None:
    recusal = builders.a_recusal(session, person)
    own = f"{url}/recusals/{recusal.id}"
    ended = client.patch(own, headers=as_banner, json={"last_on": "2022-12-31"})
    assert (ended.status_code, ended.json()["last_on"]) == (200, "2022-12-31")
    assert outcome(client.patch(own, headers=as_banner, json={"last_on": "2021-12-31"})) == (422, "dates_reversed")


def test_the_next_term_has_the_next_number_and_a_fourth_is_refused(
    client: TestClient, session: Session, as_banner: Headers, url: str
) -> None:
    def appoint(first_year: int, **changes: Any) -> Any:
        days = {"first_on": f"{first_year}-01-01", "last_on": f"{first_year + 2}-12-31"}
        return client.post(f"{url}/appointments", headers=as_banner, json=days | changes)

    assert [appoint(year).json()["number"] for year in (2016, 2019, 2022)] == [1, 2, 3]
    fourth = appoint(2025)
    assert outcome(fourth) == (422, "too_many_terms")
    assert fourth.json()["details"] == {"terms": 4, "max_part_time_terms": 3}
    assert outcome(appoint(2025, number=3)) == (409, "term_number_taken")
    assert len(session.exec(select(Appointment)).all()) == 3


def test_appointments_of_one_person_share_no_day(
    client: TestClient, session: Session, as_banner: Headers, person: Inspector, url: str
) -> None:
    term = builders.an_appointment(session, person)
    days = {"first_on": "2024-12-31", "last_on": "2025-12-31"}
    assert outcome(client.post(f"{url}/appointments", headers=as_banner, json=days)) == (409, "appointments_overlap")
    backwards = {"first_on": "2025-12-31", "last_on": "2025-01-01"}
    assert outcome(client.post(f"{url}/appointments", headers=as_banner, json=backwards)) == (422, "dates_reversed")
    shorter = client.patch(f"{url}/appointments/{term.id}", headers=as_banner, json={"last_on": "2024-06-30"})
    assert (shorter.status_code, shorter.json()["last_on"]) == (200, "2024-06-30")
    longer = client.patch(f"{url}/appointments/{term.id}", headers=as_banner, json={"last_on": "2025-06-30"})
    assert outcome(longer) == (422, "term_too_long")


def test_an_employment_names_what_exists(
    client: TestClient, session: Session, as_banner: Headers, person: Inspector, places: Places, url: str
) -> None:
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    body = {"employer": unit.name, "inspectee_id": unit.id, "region_id": places.banner.id, "first_on": "2010-09-01"}
    added = client.post(f"{url}/employments", headers=as_banner, json=body)
    whole = body | {"id": added.json()["id"], "inspector_id": person.id, "last_on": None}
    assert (added.status_code, added.json()) == (201, whole)
    own = f"{url}/employments/{whole['id']}"
    left = client.patch(own, headers=as_banner, json={"last_on": "2020-08-31"})
    assert (left.status_code, left.json()) == (200, whole | {"last_on": "2020-08-31"})
    assert outcome(client.patch(own, headers=as_banner, json={"last_on": "2009-08-31"})) == (422, "dates_reversed")
    for field in ("inspectee_id", "region_id"):
        answer = client.patch(own, headers=as_banner, json={field: 987654})
        assert outcome(answer) == (422, "unknown_reference")


def test_a_training_is_kept(client: TestClient, as_banner: Headers, person: Inspector, url: str) -> None:
    body = {"title": "岗前培训", "first_on": "2022-08-22", "last_on": "2022-08-26", "hours": 40, "entry": True}
    added = client.post(f"{url}/trainings", headers=as_banner, json=body)
    assert (added.status_code, added.json()) == (201, body | {"id": added.json()["id"], "inspector_id": person.id})
    own = f"{url}/trainings/{added.json()['id']}"
    assert client.patch(own, headers=as_banner, json={"hours": 38}).json()["hours"] == 38
    assert outcome(client.patch(own, headers=as_banner, json={"first_on": "2022-09-01"})) == (422, "dates_reversed")
    backwards = body | {"last_on": "2022-08-21"}
    assert outcome(client.post(f"{url}/trainings", headers=as_banner, json=backwards)) == (422, "dates_reversed")


def test_a_person_with_all_records_by_first_day(
    client: TestClient, session: Session, as_banner: Headers, person: Inspector, url: str
) -> None:
    builders.an_absence(session, person, first_on=date(2023, 1, 4), last_on=date(2023, 1, 5))
    builders.an_absence(session, person)
    builders.an_appointment(session, person)
    builders.an_entry_training(session, person)
    builders.a_recusal(session, person)
    detail = client.get(url, headers=as_banner).json()
    assert [absence["first_on"] for absence in detail["absences"]] == ["2022-10-10", "2023-01-04"]
    assert [len(detail[name]) for name in ("appointments", "trainings", "recusals", "employments")] == [1, 1, 1, 0]


@pytest.mark.postgres
def test_two_who_change_one_person_s_leave_at_once_follow_one_another(
    new_postgres_database: Callable[[], str],
) -> None:
    """Each alone would find no overlap; so the first holds the person until it is done, and the second must wait."""
    settings = Settings(database_url=new_postgres_database(), secret=None, today=None)
    migrate(settings)
    engine = make_engine(settings)
    with writing(engine) as session:
        office = builders.an_office(session, builders.a_region(session))
        person_id = id_of(builders.an_inspector(session, office))
    with Session(engine) as first, Session(engine) as second:
        lock(first, first.get_one(Inspector, person_id))
        second.execute(sa.text("SET LOCAL lock_timeout = '10ms'"))
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            lock(second, second.get_one(Inspector, person_id))
    engine.dispose()
