"""Every select of programmes, rounds, validation targets, external stages and burden rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.core.errors import NotFound
from app.inspectees.queries import is_open_on
from app.models import (
    BurdenRule,
    ExternalStage,
    Inspectee,
    InspecteeKind,
    PlannedVisit,
    Programme,
    ProgrammeRule,
    Recognition,
    Region,
    Round,
    RoundSubject,
    ServedProgramme,
    ValidationTarget,
)
from app.programmes.schemas import BurdenQuery, ProgrammeQuery, RoundQuery, TargetQuery

RULE_OF_SUBJECT = {RoundSubject.SCHOOLS: ProgrammeRule.ROUND, RoundSubject.GOVERNMENTS: ProgrammeRule.GOVERNMENT}
"""By which rule's visits the inspectees of a round are covered."""


def visible_programmes(user: Actor) -> SelectOfScalar[Programme]:
    """The programmes that the user may see."""
    return select(Programme).where(condition(user, Noun.PROGRAMME, Act.READ))


def listed_programmes(user: Actor, query: ProgrammeQuery) -> SelectOfScalar[Programme]:
    """The list of programmes, by code and version."""
    statement = visible_programmes(user)
    if query.code is not None:
        statement = statement.where(Programme.code == query.code)
    if query.rule is not None:
        statement = statement.where(Programme.rule == query.rule)
    if query.in_force_on is not None:
        ends = col(Programme.in_force_to)
        statement = statement.where(
            Programme.in_force_from <= query.in_force_on, sa.or_(ends.is_(None), ends >= query.in_force_on)
        )
    return statement.order_by(col(Programme.code), col(Programme.version))


def get_programme(session: Session, user: Actor, programme_id: int) -> Programme:
    """One version of a programme among those that the user may see."""
    found = session.exec(visible_programmes(user).where(Programme.id == programme_id)).first()
    if found is None:
        raise NotFound(
            "programme_not_found", f"没有编号为 {programme_id} 的督导项目。请核对编号。", {"id": programme_id}
        )
    return found


def versions_of(session: Session, code: str) -> Sequence[Programme]:
    """All versions of a programme, first ones first."""
    return session.exec(select(Programme).where(Programme.code == code).order_by(col(Programme.in_force_from))).all()


def used_programmes(session: Session, programmes: Iterable[Programme]) -> set[int]:
    """Ids of those with which a plan was made: a visit of their code has a window that their days in force meet."""
    rows = list(programmes)
    spans = session.exec(
        select(
            ServedProgramme.programme_code,
            sa.func.min(PlannedVisit.earliest),
            sa.func.max(PlannedVisit.latest),
        )
        .join(PlannedVisit, col(PlannedVisit.id) == col(ServedProgramme.visit_id))
        .where(col(ServedProgramme.programme_code).in_({row.code for row in rows}))
        .group_by(col(ServedProgramme.programme_code))
    ).all()
    span_of = {code: (first, last) for code, first, last in spans}
    return {row.id for row in rows if row.id is not None and _meets(row, span_of.get(row.code))}


def _meets(row: Programme, span: tuple[date, date] | None) -> bool:
    return span is not None and row.in_force_from <= span[1] and (row.in_force_to or date.max) >= span[0]


def chain_programmes(session: Session) -> Mapping[str, Sequence[Programme]]:
    """The versions of the programmes of all recognitions by code: one query."""
    codes = [recognition.value for recognition in Recognition]
    rows = session.exec(
        select(Programme).where(col(Programme.code).in_(codes)).order_by(col(Programme.in_force_from))
    ).all()
    versions: dict[str, list[Programme]] = defaultdict(list)
    for row in rows:
        versions[row.code].append(row)
    return versions


def visible_rounds(user: Actor) -> SelectOfScalar[Round]:
    """The rounds that the user may see."""
    return select(Round).where(condition(user, Noun.ROUND, Act.READ))


def listed_rounds(user: Actor, query: RoundQuery) -> SelectOfScalar[Round]:
    """The list of rounds, by first day."""
    statement = visible_rounds(user)
    if query.subject is not None:
        statement = statement.where(Round.subject == query.subject)
    if query.ended is not None:
        ended_on = col(Round.ended_on)
        statement = statement.where(ended_on.is_not(None) if query.ended else ended_on.is_(None))
    return statement.order_by(col(Round.first_on), col(Round.id))


def get_round(session: Session, user: Actor, round_id: int) -> Round:
    """One round among those that the user may see."""
    found = session.exec(visible_rounds(user).where(Round.id == round_id)).first()
    if found is None:
        raise NotFound("round_not_found", f"没有编号为 {round_id} 的督导轮次。请核对编号。", {"id": round_id})
    return found


def overlapping_round(
    session: Session, subject: RoundSubject, first_on: date, last_on: date, besides: int | None
) -> Round | None:
    """A round over the same inspectees that shares a day with these dates."""
    last = sa.func.coalesce(col(Round.ended_on), col(Round.last_on))
    statement = select(Round).where(Round.subject == subject, Round.first_on <= last_on, last >= first_on)
    if besides is not None:
        statement = statement.where(Round.id != besides)
    return session.exec(statement).first()


def visible_targets(user: Actor) -> SelectOfScalar[ValidationTarget]:
    """The validation targets that the user may see."""
    return select(ValidationTarget).where(
        condition(user, Noun.TARGET, Act.READ, region=col(ValidationTarget.region_id))
    )


