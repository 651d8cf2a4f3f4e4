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


def in_order(first: str = "first_on", last: str = "last_on") -> sa.CheckConstraint:
    """Two dates in order; without a last one there is nothing to compare, and the check passes."""
    return sa.CheckConstraint(f"{first} <= {last}", name=f"{first}_in_order")


def not_negative(*columns: str) -> sa.CheckConstraint:
    """Counts of things, which begin at zero."""
    return sa.CheckConstraint(" AND ".join(f"{column} >= 0" for column in columns), name=f"{columns[0]}_not_negative")


def on_earth(lon: str = "lon", lat: str = "lat") -> sa.CheckConstraint:
    """A point in degrees, WGS 84."""
    return sa.CheckConstraint(f"{lon} BETWEEN -180 AND 180 AND {lat} BETWEEN -90 AND 90", name=f"{lon}_on_earth")


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
