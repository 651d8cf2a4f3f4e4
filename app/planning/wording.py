"""Reasons in Chinese sentences with the names, dates and numbers by which a reader can verify them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.calendars.words import HALVES
from app.core.words import inside_quotes
from app.planning.labels import Names, half_of_term
from app.planning.required import UnplannedRequirement
from solver.demand import AloneReason, UnplannedReason
from solver.demand.keys import topic_of_phase

ReasonJson = Mapping[str, Any]
"""``{"code": …, …}``: a reason as plan files and tables hold it, its details beside the code or under ``details``."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days within which a visit was asked."""

    earliest: date
    latest: date

    def __str__(self) -> str:
        return f"{self.earliest} 至 {self.latest}"


_SENTENCES: Mapping[str, Sequence[tuple[frozenset[str], str]]] = {
    "once": [(frozenset(), "同一事项须且只须安排一次，或列为未安排。")],
    "slots": [
        (
            frozenset({"day", "half_days"}),
            "需连续 {half_days} 个半天，自 {day} 起连续工作日不足（遇周末、节假日或停课）。",
        ),
        (frozenset({"half", "half_days"}), "多半天督导（{half_days} 个半天）须从上午开始，不能从{half}开始。"),
        (frozenset(), "所需的半天必须首尾相接并落在可督导的日期上。"),
    ],
    "window": [
        (frozenset({"day", "earliest", "latest"}), "{day} 不在期限 {earliest} 至 {latest} 之内。"),
        (frozenset(), "期限之内没有足够的日子。"),
    ],
    "closed": [
        (
            frozenset({"inspectee", "first", "last"}),
            "“{inspectee}”在 {first} 至 {last} 不能接受督导（假期、考试或停课）。",
        ),
        (frozenset(), "该单位在期限内的日子都不能接受督导（假期、考试或停课）。"),
    ],
    "team_size": [
        (
            frozenset({"size", "available"}),
            "督导小组需 {size} 人；可派的 {members} 人中，同一时间最多有 {available} 人可用。",
        ),
        (frozenset({"members", "size"}), "督导小组应为 {size} 人，现为 {members} 人。"),
        (frozenset(), "凑不齐督导小组所需的人数。"),
    ],
    "team_pool": [
        (frozenset({"inspector"}), "{inspector}不在可以派往的机构之列。"),
        (frozenset(), "可以派出人员的机构中没有足够的人。"),
    ],
    "team_requires": [
        (frozenset({"tag", "bearers", "least"}), "督导小组至少须有 {least} 名{tag}，最多只有 {bearers} 名可用。"),
        (frozenset({"tag", "least"}), "督导小组至少须有 {least} 名{tag}，凑不齐。"),
        (frozenset({"tag"}), "督导小组须有{tag}，没有人可派。"),
        (frozenset({"leader"}), "督导小组须由组内可任组长的人带队。"),
        (frozenset(), "督导小组凑不齐要求的资格。"),
    ],
    "excluded": [
        (frozenset({"inspector"}), "{inspector}须回避该单位。"),
        (frozenset(), "应回避的人太多，凑不齐督导小组。"),
    ],
    "available": [
        (frozenset({"inspector", "day"}), "{inspector}在 {day} 不可用（聘期外、未培训、请假或不在工作日）。"),
        (frozenset({"inspector"}), "{inspector}在督导的日子里不可用（聘期外、未培训、请假或不在工作日）。"),
        (frozenset({"size", "available"}), "需 {size} 人，可派的人中这几天在岗的最多 {available} 人。"),
        (frozenset(), "期限内可用的人不足（聘期、培训、请假或工作日）。"),
    ],
    "double_booked": [
        (
            frozenset({"inspector", "other", "day", "half", "size", "available"}),
            "需 {size} 人，同一时间最多有 {available} 人空闲；例如{inspector}在 {day} {half}已有“{other}”。",
        ),
        (frozenset({"inspector", "other", "day", "half"}), "{inspector}在 {day} {half}已有“{other}”。"),
        (frozenset({"size", "available"}), "需 {size} 人，这一时间空闲的最多 {available} 人。"),
        (frozenset(), "需要的人在同一半天已有别的督导。"),
    ],
    "transfer": [
        (
            frozenset({"inspector", "other", "minutes", "transfer_max_minutes"}),
            "{inspector}在 {day} 上下午之间到“{other}”的车程 {minutes} 分钟，超过 {transfer_max_minutes} 分钟。",
        ),
        (frozenset({"size", "available"}), "需 {size} 人，与当天另半天所在地相距不远的最多 {available} 人。"),
        (frozenset(), "上下午两处之间的车程超过规定。"),
    ],
    "evening": [
        (
            frozenset({"inspector", "other", "day", "minutes", "evening_max_minutes"}),
            "{inspector}在 {day} 下午所在地到次日上午所在地车程 {minutes} 分钟，超过 {evening_max_minutes} 分钟"
            "（与“{other}”之间）。",
        ),
        (frozenset({"size", "available"}), "需 {size} 人，与前一天下午、次日上午所在地相距不远的最多 {available} 人。"),
        (frozenset(), "前一天下午所在地到次日上午所在地的车程超过规定。"),
    ],
    "month_cap": [
        (
            frozenset({"inspector", "year", "month", "half_days", "cap"}),
            "{inspector}在 {year} 年 {month} 月将有 {half_days} 个半天，超过每月 {cap} 个半天。",
        ),
        (frozenset({"size", "available"}), "需 {size} 人，当月、当年还有足够余力的最多 {available} 人。"),
        (frozenset(), "需要的人每月可用的半天已用完。"),
    ],
    "year_cap": [
        (
            frozenset({"inspector", "year", "half_days", "cap"}),
            "{inspector}在 {year} 年将有 {half_days} 个半天，超过每年 {cap} 个半天。",
        ),
        (frozenset(), "需要的人每年可用的半天已用完。"),
    ],
    "inspectee_overlap": [
        (frozenset({"inspectee", "other", "day"}), "“{inspectee}”在 {day} 已有“{other}”。"),
        (frozenset(), "该单位在同一半天已有别的督导。"),
    ],
    "inspectee_gap": [
        (
            frozenset({"inspectee", "other", "days", "min_gap_days"}),
            "“{inspectee}”与“{other}”相隔 {days} 天，少于 {min_gap_days} 天。",
        ),
        (frozenset(), "与该单位的另一次督导相隔太近。"),
    ],
    "burden": [
        (
            frozenset({"inspectee", "period", "burden", "max_burden", "others"}),
            "“{inspectee}”在 {period} 年的综合督导将有 {burden} 项，超过每年 {max_burden} 项（已有：{others}）。",
        ),
        (
            frozenset({"inspectee", "period", "burden", "max_burden"}),
            "“{inspectee}”在 {period} 年的综合督导将有 {burden} 项，超过每年 {max_burden} 项。",
        ),
        (frozenset(), "该单位当年的综合督导已达上限。"),
    ],
    "history_changed": [
        (frozenset({"today"}), "{today} 之前已开始的督导与本日程不符，请以现行版本为基础重新编制。"),
    ],
    "year_list": [
        (
            frozenset({"office", "year", "programme_name", "visits"}),
            "“{office}”{year} 年的年度督导清单没有“{programme_name}”，其中 {visits} 次督导不能实施。",
        ),
    ],
    "visits_per_year": [
        (
            frozenset({"inspectee", "year", "visits", "most"}),
            "“{inspectee}”在 {year} 年将接受 {visits} 次督导（不含经常性督导），超过 {most} 次。",
        ),
    ],
    "visits_per_term": [
        (
            frozenset({"inspectee", "term", "visits", "most"}),
            "“{inspectee}”在 {term}将接受 {visits} 次督导（不含经常性督导），超过 {most} 次。",
        ),
    ],
    "resource": [
        (
            frozenset({"resource", "day", "half", "visits", "capacity"}),
            "{day} {half}同时有 {visits} 次督导需用{resource}，只能保障 {capacity} 次。",
        ),
        (frozenset({"resource"}), "期限内{resource}都已占用。"),
        (frozenset(), "车辆或同期承接能力不足。"),
    ],
    "precedence": [
        (
            frozenset({"before", "ended", "min_days", "max_days"}),
            "须在“{before}”（{ended} 结束）之后 {min_days} 至 {max_days} 天内开始。",
        ),
        (frozenset({"before", "ended", "min_days"}), "须在“{before}”（{ended} 结束）至少 {min_days} 天之后开始。"),
        (
            frozenset({"before", "days", "min_days"}),
            "须在“{before}”结束至少 {min_days} 天之后开始，现只隔 {days} 天。",
        ),
        (frozenset({"before", "min_days"}), "须在“{before}”结束至少 {min_days} 天之后开始。"),
        (frozenset(), "与前一环节的先后或间隔不符。"),
    ],
    "separation": [
        (frozenset({"other", "min_days"}), "须与“{other}”至少相隔 {min_days} 天。"),
        (frozenset(), "与须错开的另一次督导相隔太近。"),
    ],
    "pinned": [
        (frozenset({"day", "half"}), "已固定在 {day} {half}，不能改动。"),
        (frozenset(), "与已固定的安排冲突。"),
    ],
    "no_day": [
        (
            frozenset({"earliest", "latest", "days"}),
            "{earliest} 至 {latest} 有 {days} 个督导日，没有一个日子可以进行：单位不开放，或没有足够长的连续督导日。",
        ),
        (frozenset(), "没有一个日子可以进行：单位不开放，或没有足够长的连续督导日。"),
    ],
    "no_team": [
        (
            frozenset({"earliest", "latest"}),
            "{earliest} 至 {latest} 没有一个日子能组成合乎要求的督导小组：可派的人请假、在聘期外、应回避或不在工作日。",
        ),
        (frozenset(), "没有一个日子能组成合乎要求的督导小组。"),
    ],
    "capacity": [
        (frozenset({"free_day", "free_half", "note"}), "{free_day} {free_half}起尚有余地。"),
        (
            frozenset({"needed_half_days", "free_half_days", "months", "tag", "least", "bearers"}),
            "{months} 需 {least} 名{tag}，尚有余力的最多 {bearers} 名（其余的人当月、当年可用的半天已排满）。",
        ),
        (
            frozenset({"needed_half_days", "free_half_days", "months", "candidates", "without_room"}),
            "{months} 需 {needed_half_days} 人次（按半天计）；可派的 {candidates} 人只余 {free_half_days} 人次，"
            "其中 {without_room} 人已排满。",
        ),
        (
            frozenset({"free_day", "free_half"}),
            "求解时间内未能排入；{free_day} {free_half}起尚有余地，可延长时间再求解。",
        ),
        (frozenset({"tried_starts"}), "求解时间内未及尝试，可延长时间再求解。"),
        (frozenset(), "单独可以安排，但与其他督导争用同样的人、车或日子，排不下。"),
    ],
    "before_unscheduled": [
        (frozenset({"before"}), "它之前的“{before}”未能安排。"),
        (frozenset(), "它之前的环节未能安排。"),
    ],
}
"""For each code of the contract and each duty of the offices the sentences, the most telling first."""


