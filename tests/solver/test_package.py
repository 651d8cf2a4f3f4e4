"""What the package offers, and what it costs to import."""

from __future__ import annotations

import subprocess
import sys

import solver


def test_public_names_exist() -> None:
    assert [name for name in solver.__all__ if not hasattr(solver, name)] == []


def test_importing_the_package_loads_neither_arrays_nor_compilers() -> None:
    program = "import sys, solver; print(sorted({'numba', 'numpy', 'ortools'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"
