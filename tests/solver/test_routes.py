"""No trip is overlooked: what is found is at least what trying all trips finds."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from solver.bounds.items import ALONE, REPEATABLE, Group, Item
from solver.bounds.routes import Network, Table, profitable_trips, trip_to

LONGEST = 6


@st.composite
def networks(draw: st.DrawFn) -> tuple[Network, list[Item]]:
    """Up to eight items, more than are remembered, at up to four places."""
    items = draw(
        st.lists(
            st.builds(
                Item,
                st.builds(Group, st.sampled_from("abcd"), st.integers(1, 3), st.just(False)),
                is_plain=st.just(True),
                kind=st.sampled_from([ALONE, 1, 2, REPEATABLE]),
                is_apart=st.booleans(),
            ),
            min_size=1,
            max_size=8,
            unique=True,
        )
    )
    count = len(items)
    metres = st.lists(st.integers(0, 30), min_size=count, max_size=count)
    out, back, relief = (np.array(draw(metres), dtype=np.int64) for _ in range(3))
    drive = np.array([draw(metres) for _ in items], dtype=np.int64)
    return Network.of(items, out, back, drive, draw(st.integers(0, 20)), relief), items


def cost(network: Network, trip: tuple[int, ...]) -> int:
    """Out, from item to item, back, and a night for every two half-days but the first two."""
    half_days = int(network.half_days[list(trip)].sum())
    nights = (half_days + 1) // 2 - 1
    if half_days == len(trip) == 2 and network.needs_night(*trip):
        nights += 1
    drives = sum(int(network.drive[a, b]) for a, b in pairwise(trip))
    return int(network.out[trip[0]]) + drives + int(network.back[trip[-1]]) + nights * network.night


@given(networks(), st.data())
def test_no_trip_pays_more_than_what_is_found(given_network: tuple[Network, list[Item]], data: st.DataObject) -> None:
    network, items = given_network
    tolls = np.array(data.draw(st.lists(st.integers(0, 40), min_size=len(items), max_size=len(items))), dtype=np.int64)
    allowed = [
        trip
        for length in range(1, 5)
        for trip in permutations(range(len(items)), length)
        if sum(items[item].group.half_days for item in trip) <= LONGEST
        and not any(items[a].excludes(items[b]) for a, b in permutations(trip, 2))
    ]
    most = max((int(tolls[list(trip)].sum()) - cost(network, trip) for trip in allowed), default=0)
    table, ends = Table.of(LONGEST, len(items)), np.zeros((len(items), 2), dtype=np.int64)
    gain = profitable_trips(network, tolls, LONGEST, table, ends)

    assert gain.max() >= max(0, most)
    for last in np.flatnonzero(gain).tolist():
        trip = tuple(trip_to(network, table, last, *ends[last].tolist()))
        assert trip[-1] == last
        assert gain[last] == tolls[list(trip)].sum() - cost(network, trip)


def test_what_excludes_each_other_is_on_no_trip_together() -> None:
    """Two visits of 10 each at one place, 8 there and back. One alone gains 2; both together would gain 12."""

    def gain(kind: int) -> int:
        group = Group("a", 1, is_burden=False)
        items = [
            Item(group, is_plain=True, kind=kind, is_apart=False),
            Item(group, is_plain=True, kind=2, is_apart=False),
        ]
        ways, none = np.array([4, 4]), np.zeros(2, dtype=np.int64)
        network = Network.of(items, ways, ways, np.zeros((2, 2), dtype=np.int64), 0, none)
        table, ends = Table.of(2, 2), np.zeros((2, 2), dtype=np.int64)
        return int(profitable_trips(network, np.array([10, 10]), 2, table, ends).max())

    assert [gain(kind) for kind in (ALONE, 1)] == [2, 12]


@given(networks(), st.data())
def test_a_part_of_a_network_is_the_network_of_its_items(
    given_network: tuple[Network, list[Item]], data: st.DataObject
) -> None:
    network, items = given_network
    numbers = st.lists(st.integers(0, len(items) - 1), min_size=1, unique=True)
    chosen = np.array(data.draw(numbers), dtype=np.int64)
    part, whole = network.among(chosen), [items[k] for k in chosen.tolist()]
    pairs = np.ix_(chosen, chosen)
    same = Network.of(
        whole, network.out[chosen], network.back[chosen], network.drive[pairs], network.night, network.relief[chosen]
    )

    for one, other in zip(part, same, strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))
