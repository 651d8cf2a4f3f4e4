"""The words for kinds of costs."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import AimSubject, CostKind

COST_KINDS: Mapping[CostKind, str] = {
    CostKind.TRAVEL: "差旅（每公里）",
    CostKind.NIGHT: "住宿（每人每夜）",
    CostKind.EXPERT: "专家劳务（每人半天）",
    CostKind.OTHER: "其他",
}

AIM_SUBJECTS: Mapping[AimSubject, str] = {
    AimSubject.PRESCHOOL_UNIVERSAL: "学前教育普及普惠",
    AimSubject.COMPULSORY_QUALITY: "义务教育优质均衡",
    AimSubject.SCHOOLS: "学校、幼儿园",
    AimSubject.GOVERNMENTS: "旗县区人民政府",
}
