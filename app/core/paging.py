"""Pages of a list: which one is asked, and what is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, Self, TypeVar

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

MAX_PAGE_SIZE = 500

RowT = TypeVar("RowT")
OutT = TypeVar("OutT")


class PageQuery(BaseModel):
    """The page asked for, counted from 1; a noun's filters extend it, and unknown filters are refused."""

    model_config = ConfigDict(extra="forbid")

    page: int = Field(default=1, ge=1, le=1_000_000, description="页码，从 1 起 (page, from 1)")
    page_size: int = Field(default=50, ge=1, le=MAX_PAGE_SIZE, description="每页条数 (items a page)")

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """Refuse days that are reversed: nothing lies between them."""
        for name in type(self).model_fields:
            first, last = getattr(self, name), getattr(self, name.replace("first_", "last_"), None)
            if name.startswith("first_") and first is not None and last is not None and first > last:
                words = f"日期颠倒：{first} 晚于 {last}。请对调或更正。"
                raise PydanticCustomError("dates_reversed", words)
        return self


class Page(BaseModel, Generic[OutT]):
    """One page of a list, with how many items the whole list has."""

    items: list[OutT]
    total: int
    page: int
    page_size: int


def fetch_page(session: Session, statement: SelectOfScalar[RowT], query: PageQuery) -> tuple[Sequence[RowT], int]:
    """The rows of the page and the number of rows of the list: two queries. The statement must fix the order."""
    counted = statement.order_by(None).subquery()
    total = session.execute(sa.select(sa.func.count()).select_from(counted)).scalar_one()
    rows = session.exec(statement.limit(query.page_size).offset((query.page - 1) * query.page_size)).all()
    return rows, total


def page_of(items: list[OutT], total: int, query: PageQuery) -> Page[OutT]:
    """A page of ready items."""
    return Page[Any](items=items, total=total, page=query.page, page_size=query.page_size)


def paginate(
    session: Session, statement: SelectOfScalar[RowT], query: PageQuery, as_output: Callable[[RowT], OutT]
) -> Page[OutT]:
    """A page of a list, each row turned into its output; two queries however long the list is."""
    rows, total = fetch_page(session, statement, query)
    return page_of([as_output(row) for row in rows], total, query)
