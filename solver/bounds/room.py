"""The half-days on which somebody can be on duty at all: where a visit that they may join can lie."""

from __future__ import annotations

from collections.abc import Container

import numpy as np

from solver.bounds.stopping import Watch
from solver.calendar import BoolArray, days_spanned
from solver.candidates import Candidates


def useful_slots(candidates: Candidates, out: Container[int], watch: Watch) -> BoolArray:
    """Inspectors × slots: some visit that is not ``out`` may lie on the half-day with the inspector in its team.

    Visits of one length with the same members are taken together.
    """
    slots = candidates.calendar.slots
    useful = np.zeros((len(candidates.problem.inspectors), slots), dtype=np.bool_)
    begins: dict[tuple[bytes, int], BoolArray] = {}
    for number, visit in watch.each(enumerate(candidates.problem.visits)):
        if number not in out:
            key = (candidates.members(number).tobytes(), visit.half_days)
            begins.setdefault(key, np.zeros(slots, dtype=np.bool_))[candidates.starts(number)] = True
    for (listed, half_days), may_begin in watch.each(begins.items()):
        members = np.frombuffer(listed, dtype=np.int64)
        free = np.repeat(candidates.available_from(days_spanned(half_days))[members], 2, axis=1)
        starts = np.flatnonzero(may_begin)
        covered = np.zeros((len(members), slots), dtype=np.bool_)
        for k in range(half_days):
            covered[:, starts + k] |= free[:, starts]
        useful[members] |= covered
    return useful
