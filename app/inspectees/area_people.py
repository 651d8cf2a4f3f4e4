"""The people of responsibility areas, and who of them is responsible for which inspectee."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from app.accounts.audit import Ledger
from app.accounts.rights import Noun, require_change
from app.accounts.settings import RuleSettings, load_rules
from app.core.distance import drive_minutes
from app.core.errors import Conflict, NotFound, Refused
from app.core.rows import id_of, referred
from app.inspectees import queries
from app.inspectees.allotment import Giver, Ward, allot
from app.inspectees.schemas import AllotmentOut, AllotmentRequest, AreaMemberCreate
from app.models import (
    Area,
    AreaInspector,
    Employment,
    Inspectee,
    InspecteeKind,
    Inspector,
    Office,
    Recusal,
    Region,
    RegionLevel,
)

Barred = Mapping[int, set[int]]
"""By inspector the inspectees that he or she may not be responsible for."""


def add_member(ledger: Ledger, area_id: int, wanted: AreaMemberCreate) -> Inspector:
    """An inspector joins an area; only the own office assigns its people (教育督导条例, articles 8 and 13)."""
    area = queries.get_area(ledger.session, ledger.asker, area_id)
    person = referred(ledger.session, Inspector, wanted.inspector_id, "inspector_id", "督学")
    require_change(ledger.asker, Noun.INSPECTOR, office_id=person.office_id)
    if not person.kind.is_inspector:
        raise Refused(
            "not_inspector",
            f"“{person.name}”不是督学，不能列入责任区。请选择专职、兼职或特约督学。",
            {"inspector_id": id_of(person)},
        )
    _require_office_of_area(ledger.session, area, person)
    if ledger.session.get(AreaInspector, (area_id, id_of(person))) is not None:
        raise Conflict("already_in_area", f"“{person.name}”已在责任区“{area.name}”。", {"inspector_id": id_of(person)})
    ledger.add(AreaInspector(area_id=area_id, inspector_id=id_of(person)))
    return person


def _require_office_of_area(session: Session, area: Area, person: Inspector) -> None:
    """People of the banner's office, or of its city's for the inspectees that the city inspects there."""
    region = session.get_one(Region, area.region_id)
    office = session.get_one(Office, person.office_id)
    if office.region_id not in (region.id, region.parent_id):
        raise Refused(
            "area_elsewhere",
            f"“{person.name}”所在的“{office.name}”不负责“{region.name}”的单位，不能列入该责任区。",
            {"inspector_id": id_of(person), "area_id": area.id},
        )


def remove_member(ledger: Ledger, area_id: int, inspector_id: int) -> None:
    """An inspector leaves an area; the inspectees keep their responsible inspector until they are allotted anew."""
    area = queries.get_area(ledger.session, ledger.asker, area_id)
    row = ledger.session.get(AreaInspector, (area_id, inspector_id))
    if row is None:
        raise NotFound("not_in_area", f"责任区“{area.name}”没有编号为 {inspector_id} 的督学。请核对编号。")
    person = ledger.session.get_one(Inspector, inspector_id)
    require_change(ledger.asker, Noun.INSPECTOR, office_id=person.office_id)
    ledger.remove(row, f"“{person.name}”在责任区“{area.name}”的安排")


def draw_responsible(ledger: Ledger, wanted: AllotmentRequest) -> AllotmentOut:
    """Draw the responsible inspectors of an office's inspectees anew, in proportion to what each gives (挂牌督导)."""
    session, today = ledger.session, ledger.clock.today()
    office = referred(session, Office, wanted.office_id, "office_id", "督导机构")
    require_change(ledger.asker, Noun.INSPECTEE, office_id=id_of(office))
    inspectees = session.exec(
        select(Inspectee)
        .where(
            Inspectee.owner_office_id == office.id,
            Inspectee.kind != InspecteeKind.GOVERNMENT,
            queries.is_not_closed_on(today),
        )
        .order_by(col(Inspectee.area_id), col(Inspectee.township), col(Inspectee.code))
    ).all()
    rules = load_rules(session)
    people = _people(session, _lending(session, office, rules), today)
    barred = _barred(session, {id_of(person) for group in people.values() for person in group}, today)
    drawn = allot(
        [
            _ward(inspectee, people[inspectee.area_id], barred, rules)
            for inspectee in inspectees
            if inspectee.area_id in people
        ],
        {
            area_id: [Giver(id_of(person), person.half_days_per_month) for person in group]
            for area_id, group in people.items()
        },
        rules.max_schools_per_inspector,
    )
    changed = 0
    for inspectee in inspectees:
        chosen = drawn.get(inspectee.code)
        if chosen is not None and chosen != inspectee.responsible_inspector_id:
            ledger.change(inspectee, {"responsible_inspector_id": chosen}, "allot")
            changed += 1
    return AllotmentOut(
        office_id=id_of(office),
        units=len(inspectees),
        drawn=len(drawn),
        changed=changed,
        without=[id_of(inspectee) for inspectee in inspectees if inspectee.code not in drawn],
    )


