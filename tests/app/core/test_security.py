"""Passwords, tokens, and the key that signs them."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import SecretStr

from app.core.config import Settings
from app.core.security import Passwords, TokenClaims, Tokens, new_password, signing_key

NOW = datetime(2022, 9, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
TOKENS = Tokens("a key of at least thirty-two bytes, for tests", HOUR)


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))


def test_a_password_is_stored_as_a_hash_that_only_it_fits(passwords: Passwords) -> None:
    stored = passwords.hash("草原上的马")
    assert stored.startswith("$argon2id$")
    assert passwords.verify("草原上的马", stored)
    assert not passwords.verify("草原上的羊", stored)


def test_nobody_has_no_password(passwords: Passwords) -> None:
    assert not passwords.verify("", None)


def test_new_passwords_differ() -> None:
    assert new_password() != new_password()


def test_a_token_says_whose_it_is_until_its_time_is_over() -> None:
    token = TOKENS.issue(7, "hash", NOW)
    whose = TokenClaims(user_id=7, fingerprint=TOKENS.fingerprint("hash"))
    assert TOKENS.read(token, NOW) == whose
    assert TOKENS.read(token, NOW + HOUR - timedelta(seconds=1)) == whose
    assert TOKENS.read(token, NOW + HOUR) is None


def test_a_token_of_another_key_says_nothing() -> None:
    forged = Tokens("another key of at least thirty-two bytes, too", HOUR).issue(7, "hash", NOW)
    assert TOKENS.read(forged, NOW) is None
    assert TOKENS.read("no token", NOW) is None


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'dudao.sqlite'}", secret=None)
    first, second = signing_key(settings), signing_key(settings)
    file = tmp_path / "dudao.sqlite.secret"
    assert first == second == file.read_text()
    assert len(first) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_given_secret_is_the_key(tmp_path: Path) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'dudao.sqlite'}",
        secret=SecretStr("a secret of tests, long and varied enough"),
    )
    assert signing_key(settings) == "a secret of tests, long and varied enough"
    assert list(tmp_path.iterdir()) == []
