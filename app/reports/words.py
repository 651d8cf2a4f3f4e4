"""The words for kinds of costs."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import CostKind

COST_KINDS: Mapping[CostKind, str] = {
    CostKind.TRAVEL: "差旅（每公里）",
    CostKind.NIGHT: "住宿（每人每夜）",
    CostKind.EXPERT: "专家劳务（每人半天）",
    CostKind.OTHER: "其他",
}
