"""Drafts changed by hand: a solved plan, until a share of it is published, belongs to those whose visits it plans.

Every change is judged by the checker and leaves an entry in the log, which takes it back. A draft may break rules, but
is not published then. The log is a stack of the edits that the asker may make, so an office takes back its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Noun, require
from app.calendars.words import HALVES
from app.core.errors import Conflict, NotFound, Refused
from app.core.fields import require_order
from app.core.rows import id_of
from app.drafts import answers
from app.drafts.queries import visits_of_plan
from app.drafts.rows import DraftRows, Placed, State, Unscheduled, state_from
from app.drafts.schemas import AssignmentPatch, DraftOut, OptionsOut, OptionsRequest
from app.models import EditKind, EditState, Half, Office, Plan, PlanEdit, PlannedVisit, PlanState
from app.planning.drafts import Judgement, leader_of
from app.planning.openings import Openings
from app.plans import queries
from app.plans.service import changeable_shares, not_yours
from app.plans.words import STATES


def change(ledger: Ledger, plan_id: int, key: str, wanted: AssignmentPatch) -> DraftOut:
    """Move a visit, change its team, place it or take it out."""
    plan, rows = _opened(ledger, plan_id)
    visit = _visit(ledger, plan, rows, key)
    before = rows.state(visit)
    if isinstance(before, Placed) and before.locked:
        raise Conflict("visit_locked", f"督导“{key}”已锁定。请先解除锁定，再作更改。", {"plan": plan_id, "visit": key})
    after = _wanted(ledger, rows, visit, before, wanted)
    if after == before:
        return answers.unchanged(plan)
    kind = EditKind.MOVE
    if isinstance(after, Unscheduled):
        kind = EditKind.TAKE_OUT
    elif isinstance(before, Unscheduled):
        kind = EditKind.PLACE
    return _edit(ledger, plan, rows, visit, kind, before, after)


def lock(ledger: Ledger, plan_id: int, key: str, *, locked: bool) -> DraftOut:
    """Keep a visit as it is when the plan is re-planned, or no longer."""
    plan, rows = _opened(ledger, plan_id)
    visit = _visit(ledger, plan, rows, key)
    before = rows.state(visit)
    if isinstance(before, Unscheduled):
        raise Conflict(
            "visit_not_scheduled", f"督导“{key}”未安排，无从锁定。请先排定日期和人员。", {"plan": plan_id, "visit": key}
        )
    if before.locked is locked:
        return answers.unchanged(plan)
    kind = EditKind.LOCK if locked else EditKind.UNLOCK
    return _edit(ledger, plan, rows, visit, kind, before, replace(before, locked=locked))


def undo(ledger: Ledger, plan_id: int) -> DraftOut:
    """Take back the last edit that is in effect, of those that the asker may make."""
    plan, rows = _opened(ledger, plan_id)
    edit = ledger.session.exec(
        _edits_of(ledger, plan).where(PlanEdit.state == EditState.DONE).order_by(col(PlanEdit.number).desc())
    ).first()
    if edit is None:
        raise Conflict("nothing_to_undo", f"日程 {plan_id} 没有可撤销的更改。", {"plan": plan_id})
    changes = {"state": EditState.UNDONE, "undone_at": ledger.clock.now(), "undone_by_id": ledger.asker.id}
    return _repeat(ledger, plan, rows, edit, "undo", changes)


def redo(ledger: Ledger, plan_id: int) -> DraftOut:
    """Do again what was taken back last, unless something else was done since."""
    plan, rows = _opened(ledger, plan_id)
    edit = ledger.session.exec(
        _edits_of(ledger, plan).where(PlanEdit.state == EditState.UNDONE).order_by(col(PlanEdit.number))
    ).first()
    if edit is None:
        raise Conflict("nothing_to_redo", f"日程 {plan_id} 没有可恢复的更改。", {"plan": plan_id})
    changes = {"state": EditState.DONE, "undone_at": None, "undone_by_id": None}
    return _repeat(ledger, plan, rows, edit, "redo", changes)


def options(ledger: Ledger, plan_id: int, key: str, wanted: OptionsRequest) -> OptionsOut:
    """The open half-days and people of a visit, each closed one with its rule."""
    require_order(wanted.first_day, wanted.last_day)
    plan, rows = _opened(ledger, plan_id)
    visit = _visit(ledger, plan, rows, key)
    state = rows.state(visit)
    openings = Openings(rows.given, rows.solution["assignments"], key)
    day = wanted.day or (state.day if isinstance(state, Placed) else None)
    half = wanted.half or (state.half if isinstance(state, Placed) else Half.AM)
    people = None
    if day is not None:
        if not openings.can_begin(day, "am" if half is Half.AM else "pm"):
            raise Refused(
                "cannot_begin",
                f"{day} {HALVES[half]}不能开始 {visit.half_days} 个半天的督导："
                "不是督导日、没有足够长的连续督导日，或须自上午开始。请另选。",
                {"visit": key, "day": day.isoformat(), "half": half.value, "half_days": visit.half_days},
            )
        people = openings.people(day, "am" if half is Half.AM else "pm")
    team = state.team if isinstance(state, Placed) else ()
    return answers.options_answer(
        ledger.session,
        visit,
        rows.given.visits[key].team.size,
        openings.half_days(wanted.first_day, wanted.last_day),
        answers.PeopleAt(day, half, tuple(people), team) if day is not None and people is not None else None,
        answers.secrets_of(ledger.session, ledger.asker, plan),
    )


# what every change looks at first


def _opened(ledger: Ledger, plan_id: int) -> tuple[Plan, DraftRows]:
    """A draft for a change; nobody else changes or publishes it before the transaction ends."""
    require(ledger.asker, Noun.PLAN, Act.CHANGE)
    plan = queries.find_owned_plan(ledger.session, ledger.asker, plan_id)
    ledger.session.refresh(plan, with_for_update=True)
    if plan.state is PlanState.PUBLISHED:
        raise Conflict(
            "plan_published",
            f"日程 {plan_id} 已发布，不能再改。请以它为基础重新编制日程，在新的草稿上更改。",
            {"plan": plan_id, "state": plan.state.value},
        )
    if plan.state is not PlanState.SOLVED:
        raise Conflict(
            "plan_not_solved",
            f"日程 {plan_id} {STATES[plan.state]}，只有已完成的日程才能更改。",
            {"plan": plan_id, "state": plan.state.value},
        )
    return plan, DraftRows(ledger.session, plan)


def _visit(ledger: Ledger, plan: Plan, rows: DraftRows, key: str) -> PlannedVisit:
    """A visit that this plan planned and the asker may plan."""
    visit = ledger.session.exec(visits_of_plan(ledger.asker, id_of(plan)).where(PlannedVisit.key == key)).first()
    if visit is None:
        raise NotFound("visit_not_found", f"日程 {plan.id} 中没有“{key}”这一督导，或无权查看。请在其安排中核对标识。")
    if not changeable_shares(ledger.session, ledger.asker, [visit.office_id]):
        raise not_yours(ledger.asker, f"督导“{key}”")
    if key not in rows.given.visits:
        raise Conflict(
            "visit_fixed",
            f"督导“{key}”在本日程之前已开始，或在其日期之外，按现行安排保留，不能更改。",
            {"plan": plan.id, "visit": key},
        )
    return visit


def _wanted(ledger: Ledger, rows: DraftRows, visit: PlannedVisit, before: State, wanted: AssignmentPatch) -> State:
    """The state that is wanted. Raises ``Refused`` where that is no assignment at all; violations are judged later."""
    named = wanted.changes()
    if "take_out" in named:
        return _taken_out(rows, visit, before, named)
    if isinstance(before, Unscheduled):
        if not named:
            return before
        if missing := [name for name in ("day", "half", "team") if name not in named]:
            raise Refused(
                "placement_incomplete",
                f"督导“{visit.key}”尚未安排，须同时给出日期、上下午和人员（缺 {'、'.join(missing)}）。",
                {"visit": visit.key, "missing": missing},
            )
    kept = before if isinstance(before, Placed) else None
    day: date = named["day"] if "day" in named or kept is None else kept.day
    half: Half = named["half"] if "half" in named or kept is None else kept.half
    team = tuple(sorted(named["team"])) if "team" in named or kept is None else kept.team
    _require_possible(ledger, rows, visit, day, half, team)
    leader = named.get("leader")
    if leader is None:
        leader = kept.leader if kept is not None and "team" not in named else None
    if leader is None:
        leader = leader_of(rows.given, visit.key, team, kept.leader if kept is not None else None)
    elif leader not in team:
        raise Refused(
            "leader_not_in_team",
            f"组长（编号 {leader}）不在督导小组之中。请把组长列入小组，或另选组长。",
            {"leader": leader, "team": list(team)},
        )
    return Placed(day, half, team, leader, locked=False)


def _taken_out(rows: DraftRows, visit: PlannedVisit, before: State, named: Mapping[str, Any]) -> State:
    if named.keys() != {"take_out"}:
        raise Refused("take_out_alone", "移出督导时不能同时更改日期、人员。请分两次提交。", {"fields": sorted(named)})
    if isinstance(before, Unscheduled):
        raise Conflict("visit_not_scheduled", f"督导“{visit.key}”本就未安排。", {"visit": visit.key})
    first, *others = Openings(rows.given, rows.solution["assignments"], visit.key).reasons()
    return Unscheduled(({**first, "note": named["take_out"]}, *others))


def _require_possible(
    ledger: Ledger, rows: DraftRows, visit: PlannedVisit, day: date, half: Half, team: tuple[int, ...]
) -> None:
    """What a contract file cannot hold, or what nobody can do any more, is no assignment."""
    if day not in rows.given.days:
        raise Refused(
            "not_an_inspection_day",
            f"{day} 不是本日程的督导日（周末、节假日或在其日期之外）。请另选一天。",
            {"day": day.isoformat()},
        )
    _require_ahead(ledger, day)
    if visit.half_days > 1 and half is Half.PM:
        raise Refused(
            "begins_in_the_morning",
            f"{visit.half_days} 个半天的督导须自上午开始。",
            {"half": half.value, "half_days": visit.half_days},
        )
    if len(set(team)) != len(team):
        raise Refused("duplicate_items", "督导小组中有重复的人，请删去重复的。", {"team": list(team)})
    if unknown := [member for member in team if member not in rows.given.people]:
        raise Refused(
            "unknown_inspector",
            f"编号为 {unknown[0]} 的督学不在本日程可派的人之中。请在可选人员中挑选；新来的人须重新编制日程。",
            {"team": unknown},
        )


def _require_ahead(ledger: Ledger, day: date) -> None:
    today = ledger.clock.today()
    if day < today:
        raise Refused(
            "day_past",
            f"{day} 已过（系统日期为 {today}），不能再安排督导。请另选一天。",
            {"day": day.isoformat(), "today": today.isoformat()},
        )


# what every change leaves


def _edit(
    ledger: Ledger, plan: Plan, rows: DraftRows, visit: PlannedVisit, kind: EditKind, before: State, after: State
) -> DraftOut:
    for undone in ledger.session.exec(_edits_of(ledger, plan).where(PlanEdit.state == EditState.UNDONE)).all():
        undone.state = EditState.VOID
        ledger.session.add(undone)
    last = ledger.session.exec(select(sa.func.max(col(PlanEdit.number))).where(PlanEdit.plan_id == plan.id)).one()
    edit = ledger.add(
        PlanEdit(
            plan_id=id_of(plan),
            number=(last or 0) + 1,
            visit_id=id_of(visit),
            kind=kind,
            before=before.as_json(),
            after=after.as_json(),
            made_at=ledger.clock.now(),
            made_by_id=ledger.asker.id,
        ),
        kind.value,
    )
    rows.write(visit, before, after)
    return _answer(ledger, plan, visit, edit, rows.store())


def _repeat(
    ledger: Ledger, plan: Plan, rows: DraftRows, edit: PlanEdit, deed: str, changes: Mapping[str, Any]
) -> DraftOut:
    """Put back what was before an edit, or what came of it."""
    visit = ledger.session.get_one(PlannedVisit, edit.visit_id)
    target = state_from(edit.before if deed == "undo" else edit.after)
    if isinstance(target, Placed):
        _require_ahead(ledger, target.day)
    rows.write(visit, rows.state(visit), target)
    ledger.change(edit, changes, deed)
    return _answer(ledger, plan, visit, edit, rows.store())


def _answer(ledger: Ledger, plan: Plan, visit: PlannedVisit, edit: PlanEdit, verdict: Judgement) -> DraftOut:
    return answers.changed(ledger.session, ledger.asker, plan, visit, edit, verdict)


def _edits_of(ledger: Ledger, plan: Plan) -> Any:
    """The plan's edits of those visits that the asker may plan."""
    offices = ledger.session.exec(select(Office.id)).all()
    mine = changeable_shares(ledger.session, ledger.asker, [number for number in offices if number is not None])
    return (
        select(PlanEdit)
        .join(PlannedVisit, col(PlannedVisit.id) == col(PlanEdit.visit_id))
        .where(PlanEdit.plan_id == plan.id, col(PlannedVisit.office_id).in_(mine))
    )
