"""The rules and the score for Timefold, as constraint streams.

Hard are the rules between visits, medium is what a visit lacks (a start, members, skills) times its weight, soft is the
rest of the score. All that concerns one inspector's days is worked out from the list of their visits.
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
    """All constraints; what two of them begin with is built once, so that Timefold keeps it once."""
    duties = factory.for_each(Seat).join(Visit, Joiners.equal(lambda seat: seat.visit, lambda visit: visit))
    by_person = duties.group_by(
        lambda seat, visit: seat.person, ConstraintCollectors.to_list(lambda seat, visit: visit)
    )
    by_visit = duties.group_by(lambda seat, visit: visit, ConstraintCollectors.to_list(lambda seat, visit: seat.person))
    return [
        no_start(factory),
        no_member(factory),
        no_skill(factory),
        skill(by_visit),
        unit_overlap(factory),
        unit_burden(factory),
        cars(factory),
        too_early(factory),
        without_before(factory),
        people_rules(by_person),
        people_costs(by_person),
        buffer(factory),
        preference(by_visit),
    ]


def no_start(factory: ConstraintFactory) -> Constraint:
    """A visit without a start lacks everything."""
    return (
        factory.for_each_including_unassigned(Visit)
        .filter(lambda visit: visit.start is None)
        .penalize(HardMediumSoftScore.ONE_MEDIUM, lambda visit: visit.weight * visit.parts)
        .as_constraint("no start")
    )


def no_member(factory: ConstraintFactory) -> Constraint:
    """A seat of a visit with a start lacks a member."""
    return (
        factory.for_each_including_unassigned(Seat)
        .filter(lambda seat: seat.person is None)
        .join(Visit, Joiners.equal(lambda seat: seat.visit, lambda visit: visit))
        .penalize(HardMediumSoftScore.ONE_MEDIUM, lambda seat, visit: visit.weight)
        .as_constraint("no member")
    )


def no_skill(factory: ConstraintFactory) -> Constraint:
    """A visit with a start needs bearers of what is required."""
    return (
        factory.for_each(Visit)
        .penalize(HardMediumSoftScore.ONE_MEDIUM, lambda visit: visit.weight * visit.skills)
        .as_constraint("no skill")
    )


def skill(by_visit: BiConstraintStream) -> Constraint:
    """A team has bearers of what is required: each member that comes is a step ahead."""
    return by_visit.reward(
        HardMediumSoftScore.ONE_MEDIUM, lambda visit, people: visit.weight * skills_borne(visit, people)
    ).as_constraint("skill")


def skills_borne(visit: Visit, people: list[Person]) -> int:
    """How many of the bearers that are required the team has."""
    total = 0
    for position in range(len(visit.requires)):
        borne = 0
        for person in people:
            if visit.requires[position] in person.tags:
                borne += 1
        total += min(borne, visit.requires_count[position])
    return total


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
    if one.first() < other.end() and other.first() < one.end():
        return True
    if one.burden == 0 or other.burden == 0:
        return False
    if one.first() < other.first():
        return other.first() // 2 - one.last_day() < one.unit.gap
    return one.first() // 2 - other.last_day() < one.unit.gap


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


def too_early(factory: ConstraintFactory) -> Constraint:
    """A visit follows another too soon or too late."""
    return (
        factory.for_each(Precedence)
        .join(Visit, Joiners.equal(lambda order: order.after, lambda visit: visit))
        .join(Visit, Joiners.equal(lambda order, after: order.before, lambda visit: visit))
        .filter(lambda order, after, before: not in_order(order, before, after))
        .penalize(HardMediumSoftScore.ONE_HARD)
        .as_constraint("order")
    )


def in_order(order: Precedence, before: Visit, after: Visit) -> bool:
    """Whether so many days lie between."""
    days = after.first() // 2 - before.last_day()
    return order.least <= days and days <= order.most


def without_before(factory: ConstraintFactory) -> Constraint:
    """A visit is planned without the one before it."""
    return (
        factory.for_each(Precedence)
        .join(Visit, Joiners.equal(lambda order: order.after, lambda visit: visit))
        .if_not_exists(Visit, Joiners.equal(lambda order, after: order.before, lambda visit: visit))
        .penalize(HardMediumSoftScore.ONE_HARD)
        .as_constraint("without before")
    )


def people_rules(by_person: BiConstraintStream) -> Constraint:
    """What one inspector's days break: overlaps, absences, drives at noon, caps."""
    return by_person.penalize(
        HardMediumSoftScore.ONE_HARD, lambda person, visits: broken(person, visits)
    ).as_constraint("people rules")


