"""Dataclasses to and from JSON values, driven by their annotations.

Every key of a record must be known. One may be absent if its field is ``… | None = None`` or marked ``MayBeAbsent``;
nothing may be null. One marked ``Since`` is unknown, and not written, in editions before its own. A class that is one
of several carries the class variable ``model``, written as a key. Dates are strings, sets are lists in sorted order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Literal, Protocol, cast, get_args, get_origin

from solver.errors import InputError
from solver.limits import MAX_ERRORS
from solver.plan import Score
from solver.problem import DateRange
from solver.reasons import Reason, ReasonValue
from solver.validation import MayBeAbsent, Since, is_union, marks_of, shown, type_hints_of, without_marks

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
JsonObject = dict[str, Json]

Reader = Callable[[object], object]
Writer = Callable[[object], Json]


NEWEST = 2
"""The newest edition of the contract."""


class HasModel(Protocol):
    """A class that is one of several, distinguished by the word in ``model``."""

    model: str


class WrongValueError(Exception):
    """Errors of a value that is being read, told relative to it."""

    def __init__(self, errors: Sequence[InputError]) -> None:
        super().__init__()
        self.errors = errors

    def under(self, step: str, about: str = "") -> list[InputError]:
        """The errors seen from one level higher."""
        return [InputError(step + error.where, error.why + about) for error in self.errors]


def wrong_value(why: str) -> WrongValueError:
    return WrongValueError([InputError("", why)])


@cache
def reader_of(hint: object, edition: int = NEWEST) -> Reader:
    """The function that reads a JSON value of an edition as the annotation says, or raises ``WrongValueError``."""
    bare = without_marks(hint)
    if special := _SPECIAL_READERS.get(bare):
        return special
    origin, arguments = get_origin(bare), get_args(bare)
    if is_union(bare):
        return _read_alternatives([argument for argument in arguments if argument is not NoneType], edition)
    if isinstance(bare, type) and is_dataclass(bare):
        return _read_object(bare, edition)
    if origin is Literal:
        return _read_choice({choice: choice for choice in arguments})
    if isinstance(bare, type) and issubclass(bare, StrEnum):
        return _read_choice({choice.value: choice for choice in bare})
    if origin in (tuple, frozenset):
        build = cast("Callable[[list[object]], object]", origin)
        return _read_list(build, reader_of(arguments[0], edition))
    if origin is Mapping:
        return _read_mapping(reader_of(arguments[1], edition))
    raise TypeError(f"no reader for {hint}")


def _read_object(kind: type, edition: int) -> Reader:
    specification = [
        (name, reader_of(hint, edition), _is_required(kind, name)) for name, hint in _hints_of(kind, edition).items()
    ]
    names = {name for name, _, _ in specification}

    def read(value: object) -> object:
        if type(value) is not dict:
            raise wrong_value(f"{shown(value)} is no object")
        errors: list[InputError] = []
        arguments = {}
        for name, read_field, required in specification:
            if name in value:
                try:
                    arguments[name] = read_field(value[name])
                except WrongValueError as wrong:
                    errors += wrong.under(f".{name}")
            elif required:
                errors.append(InputError("", f'the key "{name}" is missing'))
        if not names.issuperset(value):
            errors += [InputError("", _unknown_key(kind, key)) for key in value if key not in names]
        if errors:
            raise WrongValueError(errors)
        return kind(**arguments)

    return read


def _unknown_key(kind: type, key: object) -> str:
    known = type_hints_of(kind)
    since = [mark.edition for mark in marks_of(known.get(str(key))) if isinstance(mark, Since)]
    return f"the key {shown(key)} is unknown" + (f" before edition {since[0]} of the format" if since else "")


def _hints_of(kind: type, edition: int) -> dict[str, object]:
    """The annotations of the fields that the edition has."""
    return {
        name: hint
        for name, hint in type_hints_of(kind).items()
        if all(mark.edition <= edition for mark in marks_of(hint) if isinstance(mark, Since))
    }


def _is_required(kind: type, name: str) -> bool:
    default = next(field.default for field in fields(kind) if field.name == name)
    marks = marks_of(type_hints_of(kind)[name])
    if any(isinstance(mark, Since) and mark.required for mark in marks):
        return True
    return default is not None and not any(isinstance(mark, MayBeAbsent) for mark in marks)


def _read_alternatives(alternatives: Sequence[object], edition: int) -> Reader:
    """One annotation, or several classes distinguished by the key ``model``."""
    if len(alternatives) == 1:
        return reader_of(alternatives[0], edition)
    readers = {cast("HasModel", alternative).model: reader_of(alternative, edition) for alternative in alternatives}

    def read(value: object) -> object:
        if type(value) is not dict:
            raise wrong_value(f"{shown(value)} is no object")
        rest = dict(value)
        model = rest.pop("model", None)
        if not isinstance(model, str) or model not in readers:
            raise WrongValueError([InputError(".model", f"{shown(model)} is none of {', '.join(sorted(readers))}")])
        return readers[model](rest)

    return read


def _read_list(build: Callable[[list[object]], object], read_entry: Reader) -> Reader:
    def read(value: object) -> object:
        if type(value) is not list:
            raise wrong_value(f"{shown(value)} is no list")
        try:
            return build([read_entry(entry) for entry in value])
        except WrongValueError:
            raise WrongValueError(_errors_of_entries(value, read_entry)) from None

    return read


def _errors_of_entries(entries: list[object], read_entry: Reader) -> list[InputError]:
    errors: list[InputError] = []
    for position, entry in enumerate(entries):
        try:
            read_entry(entry)
        except WrongValueError as wrong:
            errors += wrong.under(f"[{position}]", _about(entry))
            if len(errors) > MAX_ERRORS:
                break
    return errors


def _about(entry: object) -> str:
    """The id of the entry in words, if it has one."""
    if type(entry) is not dict:
        return ""
    entry_id = entry.get("id", entry.get("visit"))
    return f" (of {shown(entry_id)})" if isinstance(entry_id, str) else ""


def _read_mapping(read_value: Reader) -> Reader:
    def read(value: object) -> object:
        if type(value) is not dict:
            raise wrong_value(f"{shown(value)} is no object")
        errors: list[InputError] = []
        record = {}
        for key, entry in value.items():
            try:
                record[_read_str(key)] = read_value(entry)
            except WrongValueError as wrong:
                errors += wrong.under(f".{key}")
        if errors:
            raise WrongValueError(errors)
        return record

    return read


def _read_choice(choices: Mapping[str, object]) -> Reader:
    def read(value: object) -> object:
        if type(value) is not str or value not in choices:
            raise wrong_value(f"{shown(value)} is none of {', '.join(choices)}")
        return choices[value]

    return read


def _read_str(value: object) -> str:
    if type(value) is not str:
        raise wrong_value(f"{shown(value)} is no string")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise wrong_value(f"{shown(value)} is no valid Unicode") from None
    return value


def _read_int(value: object) -> int:
    if type(value) is not int:
        raise wrong_value(f"{shown(value)} is no integer")
    return value


def _read_float(value: object) -> float:
    if type(value) is int and abs(value) < 2**53:
        return float(value)
    if type(value) is not float or not math.isfinite(value):
        raise wrong_value(f"{shown(value)} is no number")
    return value


@cache
def _date_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-31") and text[4] == text[7] == "-" else None
    except ValueError:
        return None


def _read_date(value: object) -> date:
    day = _date_or_none(value) if type(value) is str else None
    if day is None:
        raise wrong_value(f"{shown(value)} is no date like 2026-01-31")
    return day


def _read_date_range(value: object) -> DateRange:
    if type(value) is not list or len(value) != 2:
        raise wrong_value(f"{shown(value)} is no list of a first and a last date")
    return DateRange(*cast("tuple[date, date]", _READ_DATES(value)))


def _read_reason(value: object) -> Reason:
    if type(value) is not dict:
        raise wrong_value(f"{shown(value)} is no object")
    if "code" not in value:
        raise wrong_value('the key "code" is missing')
    details = dict(value)
    try:
        code = _read_str(details.pop("code"))
    except WrongValueError as wrong:
        raise WrongValueError(wrong.under(".code")) from None
    return Reason(code, cast("Mapping[str, ReasonValue]", _READ_DETAILS(details)))


def _read_reason_value(value: object) -> ReasonValue:
    """An integer, a string or a list of them; what reads as a date is one."""
    if type(value) is int:
        return value
    if type(value) is str:
        return _date_or_none(value) or _read_str(value)
    if type(value) is list:
        return tuple(_read_reason_value(entry) for entry in value)
    raise wrong_value(f"{shown(value)} is no integer, date, string or list of these")


def _read_score(value: object) -> object:
    """The stated score is not judged: any part may be absent, and the total is dropped."""
    if type(value) is dict and "total" in value:
        rest = dict(value)
        try:
            _read_int(rest.pop("total"))
        except WrongValueError as wrong:
            raise WrongValueError(wrong.under(".total")) from None
        return _READ_SCORE_PARTS(rest)
    return _READ_SCORE_PARTS(value)


_SPECIAL_READERS: dict[object, Reader] = {
    str: _read_str,
    int: _read_int,
    float: _read_float,
    date: _read_date,
    DateRange: _read_date_range,
    ReasonValue: _read_reason_value,
    Reason: _read_reason,
    Score: _read_score,
}
_READ_DATES = _read_list(tuple, _read_date)
_READ_DETAILS = _read_mapping(_read_reason_value)
_READ_SCORE_PARTS = _read_object(Score, NEWEST)


# Writing


def written(record: object, edition: int = NEWEST) -> JsonObject:
    """The JSON object of a dataclass value with the keys of an edition; fields that are ``None`` are left out."""
    kind: type = type(record)
    return cast("JsonObject", _writer_of(kind, edition)(record))


def write_reason_value(value: object) -> Json:
    """One detail of a reason or a violation."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [write_reason_value(entry) for entry in value]
    return cast("str | int", value)


