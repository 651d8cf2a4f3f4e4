"""An office's pool in figures: who is in place, against what the rules require."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from sqlmodel import Session

from app.accounts.rights import Act, Actor, Noun, require
from app.accounts.settings import RuleSettings, load_rules
from app.core.clock import Clock
from app.core.paging import Page, fetch_page, page_of
from app.core.rows import id_of
from app.models import Inspector, Office, PersonKind, PoolStage, Rank
from app.pool import queries
from app.pool.schemas import MemberOut, MemberQuery, PersonRef, PoolOut, PoolQuery, TrainingFiguresOut
from app.pool.status import Person

_ON_THE_WAY = (
    PoolStage.RECOMMENDED,
    PoolStage.CHECKED,
    PoolStage.PUBLICISED,
    PoolStage.APPOINTED,
    PoolStage.TRAINED,
)


def list_pools(session: Session, clock: Clock, user: Actor, query: PoolQuery) -> Page[PoolOut]:
    """A page of offices with their figures; the number of queries does not depend on how many there are."""
    require(user, Noun.POOL, Act.READ)
    on = query.on or clock.today()
    rows, total = fetch_page(session, queries.listed_offices(user, query, on), query)
    return page_of(describe(session, rows, on), total, query)


def describe(session: Session, offices: Sequence[Office], on: date) -> list[PoolOut]:
    """The figures of some offices on a day: six queries."""
    ids = [id_of(office) for office in offices]
    people, schools = queries.people_of(session, ids), queries.schools_of(session, ids, on)
    rules = load_rules(session)
    return [
        _figures(office, people.get(id_of(office), []), schools.get(id_of(office), 0), rules, on) for office in offices
    ]


def _figures(office: Office, people: Sequence[Person], schools: int, rules: RuleSettings, on: date) -> PoolOut:
    stages = Counter(person.stage_on(on) for person in people)
    in_office = [person for person in people if person.is_in_office(on)]
    kinds = Counter(person.inspector.kind for person in in_office)
    number = len(in_office)
    wanted = -(-schools // rules.schools_per_inspector)
    reached = sum(person.hours_in(on.year) >= rules.training_hours_per_year for person in in_office)
    full_time, part_time = kinds[PersonKind.FULL_TIME], kinds[PersonKind.PART_TIME]
    figures = PoolOut(
        office_id=id_of(office),
        office=office.name,
        on=on,
        chief=_of_rank(in_office, Rank.CHIEF),
        deputies=_of_rank(in_office, Rank.DEPUTY_CHIEF),
        inspectors=number,
        full_time=full_time,
        part_time=part_time,
        invited=kinds[PersonKind.INVITED],
        part_time_per_full_time=_ratio(part_time, full_time),
        schools=schools,
        schools_per_inspector=_ratio(schools, number),
        most_schools_per_inspector=rules.schools_per_inspector,
        wanted=wanted,
        missing=max(wanted - number, 0),
        training=TrainingFiguresOut(
            year=on.year,
            required_hours=rules.training_hours_per_year,
            hours=sum(person.hours_in(on.year) for person in in_office),
            reached=reached,
            behind=number - reached,
        ),
        appointments_ending=sum(_ends_in(person, on, on.year) for person in in_office),
        at_last_term=sum(_is_at_last_term(person, on, rules) for person in in_office),
        candidates={stage: stages[stage] for stage in _ON_THE_WAY},
        findings=[],
    )
    return figures.model_copy(update={"findings": list(_findings(figures))})


def _of_rank(people: Sequence[Person], rank: Rank) -> list[PersonRef]:
    return [PersonRef.model_validate(person.inspector) for person in people if person.inspector.rank is rank]


def _ratio(one: int, other: int) -> float | None:
    return round(one / other, 1) if other else None


def _ends_in(person: Person, on: date, year: int) -> bool:
    ends_on = person.ends_on(on)
    return ends_on is not None and ends_on.year == year


def _is_at_last_term(person: Person, on: date, rules: RuleSettings) -> bool:
    """Whether a part-time inspector cannot be appointed again (条例 art. 6)."""
    term = person.term_on(on)
    return (
        person.inspector.kind is PersonKind.PART_TIME and term is not None and term.number >= rules.max_part_time_terms
    )


def _findings(figures: PoolOut) -> Iterator[str]:
    """What is not as the rules require, in words."""
    if not figures.chief:
        yield "总督学未配备。"
    if not figures.deputies:
        yield "副总督学未配备。"
    if figures.missing:
        yield (
            f"应有督学 {figures.wanted} 名（督学与学校 1:{figures.most_schools_per_inspector}，"
            f"学校 {figures.schools} 所），"
            f"在岗 {figures.inspectors} 名，缺 {figures.missing} 名。"
        )
    if figures.training.behind:
        yield (
            f"{figures.training.year} 年培训不足 {figures.training.required_hours} 学时的 "
            f"{figures.training.behind} 名。"
        )
    if figures.appointments_ending:
        yield f"{figures.on.year} 年聘期届满的 {figures.appointments_ending} 名。"


def list_members(session: Session, clock: Clock, user: Actor, office_id: int, query: MemberQuery) -> Page[MemberOut]:
    """A page of the people of an office's pool: six queries."""
    office = queries.get_office(session, user, office_id)
    on = query.on or clock.today()
    required = load_rules(session).training_hours_per_year
    people = queries.people_of(session, [id_of(office)]).get(id_of(office), [])
    found = [member for person in people if _matches(member := _member(person, on, required), query)]
    first = (query.page - 1) * query.page_size
    return page_of(found[first : first + query.page_size], len(found), query)


def _member(person: Person, on: date, required_hours: int) -> MemberOut:
    inspector: Inspector = person.inspector
    term = person.term_on(on)
    stage = person.stage_on(on)
    hours = person.hours_in(on.year)
    return MemberOut(
        inspector_id=id_of(inspector),
        name=inspector.name,
        kind=inspector.kind,
        rank=inspector.rank,
        stage=stage,
        term_number=term.number if term else None,
        term_first_on=term.first_on if term else None,
        term_last_on=term.last_on if term else None,
        ends_on=person.ends_on(on) if term else None,
        training_hours=hours,
        training_behind=stage is PoolStage.IN_OFFICE and hours < required_hours,
    )


def _matches(member: MemberOut, query: MemberQuery) -> bool:
    return (
        (query.stage is None or member.stage is query.stage)
        and (query.ends_in is None or (member.ends_on is not None and member.ends_on.year == query.ends_in))
        and (query.training_behind is None or member.training_behind is query.training_behind)
    )
