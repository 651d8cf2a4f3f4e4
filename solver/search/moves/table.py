"""The moves of the search: name, function and share of the proposals, in any order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from solver.calendar import IntArray
from solver.search.compiled import pasted
from solver.search.moves.members import exchange_members, replace_member
from solver.search.moves.pairs import displace, swap_visits
from solver.search.moves.stretches import exchange_days, exchange_trips, join_trips
from solver.search.moves.times import move_beside, move_in_time, move_to_best, move_to_best_start, move_with_member
from solver.search.moves.unscheduled import eject, insert_unscheduled, trade

Propose = Callable[[IntArray, IntArray, IntArray, int], None]
"""Writes the move of a visit into the log, or leaves it empty: ``given``, ``state``, ``work``, visit."""


class Phase(IntEnum):
    """What the search is about; the moves have other shares in each phase."""

    IMPROVE = 0
    """A lower cost."""

    PLACE = 1
    """Places for the visits that construction has left unscheduled."""

    SELECT = 2
    """Which visits stay unscheduled."""


@dataclass(frozen=True, slots=True)
class Move:
    """A kind of move.

    ``shares`` are relative frequencies by ``Phase``. ``of_unscheduled`` moves are proposed for a visit that is
    unscheduled, others for one that is scheduled. ``trades_visits`` moves can schedule one visit in place of others:
    they are accepted at a temperature of their own.
    """

    name: str
    propose: Propose
    shares: tuple[int, int, int]
    of_unscheduled: bool = False
    trades_visits: bool = False


MOVES: Final = (
    Move("in time", move_in_time, (700, 700, 700)),
    Move("replace member", replace_member, (600, 600, 600)),
    Move("swap", swap_visits, (700, 700, 700)),
    Move("beside", move_beside, (900, 900, 900)),
    Move("exchange days", exchange_days, (400, 400, 400)),
    Move("exchange members", exchange_members, (200, 200, 200)),
    Move("with member", move_with_member, (500, 500, 500)),
    Move("displace", displace, (600, 600, 600)),
    Move("exchange trips", exchange_trips, (100, 100, 100)),
    Move("join trips", join_trips, (300, 300, 300)),
    Move("to best team", move_to_best, (90, 90, 90)),
    Move("to best start", move_to_best_start, (10, 10, 10)),
    Move("trade", trade, (4, 40, 200), trades_visits=True),
    Move("insert", insert_unscheduled, (12, 100, 50), of_unscheduled=True, trades_visits=True),
    Move("eject", eject, (60, 1500, 200), of_unscheduled=True, trades_visits=True),
)

CUMULATED, OF_UNSCHEDULED, TRADES_VISITS, MIX_WIDTH = range(4)
"""A row of a mix: the shares of the moves up to this one, and the flags of the move."""

PROPOSED, POSSIBLE, ACCEPTED, TALLY_WIDTH = range(4)
"""A row of a tally: how often a move was proposed, was possible and was accepted."""


def mix_of(phase: Phase = Phase.IMPROVE) -> IntArray:
    """The moves of a phase as the compiled loop takes them: a row per move, in the order of ``MOVES``."""
    return _mix([move.shares[phase] for move in MOVES])


def mix_of_only(name: str) -> IntArray:
    """A mix in which every proposal is of one move, by its name."""
    return _mix([int(move.name == name) for move in MOVES])


def _mix(shares: Sequence[int]) -> IntArray:
    mix = np.zeros((len(MOVES), MIX_WIDTH), dtype=np.int64)
    mix[:, CUMULATED] = np.cumsum(shares)
    mix[:, OF_UNSCHEDULED] = [move.of_unscheduled for move in MOVES]
    mix[:, TRADES_VISITS] = [move.trades_visits for move in MOVES]
    return mix


def new_tally() -> IntArray:
    """A tally of nothing yet: a row per move, in the order of ``MOVES``."""
    return np.zeros((len(MOVES), TALLY_WIDTH), dtype=np.int64)


def _caller_of(functions: Sequence[Propose]) -> Callable[[IntArray, IntArray, IntArray, int, int], None]:
    """A compiled function that calls the function with this number; compiled code cannot index a tuple of them."""
    function = functions[0]
    if len(functions) == 1:

        @pasted
        def call_only(given: IntArray, state: IntArray, work: IntArray, visit: int, _number: int) -> None:
            function(given, state, work, visit)

        return call_only
    call_others = _caller_of(functions[1:])

    @pasted
    def call(given: IntArray, state: IntArray, work: IntArray, visit: int, number: int) -> None:
        if number == 0:
            function(given, state, work, visit)
        else:
            call_others(given, state, work, visit, number - 1)

    return call


propose_move = _caller_of([move.propose for move in MOVES])
"""Propose the move with this number in ``MOVES``, of a visit."""
