"""The checker shares nothing with the search but the values of problem and plan."""

from __future__ import annotations

import ast
from pathlib import Path

import solver.checker

ALLOWED = {"solver.problem", "solver.plan", "solver.reasons"}


def imports_of(file: Path) -> set[str]:
    """The modules of the project that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {module for module in found if module.split(".")[0] == "solver"}


def test_checker_imports_only_values() -> None:
    files = sorted(Path(solver.checker.__path__[0]).glob("*.py"))
    foreign = {
        file.name: modules
        for file in files
        if (modules := {m for m in imports_of(file) - ALLOWED if not m.startswith("solver.checker")})
    }

    assert foreign == {}
