"""A plan of a part of a problem as the search holds it: its flat arrays, and ways in and out of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.calendar import IntArray
from solver.plan import Score
from solver.search import layout
from solver.search.arrays import Tables
from solver.search.cost import score_parts
from solver.search.edits import put_each, take_out_each


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
        """A row per visit: its start, then its team; a view into the state."""
        given = self.tables.given
        rows = len(self.tables.visits)
        width = int(given[layout.PLAN_WIDTH])
        at = int(given[layout.PLAN])
        return self.state[at : at + rows * width].reshape(rows, width)

    def unscheduled(self) -> IntArray:
        """The part's numbers of the unscheduled visits."""
        return np.flatnonzero(self.plan[:, layout.START] == layout.UNSCHEDULED)

    def restore(self, visits: IntArray, rows: IntArray) -> int:
        """Make the plan of these visits what the rows say; how many of them broke a hard rule and are left out.

        A row is put after those that begin before it, so that a visit finds the one that it waits for.
        """
        take_out_each(self.tables.given, self.tables.price, self.state, visits)
        order = np.argsort(rows[:, layout.START], kind="stable")
        return self.put(visits[order], rows[order])

    def put(self, visits: IntArray, rows: IntArray) -> int:
        """Put these unscheduled visits into the plan as the rows say, start and team; how many broke a hard rule.

        What is refused is tried again: on the same day a visit may stand before the one that it waits for.
        """
        given, price = self.tables.given, self.tables.price
        refused = put_each(given, price, self.state, visits, rows)
        while refused:
            left = (rows[:, layout.START] != layout.UNSCHEDULED) & (
                self.plan[visits, layout.START] == layout.UNSCHEDULED
            )
            visits, rows = visits[left], rows[left]
            still_refused = put_each(given, price, self.state, visits, rows)
            if still_refused == refused:
                break
            refused = still_refused
        return int(refused)

    def team_size(self, visit: int) -> int:
        """How many members the visit's team has."""
        return int(self.tables.records[visit, layout.TEAM_SIZE])

    def team(self, visit: int) -> list[int]:
        """The part's numbers of a planned visit's members, ascending."""
        members = self.plan[visit, layout.TEAM : layout.TEAM + self.team_size(visit)]
        return sorted(int(member) for member in members)

    def score(self) -> Score:
        """The parts of the part's score."""
        parts = np.zeros(layout.SCORE_PARTS, dtype=np.int64)
        score_parts(self.tables.given, self.tables.price, self.state, parts)
        return Score(*(int(part) for part in parts))
