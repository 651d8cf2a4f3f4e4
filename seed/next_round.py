"""The second demonstration: what 2026 to 2028 need beside the first one's data, all of it made up.

New rounds and yearly lists, validation targets that stand in no document, terms of office that go on, absences. Which
banners passed a validation up to 2025 is not known, so nothing here says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session, col, select

from app.core.clock import ZONE
from app.models import (
    Appointment,
    AreaInspector,
    Inspectee,
    InspecteeKind,
    Inspector,
    Office,
    PastInspection,
    PersonKind,
    Recognition,
    Round,
    RoundSubject,
    TargetStatus,
    Topic,
    ValidationTarget,
    YearList,
)
from seed.region import CITY
from seed.report import Part
from seed.rows import UNVERIFIED, id_of, read_csv, stored
from seed.scenarios import NEXT_ROUND
from seed.synthetic import names
from seed.synthetic.draw import Draw, years_later
from seed.synthetic.history import first_round_held
from seed.synthetic.schools import HEAD_TERM_YEARS
from seed.synthetic.terms import MAX_TERMS, TERM_YEARS, absences_of, trainings_of
from seed.topics import load_monitoring, load_topics
from seed.year_lists import load_year_lists

YEARS = range(NEXT_ROUND.first_day.year, NEXT_ROUND.last_day.year + 1)
SYNTHETIC = "合成数据，仅供演示：不是任何文件规定的目标，也不反映实际验收情况"
UNKNOWN = "；演示自2026年开始，不陈述该目标的实际结果"
_DAY = timedelta(days=1)
_SPAN = (NEXT_ROUND.first_day, NEXT_ROUND.last_day)


def load_next_round(session: Session, seed_number: int, regions: Mapping[str, int]) -> list[Part]:
    """Add what is missing for the next round; ``regions`` maps an adcode to its region's id."""
    draw = Draw(seed_number)
    return [
        _rounds(session),
        load_year_lists(session, _years_without_list(session), NEXT_ROUND.working_on),
        _targets(session, regions),
        _heads(session),
        _people(session, draw),
        *_topics(session, regions),
    ]


def _topics(session: Session, regions: Mapping[str, int]) -> list[Part]:
    """Topics and monitoring of the round's years, drawn at its begin, unless somebody entered topics of them."""
    if session.exec(select(Topic.id).where(col(Topic.year).in_(YEARS)).limit(1)).first() is not None:
        return []
    of_region = {office.region_id: id_of(office) for office in session.exec(select(Office)).all()}
    offices = {adcode: of_region[region_id] for adcode, region_id in regions.items() if region_id in of_region}
    drawn_at = datetime.combine(NEXT_ROUND.working_on, time(9), ZONE).astimezone(UTC)
    return [load_topics(session, offices, CITY, drawn_at, YEARS), load_monitoring(session, offices, YEARS)]


def derive_first_round(session: Session, seed_number: int) -> Part:
    """Draw when each unit was inspected from 2023 to 2025, for a database that holds no calendar of those years."""
    schools = session.exec(select(Inspectee).where(col(Inspectee.synthetic)).order_by(Inspectee.code)).all()
    governments = session.exec(
        select(Inspectee).where(Inspectee.kind == InspecteeKind.GOVERNMENT).order_by(Inspectee.code)
    ).all()
    known = set(
        session.exec(
            select(PastInspection.inspectee_id).where(col(PastInspection.first_on).between(*_FIRST_ROUND))
        ).all()
    )
    drawn = first_round_held(Draw(seed_number), schools, governments)
    made = stored(session, [row for row in drawn if row.inspectee_id not in known])
    withdrawn = _withdraw_earlier_targets(session)
    if not made and not withdrawn:
        return Part("上一轮督导记录（合成数据）")
    return Part("上一轮督导记录（合成数据）", (("记录", len(made)), ("结果未知而不再编制日程的目标", withdrawn)))


def _withdraw_earlier_targets(session: Session) -> int:
    """Take the plan's own targets out of planning: whether they were met, or missed, a demonstration must not say."""
    before = col(ValidationTarget.target_year) < NEXT_ROUND.first_day.year
    targets = session.exec(
        select(ValidationTarget).where(before, ValidationTarget.status == TargetStatus.PLANNED)
    ).all()
    for target in targets:
        target.status = TargetStatus.WITHDRAWN
        target.source += UNKNOWN
    session.flush()
    return len(targets)


_FIRST_ROUND = (date(2023, 1, 1), date(2025, 12, 31))


def _rounds(session: Session) -> Part:
    if session.exec(select(Round).where(Round.first_on == NEXT_ROUND.first_day).limit(1)).first() is not None:
        return Part("督导轮次")
    rounds = stored(
        session,
        [
            Round(name=f"2026—2028年{name}", subject=subject, first_on=_SPAN[0], last_on=_SPAN[1], source=UNVERIFIED)
            for name, subject in (
                ("中小学幼儿园综合督导评估", RoundSubject.SCHOOLS),
                ("对旗县区政府履行教育职责评价", RoundSubject.GOVERNMENTS),
            )
        ],
    )
    return Part("督导轮次", (("轮次（默认值）", len(rounds)),))


def _years_without_list(session: Session) -> list[int]:
    filed = set(session.exec(select(YearList.year)).all())
    return [year for year in YEARS if year not in filed]


