"""What the fields of a problem or plan must keep to, said in their annotations and checked in one walk over them.

A field says ``Annotated[int, Within(1, 7)]`` or ``Annotated[str, RefersTo(("places",))]``; a class whose fields depend
on each other has a method ``own_errors``. Nothing is listed twice, so no new field can be forgotten here.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Annotated, Protocol, Union, cast, get_args, get_origin, get_type_hints, runtime_checkable

from solver.errors import InputError
from solver.limits import MAX_ERRORS

SHOWN_CHARACTERS = 80
"""How much of a value an error repeats."""

ROOT = "$"
"""Where an error stands that concerns the input as a whole."""

KnownIds = Mapping[str, frozenset[str]]
"""The ids that may be referred to, by kind."""

Check = Callable[[object, KnownIds], list[InputError]]
"""Faults of one value; where they stand is told relative to it."""


@dataclass(frozen=True, slots=True)
class Within:
    """A number from ``low`` to ``high``, both allowed."""

    low: float
    high: float

    def errors(self, value: object, known: KnownIds) -> list[InputError]:  # noqa: ARG002 - the signature of a mark
        """At most one error: the number is out of range."""
        if self.low <= cast("float", value) <= self.high:
            return []
        return [InputError("", f"{shown(value)} is not within {self.low} to {self.high}")]

    def hold_all(self, numbers: Collection[int]) -> bool:
        """Whether none of the numbers is out of range: a travel matrix holds millions, so only the extremes count."""
        return self.low <= min(numbers) and max(numbers) <= self.high


@dataclass(frozen=True, slots=True)
class RefersTo:
    """An id of one of the kinds named."""

    kinds: tuple[str, ...]

    def errors(self, value: object, known: KnownIds) -> list[InputError]:
        """At most one error: nothing of the kind has this id."""
        if any(value in known[kind] for kind in self.kinds):
            return []
        return [InputError("", f"{shown(value)} is none of the {' or '.join(self.kinds)}")]


@dataclass(frozen=True, slots=True)
class Distinct:
    """A list that holds nothing twice."""

    def errors(self, value: object, known: KnownIds) -> list[InputError]:  # noqa: ARG002
        """One error for every entry that stands further up already."""
        entries = cast("Sequence[object]", value)
        if len(set(entries)) == len(entries):
            return []
        first_at = {entry: position for position, entry in reversed(list(enumerate(entries)))}
        return [
            InputError(f"[{position}]", f"{shown(entry)} is named twice")
            for position, entry in enumerate(entries)
            if first_at[entry] < position
        ]


@dataclass(frozen=True, slots=True)
class Holds:
    """A list or set of ``least`` to ``most`` entries."""

    least: int
    most: int

    def errors(self, value: object, known: KnownIds) -> list[InputError]:  # noqa: ARG002
        """At most one error: too few or too many entries."""
        count = len(cast("Sequence[object]", value))
        if self.least <= count <= self.most:
            return []
        return [InputError("", f"holds {count} entries, not {self.least} to {self.most}")]


@dataclass(frozen=True, slots=True)
class Identifies:
    """The id by which the other parts of the input name its owner: unique among its kind."""


@dataclass(frozen=True, slots=True)
class MayBeAbsent:
    """A key that a file may leave out; the default of the field then holds."""


@dataclass(frozen=True, slots=True)
class Since:
    """A key that files have from this edition of their format on; in one before it is unknown.

    From then on ``required`` keys must be there, although the field has a default for the editions before.
    """

    edition: int
    required: bool = False


@runtime_checkable
class Mark(Protocol):
    """A mark in an annotation that checks the value it stands at."""

    def errors(self, value: object, known: KnownIds) -> list[InputError]:
        """What is wrong with the value."""


@runtime_checkable
class HasOwnErrors(Protocol):
    """A value with rules between its own fields."""

    def own_errors(self) -> Iterator[InputError]:
        """What is wrong between the fields; told relative to the value."""


def errors_in(value: object, known: KnownIds) -> list[InputError]:
    """Every error of a dataclass value and all that it holds, up to the limit of errors."""
    kind: type = type(value)
    check = _check_of(kind)
    found = check(value, known) if check else []
    return capped([InputError(error.where.removeprefix(".") or ROOT, error.why) for error in found])


def ids_of(value: object) -> dict[str, frozenset[str]]:
    """The ids of each list of a dataclass value whose entries have one, under the name of the list."""
    kind: type = type(value)
    return {
        name: frozenset(getattr(entry, key) for entry in getattr(value, name))
        for name, key in _identified(kind).items()
    }


def repeated_ids(value: object) -> Iterator[InputError]:
    """One error for every entry whose id stands further up in the same list."""
    kind: type = type(value)
    for name, key in _identified(kind).items():
        seen: set[str] = set()
        for position, entry in enumerate(getattr(value, name)):
            entry_id = getattr(entry, key)
            if entry_id in seen:
                yield InputError(f".{name}[{position}].{key}", f"the id {shown(entry_id)} is taken already")
            seen.add(entry_id)


@cache
def type_hints_of(kind: type) -> dict[str, object]:
    """The annotations of a dataclass by field, with their marks; class variables are left out."""
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in fields(kind)}


def marks_of(hint: object) -> tuple[object, ...]:
    """The marks that stand in an annotation."""
    return get_args(hint)[1:] if get_origin(hint) is Annotated else ()


def without_marks(hint: object) -> object:
    """The annotation that the marks were added to."""
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def is_union(hint: object) -> bool:
    """Whether the annotation is ``A | B``."""
    return get_origin(hint) in (Union, types.UnionType)


@cache
def _identified(kind: type) -> dict[str, str]:
    """The fields of a class that are lists of identified entries, with the name of the entries' id."""
    found = {}
    for name, hint in type_hints_of(kind).items():
        entry = next(iter(get_args(without_marks(hint))), None)
        if isinstance(entry, type) and is_dataclass(entry):
            for key, key_hint in type_hints_of(entry).items():
                if any(isinstance(mark, Identifies) for mark in marks_of(key_hint)):
                    found[name] = key
    return found


