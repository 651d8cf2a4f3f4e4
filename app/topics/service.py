"""What may be done with topics: naming one, drawing its inspectees, ending it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Noun, require, require_change
from app.core.errors import Conflict, Refused
from app.core.fields import End, require_order
from app.core.rows import id_of, referred, unknown_reference
from app.models import Office, Topic, TopicDraw
from app.topics import queries
from app.topics.draw import METHOD, drawn, number_of
from app.topics.schemas import DrawRequest, TopicCreate, TopicPatch

BOUNDS = frozenset({"kinds", "region_ids", "sample_size", "sample_percent", "inspectee_ids"})
"""What says which inspectees a topic has; a draw settles it."""


def create(ledger: Ledger, wanted: TopicCreate) -> Topic:
    """Name a topic for listed inspectees, or for a sample that is drawn later."""
    require(ledger.asker, Noun.TOPIC, Act.CHANGE)
    referred(ledger.session, Office, wanted.office_id, "office_id", "督导机构")
    require_change(ledger.asker, Noun.TOPIC, office_id=wanted.office_id)
    topic = Topic(**wanted.model_dump(mode="json", exclude={"first_on", "last_on"}), **_days(wanted))
    if not queries.is_thematic(ledger.session, topic.programme_code):
        raise Refused(
            "not_thematic",
            f"代码为“{topic.programme_code}”的项目不是专项督导项目。请核对“督导项目代码”（programme_code）。",
            {"programme": topic.programme_code},
        )
    _require_sound(ledger.session, topic)
    return ledger.add(topic)


def _days(wanted: TopicCreate) -> dict[str, Any]:
    return {"first_on": wanted.first_on, "last_on": wanted.last_on}


def change(ledger: Ledger, topic_id: int, patch: TopicPatch) -> Topic:
    """Change a topic; which inspectees it has no longer once they are drawn."""
    topic = _changeable(ledger, topic_id)
    changes = patch.changes()
    if "kinds" in changes:
        changes["kinds"] = [kind.value for kind in changes["kinds"]]
    if BOUNDS & changes.keys() and queries.draw_of(ledger.session, topic) is not None:
        raise Conflict(
            "topic_drawn",
            f"“{topic.title}”的单位已经抽定，范围和样本不能再改。请终止该主题后另立。",
            {"topic": topic.id, "fields": sorted(BOUNDS & changes.keys())},
        )
    _require_sound(ledger.session, Topic.model_validate(topic.model_dump() | changes))
    return ledger.change(topic, changes)


def end(ledger: Ledger, topic_id: int, wanted: End) -> Topic:
    """Ask for no visit of a topic after a day."""
    topic = _changeable(ledger, topic_id)
    if topic.ended_on is not None:
        raise Conflict("already_ended", f"“{topic.title}”已于 {topic.ended_on} 终止。", {"ended_on": topic.ended_on})
    return ledger.change(topic, {"ended_on": wanted.on}, action="end", reason=wanted.reason)


def draw(ledger: Ledger, topic_id: int, wanted: DrawRequest) -> TopicDraw:
    """Draw a topic's inspectees once, so that nobody draws until the result pleases."""
    topic = _changeable(ledger, topic_id)
    ledger.session.refresh(topic, with_for_update=True)
    present = queries.draw_of(ledger.session, topic)
    if present is not None:
        raise Conflict(
            "topic_drawn",
            f"“{topic.title}”已于 {present.drawn_at:%Y-%m-%d} 抽取，每个主题只抽一次。如需重抽，请终止后另立主题。",
            {"topic": topic.id, "draw": present.id},
        )
    if topic.sample_size is None and topic.sample_percent is None:
        raise Refused(
            "no_sample",
            f"“{topic.title}”没有样本数或比例，无从抽取。请先设定“样本数”（sample_size）或“抽样比例”（sample_percent）。",
        )
    inspectees = {inspectee.code: id_of(inspectee) for inspectee in queries.candidates(ledger.session, topic)}
    if not inspectees:
        raise Refused("no_candidates", f"“{topic.title}”的范围内没有在办的单位。请放宽单位类型或行政区划。")
    seed = wanted.seed or secrets.token_hex(8)
    number = number_of(len(inspectees), topic.sample_size, topic.sample_percent)
    codes = drawn(seed, inspectees, number)
    ledger.change(topic, {"inspectee_ids": [inspectees[code] for code in codes]}, action="draw")
    return ledger.add(
        TopicDraw(
            topic_id=id_of(topic),
            method=METHOD,
            seed=seed,
            candidates=list(inspectees),
            number=number,
            drawn=codes,
            drawn_at=ledger.clock.now(),
            drawn_by_id=ledger.asker.id,
        ),
        "draw",
    )


def _changeable(ledger: Ledger, topic_id: int) -> Topic:
    topic = queries.get(ledger.session, ledger.asker, topic_id)
    require_change(ledger.asker, Noun.TOPIC, office_id=topic.office_id)
    return topic


def _require_sound(session: Session, topic: Topic) -> None:
    """Check a topic's days, the choice of its inspectees, their region, and that the team can have the skills."""
    require_order(topic.first_on, topic.last_on)
    if topic.sample_size is not None and topic.sample_percent is not None:
        raise Refused("two_samples", "样本数（sample_size）与比例（sample_percent）只能填一个。")
    _require_team(topic.size, topic.requires)
    regions = queries.below(session, topic.office_id)
    for region_id in topic.region_ids:
        if region_id not in regions:
            raise unknown_reference("region_ids", "本机构范围内的行政区划", region_id)
    known = {inspectee.id: inspectee for inspectee in queries.inspectees_of(session, topic.inspectee_ids)}
    for number in topic.inspectee_ids:
        if number not in known or known[number].region_id not in regions:
            raise unknown_reference("inspectee_ids", "本机构范围内的被督导单位", number)


def _require_team(size: int, requires: Mapping[str, int]) -> None:
    if max(requires.values(), default=0) > size:
        raise Refused(
            "team_too_small",
            f"要求的人数超过督导小组的 {size} 人。请增加人数或减少要求。",
            {"size": size, "requires": dict(requires)},
        )
