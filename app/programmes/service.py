"""What may be done with programmes and rounds, and its rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Actor, Noun, require
from app.accounts.settings import load_rules
from app.core.errors import Conflict, Refused
from app.core.fields import End, require_order
from app.core.paging import Page, fetch_page, page_of
from app.models import InspecteeKind, Programme, ProgrammeRule, Round
from app.programmes import queries
from app.programmes.schemas import (
    INSPECTOR,
    LEAD,
    LEAST_INSPECTORS,
    Phase,
    PhaseName,
    ProgrammeCreate,
    ProgrammeOut,
    ProgrammePatch,
    ProgrammeQuery,
    RoundCreate,
    RoundPatch,
    phases_of,
)
from app.programmes.words import PHASES, PROGRAMME_RULES

MOST_AT_RECHECK = 3
"""A recheck may be one inspector's; more than three are an inspection of its own."""

_WITHOUT_HEAD = {InspecteeKind.TEACHING_POINT.value, InspecteeKind.ATTACHED_CLASS.value, InspecteeKind.GOVERNMENT.value}
"""Kinds of inspectee without a head of their own in the sense of the 2022 opinion on the end of heads' terms."""


def list_programmes(session: Session, user: Actor, query: ProgrammeQuery) -> Page[ProgrammeOut]:
    """A page of programmes: three queries."""
    require(user, Noun.PROGRAMME, Act.READ)
    rows, total = fetch_page(session, queries.listed_programmes(user, query), query)
    return page_of(describe_programmes(session, rows), total, query)


def describe_programmes(session: Session, rows: Sequence[Programme]) -> list[ProgrammeOut]:
    """Programmes with whether a plan used them: one query."""
    used = queries.used_programmes(session, rows)
    return [
        ProgrammeOut.model_validate({**row.model_dump(), "phases": phases_of(row.phases), "used": row.id in used})
        for row in rows
    ]


def create_programme(ledger: Ledger, wanted: ProgrammeCreate) -> Programme:
    """Add the first version of a programme."""
    require(ledger.asker, Noun.PROGRAMME, Act.CHANGE)
    require_order(wanted.in_force_from, wanted.in_force_to, "施行起止日期")
    _require_phases(wanted.rule, wanted.phases)
    _require_own_heads(wanted.rule, [kind.value for kind in wanted.covers])
    fields = wanted.model_dump() | _as_json(wanted)
    if wanted.notice_days is None:
        fields["notice_days"] = load_rules(ledger.session).notice_days
    if queries.versions_of(ledger.session, wanted.code):
        raise Conflict(
            "programme_exists",
            f"督导项目代码“{wanted.code}”已存在。请更改该项目：已用于编制日程的版本会自动另立新版本。",
            {"code": wanted.code},
        )
    return ledger.add(Programme(**fields, version=1))


def _as_json(wanted: ProgrammeCreate | ProgrammePatch) -> dict[str, Any]:
    """The two columns that hold JSON, as far as they were sent."""
    return wanted.model_dump(mode="json", include={"phases", "covers"} & wanted.model_fields_set)


def change_programme(ledger: Ledger, programme_id: int, patch: ProgrammePatch) -> Programme:
    """Change a programme: in place while no plan was made with the version, else as a new version.

    The new version begins with the day given or else with the working date; the old one ends the day before.
    """
    programme = queries.get_programme(ledger.session, ledger.asker, programme_id)
    require(ledger.asker, Noun.PROGRAMME, Act.CHANGE)
    changes = patch.changes() | _as_json(patch)
    _require_phases(programme.rule, phases_of(changes.get("phases", programme.phases)))
    _require_own_heads(programme.rule, changes.get("covers", programme.covers))
    if programme.id in queries.used_programmes(ledger.session, [programme]):
        return _new_version(ledger, programme, changes)
    first_on = changes.get("in_force_from", programme.in_force_from)
    require_order(first_on, programme.in_force_to, "施行起止日期")
    _require_free_days(ledger.session, programme, first_on, programme.in_force_to)
    return ledger.change(programme, changes)


