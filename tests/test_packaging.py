"""The Makefile, the Dockerfile and the lock files say the same, and only what the service runs enters the image."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.testing import CliRunner

from app.cli import app
from app.core.config import Settings

ROOT = Path(__file__).resolve().parent.parent

INSTALLS = ("python3 -m venv", ".venv/bin/", "npm ", "node ")
"""How a command begins that installs or builds; others are the shell's own work."""


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def dockerfile() -> list[str]:
    """The instructions of the Dockerfile, each on one line, without comments."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return [" ".join(line.split()) for line in text.splitlines() if line and not line.startswith("#")]


def commands_of_make(*targets: str) -> list[str]:
    """The commands that make would run for the targets in an empty clone on a machine with Node."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    run = subprocess.run(
        ["make", "--dry-run", "--always-make", "--no-print-directory", "NODE_IS_HERE=yes", "PY=python3", *targets],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in run.stdout.splitlines() if line.startswith(INSTALLS)]


def pins(lock: str) -> dict[str, str]:
    """Package and version of every pin of a lock file."""
    found = re.findall(r"^([a-z0-9][a-z0-9.-]*)(?:\[[a-z0-9,-]+\])?==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def outside_range(requirements: list[str], lock: str) -> list[str]:
    """The requirements that the lock file does not meet."""
    pinned = pins(lock)
    asked = [Requirement(line) for line in requirements]
    return [
        f"{need} is pinned as {pinned.get(canonicalize_name(need.name))}"
        for need in asked
        if not need.specifier.contains(pinned.get(canonicalize_name(need.name), "0"))
    ]


def test_image_is_built_by_the_commands_of_the_makefile(dockerfile: list[str]) -> None:
    run = [part.strip() for line in dockerfile if line.startswith("RUN ") for part in line[4:].split("&&")]

    # the stage of the assets comes first in the Dockerfile, so the order differs
    assert sorted(part for part in run if part.startswith(INSTALLS)) == sorted(commands_of_make("install", "assets"))


def test_image_starts_as_make_run_does(dockerfile: list[str]) -> None:
    start = next(line.removeprefix("CMD ") for line in dockerfile if line.startswith("CMD "))

    assert " ".join(json.loads(start)) == commands_of_make("run")[-1]


def test_image_runs_without_rights_and_keeps_its_data_in_a_volume(dockerfile: list[str]) -> None:
    user = next(line for line in dockerfile if line.startswith("USER "))
    settings = next(line for line in dockerfile if line.startswith("ENV HOST"))

    assert user == "USER dudao"
    assert "VOLUME /data" in dockerfile
    assert "DATABASE_URL=sqlite:////data/" in settings
    assert "NUMBA_CACHE_DIR=/var/cache/numba" in settings, "the code's own folders belong to root"


def test_only_what_the_service_runs_enters_the_image(project: dict[str, Any], dockerfile: list[str]) -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    copied = [word for line in dockerfile if line.startswith("COPY ") for word in line.split()[1:-1]]
    sources = {word.split("/")[0] for word in copied if not word.startswith(("--from", ".", "/"))} | {".npmrc"}
    packages = set(project["tool"]["importlinter"]["root_packages"]) | {"migrations"}
    allowed = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}

    assert rules[0] == "*", "nothing enters unless it is named"
    assert allowed == sources | packages | {"pyproject.toml"}
    assert {"app/static/dist", "**/__pycache__", "**/*.sqlite*", "**/.env*"} <= set(rules)


def test_locks_meet_the_ranges_of_pyproject(project: dict[str, Any]) -> None:
    runtime = project["project"]["dependencies"]
    dev = project["project"]["optional-dependencies"]["dev"]

    assert outside_range(runtime, "requirements.lock") == []
    assert outside_range(runtime + dev, "requirements-dev.lock") == []


def test_dev_lock_holds_the_runtime_as_it_is_pinned() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_its_hash_and_no_lock_an_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]

    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"\S*://\S*|--(?:extra-)?index-url.*|--find-links.*", text) == []


def test_npm_lock_agrees_with_package_json_and_names_no_address() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())
    root = lock["packages"].pop("")

    assert {key: root[key] for key in ("dependencies", "devDependencies")} == {
        key: package[key] for key in ("dependencies", "devDependencies")
    }
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    assert [name for name, entry in lock["packages"].items() if "integrity" not in entry] == []


def test_uv_builds_the_package_itself(project: dict[str, Any]) -> None:
    """Only a uv of the version that the build asks for needs no further download for it."""
    install = next(line for line in commands_of_make("install") if "uv==" in line)
    (builder,) = [Requirement(line) for line in project["build-system"]["requires"]]

    assert builder.specifier.contains(install.rpartition("==")[2])


def test_env_example_shows_every_setting_with_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    example = ROOT / ".env.example"
    names = {str(field.validation_alias or f"DUDAO_{name.upper()}") for name, field in Settings.model_fields.items()}
    for name in names:
        monkeypatch.delenv(name, raising=False)

    assert set(re.findall(r"^(?:# )?([A-Z_]+)=", example.read_text(), re.MULTILINE)) == names
    assert Settings(_env_file=example) == Settings(_env_file=None)  # type: ignore[call-arg]


def test_image_is_no_demonstration_and_says_whether_it_serves(dockerfile: list[str]) -> None:
    settings = next(line for line in dockerfile if line.startswith("ENV HOST"))

    assert "DUDAO_ENVIRONMENT=production" in settings
    assert any(line.startswith("HEALTHCHECK ") and "/readyz" in line for line in dockerfile)


def test_the_composed_services_run_commands_that_there_are() -> None:
    commands = [json.loads(each) for each in re.findall(r"command: (\[.*\])", (ROOT / "compose.yaml").read_text())]

    assert sorted(command[1] for command in commands) == ["migrate", "serve", "worker"]
    for command in commands:
        assert CliRunner().invoke(app, [command[1], "--help"]).exit_code == 0
