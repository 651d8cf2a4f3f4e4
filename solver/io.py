"""Both file formats: problems and plans from files and JSON values, and back.

Errors are reported by place and reason. The limits of size are in ``solver.limits``.
"""

from __future__ import annotations

import gc
import gzip
import io
import json
import os
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING
from pathlib import Path
from typing import BinaryIO, cast

from solver.errors import InputError, InvalidInput
from solver.limits import MAX_CONTAINERS, MAX_FILE_BYTES, MAX_ITEMS
from solver.plan import Plan, Score
from solver.problem import Problem
from solver.reasons import ReasonValue
from solver.records import NEWEST, JsonObject, WrongValueError, reader_of, write_reason_value, written, wrong_value
from solver.validation import ROOT, capped, errors_in, ids_of, shown

PROBLEM_FORMATS = {"supervision-problem/1": 1, "supervision-problem/2": 2}
"""The formats of a problem, with the edition of the contract that each follows."""

PLAN_FORMAT = "supervision-plan/1"

GZIP_MAGIC = b"\x1f\x8b"


def read_problem(path: Path | str) -> Problem:
    """The problem in a file, gzipped or not. Raises ``InvalidInput``, for a file that cannot be read too."""
    with _collector_at_rest():
        return parse_problem(_load(Path(path)))


def read_plan(path: Path | str, problem: Problem | None = None) -> Plan:
    """The plan in a file, gzipped or not; see ``parse_plan``. Raises ``InvalidInput``."""
    with _collector_at_rest():
        return parse_plan(_load(Path(path)), problem)


def parse_problem(value: object) -> Problem:
    """The problem that a parsed JSON value holds. Raises ``InvalidInput`` with every error found."""
    return cast("Problem", _parse(value, PROBLEM_FORMATS, Problem))


def parse_plan(value: object, problem: Problem | None = None) -> Plan:
    """The plan that a parsed JSON value holds; its ids are looked up only if the problem is given.

    Raises ``InvalidInput`` with every error found.
    """
    plan = cast("Plan", _parse(value, {PLAN_FORMAT: NEWEST}, Plan))
    if problem is not None and (errors := errors_in(plan, ids_of(problem))):
        raise InvalidInput(errors)
    return plan


def problem_to_json(problem: Problem) -> JsonObject:
    """The problem as the JSON value of its file."""
    (name,) = (name for name, edition in PROBLEM_FORMATS.items() if edition == problem.edition)
    return {"format": name, **written(problem, problem.edition)}


def plan_to_json(plan: Plan, problem: Problem) -> JsonObject:
    """The plan as the JSON value of its file; the problem's weights give the total."""
    record: JsonObject = {"format": PLAN_FORMAT, **written(plan)}
    return record | {"score": score_to_json(plan.score, problem)}


def score_to_json(score: Score, problem: Problem) -> JsonObject:
    """The parts of a score that the problem's edition has, and their weighted total."""
    return {**written(score, problem.edition), "total": score.total(problem.weights)}


def details_to_json(details: Mapping[str, ReasonValue]) -> JsonObject:
    """The details of a reason or a violation."""
    return {key: write_reason_value(value) for key, value in details.items()}


def write_problem(problem: Problem, path: Path | str) -> None:
    """Write the problem file at once or not at all, gzipped if the name ends in ``.gz``. Raises ``OSError``."""
    _store(problem_to_json(problem), Path(path))


def write_plan(plan: Plan, problem: Problem, path: Path | str) -> None:
    """Write the plan file at once or not at all, gzipped if the name ends in ``.gz``. Raises ``OSError``."""
    _store(plan_to_json(plan, problem), Path(path))


# Files


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """No search for cycles while a file is read: there are none, and it takes half of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _load(path: Path) -> object:
    """The JSON value in a file: UTF-8, no key twice in an object, no NaN, within the limits of size."""
    try:
        content = _content(path)
        for limit, what, count in (
            (MAX_CONTAINERS, "lists and objects", content.count(b"[") + content.count(b"{")),
            (MAX_ITEMS, "values", content.count(b",")),
        ):
            if count > limit:
                raise InvalidInput([InputError(str(path), f"more than {limit} {what}")])
        return json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_object_without_repeated_keys,
            parse_constant=_refuse_constant,
        )
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
    except (EOFError, zlib.error) as error:
        reason = f"is no complete gzip file: {error}"
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 at byte {error.start}"
    except RecursionError:
        reason = "is nested too deeply"
    except ValueError as error:
        reason = f"is no JSON: {error}"
    raise InvalidInput([InputError(str(path), reason)])


def _content(path: Path) -> bytes:
    with path.open("rb") as stored:
        content = _read_within_limit(stored, path)
    if content.startswith(GZIP_MAGIC):
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as unpacked:
            content = _read_within_limit(cast("BinaryIO", unpacked), path)
    return content


def _read_within_limit(stream: BinaryIO, path: Path) -> bytes:
    content = stream.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise InvalidInput([InputError(str(path), f"is larger than {MAX_FILE_BYTES} bytes")])
    return content


def _object_without_repeated_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record = dict(pairs)
    if len(record) != len(pairs):
        repeated, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ValueError(f"the key {shown(repeated)} stands twice in one object")
    return record


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no number")


def _store(record: JsonObject, path: Path) -> None:
    content = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    if path.suffix == ".gz":
        content = gzip.compress(content, compresslevel=6, mtime=0)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _parse(value: object, formats: Mapping[str, int], kind: type) -> object:
    """The value of a class, read in the edition that its format names."""
    if type(value) is not dict:
        raise InvalidInput([InputError(ROOT, f"{shown(value)} is no object")])
    rest = dict(value)
    stated = rest.pop("format", MISSING)
    expected = " or ".join(shown(name) for name in formats)
    try:
        if stated is MISSING:
            raise wrong_value(f'the key "format" is missing; it reads {expected}')
        if not isinstance(stated, str) or stated not in formats:
            raise WrongValueError([InputError(".format", f"{shown(stated)} is not {expected}")])
        return reader_of(kind, formats[stated])(rest)
    except RecursionError:
        raise InvalidInput([InputError(ROOT, "is nested too deeply")]) from None
    except WrongValueError as wrong:
        raise InvalidInput(capped([InputError(_at(error.where), error.why) for error in wrong.errors])) from None


def _at(where: str) -> str:
    return where.removeprefix(".") or ROOT
