"""City and banner plan in turn, the whole way: asked over HTTP, expanded, solved, published, beside each other.

赤峰市 evaluates the government of 松山区 with one of its own people and two of 红山区; 红山区 inspects its school with
all of its three. Both take a day, and both have the same two days, Monday and Tuesday, so one is postponed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import Inspectee, InspecteeKind, Plan, PlannedVisit, PlanState, Rank, RoundSubject, Season
from app.planning.documents import problem_document
from app.planning.from_plan import led
from app.planning.to_problem import to_problem
from app.plans import store
from solver import SolveSettings, check, plan_to_json
from solver.solve import solve
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.app.planning.builders import somebody
from tests.app.programmes.builders import a_burden_rule, a_government_programme, a_programme, a_round
from tests.conftest import Headers

API = "/api/v1"
MONDAY, TUESDAY = date(2023, 3, 13), date(2023, 3, 14)
BOTH_DAYS = {str(MONDAY), str(TUESDAY)}


@dataclass(frozen=True, slots=True)
class Office:
    """An office at its desk."""

    client: TestClient
    session: Session
    headers: Headers
    region: str
    visit: str

    def ask(self, **changes: Any) -> Plan:
        """Ask for a plan and let it be solved as the job does."""
        body = {
            "name": "轮流编制日程",
            "region": self.region,
            "first_day": "2022-09-01",
            "last_day": str(TUESDAY),
            "seconds": 5,
        }
        answer = self.client.post(f"{API}/plans", headers=self.headers, json=body | changes)
        assert answer.status_code == 202, answer.json()
        plan = self.session.get_one(Plan, answer.json()["id"])
        _solve(self.session, plan)
        return plan

    def publish(self, plan: Plan) -> tuple[int, Any]:
        """Publish a plan up to its last day."""
        answer = self.client.post(
            f"{API}/plans/{plan.id}/publish", headers=self.headers, json={"until": str(plan.last_day)}
        )
        return answer.status_code, answer.json()

    def move(self, plan: Plan, day: date) -> Any:
        """Put the office's visit on a day."""
        path = f"{API}/plans/{plan.id}/assignments/{self.visit}"
        answer = self.client.patch(path, headers=self.headers, json={"day": str(day)})
        assert answer.status_code == 200, answer.json()
        return answer.json()

    def stands(self, plan: Plan) -> tuple[str, str]:
        """Day and standing of the office's visit in a plan."""
        items = self.client.get(f"{API}/plans/{plan.id}/assignments", headers=self.headers).json()["items"]
        (item,) = [item for item in items if item["visit"] == self.visit]
        return item["first_on"], item["standing"]


def _solve(session: Session, plan: Plan) -> None:
    asked = to_problem(session, plan)
    store.write_required(session, plan, problem_document(asked), asked.visits, asked.unplanned)
    result = solve(asked.problem, SolveSettings(seconds=5, workers=1, least_change=plan.based_on_id is not None))
    assert result.plan is not None
    assert check(asked.problem, result.plan).violations == ()
    solution = led(problem_document(asked), plan_to_json(result.plan, asked.problem))
    store.write_answer(session, plan, solution)
    plan.state = PlanState.SOLVED
    session.flush()


@pytest.fixture
def offices(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, places: Places
) -> tuple[Office, Office]:
    """The city's office and that of 红山区."""
    for year in (2022, 2023):
        builders.a_calendar_year(session, year)
    builders.a_school_term(session, season=Season.SPRING, first_on=date(2023, 2, 20), last_on=date(2023, 7, 10))
    a_programme(session)
    phase = {
        "name": "evaluation",
        "title": "履行教育职责评价",
        "half_days": 2,
        "size": 3,
        "pool": "cross",
        "requires": {"inspector": 3, "lead": 1},
        "city_members": 1,
        "excludes_own_banner": True,
        "weight": 100,
    }
    a_government_programme(session, phases=[phase])
    a_burden_rule(session)
    span = {"first_on": MONDAY, "last_on": TUESDAY}
    schools, governments = a_round(session, **span), a_round(session, subject=RoundSubject.GOVERNMENTS, **span)
    school = builders.an_inspectee(session, places.banner, places.banner_office, name="红山一小")
    government = builders.an_inspectee(
        session, places.other, places.city_office, name="松山区人民政府", kind=InspecteeKind.GOVERNMENT, classes=0
    )
    somebody(session, places.city_office, rank=Rank.LEADER)
    for rank in (Rank.LEADER, Rank.MEMBER, Rank.MEMBER):
        somebody(session, places.banner_office, rank=rank)
    return (
        Office(client, session, as_city, "150400", f"government-{governments.id}-{id_of(government)}"),
        Office(client, session, as_banner, "150402", f"round-{schools.id}-{id_of(school)}"),
    )


@pytest.mark.parametrize("city_first", [True, False])
def test_one_office_publishes_first_the_other_plans_around_it(offices: tuple[Office, Office], city_first: bool) -> None:
    first, second = offices if city_first else tuple(reversed(offices))
    before = first.ask()
    assert first.publish(before)[0] == 200
    after = second.ask()
    assert second.publish(after)[0] == 200
    days = {first.stands(before)[0], second.stands(after)[0]}
    assert days == BOTH_DAYS
    assert {first.stands(before)[1], second.stands(after)[1]} == {"in_force"}


