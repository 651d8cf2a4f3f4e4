"""The chain of seals: it is whole as long as nobody alters the audit, and tells what was altered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.accounts import audit, seals
from app.core.clock import Clock
from app.core.config import Settings
from app.core.db import make_engine, migrate, reading, writing
from app.models import AuditEntry, AuditSeal

CLOCK = Clock()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database of its own, since only what is committed is sealed."""
    url = f"sqlite:///{tmp_path / 'audit.sqlite'}"
    if request.param == "postgres":
        url = request.getfixturevalue("new_postgres_database")()
    settings = Settings(database_url=url)
    migrate(settings)
    engine = make_engine(settings)
    yield engine
    engine.dispose()


def do(engine: sa.Engine, *actions: str) -> None:
    """One transaction with an entry for each action."""
    with writing(engine) as session:
        for action in actions:
            audit.record(session, CLOCK, None, action, "thing", 1, None, {"名": action})


def verified(engine: sa.Engine) -> seals.Verification:
    with reading(engine) as session:
        return seals.verify(session)


def test_every_transaction_is_sealed_once(engine: sa.Engine) -> None:
    do(engine, "a", "b")
    do(engine, "c")
    found = verified(engine)
    assert (found.seals, found.entries, found.is_whole) == (2, 3, True)


def test_what_was_rolled_back_leaves_no_seal(engine: sa.Engine) -> None:
    with reading(engine) as session:
        audit.record(session, CLOCK, None, "a", "thing", 1)
        session.flush()
        session.rollback()
        session.commit()
    do(engine, "b")
    assert (verified(engine).seals, verified(engine).is_whole) == (1, True)


def alter(session: Session) -> None:
    session.execute(sa.update(AuditEntry).where(col(AuditEntry.action) == "b").values(action="x"))


def delete(session: Session) -> None:
    session.execute(sa.delete(AuditEntry).where(col(AuditEntry.action) == "b"))


def insert(session: Session) -> None:
    session.execute(sa.insert(AuditEntry).values(at=CLOCK.now(), action="x", noun="thing", noun_id="1", seal=2))


def swap(session: Session) -> None:
    session.execute(sa.update(AuditSeal).where(col(AuditSeal.number) == 2).values(digest="1" * 64))


@pytest.mark.parametrize(("tamper", "broken"), [(alter, (2,)), (delete, (2,)), (insert, (2,)), (swap, (2, 3))])
def test_tampering_is_noticed(engine: sa.Engine, tamper: Callable[[Session], None], broken: tuple[int, ...]) -> None:
    for actions in (("a",), ("b", "bb"), ("c",)):
        do(engine, *actions)
    with engine.begin() as connection, Session(connection) as session:
        tamper(session)
        session.flush()
    found = verified(engine)
    assert (found.broken, found.is_whole) == (broken, False)


def test_an_entry_slipped_in_without_a_seal_is_noticed(engine: sa.Engine) -> None:
    do(engine, "a")
    with engine.begin() as connection:
        connection.execute(sa.insert(AuditEntry).values(at=CLOCK.now(), action="x", noun="thing", noun_id="1"))
    assert verified(engine).unsealed == 1


def test_a_seal_that_is_gone_is_noticed(engine: sa.Engine) -> None:
    for action in ("a", "b", "c"):
        do(engine, action)
    with engine.begin() as connection:
        connection.execute(sa.update(AuditEntry).where(col(AuditEntry.seal) == 2).values(seal=1))
        connection.execute(sa.delete(AuditSeal).where(col(AuditSeal.number) == 2))
    found = verified(engine)
    assert (found.missing, found.is_whole) == ((2,), False)


def test_transactions_at_once_make_one_chain(engine: sa.Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: do(engine, f"a{number}"), range(12)))
    assert (verified(engine).seals, verified(engine).is_whole) == (12, True)
