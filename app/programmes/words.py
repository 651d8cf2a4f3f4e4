"""The words for recognitions, targets and rounds, and for the people whom a programme requires in a team."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.inspectors.words import PERSON_KINDS
from app.models import ExternalStageKind, ProgrammeRule, Recognition, RoundSubject, Skill, TargetStatus
from app.programmes.schemas import CHIEF, INSPECTOR, LEAD, PhaseName, PoolKind

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
    Skill.PRESCHOOL: "具有学前教育专长的督学",
    Skill.COMPULSORY: "具有义务教育专长的督学",
    Skill.SENIOR: "具有普通高中教育专长的督学",
    Skill.VOCATIONAL: "具有职业教育专长的督学",
    Skill.SPECIAL: "具有特殊教育专长的督学",
    Skill.FINANCE: "具有教育经费专长的督学",
    Skill.MONGOLIAN: "通晓蒙古语的督学",
    **{kind.value: word for kind, word in PERSON_KINDS.items()},
}
"""By the tag that a member of the team must bear."""

_KEEPERS_NOTE = re.compile(r"（[^（）]*待核实[^（）]*）")


def for_readers(basis: str) -> str:
    """A legal basis without the notes that are for who keeps the data."""
    return _KEEPERS_NOTE.sub("", basis)


PROGRAMME_RULES: Mapping[ProgrammeRule, str] = {
    ProgrammeRule.ROUND: "轮次综合督导",
    ProgrammeRule.GOVERNMENT: "对政府履行教育职责评价",
    ProgrammeRule.CHAIN: "认定推进",
    ProgrammeRule.THEMATIC: "专项督导",
    ProgrammeRule.PRINCIPAL_TERM: "任期结束综合督导",
    ProgrammeRule.ROUTINE: "经常性督导",
}

PHASES: Mapping[PhaseName, str] = {
    PhaseName.EVALUATION: "评估",
    PhaseName.LAUNCH: "启动推动",
    PhaseName.PROGRESS: "过程督导",
    PhaseName.REVIEW: "市级复核（初核）",
    PhaseName.RECHECK: "复查",
}

POOL_KINDS: Mapping[PoolKind, str] = {
    PoolKind.OWNER: "责任机构",
    PoolKind.CITY: "市级",
    PoolKind.CROSS: "跨旗县区",
}

EXTERNAL_STAGES: Mapping[ExternalStageKind, str] = {
    ExternalStageKind.REGIONAL_EVALUATION: "自治区评估",
    ExternalStageKind.VALIDATION: "国家认定",
}
