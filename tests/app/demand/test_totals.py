"""How many visits a school receives: what counts, of whom, and what may not be published."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from app.demand.totals import Held, Totals
from app.models import (
    Assignment,
    Inspectee,
    InspecteeKind,
    Office,
    Plan,
    PlannedVisit,
    ProgrammeRule,
    Season,
    ServedProgramme,
)
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.app.plans.rows import Visit, a_solved_plan, a_version
from tests.app.programmes.builders import a_programme
from tests.conftest import Headers

API = "/api/v1"
Json = dict[str, Any]
MONDAY = date(2022, 10, 17)


def visits_at(session: Session, office: Office, unit: Inspectee, days: list[date], **changes: Any) -> Plan:
    """A solved plan of the office whose visits, each at a copy of the key, are all at the unit and are no round."""
    region = builders.a_region(session)
    stand_ins = [builders.an_inspectee(session, region, office) for _ in days]
    person = builders.an_inspector(session, office)
    plan = a_solved_plan(
        session, [office], [Visit(each, [person], day) for each, day in zip(stand_ins, days, strict=True)], **changes
    )
    for visit in session.exec(select(PlannedVisit).where(PlannedVisit.plan_id == plan.id)).all():
        visit.inspectee_id = id_of(unit)
    for row in session.exec(select(Assignment).where(Assignment.plan_id == plan.id)).all():
        row.inspectee_id = id_of(unit)
    session.flush()
    return plan


def serve(session: Session, plan: Plan, code: str) -> None:
    """Let all visits of a plan serve another programme than the round."""
    ids = select(PlannedVisit.id).where(PlannedVisit.plan_id == plan.id)
    for row in session.exec(select(ServedProgramme).where(col(ServedProgramme.visit_id).in_(ids))).all():
        row.programme_code = code
    session.flush()


def weeks(number: int, first: date = MONDAY) -> list[date]:
    """So many Mondays."""
    return [first + timedelta(weeks=k) for k in range(number)]


def publish(client: TestClient, headers: Headers, plan: Plan, **body: Any) -> tuple[int, Json]:
    answer = client.post(f"{API}/plans/{plan.id}/publish", headers=headers, json=body)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(("number", "status"), [(5, 200), (6, 409)])
def test_five_visits_a_year_are_published_and_six_are_not(
    client: TestClient, session: Session, as_banner: Headers, places: Places, number: int, status: int
) -> None:
    school = builders.an_inspectee(session, places.banner, places.banner_office, name="红山一小")
    plan = visits_at(session, places.banner_office, school, weeks(number))
    answer = publish(client, as_banner, plan)
    assert answer[0] == status, answer
    if status == 409:
        assert answer[1]["code"] == "too_many_visits"
        assert answer[1]["details"] == {
            "plan": plan.id,
            "number": 1,
            "faults": [
                {
                    "code": "visits_per_year",
                    "inspectee": school.id,
                    "year": 2022,
                    "season": None,
                    "visits": 6,
                    "most": 5,
                    "message": "“红山一小”2022 年将接受 6 次督导（各级机构合计，不含经常性督导），超过 5 次。",
                }
            ],
        }


@pytest.mark.parametrize("number", [5, 6])
def test_the_faults_of_a_plan_name_the_school_that_is_visited_too_often(
    client: TestClient, session: Session, as_banner: Headers, places: Places, number: int
) -> None:
    school = builders.an_inspectee(session, places.banner, places.banner_office, name="红山一小")
    plan = visits_at(session, places.banner_office, school, weeks(number))
    faults = client.get(f"{API}/plans/{plan.id}/faults", headers=as_banner).json()["items"]
    assert [(fault["code"], fault["day"]) for fault in faults] == (
        [] if number == 5 else [("visits_per_year", "2022-11-21")]  # the sixth Monday
    )
    assert all(
        "“红山一小”在 2022 年将接受 6 次督导（不含经常性督导），超过 5 次。" in fault["message"] for fault in faults
    )


def test_the_offices_are_counted_together_and_with_what_was_done_before(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    """Three of the banner in force, one of the spring outside this service, two of the city: six."""
    school = builders.an_inspectee(session, places.banner, places.banner_office)
    theirs = visits_at(session, places.banner_office, school, weeks(3))
    a_version(session, theirs, places.banner_office)
    builders.a_past_inspection(session, school, first_on=date(2022, 5, 16))
    plan = visits_at(session, places.city_office, school, weeks(2, MONDAY + timedelta(days=1)))
    status, refused = publish(client, as_city, plan)
    assert (status, refused["code"], refused["details"]["faults"][0]["visits"]) == (409, "too_many_visits", 6)


def test_routine_visits_do_not_count_and_nor_does_a_government(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    a_programme(session, code="routine", rule=ProgrammeRule.ROUTINE)
    office = places.banner_office
    school = builders.an_inspectee(session, places.banner, office)
    routine = visits_at(session, office, school, weeks(6))
    serve(session, routine, "routine")
    assert publish(client, as_banner, routine)[0] == 200
    government = builders.an_inspectee(session, places.banner, office, kind=InspecteeKind.GOVERNMENT)
    assert publish(client, as_banner, visits_at(session, office, government, weeks(6)))[0] == 200


def test_what_is_over_already_does_not_stop_a_publication_elsewhere(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    full, other = (builders.an_inspectee(session, places.banner, places.banner_office) for _ in range(2))
    for week in range(6):
        builders.a_past_inspection(session, full, first_on=date(2022, 3, 7) + timedelta(weeks=week))
    assert publish(client, as_banner, visits_at(session, places.banner_office, other, weeks(1)))[0] == 200


def test_a_limit_for_the_term_may_be_set(
    client: TestClient, session: Session, as_admin: Headers, as_banner: Headers, places: Places
) -> None:
    builders.a_school_term(
        session, year=2022, season=Season.AUTUMN, first_on=date(2022, 9, 1), last_on=date(2023, 1, 8)
    )
    school = builders.an_inspectee(session, places.banner, places.banner_office)
    plan = visits_at(session, places.banner_office, school, weeks(3))
    assert client.patch(f"{API}/settings", headers=as_admin, json={"visits_per_term": 2}).status_code == 200
    status, refused = publish(client, as_banner, plan)
    assert (status, [each["code"] for each in refused["details"]["faults"]]) == (409, ["visits_per_term"])
    assert client.patch(f"{API}/settings", headers=as_admin, json={"visits_per_term": None}).status_code == 200
    assert publish(client, as_banner, plan)[0] == 200


def test_an_unannounced_visit_of_another_office_is_not_told(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, places: Places
) -> None:
    school = builders.an_inspectee(session, places.banner, places.banner_office)
    theirs = visits_at(session, places.city_office, school, weeks(5))
    for visit in session.exec(select(PlannedVisit)).all():
        visit.unannounced = True
    session.flush()
    a_version(session, theirs, places.city_office)
    seen = [client.get(f"{API}/burden", headers=headers).json()["total"] for headers in (as_city, as_banner)]
    assert seen == [1, 0]
    plan = visits_at(session, places.banner_office, school, weeks(1, MONDAY + timedelta(days=1)))
    assert publish(client, as_banner, plan)[0] == 200


def test_the_figures_of_a_plan_before_it_is_published(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    a_programme(session, code="round")
    school = builders.an_inspectee(session, places.banner, places.banner_office, name="红山一小")
    foreign = builders.an_inspectee(session, places.other, places.other_office)
    builders.a_past_inspection(session, foreign, first_on=date(2022, 5, 16))
    plan = visits_at(session, places.banner_office, school, weeks(6))
    assert client.get(f"{API}/burden", headers=as_banner).json()["items"] == []
    params = {"plan": plan.id, "over": True}
    (found,) = client.get(f"{API}/burden", headers=as_banner, params=params).json()["items"]
    assert found == {
        "inspectee_id": school.id,
        "inspectee": "红山一小",
        "region_id": places.banner.id,
        "office_id": places.banner_office.id,
        "year": 2022,
        "season": None,
        "visits": 6,
        "comprehensive": 6,
        "most": 5,
        "over": True,
        "message": "“红山一小”2022 年将接受 6 次督导（各级机构合计，不含经常性督导），超过 5 次。",
    }


def test_years_and_terms_are_counted_apart(session: Session, places: Places) -> None:
    """The autumn term of 2022 reaches into 2023: its visit of January counts for the year 2023."""
    builders.a_school_term(
        session, year=2022, season=Season.AUTUMN, first_on=date(2022, 9, 1), last_on=date(2023, 1, 8)
    )
    school = builders.an_inspectee(session, places.banner, places.banner_office)
    days = (date(2022, 5, 16), date(2022, 11, 7), date(2023, 1, 4))
    held = [Held(id_of(school), day, comprehensive=day.month == 5) for day in days]
    found = [
        (count.year, count.season, count.visits, count.comprehensive)
        for count in Totals(session, held).of_years(2022, 2023)
    ]
    assert found == [(2022, None, 2, 1), (2023, None, 1, 0), (2022, Season.AUTUMN, 2, 0)]
