"""The command line ``dudao``: run the service, load its data, ask it for plans, keep its accounts."""

from __future__ import annotations

from app.cli.commands import app

__all__ = ["app"]
