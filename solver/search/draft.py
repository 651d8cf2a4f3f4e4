"""A plan of a part of a problem as the search holds it: its flat arrays, and ways in and out of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from solver.calendar import IntArray
from solver.plan import Score
from solver.search import layout
from solver.search.arrays import Tables
from solver.search.cost import add_load, score_parts
from solver.search.edits import can_settle, enter, withdraw


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

    def open_visits(self) -> IntArray:
        """The part's numbers of the visits left out."""
        return np.flatnonzero(self.plan[:, layout.START] == layout.OPEN)

    def restore(self, visits: IntArray, rows: IntArray) -> None:
        """Make the plan of these visits what these rows say; together with the rest it must be valid."""
        for visit in visits:
            if self.plan[visit, layout.START] != layout.OPEN:
                self.take_out(int(visit))
        for visit, row in zip(visits, rows, strict=True):
            if row[layout.START] != layout.OPEN:
                self.plan[visit, layout.TEAM :] = row[layout.TEAM :]
                self._put(int(visit), int(row[layout.START]))

    def take_out(self, visit: int) -> None:
        """Leave a planned visit open."""
        withdraw(self.tables.given, self.state, visit)
        self._shift_loads(visit, -1)

    def try_to_put(self, visit: int, start: int, team: Iterable[int]) -> bool:
        """Put an open visit into the plan unless a hard rule forbids it."""
        members = list(team)
        size = int(self._field(visit, layout.TEAM_SIZE))
        if len(set(members)) != size or len(members) != size:
            return False
        self.plan[visit, layout.TEAM : layout.TEAM + size] = members
        if not can_settle(self.tables.given, self.state, visit, start):
            return False
        self._put(visit, start)
        return True

    def team(self, visit: int) -> list[int]:
        """The part's numbers of a planned visit's members, ascending."""
        size = int(self._field(visit, layout.TEAM_SIZE))
        return sorted(int(member) for member in self.plan[visit, layout.TEAM : layout.TEAM + size])

    def score(self) -> Score:
        """The parts of the part's score."""
        parts = np.zeros(layout.SCORE_PARTS, dtype=np.int64)
        score_parts(self.tables.given, self.tables.price, self.state, parts)
        return Score(*(int(part) for part in parts))

    def _put(self, visit: int, start: int) -> None:
        enter(self.tables.given, self.state, visit, start)
        self._shift_loads(visit, 1)

    def _shift_loads(self, visit: int, sign: int) -> None:
        half_days = int(self._field(visit, layout.HALF_DAYS))
        for member in self.team(visit):
            add_load(self.tables.given, self.tables.price, self.state, member, sign * half_days)

    def _field(self, visit: int, field: int) -> int:
        return int(self.tables.given[self.tables.given[layout.VISITS] + visit * layout.VISIT_WIDTH + field])
