"""Drives between two points: straight distance, detour, speed, and minutes rounded up."""

from __future__ import annotations

import pytest

from app.core.distance import drive_minutes, straight_metres

HONGSHAN, LINXI = (118.955, 42.268), (118.051, 43.603)


def test_the_straight_distance_between_two_seats() -> None:
    assert straight_metres(HONGSHAN, LINXI) == pytest.approx(165_700, rel=0.01)
    assert straight_metres(HONGSHAN, HONGSHAN) == 0


def test_minutes_follow_detour_and_speed_and_are_rounded_up() -> None:
    metres = straight_metres(HONGSHAN, LINXI)
    assert drive_minutes(HONGSHAN, LINXI, 100, 1000) == int(metres / 1000) + 1
    assert drive_minutes(HONGSHAN, LINXI, 200, 1000) == int(2 * metres / 1000) + 1
