"""The pages: the first one, and the one of the interface. All that they load comes from this origin."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.types import Scope

from app.core.clock import ClockDep
from app.core.db import SessionDep
from app.web.views.overview import read_overview

APP = Path(__file__).resolve().parent.parent

HEADERS: Final = {
    # Swagger UI and Tabler draw with inline styles and icons in data addresses; scripts are files of ours
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
}


class BuiltFiles(StaticFiles):
    """What build.mjs built; a browser asks each time whether a file changed, so a new version is seen at once."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """A file, or that it has not changed."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = HEADERS["Cache-Control"]
        return response


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
    files = BuiltFiles(directory=APP / "static" / "dist", check_dir=False)
    app.mount("/static", files, name="static")