def wording(reason: ReasonJson, names: Names, window: Window | None = None) -> str:
    """A reason of the planner, or a fault of the checker, in words; ``window`` adds the days that were asked.

    An unknown code is shown as it is, so that nothing is hidden.
    """
    code, details = _parts(reason)
    shown = {key: _shown(key, value, names) for key, value in details.items()}
    for needed, sentence in _SENTENCES.get(code, ()):
        if needed <= shown.keys():
            words = _by_hand(details) + _filled(sentence, shown) + _extent(details)
            return f"期限 {window}：{words}" if window is not None and "earliest" not in details else words
    return f"{code}：{'，'.join(f'{key} {value}' for key, value in shown.items())}"


def _filled(sentence: str, shown: Mapping[str, str]) -> str:
    """A sentence with its blanks filled; what stands between quotation marks there bears the inner ones itself."""
    blanks = {key: inside_quotes(value) if f"“{{{key}}}”" in sentence else value for key, value in shown.items()}
    return sentence.format_map(_Blanks(blanks))


def _by_hand(details: Mapping[str, Any]) -> str:
    """Why somebody took the visit out, in his or her own words."""
    return f"由人工移出（{details['note']}）；" if "note" in details else ""


def _extent(details: Mapping[str, Any]) -> str:
    """How many of the times at which a visit could begin a reason rules out."""
    starts = details.get("starts")
    return f"（{starts} 个可以开始的半天因此排除）" if starts else ""


