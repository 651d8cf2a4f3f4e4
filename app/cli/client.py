"""Asking a running server over HTTP: log in, ask for a plan, follow it, fetch its files."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx

from app.cli.output import PlanProgress, ProgressView, fail

API = "/api/v1"
POLL_SECONDS = 1.0
TIMEOUT_SECONDS = 60.0
UNFINISHED = ("queued", "solving")


@dataclass(frozen=True, slots=True)
class PlanWish:
    """What to ask for."""

    name: str
    region: str
    first_day: date
    last_day: date
    seconds: int
    based_on: int | None

    def body(self) -> dict[str, Any]:
        """The body of the request."""
        return {
            "name": self.name,
            "region": self.region,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "seconds": self.seconds,
            "based_on": self.based_on,
        }


class ServerClient:
    """A server with an account; whatever it refuses ends the command with the server's own words."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=TIMEOUT_SECONDS, trust_env=False)
        token = self._send("POST", "/auth/token", data={"username": username, "password": password})
        self._http.headers["Authorization"] = f"Bearer {token['access_token']}"

    def ask(self, wish: PlanWish) -> dict[str, Any]:
        """Ask for a plan."""
        return self._send("POST", "/plans", json=wish.body())

    def plan(self, plan_id: int) -> dict[str, Any]:
        """A plan."""
        return self._send("GET", f"/plans/{plan_id}")

    def follow(self, plan: Mapping[str, Any]) -> dict[str, Any]:
        """Show the progress of a plan until it has ended; the plan as it ended."""
        with ProgressView(str(plan["name"]), int(plan["seconds"])) as view:
            while True:
                present = self.plan(int(plan["id"]))
                progress = present["progress"]
                view.show(
                    PlanProgress(
                        present["state"],
                        progress["elapsed_seconds"],
                        progress["scheduled"],
                        progress["visits"],
                        progress["total"],
                    )
                )
                if present["state"] not in UNFINISHED:
                    return present
                time.sleep(POLL_SECONDS)

    def publish(self, plan_id: int, until: date | None) -> dict[str, Any]:
        """Publish the user's shares of a plan."""
        return self._send("POST", f"/plans/{plan_id}/publish", json={"until": until.isoformat() if until else None})

    def file(self, plan_id: int, which: str) -> dict[str, Any]:
        """A contract file of a plan: ``problem`` or ``solution``."""
        return self._send("GET", f"/plans/{plan_id}/{which}")

    def _send(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        try:
            answer = self._http.request(method, API + path, **content)
        except httpx.HTTPError as error:
            fail(f"无法连接 {self._http.base_url}：{error}。请确认服务在运行，或以 --server 指明地址。")
        if answer.is_error:
            fail(_words_of(answer))
        body: dict[str, Any] = answer.json()
        return body


def _words_of(answer: httpx.Response) -> str:
    """What the server says of a refusal, with each conflict of a publication on a line."""
    try:
        problem = answer.json()
    except ValueError:
        return f"服务答复 {answer.status_code}：{answer.text[:200]}"
    lines = [str(problem["message"])]
    lines += [f"  {fault['message']}" for fault in problem["details"].get("faults", []) if "message" in fault]
    return "\n".join(lines)