def _targets(session: Session, regions: Mapping[str, int]) -> Part:
    later = col(ValidationTarget.target_year) >= NEXT_ROUND.first_day.year
    known = {(row.region_id, row.recognition) for row in session.exec(select(ValidationTarget).where(later))}
    rows = [
        ValidationTarget(
            region_id=regions[row["adcode"]],
            recognition=Recognition(row["recognition"]),
            target_year=int(row["target_year"]),
            source=SYNTHETIC,
            synthetic=True,
        )
        for row in read_csv("next_targets.csv")
    ]
    made = stored(session, [row for row in rows if (row.region_id, row.recognition) not in known])
    return Part("验收目标（合成数据）", (("目标", len(made)),) if made else ())


def _heads(session: Session) -> Part:
    """Made-up heads whose term is over serve another one."""
    heads = session.exec(
        select(Inspectee).where(col(Inspectee.synthetic), col(Inspectee.head_term_ends_on) < NEXT_ROUND.working_on)
    ).all()
    for school in heads:
        ends_on = school.head_term_ends_on
        while ends_on is not None and ends_on < NEXT_ROUND.working_on:
            ends_on = years_later(ends_on, HEAD_TERM_YEARS)
        school.head_term_ends_on = ends_on
    session.flush()
    return Part("校（园）长任期（合成数据）", (("续任", len(heads)),) if heads else ())


def _people(session: Session, draw: Draw) -> Part:
    """Terms of office go on up to three; who may serve no more has a successor. Then days away, for everybody."""
    people = session.exec(
        select(Inspector).where(col(Inspector.synthetic), col(Inspector.ended_on).is_(None)).order_by(Inspector.code)
    ).all()
    last: dict[int, Appointment] = {}
    for row in session.exec(select(Appointment).order_by(col(Appointment.first_on))):
        last[row.inspector_id] = row
    ending = [person for person in people if _ends(last.get(id_of(person)))]
    renewed = [term for person in ending for term in _further_terms(last[id_of(person)])]
    stored(session, renewed)
    last |= {row.inspector_id: row for row in renewed}
    replaced = [person for person in ending if _ends(last[id_of(person)])]
    successors = _successors(session, draw, replaced, last)
    away = stored(session, [row for person in (*people, *successors) for row in absences_of(draw, person, *_SPAN)])
    return Part(
        "人员（合成数据）", (("续聘", len(renewed)), ("新聘督学", len(successors)), ("请假与培训缺席", len(away)))
    )


def _ends(term: Appointment | None) -> bool:
    """Whether somebody who was appointed for a time is in office on no longer than a part of the round."""
    return term is not None and term.last_on is not None and term.last_on < NEXT_ROUND.last_day


def _further_terms(term: Appointment) -> Iterator[Appointment]:
    """The terms that may follow, without a gap where the last one reaches into the round, else from its first day."""
    last_on = term.last_on
    for number in range(term.number + 1, MAX_TERMS + 1):
        if last_on is None or last_on >= NEXT_ROUND.last_day:
            return
        first_on = max(last_on + _DAY, NEXT_ROUND.first_day)
        last_on = years_later(first_on, TERM_YEARS) - _DAY
        yield Appointment(inspector_id=term.inspector_id, first_on=first_on, last_on=last_on, number=number)


def _successors(
    session: Session, draw: Draw, replaced: Sequence[Inspector], last: Mapping[int, Appointment]
) -> list[Inspector]:
    """People appointed in the place of others, with the same rank, skills, allowance and areas."""
    called = names.people(draw.stream("successors"), 0.15)
    begins = [max((last[id_of(person)].last_on or date.max) + _DAY, NEXT_ROUND.first_day) for person in replaced]
    made = stored(session, [_successor(person, next(called)) for person in replaced])
    terms = [list(_first_terms(person, first_on)) for person, first_on in zip(made, begins, strict=True)]
    stored(session, [term for of_person in terms for term in of_person])
    entries = [next(trainings_of(person, of_person)) for person, of_person in zip(made, terms, strict=True)]
    stored(session, entries)
    places = {id_of(old): id_of(new) for old, new in zip(replaced, made, strict=True)}
    areas = session.exec(select(AreaInspector).where(col(AreaInspector.inspector_id).in_(places))).all()
    stored(session, [AreaInspector(area_id=row.area_id, inspector_id=places[row.inspector_id]) for row in areas])
    gone = {id_of(old) for old, first_on in zip(replaced, begins, strict=True) if first_on <= NEXT_ROUND.working_on}
    for school in session.exec(select(Inspectee).where(col(Inspectee.responsible_inspector_id).in_(gone))):
        school.responsible_inspector_id = places[school.responsible_inspector_id or 0]
    session.flush()
    return made


def _successor(person: Inspector, name: str) -> Inspector:
    kept = person.model_dump(exclude={"id", "code", "name", "card_number", "phone", "load_before_half_days"})
    code = f"{person.code}-2"
    return Inspector(
        **kept, code=code, name=name, card_number=f"示例{code}" if person.kind is not PersonKind.EXPERT else ""
    )


def _first_terms(person: Inspector, first_on: date) -> Iterator[Appointment]:
    """The first term of a successor, and further ones up to the end of the round."""
    last_on = years_later(first_on, TERM_YEARS) - _DAY
    first = Appointment(inspector_id=id_of(person), first_on=first_on, last_on=last_on, number=1)
    yield first
    yield from _further_terms(first)
