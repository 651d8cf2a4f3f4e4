"""Shapes that every noun's inputs and outputs are made of: strict types whose faults have clear words."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import Path
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.core.errors import Refused
from app.core.limits import MAX_ID

ItemT = TypeVar("ItemT")

MAX_COUNT = 10_000_000
EARLIEST_DAY = date(1950, 1, 1)
LATEST_DAY = date(2100, 12, 31)


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode's categories of what is not seen, or means something else to each program."""


def _plain(text: str) -> str:
    """A text of one or more lines: PostgreSQL stores no NUL, and what cannot be seen cannot be compared."""
    if any(unicodedata.category(character) in _INVISIBLE and character not in "\r\n\t" for character in text):
        raise PydanticCustomError("control_character", "文字中含有不可见的控制字符，请删去后重试。")
    return unicodedata.normalize("NFC", text)


def _one_line(text: str) -> str:
    """A name: one line, however it was pasted."""
    if any(character in "\r\n\t" for character in text):
        raise PydanticCustomError("control_character", "名称只能为一行，不能含有换行或制表符，请删去后重试。")
    return _plain(text)


def _code(value: object) -> object:
    """Full width makes no other code (NFKC)."""
    return unicodedata.normalize("NFKC", value) if isinstance(value, str) else value


_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _iso_day(value: object) -> object:
    """A number is no date, though a parser may take it for seconds since 1970: only ISO 8601 is."""
    if isinstance(value, date) or (isinstance(value, str) and _ISO_DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("date_type", "a day is written as 2025-03-31")


def distinct(items: list[ItemT]) -> list[ItemT]:
    """A list in which nothing stands twice."""
    if len(set(items)) != len(items):
        raise PydanticCustomError("duplicate_items", "列表中有重复的项，请删去重复的。")
    return items


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)]
Code = Annotated[
    str,
    BeforeValidator(_code),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64),
    AfterValidator(_one_line),
]
OptionalName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_one_line)]
OptionalCode = Annotated[
    str, BeforeValidator(_code), StringConstraints(strip_whitespace=True, max_length=64), AfterValidator(_one_line)
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(_plain)]
LongText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(_plain)
]
Day = Annotated[date, BeforeValidator(_iso_day), Field(ge=EARLIEST_DAY, le=LATEST_DAY)]
Count = Annotated[int, Field(strict=True, ge=0, le=MAX_COUNT)]
PositiveCount = Annotated[int, Field(strict=True, ge=1, le=MAX_COUNT)]
Year = Annotated[int, Field(ge=EARLIEST_DAY.year, le=LATEST_DAY.year)]
Flag = Annotated[bool, Field(strict=True)]
RowId = Annotated[int, Field(strict=True, ge=1, le=MAX_ID)]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False)]

PathId = Annotated[int, Path(le=MAX_ID, ge=-MAX_ID, description="编号 (id)")]
QueryId = Annotated[int, Field(le=MAX_ID, ge=1)]


class Input(BaseModel):
    """A body of a request; what it does not know, it refuses."""

    model_config = ConfigDict(extra="forbid")


class Patch(Input):
    """A body that changes what it names and leaves the rest."""

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, with their values."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Output(BaseModel):
    """An answer, read from a row; outputs have no defaults."""

    model_config = ConfigDict(from_attributes=True)


def example(**fields: Any) -> ConfigDict:
    """The configuration of a body that shows these fields as its example; it is true: a test sends every one."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


def unset() -> Any:
    """The default of a patch's field: absent leaves the value, and null is refused where the field takes none."""
    return Field(default_factory=lambda: None)


class End(Input):
    """When something ends and why; what ended is kept."""

    model_config = example(on="2023-08-31", reason="机构调整")

    on: Day
    reason: LongText


def require_order(first: date | None, last: date | None, what: str = "开始日期与结束日期") -> None:
    """Refuse dates that are reversed; one that is absent is before or after everything."""
    if first is not None and last is not None and first > last:
        raise Refused(
            "dates_reversed",
            f"{what}颠倒：{first} 晚于 {last}。请对调或更正。",
            {"first": first.isoformat(), "last": last.isoformat()},
        )
