"""The rules and the score for Timefold, as constraint streams.

Hard are the rules, medium the weight of the visits without a start, soft the rest of the score. A duty is a seat with
its visit. What does not depend on when a visit begins is told of the seats alone, so that a move in time leaves it be.
"""

from timefold.solver.score import (
    BiConstraintStream,
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardMediumSoftScore,
    Joiners,
    constraint_provider,
)

from tests.bench.timefold_domain import Person, Precedence, Seat, Visit


@constraint_provider
def constraints(factory: ConstraintFactory) -> list[Constraint]:
    """All constraints; what several of them begin with is built once, so that Timefold keeps it once."""
    duties = factory.for_each(Seat).join(Visit, Joiners.equal(lambda seat: seat.visit, lambda visit: visit))
    teams = factory.for_each(Seat).group_by(
        lambda seat: seat.visit, ConstraintCollectors.to_list(lambda seat: seat.person)
    )
    return [
        no_start(factory),
        twice(teams),
        skill(teams),
        preference(teams),
        balance(factory),
        absence(duties),
        double_booked(duties),
        transfer(duties),
        month_cap(duties),
        year_cap(duties),
        travel(duties),
        unit_overlap(factory),
        unit_burden(factory),
        cars(factory),
        order(factory),
        without_before(factory),
        buffer(factory),
    ]


def no_start(factory: ConstraintFactory) -> Constraint:
    """A visit without a start is left out."""
    return (
        factory.for_each_including_unassigned(Visit)
        .filter(lambda visit: visit.start is None)
        .penalize(HardMediumSoftScore.ONE_MEDIUM, lambda visit: visit.weight)
        .as_constraint("no start")
    )


def twice(teams: BiConstraintStream) -> Constraint:
    """Somebody has two seats of a team."""
    return (
        teams.filter(lambda visit, people: has_twice(people))
        .penalize(HardMediumSoftScore.ONE_HARD)
        .as_constraint("twice in a team")
    )


def has_twice(people: list[Person]) -> bool:
    """Whether one of these is there twice."""
    for position in range(len(people)):
        for other in range(position):
            if people[position].number == people[other].number:
                return True
    return False


def skill(teams: BiConstraintStream) -> Constraint:
    """A team lacks bearers of what is required."""
    return teams.penalize(
        HardMediumSoftScore.ONE_HARD, lambda visit, people: skills_lacking(visit, people)
    ).as_constraint("skill")


def skills_lacking(visit: Visit, people: list[Person]) -> int:
    """How many of the bearers that are required the team lacks."""
    total = 0
    for position in range(len(visit.requires)):
        lacking = visit.requires_count[position]
        for person in people:
            if visit.requires[position] in person.tags:
                lacking -= 1
        total += max(lacking, 0)
    return total


def preference(teams: BiConstraintStream) -> Constraint:
    """None of the preferred is in the team."""
    return (
        teams.filter(lambda visit, people: len(visit.prefers) > 0 and not is_preferred(visit, people))
        .penalize(HardMediumSoftScore.ONE_SOFT, lambda visit, people: 30)
        .as_constraint("preference")
    )


def is_preferred(visit: Visit, people: list[Person]) -> bool:
    """Whether one of the preferred is among these."""
    for person in people:
        if person.number in visit.prefers:
            return True
    return False


def balance(factory: ConstraintFactory) -> Constraint:
    """Half-days off the fair load, less those of somebody who has none."""
    return (
        factory.for_each(Seat)
        .group_by(lambda seat: seat.person, ConstraintCollectors.sum(lambda seat: seat.visit.half_days))
        .impact(
            HardMediumSoftScore.ONE_SOFT,
            lambda person, half_days: 20 * (person.target - abs(half_days - person.target)),
        )
        .as_constraint("balance")
    )


def absence(duties: BiConstraintStream) -> Constraint:
    """A member does not work on a day of the visit."""
    return (
        duties.filter(lambda seat, visit: seat.person.free[visit.start.day] < visit.days)
        .penalize(HardMediumSoftScore.ONE_HARD)
        .as_constraint("absence")
    )