def people_costs(by_person: BiConstraintStream) -> Constraint:
    """What one inspector's days cost: travel in kilometres, and the distance from the fair load."""
    return by_person.penalize(HardMediumSoftScore.ONE_SOFT, lambda person, visits: cost(person, visits)).as_constraint(
        "people costs"
    )


def broken(person: Person, visits: list[Visit]) -> int:
    """How much the visits of one inspector break."""
    count = 0
    months: dict[int, int] = {}
    years: dict[int, int] = {}
    taken: dict[int, Visit] = {}
    for visit in visits:
        start = visit.start.slot
        if person.free[start // 2] < visit.days:
            count += 1
        for slot in range(start, start + visit.half_days):
            if slot in taken:
                count += 1
            taken[slot] = visit
            month = person.months[slot // 2]
            months[month] = months.get(month, 0) + 1
            if months[month] > person.month_cap:
                count += 1
            years[month // 12] = years.get(month // 12, 0) + 1
            if years[month // 12] > person.year_cap:
                count += 1
    for visit in visits:
        if visit.half_days % 2 == 1:
            last = visit.start.slot + visit.half_days - 1
            beside = last + 1 if last % 2 == 0 else last - 1
            if beside in taken and visit.place.drives[taken[beside].place.number] > visit.reach:
                count += 1
    return count


def cost(person: Person, visits: list[Visit]) -> int:
    """Kilometres by day and night of one inspector, and 20 for each half-day off the fair load."""
    ordered: list[Visit] = []
    starts: list[int] = []
    half_days = 0
    for visit in visits:
        half_days += visit.half_days
        start = visit.start.slot
        position = len(starts)
        while position > 0 and starts[position - 1] > start:
            position -= 1
        ordered.insert(position, visit)
        starts.insert(position, start)
    metres = 0
    last = -10
    place = -1
    for visit in ordered:
        way = person.ways[visit.place.number]
        home = person.ways[place] + way if place >= 0 else way
        first = visit.start.slot // 2
        if first == last:
            metres += visit.place.drives[place]
        elif first == last + 1:
            metres += min(home, visit.place.drives[place] + person.night)
        else:
            metres += home
        metres += (visit.days - 1) * min(2 * way, person.night)
        place = visit.place.number
        last = visit.last_day()
    if place >= 0:
        metres += person.ways[place]
    return metres // 1000 + 20 * abs(half_days - person.target)


def buffer(factory: ConstraintFactory) -> Constraint:
    """Days short of the buffer before the latest day."""
    return (
        factory.for_each(Visit)
        .filter(lambda visit: visit.latest - visit.last_day() < visit.buffer)
        .penalize(HardMediumSoftScore.ONE_SOFT, lambda visit: 2 * (visit.buffer - visit.latest + visit.last_day()))
        .as_constraint("buffer")
    )


def preference(by_visit: BiConstraintStream) -> Constraint:
    """None of the preferred is in the team."""
    return (
        by_visit.filter(lambda visit, people: len(visit.prefers) > 0 and not is_preferred(visit, people))
        .penalize(HardMediumSoftScore.ONE_SOFT, lambda visit, people: 30)
        .as_constraint("preference")
    )


def is_preferred(visit: Visit, people: list[Person]) -> bool:
    """Whether one of the preferred is among these."""
    for person in people:
        if person.number in visit.prefers:
            return True
    return False
