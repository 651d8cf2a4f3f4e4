"""When a search ends."""

from __future__ import annotations

from solver.search.stop import Deadline, any_of


def test_a_deadline_of_no_seconds_is_over_at_once_and_can_be_extended() -> None:
    deadline = Deadline(0.0)

    assert deadline()
    assert deadline.left() == 0.0

    deadline.extend(3600.0)

    assert not deadline()
    assert deadline.left() > 3000


def test_any_of_stops_with_the_first_rule_that_does() -> None:
    assert any_of(lambda: False, lambda: True)()
    assert not any_of(lambda: False, lambda: False)()
    assert not any_of()()
