"""The pages: the first one, and the one of the interface. All that they load comes from this origin."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates

from app.core.clock import ClockDep
from app.core.db import SessionDep
from app.web.overview import read_overview

APP = Path(__file__).resolve().parent.parent

HEADERS: Final = {
    # Swagger UI and Tabler draw with inline styles and icons in data addresses; scripts are files of ours
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'",
    "Cache-Control": "no-cache",
}

templates = Jinja2Templates(APP / "web" / "templates")
router = APIRouter(include_in_schema=False)


@router.get("/")
def first_page(request: Request, session: SessionDep, clock: ClockDep) -> HTMLResponse:
    """What there is, in public: no login, nobody's name, nothing of a plan that is not published."""
    overview = read_overview(session, clock)
    return templates.TemplateResponse(
        request, "overview.html", {"overview": overview, "openapi_url": request.app.openapi_url}, headers=HEADERS
    )


@router.get("/docs")
def interface_page(request: Request) -> HTMLResponse:
    """The interface to read and to try, from our own files: FastAPI's page would load them from elsewhere."""
    context = {"title": request.app.title, "openapi": request.app.openapi_url}
    return templates.TemplateResponse(request, "docs.html", context, headers=HEADERS)


def add_pages(app: FastAPI) -> None:
    """Serve the pages and what build.mjs built for them."""
    app.include_router(router)
    # the interface works without built pages, so their folder is looked for only when one is asked for
    app.mount("/static", StaticFiles(directory=APP / "static" / "dist", check_dir=False), name="static")
