"""Topics over HTTP: who names, draws, changes and sees them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import InspecteeKind
from app.topics.draw import drawn
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.app.topics.builders import TOPICS, a_thematic_programme, a_topic, topic_body
from tests.conftest import Headers


@pytest.fixture(autouse=True)
def programme(session: Session) -> None:
    a_thematic_programme(session)


def _code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_draw_is_repeated_from_its_log_and_happens_once(
    client: TestClient, session: Session, as_banner: Headers, as_city: Headers, places: Places
) -> None:
    units = {
        unit.code: id_of(unit)
        for unit in (builders.an_inspectee(session, places.banner, places.banner_office) for _ in range(5))
    }
    builders.an_inspectee(session, places.banner, places.banner_office, kind=InspecteeKind.JUNIOR)
    builders.an_inspectee(session, places.banner, places.banner_office, closed_on=date(2022, 10, 20))
    builders.an_inspectee(session, places.other, places.other_office)
    body = topic_body(places.banner_office, kinds=["primary"])
    topic = client.post(TOPICS, headers=as_banner, json=body).json()
    answer = client.post(f"{TOPICS}/{topic['id']}/draw", headers=as_banner, json={"seed": "摇号 0831"})

    log = client.get(f"{TOPICS}/{topic['id']}/draw", headers=as_city).json()
    assert (answer.status_code, answer.json()) == (201, log)
    assert log["candidates"] == sorted(units)  # of the kind and the banner, open on all days
    assert drawn(log["seed"], log["candidates"], log["number"]) == log["drawn"]
    shown = client.get(f"{TOPICS}/{topic['id']}", headers=as_banner).json()
    assert shown["inspectee_ids"] == [units[code] for code in log["drawn"]]
    assert _code(client.post(f"{TOPICS}/{topic['id']}/draw", headers=as_banner)) == (409, "topic_drawn")
    changed = client.patch(f"{TOPICS}/{topic['id']}", headers=as_banner, json={"sample_size": 3})
    assert _code(changed) == (409, "topic_drawn")
    renamed = client.patch(f"{TOPICS}/{topic['id']}", headers=as_banner, json={"title": "教材"})
    assert (renamed.status_code, renamed.json()["title"]) == (200, "教材")


def test_a_city_draws_in_all_its_banners_and_a_banner_lists_units_of_its_own_only(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, places: Places
) -> None:
    other = builders.an_inspectee(session, places.other, places.other_office)
    body = topic_body(places.city_office, sample_size=None, inspectee_ids=[other.id])
    assert client.post(TOPICS, headers=as_city, json=body).status_code == 201
    body["office_id"] = places.banner_office.id
    assert _code(client.post(TOPICS, headers=as_banner, json=body)) == (422, "unknown_reference")


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "fewer than three inspectors": ({"size": 2}, 422, "invalid_value"),
    "dates reversed": ({"last_on": "2022-10-01"}, 422, "dates_reversed"),
    "a number and a share": ({"sample_percent": 10}, 422, "two_samples"),
    "more skills than people": ({"requires": {"finance": 4}}, 422, "team_too_small"),
    "another programme": ({"programme_code": "round"}, 422, "not_thematic"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_topic_is_refused_for(client: TestClient, as_banner: Headers, places: Places, why: str) -> None:
    changes, status, code = REFUSED[why]
    answer = client.post(TOPICS, headers=as_banner, json=topic_body(places.banner_office, **changes))
    assert _code(answer) == (status, code)


def test_what_has_no_sample_or_no_candidate_is_not_drawn(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    without = a_topic(session, places.banner_office)
    empty = a_topic(session, places.banner_office, sample_size=1)
    assert _code(client.post(f"{TOPICS}/{without.id}/draw", headers=as_banner)) == (422, "no_sample")
    assert _code(client.post(f"{TOPICS}/{empty.id}/draw", headers=as_banner)) == (422, "no_candidates")


def test_another_offices_topic_is_read_and_not_changed_but_an_unannounced_one_is_unknown(
    client: TestClient, session: Session, as_banner: Headers, as_city: Headers, as_admin: Headers, places: Places
) -> None:
    open_ = a_topic(session, places.city_office)
    hidden = a_topic(session, places.city_office, unannounced=True)
    over = a_topic(session, places.city_office, unannounced=True, first_on=date(2022, 8, 1), last_on=date(2022, 8, 31))
    ids = [each["id"] for each in client.get(TOPICS, headers=as_banner).json()["items"]]
    assert ids == [over.id, open_.id]  # by day; the working date is 2022-09-01
    assert client.patch(f"{TOPICS}/{open_.id}", headers=as_banner, json={"title": "x"}).status_code == 403
    for path in ("", "/draw"):
        assert client.get(f"{TOPICS}/{hidden.id}{path}", headers=as_banner).json()["code"] == "topic_not_found"
    for headers in (as_city, as_admin):
        assert client.get(f"{TOPICS}/{hidden.id}", headers=headers).status_code == 200


def test_an_ended_topic_ends_once(client: TestClient, session: Session, as_banner: Headers, places: Places) -> None:
    topic = a_topic(session, places.banner_office)
    end = {"on": "2022-10-12", "reason": "任务调整"}
    answer = client.post(f"{TOPICS}/{topic.id}/end", headers=as_banner, json=end)
    assert (answer.status_code, answer.json()["ended_on"]) == (200, "2022-10-12")
    assert _code(client.post(f"{TOPICS}/{topic.id}/end", headers=as_banner, json=end)) == (409, "already_ended")