@pytest.mark.parametrize("city_first", [True, False])
def test_who_planned_without_knowing_is_told_of_whom_and_when_and_gives_way(
    offices: tuple[Office, Office], city_first: bool
) -> None:
    first, second = offices if city_first else tuple(reversed(offices))
    mine, theirs = first.ask(), second.ask()
    first.move(mine, MONDAY)
    assert second.move(theirs, MONDAY)["faults_in_all"] == 0  # by itself it breaks no rule
    assert first.publish(mine)[0] == 200

    status, refused = second.publish(theirs)
    assert (status, refused["code"]) == (409, "publication_conflict")
    faults = refused["details"]["faults"]
    # the two people of 红山区, each in the morning and the afternoon of Monday
    assert [(fault["code"], fault["day"]) for fault in faults] == [("double_booked", str(MONDAY))] * 4
    assert {fault["other_visit"] for fault in faults} == {first.visit}
    assert {fault["other_office"] for fault in faults} == {"赤峰市督导室" if city_first else "红山区督导室"}
    listed = second.client.get(f"{API}/plans/{theirs.id}/faults", headers=second.headers).json()
    assert [fault["message"] for fault in listed["items"]] == [fault["message"] for fault in faults]

    second.move(theirs, TUESDAY)
    assert second.publish(theirs)[0] == 200
    assert first.stands(mine) == (str(MONDAY), "in_force")
    assert second.stands(theirs) == (str(TUESDAY), "in_force")


@pytest.mark.parametrize("city_first", [True, False])
def test_an_office_s_next_version_replaces_its_own_and_leaves_the_other_s(
    offices: tuple[Office, Office], city_first: bool
) -> None:
    first, second = offices if city_first else tuple(reversed(offices))
    held = first.ask()
    first.publish(held)
    old = second.ask()
    second.publish(old)
    new = second.ask(based_on=old.id)
    assert second.publish(new)[0] == 200
    assert second.stands(new) == (second.stands(old)[0], "in_force")  # nothing asks for a change
    assert second.stands(old)[1] == "superseded"
    assert first.stands(held)[1] == "in_force"
    changes = second.client.get(f"{API}/plans/{new.id}/changes", headers=second.headers).json()
    assert changes["total"] == 0


def test_what_is_locked_stays_when_the_plan_is_asked_again(offices: tuple[Office, Office]) -> None:
    _, banner = offices
    plan = banner.ask()
    banner.move(plan, TUESDAY)
    lock = f"{API}/plans/{plan.id}/assignments/{banner.visit}/lock"
    assert banner.client.put(lock, headers=banner.headers).status_code == 200
    again = banner.ask(based_on=plan.id)
    assert banner.stands(again)[0] == str(TUESDAY)
    (item,) = banner.client.get(f"{API}/plans/{again.id}/assignments", headers=banner.headers).json()["items"]
    assert item["locked"] is True


def test_the_people_and_days_that_another_office_has_taken_are_closed(offices: tuple[Office, Office]) -> None:
    city, banner = offices
    held = city.ask()
    city.move(held, MONDAY)
    city.publish(held)
    plan = banner.ask()
    path = f"{API}/plans/{plan.id}/assignments/{banner.visit}/options"
    found = banner.client.post(path, headers=banner.headers, json={"day": str(MONDAY)}).json()
    openings = {(each["day"], each["half"]): each["reason"] and each["reason"]["code"] for each in found["openings"]}
    assert openings == {
        (str(MONDAY), "am"): "double_booked",  # a visit of two half-days begins in the morning
        (str(MONDAY), "pm"): "slots",
        (str(TUESDAY), "am"): None,
        (str(TUESDAY), "pm"): "slots",
    }
    reasons = [person["reason"] and person["reason"]["code"] for person in found["people"]]
    assert sorted(reasons, key=str) == [None, "double_booked", "double_booked"]


def test_what_the_office_before_has_in_force_at_a_school_is_not_planned_again(
    offices: tuple[Office, Office], session: Session, places: Places
) -> None:
    city, banner = offices
    held = banner.ask()
    banner.publish(held)
    school = session.get_one(Inspectee, int(banner.visit.rpartition("-")[2]))
    school.owner_office_id = id_of(places.city_office)  # the school has passed to the city
    for _ in range(2):
        somebody(session, places.city_office)
    session.flush()
    plan = city.ask()
    keys = session.exec(select(PlannedVisit.key).where(PlannedVisit.plan_id == plan.id)).all()
    assert list(keys) == [city.visit]
    assert city.publish(plan)[0] == 200
    assert banner.stands(held)[1] == "in_force"

    # the banner's next version no longer has it, so the city plans it
    gone = banner.ask()
    assert banner.publish(gone)[0] == 200
    again = city.ask()
    keys = session.exec(select(PlannedVisit.key).where(PlannedVisit.plan_id == again.id)).all()
    assert set(keys) == {city.visit, banner.visit}
