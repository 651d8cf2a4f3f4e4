"""A brake on guessing passwords: token buckets for a name at an address, for an address, and for a name.

The buckets are rows, so all processes count together and a restart forgets nothing. A row bears only a keyed digest of
the name and the address: its size does not depend on what was sent.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models import LoginAttempts

KNOWN_FOR = timedelta(days=90)
"""How long a name that logged in from an address is exempt there from what strangers do to the name."""

IPV6_NETWORK_BITS = 64
"""What one subscriber is given: its addresses count as one."""


class Limit(NamedTuple):
    """``capacity`` attempts are free of waiting, then one more every ``seconds``."""

    capacity: int
    seconds: int


PAIR = Limit(10, 30)
ADDRESS = Limit(50, 6)
NAME = Limit(100, 30)


@dataclass(frozen=True, slots=True)
class Throttle:
    """Counts attempts in the transaction that it is given, which the caller commits whatever becomes of the attempt."""

    key: str

    def take(self, session: Session, name: str, address: str, now: datetime) -> int:
        """Count one attempt; the answer is 0 when it is allowed, else the seconds to wait.

        A stranger who guesses a name cannot keep its owner out: where the name has logged in before, only the owner's
        own attempts count.
        """
        pair, at_address, of_name = self._digests(name, address)
        rows = self._rows(session, (pair, at_address, of_name), now)
        known = rows[pair].succeeded_at
        limits = {pair: PAIR, at_address: ADDRESS}
        if known is None or now - known > KNOWN_FOR:
            limits[of_name] = NAME
        waits = [_refilled(rows[digest], limit, now) for digest, limit in limits.items()]
        if wait := max(waits):
            return wait
        for digest in limits:
            rows[digest].level -= 1
        session.flush()
        return 0

    def forgive(self, session: Session, name: str, address: str, now: datetime) -> None:
        """Forget the attempts of a name at an address, and remember that it logged in from there."""
        pair, at_address, of_name = self._digests(name, address)
        rows = self._rows(session, (pair, at_address, of_name), now)
        rows[pair].level, rows[pair].succeeded_at = PAIR.capacity, now
        rows[at_address].level = min(ADDRESS.capacity, rows[at_address].level + 1)
        rows[of_name].level = min(NAME.capacity, rows[of_name].level + 1)
        session.flush()
        _forget(session, now)

    def _digests(self, name: str, address: str) -> tuple[str, str, str]:
        network = _network(address)
        return self._digest("pair", name, network), self._digest("address", network), self._digest("name", name)

    def _digest(self, *parts: str) -> str:
        text = "\0".join(parts).encode()
        return hmac.new(self.key.encode(), text, hashlib.sha256).hexdigest()

    def _rows(self, session: Session, digests: tuple[str, ...], now: datetime) -> dict[str, LoginAttempts]:
        """The rows of these digests, made where there is none, locked until the transaction ends."""
        statement = sa.select(LoginAttempts).where(col(LoginAttempts.digest).in_(digests)).order_by("digest")
        rows = {row.digest: row for row in session.scalars(statement.with_for_update())}
        for digest, limit in zip(digests, (PAIR, ADDRESS, NAME), strict=True):
            if digest not in rows:
                rows[digest] = LoginAttempts(digest=digest, level=limit.capacity, at=now)
                session.add(rows[digest])
        return rows


def _refilled(row: LoginAttempts, limit: Limit, now: datetime) -> int:
    """Fill a bucket for the time that has passed; the seconds to wait until it holds one attempt."""
    gained = max(0.0, (now - row.at).total_seconds() / limit.seconds)
    row.level, row.at = min(float(limit.capacity), row.level + gained), now
    return math.ceil((1 - row.level) * limit.seconds) if row.level < 1 else 0


def _forget(session: Session, now: datetime) -> None:
    """Delete the rows that are full again by now and remember no login."""
    full_again = now - max(timedelta(seconds=limit.capacity * limit.seconds) for limit in (PAIR, ADDRESS, NAME))
    succeeded_at = col(LoginAttempts.succeeded_at)
    session.execute(
        sa.delete(LoginAttempts).where(
            col(LoginAttempts.at) < full_again, succeeded_at.is_(None) | (succeeded_at < now - KNOWN_FOR)
        )
    )


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, IPV6_NETWORK_BITS), strict=False))
