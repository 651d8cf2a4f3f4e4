"""Rows that a request names: those in a body must exist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from sqlmodel import Session, SQLModel

from app.core.errors import Refused
from app.core.words import field_words

RowT = TypeVar("RowT", bound=SQLModel)

CHUNK = 500
"""Ids in one query; SQLite takes some thousands of parameters at most."""


def referred(session: Session, kind: type[RowT], row_id: int, field: str, what: str) -> RowT:
    """The row that a field of a body names; an unknown one is refused with the field's name."""
    row = session.get(kind, row_id)
    if row is None:
        raise unknown_reference(field, what, row_id)
    return row


def unknown_reference(field: str, what: str, value: int) -> Refused:
    """The refusal of an id in a body that names nothing."""
    message = f"没有编号为 {value} 的{what}。请核对“{field_words(field.split('.'))}”。"
    return Refused("unknown_reference", message, {"field": field, "id": value})


def goes_on(ended_on: date | None, today: date) -> bool:
    """Whether something that may have an end has not ended on a day; ``ended_on`` is the first day without it."""
    return ended_on is None or ended_on > today


def id_of(row: SQLModel) -> int:
    """The id of a stored row; one that was never flushed has none."""
    number: int | None = getattr(row, "id", None)
    if number is None:
        raise LookupError(f"{row!r} is not stored yet")
    return number


def chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    """Ids in parts that one query takes."""
    return (ids[begin : begin + CHUNK] for begin in range(0, len(ids), CHUNK))
