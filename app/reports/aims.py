"""Where the aims of the plan stand: banners validated, schools and governments inspected, as figures on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Actor, Noun, require
from app.assignments.in_force import is_in_force
from app.core.clock import Clock
from app.core.errors import Conflict
from app.core.paging import Page, fetch_page, page_of
from app.core.rows import id_of
from app.inspectees.words import INSPECTEE_KINDS
from app.models import (
    Aim,
    AimSubject,
    Assignment,
    Inspectee,
    PastInspection,
    Programme,
    Recognition,
    Region,
    RegionLevel,
    Round,
    RoundSubject,
    ServedProgramme,
    TargetStatus,
    ValidationTarget,
)
from app.programmes.queries import RULE_OF_SUBJECT
from app.programmes.schemas import PhaseName
from app.reports import queries
from app.reports.schemas import AimCreate, AimOut, AimPatch, AimQuery, AimState

_RECOGNITIONS = {
    AimSubject.PRESCHOOL_UNIVERSAL: Recognition.PRESCHOOL_UNIVERSAL,
    AimSubject.COMPULSORY_QUALITY: Recognition.COMPULSORY_QUALITY,
}
_ROUNDS = {
    AimSubject.SCHOOLS: RoundSubject.SCHOOLS,
    AimSubject.GOVERNMENTS: RoundSubject.GOVERNMENTS,
}


@dataclass(frozen=True, slots=True)
class _Figures:
    """How many there are, and how many of them stand where; ``named`` have a target in time, or are in the round."""

    of: int
    reached: int
    planned: int
    failed: int
    named: int
    notes: tuple[str, ...] = ()


def list_aims(session: Session, clock: Clock, user: Actor, query: AimQuery) -> Page[AimOut]:
    """A page of aims with where they stand; the number of queries does not depend on that of inspectees."""
    require(user, Noun.AIM, Act.READ)
    on = query.on or clock.today()
    rows, total = fetch_page(session, queries.visible_aims(user).order_by(col(Aim.id)), query)
    return page_of(describe(session, rows, on), total, query)


def describe(session: Session, aims: Sequence[Aim], on: date) -> list[AimOut]:
    """Aims with where they stand on a day."""
    standing = _Facts(session, on)
    return [_output(aim, standing.of(aim), on) for aim in aims]


def create(ledger: Ledger, wanted: AimCreate) -> Aim:
    """Add an aim."""
    require(ledger.asker, Noun.AIM, Act.CHANGE)
    if queries.aim_of_code(ledger.session, wanted.code) is not None:
        raise Conflict("aim_exists", f"代码为“{wanted.code}”的目标已存在。请更改现有目标。", {"code": wanted.code})
    return ledger.add(Aim(**wanted.model_dump()))


def change(ledger: Ledger, aim_id: int, patch: AimPatch) -> Aim:
    """Change an aim."""
    aim = queries.get_aim(ledger.session, ledger.asker, aim_id)
    require(ledger.asker, Noun.AIM, Act.CHANGE)
    return ledger.change(aim, patch.changes())


def remove(ledger: Ledger, aim_id: int) -> None:
    """Delete an aim; its last state stays in the audit."""
    aim = queries.get_aim(ledger.session, ledger.asker, aim_id)
    require(ledger.asker, Noun.AIM, Act.CHANGE)
    ledger.remove(aim, "目标")


def _output(aim: Aim, figures: _Figures, on: date) -> AimOut:
    wanted = _wanted(aim, figures.of)
    return AimOut(
        id=id_of(aim),
        code=aim.code,
        title=aim.title,
        subject=aim.subject,
        percent=aim.percent,
        about=aim.about,
        due_on=aim.due_on,
        source=aim.source,
        on=on,
        of=figures.of,
        wanted=wanted,
        reached=figures.reached,
        planned=figures.planned,
        failed=figures.failed,
        open=figures.of - figures.reached - figures.planned - figures.failed,
        reached_percent=_percent(figures.reached, figures.of),
        named_percent=_percent(figures.named, figures.of),
        state=_state(figures, wanted),
        notes=[*figures.notes, *_notes(aim, figures)],
    )


def _wanted(aim: Aim, of: int) -> int:
    """The number that the percentage asks: rounded up or, where it is a rough one, to the nearest."""
    exact = of * aim.percent
    return (exact + 50) // 100 if aim.about else -(-exact // 100)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _state(figures: _Figures, wanted: int) -> AimState:
    if figures.reached >= wanted:
        return AimState.REACHED
    return AimState.ON_THE_WAY if figures.reached + figures.planned >= wanted else AimState.SHORT


def _notes(aim: Aim, figures: _Figures) -> Iterator[str]:
    """What the list says beside the percentage."""
    if aim.subject in _RECOGNITIONS:
        about = "左右" if aim.about else ""
        yield (
            f"名单共 {figures.named} 个旗县区，占 {figures.of} 个的 {_percent(figures.named, figures.of):g}%"
            f"（规划为 {aim.percent}%{about}）。"
        )


class _Facts:
    """What the aims are counted from, as it is known on a day."""

    def __init__(self, session: Session, on: date) -> None:
        self._session = session
        self._on = on

    def of(self, aim: Aim) -> _Figures:
        """The figures of an aim."""
        if aim.subject in _RECOGNITIONS:
            return self._of_targets(aim)
        return self._of_round(aim)

    def _of_targets(self, aim: Aim) -> _Figures:
        """Of each banner the best that it has: passed, planned by the day due, or failed."""
        banners = set(self._session.exec(select(Region.id).where(Region.level == RegionLevel.BANNER)).all())
        targets = self._session.exec(
            select(ValidationTarget).where(
                ValidationTarget.recognition == _RECOGNITIONS[aim.subject],
                ValidationTarget.status != TargetStatus.WITHDRAWN,
            )
        ).all()
        passed = {row.region_id for row in targets if self._has_passed(row, aim)}
        in_time = {row.region_id for row in targets if row.target_year <= aim.due_on.year}
        planned = {
            row.region_id for row in targets if row.region_id in in_time and row.status is TargetStatus.PLANNED
        } - passed
        failed = {row.region_id for row in targets if row.status is TargetStatus.FAILED} - passed - planned
        late = [row for row in targets if row.status is TargetStatus.PLANNED and row.target_year < self._on.year]
        notes = (f"{len(late)} 个目标的年份已过而尚无结果，请登记。",) if late else ()
        return _Figures(len(banners), len(passed), len(planned), len(failed), len(in_time), notes)

    def _has_passed(self, target: ValidationTarget, aim: Aim) -> bool:
        year = target.actual_year or target.target_year
        return target.status is TargetStatus.PASSED and year <= min(aim.due_on.year, self._on.year)

    def _of_round(self, aim: Aim) -> _Figures:
        """The inspectees that the round covers: inspected before the day, or with a visit in force ahead."""
        subject = _ROUNDS[aim.subject]
        rule = RULE_OF_SUBJECT[subject]
        round_ = self._round(subject)
        if round_ is None:
            return _Figures(0, 0, 0, 0, 0, ("没有登记督导轮次。",))
        last = round_.ended_on or round_.last_on
        kinds = {kind for row in self._programmes if row.rule is rule for kind in row.covers}
        inspectees = {
            id_of(row)
            for row in self._inspectees
            if row.kind.value in kinds
            and (row.opened_on or date.min) <= last
            and (row.closed_on or date.max) > round_.first_on
        }
        held, ahead = self._visits({row.code for row in self._programmes if row.rule is rule}, round_.first_on, last)
        done = inspectees & (held | self._inspected(round_.first_on, last))
        planned = (inspectees & ahead) - done
        note = f"{round_.name}（{round_.first_on} 至 {last}）：{self._by_level(inspectees, done)}。"
        return _Figures(len(inspectees), len(done), len(planned), 0, len(inspectees), (note,))

    def _round(self, subject: RoundSubject) -> Round | None:
        """The round that the day lies in, else the next one, else the last one."""
        rounds = self._session.exec(select(Round).where(Round.subject == subject).order_by(col(Round.first_on))).all()
        running = [row for row in rounds if (row.ended_on or row.last_on) >= self._on]
        return running[0] if running else (rounds[-1] if rounds else None)

    @cached_property
    def _programmes(self) -> Sequence[Programme]:
        return self._session.exec(select(Programme)).all()

    @cached_property
    def _inspectees(self) -> Sequence[Inspectee]:
        return self._session.exec(select(Inspectee)).all()

    def _by_level(self, inspectees: Collection[int], done: Collection[int]) -> str:
        """Counts of the owners' inspectees, the kinds together: how many are done of how many."""
        kinds: Counter[str] = Counter()
        of_kinds: Counter[str] = Counter()
        for row in self._inspectees:
            if id_of(row) in inspectees:
                name = INSPECTEE_KINDS[row.kind]
                of_kinds[name] += 1
                kinds[name] += id_of(row) in done
        return "，".join(f"{name} {kinds[name]}/{number}" for name, number in of_kinds.items()) or "没有单位"

    def _visits(self, codes: Collection[str], first: date, last: date) -> tuple[set[int], set[int]]:
        """The inspectees with a visit in force of these programmes before the day, and those with one from it on."""
        rows = self._session.execute(
            sa.select(col(Assignment.inspectee_id), col(Assignment.first_on))
            .join(ServedProgramme, col(ServedProgramme.visit_id) == col(Assignment.visit_id))
            .where(
                is_in_force(),
                col(ServedProgramme.programme_code).in_(codes),
                col(ServedProgramme.phase) != PhaseName.RECHECK,
                col(Assignment.first_on).between(first, last),
            )
        ).all()
        held = {inspectee for inspectee, first_on in rows if first_on < self._on}
        return held, {inspectee for inspectee, first_on in rows if first_on >= self._on}

    def _inspected(self, first: date, last: date) -> set[int]:
        """The inspectees with a comprehensive inspection outside this service before the day."""
        rows = self._session.exec(
            select(PastInspection.inspectee_id).where(
                col(PastInspection.comprehensive).is_(sa.true()),
                col(PastInspection.first_on).between(first, last),
                PastInspection.first_on < self._on,
            )
        ).all()
        return set(rows)
