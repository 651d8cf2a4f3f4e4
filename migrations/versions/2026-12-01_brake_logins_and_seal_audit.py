"""Brake logins and seal the audit.

Reason: all processes count the guesses of passwords together, and an altered or deleted entry of the audit is noticed.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "3f6a1c9be2d4"
down_revision = "c4d81f3e9a70"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _limit_waiting()
    op.create_table(
        "login_attempts",
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("level", sa.Float(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("succeeded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_login_attempts")),
    )
    op.create_index(op.f("ix_login_attempts_at"), "login_attempts", ["at"])
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
    )
    with op.batch_alter_table("audit_entry") as table:
        table.add_column(sa.Column("seal", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_audit_entry_seal"), "audit_seal", ["seal"], ["number"])
        table.create_index(op.f("ix_audit_entry_seal"), ["seal"])
    _seal_what_is_there()
    _fold_user_names()


def downgrade() -> None:
    _limit_waiting()
    with op.batch_alter_table("audit_entry") as table:
        table.drop_index(op.f("ix_audit_entry_seal"))
        table.drop_constraint(op.f("fk_audit_entry_seal"), type_="foreignkey")
        table.drop_column("seal")
    op.drop_table("audit_seal")
    op.drop_index(op.f("ix_login_attempts_at"), "login_attempts")
    op.drop_table("login_attempts")


def _seal_what_is_there() -> None:
    """One seal over all entries, by the formula of ``app.accounts.seals``."""
    entries = sa.table(
        "audit_entry",
        sa.column("id", sa.Integer),
        sa.column("at", sqlmodel.sql.sqltypes.UTCDateTime),
        sa.column("user_id", sa.Integer),
        *(sa.column(name, sa.String) for name in ("action", "noun", "noun_id")),
        sa.column("before", sa.JSON),
        sa.column("after", sa.JSON),
        sa.column("seal", sa.Integer),
    )
    columns = (entries.c[name] for name in ("id", "at", "user_id", "action", "noun", "noun_id", "before", "after"))
    digest = hashlib.sha256(b"0" * 64)
    number = 0
    connection = op.get_bind()
    for row in connection.execute(sa.select(*columns).order_by(entries.c.id)):
        number += 1
        fields = (row[0], row[1].isoformat(), *row[2:])
        digest.update(json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    if number:
        seals = sa.table("audit_seal", sa.column("number", sa.Integer), sa.column("digest", sa.String))
        connection.execute(sa.insert(seals).values(number=1, digest=digest.hexdigest()))
        connection.execute(sa.update(entries).values(seal=1))


def _fold_user_names() -> None:
    """User names in the one form in which they are compared; two that differ by case alone keep theirs."""
    accounts = sa.table("account", sa.column("id", sa.Integer), sa.column("username", sa.String))
    connection = op.get_bind()
    names = {name: number for number, name in connection.execute(sa.select(accounts.c.id, accounts.c.username))}
    for name, number in list(names.items()):
        folded = unicodedata.normalize("NFKC", name).strip().casefold()
        if folded not in names:
            names[folded] = number
            connection.execute(sa.update(accounts).where(accounts.c.id == number).values(username=folded))


def _limit_waiting() -> None:
    """Give up rather than queue everybody behind a lock that cannot be had."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
