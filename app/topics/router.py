"""Topics and draws over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.audit import LedgerDep
from app.accounts.identity import CurrentUser
from app.accounts.repeats import NounRoute
from app.accounts.rights import Act, Noun, require
from app.core.db import SessionDep
from app.core.errors import CHANGE_ERRORS, READ_ERRORS, NotFound
from app.core.fields import End, PathId
from app.core.paging import Page, paginate
from app.topics import queries, service
from app.topics.schemas import DrawOut, DrawRequest, TopicCreate, TopicOut, TopicPatch, TopicQuery

router = APIRouter(route_class=NounRoute, prefix="/topics", tags=["topics"])


@router.get("", summary="专项督导主题列表 (list topics)", responses=READ_ERRORS)
def list_topics(query: Annotated[TopicQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[TopicOut]:
    """年份新的在前；不提前通知的，期满之前只有本机构可见。"""
    require(user, Noun.TOPIC, Act.READ)
    return paginate(session, queries.listed(user, query), query, TopicOut.model_validate)


@router.post("", status_code=201, summary="新增专项督导主题 (create a topic)", responses=CHANGE_ERRORS)
def create_topic(body: TopicCreate, ledger: LedgerDep) -> TopicOut:
    """直接列出单位，或设定范围和样本后抽取。"""
    return TopicOut.model_validate(service.create(ledger, body))


@router.get("/{topic_id}", summary="查看专项督导主题 (get a topic)", responses=READ_ERRORS)
def get_topic(topic_id: PathId, session: SessionDep, user: CurrentUser) -> TopicOut:
    """附列出或抽定的单位。"""
    return TopicOut.model_validate(queries.get(session, user, topic_id))


@router.patch("/{topic_id}", summary="更改专项督导主题 (change a topic)", responses=CHANGE_ERRORS)
def change_topic(topic_id: PathId, body: TopicPatch, ledger: LedgerDep) -> TopicOut:
    """只更改列出的项；抽取之后范围和单位不能再改。"""
    return TopicOut.model_validate(service.change(ledger, topic_id, body))


@router.post("/{topic_id}/end", summary="终止专项督导主题 (end a topic)", responses=CHANGE_ERRORS)
def end_topic(topic_id: PathId, body: End, ledger: LedgerDep) -> TopicOut:
    """该日之后不再安排其督导。"""
    return TopicOut.model_validate(service.end(ledger, topic_id, body))


@router.post("/{topic_id}/draw", status_code=201, summary="抽取单位 (draw the inspectees)", responses=CHANGE_ERRORS)
def draw_inspectees(topic_id: PathId, ledger: LedgerDep, body: DrawRequest | None = None) -> DrawOut:
    """每个主题抽一次，留存方法、种子、候选名单和结果，任何人可以复核。

    方法：对每个候选单位计算 SHA-256("种子:单位代码")（UTF-8，十六进制），按升序取前 number 名。
    """
    return DrawOut.model_validate(service.draw(ledger, topic_id, body or DrawRequest()))


@router.get("/{topic_id}/draw", summary="抽取记录 (the draw's log)", responses=READ_ERRORS)
def get_draw(topic_id: PathId, session: SessionDep, user: CurrentUser) -> DrawOut:
    """种子、候选名单和结果。"""
    found = queries.draw_of(session, queries.get(session, user, topic_id))
    if found is None:
        raise NotFound("topic_not_drawn", f"编号为 {topic_id} 的专项督导主题没有抽取过单位。", {"id": topic_id})
    return DrawOut.model_validate(found)
