"""Pages: the items asked for, the total of the whole list, and as many queries for one row as for three."""

from __future__ import annotations

from fastapi.testclient import TestClient
from sqlmodel import Session

from tests.app import builders
from tests.conftest import Headers


def test_pages_of_a_list(client: TestClient, session: Session, as_admin: Headers) -> None:
    for adcode in ("990001", "990002", "990003"):
        builders.a_region(session, adcode=adcode)

    def page(number: int) -> tuple[list[str], int]:
        answer = client.get("/api/v1/regions", headers=as_admin, params={"page": number, "page_size": 2}).json()
        assert (answer["page"], answer["page_size"]) == (number, 2)
        return [item["adcode"] for item in answer["items"]], answer["total"]

    assert page(1) == (["990001", "990002"], 3)
    assert page(2) == (["990003"], 3)
    assert page(3) == ([], 3)
