"""One code, one name: everything that knows the hard rules knows the same ones."""

from __future__ import annotations

import re
from pathlib import Path

from solver.candidates import PRUNED_CODES
from solver.checker import RULES
from solver.checker.registry import TEAM_RULES
from solver.model.rules import RULES as MODEL_RULES
from tests.solver.rules import CASES

ROOT = Path(__file__).resolve().parents[2]


def headings_between(document: Path, start: str, end: str) -> list[str]:
    """The codes that are headings of their own between two headings of a document."""
    text = document.read_text()
    section = text[text.index(f"\n## {start}") : text.index(f"\n## {end}")]
    return re.findall(r"^### `(\w+)`", section, flags=re.MULTILINE)


def test_contract_describes_the_rules_that_the_checker_checks() -> None:
    assert headings_between(ROOT / "docs" / "contract.md", "3.", "4.") == list(RULES)


def test_contract_names_the_rules_that_do_not_judge_a_pin_without_a_team() -> None:
    text = (ROOT / "docs" / "contract.md").read_text()
    sentence = re.search(r"a pin without a team is not judged by(.*?), and somebody", text, flags=re.DOTALL)

    assert sentence is not None
    assert set(re.findall(r"`(\w+)`", sentence[1])) == TEAM_RULES


def test_every_rule_has_a_case_that_it_allows_and_one_that_it_forbids() -> None:
    assert {case.code for case in CASES} == set(RULES)


def test_model_states_or_prunes_every_rule_once() -> None:
    assert sorted([*MODEL_RULES, *PRUNED_CODES]) == sorted(RULES)


def test_model_document_has_a_formula_for_every_rule() -> None:
    text = (ROOT / "solver" / "MODEL.md").read_text()

    assert set(re.findall(r"^#+ `(\w+)`", text, flags=re.MULTILINE)) >= set(RULES)
