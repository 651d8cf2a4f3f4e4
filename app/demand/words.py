"""The words for how far required visits are covered."""

from __future__ import annotations

from collections.abc import Mapping

from app.demand.schemas import CoverageState

COVERAGE_STATES: Mapping[CoverageState, str] = {
    CoverageState.PLANNED: "已安排",
    CoverageState.CARRIED_OUT: "已实施",
    CoverageState.DONE: "本轮已督导",
    CoverageState.UNSCHEDULED: "未安排",
    CoverageState.UNPLANNED: "不需安排",
    CoverageState.UNCOVERED: "无安排",
}
