"""A hard rule that a plan breaks, as the service passes it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RuleViolation:
    """A rule that a visit breaks: its code, the visit's key, and ids, dates and numbers as contract files hold them."""

    code: str
    visit: str
    details: Mapping[str, Any]
