"""A brake on guessing passwords: a small token bucket for each name and address."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

CAPACITY = 10
"""Failed attempts that are free of waiting."""
SECONDS_PER_ATTEMPT = 30
"""How long it takes until one more attempt is allowed."""
_MAX_KEYS = 10_000

Key = tuple[str, str]


@dataclass(slots=True)
class _Bucket:
    level: float
    at: datetime

    def refill(self, now: datetime) -> None:
        gained = (now - self.at).total_seconds() / SECONDS_PER_ATTEMPT
        self.level, self.at = min(CAPACITY, self.level + max(gained, 0.0)), now


class Throttle:
    """Counts attempts by user name and address, in this process; a success forgives the earlier ones."""

    def __init__(self) -> None:
        self._buckets: dict[Key, _Bucket] = {}
        self._lock = Lock()

    def take(self, key: Key, now: datetime) -> int:
        """Count one attempt; the answer is 0 when it is allowed, else the seconds to wait."""
        with self._lock:
            bucket = self._buckets.setdefault(key, _Bucket(CAPACITY, now))
            bucket.refill(now)
            if bucket.level < 1:
                return math.ceil((1 - bucket.level) * SECONDS_PER_ATTEMPT)
            bucket.level -= 1
            if len(self._buckets) > _MAX_KEYS:
                self._forget_full(now)
            return 0

    def forgive(self, key: Key) -> None:
        """Forget the attempts of a key."""
        with self._lock:
            self._buckets.pop(key, None)

    def _forget_full(self, now: datetime) -> None:
        for key, bucket in list(self._buckets.items()):
            bucket.refill(now)
            if bucket.level >= CAPACITY:
                del self._buckets[key]
