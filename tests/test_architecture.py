"""Who may import whom, and what no file of the repository may name."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent

MACHINE_PATHS = r"(^|[^[:alnum:]_./-])[/](work|root|home)[/]|[.][.][/]shared"
REGISTRIES = r'registry[.]npmjs|files[.]pythonhosted|pypi[.]org/simple|deb[.]debian|"resolved"[:]'


def named_in_repository(pattern: str) -> list[str]:
    """``file:line:text`` of every line that matches, in all files that are or could be committed."""
    search = subprocess.run(
        ["git", "grep", "--untracked", "-nIE", pattern], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert search.returncode in (0, 1), search.stderr
    return search.stdout.splitlines()


def test_imports_keep_the_contracts_of_pyproject(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver is pure, only the bridge imports it, nouns import leftwards, and no package of app is left out."""
    monkeypatch.chdir(ROOT)

    assert lint_imports(no_cache=True, no_logo=True) == 0


def test_every_package_of_the_project_is_linted_and_typed() -> None:
    """A package beside app, seed and solver would be outside all contracts."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    packages = sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")

    assert packages == sorted(settings["importlinter"]["root_packages"])
    assert set(packages) <= set(settings["mypy"]["files"])


def test_no_file_names_a_path_of_a_machine() -> None:
    assert named_in_repository(MACHINE_PATHS) == []


def test_no_file_names_a_registry() -> None:
    assert named_in_repository(REGISTRIES) == []


def test_the_table_of_rooms_is_that_of_the_folders_and_of_the_layers() -> None:
    """Each package of app has its line, in the order in which rooms may import one another."""
    table = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"), re.MULTILINE)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")

    assert sorted(table) == sorted(path.parent.name for path in ROOT.glob("app/*/__init__.py"))
    assert table == [layer for layer in layers if layer != "main"]