@cache
def _check_of(hint: object) -> Check | None:
    """The check of everything that an annotation asks for, ``None`` if it asks for nothing."""
    checks: list[Check] = [mark.errors for mark in marks_of(hint) if isinstance(mark, Mark)]
    bare = without_marks(hint)
    origin, arguments = get_origin(bare), get_args(bare)
    inner: Check | None = None
    if is_union(bare):
        inner = _check_alternatives(arguments)
    elif isinstance(bare, type) and is_dataclass(bare):
        inner = _check_fields(bare)
    elif origin in (tuple, frozenset) and arguments[-1] in (..., arguments[0]):
        inner = _check_entries(arguments[0])
    elif origin is Mapping:
        inner = _check_mapping(*arguments)
    if inner:
        checks.insert(0, inner)
    if len(checks) <= 1:
        return checks[0] if checks else None
    return lambda value, known: [error for check in checks for error in check(value, known)]


def _check_alternatives(arguments: Sequence[object]) -> Check | None:
    """Check by the class that the value has; ``None`` needs no check."""
    by_type: dict[type, Check] = {}
    for argument in arguments:
        check = _check_of(argument)
        bare = without_marks(argument)
        kind = get_origin(bare) or bare
        if check and isinstance(kind, type):
            by_type[kind] = check
    if not by_type:
        return None

    def errors(value: object, known: KnownIds) -> list[InputError]:
        check = by_type.get(type(value))
        return check(value, known) if check else []

    return errors


def _check_fields(kind: type) -> Check | None:
    checks = [(name, check) for name, hint in type_hints_of(kind).items() if (check := _check_of(hint))]
    has_own_errors = issubclass(kind, HasOwnErrors)
    if not checks and not has_own_errors:
        return None

    def errors(value: object, known: KnownIds) -> list[InputError]:
        found = []
        for name, check in checks:
            if inner := check(getattr(value, name), known):
                found += [InputError(f".{name}{error.where}", error.why) for error in inner]
        if has_own_errors:
            found += cast("HasOwnErrors", value).own_errors()
        return found

    return errors


def _check_entries(entry_hint: object) -> Check | None:
    check = _check_of(entry_hint)
    if check is None:
        return None
    marks = marks_of(entry_hint)
    limits = marks[0] if len(marks) == 1 and isinstance(marks[0], Within) else None

    def errors(value: object, known: KnownIds) -> list[InputError]:
        found: list[InputError] = []
        entries = cast("Sequence[object]", value)
        if limits and entries and limits.hold_all(cast("Sequence[int]", entries)):
            return found
        for position, entry in enumerate(entries):
            if inner := check(entry, known):
                found += [InputError(f"[{position}]{error.where}", with_id(error.why, entry)) for error in inner]
                if len(found) > MAX_ERRORS:
                    break
        return found

    return errors


def _check_mapping(key_hint: object, value_hint: object) -> Check | None:
    check_key, check_value = _check_of(key_hint), _check_of(value_hint)

    def errors(value: object, known: KnownIds) -> list[InputError]:
        found = []
        for key, entry in cast("Mapping[str, object]", value).items():
            inner = check_key(key, known) if check_key else []
            inner = inner + (check_value(entry, known) if check_value else [])
            found += [InputError(f".{key}{error.where}", error.why) for error in inner]
        return found

    return errors if check_key or check_value else None


def shown(value: object) -> str:
    """A value as an error names it: short, on one line."""
    if isinstance(value, int) and value.bit_length() > SHOWN_CHARACTERS:
        return "a number of too many digits"
    if isinstance(value, (list, tuple, frozenset, dict)):
        return f"a {'object' if isinstance(value, dict) else 'list'} of {len(value)}"
    as_json = value is None or isinstance(value, (bool, str))
    text = json.dumps(value, ensure_ascii=False) if as_json else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


def with_id(why: str, entry: object) -> str:
    """The reason with the id of the entry that it speaks of, if it has one."""
    entry_id = getattr(entry, "id", None) or getattr(entry, "visit", None)
    return f"{why} (of {shown(entry_id)})" if isinstance(entry_id, str) else why


def capped(errors: list[InputError]) -> list[InputError]:
    """The first errors, as many as are reported, and a last one that says so if there are more."""
    if len(errors) <= MAX_ERRORS:
        return errors
    return [*errors[:MAX_ERRORS], InputError(ROOT, f"there are more than {MAX_ERRORS} errors; the rest is not listed")]
