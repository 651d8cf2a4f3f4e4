"""The status of an inspector on a day, from the rows alone: the same days count here as in planning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.models import Appointment, Inspector, PoolStage, PoolStep, Training

_BEFORE_APPOINTMENT = frozenset({PoolStage.RECOMMENDED, PoolStage.CHECKED, PoolStage.PUBLICISED})


@dataclass(frozen=True, slots=True)
class Person:
    """An inspector with what decides the status, each list by first day."""

    inspector: Inspector
    appointments: Sequence[Appointment]
    trainings: Sequence[Training]
    steps: Sequence[PoolStep]

    def term_on(self, day: date) -> Appointment | None:
        """The term of office that the day lies in."""
        return next((row for row in self.appointments if _covers(row, day)), None)

    @property
    def trained_on(self) -> date | None:
        """The day on which the first entry training ended."""
        return min((row.last_on for row in self.trainings if row.entry), default=None)

    def stage_on(self, day: date) -> PoolStage | None:
        """The stage on a day; none where nothing is known.

        In office is who is inside a term of office and has ended the entry training on an earlier day, as planning has
        it (``planning.people.unavailable``).
        """
        if self.inspector.ended_on is not None and self.inspector.ended_on <= day:
            return PoolStage.ENDED
        if self.term_on(day) is not None:
            trained_on = self.trained_on
            if trained_on is None or trained_on > day:
                return PoolStage.APPOINTED
            return PoolStage.IN_OFFICE if trained_on < day else PoolStage.TRAINED
        last = max((row for row in self.steps if row.first_on <= day), key=lambda row: row.id or 0, default=None)
        if last is not None and last.stage in _BEFORE_APPOINTMENT:
            return last.stage
        if any(row.first_on > day for row in self.appointments):
            return PoolStage.APPOINTED
        return PoolStage.ENDED if self.appointments or last is not None else None

    def is_in_office(self, day: date) -> bool:
        """Whether the person counts on the day, unless absent."""
        return self.stage_on(day) is PoolStage.IN_OFFICE

    def ends_on(self, day: date) -> date | None:
        """The last day in office of who is so on the day, terms that follow at once included; none is open."""
        last = day
        for row in self.appointments:
            if row.first_on.toordinal() <= last.toordinal() + 1 and (row.last_on is None or row.last_on >= last):
                if row.last_on is None:
                    return None
                last = row.last_on
        return last

    def hours_in(self, year: int) -> int:
        """Hours of the trainings that ended in a calendar year."""
        return sum(row.hours for row in self.trainings if row.last_on.year == year)


def _covers(row: Appointment, day: date) -> bool:
    return row.first_on <= day and (row.last_on is None or row.last_on >= day)
