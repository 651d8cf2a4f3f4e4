"""A plan of a part of a problem as the search holds it: its flat arrays, and ways in and out of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.calendar import IntArray
from solver.search import layout
from solver.search.arrays import Tables


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A part's tables and the state of its plan, which the search changes in place."""

    tables: Tables
    state: IntArray

    @classmethod
    def blank(cls, tables: Tables) -> Draft:
        """Nothing planned yet."""
        return cls(tables, tables.blank.copy())

    @property
    def plan(self) -> IntArray:
        """A row per visit: its start, then its team."""
        given = self.tables.given
        rows = len(self.tables.visits)
        width = int(given[layout.PLAN_WIDTH])
        at = int(given[layout.PLAN])
        return self.state[at : at + rows * width].reshape(rows, width)

    @property
    def starts(self) -> IntArray:
        """The start of each visit, ``OPEN`` if it is left out."""
        return self.plan[:, layout.START]

    def open_visits(self) -> IntArray:
        """The part's numbers of the visits left out."""
        return np.flatnonzero(self.starts == layout.OPEN)

    def team(self, visit: int) -> list[int]:
        """The part's numbers of a planned visit's members, ascending."""
        size = int(self.tables.given[self._row(visit) + layout.TEAM_SIZE])
        return sorted(int(member) for member in self.plan[visit, layout.TEAM : layout.TEAM + size])

    def _row(self, visit: int) -> int:
        return int(self.tables.given[layout.VISITS]) + visit * layout.VISIT_WIDTH
