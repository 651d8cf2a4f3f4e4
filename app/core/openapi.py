"""The description of the interface (OpenAPI 3.1): what FastAPI writes, made valid and easy for generators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.core.errors import Problem

TAGS = [
    {"name": "accounts", "description": "账号与设置"},
    {"name": "regions", "description": "行政区划与督导机构"},
    {"name": "inspectors", "description": "督学"},
    {"name": "inspectees", "description": "被督导单位、责任区与评估办法"},
    {"name": "calendar", "description": "日历"},
    {"name": "monitoring", "description": "质量监测与机构事务"},
    {"name": "pool", "description": "督学队伍"},
    {"name": "programmes", "description": "督导项目、轮次与验收目标"},
    {"name": "topics", "description": "专项督导主题"},
    {"name": "year-lists", "description": "年度督导清单"},
    {"name": "demand", "description": "应督导事项与可用督导力量"},
    {"name": "plans", "description": "日程"},
    {"name": "drafts", "description": "草稿"},
    {"name": "publications", "description": "发布与版本"},
    {"name": "me", "description": "本人的督导任务"},
    {"name": "outcomes", "description": "督导结果"},
    {"name": "reports", "description": "经费与目标"},
    {"name": "health", "description": "运行状况"},
]
"""Generators name packages by the tags, so these are English; readers see the Chinese description."""

_EVENT_STREAM = "text/event-stream"


def operation_id(route: APIRoute) -> str:
    """The name of an operation: its function's, in camel case (``listPlans``)."""
    first, *others = route.name.split("_")
    return first + "".join(word.capitalize() for word in others)


def describe(app: FastAPI) -> dict[str, Any]:
    """The document of an application, written at the first call and kept."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version=app.openapi_version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
            tags=TAGS,
            servers=[{"url": "/", "description": "本服务"}],
        )
        schemas = document["components"]["schemas"]
        schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        _name_locations(document["paths"])
        for node in _nodes(document):
            _bound_dates(node)
            _describe_stream(node)
        app.openapi_schema = document
    return app.openapi_schema


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of a document."""
    if isinstance(node, dict):
        yield node
        for each in node.values():
            yield from _nodes(each)
    elif isinstance(node, list):
        for each in node:
            yield from _nodes(each)


def _name_locations(paths: dict[str, Any]) -> None:
    """What is created at an address below the list's is told by Location."""
    things = {path.rpartition("/{")[0] for path, operations in paths.items() if "get" in operations and path[-1] == "}"}
    for path in things & paths.keys():
        created = paths[path].get("post", {}).get("responses", {}).get("201")
        if created is not None:
            schema = {"type": "string", "format": "uri-reference"}
            created["headers"] = {"Location": {"description": "新建记录的地址 (where it is)", "schema": schema}}


def _bound_dates(node: dict[str, Any]) -> None:
    """JSON Schema has no keyword for the earliest date: the bounds are told in words instead of ``ge`` and ``le``."""
    if node.get("format") == "date" and "ge" in node:
        words = f"{node.pop('ge')} 至 {node.pop('le')}"
        node["description"] = f"{node['description']}（{words}）" if "description" in node else words


def _describe_stream(node: dict[str, Any]) -> None:
    """OpenAPI 3.1 has no schema for the items of a stream: the stream is text, and says what its data are."""
    if _EVENT_STREAM in node:
        node[_EVENT_STREAM] = {"schema": {"type": "string", "description": "每条 data 为一个 JSON，见 PlanEvent"}}