class _Blanks(dict[str, str]):
    """What a sentence names beyond its needed details is left blank when it is missing."""

    def __missing__(self, key: str) -> str:
        return ""


def _parts(reason: ReasonJson) -> tuple[str, Mapping[str, Any]]:
    details = {key: value for key, value in reason.items() if key not in ("code", "details", "visit")}
    return str(reason.get("code", "")), {**details, **reason.get("details", {})}


def _shown(key: str, value: Any, names: Names) -> str:
    """A detail in words: people, inspectees, visits, resources and tags by name."""
    if isinstance(value, (list, tuple)):
        return "、".join(_shown(key, each, names) for each in value)
    if not isinstance(value, str):
        return str(value)
    match key:
        case "half" | "free_half":
            return HALVES.get(value, value)
        case "tag":
            return names.tag(value)
        case "resource":
            return names.resource(value)
        case "before" | "after" | "other" | "others" | "pins":
            return names.visit(value)
        case "inspector" | "inspectors" | "leader":
            return names.person(value)
        case "inspectee":
            return names.unit(value)
    return value


def requirement_wording(requirement: UnplannedRequirement, names: Names) -> str:
    """Why a requirement has no visit, with the date that it should have and what could be done."""
    about = names.duty(requirement.programme_code, requirement.phase)
    details = requirement.details
    match requirement.reason:
        case UnplannedReason.DONE if "half" in details:
            return f"{about}：{_half(details)}的已于 {details.get('inspected_on', '')} 进行。"
        case UnplannedReason.DONE if "term_ends_on" in details:
            return f"{about}已于 {details.get('inspected_on', '')} 进行（任期至 {details['term_ends_on']}）。"
        case UnplannedReason.NO_DAY if "half" in details:
            return f"{about}：{_half(details)}剩余工作日均不宜督导（假期、考试或停课）。"
        case UnplannedReason.NO_DAY:
            return (
                f"{about}应于 {requirement.due_on} 前进行，其间没有可以进行的日子（单位不开放，或当年已有综合督导）。"
            )
        case UnplannedReason.DONE:
            return f"{about}已于 {details.get('inspected_on', '')} 完成，不再重复安排。"
        case UnplannedReason.CLOSED:
            return _closed(about, requirement)
        case UnplannedReason.OPENS_TOO_LATE:
            return f"该单位 {details.get('opened_on', '')} 开办，离本轮结束太近，列入下一轮{about}。"
        case UnplannedReason.NOT_NEEDED:
            held_on = details.get("inspected_on", "")
            return f"{about}：{held_on} 的督导未发现问题，不需复查，预留的日子已释放。"
        case UnplannedReason.NOT_YET_DUE:
            return f"{about}应于 {requirement.due_on} 前完成，期限晚于本日程截止日，列入下一日程。"
        case UnplannedReason.MISSED:
            return _missed(about, requirement)
    return f"{about}：{requirement.reason}"


