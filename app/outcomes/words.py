"""The words for how grave a finding is."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import Severity

SEVERITIES: Mapping[Severity, str] = {
    Severity.MINOR: "一般",
    Severity.MAJOR: "较重",
    Severity.URGENT: "紧急",
}
