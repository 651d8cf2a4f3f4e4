"""Rows for tests: the smallest valid thing of each kind, added to the session and flushed; changed by keyword."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel

from app.models import (
    Absence,
    Appointment,
    Area,
    CalendarDay,
    CalendarStatus,
    CalendarYear,
    Closure,
    DayKind,
    Employment,
    EvaluationMethod,
    Inspectee,
    InspecteeKind,
    Inspector,
    Office,
    OfficeCars,
    PastInspection,
    PersonKind,
    Rank,
    Recusal,
    Region,
    RegionLevel,
    Role,
    SchoolTerm,
    Season,
    Training,
    User,
)

RowT = TypeVar("RowT", bound=SQLModel)

_numbers = count(1)
"""Codes and names differ from row to row; no test may depend on which number it got."""


def added(session: Session, row: RowT) -> RowT:
    """The row with its id."""
    session.add(row)
    session.flush()
    return row


def _row(session: Session, kind: type[RowT], fields: dict[str, Any], changes: dict[str, Any]) -> RowT:
    return added(session, kind(**fields | changes))


def id_of(row: Any) -> int:
    """The id of a flushed row."""
    number: int = row.id
    return number


@dataclass(frozen=True, slots=True)
class Places:
    """A city with two banners and an office each; ``other`` is the foreign one of every test of rights."""

    city: Region
    banner: Region
    other: Region
    city_office: Office
    banner_office: Office
    other_office: Office


def a_region(session: Session, **changes: Any) -> Region:
    """A banner of its own."""
    number = next(_numbers)
    fields = {
        "adcode": f"{990000 + number}",
        "name": f"第{number}旗",
        "short_name": f"{number}旗",
        "level": RegionLevel.BANNER,
        "seat": "旗政府",
        "seat_lon": 119.0,
        "seat_lat": 42.0,
    }
    return _row(session, Region, fields, changes)


def an_office(session: Session, region: Region, **changes: Any) -> Office:
    """The office of a region."""
    return _row(session, Office, {"region_id": region.id, "name": f"{region.name}督导室"}, changes)


def places(session: Session) -> Places:
    """赤峰市 with 红山区 and 松山区 and their offices."""
    city = a_region(session, adcode="150400", name="赤峰市", short_name="赤峰", level=RegionLevel.CITY)
    banner = a_region(session, adcode="150402", name="红山区", short_name="红山", parent_id=city.id)
    other = a_region(session, adcode="150404", name="松山区", short_name="松山", parent_id=city.id)
    return Places(city, banner, other, an_office(session, city), an_office(session, banner), an_office(session, other))


def some_cars(session: Session, office: Office, **changes: Any) -> OfficeCars:
    """Two cars of an office from 2022 on."""
    fields = {"office_id": office.id, "number": 2, "first_on": date(2022, 1, 1)}
    return _row(session, OfficeCars, fields, changes)


def an_inspector(session: Session, office: Office, **changes: Any) -> Inspector:
    """A full-time inspector of an office, who has neither appointment nor training yet."""
    number = next(_numbers)
    fields = {
        "code": f"D{number:05}",
        "name": f"督学{number}",
        "kind": PersonKind.FULL_TIME,
        "rank": Rank.MEMBER,
        "office_id": office.id,
        "base_lon": 119.0,
        "base_lat": 42.0,
    }
    return _row(session, Inspector, fields, changes)


def an_appointment(session: Session, inspector: Inspector, **changes: Any) -> Appointment:
    """A term of three years from 2022 on."""
    fields = {"inspector_id": inspector.id, "first_on": date(2022, 1, 1), "last_on": date(2024, 12, 31), "number": 1}
    return _row(session, Appointment, fields, changes)


def an_entry_training(session: Session, inspector: Inspector, **changes: Any) -> Training:
    """The training that opens an inspector's duty, before 2022."""
    fields = {
        "inspector_id": inspector.id,
        "title": "岗前培训",
        "first_on": date(2021, 12, 1),
        "last_on": date(2021, 12, 5),
        "hours": 40,
        "entry": True,
    }
    return _row(session, Training, fields, changes)


