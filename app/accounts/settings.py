"""The numbers and switches of the field's rules that an office may set, with their defaults.

Most day counts are local policy, not law; each default says where it comes from. A changed value is a row of
``setting``; what has no row has its default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, select

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Noun, require
from app.core.fields import Count, Flag, PositiveCount
from app.models import Half, InspecteeKind, Setting, Severity

OwnerLevel = Literal["city", "banner"]

CITY_KINDS = frozenset(
    {
        InspecteeKind.SENIOR,
        InspecteeKind.COMPLETE_SECONDARY,
        InspecteeKind.TWELVE_YEAR,
        InspecteeKind.VOCATIONAL,
        InspecteeKind.GOVERNMENT,
    }
)
"""What the city's office inspects: senior and vocational schools (the plan, ch. 6), the banners' governments."""


def _owners() -> dict[InspecteeKind, OwnerLevel]:
    return {kind: "city" if kind in CITY_KINDS else "banner" for kind in InspecteeKind}


class Weights(BaseModel):
    """What one unit of each part of a plan's score costs; a kilometre, a half-day, a day, …"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unscheduled: Count = 100_000
    travel: Count = 1
    balance: Count = 20
    buffer: Count = 2
    preference: Count = 30
    change_day: Count = 300
    change_half: Count = 60
    change_member: Count = 150
    overload: Count = 20