def listed_targets(user: Actor, query: TargetQuery) -> SelectOfScalar[ValidationTarget]:
    """The list of targets, by year."""
    statement = visible_targets(user)
    if query.region_id is not None:
        statement = statement.where(ValidationTarget.region_id == query.region_id)
    if query.recognition is not None:
        statement = statement.where(ValidationTarget.recognition == query.recognition)
    if query.target_year is not None:
        statement = statement.where(ValidationTarget.target_year == query.target_year)
    if query.status is not None:
        statement = statement.where(ValidationTarget.status == query.status)
    return statement.order_by(col(ValidationTarget.target_year), col(ValidationTarget.id))


def get_target(session: Session, user: Actor, target_id: int) -> ValidationTarget:
    """One target among those that the user may see."""
    found = session.exec(visible_targets(user).where(ValidationTarget.id == target_id)).first()
    if found is None:
        raise NotFound("target_not_found", f"没有编号为 {target_id} 的验收目标。请核对编号。", {"id": target_id})
    return found


def same_target(
    session: Session, region_id: int, recognition: Recognition, target_year: int, besides: int | None
) -> ValidationTarget | None:
    """Another target of the banner for the same recognition and year."""
    statement = select(ValidationTarget).where(
        ValidationTarget.region_id == region_id,
        ValidationTarget.recognition == recognition,
        ValidationTarget.target_year == target_year,
    )
    if besides is not None:
        statement = statement.where(ValidationTarget.id != besides)
    return session.exec(statement).first()


def stages_of(session: Session, target_ids: Iterable[int]) -> Mapping[int, list[ExternalStage]]:
    """The external stages of some targets, by first day: one query."""
    rows = session.exec(
        select(ExternalStage)
        .where(col(ExternalStage.target_id).in_(list(target_ids)))
        .order_by(col(ExternalStage.first_on), col(ExternalStage.id))
    ).all()
    by_target: dict[int, list[ExternalStage]] = defaultdict(list)
    for row in rows:
        by_target[row.target_id].append(row)
    return by_target


def get_stage(session: Session, user: Actor, target_id: int, stage_id: int) -> ExternalStage:
    """One external stage of a target that the user may see."""
    target = get_target(session, user, target_id)
    found = session.get(ExternalStage, stage_id)
    if found is None or found.target_id != target.id:
        raise NotFound("stage_not_found", f"该验收目标没有编号为 {stage_id} 的外部环节。请核对编号。", {"id": stage_id})
    return found


def listed_burden(user: Actor, query: BurdenQuery) -> SelectOfScalar[BurdenRule]:
    """The list of burden rules, by first day."""
    statement = select(BurdenRule).where(condition(user, Noun.PROGRAMME, Act.READ))
    if query.in_force_on is not None:
        ends = col(BurdenRule.last_on)
        statement = statement.where(
            BurdenRule.first_on <= query.in_force_on, sa.or_(ends.is_(None), ends >= query.in_force_on)
        )
    return statement.order_by(col(BurdenRule.first_on), col(BurdenRule.id))


def get_burden(session: Session, user: Actor, rule_id: int) -> BurdenRule:
    """One burden rule among those that the user may see."""
    statement = select(BurdenRule).where(condition(user, Noun.PROGRAMME, Act.READ), BurdenRule.id == rule_id)
    found = session.exec(statement).first()
    if found is None:
        raise NotFound("burden_rule_not_found", f"没有编号为 {rule_id} 的减负规定。请核对编号。", {"id": rule_id})
    return found


def overlapping_burden(
    session: Session, first_on: date, last_on: date | None, besides: int | None
) -> BurdenRule | None:
    """A burden rule that is in force on one of these days."""
    ends = col(BurdenRule.last_on)
    statement = select(BurdenRule).where(sa.or_(ends.is_(None), ends >= first_on))
    if last_on is not None:
        statement = statement.where(BurdenRule.first_on <= last_on)
    if besides is not None:
        statement = statement.where(BurdenRule.id != besides)
    return session.exec(statement).first()


def programmes_in_force(session: Session, on: date) -> Sequence[Programme]:
    """The newest version of each programme that is in force on a day."""
    rows = session.exec(
        select(Programme)
        .where(
            Programme.in_force_from <= on,
            sa.or_(col(Programme.in_force_to).is_(None), col(Programme.in_force_to) >= on),
        )
        .order_by(col(Programme.version), col(Programme.id))
    )
    newest = {row.code: row for row in rows}
    return list(newest.values())


def rounds_not_ended(session: Session, on: date) -> Sequence[Round]:
    """The rounds that have not been ended by a day, by first day."""
    return session.exec(
        select(Round)
        .where(sa.or_(col(Round.ended_on).is_(None), col(Round.ended_on) > on))
        .order_by(col(Round.first_on), col(Round.id))
    ).all()


def is_in_round(round_: Round) -> sa.ColumnElement[bool]:
    """The condition that an inspectee is one of a round: of its subject, and open on its last day."""
    is_government = col(Inspectee.kind) == InspecteeKind.GOVERNMENT
    return sa.and_(is_government == sa.literal(round_.subject is RoundSubject.GOVERNMENTS), is_open_on(round_.last_on))


def number_in_round(session: Session, round_: Round) -> int:
    """How many inspectees a round has."""
    return session.scalar(sa.select(sa.func.count()).select_from(Inspectee).where(is_in_round(round_))) or 0


def targets_with_banners(session: Session) -> Sequence[tuple[ValidationTarget, str]]:
    """Every validation target with the name of its banner, by year, recognition and adcode."""
    return session.exec(
        select(ValidationTarget, Region.name)
        .join(Region, col(Region.id) == ValidationTarget.region_id)
        .order_by(col(ValidationTarget.target_year), col(ValidationTarget.recognition), col(Region.adcode))
    ).all()
