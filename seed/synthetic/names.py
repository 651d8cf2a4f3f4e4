"""Plausible names: of people, of kindergartens, of villages; numbers in Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from seed.rows import read_csv

_WORDS = {row["use"]: row["words"].split() for row in read_csv("names.csv")}
KINDERGARTEN_WORDS = _WORDS["kindergarten"]
VILLAGE_WORDS = _WORDS["village"]

_DIGITS = "零一二三四五六七八九"


def people(random: Random, mongolian_share: float) -> Iterator[str]:
    """Names of people, endless and without a repetition."""
    used: set[str] = set()
    while True:
        name = _mongolian(random) if random.random() < mongolian_share else _chinese(random)
        if name not in used:
            used.add(name)
            yield name


def _chinese(random: Random) -> str:
    given = random.choice(_WORDS["second"])
    if random.random() < 0.8:
        given = random.choice(_WORDS["first"]) + given
    return random.choice(_WORDS["surname"]) + given


def _mongolian(random: Random) -> str:
    return "".join(random.sample(_WORDS["mongolian"], 2))


def ordinal(number: int) -> str:
    """第 with the number in Chinese, from 1 to 99."""
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return f"第{ten}{_DIGITS[ones] if ones or not tens else ''}"
