"""Who did what when: every change leaves an entry, with the thing as it was and as it became."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from app.accounts import seals
from app.accounts.identity import CurrentUser
from app.accounts.rights import Actor
from app.core.clock import Clock, ClockDep
from app.core.db import SessionDep
from app.core.errors import Conflict
from app.models import AuditEntry

RowT = TypeVar("RowT", bound=SQLModel)

_NEVER_SHOWN = {"password_hash", "secret_hash"}


def snapshot(row: SQLModel) -> dict[str, Any]:
    """A row as the audit keeps it: plain JSON, no secrets."""
    return row.model_dump(mode="json", exclude=_NEVER_SHOWN)


def record(
    session: Session,
    clock: Clock,
    user: Actor | None,
    action: str,
    noun: str,
    noun_id: int | str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down one deed; ``user`` is none where the service itself acted."""
    entry = AuditEntry(
        at=clock.now(),
        user_id=user.id if user else None,
        action=action,
        noun=noun,
        noun_id=str(noun_id),
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
    )
    session.add(entry)
    seals.note(session, entry)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a change works with: the transaction, the clocks and who asks; it writes rows and their entries together."""

    session: Session
    clock: Clock
    user: Actor | None

    @property
    def asker(self) -> Actor:
        """Who asks; only a program that acts by itself has nobody."""
        if self.user is None:
            raise LookupError("nobody asks")
        return self.user

    def add(self, row: RowT, action: str = "create") -> RowT:
        """Store a new row."""
        self.session.add(row)
        self.session.flush()
        self._record(row, action, None, snapshot(row))
        return row

    def change(self, row: RowT, changes: Mapping[str, Any], action: str = "change", reason: str = "") -> RowT:
        """Set the fields of a row; where nothing differs there is no entry. A reason is kept in the entry."""
        before = snapshot(row)
        for name, value in changes.items():
            setattr(row, name, value)
        self.session.add(row)
        self.session.flush()
        after = snapshot(row)
        if after != before or action != "change":
            self._record(row, action, before, after | ({"reason": reason} if reason else {}))
        return row

    def remove(self, row: SQLModel, what: str) -> None:
        """Delete a row to which nothing refers; its last state stays in the entry. ``what`` names it in a refusal."""
        before = snapshot(row)
        try:
            with self.session.begin_nested():
                self.session.delete(row)
        except IntegrityError as error:
            raise Conflict("in_use", f"{what}仍被其他记录引用，不能删除。请先处理引用它的记录，或改为停用。") from error
        self._record(row, "delete", before, None)

    def _record(
        self, row: SQLModel, action: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
    ) -> None:
        state: Mapping[str, Any] = after or before or {}
        key = next((state[name] for name in ("id", "key", "day", "year") if name in state), "")
        record(self.session, self.clock, self.user, action, str(row.__tablename__), key, before, after)


def get_ledger(session: SessionDep, clock: ClockDep, user: CurrentUser) -> Ledger:
    """The ledger of a request."""
    return Ledger(session, clock, user)


LedgerDep = Annotated[Ledger, Depends(get_ledger, scope="function")]