def double_booked(duties: BiConstraintStream) -> Constraint:
    """Somebody has several duties in a half-day."""
    return (
        duties.expand(lambda seat, visit: visit.start.halves)
        .flatten_last(lambda halves: halves)
        .group_by(
            lambda seat, visit, half: seat.person,
            lambda seat, visit, half: half,
            ConstraintCollectors.count_tri(),
        )
        .filter(lambda person, half, count: count > 1)
        .penalize(HardMediumSoftScore.ONE_HARD, lambda person, half, count: count - 1)
        .as_constraint("double booked")
    )


def transfer(duties: BiConstraintStream) -> Constraint:
    """The visits of a morning and an afternoon are too far from each other."""
    return (
        duties.filter(lambda seat, visit: visit.half_days % 2 == 1)
        .group_by(
            lambda seat, visit: seat.person,
            lambda seat, visit: visit.start.last,
            ConstraintCollectors.to_list(lambda seat, visit: visit),
        )
        .filter(lambda person, day, visits: far_apart(visits))
        .penalize(HardMediumSoftScore.ONE_HARD)
        .as_constraint("transfer")
    )


def far_apart(visits: list[Visit]) -> bool:
    """Whether two of these are too far from each other for a drive at noon."""
    for visit in visits:
        if visits[0].place.drives[visit.place.number] > visit.reach:
            return True
    return False


def month_cap(duties: BiConstraintStream) -> Constraint:
    """Half-days beyond somebody's cap of a month."""
    return (
        duties.group_by(
            lambda seat, visit: seat.person,
            lambda seat, visit: visit.start.month,
            ConstraintCollectors.sum(lambda seat, visit: visit.half_days),
        )
        .filter(lambda person, month, half_days: half_days > person.month_cap)
        .penalize(HardMediumSoftScore.ONE_HARD, lambda person, month, half_days: half_days - person.month_cap)
        .as_constraint("month cap")
    )


def year_cap(duties: BiConstraintStream) -> Constraint:
    """Half-days beyond somebody's cap of a year."""
    return (
        duties.group_by(
            lambda seat, visit: seat.person,
            lambda seat, visit: visit.start.year,
            ConstraintCollectors.sum(lambda seat, visit: visit.half_days),
        )
        .filter(lambda person, year, half_days: half_days > person.year_cap)
        .penalize(HardMediumSoftScore.ONE_HARD, lambda person, year, half_days: half_days - person.year_cap)
        .as_constraint("year cap")
    )


def travel(duties: BiConstraintStream) -> Constraint:
    """Kilometres of somebody's duties in a run of days, at home or away in the nights between."""
    return (
        duties.group_by(
            lambda seat, visit: seat.person,
            lambda seat, visit: visit.start.run,
            ConstraintCollectors.to_list(lambda seat, visit: visit),
        )
        .penalize(HardMediumSoftScore.ONE_SOFT, lambda person, run, visits: kilometres(person, visits))
        .as_constraint("travel")
    )


def kilometres(person: Person, visits: list[Visit]) -> int:
    """The way by day and night through these visits."""
    if len(visits) == 1:
        visit = visits[0]
        way = 2 * person.ways[visit.place.number]
        return (way + (visit.days - 1) * min(way, person.night)) // 1000
    ordered: list[Visit] = []
    for visit in visits:
        position = len(ordered)
        while position > 0 and ordered[position - 1].start.slot > visit.start.slot:
            position -= 1
        ordered.insert(position, visit)
    metres = person.ways[ordered[-1].place.number]
    before = None
    for visit in ordered:
        way = person.ways[visit.place.number]
        metres += (visit.days - 1) * min(2 * way, person.night)
        metres += way if before is None else between(person, before, visit)
        before = visit
    return metres // 1000


