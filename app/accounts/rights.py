"""The one place that decides rights: which role may read or change which noun, and how far.

The table below is the whole of it. ``condition`` turns it into the start of every select, ``may`` answers for one
row, and ``require`` for a noun as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core.errors import Forbidden
from app.models import Role


class Noun(StrEnum):
    """What the service speaks of."""

    REGION = "region"
    OFFICE = "office"
    ACCOUNT = "account"
    SETTING = "setting"
    AUDIT = "audit"
    PROGRAMME = "programme"
    ROUND = "round"
    CALENDAR = "calendar"
    TARGET = "target"
    EVALUATION_METHOD = "evaluation_method"
    INSPECTEE = "inspectee"
    AREA = "area"
    INSPECTOR = "inspector"
    RECUSAL = "recusal"
    ABSENCE = "absence"
    VISIT = "visit"
    PLAN = "plan"
    ASSIGNMENT = "assignment"
    YEAR_LIST = "year_list"
    POOL = "pool"
    TOPIC = "topic"
    MONITORING = "monitoring"
    OFFICE_DUTY = "office_duty"
    OUTCOME = "outcome"
    COST_RATE = "cost_rate"
    COST = "cost"
    AIM = "aim"


NAMES: Mapping[Noun, str] = {
    Noun.REGION: "行政区划",
    Noun.OFFICE: "督导机构",
    Noun.ACCOUNT: "账号",
    Noun.SETTING: "设置",
    Noun.AUDIT: "操作记录",
    Noun.PROGRAMME: "督导项目",
    Noun.ROUND: "督导轮次",
    Noun.CALENDAR: "日历",
    Noun.TARGET: "验收目标",
    Noun.EVALUATION_METHOD: "评估办法",
    Noun.INSPECTEE: "被督导单位",
    Noun.AREA: "督学责任区",
    Noun.INSPECTOR: "督学",
    Noun.RECUSAL: "回避",
    Noun.ABSENCE: "请假",
    Noun.VISIT: "应督导事项",
    Noun.PLAN: "日程",
    Noun.ASSIGNMENT: "督导安排",
    Noun.YEAR_LIST: "年度督导清单",
    Noun.POOL: "督学队伍",
    Noun.TOPIC: "专项督导主题",
    Noun.MONITORING: "质量监测样本",
    Noun.OFFICE_DUTY: "机构事务日",
    Noun.OUTCOME: "督导结果",
    Noun.COST_RATE: "费用标准",
    Noun.COST: "督导经费",
    Noun.AIM: "规划目标",
}


class Act(StrEnum):
    """Two kinds of deed; ending, publishing and cancelling are changes."""

    READ = "read"
    CHANGE = "change"


class Reach(IntEnum):
    """How far a right goes, each further than the one before."""

    NONE = 0
    SELF = 1
    """What is about the inspector whose account it is."""
    OFFICE = 2
    """What the own office owns."""
    REGION = 3
    """What the own office owns or what lies in its region."""
    ALL = 4


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks: the account with its office and that office's region, or its inspector."""

    id: int
    username: str
    role: Role
    office_id: int | None
    region_id: int | None
    inspector_id: int | None
    today: date
    """The working date on which the user asks: what of the future is secret depends on it."""


class _Rule(NamedTuple):
    read: Mapping[Role, Reach]
    change: Mapping[Role, Reach]


def _by_role(admin: Reach, city: Reach, banner: Reach, inspector: Reach) -> Mapping[Role, Reach]:
    return {Role.ADMIN: admin, Role.CITY_OFFICE: city, Role.BANNER_OFFICE: banner, Role.INSPECTOR: inspector}


_ADMIN_ONLY = _by_role(Reach.ALL, Reach.NONE, Reach.NONE, Reach.NONE)
_OFFICES = _by_role(Reach.ALL, Reach.ALL, Reach.ALL, Reach.NONE)
_EVERYBODY = _by_role(Reach.ALL, Reach.ALL, Reach.ALL, Reach.ALL)
_ADMIN_AND_CITY = _by_role(Reach.ALL, Reach.ALL, Reach.NONE, Reach.NONE)
_OWN_OFFICE = _by_role(Reach.ALL, Reach.OFFICE, Reach.OFFICE, Reach.NONE)
_CITY_ALL_BANNER_OWN = _by_role(Reach.ALL, Reach.ALL, Reach.OFFICE, Reach.NONE)
_CITY_ALL_BANNER_REGION = _by_role(Reach.ALL, Reach.ALL, Reach.REGION, Reach.NONE)

