"""The random stream of the compiled loops: a word of state that the caller owns, so that a run can be repeated."""

from __future__ import annotations

import numpy as np

from solver.calendar import IntArray
from solver.search.compiled import compiled


def random_stream(seed: int, stream: int) -> IntArray:
    """The state of a stream; equal seeds and stream numbers give equal streams."""
    word = np.random.SeedSequence([seed, stream]).generate_state(1, dtype=np.uint64)
    return (word | np.uint64(1)).view(np.int64)


@compiled
def next_word(random: IntArray) -> int:
    """31 random bits (xorshift64*, Vigna 2016)."""
    word = np.uint64(random[0])
    word ^= word >> np.uint64(12)
    word ^= word << np.uint64(25)
    word ^= word >> np.uint64(27)
    random[0] = np.int64(word)
    return np.int64((word * np.uint64(2685821657736338717)) >> np.uint64(33))


@compiled
def below(random: IntArray, bound: int) -> int:
    """A random number from 0 to ``bound`` − 1; the bound is less than 2³¹."""
    return (next_word(random) * bound) >> 31


@compiled
def fraction(random: IntArray) -> float:
    """A random number from 0 up to 1."""
    return next_word(random) / 2147483648.0
