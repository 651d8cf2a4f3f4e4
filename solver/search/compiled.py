"""How the inner loops of the search are compiled, and where the machine code is kept."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])

SOLVER = Path(__file__).parent.parent

COMPILED_FOLDERS = ("bounds", "search")
"""The folders of the solver that hold compiled functions."""


def cache_folder() -> Path:
    """Where numba keeps the machine code of these very sources: beside them, or where the user may write.

    numba looks at the file of a function alone, and would take old code where only a constant or a function that it
    calls has changed; so each state of the sources has a folder of its own.
    """
    digest = hashlib.sha256()
    for folder in COMPILED_FOLDERS:
        for source in sorted((SOLVER / folder).rglob("*.py")):
            digest.update(source.read_bytes())
    roots = (
        Path(numba.config.CACHE_DIR) if numba.config.CACHE_DIR else SOLVER / "__pycache__",
        Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "dudao",
        Path(tempfile.gettempdir()) / f"dudao-{os.getuid()}",
    )
    for root in roots:
        folder = root / digest.hexdigest()[:16]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return roots[-1]


numba.config.CACHE_DIR = str(cache_folder())


def compiled(function: Function) -> Function:
    """Compile a function on its first call, with all that it calls, and keep the code for the next process.

    It runs without Python's global lock, so threads run side by side; it does not check bounds, and a division by
    zero gives no error.
    """
    return cast("Function", numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def inner(function: Function) -> Function:
    """Compile a function that Python never calls, only compiled functions do: it takes less time to compile."""
    unwrapped = numba.njit(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
    return cast("Function", unwrapped(function))
