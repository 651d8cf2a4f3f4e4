"""What the first page and the README tell a newcomer to ask exists in the interface."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi.testclient import TestClient

README = Path(__file__).resolve().parents[3] / "README.md"


def operations(client: TestClient) -> set[str]:
    """Every ``METHOD /path`` of the interface, ids written as ``{}``."""
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    return {
        f"{method.upper()} {re.sub(r'{[^}]*}', '{}', path)}" for path, methods in paths.items() for method in methods
    }


def test_first_page_names_only_what_is_served(client: TestClient) -> None:
    page = client.get("/").text
    named = {re.sub(r"{[^}]*}", "{}", each) for each in re.findall(r"<code>((?:GET|POST) /api/v1/[^<]+)</code>", page)}

    assert named >= {"POST /api/v1/auth/token", "POST /api/v1/plans", "GET /api/v1/me/assignments"}
    assert named - operations(client) == set()


def test_readme_names_only_what_is_served(client: TestClient) -> None:
    named = {
        f"/api/v1{re.sub('[0-9]+|[A-Z]+', '{}', path)}"
        for path in re.findall(r"\$api(/[A-Za-z0-9/-]+)", README.read_text())
    }
    served = {each.partition(" ")[2] for each in operations(client)}

    assert named >= {"/api/v1/auth/token", "/api/v1/plans/{}/publish", "/api/v1/inspectors/{}/absences"}
    assert named - served == set()


def test_built_files_are_asked_for_again_and_sent_zipped(client: TestClient) -> None:
    first = client.get("/static/site.css")
    again = client.get("/static/site.css", headers={"If-None-Match": first.headers["ETag"]})

    assert first.status_code == 200
    assert (first.headers["Cache-Control"], first.headers["Content-Encoding"]) == ("no-cache", "gzip")
    assert (again.status_code, again.content) == (304, b"")
