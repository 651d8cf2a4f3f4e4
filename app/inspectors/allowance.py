"""What an inspector can give in a month."""

from __future__ import annotations

UNLIMITED_HALF_DAYS = 40
"""Half-days of somebody without a monthly allowance: two on each of some twenty working days."""


def monthly_half_days(allowance: int | None) -> int:
    """The half-days of a month, which an allowance may limit."""
    return UNLIMITED_HALF_DAYS if allowance is None else allowance
