"""The words for kinds of people, for what is kept about them, and for the steps into office and out of it."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import Absence, Appointment, Employment, PersonKind, PoolStage, Recusal, Training

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
