"""What forbids publishing: one list of guards, asked by each publication and by the list of what forbids one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, TypeVar

from app.calendars.words import SEASONS
from app.core.errors import Conflict
from app.core.rows import id_of
from app.demand import totals
from app.planning.names import inspectee_name
from app.planning.violations import RuleViolation
from app.plans.violations import describe
from app.publications.proposal import Proposal
from app.year_lists import guard as year_lists

FoundT = TypeVar("FoundT")

MOST_SHOWN = 50
"""Violations that a refusal lists; their number is told in full."""


@dataclass(frozen=True, slots=True)
class Guard(Generic[FoundT]):
    """A condition that forbids publishing.

    ``find`` finds what breaks it, ``as_violation`` tells one finding as a violation at a visit, ``refuse`` tells all
    findings as the refusal of the publication. Neighbours in the list with the same ``refuse`` are refused together.
    """

    name: str
    find: Callable[[Proposal], Sequence[FoundT]]
    as_violation: Callable[[Proposal, FoundT], RuleViolation]
    refuse: Callable[[Proposal, Sequence[FoundT]], Conflict]


def require_publishable(proposal: Proposal) -> None:
    """Ask the guards in their order. Raises the ``Conflict`` of the first that finds something."""
    for refuse, guards in groupby(GUARDS, key=lambda guard: guard.refuse):
        if found := [each for guard in guards for each in guard.find(proposal)]:
            raise refuse(proposal, found)


def violations_of(proposal: Proposal) -> list[RuleViolation]:
    """Everything that forbids a publication, each at one visit."""
    return [guard.as_violation(proposal, each) for guard in GUARDS for each in guard.find(proposal)]


# history: what has begun is kept


def _changed_history(proposal: Proposal) -> list[str]:
    return list(proposal.changed_history)


def _history_violation(proposal: Proposal, key: str) -> RuleViolation:
    working_on, today = proposal.plan.working_on.isoformat(), proposal.today.isoformat()
    return RuleViolation("history_changed", key, {"working_on": working_on, "today": today})


def _refuse_history(proposal: Proposal, found: Sequence[str]) -> Conflict:
    """Names the visits of the first office alone: a plan that has history otherwise was asked for too long ago."""
    plan, office_id = proposal.plan, proposal.changed_history[found[0]]
    changed = [key for key in found if proposal.changed_history[key] == office_id]
    return Conflict(
        "history_changed",
        f"日程 {plan.id} 以 {plan.working_on} 为系统日期，"
        f"其中 {proposal.today} 之前有 {len(changed)} 次与已开始的不符。请以现行版本为基础重新编制日程后再发布。",
        {"plan": plan.id, "office": office_id, "visits": changed[:MOST_SHOWN], "number": len(changed)},
    )


# yearly lists and totals


def _unlisted(proposal: Proposal) -> list[year_lists.Unlisted]:
    return year_lists.unlisted(
        proposal.session, id_of(proposal.plan), proposal.office_ids, proposal.today, proposal.until
    )


def _unlisted_violation(_: Proposal, each: year_lists.Unlisted) -> RuleViolation:
    details = {
        "office": each.office,
        "year": each.year,
        "programme": each.programme_code,
        "programme_name": each.programme,
        "visits": each.visits,
    }
    return RuleViolation("year_list", each.visit, details)


def _refuse_unlisted(proposal: Proposal, found: Sequence[year_lists.Unlisted]) -> Conflict:
    return year_lists.refusal(id_of(proposal.plan), found, proposal.today)


def _over_limit(proposal: Proposal) -> list[totals.Count]:
    return totals.over_limit(
        proposal.session, id_of(proposal.plan), proposal.office_ids, proposal.today, proposal.until
    )


def _over_limit_violation(_: Proposal, count: totals.Count) -> RuleViolation:
    details = {
        "inspectee": inspectee_name(count.inspectee.id or 0),
        "year": count.year,
        "term": f"{count.year} 年{SEASONS[count.season]}" if count.season is not None else None,
        "visits": count.visits,
        "most": count.most,
    }
    return RuleViolation(count.code, count.last_new or "", details)


def _refuse_over_limit(proposal: Proposal, found: Sequence[totals.Count]) -> Conflict:
    return totals.refusal(id_of(proposal.plan), found)


# hard rules, together with what is in force of other offices


def _is_violation(_: Proposal, violation: RuleViolation) -> RuleViolation:
    return violation


def _refuse_violations(proposal: Proposal, found: Sequence[RuleViolation]) -> Conflict:
    plan = proposal.plan
    described = describe(proposal.session, id_of(plan), found[:MOST_SHOWN], proposal.offices_of_visits)
    return Conflict(
        "publication_conflict",
        f"日程 {plan.id} 不能发布：有 {len(found)} 处违反规则或与现行安排冲突。第一处：{described[0]['message']}"
        "未作任何更改。请修改草稿，或以现行版本为基础重新编制日程。",
        {"plan": plan.id, "number": len(found), "faults": described},
    )


GUARDS: tuple[Guard[Any], ...] = (
    Guard("history", _changed_history, _history_violation, _refuse_history),
    Guard("year_lists", _unlisted, _unlisted_violation, _refuse_unlisted),
    Guard("totals", _over_limit, _over_limit_violation, _refuse_over_limit),
    Guard("rules", Proposal.violations_of_rules, _is_violation, _refuse_violations),
    Guard("absences", Proposal.absences, _is_violation, _refuse_violations),
)
"""In the order in which a publication is refused."""
