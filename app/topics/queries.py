"""Every select of topics and draws. What is unannounced is its office's alone until its days are over."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.core.errors import NotFound
from app.models import Inspectee, InspecteeKind, Office, Programme, ProgrammeRule, Region, RegionLevel, Topic, TopicDraw
from app.topics.schemas import TopicQuery


def is_open_to(user: Actor) -> sa.ColumnElement[bool]:
    """The condition that a topic may be known to the user: announced, over, or the own office's."""
    return sa.or_(
        ~col(Topic.unannounced),
        col(Topic.last_on) < user.today,
        condition(user, Noun.TOPIC, Act.CHANGE, office=col(Topic.office_id)),
    )


def visible_to(user: Actor) -> SelectOfScalar[Topic]:
    """The topics that the user may see."""
    return select(Topic).where(condition(user, Noun.TOPIC, Act.READ, office=col(Topic.office_id)), is_open_to(user))


def listed(user: Actor, query: TopicQuery) -> SelectOfScalar[Topic]:
    """The topics, newest year first."""
    statement = visible_to(user)
    if query.office_id is not None:
        statement = statement.where(Topic.office_id == query.office_id)
    if query.year is not None:
        statement = statement.where(Topic.year == query.year)
    if query.programme is not None:
        statement = statement.where(Topic.programme_code == query.programme)
    if query.unannounced is not None:
        statement = statement.where(col(Topic.unannounced).is_(sa.true() if query.unannounced else sa.false()))
    if query.ended is not None:
        ended_on = col(Topic.ended_on)
        statement = statement.where(ended_on.is_not(None) if query.ended else ended_on.is_(None))
    return statement.order_by(col(Topic.year).desc(), col(Topic.first_on), col(Topic.id))


def get(session: Session, user: Actor, topic_id: int) -> Topic:
    """One topic among those that the user may see."""
    found = session.exec(visible_to(user).where(Topic.id == topic_id)).first()
    if found is None:
        raise NotFound("topic_not_found", f"没有编号为 {topic_id} 的专项督导主题，或无权查看。", {"id": topic_id})
    return found


def draw_of(session: Session, topic: Topic) -> TopicDraw | None:
    """The draw of a topic, if its inspectees were drawn."""
    return session.exec(select(TopicDraw).where(TopicDraw.topic_id == topic.id)).first()


def is_thematic(session: Session, code: str) -> bool:
    """Whether a programme of this code is expanded by topics."""
    found = select(Programme.id).where(Programme.code == code, Programme.rule == ProgrammeRule.THEMATIC)
    return session.exec(found).first() is not None


def below(session: Session, office_id: int) -> set[int]:
    """The regions in which an office inspects: its own and those below it."""
    tree = sa.select(col(Office.region_id).label("id")).where(col(Office.id) == office_id).cte("tree", recursive=True)
    tree = tree.union_all(sa.select(col(Region.id)).join(tree, col(Region.parent_id) == tree.c.id))
    return set(session.execute(sa.select(tree.c.id)).scalars())


def inspectees_of(session: Session, inspectee_ids: Sequence[int]) -> list[Inspectee]:
    """Some inspectees by code."""
    found: list[Inspectee] = []
    for begin in range(0, len(inspectee_ids), 500):
        some = inspectee_ids[begin : begin + 500]
        found.extend(session.exec(select(Inspectee).where(col(Inspectee.id).in_(some))))
    return sorted(found, key=lambda inspectee: inspectee.code)


def candidates(session: Session, topic: Topic) -> list[Inspectee]:
    """The inspectees among which a topic draws: open on all its days, of its kinds and regions, by code.

    A banner's office draws only what it owns; a city's office draws in its banners, too.
    """
    regions = below(session, topic.office_id)
    if topic.region_ids:
        regions &= set(topic.region_ids)
    statement = select(Inspectee).where(
        col(Inspectee.region_id).in_(regions),
        sa.or_(col(Inspectee.opened_on).is_(None), col(Inspectee.opened_on) <= topic.first_on),
        sa.or_(col(Inspectee.closed_on).is_(None), col(Inspectee.closed_on) > topic.last_on),
    )
    office = session.get_one(Office, topic.office_id)
    if session.get_one(Region, office.region_id).level is RegionLevel.BANNER:
        statement = statement.where(Inspectee.owner_office_id == topic.office_id)
    if topic.kinds:
        statement = statement.where(col(Inspectee.kind).in_([InspecteeKind(kind) for kind in topic.kinds]))
    else:
        statement = statement.where(col(Inspectee.kind) != InspecteeKind.GOVERNMENT)
    return sorted(session.exec(statement), key=lambda inspectee: inspectee.code)
