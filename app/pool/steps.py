"""Taking a step into office or out of it: what must have come before, and what follows in the other tables.

督学管理暂行办法 (教督〔2016〕2号): recommendation, check, publicity of at least seven working days, appointment, and
training before the first duty. Full-time inspectors are appointed by the government through the cadre procedure, hence
without publicity here. An appointment is a row of ``appointment`` and a training one of ``training``: there is no
second truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from app.accounts.audit import Ledger
from app.accounts.rights import Noun, require_change
from app.accounts.settings import load_rules
from app.calendars.working_days import working_days
from app.core.errors import Conflict, Refused
from app.core.fields import require_order
from app.core.rows import id_of
from app.inspectors import queries as inspectors
from app.inspectors import records
from app.inspectors.schemas import AppointmentCreate, AppointmentPatch, InspectorPatch, TrainingCreate
from app.inspectors.service import change as change_inspector
from app.inspectors.words import POOL_STAGES
from app.models import Inspector, PersonKind, PoolStage, PoolStep
from app.pool import queries
from app.pool.schemas import StepCreate
from app.pool.status import Person

ENTRY_TRAINING = "岗前培训"

_NEXT: Mapping[PoolStage | None, tuple[PoolStage, ...]] = {
    None: (PoolStage.RECOMMENDED,),
    PoolStage.RECOMMENDED: (PoolStage.CHECKED, PoolStage.ENDED),
    PoolStage.CHECKED: (PoolStage.PUBLICISED, PoolStage.ENDED),
    PoolStage.PUBLICISED: (PoolStage.APPOINTED, PoolStage.ENDED),
    PoolStage.APPOINTED: (PoolStage.TRAINED, PoolStage.IN_OFFICE, PoolStage.ENDED),
    PoolStage.TRAINED: (PoolStage.IN_OFFICE, PoolStage.ENDED),
    PoolStage.IN_OFFICE: (PoolStage.RECOMMENDED, PoolStage.ENDED),
    PoolStage.ENDED: (PoolStage.RECOMMENDED,),
}
"""What may follow; a renewal begins with a recommendation while the term still runs."""

_BY_CADRE_PROCEDURE = frozenset({None, PoolStage.IN_OFFICE, PoolStage.ENDED})
"""From where a full-time inspector may be appointed at once."""


def take(ledger: Ledger, inspector_id: int, wanted: StepCreate) -> PoolStep:
    """Take a step. Raises ``Conflict`` where another step comes first, ``Refused`` where a rule forbids it."""
    inspector = inspectors.get(ledger.session, ledger.asker, inspector_id)
    require_change(ledger.asker, Noun.POOL, office_id=inspector.office_id)
    inspectors.lock(ledger.session, inspector)
    if not inspector.kind.is_inspector:
        raise Refused("not_an_inspector", f"“{inspector.name}”是专家或部门人员，不是督学，没有入库程序。")
    require_order(wanted.first_on, wanted.last_on)
    person = queries.person(ledger.session, inspector)
    _require_next(ledger, person, wanted)
    match wanted.stage:
        case PoolStage.PUBLICISED:
            _require_long_publicity(ledger, inspector, wanted)
        case PoolStage.APPOINTED:
            _appoint(ledger, person, wanted)
        case PoolStage.TRAINED:
            _train(ledger, inspector, wanted)
        case PoolStage.IN_OFFICE:
            _require_counted(person, wanted)
        case PoolStage.ENDED:
            _end(ledger, person, wanted)
    return ledger.add(
        PoolStep(
            inspector_id=inspector_id,
            stage=wanted.stage,
            first_on=wanted.first_on,
            last_on=_last_day(wanted),
            done_by=wanted.done_by,
            evidence=wanted.evidence,
            recorded_by_id=ledger.asker.id,
            recorded_at=ledger.clock.now(),
        )
    )


def _last_day(wanted: StepCreate) -> date:
    """The last day of the step itself; a term of office ends by its own row."""
    spans_days = wanted.stage in (PoolStage.PUBLICISED, PoolStage.TRAINED)
    return wanted.last_on if spans_days and wanted.last_on is not None else wanted.first_on


def _last_step(person: Person) -> PoolStep | None:
    return max(person.steps, key=id_of, default=None)


def _require_next(ledger: Ledger, person: Person, wanted: StepCreate) -> None:
    last = _last_step(person)
    today = ledger.clock.today()
    at = last.stage if last is not None else (PoolStage.IN_OFFICE if person.is_in_office(today) else None)
    open_to = _NEXT[at]
    if person.inspector.kind is PersonKind.FULL_TIME and at in _BY_CADRE_PROCEDURE:
        open_to = (*open_to, PoolStage.APPOINTED)
    if wanted.stage not in open_to:
        now = f"目前为“{POOL_STAGES[at]}”" if at is not None else "尚未推荐"
        raise Conflict(
            "step_out_of_order",
            f"“{person.inspector.name}”{now}，不能登记“{POOL_STAGES[wanted.stage]}”。"
            f"下一步应为{'或'.join(f'“{POOL_STAGES[stage]}”' for stage in open_to)}。",
            {"stage": at.value if at else None, "next": [stage.value for stage in open_to]},
        )
    if last is not None and wanted.first_on < last.last_on and wanted.stage is not PoolStage.APPOINTED:
        raise Refused(
            "step_before_last",
            f"“{POOL_STAGES[wanted.stage]}”的日期 {wanted.first_on} 早于上一步“{POOL_STAGES[last.stage]}”的 "
            f"{last.last_on}。请更正。",
            {"first_on": wanted.first_on.isoformat(), "last_step_on": last.last_on.isoformat()},
        )


def _require_long_publicity(ledger: Ledger, inspector: Inspector, wanted: StepCreate) -> None:
    """At least so many working days, both ends included, by the calendar table."""
    last_on = _required(wanted.last_on, "last_on", "公示须注明截止日期")
    least = load_rules(ledger.session).publicity_working_days
    days = len(working_days(ledger.session, wanted.first_on, last_on))
    if days < least:
        raise Refused(
            "publicity_too_short",
            f"“{inspector.name}”的公示 {wanted.first_on} 至 {last_on} 只有 {days} 个工作日，不得少于 {least} 个。"
            "请延长公示。",
            {"working_days": days, "least": least},
        )


def _required(value: date | None, field: str, words: str) -> date:
    if value is None:
        raise Refused("missing_field", f"{words}（{field}）。", {"field": field})
    return value


def _appoint(ledger: Ledger, person: Person, wanted: StepCreate) -> None:
    """A term of office begins after the publicity has ended, on the calendar and on the paper."""
    last = _last_step(person)
    if last is not None and last.stage is PoolStage.PUBLICISED:
        day = min(wanted.first_on, ledger.clock.today())
        if day <= last.last_on:
            raise Refused(
                "publicity_not_over",
                f"“{person.inspector.name}”的公示到 {last.last_on} 才结束，不能在 {day} 聘任。请在公示结束后登记。",
                {"publicity_last_on": last.last_on.isoformat(), "on": day.isoformat()},
            )
    term = AppointmentCreate(first_on=wanted.first_on, last_on=wanted.last_on)
    records.appoint(ledger, person.inspector, term)
    if wanted.card_number:
        change_inspector(ledger, id_of(person.inspector), InspectorPatch(card_number=wanted.card_number))


def _train(ledger: Ledger, inspector: Inspector, wanted: StepCreate) -> None:
    if wanted.hours is None:
        raise Refused("missing_field", "岗前培训须注明学时（hours）。", {"field": "hours"})
    training = TrainingCreate(
        title=wanted.title or ENTRY_TRAINING,
        first_on=wanted.first_on,
        last_on=wanted.last_on or wanted.first_on,
        hours=wanted.hours,
        entry=True,
    )
    records.add_training(ledger, id_of(inspector), training)


def _require_counted(person: Person, wanted: StepCreate) -> None:
    """The first day in office is the first on which planning counts the person: appointed, and trained before."""
    name, day = person.inspector.name, wanted.first_on
    trained_on = person.trained_on
    if trained_on is None or day <= trained_on:
        ended = f"于 {trained_on} 才结束" if trained_on is not None else "还没有登记"
        raise Refused(
            "duty_before_training",
            f"“{name}”的岗前培训{ended}，不能在 {day} 上岗。培训结束的次日起方可上岗。",
            {"trained_on": trained_on.isoformat() if trained_on else None, "on": day.isoformat()},
        )
    term = person.term_on(day)
    if term is None:
        raise Refused("duty_outside_term", f"{day} 不在“{name}”的任何聘期之内，不能上岗。请核对聘任记录。", {"on": day})
    counted_from = max(term.first_on, trained_on + timedelta(days=1))
    if day != counted_from:
        raise Refused(
            "duty_later_than_counted",
            f"按聘任和培训记录，“{name}”自 {counted_from} 起即在岗，日程也自该日起计入，不能登记为 {day}。"
            "如需推迟，请更改聘期或登记请假。",
            {"counted_from": counted_from.isoformat(), "on": day.isoformat()},
        )


def _end(ledger: Ledger, person: Person, wanted: StepCreate) -> None:
    """The day is the last in office; a way that is broken off before an appointment ends no term."""
    later = [row for row in person.appointments if row.first_on > wanted.first_on]
    if later:
        raise Conflict(
            "later_appointment",
            f"“{person.inspector.name}”自 {later[0].first_on} 起还有聘期。请先更改或删除该聘任记录。",
            {"appointment_id": later[0].id},
        )
    term = person.term_on(wanted.first_on)
    if term is not None:
        patch = AppointmentPatch(last_on=wanted.first_on)
        records.change_appointment(ledger, id_of(person.inspector), id_of(term), patch)
