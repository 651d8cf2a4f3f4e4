"""The rule ``pinned``."""

from __future__ import annotations

from solver.model.variables import Variables


def pinned(x: Variables) -> None:
    """Every pin stands: placed(v) = starts(v, pinned slot) = 1, and member(v, i) = 1 for each member that it names."""
    scope = x.scope
    for visit in scope.free:
        pin = scope.candidates.pins.get(scope.visit(visit).id)
        if pin is None:
            continue
        x.model.add(x.placed(visit) == 1)
        slot = scope.calendar.slot(pin.day, pin.half)
        x.model.add(x.starts(visit, -1 if slot is None else slot) == 1)
        for member in pin.team or ():
            x.model.add(x.member(visit, scope.candidates.inspector_numbers[member]) == 1)
