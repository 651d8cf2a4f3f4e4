"""Drafts changed by hand: what may be done, what it leaves, what keeps it from being published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import AuditEntry, DocumentKind, Inspector, Plan, PlanDocument, PlannedVisit, Role
from app.planning.documents import unpacked
from solver import check, parse_plan, parse_problem
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.app.plans.rows import MONDAY, TUESDAY, Visit, a_plan, a_solved_plan, a_version, stands
from tests.conftest import NOW, Headers

API = "/api/v1"
WEDNESDAY = "2022-10-19"


@dataclass(frozen=True, slots=True)
class Desk:
    """A banner's draft of two visits, 甲 with 张三 on Monday morning and 乙 with 李四 left out; 王五 is free."""

    client: TestClient
    headers: Headers
    plan: Plan
    first: Visit
    second: Visit
    people: tuple[Inspector, Inspector, Inspector]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """The status and the answer of a request about the plan."""
        answer = self.client.request(
            method, f"{API}/plans/{self.plan.id}{path}", headers=self.headers | headers, json=body
        )
        return answer.status_code, answer.json()

    def change(self, visit: Visit, **body: Any) -> tuple[int, Any]:
        """Change a visit."""
        return self.ask("PATCH", f"/assignments/{visit.key}", body)

    def done(self, visit: Visit, **body: Any) -> Any:
        """Change a visit; the answer of a change that is taken."""
        status, answer = self.change(visit, **body)
        assert status == 200, answer
        return answer

    def tag(self) -> str:
        """The tag of the draft as it is."""
        return self.client.get(f"{API}/plans/{self.plan.id}", headers=self.headers).headers["ETag"]


@pytest.fixture
def desk(client: TestClient, session: Session, as_banner: Headers, places: Places) -> Desk:
    office = places.banner_office
    zhang, li, wang = (builders.an_inspector(session, office, name=name) for name in ("张三", "李四", "王五"))
    first = Visit(builders.an_inspectee(session, places.banner, office, name="甲校"), [zhang], MONDAY)
    second = Visit(builders.an_inspectee(session, places.banner, office, name="乙校"), [li], None)
    plan = a_solved_plan(session, [office], [first, second], others=[wang])
    return Desk(client, as_banner, plan, first, second, (zhang, li, wang))


