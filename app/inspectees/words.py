"""The words for the kinds of inspectee."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import InspecteeKind

INSPECTEE_KINDS: Mapping[InspecteeKind, str] = {
    InspecteeKind.KINDERGARTEN: "幼儿园",
    InspecteeKind.ATTACHED_CLASS: "附设幼儿班",
    InspecteeKind.PRIMARY: "小学",
    InspecteeKind.TEACHING_POINT: "教学点",
    InspecteeKind.JUNIOR: "初级中学",
    InspecteeKind.NINE_YEAR: "九年一贯制学校",
    InspecteeKind.SENIOR: "高级中学",
    InspecteeKind.COMPLETE_SECONDARY: "完全中学",
    InspecteeKind.TWELVE_YEAR: "十二年一贯制学校",
    InspecteeKind.VOCATIONAL: "中等职业学校",
    InspecteeKind.SPECIAL: "特殊教育学校",
    InspecteeKind.GOVERNMENT: "旗县区人民政府",
}
"""Kinds of inspected inspectee, in the order in which a list shows them."""
