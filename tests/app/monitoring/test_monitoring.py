"""Monitoring samples and offices' duties over HTTP."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import Session

from tests.app import builders
from tests.app.builders import Places
from tests.conftest import Headers

SAMPLES, DUTIES = "/api/v1/monitoring-samples", "/api/v1/office-duties"
DAYS = {"first_on": "2023-05-25", "last_on": "2023-05-26"}


def _code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_the_city_keeps_samples_and_banners_read_them(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, places: Places
) -> None:
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    body = {"name": "质量监测", "inspectee_ids": [unit.id], "source": "通知", **DAYS}
    made = client.post(SAMPLES, headers=as_city, json=body)
    assert (made.status_code, made.json()) == (201, {"id": made.json()["id"], **body})
    url = f"{SAMPLES}/{made.json()['id']}"
    assert client.get(SAMPLES, headers=as_banner, params={"year": 2023}).json()["items"] == [made.json()]
    assert client.get(SAMPLES, headers=as_banner, params={"year": 2024}).json()["items"] == []
    assert client.patch(url, headers=as_banner, json={"name": "x"}).status_code == 403
    changed = client.patch(url, headers=as_city, json={"last_on": "2023-05-27"})
    assert changed.json() == made.json() | {"last_on": "2023-05-27"}
    assert client.delete(url, headers=as_city).status_code == 204
    assert _code(client.get(url, headers=as_city)) == (404, "monitoring_sample_not_found")


def test_a_sample_names_units_that_exist_and_days_in_order(client: TestClient, as_city: Headers) -> None:
    body = {"name": "质量监测", "inspectee_ids": [987654], **DAYS}
    assert _code(client.post(SAMPLES, headers=as_city, json=body)) == (422, "unknown_reference")
    body["last_on"] = "2023-05-01"
    assert _code(client.post(SAMPLES, headers=as_city, json=body)) == (422, "dates_reversed")


def test_an_office_keeps_its_own_duties_and_sees_no_other_banners(
    client: TestClient, as_city: Headers, as_banner: Headers, places: Places
) -> None:
    body = {"office_id": places.city_office.id, "name": "迎接自治区督查", "chiefs_only": True, "source": "", **DAYS}
    made = client.post(DUTIES, headers=as_city, json=body)
    assert (made.status_code, made.json()) == (201, {"id": made.json()["id"], **body})
    url = f"{DUTIES}/{made.json()['id']}"
    assert _code(client.get(url, headers=as_banner)) == (404, "office_duty_not_found")
    assert client.get(DUTIES, headers=as_banner).json()["items"] == []
    assert client.post(DUTIES, headers=as_banner, json=body).status_code == 403
    assert client.patch(url, headers=as_city, json={"chiefs_only": False}).json()["chiefs_only"] is False
    assert client.delete(url, headers=as_city).status_code == 204
    assert client.get(DUTIES, headers=as_city, params={"year": 2023}).json()["total"] == 0
