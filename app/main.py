"""The application: routers, errors, limits and what every request stands on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from app.accounts.repeats import Running
from app.accounts.router import router as accounts_router
from app.accounts.throttle import Throttle
from app.accounts.words import ROLES
from app.calendars.router import router as calendars_router
from app.calendars.words import CALENDAR_STATUSES, DAY_KINDS, HALVES, SEASONS
from app.core.clock import clock_for
from app.core.config import Settings, get_settings
from app.core.db import make_engine
from app.core.errors import add_error_handlers
from app.core.head import HeadAsGet
from app.core.headers import SecurityHeaders
from app.core.health import router as health_router
from app.core.limits import BodyLimit
from app.core.logs import RequestLog
from app.core.openapi import describe, operation_id
from app.core.security import Passwords, Tokens, signing_key
from app.core.wording import Choices
from app.demand.router import router as demand_router
from app.demand.words import COVERAGE_STATES
from app.drafts.router import router as drafts_router
from app.drafts.words import EDIT_KINDS, EDIT_STATES
from app.duties.moves_router import router as moves_router
from app.duties.router import router as duties_router
from app.inspectees.router import router as inspectees_router
from app.inspectees.words import INSPECTEE_KINDS
from app.inspectors.router import router as inspectors_router
from app.inspectors.words import ABSENCE_KINDS, PERSON_KINDS, POOL_STAGES, RANKS, SKILLS
from app.monitoring.router import router as monitoring_router
from app.outcomes.router import router as outcomes_router
from app.outcomes.words import SEVERITIES
from app.plans.router import router as plans_router
from app.plans.words import CHANGES, STATES
from app.pool.router import router as pool_router
from app.programmes.router import router as programmes_router
from app.programmes.words import (
    EXTERNAL_STAGES,
    PHASES,
    POOL_KINDS,
    PROGRAMME_RULES,
    RECOGNITIONS,
    ROUND_SUBJECTS,
    TARGET_STATUSES,
)
from app.publications.router import router as publications_router
from app.regions.router import router as regions_router
from app.regions.words import REGION_LEVELS
from app.reports.router import router as reports_router
from app.reports.words import AIM_SUBJECTS, COST_KINDS
from app.topics.router import router as topics_router
from app.web.router import add_pages
from app.year_lists.router import router as year_lists_router

SMALLEST_ZIPPED = 1024
"""Bytes below which an answer is sent as it is."""

API_PREFIX = "/api/v1"
API_VERSION = "1"

DESCRIPTION = """教育督导排程：从规划中的规则到一张可以发布的督导日程。
Plans school and government inspections: from the rules of a plan to a published calendar.

先以 `POST /api/v1/auth/token` 取得令牌，其后每次请求带上 `Authorization: Bearer …`。
错误一律为 `application/problem+json`，以 `code` 区分，`message` 说明原因与办法。"""


CHOICES: Choices = (
    ABSENCE_KINDS,
    AIM_SUBJECTS,
    CALENDAR_STATUSES,
    CHANGES,
    COST_KINDS,
    COVERAGE_STATES,
    DAY_KINDS,
    EDIT_KINDS,
    EDIT_STATES,
    EXTERNAL_STAGES,
    HALVES,
    INSPECTEE_KINDS,
    PERSON_KINDS,
    PHASES,
    POOL_KINDS,
    POOL_STAGES,
    PROGRAMME_RULES,
    RANKS,
    RECOGNITIONS,
    REGION_LEVELS,
    ROLES,
    ROUND_SUBJECTS,
    SEASONS,
    SEVERITIES,
    SKILLS,
    STATES,
    TARGET_STATUSES,
)
"""The words of every set of codes that a request may choose from, for messages about what can be filled in."""


def _api() -> APIRouter:
    api = APIRouter(prefix=API_PREFIX)
    for router in (
        accounts_router,
        regions_router,
        inspectors_router,
        inspectees_router,
        calendars_router,
        monitoring_router,
        pool_router,
        programmes_router,
        topics_router,
        year_lists_router,
        demand_router,
        plans_router,
        publications_router,
        drafts_router,
        duties_router,
        moves_router,
        outcomes_router,
        reports_router,
    ):
        api.include_router(router)
    return api


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.engine.dispose()


def create_app(settings: Settings | None = None) -> FastAPI:
    """An application on the database of the settings, which must be migrated already (``app.core.db.migrate``)."""
    settings = settings or get_settings()
    app = FastAPI(
        title="督导排程 Dudao",
        summary="教育督导排程服务 (a planner of school inspections)",
        description=DESCRIPTION,
        version=API_VERSION,
        lifespan=_lifespan,
        openapi_url=f"{API_PREFIX}/openapi.json",
        generate_unique_id_function=operation_id,
        docs_url=None,  # the pages serve it, from our own files
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.choices = CHOICES
    app.state.clock = clock_for(settings)
    app.state.engine = make_engine(settings)
    app.state.passwords = Passwords()
    app.state.tokens = Tokens(signing_key(settings), settings.token_life)
    app.state.throttle = Throttle(app.state.tokens.key)
    app.state.running = Running()
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_ZIPPED)
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(HeadAsGet)
    app.add_middleware(RequestLog)
    add_error_handlers(app)
    app.include_router(health_router)
    app.include_router(_api())
    add_pages(app)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]  # FastAPI's own way to change the document
    return app
