"""Passwords, tokens and the key that signs them. No key is ever in the code."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import jwt
from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.engine import make_url

from app.core.config import Settings
from app.core.limits import MAX_ID

ALGORITHM = "HS256"
DEVELOPMENT_KEY_FILE = Path("var/dudao.secret")


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What a token says: whose it is, and a fingerprint of the password with which it was asked."""

    user_id: int
    fingerprint: str


class Passwords:
    """Hashes and checks passwords with argon2; an unknown user costs as much time as a wrong password."""

    def __init__(self, hasher: Argon2Hasher | None = None) -> None:
        self._hash = PasswordHash((hasher or Argon2Hasher(),))
        self._nobody = self._hash.hash(secrets.token_urlsafe(16))

    def hash(self, password: str) -> str:
        """The hash to store."""
        return self._hash.hash(password)

    def verify(self, password: str, stored: str | None) -> bool:
        """Whether the password is the one of the stored hash; without one, the same work and no."""
        try:
            matches = self._hash.verify(password, stored or self._nobody)
        except UnknownHashError:  # an account whose password was never set
            return False
        return matches and stored is not None


def new_password() -> str:
    """A random password that can be typed, about 96 bits."""
    return secrets.token_urlsafe(12)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Signs and reads bearer tokens (JWT)."""

    key: str
    life: timedelta

    def fingerprint(self, password_hash: str) -> str:
        """A mark of the present password: when the password changes, older tokens no longer match it."""
        return hmac.new(self.key.encode(), password_hash.encode(), hashlib.sha256).hexdigest()[:16]

    def issue(self, user_id: int, password_hash: str, now: datetime) -> str:
        """A token for the user that is good from now for the life of tokens."""
        claims = {
            "sub": str(user_id),
            "pwd": self.fingerprint(password_hash),
            "iat": int(now.timestamp()),
            "exp": int((now + self.life).timestamp()),
        }
        return jwt.encode(claims, self.key, ALGORITHM)

    def read(self, token: str, now: datetime) -> TokenClaims | None:
        """What a token says, or none when it is forged, broken or past its time."""
        try:
            claims = jwt.decode(
                token,
                self.key,
                [ALGORITHM],
                # the time is compared below, with the clock of the application
                options={"verify_exp": False, "verify_iat": False, "require": ["sub", "pwd", "iat", "exp"]},
            )
            user_id, expires = int(claims["sub"]), int(claims["exp"])
        except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError):
            return None
        if now.timestamp() >= expires or not 0 < user_id <= MAX_ID:
            return None
        return TokenClaims(user_id=user_id, fingerprint=str(claims["pwd"]))


def signing_key(settings: Settings) -> str:
    """DUDAO_SECRET, or a key made once and kept in a file that only its owner reads, beside the SQLite database."""
    if settings.secret is not None:
        return settings.secret.get_secret_value()
    return _kept_key(_key_file(settings))


def _key_file(settings: Settings) -> Path:
    database = make_url(settings.database_url).database
    if settings.is_sqlite and database and database != ":memory:":
        return Path(f"{database}.secret")
    return DEVELOPMENT_KEY_FILE


def _kept_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            path.hardlink_to(fresh)  # appears whole or not at all, so two starts at once agree on one key
        fresh.unlink()
    return path.read_text().strip()
