"""What changed between two plans."""

from __future__ import annotations

from datetime import date

from app.models import Half
from app.plans.diff import Change, Stand, changes, counts
from app.plans.schemas import ChangeCounts

MONDAY, TUESDAY = date(2023, 3, 6), date(2023, 3, 7)


def stand(day: date = MONDAY, half: Half = Half.AM, team: frozenset[int] = frozenset({1, 2, 3})) -> Stand:
    return Stand(day, half, team)


def test_a_visit_is_told_once_by_the_weightiest_change() -> None:
    others = frozenset({1, 2, 4})
    before = {key: stand() for key in ("kept", "moved", "half", "team", "dropped")}
    after = {
        "kept": stand(),
        "moved": stand(TUESDAY, Half.PM, others),
        "half": stand(MONDAY, Half.PM, others),
        "team": stand(MONDAY, Half.AM, others),
        "added": stand(TUESDAY),
    }
    found = changes(before, after)
    assert found == [
        Change("dropped", "dropped", stand(), None),
        Change("half", "half", stand(), after["half"]),
        Change("team", "team", stand(), after["team"]),
        Change("added", "added", None, stand(TUESDAY)),
        Change("moved", "day", stand(), after["moved"]),
    ]
    # five stood before: one is kept, one moved, one in the other half, one with another team, one dropped
    assert counts(found, len(before)) == ChangeCounts(kept=1, day=1, half=1, team=1, added=1, dropped=1)


def test_nothing_changed() -> None:
    same = {"only": stand()}
    assert changes(same, same) == []
    assert counts([], 1) == ChangeCounts(kept=1, day=0, half=0, team=0, added=0, dropped=0)
