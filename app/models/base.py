"""What every table shares: one metadata with named keys, and column helpers."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import SQLModel

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Keys need names: SQLite changes a table only by rebuilding it, and PostgreSQL drops a key by its name."""

SQLModel.metadata.naming_convention = NAMING_CONVENTION

NAME_LENGTH = 200
CODE_LENGTH = 64


def word_type(kind: type[StrEnum]) -> sa.Enum:
    """A closed set of words, stored as its values in a plain string column with a named check on both databases."""
    return sa.Enum(
        kind,
        name=kind.__name__.lower(),
        values_callable=lambda words: [word.value for word in words],
        native_enum=False,
        create_constraint=True,
        length=CODE_LENGTH,
    )