def _new_version(ledger: Ledger, programme: Programme, changes: dict[str, Any]) -> Programme:
    """The changed programme beside the version that plans used."""
    first_on = changes.pop("in_force_from", None) or ledger.clock.today()
    if first_on <= programme.in_force_from:
        raise Refused(
            "version_too_early",
            f"“{programme.name}”第 {programme.version} 版自 {programme.in_force_from} 起施行且已用于编制日程，"
            f"新版本须晚于该日；不能是 {first_on}。请填写更晚的“施行日期”（in_force_from）。",
            {"in_force_from": first_on, "version_in_force_from": programme.in_force_from},
        )
    last_on = programme.in_force_to
    if last_on is not None and first_on > last_on:
        raise Refused(
            "version_ended",
            f"“{programme.name}”第 {programme.version} 版已于 {last_on} 终止，不能自 {first_on} 起更改。"
            "请更改现行版本。",
            {"in_force_to": last_on},
        )
    versions = queries.versions_of(ledger.session, programme.code)
    fields = programme.model_dump(exclude={"id"}) | changes
    ledger.change(programme, {"in_force_to": first_on - timedelta(days=1)}, action="supersede")
    number = max(row.version for row in versions) + 1
    return ledger.add(Programme(**fields | {"version": number, "in_force_from": first_on, "in_force_to": last_on}))


def _require_free_days(session: Session, programme: Programme, first_on: date, last_on: date | None) -> None:
    for other in queries.versions_of(session, programme.code):
        ends = other.in_force_to or date.max
        if other.id != programme.id and other.in_force_from <= (last_on or date.max) and ends >= first_on:
            raise Conflict(
                "versions_overlap",
                f"“{programme.name}”第 {other.version} 版自 {other.in_force_from} 起施行，两个版本的施行日期不能重叠。",
                {"programme_id": other.id, "in_force_from": other.in_force_from, "in_force_to": other.in_force_to},
            )


def end_programme(ledger: Ledger, programme_id: int, end: End) -> Programme:
    """Let a version be in force no longer than a day; nothing is planned for later days by it."""
    programme = queries.get_programme(ledger.session, ledger.asker, programme_id)
    require(ledger.asker, Noun.PROGRAMME, Act.CHANGE)
    require_order(programme.in_force_from, end.on, "施行起止日期")
    if programme.in_force_to is not None and programme.in_force_to <= end.on:
        raise Conflict(
            "already_ended",
            f"“{programme.name}”第 {programme.version} 版已于 {programme.in_force_to} 终止。",
            {"in_force_to": programme.in_force_to},
        )
    return ledger.change(programme, {"in_force_to": end.on}, action="end", reason=end.reason)


_PHASES = {
    ProgrammeRule.ROUND: ({PhaseName.EVALUATION}, {PhaseName.EVALUATION, PhaseName.RECHECK}),
    ProgrammeRule.GOVERNMENT: ({PhaseName.EVALUATION}, {PhaseName.EVALUATION}),
    ProgrammeRule.CHAIN: (
        {PhaseName.LAUNCH, PhaseName.REVIEW},
        {PhaseName.LAUNCH, PhaseName.PROGRESS, PhaseName.REVIEW},
    ),
    ProgrammeRule.THEMATIC: ({PhaseName.EVALUATION}, {PhaseName.EVALUATION}),
    ProgrammeRule.PRINCIPAL_TERM: ({PhaseName.EVALUATION}, {PhaseName.EVALUATION}),
    ProgrammeRule.ROUTINE: ({PhaseName.EVALUATION}, {PhaseName.EVALUATION}),
}
"""Of each rule the phases that a programme must have and those that it may have."""


def _require_phases(rule: ProgrammeRule, phases: Sequence[Phase]) -> None:
    """The phases of the rule, each once, launch before review, each team within the law."""
    names = [phase.name for phase in phases]
    needed, known = _PHASES[rule]
    if len(set(names)) != len(names) or not needed <= set(names) <= known:
        raise Refused(
            "phases_of_rule",
            f"“{PROGRAMME_RULES[rule]}”类项目的环节须各有一次：{_words(needed)}；"
            f"可选：{_words(known - needed) or '无'}。"
            f"现为：{_words(names)}。",
            {"rule": rule.value, "phases": [name.value for name in names]},
        )
    leads = {phase.name: phase.lead_years for phase in phases}
    if rule is ProgrammeRule.CHAIN and leads[PhaseName.LAUNCH] < leads[PhaseName.REVIEW]:
        message = "启动须不晚于复核（初核）：启动的“提前年数”（lead_years）不能小于复核（初核）的。请更正。"
        raise Refused("lead_years", message)
    for phase in phases:
        if phase.name is PhaseName.RECHECK:
            _require_recheck(phase)
        elif rule is ProgrammeRule.ROUTINE:
            _require_inspector(phase)
        else:
            _require_team(phase)


def _words(names: Any) -> str:
    return "、".join(PHASES[name] for name in sorted(names))


def _require_recheck(phase: Phase) -> None:
    """One to three people, in a time after the visit that is no empty one; the law names no floor for a recheck."""
    if phase.size > MOST_AT_RECHECK or phase.min_days > phase.max_days or phase.cases:
        raise Refused(
            "recheck_phase",
            f"“{phase.title}”须由 1 至 {MOST_AT_RECHECK} 人进行，不分单位类型，"
            "且“最少天数”（min_days）不大于“最多天数”（max_days）。请更正。",
            {"phase": phase.name.value, "size": phase.size, "min_days": phase.min_days, "max_days": phase.max_days},
        )


