"""The words for the states of plans and for contract files."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import DocumentKind, PlanState
from app.plans.schemas import ChangeKind

STATES: Mapping[str, str] = {
    PlanState.QUEUED: "正在排队",
    PlanState.SOLVING: "正在求解",
    PlanState.SOLVED: "已完成",
    PlanState.PUBLISHED: "已发布",
    PlanState.INFEASIBLE: "没有可行的安排",
    PlanState.CANCELLED: "已取消",
    PlanState.FAILED: "未能完成",
}

DOCUMENTS: Mapping[DocumentKind, str] = {DocumentKind.PROBLEM: "问题文件", DocumentKind.SOLUTION: "结果文件"}

CHANGES: Mapping[ChangeKind, str] = {
    "day": "改日",
    "half": "改半天",
    "team": "换人",
    "added": "新增",
    "dropped": "取消",
}