def an_employment(session: Session, inspector: Inspector, **changes: Any) -> Employment:
    """Work at an employer outside the register since 2010."""
    fields = {"inspector_id": inspector.id, "employer": "某中学", "first_on": date(2010, 9, 1)}
    return _row(session, Employment, fields, changes)


def an_absence(session: Session, inspector: Inspector, **changes: Any) -> Absence:
    """A leave from 2022-10-10 to 2022-10-14."""
    fields = {"inspector_id": inspector.id, "first_on": date(2022, 10, 10), "last_on": date(2022, 10, 14)}
    return _row(session, Absence, fields, changes)


def a_recusal(session: Session, inspector: Inspector, **changes: Any) -> Recusal:
    """A recusal from whatever unit 王校长 heads, from 2022 on."""
    fields = {
        "inspector_id": inspector.id,
        "person_name": "王校长",
        "reason": "近亲属",
        "first_on": date(2022, 1, 1),
    }
    return _row(session, Recusal, fields, changes)


def an_inspectee(session: Session, region: Region, owner: Office, **changes: Any) -> Inspectee:
    """A primary school of a banner."""
    number = next(_numbers)
    fields = {
        "code": f"S{number:05}",
        "name": f"第{number}小学",
        "kind": InspecteeKind.PRIMARY,
        "region_id": region.id,
        "owner_office_id": owner.id,
        "lon": 119.0,
        "lat": 42.1,
        "pupils": 300,
        "classes": 12,
    }
    return _row(session, Inspectee, fields, changes)


def an_area(session: Session, region: Region, **changes: Any) -> Area:
    """A responsibility area of a banner."""
    return _row(session, Area, {"region_id": region.id, "name": f"第{next(_numbers)}责任区"}, changes)


def a_closure(session: Session, inspectee: Inspectee, **changes: Any) -> Closure:
    """Building work from 2023-04-03 to 2023-04-28."""
    fields = {"inspectee_id": inspectee.id, "first_on": date(2023, 4, 3), "last_on": date(2023, 4, 28)}
    return _row(session, Closure, fields, changes)


def a_past_inspection(session: Session, inspectee: Inspectee, **changes: Any) -> PastInspection:
    """A comprehensive inspection on 2019-05-20."""
    fields = {"inspectee_id": inspectee.id, "programme_code": "round", "first_on": date(2019, 5, 20)}
    return _row(session, PastInspection, fields, changes)


def an_evaluation_method(session: Session, **changes: Any) -> EvaluationMethod:
    """A method for primary schools in force from 2022 on."""
    fields = {
        "kind": InspecteeKind.PRIMARY,
        "title": "小学综合督导评估办法",
        "version": f"{next(_numbers)}",
        "in_force_from": date(2022, 1, 1),
    }
    return _row(session, EvaluationMethod, fields, changes)


def a_calendar_year(session: Session, year: int = 2023, **changes: Any) -> CalendarYear:
    """A year whose holidays are official, without any."""
    return _row(session, CalendarYear, {"year": year, "status": CalendarStatus.OFFICIAL}, changes)


def a_calendar_day(session: Session, day: date, kind: DayKind = DayKind.HOLIDAY, name: str = "假日") -> CalendarDay:
    """A holiday of a year that exists."""
    return added(session, CalendarDay(day=day, year=day.year, kind=kind, name=name))


def a_school_term(session: Session, **changes: Any) -> SchoolTerm:
    """The spring term of primary schools in 2023."""
    fields = {
        "kind": InspecteeKind.PRIMARY,
        "year": 2023,
        "season": Season.SPRING,
        "first_on": date(2023, 3, 1),
        "last_on": date(2023, 7, 10),
    }
    return _row(session, SchoolTerm, fields, changes)


def a_user(session: Session, role: Role = Role.ADMIN, **changes: Any) -> User:
    """An account that cannot log in by password; tests sign its tokens themselves."""
    fields = {
        "username": f"{role.value}-{next(_numbers)}",
        "password_hash": f"no password {next(_numbers)}",
        "role": role,
        "created_at": datetime(2022, 1, 1, tzinfo=UTC),
    }
    return _row(session, User, fields, changes)
