"""The settings of the process, or words about what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy.exc
from pydantic import ValidationError

from app.cli.output import fail
from app.core.config import Settings, get_settings
from app.core.trouble import words_for


def settings_of_process() -> Settings:
    """The settings from the environment and ``.env``; a faulty one ends the command and is named."""
    try:
        return get_settings()
    except ValidationError as error:
        faults = "；".join(
            f"{'.'.join(str(part) for part in fault['loc']) or '设置'}：{fault['msg']}" for fault in error.errors()
        )
        fail(f"环境变量或 .env 中的设置无效：{faults}", 2)


@contextmanager
def trouble_in_words() -> Iterator[None]:
    """End the command with words when the database or the disk is in trouble."""
    try:
        yield
    except (sqlalchemy.exc.SQLAlchemyError, OSError) as error:
        fail(words_for(error))
