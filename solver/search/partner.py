"""A second thread for one area: it makes moves in a copy of the plan, which are then repeated in the plan itself.

Both threads start from the same plan and make a few thousand proposals each. Few of these are accepted, so few of the
moves of one conflict with those of the other, and to repeat them costs next to nothing: two threads get nearly as far
as one does in twice the time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from solver.calendar import IntArray
from solver.search import layout
from solver.search.anneal import anneal, repeat_moves
from solver.search.arrays import Tables
from solver.search.moves.table import new_tally

JOURNAL_WORDS = 200_000
"""Room for the moves that a partner accepts between two meetings."""


@dataclass(slots=True, eq=False)
class Partner:
    """The other thread's copy of the plan, its random stream, and the journal of the moves that it has accepted."""

    tables: Tables
    state: IntArray
    work: IntArray
    thread: ThreadPoolExecutor
    journal: IntArray = field(default_factory=lambda: np.ones(JOURNAL_WORDS, dtype=np.int64))
    tally: IntArray = field(default_factory=new_tally)

    def take_over(self, state: IntArray, work: IntArray) -> None:
        """Continue from the plan and the unscheduled visits of the search."""
        np.copyto(self.state, state)
        waiting = int(self.tables.given[layout.UNSCHEDULED_COUNT])
        np.copyto(self.work[waiting:], work[waiting:])

    def propose(self, draws: IntArray, mix: IntArray, temperature: float, proposals: int) -> None:
        """Anneal the copy by so many proposals, and write the accepted moves into the journal."""
        anneal(
            self.tables.given,
            self.tables.price,
            self.state,
            self.work,
            draws,
            mix,
            temperature,
            temperature,
            proposals,
            self.tally,
            self.journal,
        )

    def repeat_in(self, state: IntArray, work: IntArray, temperature: float) -> int:
        """Repeat the journal's moves in a plan; the change of its cost."""
        tables = self.tables
        change: int = repeat_moves(tables.given, tables.price, state, work, self.journal, temperature)
        return change
