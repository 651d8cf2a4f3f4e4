"""Seals of the audit: each transaction's entries get a digest that covers the seal before too (a hash chain).

An entry that is altered or deleted in the database breaks its seal and all later ones. A person who makes those anew is
still noticed by anyone who noted the digest of the last seal (``dudao audit verify`` prints it).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import AuditEntry, AuditSeal

FIRST_DIGEST = "0" * 64
"""What the first seal takes for the digest of the one before."""

SEALING_LOCK = 0x6475_6461_6F
"""The number of PostgreSQL's advisory lock that lets one transaction seal at a time."""

_PENDING = "dudao.unsealed"


def note(session: Session, entry: AuditEntry) -> None:
    """Remember an entry that the end of the transaction is to seal."""
    session.info.setdefault(_PENDING, []).append(entry)


@sa.event.listens_for(Session, "before_commit")
def _seal(session: sa.orm.Session) -> None:
    """Seal the transaction's entries just before it commits: others wait for no longer than the commit takes."""
    if session.in_nested_transaction() or not session.info.get(_PENDING):
        return
    session.flush()
    entries = [entry for entry in session.info.pop(_PENDING) if sa.inspect(entry).persistent]
    if not entries:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": SEALING_LOCK})
    last = session.execute(sa.select(AuditSeal).order_by(col(AuditSeal.number).desc()).limit(1)).scalar()
    number, digest = (last.number, last.digest) if last is not None else (0, FIRST_DIGEST)
    entries.sort(key=lambda entry: entry.id or 0)
    session.add(AuditSeal(number=number + 1, digest=digest_of(digest, entries)))
    session.flush()
    ids = [entry.id for entry in entries]
    session.execute(sa.update(AuditEntry).where(col(AuditEntry.id).in_(ids)).values(seal=number + 1))


@sa.event.listens_for(Session, "after_rollback")
def _forget(session: sa.orm.Session) -> None:
    """What was rolled back needs no seal."""
    if not session.in_transaction():
        session.info.pop(_PENDING, None)


def digest_of(before: str, entries: Iterable[AuditEntry]) -> str:
    """The SHA-256 of a seal: the digest before, then each entry as a line of JSON."""
    digest = hashlib.sha256(before.encode())
    for entry in entries:
        digest.update(_line(entry))
    return digest.hexdigest()


def _line(entry: AuditEntry) -> bytes:
    at = entry.at.isoformat()
    fields = (entry.id, at, entry.user_id, entry.action, entry.noun, entry.noun_id, entry.before, entry.after)
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of all seals found: ``broken`` are seals whose entries are not as sealed, ``missing`` seals that are
    gone, ``unsealed`` entries without a seal; ``head`` is the digest of the last one."""

    seals: int
    entries: int
    broken: tuple[int, ...]
    missing: tuple[int, ...]
    unsealed: int
    head: str

    @property
    def is_whole(self) -> bool:
        """Whether nothing was altered."""
        return not (self.broken or self.missing or self.unsealed)


def verify(session: Session) -> Verification:
    """Compute every seal anew; a broken one is reported once, and the chain goes on from its stored digest."""
    seals = {row.number: row.digest for row in session.exec(select(AuditSeal).order_by(col(AuditSeal.number)))}
    statement = select(AuditEntry).where(col(AuditEntry.seal).is_not(None))
    rows = session.exec(statement.order_by(col(AuditEntry.seal), col(AuditEntry.id)).execution_options(yield_per=1000))
    found: dict[int, str] = {}
    entries = 0
    for number, group in groupby(rows, key=lambda entry: entry.seal or 0):
        members = list(group)
        entries += len(members)
        found[number] = digest_of(seals.get(number - 1, FIRST_DIGEST), members)
    last = max([*seals, *found, 0])
    unsealed = session.exec(select(sa.func.count()).where(col(AuditEntry.seal).is_(None))).one()
    return Verification(
        seals=len(seals),
        entries=entries,
        broken=tuple(number for number, digest in seals.items() if found.get(number) != digest),
        missing=tuple(number for number in range(1, last + 1) if number not in seals),
        unsealed=unsealed,
        head=seals.get(last, FIRST_DIGEST),
    )
