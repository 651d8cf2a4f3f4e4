"""How the inner loops of the search are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile a function to machine code on its first call, and keep the code in numba's cache.

    It runs without Python's global lock, so threads run side by side; it does not check bounds, and a division
    by zero gives no error.
    """
    return cast("Function", njit(cache=True, nogil=True, error_model="numpy")(function))
