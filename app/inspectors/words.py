"""The words for kinds of people, for what is kept about them, and for the steps into office and out of it."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import (
    Absence,
    AbsenceKind,
    Appointment,
    Employment,
    PersonKind,
    PoolStage,
    Rank,
    Recusal,
    Skill,
    Training,
)

PERSON_KINDS: Mapping[PersonKind, str] = {
    PersonKind.FULL_TIME: "专职督学",
    PersonKind.PART_TIME: "兼职督学",
    PersonKind.INVITED: "特约督学",
    PersonKind.EXPERT: "专家",
    PersonKind.DEPARTMENT_MEMBER: "联合部门人员",
}
"""Kinds of person, in the order in which a page lists them."""

RECORDS: Mapping[type[Absence | Appointment | Employment | Recusal | Training], str] = {
    Absence: "请假记录",
    Appointment: "聘任记录",
    Employment: "任职经历",
    Recusal: "回避记录",
    Training: "培训记录",
}
"""What is kept about an inspector."""

POOL_STAGES: Mapping[PoolStage, str] = {
    PoolStage.RECOMMENDED: "推荐",
    PoolStage.CHECKED: "审核",
    PoolStage.PUBLICISED: "公示",
    PoolStage.APPOINTED: "聘任",
    PoolStage.TRAINED: "岗前培训",
    PoolStage.IN_OFFICE: "在岗",
    PoolStage.ENDED: "退出",
}

RANKS: Mapping[Rank, str] = {
    Rank.CHIEF: "总督学",
    Rank.DEPUTY_CHIEF: "副总督学",
    Rank.LEADER: "组长",
    Rank.MEMBER: "一般成员",
}

SKILLS: Mapping[Skill, str] = {
    Skill.PRESCHOOL: "学前教育",
    Skill.COMPULSORY: "义务教育",
    Skill.SENIOR: "普通高中教育",
    Skill.VOCATIONAL: "职业教育",
    Skill.SPECIAL: "特殊教育",
    Skill.FINANCE: "教育经费",
    Skill.MONGOLIAN: "蒙古语",
}

ABSENCE_KINDS: Mapping[AbsenceKind, str] = {
    AbsenceKind.LEAVE: "请假",
    AbsenceKind.SICK: "病假",
    AbsenceKind.TRAINING: "培训",
    AbsenceKind.OTHER_DUTY: "其他公务",
}