def between(person: Person, before: Visit, visit: Visit) -> int:
    """Metres from one visit to the next: at once, by way of home, or after a night away."""
    home = person.ways[before.place.number] + person.ways[visit.place.number]
    drive = before.place.drives[visit.place.number]
    days = visit.start.day - before.start.last
    if days <= 0:
        return drive
    return min(home, drive + person.night) if days == 1 else home


def unit_overlap(factory: ConstraintFactory) -> Constraint:
    """Two visits of one unit overlap or lie too near."""
    return (
        factory.for_each_unique_pair(Visit, Joiners.equal(lambda visit: visit.unit))
        .filter(lambda one, other: too_near(one, other))
        .penalize(HardMediumSoftScore.ONE_HARD)
        .as_constraint("unit overlap")
    )


def too_near(one: Visit, other: Visit) -> bool:
    """Whether two visits of a unit overlap, or burden it twice within its gap."""
    first = one.start
    second = other.start
    if first.slot < other.end() and second.slot < one.end():
        return True
    if one.burden == 0 or other.burden == 0:
        return False
    if first.slot < second.slot:
        return second.day - first.last < one.unit.gap
    return first.day - second.last < one.unit.gap


def unit_burden(factory: ConstraintFactory) -> Constraint:
    """A unit is burdened beyond the limit of a period."""
    return (
        factory.for_each(Visit)
        .filter(lambda visit: visit.burden > 0 and len(visit.periods) > 0)
        .expand(lambda visit: visit.limits())
        .flatten_last(lambda limits: limits)
        .group_by(lambda visit, limit: limit, ConstraintCollectors.sum(lambda visit, limit: visit.burden))
        .filter(lambda limit, burden: burden > limit.most)
        .penalize(HardMediumSoftScore.ONE_HARD, lambda limit, burden: burden - limit.most)
        .as_constraint("unit burden")
    )


def cars(factory: ConstraintFactory) -> Constraint:
    """More visits at once than a resource allows."""
    return (
        factory.for_each(Visit)
        .filter(lambda visit: len(visit.cars) > 0)
        .expand(lambda visit: visit.taken())
        .flatten_last(lambda limits: limits)
        .group_by(lambda visit, limit: limit, ConstraintCollectors.count_bi())
        .filter(lambda limit, count: count > limit.most)
        .penalize(HardMediumSoftScore.ONE_HARD, lambda limit, count: count - limit.most)
        .as_constraint("cars")
    )


def order(factory: ConstraintFactory) -> Constraint:
    """A visit follows another too soon or too late."""
    return (
        factory.for_each(Precedence)
        .join(Visit, Joiners.equal(lambda order: order.after, lambda visit: visit.id))
        .join(Visit, Joiners.equal(lambda order, after: order.before, lambda visit: visit.id))
        .filter(lambda order, after, before: not in_order(order, before, after))
        .penalize(HardMediumSoftScore.ONE_HARD)
        .as_constraint("order")
    )


def in_order(order: Precedence, before: Visit, after: Visit) -> bool:
    """Whether so many days lie between."""
    days = after.start.day - before.start.last
    return order.least <= days and days <= order.most


def without_before(factory: ConstraintFactory) -> Constraint:
    """A visit is planned without the one before it."""
    return (
        factory.for_each(Precedence)
        .join(Visit, Joiners.equal(lambda order: order.after, lambda visit: visit.id))
        .if_not_exists(Visit, Joiners.equal(lambda order, after: order.before, lambda visit: visit.id))
        .penalize(HardMediumSoftScore.ONE_HARD)
        .as_constraint("without before")
    )


def buffer(factory: ConstraintFactory) -> Constraint:
    """Days short of the buffer before the latest day."""
    return (
        factory.for_each(Visit)
        .filter(lambda visit: visit.latest - visit.start.last < visit.buffer)
        .penalize(HardMediumSoftScore.ONE_SOFT, lambda visit: 2 * (visit.buffer - visit.latest + visit.start.last))
        .as_constraint("buffer")
    )
