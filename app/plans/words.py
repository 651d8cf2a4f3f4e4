"""The words for the states of plans and for contract files."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import DocumentKind, PlanState

STATES: Mapping[str, str] = {
    PlanState.QUEUED: "排队",
    PlanState.SOLVING: "求解",
    PlanState.SOLVED: "已完成",
    PlanState.PUBLISHED: "已发布",
    PlanState.INFEASIBLE: "无可行安排",
    PlanState.CANCELLED: "已取消",
    PlanState.FAILED: "失败",
}

DOCUMENTS: Mapping[DocumentKind, str] = {DocumentKind.PROBLEM: "问题文件", DocumentKind.SOLUTION: "结果文件"}