def _lending(session: Session, office: Office, rules: RuleSettings) -> set[int]:
    """The offices whose people may be responsible: the own one, and for a city those of its banners (a setting)."""
    region = session.get_one(Region, office.region_id)
    if region.level is not RegionLevel.CITY or not rules.banners_lend_for_city_schools:
        return {id_of(office)}
    of_banners = select(Office.id).join(Region, col(Region.id) == Office.region_id).where(Region.parent_id == region.id)
    return {id_of(office), *(number for number in session.exec(of_banners) if number is not None)}


def _people(session: Session, office_ids: Collection[int], today: date) -> dict[int, list[Inspector]]:
    """The offices' inspectors in each area who have not left."""
    rows = session.exec(
        select(AreaInspector.area_id, Inspector)
        .join(Inspector, col(Inspector.id) == col(AreaInspector.inspector_id))
        .where(
            col(Inspector.office_id).in_(office_ids),
            col(Inspector.ended_on).is_(None) | (col(Inspector.ended_on) > today),
        )
        .order_by(col(AreaInspector.area_id), col(Inspector.code))
    ).all()
    people: dict[int, list[Inspector]] = defaultdict(list)
    for area_id, person in rows:
        people[area_id].append(person)
    return people


def _barred(session: Session, people: Collection[int], today: date) -> Barred:
    """Inspectees that somebody is recused from, works at, or has worked at within the years that recuse."""
    years = load_rules(session).employer_recusal_years
    since = date(today.year - years, today.month, min(today.day, 28))
    barred: dict[int, set[int]] = defaultdict(set)
    for recusal in session.exec(select(Recusal).where(col(Recusal.inspectee_id).is_not(None))).all():
        if recusal.inspector_id in people and (recusal.last_on is None or recusal.last_on >= today):
            barred[recusal.inspector_id].add(recusal.inspectee_id or 0)
    for job in session.exec(select(Employment).where(col(Employment.inspectee_id).is_not(None))).all():
        if job.inspector_id in people and (job.last_on is None or job.last_on >= since):
            barred[job.inspector_id].add(job.inspectee_id or 0)
    return barred


def _ward(inspectee: Inspectee, people: Sequence[Inspector], barred: Barred, rules: RuleSettings) -> Ward:
    """The inspectee with those who may be responsible for it, chiefs only where nobody else can be."""
    assert inspectee.area_id is not None
    able = [person for person in people if id_of(inspectee) not in barred.get(id_of(person), ())]
    minutes = {id_of(person): _minutes(person, inspectee, rules) for person in able}
    own = [person for person in able if person.office_id == inspectee.owner_office_id]
    near = [person for person in own if minutes[id_of(person)] <= rules.responsible_max_minutes]
    others = [person for person in able if person not in own]
    chosen = near or others or own
    chosen = [person for person in chosen if not person.rank.is_chief_rank] or chosen
    return Ward(inspectee.code, inspectee.area_id, frozenset(map(id_of, chosen)), minutes)


def _minutes(person: Inspector, inspectee: Inspectee, rules: RuleSettings) -> int:
    return drive_minutes(
        (person.base_lon, person.base_lat),
        (inspectee.lon, inspectee.lat),
        rules.detour_percent,
        rules.metres_per_minute,
    )
