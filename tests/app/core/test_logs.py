"""Each request has an id that is answered and stands in its log line."""

from __future__ import annotations

import json
import subprocess
import sys

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


def test_the_programs_log_in_json_lines_that_keep_chinese_readable() -> None:
    """In a process of its own, since it changes how the whole process logs."""
    program = (
        "import logging, structlog\n"
        "from app.core.logs import set_up_logging\n"
        "set_up_logging('INFO')\n"
        "structlog.get_logger('ours').info('published', office='红山区')\n"
        "logging.getLogger('theirs').warning('a line of %s', 'a library')\n"
        "logging.getLogger('uvicorn.access').info('the request log says more')\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in run.stderr.splitlines()]
    assert [{key: value for key, value in line.items() if key != "timestamp"} for line in lines] == [
        {"event": "published", "office": "红山区", "logger": "ours", "level": "info"},
        {"event": "a line of a library", "logger": "theirs", "level": "warning"},
    ]
    assert "红山区" in run.stderr
