"""How the inner loops of the solver are compiled, and where the machine code is kept."""

from __future__ import annotations

import hashlib
import inspect
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])

NUMBA_SETTINGS: dict[str, str] = vars(numba.config)
"""numba's settings by name; its types do not know them."""

CHOSEN_ROOT = NUMBA_SETTINGS["CACHE_DIR"]
"""Where the user's environment wants the machine code to be kept, empty if nowhere."""

njit = cast("Callable[..., Callable[[Function], Function]]", numba.njit)


@cache
def cache_folder(sources: Path) -> str:
    """Where numba keeps the machine code of the sources in a folder: beside them, or where the user may write.

    numba looks at the file of a function alone, and would take old code where only a constant or a function that it
    calls has changed; so each state of the sources has a folder of its own.
    """
    digest = hashlib.sha256()
    for source in sorted(sources.rglob("*.py")):
        digest.update(source.read_bytes())
    roots = (
        Path(CHOSEN_ROOT) if CHOSEN_ROOT else sources / "__pycache__",
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
            return str(folder)
    return str(roots[-1])


def compiled(function: Function) -> Function:
    """Compile a function on its first call, with all that it calls, and keep the code for the next process.

    It runs without Python's global lock, so threads run side by side; it does not check bounds, and a division by
    zero gives no error. All compiled functions that it calls stand in the same folder.
    """
    NUMBA_SETTINGS["CACHE_DIR"] = cache_folder(_folder_of(function))
    return njit(cache=True, nogil=True, error_model="numpy")(function)


def inner(function: Function) -> Function:
    """Compile a function that Python never calls, only compiled functions do: it takes less time to compile."""
    return njit(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)


def pasted(function: Function) -> Function:
    """Compile a function as part of each compiled function that calls it, as if its lines were written there."""
    return njit(inline="always")(function)


def _folder_of(function: Callable[..., object]) -> Path:
    """The folder right below ``solver`` in which the function stands."""
    solver = Path(__file__).parent.parent
    return solver / Path(inspect.getfile(function)).relative_to(solver).parts[0]
