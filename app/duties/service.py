"""Assignments in force as a member of the team needs them: place, clock, drive, papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from app.accounts.rights import Act, Actor, Noun, require
from app.accounts.settings import RuleSettings, load_rules
from app.assignments.answers import Around, fields_of, gather
from app.assignments.schemas import ServedOut
from app.calendars.half_days import half_days_from
from app.calendars.working_days import last_worked_until, marked_days
from app.core.clock import ZONE
from app.core.paging import Page, fetch_page, page_of
from app.duties.queries import duties
from app.duties.schemas import BasisOut, DocumentsOut, DriveOut, DutyOut, DutyQuery
from app.inspectors import queries as inspectors
from app.models import Assignment, DayKind, Inspectee, Inspector, Programme, ProgrammeRule
from app.planning.drive import drive
from app.planning.labels import Names
from app.programmes.words import for_readers
from app.regions.queries import all_region_names


def list_own(session: Session, user: Actor, query: DutyQuery) -> Page[DutyOut]:
    """A page of what is in force of the inspector who asks; any other account has nothing of its own."""
    if user.inspector_id is None:
        return page_of([], 0, query)
    return _list(session, user, session.get_one(Inspector, user.inspector_id), query)


def list_of(session: Session, user: Actor, inspector_id: int, query: DutyQuery) -> Page[DutyOut]:
    """A page of what is in force of an inspector among what the user may see. Raises ``NotFound``."""
    require(user, Noun.ASSIGNMENT, Act.READ)
    return _list(session, user, inspectors.get(session, user, inspector_id), query)


def _list(session: Session, user: Actor, inspector: Inspector, query: DutyQuery) -> Page[DutyOut]:
    assert inspector.id is not None
    rows, total = fetch_page(session, duties(user, inspector.id, query), query)
    return page_of(duty_answers(session, inspector, rows), total, query)


def duty_answers(session: Session, inspector: Inspector, rows: Sequence[Assignment]) -> list[DutyOut]:
    """Some assignments of an inspector; a fixed number of queries, however many they are."""
    around = gather(session, rows)
    papers = Papers.of(session)
    return [_duty(row, inspector, around, papers) for row in rows]


def _duty(row: Assignment, inspector: Inspector, around: Around, papers: Papers) -> DutyOut:
    fields = fields_of(row, around, "in_force")
    inspectee, visit = around.inspectees[row.inspectee_id], around.visits[row.visit_id]
    begins_at, ends_at = hours(papers.rules, row)
    return DutyOut(
        **fields,
        due_first_on=visit.earliest,
        due_last_on=visit.latest,
        movable=not row.carried_out and papers.is_routine(fields["serves"]),
        region=papers.regions[inspectee.region_id],
        township=inspectee.township,
        lon=inspectee.lon,
        lat=inspectee.lat,
        begins_at=begins_at,
        ends_at=ends_at,
        drive=drive_to(papers.rules, inspector, inspectee),
        documents=papers.documents(row.first_on, fields["serves"], unannounced=visit.unannounced),
    )


def hours(rules: RuleSettings, row: Assignment) -> tuple[datetime, datetime]:
    """When an assignment begins and ends by the clock: the halves of the days follow one another."""
    *_, (_, last) = half_days_from(row.first_on, row.half, row.half_days)
    return (
        datetime.combine(row.first_on, rules.hours_of(row.half)[0], ZONE),
        datetime.combine(row.last_on, rules.hours_of(last)[1], ZONE),
    )


def drive_to(rules: RuleSettings, inspector: Inspector, inspectee: Inspectee) -> DriveOut:
    """The drive from somebody's base to an inspectee."""
    way = drive(rules, (inspector.base_lon, inspector.base_lat), (inspectee.lon, inspectee.lat))
    return DriveOut(base=inspector.base_name, metres=way.metres, minutes=way.minutes)


@dataclass(frozen=True, slots=True)
class Papers:
    """What the papers of visits are written from."""

    rules: RuleSettings
    names: Names
    regions: Mapping[int, str]
    programmes: Mapping[str, Sequence[Programme]]
    marked: Mapping[date, DayKind]

    @classmethod
    def of(cls, session: Session) -> Papers:
        """The programmes, names and settings."""
        programmes: dict[str, list[Programme]] = {}
        for row in session.exec(select(Programme).order_by(col(Programme.code), col(Programme.version))).all():
            programmes.setdefault(row.code, []).append(row)
        return cls(
            load_rules(session), Names.of(session, []), all_region_names(session), programmes, marked_days(session)
        )

    def documents(self, on: date, serves: Sequence[ServedOut], *, unannounced: bool = False) -> DocumentsOut:
        """The notice and the basis of a visit on a day; no basis is quoted for a day before it was in force.

        The notice is due on the last working day that keeps the days of notice. That of an unannounced visit bears the
        day itself.
        """
        versions = {each.programme: self._version(each.programme, on) for each in serves}
        notices = [version.notice_days for version in versions.values() if version is not None]
        notified_by = on - timedelta(days=max(notices, default=self.rules.notice_days))
        return DocumentsOut(
            notice_due_on=on if unannounced else last_worked_until(notified_by, self.marked),
            basis=[
                BasisOut(
                    programme=each.programme,
                    phase=each.phase,
                    title=self.names.duty(each.programme, each.phase),
                    legal_basis=for_readers(version.legal_basis) if version is not None else "",
                )
                for each in serves
                for version in (versions[each.programme],)
            ],
        )

    def is_routine(self, serves: Sequence[ServedOut]) -> bool:
        """Whether a visit serves routine alone, whose day its inspector may move."""
        return all(
            version.rule is ProgrammeRule.ROUTINE
            for each in serves
            for version in self.programmes.get(each.programme, ())
        )

    def _version(self, code: str, on: date) -> Programme | None:
        in_force = [
            version
            for version in self.programmes.get(code, ())
            if version.in_force_from <= on and (version.in_force_to is None or on <= version.in_force_to)
        ]
        return in_force[-1] if in_force else None
