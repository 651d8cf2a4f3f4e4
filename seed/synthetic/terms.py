"""When people are in office, trained and away: appointments, trainings, absences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from app.models import Absence, AbsenceKind, Appointment, Inspector, PersonKind, Training
from seed.rows import id_of
from seed.synthetic.draw import Draw, day_between, years_later

FIRST_DAY, LAST_DAY = date(2022, 9, 1), date(2025, 12, 31)
"""The days of the demonstration's plan, for which absences are known."""

TERM_YEARS = 3
MAX_TERMS = 3
"""A part-time inspector serves three years at a time and three terms at most (《教育督导条例》第六条)."""

YEARLY_TRAINING_HOURS = 40
_YEARLY_TRAINING = ((8, 24), (8, 28))

_STAYS_SHARE = 0.95
_ABSENCES_PER_YEAR = {PersonKind.FULL_TIME: 6}
_OTHERS_ABSENCES_PER_YEAR = 9
_LENGTHS = {PersonKind.FULL_TIME: (1, 1, 1, 2, 3, 5, 10)}
_OTHERS_LENGTHS = (1, 2, 3, 5, 10, 20)
_TRIES = 40

Span = tuple[date, date]


def appointments_of(draw: Draw, person: Inspector) -> list[Appointment]:
    """The terms of office of an inspector, past, present and agreed; experts and department members have none."""
    if not person.kind.is_inspector:
        return []
    random = draw.stream("appointments", person.code)
    if person.kind is PersonKind.FULL_TIME:
        begin = date(random.randint(2016, 2021), random.choice((1, 3, 9)), 1)
        return [Appointment(inspector_id=id_of(person), first_on=begin)]
    return [
        Appointment(inspector_id=id_of(person), first_on=first, last_on=last, number=number)
        for number, (first, last) in enumerate(_terms(random, person), start=1)
    ]


def _terms(random: Random, person: Inspector) -> Iterator[Span]:
    """Terms one after another, from the first on; leaders stay, of the others some do not go on."""
    stays = person.rank.may_lead or random.random() < _STAYS_SHARE
    present = 1 if person.rank.may_lead else random.choice((1,) * 11 + (2,) * 8 + (3,))
    begin = _present_begin(random)
    first = years_later(begin, -TERM_YEARS * (present - 1))
    for number in range(1, MAX_TERMS + 1):
        following = years_later(first, TERM_YEARS)
        yield first, following - timedelta(days=1)
        if following > LAST_DAY or (number >= present and not stays):
            return
        first = following


def _present_begin(random: Random) -> date:
    """The first day of a term that covers the first day of the plan, or, for one in twelve, of one just agreed."""
    if random.random() < 1 / 12:
        return date(2023, 3, 1)
    months = random.randint(0, TERM_YEARS * 12 - 1)
    year, month = divmod(FIRST_DAY.year * 12 + FIRST_DAY.month - 1 - months, 12)
    return date(year, month + 1, 1)


def trainings_of(person: Inspector, appointments: list[Appointment]) -> Iterator[Training]:
    """The entry training in the month before the first term, and the training of the summer before the plan."""
    if not appointments:
        return
    entry = appointments[0].first_on - timedelta(days=20)
    yield _training(person, "新任督学岗前培训", entry, entry=True)
    if appointments[0].first_on <= FIRST_DAY:
        first, _ = _training_days(FIRST_DAY.year)
        yield _training(person, f"{FIRST_DAY.year}年督学集中培训", first, entry=False)


def _training(person: Inspector, title: str, first_on: date, *, entry: bool) -> Training:
    return Training(
        inspector_id=id_of(person),
        title=title,
        first_on=first_on,
        last_on=first_on + timedelta(days=4),
        hours=YEARLY_TRAINING_HOURS,
        entry=entry,
    )


def _training_days(year: int) -> Span:
    first, last = _YEARLY_TRAINING
    return date(year, *first), date(year, *last)


def absences_of(draw: Draw, person: Inspector, first: date = FIRST_DAY, last: date = LAST_DAY) -> list[Absence]:
    """Days away during a plan, none overlapping another: five of training a year, and what else is known."""
    of_later_plan = () if first == FIRST_DAY else (first.isoformat(),)
    random = draw.stream("absences", *of_later_plan, person.code)
    spans: list[tuple[Span, AbsenceKind, str]] = []
    if person.kind.is_inspector:
        for days in map(_training_days, range(first.year, last.year + 1)):
            if first <= days[0] <= last:
                spans.append((days, AbsenceKind.TRAINING, "督学集中培训"))
    a_year = _ABSENCES_PER_YEAR.get(person.kind, _OTHERS_ABSENCES_PER_YEAR)
    for _ in range(round(a_year * (last - first).days / 365)):
        length = random.choice(_LENGTHS.get(person.kind, _OTHERS_LENGTHS))
        span = _free_span(random, [taken for taken, _, _ in spans], length, (first, last))
        if span is not None:
            spans.append((span, *_cause(random, length)))
    return [
        Absence(inspector_id=id_of(person), first_on=first_on, last_on=last_on, kind=kind, note=note)
        for (first_on, last_on), kind, note in sorted(spans)
    ]


def _free_span(random: Random, taken: list[Span], length: int, within: Span) -> Span | None:
    """That many days that touch none of the taken ones, or nothing when a fair number of tries found none."""
    for _ in range(_TRIES):
        first = day_between(random, within[0], within[1] - timedelta(days=length - 1))
        last = first + timedelta(days=length - 1)
        if all(last < other_first or first > other_last for other_first, other_last in taken):
            return first, last
    return None


def _cause(random: Random, length: int) -> tuple[AbsenceKind, str]:
    if length <= 2:
        return random.choice(((AbsenceKind.LEAVE, "事假"), (AbsenceKind.SICK, "病假")))
    if length <= 5:
        return random.choice(((AbsenceKind.LEAVE, "年休假"), (AbsenceKind.OTHER_DUTY, "本职工作")))
    return random.choice(((AbsenceKind.OTHER_DUTY, "本职工作"), (AbsenceKind.OTHER_DUTY, "外出学习")))
