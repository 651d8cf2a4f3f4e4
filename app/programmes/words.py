"""The words for recognitions, targets and rounds, and for the people whom a programme requires in a team."""

from __future__ import annotations

from collections.abc import Mapping

from app.inspectors.words import PERSON_KINDS
from app.models import Recognition, RoundSubject, Skill, TargetStatus
from app.programmes.schemas import CHIEF, INSPECTOR, LEAD

RECOGNITIONS: Mapping[Recognition, str] = {
    Recognition.COMPULSORY_QUALITY: "义务教育优质均衡",
    Recognition.PRESCHOOL_UNIVERSAL: "学前教育普及普惠",
}

TARGET_STATUSES: Mapping[TargetStatus, str] = {
    TargetStatus.PLANNED: "计划中",
    TargetStatus.PASSED: "已通过",
    TargetStatus.FAILED: "未通过",
    TargetStatus.WITHDRAWN: "已撤回",
}

ROUND_SUBJECTS: Mapping[RoundSubject, str] = {
    RoundSubject.SCHOOLS: "学校、幼儿园",
    RoundSubject.GOVERNMENTS: "旗县区人民政府",
}

PEOPLE_REQUIRED: Mapping[str, str] = {
    INSPECTOR: "督学",
    LEAD: "可任组长的督学",
    CHIEF: "总督学或副总督学",
    Skill.PRESCHOOL: "懂学前教育的人",
    Skill.COMPULSORY: "懂义务教育的人",
    Skill.SENIOR: "懂普通高中教育的人",
    Skill.VOCATIONAL: "懂职业教育的人",
    Skill.SPECIAL: "懂特殊教育的人",
    Skill.FINANCE: "懂教育经费的人",
    Skill.MONGOLIAN: "懂蒙古语的人",
    **{kind.value: word for kind, word in PERSON_KINDS.items()},
}
"""By the tag that a member of the team must bear."""