def _closed(about: str, requirement: UnplannedRequirement) -> str:
    dropped = "不再列入本次专项督导" if topic_of_phase(requirement.phase) is not None else "不再列入本轮"
    return f"该单位自 {requirement.details.get('closed_on', '')} 起停办，此前没有足够的日子进行{about}，{dropped}。"


def _half(details: Mapping[str, Any]) -> str:
    return half_of_term(details.get("term_year"), details.get("season"), details["half"])


def _missed(about: str, requirement: UnplannedRequirement) -> str:
    details = requirement.details
    words = f"{about}应于 {requirement.due_on} 前完成，已逾期，无法补做"
    if "next_stage_on" in details:
        words += f"（须在 {details['next_stage_on']} 的下一环节之前结束）"
    if "possible_target_year" in details:
        words += f"。可将验收目标由 {details.get('target_year')} 年改为 {details['possible_target_year']} 年"
    return words + "。"


_ALONE = {
    AloneReason.NO_PHASE: "本轮期间该旗县区没有启动或复核（初核）环节，单独进行。",
    AloneReason.NO_WINDOW: "与启动或复核（初核）没有足够长的共同日期，单独进行。",
    AloneReason.TOO_LONG: "与启动或复核（初核）合并后超过一次督导的最长天数，单独进行。",
}


def alone_wording(reason: AloneReason) -> str:
    """Why a government's evaluation shares no stay with a launch or review of its banner."""
    return _ALONE[reason]
