"""The random stream of the compiled loops: a word of state that the caller owns, so that a run can be repeated."""

from __future__ import annotations

import numpy as np

from solver.calendar import IntArray
from solver.search.compiled import inner
from solver.search.layout import RANDOM


@inner
def next_word(work: IntArray) -> int:
    """31 random bits (xorshift64*, Vigna 2016)."""
    word = np.uint64(work[RANDOM])
    word ^= word >> np.uint64(12)
    word ^= word << np.uint64(25)
    word ^= word >> np.uint64(27)
    work[RANDOM] = np.int64(word)
    return int((word * np.uint64(2685821657736338717)) >> np.uint64(33))


@inner
def below(work: IntArray, bound: int) -> int:
    """A random number from 0 to ``bound`` − 1; the bound is less than 2³¹."""
    return (next_word(work) * bound) >> 31


@inner
def fraction(work: IntArray) -> float:
    """A random number from 0 up to 1."""
    return next_word(work) / 2147483648.0
