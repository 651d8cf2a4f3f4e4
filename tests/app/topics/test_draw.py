"""The draw repeated from its public log alone."""

from __future__ import annotations

import pytest

from app.topics.draw import drawn, number_of


def test_the_smallest_digests_are_drawn_in_their_order() -> None:
    # printf 7:A | sha256sum gives 0d37…, of B b855…, of C 7bb5…
    assert drawn("7", "CAB", 2) == drawn("7", "ABC", 2) == ["A", "C"]


@pytest.mark.parametrize(
    ("candidates", "size", "percent", "number"),
    [(20, 12, None, 12), (8, 12, None, 8), (21, None, 10, 3), (20, None, 100, 20)],
)
def test_a_sample_is_a_number_or_a_share_rounded_up(
    candidates: int, size: int | None, percent: int | None, number: int
) -> None:
    assert number_of(candidates, size, percent) == number
