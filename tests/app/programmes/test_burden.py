"""Burden rules: what may be cited on which days."""

from __future__ import annotations

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from tests.app.programmes.builders import a_burden_rule
from tests.conftest import Headers

RULES = "/api/v1/burden-rules"
LAW = "教师厅〔2025〕2号"


@pytest.mark.parametrize(("day", "law", "basis"), [("2025-10-13", False, "本地设置"), ("2025-10-14", True, LAW)])
def test_a_document_is_cited_from_its_first_day_on(
    client: TestClient, session: Session, as_banner: Headers, day: str, law: bool, basis: str
) -> None:
    a_burden_rule(session, last_on=date(2025, 10, 13))
    a_burden_rule(session, first_on=date(2025, 10, 14), law=True, basis=LAW)
    found = client.get(RULES, headers=as_banner, params={"in_force_on": day}).json()["items"]
    assert [(rule["law"], rule["basis"]) for rule in found] == [(law, basis)]


def test_rules_follow_one_another(client: TestClient, session: Session, as_admin: Headers) -> None:
    local = a_burden_rule(session)
    body = {"comprehensive_per_year": 1, "first_on": "2025-10-14", "last_on": None, "law": True, "basis": LAW}
    answer = client.post(RULES, headers=as_admin, json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "burden_rules_overlap")
    ended = client.post(
        f"{RULES}/{local.id}/end", headers=as_admin, json={"on": "2025-10-13", "reason": "改为国家规定"}
    )
    assert ended.json()["last_on"] == "2025-10-13"
    rule = client.post(RULES, headers=as_admin, json=body).json()
    assert rule == body | {"id": rule["id"]}


def test_a_rule_changes(client: TestClient, session: Session, as_admin: Headers, as_city: Headers) -> None:
    url = f"{RULES}/{a_burden_rule(session).id}"
    assert client.patch(url, headers=as_city, json={"comprehensive_per_year": 2}).status_code == 403
    assert client.patch(url, headers=as_admin, json={"comprehensive_per_year": 2}).json()["comprehensive_per_year"] == 2
    assert client.get(url, headers=as_city).json()["comprehensive_per_year"] == 2