def _require_inspector(phase: Phase) -> None:
    """Routine is an assigned inspector's (条例 art. 13); the law names no least team."""
    for size, requires in _teams(phase):
        if not 1 <= requires.get(INSPECTOR, 0) <= size or max(requires.values()) > size:
            raise Refused(
                "routine_without_inspector",
                f"“{phase.title}”须由督学进行：要求至少 1 名督学，且要求的人数不超过 {size} 人。请更正 requires。",
                {"phase": phase.name.value, "size": size, "requires": requires},
            )


def _require_own_heads(rule: ProgrammeRule, covers: Sequence[str]) -> None:
    """Only bodies with legal personality have a head whose term is inspected at its end."""
    without = sorted(_WITHOUT_HEAD.intersection(covers))
    if rule is ProgrammeRule.PRINCIPAL_TERM and without:
        raise Refused(
            "no_legal_person",
            "教学点和附设幼儿班不是法人，没有单独的校（园）长任期，任期结束综合督导不能包括它们。请从 covers 中删去。",
            {"covers": without},
        )


def _require_team(phase: Phase) -> None:
    """At least three inspectors and a leader; no more people required than the team has."""
    for size, requires in _teams(phase):
        if min(size, requires.get(INSPECTOR, 0)) < LEAST_INSPECTORS or requires.get(LEAD, 0) < 1:
            raise Refused(
                "team_below_law",
                f"“{phase.title}”的督导小组须有至少 {LEAST_INSPECTORS} 名督学并有组长（《教育督导条例》第十六条）。"
                f"现为 {size} 人，其中要求督学 {requires.get(INSPECTOR, 0)} 名、组长 {requires.get(LEAD, 0)} 名。",
                {"phase": phase.name.value, "size": size, "requires": requires},
            )
        if max([phase.city_members, *requires.values()]) > size:
            raise Refused(
                "team_too_small",
                f"“{phase.title}”要求的人数超过督导小组的 {size} 人。请增加人数或减少要求。",
                {"phase": phase.name.value, "size": size, "requires": requires},
            )


def _teams(phase: Phase) -> list[tuple[int, dict[str, int]]]:
    """Size and requirements of the phase and of each of its cases."""
    cases = [(case.size or phase.size, {**phase.requires, **case.requires}) for case in phase.cases]
    return [(phase.size, phase.requires), *cases]


def create_round(ledger: Ledger, wanted: RoundCreate) -> Round:
    """Add a round."""
    require(ledger.asker, Noun.ROUND, Act.CHANGE)
    round_ = Round(**wanted.model_dump())
    _require_free_round(ledger.session, round_, wanted.first_on, wanted.last_on)
    return ledger.add(round_)


def change_round(ledger: Ledger, round_id: int, patch: RoundPatch) -> Round:
    """Change a round."""
    round_ = _changeable_round(ledger, round_id)
    changes = patch.changes()
    first_on, last_on = changes.get("first_on", round_.first_on), changes.get("last_on", round_.last_on)
    _require_free_round(ledger.session, round_, first_on, last_on)
    return ledger.change(round_, changes)


def end_round(ledger: Ledger, round_id: int, end: End) -> Round:
    """End a round before its last day; what it had not covered is asked no more."""
    round_ = _changeable_round(ledger, round_id)
    if round_.ended_on is not None:
        raise Conflict("already_ended", f"“{round_.name}”已于 {round_.ended_on} 结束。", {"ended_on": round_.ended_on})
    require_order(round_.first_on, end.on)
    return ledger.change(round_, {"ended_on": end.on}, action="end", reason=end.reason)


def _changeable_round(ledger: Ledger, round_id: int) -> Round:
    round_ = queries.get_round(ledger.session, ledger.asker, round_id)
    require(ledger.asker, Noun.ROUND, Act.CHANGE)
    return round_


def _require_free_round(session: Session, round_: Round, first_on: date, last_on: date) -> None:
    """Rounds over the same inspectees follow each other: a visit must belong to one."""
    require_order(first_on, last_on)
    present = queries.overlapping_round(session, round_.subject, first_on, last_on, round_.id)
    if present is not None:
        raise Conflict(
            "rounds_overlap",
            f"“{present.name}”（{present.first_on} 至 {present.ended_on or present.last_on}）与这些日期重叠，"
            "同类轮次须前后相接。请更正日期。",
            {"round_id": present.id, "first_on": present.first_on, "last_on": present.last_on},
        )
