"""Small csv files beside the code, and rows of the database with their ids."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from sqlmodel import Session, SQLModel

DATA = Path(__file__).with_name("data")

PLAN = "《赤峰市“十四五”教育事业发展规划》（2022-06-28印发，2022-07-19公布）"
"""The document that the counts, the targets and the cycle come from."""
UNVERIFIED = "默认值，待核实"
"""The source of what nobody could verify: the office replaces it."""


class _HasId(Protocol):
    id: int | None


RowT = TypeVar("RowT", bound=SQLModel)


def read_csv(name: str) -> list[dict[str, str]]:
    """The rows of a data file by its heading, in the file's order."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stored(session: Session, rows: Iterable[RowT]) -> list[RowT]:
    """The rows, written together, with their ids."""
    made = list(rows)
    session.add_all(made)
    session.flush()
    return made


def id_of(row: _HasId) -> int:
    """The id of a row that was written."""
    if row.id is None:
        raise ValueError(f"{row!r} was not written yet")
    return row.id


def apportioned(total: int, weights: Sequence[float], floor: int = 0) -> list[int]:
    """Shares of a total in proportion to the weights, each at least the floor, by the largest remainder.

    The shares add up to the total exactly; of equal remainders the earlier one wins.
    """
    spare = total - floor * len(weights)
    if spare < 0:
        raise ValueError(f"{total} is too little for {len(weights)} shares of at least {floor}")
    whole = sum(weights)
    exact = [spare * weight / whole for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda index: (shares[index] - exact[index], index))
    for index in by_remainder[: spare - sum(shares)]:
        shares[index] += 1
    return [share + floor for share in shares]
