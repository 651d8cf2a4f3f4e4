"""The settings of the field's rules: defaults, changes of a part, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.accounts.settings import RuleSettings, Weights, load_rules
from app.models import InspecteeKind, Setting
from tests.conftest import Headers

SETTINGS = "/api/v1/settings"


def test_without_rows_every_setting_has_its_default(session: Session) -> None:
    rules = load_rules(session)
    assert rules == RuleSettings()
    assert {kind.value: rules.owner_of(kind) for kind in InspecteeKind} == {
        "kindergarten": "banner",
        "attached_class": "banner",
        "primary": "banner",
        "teaching_point": "banner",
        "junior": "banner",
        "nine_year": "banner",
        "special": "banner",
        "senior": "city",
        "complete_secondary": "city",
        "twelve_year": "city",
        "vocational": "city",
        "government": "city",
    }
    assert rules.application_on(2024) == date(2024, 3, 31)


def test_only_what_is_named_changes(client: TestClient, session: Session, as_admin: Headers) -> None:
    client.patch(SETTINGS, headers=as_admin, json={"owner_by_kind": {"special": "city"}})
    answer = client.patch(
        SETTINGS,
        headers=as_admin,
        json={"notice_days": 20, "weights": {"travel": 3}, "owner_by_kind": {"senior": "banner"}},
    )
    rules = load_rules(session)
    assert (answer.status_code, answer.json()) == (200, rules.model_dump(mode="json"))
    owners = RuleSettings().owner_by_kind | {InspecteeKind.SPECIAL: "city", InspecteeKind.SENIOR: "banner"}
    assert rules == RuleSettings(notice_days=20, weights=Weights(travel=3), owner_by_kind=owners)


@pytest.mark.parametrize(
    "changes",
    [
        {"notice_days": -1},
        {"notice_days": "many"},
        {"max_part_time_terms": 0},
        {"city_plans_banners": "yes"},
        {"owner_by_kind": {"senior": "region"}},
        {"owner_by_kind": {"university": "city"}},
        {"weights": {"kilometres": 1}},
        {"application_day": "02-29"},
        {"application_day": "3-31"},
        {"no_such_setting": 1},
    ],
)
def test_what_is_no_setting_changes_nothing(
    client: TestClient, session: Session, as_admin: Headers, changes: dict[str, Any]
) -> None:
    answer = client.patch(SETTINGS, headers=as_admin, json={"buffer_days": 1} | changes)
    assert (answer.status_code, answer.json()["code"] in {"invalid_value", "unknown_field"}) == (422, True)
    assert session.exec(select(Setting)).all() == []


def test_offices_read_and_only_an_admin_changes(
    client: TestClient, as_city: Headers, as_banner: Headers, as_inspector: Headers
) -> None:
    for headers in (as_city, as_banner):
        assert client.get(SETTINGS, headers=headers).json() == RuleSettings().model_dump(mode="json")
        assert client.patch(SETTINGS, headers=headers, json={"notice_days": 1}).status_code == 403
    assert client.get(SETTINGS, headers=as_inspector).status_code == 403
