"""The words for halves of days, terms and calendar years."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import CalendarStatus, DayKind, Half, Season

HALVES: Mapping[str, str] = {Half.AM: "上午", Half.PM: "下午"}

SEASONS: Mapping[str, str] = {Season.SPRING: "春季学期", Season.AUTUMN: "秋季学期"}

HALVES_OF_TERM: Mapping[str, str] = {"1": "前半段", "2": "后半段"}

CALENDAR_STATUSES: Mapping[CalendarStatus, str] = {
    CalendarStatus.OFFICIAL: "正式",
    CalendarStatus.PROVISIONAL: "暂定",
}

DAY_KINDS: Mapping[DayKind, str] = {DayKind.HOLIDAY: "放假", DayKind.MAKE_UP_DAY: "调休上班"}