def files(session: Session, plan: Plan) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both contract files of a plan."""
    problem, solution = (
        unpacked(session.get_one(PlanDocument, (plan.id, kind)).content)
        for kind in (DocumentKind.PROBLEM, DocumentKind.SOLUTION)
    )
    return problem, solution


def test_a_visit_moves_and_files_score_and_log_follow(desk: Desk, session: Session) -> None:
    zhang, _, wang = desk.people
    answer = desk.done(desk.first, day=WEDNESDAY, half="pm", team=[id_of(wang)])
    assert (answer["revision"], answer["scheduled"], answer["faults_in_all"], answer["faults"]) == (1, 1, 0, [])
    # 乙 stays out: one visit of weight 1 at 100000; everybody lives in the town of the schools, so nobody travels
    assert (answer["total"], answer["score"]["unscheduled"], answer["score"]["travel"]) == (100_000, 1, 0)
    edit = answer["edit"]
    assert (edit["number"], edit["visit"], edit["inspectee"], edit["kind"], edit["state"]) == (
        1,
        desk.first.key,
        "甲校",
        "move",
        "done",
    )
    before, after = edit["before"], edit["after"]
    assert (before["first_on"], before["half"], [person["name"] for person in before["team"]]) == (
        "2022-10-17",
        "am",
        ["张三"],
    )
    assert (after["first_on"], after["half"], after["team"]) == (
        WEDNESDAY,
        "pm",
        [{"id": id_of(wang), "name": "王五"}],
    )
    session.expire_all()
    row = stands(session, desk.plan)[desk.first.key]
    assert (row.first_on, row.last_on, row.half.value) == (date(2022, 10, 19), date(2022, 10, 19), "pm")
    problem, solution = files(session, desk.plan)
    assert solution["assignments"] == [
        {"visit": desk.first.key, "day": WEDNESDAY, "half": "pm", "team": [f"i{id_of(wang)}"]}
    ]
    given = parse_problem(problem)
    report = check(given, parse_plan(solution, given))
    assert (report.violations, report.score.total(given.weights)) == ((), solution["score"]["total"])
    deeds = session.exec(select(AuditEntry.action).where(AuditEntry.noun == "plan_edit")).all()
    assert list(deeds) == ["move"]
    assert id_of(zhang) != id_of(wang)


def test_a_change_that_changes_nothing_is_no_edit(desk: Desk) -> None:
    answer = desk.done(desk.first, day=str(MONDAY), half="am")
    assert (answer["revision"], answer["edit"]) == (0, None)
    assert desk.ask("GET", "/edits")[1]["total"] == 0


def test_a_visit_left_out_is_placed_and_one_that_stands_is_taken_out(desk: Desk, session: Session) -> None:
    li = desk.people[1]
    status, refused = desk.change(desk.second, day=str(TUESDAY))
    assert (status, refused["code"], refused["details"]["missing"]) == (422, "placement_incomplete", ["half", "team"])
    placed = desk.done(desk.second, day=str(TUESDAY), half="am", team=[id_of(li)])
    assert (placed["edit"]["kind"], placed["scheduled"], placed["total"]) == ("place", 2, 0)
    assert placed["edit"]["before"]["reasons"][0]["code"] == "no_team"

    out = desk.done(desk.first, take_out="学校临时停课")
    assert (out["edit"]["kind"], out["scheduled"], out["total"]) == ("take_out", 1, 100_000)
    (reason,) = out["edit"]["after"]["reasons"]
    # the plan's first inspection day is Thursday 2022-09-01, and 张三 is free then
    assert reason == {
        "code": "capacity",
        "details": {"free_day": "2022-09-01", "free_half": "am", "note": "学校临时停课"},
        "message": "由人工移出（学校临时停课）；2022-09-01 上午起尚有余地。",
    }
    (left_out,) = desk.ask("GET", "/unscheduled")[1]["items"]
    assert (left_out["visit"], left_out["reasons"][0]["details"]["note"]) == (desk.first.key, "学校临时停课")
    _, solution = files(session, desk.plan)
    assert [each["visit"] for each in solution["assignments"]] == [desk.second.key]
    assert [each["visit"] for each in solution["unscheduled"]] == [desk.first.key]
    figures = session.get_one(Plan, desk.plan.id).figures
    assert figures is not None
    assert (figures["visits_planned"], figures["visits_unscheduled"], figures["faults"]) == (1, 1, 0)


def test_a_draft_with_faults_lists_them_and_is_not_published(desk: Desk) -> None:
    zhang = desk.people[0]
    answer = desk.done(desk.second, day=str(MONDAY), half="am", team=[id_of(zhang)])
    # 张三 is at 甲校 in the same half-day: one fault, shown at the visit that the checker names
    assert answer["faults_in_all"] == 1
    (fault,) = answer["faults"]
    assert (fault["code"], fault["day"], fault["inspector"]) == ("double_booked", "2022-10-17", "张三")
    status, listed = desk.ask("GET", "/faults")
    assert (status, listed["total"], listed["items"][0]["message"]) == (200, 1, fault["message"])
    status, refused = desk.ask("POST", "/publish")
    assert (status, refused["code"], refused["details"]["number"]) == (409, "publication_conflict", 1)

    assert desk.ask("POST", "/undo")[0] == 200
    assert desk.ask("GET", "/faults")[1]["items"] == []
    assert desk.ask("POST", "/publish")[0] == 200


def test_a_team_of_the_wrong_size_is_a_fault_of_the_draft(desk: Desk) -> None:
    answer = desk.done(desk.first, team=[id_of(person) for person in desk.people])
    assert [(fault["code"], fault["details"]) for fault in answer["faults"]] == [
        ("team_size", {"members": 3, "size": 1})
    ]


def test_edits_are_taken_back_and_done_again_until_another_one_is_made(desk: Desk, session: Session) -> None:
    desk.done(desk.first, day=str(TUESDAY))
    desk.done(desk.first, day=WEDNESDAY)
    assert desk.ask("POST", "/undo")[1]["edit"]["number"] == 2
    assert desk.ask("POST", "/undo")[1]["edit"]["number"] == 1
    session.expire_all()
    assert stands(session, desk.plan)[desk.first.key].first_on == MONDAY
    assert desk.ask("POST", "/undo")[1]["code"] == "nothing_to_undo"
    redone = desk.ask("POST", "/redo")[1]
    assert (redone["edit"]["number"], redone["edit"]["state"], redone["revision"]) == (1, "done", 5)
    session.expire_all()
    assert stands(session, desk.plan)[desk.first.key].first_on == TUESDAY

    desk.done(desk.first, half="pm")  # edit 2 is overtaken
    assert desk.ask("POST", "/redo")[1]["code"] == "nothing_to_redo"
    log = desk.ask("GET", "/edits")[1]["items"]
    assert [(edit["number"], edit["state"]) for edit in log] == [(3, "done"), (2, "void"), (1, "done")]
    void = desk.ask("GET", "/edits?state=void")[1]
    assert [edit["number"] for edit in void["items"]] == [2]
    assert log[0]["made_by"] is not None


def test_what_was_placed_or_taken_out_is_taken_back_whole(desk: Desk, session: Session) -> None:
    before = files(session, desk.plan)[1]
    desk.done(desk.second, day=str(TUESDAY), half="am", team=[id_of(desk.people[1])])
    desk.done(desk.first, take_out="停课")
    for _ in range(2):
        assert desk.ask("POST", "/undo")[0] == 200
    session.expire_all()
    after = files(session, desk.plan)[1]
    assert after["unscheduled"] == before["unscheduled"]
    (entry,) = after["assignments"]
    assert (entry["visit"], entry["day"], entry["half"]) == (desk.first.key, "2022-10-17", "am")
    assert list(stands(session, desk.plan)) == [desk.first.key]


def test_a_locked_visit_does_not_move_and_is_a_pin_of_the_problem_file(desk: Desk, session: Session) -> None:
    path = f"/assignments/{desk.first.key}/lock"
    assert desk.ask("PUT", path)[1]["edit"]["kind"] == "lock"
    assert desk.ask("PUT", path)[1]["edit"] is None
    zhang = f"i{id_of(desk.people[0])}"
    pin = {"visit": desk.first.key, "day": "2022-10-17", "half": "am", "team": [zhang], "leader": zhang}
    assert files(session, desk.plan)[0]["pins"] == [pin]
    (item,) = desk.ask("GET", "/assignments")[1]["items"]
    assert item["locked"] is True
    status, refused = desk.change(desk.first, day=WEDNESDAY)
    assert (status, refused["code"]) == (409, "visit_locked")
    status, refused = desk.ask("PUT", f"/assignments/{desk.second.key}/lock")
    assert (status, refused["code"]) == (409, "visit_not_scheduled")

    assert desk.ask("DELETE", path)[1]["edit"]["kind"] == "unlock"
    session.expire_all()
    assert files(session, desk.plan)[0]["pins"] == []
    assert desk.done(desk.first, day=WEDNESDAY)["faults_in_all"] == 0
    for _ in range(2):
        assert desk.ask("POST", "/undo")[0] == 200
    session.expire_all()
    assert files(session, desk.plan)[0]["pins"] == [pin]


def test_a_bound_that_was_proved_with_a_lock_goes_with_it(desk: Desk, session: Session) -> None:
    path = f"/assignments/{desk.first.key}/lock"
    desk.ask("PUT", path)
    desk.plan.bound, desk.plan.unscheduled_bound = 7, 1
    session.flush()
    desk.done(desk.second, day=str(TUESDAY), half="am", team=[id_of(desk.people[1])])
    assert session.get_one(Plan, desk.plan.id).bound == 7
    desk.ask("DELETE", path)
    plan = session.get_one(Plan, desk.plan.id)
    assert (plan.bound, plan.unscheduled_bound) == (None, None)


def test_who_changes_what_another_has_changed_since_is_told_so(desk: Desk) -> None:
    tag = desk.tag()
    path = f"/assignments/{desk.first.key}"
    assert desk.ask("PATCH", path, {"day": WEDNESDAY}, **{"If-Match": tag})[0] == 200
    for method, address, body in (
        ("PATCH", path, {"day": str(TUESDAY)}),
        ("PUT", f"{path}/lock", None),
        ("DELETE", f"{path}/lock", None),
        ("POST", "/undo", None),
        ("POST", "/redo", None),
    ):
        status, refused = desk.ask(method, address, body, **{"If-Match": tag})
        assert status in (409, 412), (method, refused)
        if method != "POST" or address != "/redo":  # there is nothing to do again, whatever the tag
            assert refused["code"] == "precondition_failed"
    assert desk.ask("GET", "")[1]["revision"] == 1
    assert desk.ask("POST", "/undo", **{"If-Match": desk.tag()})[0] == 200


def test_a_repeated_undo_with_one_key_takes_back_one_edit(desk: Desk) -> None:
    desk.done(desk.first, day=str(TUESDAY))
    desk.done(desk.first, day=WEDNESDAY)
    answers = [desk.ask("POST", "/undo", **{"Idempotency-Key": "undo-1"}) for _ in range(2)]
    assert answers[0] == answers[1]
    assert desk.ask("GET", "")[1]["revision"] == 3


def test_what_no_assignment_can_be_is_refused(desk: Desk, session: Session, places: Places) -> None:
    zhang, li, _ = (id_of(person) for person in desk.people)
    foreign = builders.an_inspector(session, places.other_office)
    wrong: dict[str, dict[str, Any]] = {
        "saturday": {"day": "2022-10-22"},
        "beyond the plan": {"day": "2024-03-04"},
        "somebody twice": {"team": [zhang, zhang]},
        "somebody unknown to the plan": {"team": [id_of(foreign)]},
        "a leader from outside": {"leader": li},
        "out and moved at once": {"take_out": "停课", "day": WEDNESDAY},
        "nobody": {"team": []},
        "an unknown field": {"room": 5},
    }
    refused = {name: desk.change(desk.first, **body)[1]["code"] for name, body in wrong.items()}
    assert refused == {
        "saturday": "not_an_inspection_day",
        "beyond the plan": "not_an_inspection_day",
        "somebody twice": "duplicate_items",
        "somebody unknown to the plan": "unknown_inspector",
        "a leader from outside": "leader_not_in_team",
        "out and moved at once": "take_out_alone",
        "nobody": "invalid_value",
        "an unknown field": "unknown_field",
    }
    assert desk.change(desk.second, take_out="停课")[1]["code"] == "visit_not_scheduled"
    assert desk.ask("GET", "")[1]["revision"] == 0


def test_a_day_that_has_passed_is_not_planned_any_more(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    person = builders.an_inspector(session, places.banner_office)
    visit = Visit(builders.an_inspectee(session, places.banner, places.banner_office), [person], MONDAY)
    early = date(2022, 8, 1)
    plan = a_solved_plan(session, [places.banner_office], [visit], first_day=early, working_on=early)
    answer = client.patch(
        f"{API}/plans/{plan.id}/assignments/{visit.key}", headers=as_banner, json={"day": "2022-08-31"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "day_past")  # today is 2022-09-01


def test_what_was_carried_over_is_not_changed(desk: Desk, session: Session, places: Places) -> None:
    begun = date(2022, 8, 30)
    person = builders.an_inspector(session, places.banner_office)
    visit = Visit(builders.an_inspectee(session, places.banner, places.banner_office), [person], begun)
    held = a_solved_plan(session, [places.banner_office], [visit], first_day=begun, working_on=begun)
    a_version(session, held, places.banner_office)
    plan = a_solved_plan(session, [places.banner_office], [])
    after = Desk(desk.client, desk.headers, plan, visit, desk.second, desk.people)
    assert after.change(visit, day=WEDNESDAY)[1]["code"] == "visit_fixed"
    assert after.change(desk.first, day=WEDNESDAY)[1]["code"] == "visit_not_found"


def test_only_a_solved_plan_is_changed(desk: Desk, session: Session, places: Places) -> None:
    desk.ask("POST", "/publish")
    for method, path in (
        ("PATCH", f"/assignments/{desk.first.key}"),
        ("PUT", f"/assignments/{desk.first.key}/lock"),
        ("POST", f"/assignments/{desk.first.key}/options"),
        ("POST", "/undo"),
    ):
        status, refused = desk.ask(method, path, {"day": WEDNESDAY} if method == "PATCH" else None)
        assert (status, refused["code"]) == (409, "plan_published"), path
    waiting = a_plan(session, [places.banner_office])
    other = Desk(desk.client, desk.headers, waiting, desk.first, desk.second, desk.people)
    assert other.change(desk.first, day=WEDNESDAY)[1]["code"] == "plan_not_solved"


def test_each_office_changes_its_own_visits(
    client: TestClient,
    session: Session,
    as_admin: Headers,
    as_city: Headers,
    as_banner: Headers,
    as_inspector: Headers,
    places: Places,
) -> None:
    offices = [places.city_office, places.banner_office]
    visits = [
        Visit(builders.an_inspectee(session, places.banner, office), [builders.an_inspector(session, office)], MONDAY)
        for office in offices
    ]
    plan = a_solved_plan(session, offices, visits)
    patched = {
        (name, visit.key == visits[0].key): client.patch(
            f"{API}/plans/{plan.id}/assignments/{visit.key}", headers=headers, json={"half": half}
        ).status_code
        for name, headers, half in (
            ("admin", as_admin, "pm"),
            ("city", as_city, "am"),
            ("banner", as_banner, "pm"),
            ("inspector", as_inspector, "pm"),
        )
        for visit in visits
    }
    assert patched == {
        ("admin", True): 200,
        ("admin", False): 200,
        ("city", True): 200,
        ("city", False): 403,
        ("banner", True): 404,  # the city's plan is not seen before something of it concerns the banner
        ("banner", False): 404,
        ("inspector", True): 403,
        ("inspector", False): 403,
    }
    # the last edit but one is the administrator's of the banner's visit: the city takes back its own alone
    undone = client.post(f"{API}/plans/{plan.id}/undo", headers=as_city).json()
    assert undone["edit"]["visit"] == visits[0].key
    assert client.post(f"{API}/plans/{plan.id}/undo", headers=as_city).json()["edit"]["visit"] == visits[0].key
    assert client.post(f"{API}/plans/{plan.id}/undo", headers=as_city).status_code == 409
    assert client.post(f"{API}/plans/{plan.id}/undo", headers=as_admin).json()["edit"]["visit"] == visits[1].key


def test_an_unannounced_visit_of_another_office_is_not_named(
    client: TestClient, session: Session, as_admin: Headers, as_city: Headers, places: Places
) -> None:
    shared = builders.an_inspector(session, places.banner_office, name="张三")
    mine, theirs = (
        Visit(builders.an_inspectee(session, places.banner, office), [shared], day)
        for office, day in ((places.city_office, TUESDAY), (places.banner_office, MONDAY))
    )
    plan = a_solved_plan(session, [places.city_office, places.banner_office], [mine, theirs])
    session.exec(select(PlannedVisit).where(PlannedVisit.key == theirs.key)).one().unannounced = True
    session.flush()
    path = f"{API}/plans/{plan.id}/assignments/{mine.key}"
    options = client.post(f"{path}/options", headers=as_city, json={"day": str(MONDAY)}).json()
    moved = client.patch(path, headers=as_city, json={"day": str(MONDAY)}).json()
    listed = client.get(f"{API}/plans/{plan.id}/faults", headers=as_city).json()
    for answer in (options, moved, listed):
        assert theirs.key not in str(answer)
    # the one person of 红山区 is away on that day, for whatever reason
    assert [(fault["code"], fault["visit"], fault["inspector"]) for fault in moved["faults"]] == [
        ("available", mine.key, "张三")
    ]
    assert client.patch(f"{API}/plans/{plan.id}/assignments/{theirs.key}", headers=as_city, json={}).status_code == 404
    told = client.get(f"{API}/plans/{plan.id}/faults", headers=as_admin).json()["items"]
    assert [(fault["code"], {fault["visit"], fault["other_visit"]}) for fault in told] == [
        ("double_booked", {mine.key, theirs.key})
    ]


def test_a_foreign_draft_is_not_there(desk: Desk, app: Any, session: Session, places: Places) -> None:
    user = builders.a_user(session, Role.BANNER_OFFICE, office_id=places.other_office.id)
    token = app.state.tokens.issue(id_of(user), user.password_hash, NOW)
    foreign = Desk(desk.client, {"Authorization": f"Bearer {token}"}, desk.plan, desk.first, desk.second, desk.people)
    answers = [
        foreign.ask("GET", "/faults")[0],
        foreign.ask("GET", "/edits")[0],
        foreign.change(desk.first, day=WEDNESDAY)[0],
        foreign.ask("POST", "/undo")[0],
    ]
    assert answers == [404] * 4


def test_the_differences_from_the_plan_before_follow_the_edits(desk: Desk, session: Session, places: Places) -> None:
    after = a_solved_plan(
        session, [places.banner_office], [desk.first, desk.second], others=desk.people, based_on_id=desk.plan.id
    )
    again = Desk(desk.client, desk.headers, after, desk.first, desk.second, desk.people)
    assert again.ask("GET", "/changes")[1]["total"] == 0
    again.done(desk.first, day=WEDNESDAY)
    again.done(desk.second, day=WEDNESDAY, half="pm", team=[id_of(desk.people[1])])
    changes = again.ask("GET", "/changes")[1]["items"]
    assert [(change["visit"], change["kind"]) for change in changes] == [
        (desk.first.key, "day"),
        (desk.second.key, "added"),
    ]
    assert again.ask("GET", "")[1]["changes"] == {
        "kept": 0,
        "day": 1,
        "half": 0,
        "team": 0,
        "added": 1,
        "dropped": 0,
    }


def test_the_window_s_half_days_are_open_or_say_which_rule_closes_them(desk: Desk) -> None:
    zhang, li, wang = (id_of(person) for person in desk.people)
    path = f"/assignments/{desk.second.key}/options"
    status, found = desk.ask("POST", path, {"first_day": "2022-10-15", "last_day": "2022-10-17"})
    # 15 and 16 October are a weekend; on Monday 李四 and 王五 are free, one person is needed
    assert status == 200
    assert (found["visit"], found["team_size"], found["people"], found["day"]) == (desk.second.key, 1, [], None)
    assert found["openings"] == [
        {"day": "2022-10-17", "half": half, "is_open": True, "fits_team": False, "reason": None}
        for half in ("am", "pm")
    ]
    people = desk.ask("POST", path, {"first_day": "2022-10-17", "last_day": "2022-10-17", "day": "2022-10-17"})[1]
    assert [(person["id"], person["is_open"], person["in_team"]) for person in people["people"]] == [
        (zhang, False, False),
        (li, True, False),
        (wang, True, False),
    ]
    busy = people["people"][0]["reason"]
    assert (busy["code"], busy["details"]["other"], busy["details"]["half"]) == ("double_booked", desk.first.key, "am")
    assert busy["message"].startswith("张三在 2022-10-17 上午已有")

    # for the visit that stands, its own place and team are open
    own = desk.ask("POST", f"/assignments/{desk.first.key}/options", {"last_day": "2022-09-01"})[1]
    assert own["openings"][0] == {
        "day": "2022-09-01",
        "half": "am",
        "is_open": True,
        "fits_team": True,
        "reason": None,
    }
    assert (own["day"], own["half"]) == ("2022-10-17", "am")
    assert [(person["id"], person["in_team"]) for person in own["people"] if person["is_open"]] == [
        (zhang, True),
        (li, False),
        (wang, False),
    ]
    assert desk.ask("POST", path, {"day": "2022-10-15"})[1]["code"] == "cannot_begin"
    assert desk.ask("POST", path, {"first_day": "2022-10-18", "last_day": "2022-10-17"})[1]["code"] == "dates_reversed"
    assert desk.ask("GET", "")[1]["revision"] == 0


def test_lists_take_the_same_number_of_queries_for_one_and_three(
    desk: Desk, session: Session, queries: list[str]
) -> None:
    counted = []
    for days in (["2022-10-18"], ["2022-10-19", "2022-10-20"]):
        for day in days:
            desk.done(desk.first, day=day)
        session.expire_all()
        queries.clear()
        assert desk.ask("GET", "/edits")[0] == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
