"""Visit keys: each key parses to what it was made from; nothing else parses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.demand.keys import (
    CHAIN_PHASES,
    SEASONS,
    ChainKey,
    GovernmentKey,
    HeadTermKey,
    RecheckKey,
    RoundKey,
    RoutineKey,
    TermOfYear,
    TopicKey,
    VisitKey,
    parse_key,
)

IDS = st.from_regex(r"[A-Za-z0-9_.]+(-[A-Za-z0-9_.]+)*", fullmatch=True)
NUMBERS = st.from_regex(r"[A-Za-z0-9_.]+", fullmatch=True)
YEARS = st.integers(2000, 2100)
TERMS = st.builds(TermOfYear, YEARS, st.sampled_from(SEASONS))
FIRSTS = st.one_of(
    st.builds(RoundKey, IDS, NUMBERS),
    st.builds(GovernmentKey, IDS, NUMBERS),
    st.builds(ChainKey, IDS, st.sampled_from(CHAIN_PHASES), st.none() | TERMS),
    st.builds(HeadTermKey, YEARS, NUMBERS),
    st.builds(RoutineKey, TERMS, st.sampled_from((1, 2)), NUMBERS),
    st.builds(TopicKey, IDS, NUMBERS),
)


@given(FIRSTS | st.builds(lambda first: RecheckKey(str(first)), FIRSTS))
def test_a_key_parses_to_what_it_was_made_from(key: VisitKey) -> None:
    assert parse_key(str(key)) == key


@given(FIRSTS, FIRSTS)
def test_different_keys_have_different_texts(one: VisitKey, other: VisitKey) -> None:
    assert (str(one) == str(other)) is (one == other)


@pytest.mark.parametrize(
    "text",
    ["", "past-3", "no-car-150402-2023-03-01-1", "round-1", "routine-2023-summer-1-7", "chain-3", "chain-3-talk"],
)
def test_what_is_no_key_of_a_required_visit_does_not_parse(text: str) -> None:
    assert parse_key(text) is None
