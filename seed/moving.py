"""The working date of the demonstration: where it begins, and how it moves on to a day or to the next scenario."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, select

from app.accounts.audit import Ledger
from app.core.clock import Clock
from app.models import Demonstration, PublishedVersion
from seed.next_round import derive_first_round, load_next_round
from seed.past import carry_out, put_into_force, remember
from seed.report import Part
from seed.scenarios import FIRST_ROUND, NEXT_ROUND, SCENARIOS, Scenario


class MoveRefusedError(Exception):
    """The working date cannot go where it was sent; nothing was changed."""


def begin(session: Session, clock: Clock) -> Part:
    """Keep the first day of the first scenario as the working date, unless the database keeps one already."""
    if session.get(Demonstration, 1) is not None:
        return Part("演示")
    Ledger(session, clock, None).add(
        Demonstration(scenario=FIRST_ROUND.code.value, working_on=FIRST_ROUND.working_on, moved_at=clock.now())
    )
    return Part(f"演示（系统日期 {FIRST_ROUND.working_on}）", (("场景", 1),))


def move(
    session: Session,
    clock: Clock,
    seed_number: int,
    regions: Mapping[str, int],
    scenario: Scenario | None = None,
    until: date | None = None,
) -> list[Part]:
    """Go on to a scenario, then to a day; ``regions`` maps an adcode to its region's id.

    Raises ``MoveRefusedError`` where that would be backwards, or of no effect because DUDAO_TODAY rules.
    """
    present = session.get_one(Demonstration, 1)
    reached = SCENARIOS[present.scenario]
    scenario = scenario or reached
    day = until or max(present.working_on, scenario.working_on)
    _require_forwards(present, scenario, day)
    moves = (scenario.code, day) != (present.scenario, present.working_on)
    if moves and clock.working_date is not None:
        raise MoveRefusedError(
            f"系统日期已由 DUDAO_TODAY 设定为 {clock.working_date}，移动演示的系统日期不会生效。请先取消 DUDAO_TODAY。"
        )
    parts: list[Part] = []
    if scenario is NEXT_ROUND and reached is not NEXT_ROUND:
        parts += _to_next_round(session, clock, seed_number, regions)
    if until is not None:
        parts += _carried_out(session, clock, seed_number, day)
    if moves:
        changes = {"scenario": scenario.code.value, "working_on": day, "moved_at": clock.now()}
        Ledger(session, clock, None).change(present, changes)
        parts.append(Part(f"演示（系统日期移至 {day}）", (("场景", 1),)))
    return parts


def _require_forwards(present: Demonstration, scenario: Scenario, day: date) -> None:
    turns_back = scenario.first_day < SCENARIOS[present.scenario].first_day
    if day < present.working_on or turns_back:
        raise MoveRefusedError(
            f"演示的系统日期已是 {present.working_on}，不能退回 {scenario.working_on if turns_back else day}："
            "已完成的督导不能撤销。如需从头演示，请另用一个空数据库。"
        )
    if day < scenario.working_on:
        raise MoveRefusedError(
            f"场景“{scenario.code}”从 {scenario.working_on} 开始，系统日期不能是 {day}。请另选一天。"
        )
    if day > scenario.last_day:
        raise MoveRefusedError(f"系统日期 {day} 晚于场景“{scenario.code}”的最后一天 {scenario.last_day}。请另选一天。")


def _to_next_round(session: Session, clock: Clock, seed_number: int, regions: Mapping[str, int]) -> list[Part]:
    """The first round as it was published, or drawn where there is no calendar of it, then the next round's data."""
    if session.exec(select(PublishedVersion.id).limit(1)).first() is None:
        held = [derive_first_round(session, seed_number)]
    else:
        held = [
            *_carried_out(session, clock, seed_number, NEXT_ROUND.working_on),
            remember(session, NEXT_ROUND.working_on),
        ]
    return [*held, *load_next_round(session, seed_number, regions)]


def _carried_out(session: Session, clock: Clock, seed_number: int, day: date) -> list[Part]:
    return [put_into_force(session, clock, day), carry_out(session, clock, seed_number, day)]
