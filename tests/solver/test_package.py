"""What the package offers, and what it costs to import."""

from __future__ import annotations

import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

import solver

ROOT = Path(__file__).resolve().parents[2]


def test_public_names_exist() -> None:
    assert [name for name in solver.__all__ if not hasattr(solver, name)] == []


def test_importing_the_package_loads_neither_arrays_nor_compilers() -> None:
    program = "import sys, solver; print(sorted({'numba', 'numpy', 'ortools'} & set(sys.modules)))"

    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert run.stdout == "[]\n"


def test_no_module_imports_itself_through_others() -> None:
    graph = grimp.build_graph("solver", cache_dir=None)

    TopologicalSorter({module: graph.find_modules_directly_imported_by(module) for module in graph.modules}).prepare()
