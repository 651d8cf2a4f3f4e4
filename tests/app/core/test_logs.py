"""Each request has an id that is answered and stands in its log line."""

from __future__ import annotations

import structlog
from fastapi.testclient import TestClient


def test_a_request_is_logged_under_the_id_that_it_brought(client: TestClient) -> None:
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        answer = client.get("/healthz", headers={"X-Request-ID": "abc-1"})
    assert answer.headers["X-Request-ID"] == "abc-1"
    assert [line for line in lines if line["event"] == "request"] == [
        {
            "event": "request",
            "log_level": "info",
            "request_id": "abc-1",
            "method": "GET",
            "path": "/healthz",
            "status": 200,
        }
    ]


def test_an_id_that_could_forge_a_line_is_replaced(client: TestClient) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "a b"})
    assert len(answer.headers["X-Request-ID"]) == 32
