"""Reasons in words: names, dates and numbers that a reader can verify; every code of the contract has words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from app.planning.labels import Names
from app.planning.required import UnplannedRequirement
from app.planning.wording import Window, alone_wording, requirement_wording, wording
from solver.checker.registry import RULES
from solver.demand import AloneReason, UnplannedReason
from tests.app import builders
from tests.app.builders import Places
from tests.app.programmes.builders import a_chain_programme, a_programme, a_target

NAMES = Names(
    people={7: "张三"},
    units={12: "红山一小"},
    regions={"150402": "红山区"},
    targets={3: ("红山区", "preschool_universal")},
    programmes={"round": "综合督导", "preschool_universal": "学前教育普及普惠"},
    phases={("round", "evaluation"): "综合督导评估", ("preschool_universal", "review"): "市级初核"},
)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            {"code": "month_cap", "inspector": "i7", "year": 2023, "month": 4, "half_days": 6, "cap": 4},
            "张三在 2023 年 4 月将有 6 个半天，超过每月 4 个半天。",
        ),
        (
            {"code": "closed", "inspectee": "e12", "first": "2023-04-03", "last": "2023-04-28"},
            "“红山一小”在 2023-04-03 至 2023-04-28 不能接受督导（假期、考试或停课）。",
        ),
        (
            {"code": "resource", "resource": "host:150402", "day": "2023-04-03", "half": "pm"}
            | {"visits": 2, "capacity": 1},
            "2023-04-03 下午同时有 2 次督导需用红山区的同期承接能力，只能保障 1 次。",
        ),
        (
            {"code": "before_unscheduled", "before": "chain-3-review"},
            "它之前的“红山区学前教育普及普惠市级初核”未能安排。",
        ),
        (
            {"code": "double_booked", "inspector": "i7", "other": "round-1-12", "day": "2023-04-03", "half": "am"},
            "张三在 2023-04-03 上午已有“红山一小综合督导评估”。",
        ),
        ({"code": "team_requires", "tag": "chief", "least": 1}, "督导小组至少须有 1 名总督学或副总督学，凑不齐。"),
        ({"code": "no_team"}, "没有一个日子能组成合乎要求的督导小组。"),
        (
            {"code": "team_size", "size": 3, "available": 2, "members": 9},
            "督导小组需 3 人；可派的 9 人中，同一时间最多有 2 人可用。",
        ),
        (
            {
                "code": "capacity",
                "needed_half_days": 6,
                "free_half_days": 5,
                "months": ["2023-03", "2023-04"],
                "candidates": 9,
                "without_room": 7,
                "starts": 40,
            },
            "2023-03、2023-04 需 6 人次（按半天计）；可派的 9 人只余 5 人次，其中 7 人已排满。"
            "（40 个可以开始的半天因此排除）",
        ),
        (
            {"code": "precedence", "before": "chain-3-review", "ended": "2023-10-12", "min_days": 30, "days": 12},
            "须在“红山区学前教育普及普惠市级初核”（2023-10-12 结束）至少 30 天之后开始。",
        ),
        (
            {
                "code": "burden",
                "inspectee": "e12",
                "period": "2023",
                "burden": 2,
                "max_burden": 1,
                "others": ["round-1-12"],
            },
            "“红山一小”在 2023 年的综合督导将有 2 项，超过每年 1 项（已有：红山一小综合督导评估）。",
        ),
        (
            {"code": "evening", "inspector": "i7", "other": "round-1-12", "day": "2023-04-03"}
            | {"minutes": 95, "evening_max_minutes": 90},
            "张三在 2023-04-03 下午所在地到次日上午所在地车程 95 分钟，超过 90 分钟（与“红山一小综合督导评估”之间）。",
        ),
        (
            {"code": "separation", "other": "round-1-12", "days": 2, "min_days": 3},
            "须与“红山一小综合督导评估”至少相隔 3 天。",
        ),
        ({"code": "something_new", "number": 3}, "something_new：number 3"),
    ],
)
def test_a_reason_names_what_it_is_about(reason: dict[str, Any], words: str) -> None:
    assert wording(reason, NAMES) == words


def test_details_may_stand_apart_from_the_code() -> None:
    assert wording({"code": "excluded", "details": {"inspector": "i7"}}, NAMES) == "张三须回避该单位。"


def test_the_days_that_were_asked_stand_before_the_reason() -> None:
    window = Window(date(2023, 1, 1), date(2023, 12, 31))
    assert wording({"code": "no_day"}, NAMES, window).startswith("期限 2023-01-01 至 2023-12-31：")


@pytest.mark.parametrize("code", [*RULES, "no_day", "no_team", "capacity", "before_unscheduled"])
def test_every_code_has_words_even_without_details(code: str) -> None:
    assert not wording({"code": code}, NAMES).startswith(code)


@pytest.mark.parametrize(
    ("reason", "due_on", "details", "words"),
    [
        (
            UnplannedReason.MISSED,
            date(2021, 12, 31),
            {"target_year": 2022, "next_stage_on": "2022-03-31", "possible_target_year": 2023},
            "学前教育普及普惠市级初核应于 2021-12-31 前完成，已逾期，无法补做（须在 2022-03-31 的下一环节之前结束）。"
            "可将验收目标由 2022 年改为 2023 年。",
        ),
        (
            UnplannedReason.NOT_YET_DUE,
            date(2024, 12, 31),
            {},
            "学前教育普及普惠市级初核应于 2024-12-31 前完成，期限晚于本日程截止日，列入下一日程。",
        ),
        (
            UnplannedReason.DONE,
            None,
            {"inspected_on": "2023-03-14"},
            "学前教育普及普惠市级初核已于 2023-03-14 完成，不再重复安排。",
        ),
    ],
)
def test_a_duty_without_a_visit_is_explained(
    reason: str, due_on: date | None, details: dict[str, Any], words: str
) -> None:
    assert (
        requirement_wording(UnplannedRequirement(7, "preschool_universal", "review", reason, due_on, details), NAMES)
        == words
    )


HALF = {"term_year": 2023, "season": "spring", "half": 2}
TERM = {"term_ends_on": "2023-07-31"}


@pytest.mark.parametrize(
    ("reason", "details", "words"),
    [
        (
            UnplannedReason.DONE,
            HALF | {"inspected_on": "2023-05-16"},
            "督导：2023 年春季学期后半段的已于 2023-05-16 进行。",
        ),
        (
            UnplannedReason.NO_DAY,
            HALF,
            "督导：2023 年春季学期后半段剩余工作日均不宜督导（假期、考试或停课）。",
        ),
        (
            UnplannedReason.DONE,
            TERM | {"inspected_on": "2023-05-16"},
            "督导已于 2023-05-16 进行（任期至 2023-07-31）。",
        ),
        (
            UnplannedReason.NO_DAY,
            TERM,
            "督导应于 2024-01-27 前进行，其间没有可以进行的日子（单位不开放，或当年已有综合督导）。",
        ),
    ],
)
def test_a_half_of_a_term_and_the_end_of_a_heads_term_are_named(
    reason: str, details: dict[str, Any], words: str
) -> None:
    names = Names(phases={("x", "evaluation"): "督导"})
    assert (
        requirement_wording(UnplannedRequirement(7, "x", "evaluation", reason, date(2024, 1, 27), details), names)
        == words
    )


@pytest.mark.parametrize("reason", list(UnplannedReason))
def test_every_unplanned_reason_has_words(reason: UnplannedReason) -> None:
    assert reason.value not in requirement_wording(
        UnplannedRequirement(7, "round", "evaluation", reason, date(2023, 1, 1)), NAMES
    )


def test_every_reason_to_stay_alone_has_words() -> None:
    assert len({alone_wording(reason) for reason in AloneReason}) == len(AloneReason)


def test_names_are_read_from_whatever_the_details_hold(session: Session, places: Places) -> None:
    person = builders.an_inspector(session, places.banner_office, name="张三")
    school = builders.an_inspectee(session, places.banner, places.banner_office, name="红山一小")
    a_programme(session)
    a_chain_programme(session)
    target = a_target(session, places.banner)
    names = Names.of(session, [{"inspector": f"i{person.id}", "pins": [f"round-1-{school.id}"]}])
    assert names.person(f"i{person.id}") == "张三"
    assert names.visit(f"round-1-{school.id}") == "红山一小综合督导评估"
    routine = f"routine-2023-spring-1-{school.id}"
    assert names.visit(routine) == "红山一小经常性督导（2023 年春季学期前半段）"
    term = f"principal_term-2024-{school.id}"
    assert names.visit(term) == "红山一小校（园）长任期结束综合督导（2024 年）"
    assert names.visit(f"chain-{target.id}-review") == "红山区义务教育优质均衡市级复核"
    assert names.resource("cars:150402") == "红山区督导机构的车辆"
