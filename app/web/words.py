"""The words of the pages for what tables store as codes."""

from __future__ import annotations

from app.models import (
    CalendarStatus,
    PersonKind,
    Recognition,
    RoundSubject,
    TargetStatus,
)

PERSON_KINDS = {
    PersonKind.FULL_TIME: "专职督学",
    PersonKind.PART_TIME: "兼职督学",
    PersonKind.INVITED: "特约督学",
    PersonKind.EXPERT: "专家",
    PersonKind.DEPARTMENT_MEMBER: "联合部门人员",
}
"""Kinds of person, in the order in which a page lists them."""

RECOGNITIONS = {
    Recognition.COMPULSORY_QUALITY: "义务教育优质均衡",
    Recognition.PRESCHOOL_UNIVERSAL: "学前教育普及普惠",
}

TARGET_STATUSES = {
    TargetStatus.PLANNED: "计划中",
    TargetStatus.PASSED: "已通过",
    TargetStatus.FAILED: "未通过",
    TargetStatus.WITHDRAWN: "已撤回",
}

ROUND_SUBJECTS = {
    RoundSubject.SCHOOLS: "学校、幼儿园",
    RoundSubject.GOVERNMENTS: "旗县区人民政府",
}

CALENDAR_STATUSES = {
    CalendarStatus.OFFICIAL: "正式",
    CalendarStatus.PROVISIONAL: "暂定",
}