@cache
def _writer_of(hint: object, edition: int) -> Writer:
    bare = without_marks(hint)
    if special := _SPECIAL_WRITERS.get(bare):
        return special
    origin, arguments = get_origin(bare), get_args(bare)
    if is_union(bare):
        return _write_alternatives([argument for argument in arguments if argument is not NoneType], edition)
    if isinstance(bare, type) and is_dataclass(bare):
        return _write_object(bare, edition)
    if origin is Literal:
        return _write_plain
    if isinstance(bare, type) and issubclass(bare, StrEnum):
        return _write_choice
    if origin is tuple:
        return _write_list(_writer_of(arguments[0], edition))
    if origin is frozenset:
        return _write_set
    if origin is Mapping:
        return _write_mapping(_writer_of(arguments[1], edition))
    raise TypeError(f"no writer for {hint}")


def _write_object(kind: type, edition: int) -> Writer:
    writers = [(name, _writer_of(hint, edition)) for name, hint in _hints_of(kind, edition).items()]

    def write(value: object) -> Json:
        record: JsonObject = {}
        for name, write_field in writers:
            entry = getattr(value, name)
            if entry is not None:
                record[name] = write_field(entry)
        return record

    return write


def _write_alternatives(alternatives: Sequence[object], edition: int) -> Writer:
    if len(alternatives) == 1:
        return _writer_of(alternatives[0], edition)

    def write(value: object) -> Json:
        return {"model": cast("HasModel", value).model, **written(value, edition)}

    return write


def _write_list(write_entry: Writer) -> Writer:
    return lambda value: [write_entry(entry) for entry in cast("Sequence[object]", value)]


def _write_set(value: object) -> Json:
    return sorted(cast("frozenset[str]", value))


def _write_mapping(write_value: Writer) -> Writer:
    return lambda value: {key: write_value(entry) for key, entry in cast("Mapping[str, object]", value).items()}


def _write_plain(value: object) -> Json:
    return cast("str | int | float", value)


def _write_choice(value: object) -> Json:
    return cast("StrEnum", value).value


def _write_date(value: object) -> Json:
    return cast("date", value).isoformat()


def _write_date_range(value: object) -> Json:
    return [day.isoformat() for day in cast("DateRange", value)]


def _write_reason(value: object) -> Json:
    reason = cast("Reason", value)
    return {"code": reason.code, **{key: write_reason_value(entry) for key, entry in reason.details.items()}}


_SPECIAL_WRITERS: dict[object, Writer] = {
    str: _write_plain,
    int: _write_plain,
    float: _write_plain,
    date: _write_date,
    DateRange: _write_date_range,
    Reason: _write_reason,
}