TABLE: Mapping[Noun, _Rule] = {
    Noun.REGION: _Rule(read=_EVERYBODY, change=_ADMIN_ONLY),
    Noun.OFFICE: _Rule(read=_EVERYBODY, change=_ADMIN_ONLY),
    Noun.ACCOUNT: _Rule(read=_CITY_ALL_BANNER_OWN, change=_ADMIN_ONLY),
    Noun.SETTING: _Rule(read=_OFFICES, change=_ADMIN_ONLY),
    Noun.AUDIT: _Rule(read=_ADMIN_ONLY, change=_ADMIN_ONLY),
    Noun.PROGRAMME: _Rule(read=_OFFICES, change=_ADMIN_ONLY),
    Noun.ROUND: _Rule(read=_OFFICES, change=_ADMIN_ONLY),
    Noun.CALENDAR: _Rule(read=_OFFICES, change=_ADMIN_AND_CITY),
    Noun.TARGET: _Rule(read=_OFFICES, change=_ADMIN_AND_CITY),
    Noun.EVALUATION_METHOD: _Rule(read=_OFFICES, change=_ADMIN_ONLY),
    Noun.INSPECTEE: _Rule(read=_CITY_ALL_BANNER_REGION, change=_OWN_OFFICE),
    Noun.AREA: _Rule(read=_CITY_ALL_BANNER_REGION, change=_by_role(Reach.ALL, Reach.NONE, Reach.REGION, Reach.NONE)),
    Noun.INSPECTOR: _Rule(read=_by_role(Reach.ALL, Reach.ALL, Reach.OFFICE, Reach.SELF), change=_OWN_OFFICE),
    Noun.RECUSAL: _Rule(read=_by_role(Reach.ALL, Reach.ALL, Reach.OFFICE, Reach.SELF), change=_OWN_OFFICE),
    Noun.ABSENCE: _Rule(
        read=_by_role(Reach.ALL, Reach.ALL, Reach.OFFICE, Reach.SELF),
        change=_by_role(Reach.ALL, Reach.OFFICE, Reach.OFFICE, Reach.SELF),
    ),
    Noun.VISIT: _Rule(read=_CITY_ALL_BANNER_REGION, change=_ADMIN_ONLY),
    Noun.PLAN: _Rule(read=_CITY_ALL_BANNER_OWN, change=_OWN_OFFICE),
    Noun.ASSIGNMENT: _Rule(
        read=_by_role(Reach.ALL, Reach.ALL, Reach.REGION, Reach.SELF),
        change=_OWN_OFFICE,
    ),
    Noun.YEAR_LIST: _Rule(read=_CITY_ALL_BANNER_OWN, change=_OWN_OFFICE),
    Noun.POOL: _Rule(read=_CITY_ALL_BANNER_OWN, change=_OWN_OFFICE),
    Noun.TOPIC: _Rule(read=_OFFICES, change=_OWN_OFFICE),
    Noun.MONITORING: _Rule(read=_OFFICES, change=_ADMIN_AND_CITY),
    Noun.OFFICE_DUTY: _Rule(read=_CITY_ALL_BANNER_OWN, change=_OWN_OFFICE),
    Noun.OUTCOME: _Rule(
        read=_by_role(Reach.ALL, Reach.ALL, Reach.REGION, Reach.SELF),
        change=_by_role(Reach.ALL, Reach.OFFICE, Reach.OFFICE, Reach.SELF),
    ),
    Noun.COST_RATE: _Rule(read=_OFFICES, change=_ADMIN_AND_CITY),
    Noun.COST: _Rule(read=_CITY_ALL_BANNER_OWN, change=_OWN_OFFICE),
    Noun.AIM: _Rule(read=_OFFICES, change=_ADMIN_ONLY),
}


def reach(user: Actor, noun: Noun, act: Act) -> Reach:
    """How far the user's right to do this with this noun goes."""
    rule = TABLE[noun]
    return (rule.read if act is Act.READ else rule.change)[user.role]


def require(user: Actor, noun: Noun, act: Act) -> None:
    """Refuse a role that has no right at all to do this with this noun."""
    if reach(user, noun, act) is Reach.NONE:
        raise _forbidden(user, noun, act)


def _forbidden(user: Actor, noun: Noun, act: Act) -> Forbidden:
    deed = "查看" if act is Act.READ else "更改"
    return Forbidden(
        "forbidden",
        f"账号“{user.username}”无权{deed}这里的{NAMES[noun]}。如有需要，请联系管理员。",
        {"noun": noun.value, "act": act.value, "role": user.role.value},
    )


def condition(
    user: Actor,
    noun: Noun,
    act: Act,
    *,
    office: Any = None,
    region: Any = None,
    person: Any = None,
) -> sa.ColumnElement[bool]:
    """The rows within the user's right, as a condition on the columns that hold office, region and inspector.

    A column that the noun lacks is left out; what would need it is then never within a right.
    """
    match reach(user, noun, act):
        case Reach.ALL:
            return sa.true()
        case Reach.REGION:
            return sa.or_(_equal(office, user.office_id), _equal(region, user.region_id))
        case Reach.OFFICE:
            return _equal(office, user.office_id)
        case Reach.SELF:
            return _equal(person, user.inspector_id)
        case Reach.NONE:
            return sa.false()


def _equal(column: Any, wanted: int | None) -> sa.ColumnElement[bool]:
    if column is None or wanted is None:
        return sa.false()
    equal: sa.ColumnElement[bool] = column == wanted
    return equal


def may(
    user: Actor,
    noun: Noun,
    act: Act,
    *,
    office_id: int | None = None,
    region_id: int | None = None,
    inspector_id: int | None = None,
) -> bool:
    """Whether one row is within the user's right, by the office, region and inspector that it belongs to."""
    own_office = user.office_id is not None and office_id == user.office_id
    own_region = user.region_id is not None and region_id == user.region_id
    match reach(user, noun, act):
        case Reach.ALL:
            return True
        case Reach.REGION:
            return own_office or own_region
        case Reach.OFFICE:
            return own_office
        case Reach.SELF:
            return user.inspector_id is not None and inspector_id == user.inspector_id
        case Reach.NONE:
            return False


def require_change(
    user: Actor,
    noun: Noun,
    *,
    office_id: int | None = None,
    region_id: int | None = None,
    inspector_id: int | None = None,
) -> None:
    """Refuse a change of a row that the user sees but that is another's to change."""
    if not may(user, noun, Act.CHANGE, office_id=office_id, region_id=region_id, inspector_id=inspector_id):
        raise _forbidden(user, noun, Act.CHANGE)