class RuleSettings(BaseModel):
    """Every setting of the field's rules with its default; frozen, so that a plan is made from one state of them."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"notice_days": 20}]})

    owner_by_kind: dict[InspecteeKind, OwnerLevel] = Field(
        default_factory=_owners,
        description="各类单位由市级还是旗县区督导机构负责；未列出的保持不变 (who inspects which kind)",
    )
    employer_recusal_years: Count = Field(default=3, le=50, description="对近几年工作过的单位回避 (years)")
    max_part_time_terms: PositiveCount = Field(default=3, le=50, description="兼职督学最多任期数 (条例第六条)")
    publicity_working_days: Count = Field(default=7, le=100, description="拟聘督学公示最少工作日数 (督学管理暂行办法)")
    schools_per_inspector: PositiveCount = Field(
        default=5, le=1000, description="每名督学对应的学校数 (schools for one)"
    )
    max_schools_per_area: PositiveCount = Field(
        default=20, le=1000, description="每个督学责任区最多学校数 (教督〔2012〕7号：约20所)"
    )
    max_schools_per_inspector: PositiveCount = Field(
        default=20, le=1000, description="每名责任督学最多负责的学校数 (schools of one; local, 参照教督〔2012〕7号)"
    )
    responsible_max_minutes: Count = Field(
        default=60, le=1440, description="市直学校责任督学车程超过此分钟数时由所在旗县区督学担任 (minutes; local)"
    )
    training_hours_per_year: Count = Field(default=40, le=1000, description="督学每年集中培训学时 (督学管理暂行办法)")
    notice_days: Count = Field(default=30, le=365, description="提前通知天数 (days of notice; local)")
    chain_gap_days: Count = Field(default=120, le=3660, description="启动与复核的最短间隔天数 (launch to review)")
    late_gap_days: Count = Field(default=30, le=3660, description="补办时缩短的间隔天数 (gap when late)")
    application_day: str = Field(default="03-31", description="验收年份向自治区申请的截止日 月-日 (MM-DD)")
    year_list_day: str = Field(default="01-31", description="年度督导清单备案截止日 月-日 (MM-DD; local)")
    term_margin_days: Count = Field(
        default=7, le=100, description="学期首尾不安排督导的天数 (first and last days of term)"
    )
    governments_in_term: Flag = Field(
        default=True, description="对旗县区政府的评价、推动和复核只在各类学校学期内进行 (governments in term; local)"
    )
    visits_on_make_up_days: Flag = Field(
        default=False, description="调休上班的周末安排督导 (visits on make-up weekend days; local)"
    )
    chiefs_make_routine_visits: Flag = Field(
        default=False, description="总督学、副总督学与其他督学同样承担经常性督导 (chiefs in routine visits; local)"
    )
    banners_lend_for_city_schools: Flag = Field(
        default=True, description="市直学校可由所在旗县区的督学承担经常性督导，由市级聘任 (banner people; local)"
    )
    reviewed_banners_lend_nobody: Flag = Field(
        default=True, description="同一半年内接受复核（初核）的旗县区不为其他复核抽调人员 (reviewed banners; local)"
    )
    settle_days: Count = Field(
        default=180, le=1000, description="新校开办后不安排综合督导的天数 (a new school settles; local)"
    )
    min_gap_days: Count = Field(default=5, le=1000, description="同一单位两次督导最短间隔天数 (between two visits)")
    visits_per_year: Count = Field(
        default=5, le=366, description="每校每年接受督导最多次数，不含经常性督导 (visits a year; local)"
    )
    visits_per_term: Count | None = Field(
        default=None, le=366, description="每校每学期接受督导最多次数，不含经常性督导；不填为不限 (visits a term)"
    )
    merged_extra_half_days: Count = Field(
        default=2, le=10, description="合并督导增加的半天数 (a merged visit is longer)"
    )
    merge_topics: Flag = Field(default=True, description="同一单位同期的专项与综合督导合并 (topics merge)")
    merged_topic_max_half_days: Count = Field(
        default=4, le=10, description="专项与综合督导合并后最多半天数，超过则分别进行 (longest merged visit; local)"
    )
    reserve_rechecks: Flag = Field(default=True, description="安排综合督导时预留复查的日子 (rechecks reserved)")
    recheck_from_days: Count = Field(default=10, le=366, description="整改期满后最早复查天数 (local)")
    recheck_within_days: PositiveCount = Field(default=60, le=366, description="整改期满后最迟复查天数 (local)")
    urgent_recheck_days: PositiveCount = Field(
        default=7, le=366, description="危及师生安全的问题复查期限天数 (local; 条例第十五条：及时督促处理)"
    )
    opinion_letter_days: Count = Field(default=15, le=366, description="督导意见书发出期限天数 (local; 条例未定)")
    rectification_days: Count = Field(default=30, le=366, description="整改期限天数，一般问题 (local; 条例未定)")
    rectification_major_days: Count = Field(default=90, le=366, description="整改期限天数，严重问题 (local; 条例未定)")
    max_interval_years: PositiveCount = Field(default=5, le=50, description="两次综合督导最长间隔年数 (条例第十四条)")
    routine_buffer_days: Count = Field(
        default=0, le=1000, description="经常性督导期限前留出的天数 (routine visits before their deadline; local)"
    )
    routine_to_comprehensive_days: Count = Field(
        default=7, le=366, description="同一学校经常性督导与综合督导最短间隔天数 (local)"
    )
    routine_gap_days: Count = Field(default=21, le=366, description="同一学校一学期两次经常性督导最短间隔天数 (local)")
    topic_gap_days: Count = Field(default=14, le=366, description="不同机构在同一学校专项督导最短间隔天数 (local)")
    comprehensive_counts_as_routine: Flag = Field(
        default=False, description="半学期内的综合督导可抵该半学期的经常性督导 (local)"
    )
    buffer_days: Count = Field(default=30, le=1000, description="期限前留出的天数 (days before the deadline)")
    transfer_max_minutes: Count = Field(
        default=45, le=1440, description="上下午两处之间最长车程分钟 (between two visits)"
    )
    evening_max_minutes: Count = Field(
        default=150, le=1440, description="前一天下午督导地点到次日上午督导地点最长车程分钟 (evening drive; local)"
    )
    level_percent: Count = Field(
        default=70, le=100, description="每人每月督导量超过本人月可用量的此百分比视为偏重 % (heavy months; local)"
    )
    part_time_night_percent: Count = Field(
        default=400, le=10_000, description="兼职督学在外过夜按费用标准的百分比折算，一般当日返回 % (local)"
    )
    overnight_metres: Count = Field(default=60_000, description="在外过夜折合米数 (a night away)")
    far_minutes: Count = Field(default=150, le=1440, description="车程超过此分钟数须提前出发 (a far drive)")
    detour_percent: PositiveCount = Field(default=130, le=1000, description="道路与直线距离之比 % (road for straight)")
    metres_per_minute: PositiveCount = Field(default=900, description="每分钟行驶米数 (speed)")
    city_plans_banners: Flag = Field(default=False, description="市级可为旗县区编制日程 (the city plans for banners)")
    morning_hours: str = Field(default="08:30-11:30", description="上午督导的起止时间 (morning; local)")
    afternoon_hours: str = Field(default="14:30-17:30", description="下午督导的起止时间 (afternoon; local)")
    weights: Weights = Field(default_factory=Weights, description="评分各项权重 (score weights)")

    @field_validator("application_day", "year_list_day")
    @classmethod
    def a_day_of_every_year(cls, day: str) -> str:
        """A month and a day that every year has."""
        if not re.fullmatch(r"\d\d-\d\d", day) or not _is_date(f"2023-{day}"):
            raise PydanticCustomError("invalid_value", "截止日应写作 月-日，如 03-31，且每年都有这一天。")
        return day

    @field_validator("morning_hours", "afternoon_hours")
    @classmethod
    def two_times_in_order(cls, hours: str) -> str:
        """A span of a day from one minute to a later one."""
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", hours) or hours[:5] >= hours[6:]:
            raise PydanticCustomError("invalid_value", "起止时间应写作 时:分-时:分，如 08:30-11:30，且先后有序。")
        return hours

    def hours_of(self, half: Half) -> tuple[time, time]:
        """When a half of a day begins and ends, in the one time zone of the country."""
        first, _, last = (self.morning_hours if half is Half.AM else self.afternoon_hours).partition("-")
        return time.fromisoformat(first), time.fromisoformat(last)

    def rectify_by(self, done_on: date, severity: Severity) -> date:
        """The last day of rectification of a finding: at once where it endangers people, else from the letter on."""
        if severity is Severity.URGENT:
            return done_on
        days = self.rectification_days if severity is Severity.MINOR else self.rectification_major_days
        return done_on + timedelta(days=self.opinion_letter_days + days)

    def filing_on(self, year: int) -> date:
        """The last day on which the programmes of a year are listed without an approval."""
        return date.fromisoformat(f"{year}-{self.year_list_day}")

    def application_on(self, year: int) -> date:
        """The day of a year by which a banner applies for validation."""
        return date.fromisoformat(f"{year}-{self.application_day}")

    def owner_of(self, kind: InspecteeKind) -> OwnerLevel:
        """Which level's office inspects units of the kind."""
        return self.owner_by_kind.get(kind) or _owners()[kind]


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def load_rules(session: Session) -> RuleSettings:
    """The settings as they stand in the database, one query."""
    return RuleSettings.model_validate({row.key: row.value for row in session.exec(select(Setting)).all()})


def change_rules(ledger: Ledger, patch: RuleSettings) -> RuleSettings:
    """Set what the patch names; of owners and weights, too, only the ones that it names."""
    require(ledger.asker, Noun.SETTING, Act.CHANGE)
    sent = patch.model_dump(mode="json", exclude_unset=True)
    present = load_rules(ledger.session).model_dump(mode="json")
    rows = {row.key: row for row in ledger.session.exec(select(Setting)).all()}
    for key, value in sent.items():
        _store(ledger, rows.get(key), key, _merged(present[key], value))
    return load_rules(ledger.session)


def _merged(present: Any, sent: Any) -> Any:
    return {**present, **sent} if isinstance(present, Mapping) else sent


def _store(ledger: Ledger, row: Setting | None, key: str, value: Any) -> None:
    now = ledger.clock.now()
    if row is None:
        ledger.add(Setting(key=key, value=value, updated_at=now))
    elif row.value != value:
        ledger.change(row, {"value": value, "updated_at": now})
