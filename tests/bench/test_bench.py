"""The measuring command on a small problem: a row for each limit. Measured problems are given to it by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.io import write_problem
from tests.bench.__main__ import HEADING, main
from tests.builders import a_problem


@pytest.mark.bench
def test_measures_every_problem_with_every_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "week.json"
    write_problem(a_problem(), path)

    assert main([str(path), "--seconds", "1", "2"]) == 0

    table = capsys.readouterr().out.splitlines()
    assert table[2] == HEADING
    assert [line.split(" | ")[:3] for line in table[4:]] == [["| week", "1", "1"], ["| week", "1", "2"]]
