"""Accounts, who did what when, and the settings of the field's rules."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import CODE_LENGTH, NAME_LENGTH, word_type


class Role(StrEnum):
    """Whose work the account does; every right follows from it and the office."""

    ADMIN = "admin"
    CITY_OFFICE = "city_office"
    BANNER_OFFICE = "banner_office"
    INSPECTOR = "inspector"


class User(SQLModel, table=True):
    """An account; an office account names its office, an inspector's its inspector."""

    __tablename__ = "account"  # "user" is a reserved word of PostgreSQL
    __table_args__ = (
        sa.CheckConstraint("(role IN ('city_office', 'banner_office')) = (office_id IS NOT NULL)", name="office"),
        sa.CheckConstraint("(role = 'inspector') = (inspector_id IS NOT NULL)", name="inspector"),
    )

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(max_length=CODE_LENGTH, unique=True)
    password_hash: str
    role: Role = Field(sa_type=word_type(Role))
    office_id: int | None = Field(default=None, foreign_key="office.id", index=True)
    inspector_id: int | None = Field(default=None, foreign_key="inspector.id", index=True)
    created_at: datetime
    ended_at: datetime | None = None


class AuditEntry(SQLModel, table=True):
    """One deed: who did what to which thing, when, and what the thing was like before and after.

    ``seal`` is the number of the seal that covers the entry.
    """

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    user_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    action: str = Field(max_length=CODE_LENGTH)
    noun: str = Field(max_length=CODE_LENGTH)
    noun_id: str = Field(max_length=NAME_LENGTH)
    before: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)
    after: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)
    seal: int | None = Field(default=None, foreign_key="audit_seal.number", index=True)


class AuditSeal(SQLModel, table=True):
    """A digest of the entries of one transaction and of the seal before: an altered or deleted entry is noticed."""

    __tablename__ = "audit_seal"

    number: int = Field(primary_key=True)
    digest: str = Field(max_length=CODE_LENGTH)


class LoginAttempts(SQLModel, table=True):
    """A token bucket that brakes the guessing of passwords; its key is a digest of a name, an address, or both."""

    __tablename__ = "login_attempts"

    digest: str = Field(primary_key=True, max_length=CODE_LENGTH)
    level: float
    at: datetime = Field(index=True)
    succeeded_at: datetime | None = None


class Setting(SQLModel, table=True):
    """A number or switch of the field's rules that an administrator changed from its default."""

    key: str = Field(primary_key=True, max_length=CODE_LENGTH)
    value: Any = Field(sa_type=sa.JSON)
    updated_at: datetime
