"""The required visits of a region's offices now, without planning, and the requirements without a visit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from sqlmodel import Session

from app.accounts.rights import Act, Actor, Noun, may, require
from app.assignments.visibility import owns, secret_phases
from app.calendars.working_days import LONGEST_YEARS, is_too_long
from app.core.clock import Clock
from app.core.errors import NotFound, Refused
from app.core.fields import require_order
from app.core.rows import id_of
from app.demand.schemas import RequiredVisitOut, RequiredVisitQuery, RequiredVisitsOut, ServedPhaseOut, UnplannedOut
from app.models import Inspectee
from app.planning.expansion import DemandRequest, Expansion, expand
from app.planning.labels import Names
from app.planning.names import row_of
from app.planning.values import RequiredVisit
from app.planning.wording import alone_wording, requirement_wording
from app.regions.queries import find_region, offices_in


def expansion_of(
    session: Session, clock: Clock, region_code: str, first_day: date | None, last_day: date | None
) -> Expansion:
    """The rules expanded for the offices of a region and those below it, by default to the end of the year."""
    today = clock.today()
    first = first_day or today
    last = last_day or date(first.year, 12, 31)
    require_order(first, last)
    if is_too_long(first, last):
        raise Refused(
            "too_long",
            f"{first} 至 {last} 超过 {LONGEST_YEARS} 年。请缩短起止日期。",
            {"first_day": first.isoformat(), "last_day": last.isoformat()},
        )
    return expand(session, DemandRequest(frozenset(_offices(session, region_code, first)), today, first, last))


def _offices(session: Session, region_code: str, on: date) -> Iterator[int]:
    """The offices of the region and of the regions below it that have not ended."""
    region = find_region(session, region_code)
    if region is None:
        words = f"没有代码或编号为 {region_code} 的行政区划。请核对。"
        raise NotFound("region_not_found", words, {"region": region_code})
    yield from (id_of(office) for office in offices_in(session, region, on))


def list_required(session: Session, clock: Clock, user: Actor, query: RequiredVisitQuery) -> RequiredVisitsOut:
    """A page of the required visits, and the requirements without one, as far as the user may see them."""
    require(user, Noun.VISIT, Act.READ)
    expansion = expansion_of(session, clock, query.region, query.first_day, query.last_day)
    inspectees = expansion.register.units
    visits = [visit for visit in expansion.demand.visits if _is_wanted(expansion, visit, user, query)]
    visits.sort(key=lambda visit: (visit.latest, visit.key))
    first = (query.page - 1) * query.page_size
    return RequiredVisitsOut(
        items=[_visit_out(expansion, inspectees, visit) for visit in visits[first : first + query.page_size]],
        total=len(visits),
        page=query.page,
        page_size=query.page_size,
        unplanned=_unplanned(session, expansion, inspectees, user, query),
    )


def _is_wanted(expansion: Expansion, visit: RequiredVisit, user: Actor, query: RequiredVisitQuery) -> bool:
    inspectee = expansion.register.units[row_of(visit.inspectee)]
    codes = {code for code, _phase in visit.serves}
    return (
        _is_visible(user, inspectee, expansion.register.office_of_adcode[visit.office])
        and (not visit.unannounced or owns(user, expansion.register.office_of_adcode[visit.office]))
        and (query.programme is None or query.programme in codes)
        and (query.late is None or visit.late is query.late)
    )


def _is_visible(user: Actor, inspectee: Inspectee, office_id: int) -> bool:
    return may(user, Noun.VISIT, Act.READ, office_id=office_id, region_id=inspectee.region_id)


def _visit_out(expansion: Expansion, inspectees: Mapping[int, Inspectee], visit: RequiredVisit) -> RequiredVisitOut:
    inspectee = inspectees[row_of(visit.inspectee)]
    return RequiredVisitOut(
        visit=visit.key,
        inspectee_id=id_of(inspectee),
        inspectee=inspectee.name,
        region_id=inspectee.region_id,
        office_id=expansion.register.office_of_adcode[visit.office],
        half_days=visit.half_days,
        earliest=visit.earliest,
        latest=visit.latest,
        late=visit.late,
        due_on=visit.due_on,
        team_size=visit.team.size,
        requires=dict(visit.team.requires),
        pool=list(visit.team.pool),
        weight=visit.weight,
        burden=visit.burden,
        serves=[ServedPhaseOut(programme=code, phase=phase) for code, phase in visit.serves],
        alone_because=alone_wording(visit.alone_because) if visit.alone_because is not None else None,
    )


def _unplanned(
    session: Session, expansion: Expansion, inspectees: Mapping[int, Inspectee], user: Actor, query: RequiredVisitQuery
) -> list[UnplannedOut]:
    secret = secret_phases(session, user)
    requirements = [
        requirement
        for requirement in expansion.unplanned()
        if _is_visible(user, inspectees[requirement.inspectee_id], inspectees[requirement.inspectee_id].owner_office_id)
        and (requirement.programme_code, requirement.phase) not in secret
        and (query.programme is None or requirement.programme_code == query.programme)
    ]
    names = Names.of(session, ())
    return [
        UnplannedOut(
            inspectee_id=requirement.inspectee_id,
            inspectee=inspectees[requirement.inspectee_id].name,
            region_id=inspectees[requirement.inspectee_id].region_id,
            programme=requirement.programme_code,
            phase=requirement.phase,
            reason=requirement.reason,
            due_on=requirement.due_on,
            details=dict(requirement.details),
            message=requirement_wording(requirement, names),
        )
        for requirement in requirements
    ]
