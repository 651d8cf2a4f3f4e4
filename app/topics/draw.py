"""The draw of a topic's inspectees: by hand with any program that knows SHA-256, the result is the same.

Of each candidate the hex digest of SHA-256 over ``{seed}:{code}`` in UTF-8 is taken; the candidates with the smallest
digests are drawn, as many as wanted, in the order of their digests. Candidates are listed by code.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

METHOD = "SHA-256(种子:单位代码) 升序取前若干名"
"""The method as the log names it."""


def drawn(seed: str, candidates: Iterable[str], number: int) -> list[str]:
    """The codes that are drawn, the smallest digest first; of equal ones, which no two codes have, the smaller code."""
    return sorted(candidates, key=lambda code: (sha256(f"{seed}:{code}".encode()).hexdigest(), code))[:number]


def number_of(candidates: int, size: int | None, percent: int | None) -> int:
    """How many are drawn: the size, or the share rounded up, at most all."""
    wanted = size if size is not None else -(-candidates * (percent or 0) // 100)
    return min(wanted, candidates)
