"""The records of the flat arrays of the search.

The compiled loops take three arrays of 64-bit integers, since few flat arguments are what numba passes cheaply:

``given`` holds what does not change: a header of counts and offsets, then tables of fixed-width records
(visits, people, days, …) and the lists that records point into. A field ``X_AT`` of a record is the offset of a list
in ``given``, the field ``X_COUNT`` its length.

``price`` holds the prices. A cost is in thousandths of a unit of the contract's total, so that travel, which
is weighted by the kilometre, is a whole number by the metre.

``state`` holds the plan and what follows from it: who is where, and what is left of every cap.

A fourth array ``work`` belongs to one thread: its random stream, the log of its move, and room to choose a team.
"""

from __future__ import annotations

# Header of ``given``: counts and settings, then offsets of the tables in ``given``, offsets in ``state`` and ``work``.
(
    VISIT_COUNT,
    PERSON_COUNT,
    DAY_COUNT,
    SLOT_COUNT,
    MONTH_COUNT,
    YEAR_COUNT,
    PLACE_COUNT,
    GROUP_COUNT,
    TEAM_MAX,
    PLAN_WIDTH,
    VISITS,
    PEOPLE,
    DAYS,
    GROUPS,
    METRES,
    TRANSFERS,  # offset of a bit per pair of places: near enough within a day
    EVENINGS,  # the same from an afternoon to the next morning, or NO_LIMIT
    PLAN,
    DIARY,
    MONTH_LEFT,
    YEAR_LEFT,
    USE_LEFT,
    BURDEN_LEFT,
    LOAD,
    GROUP_LOAD,
    CANDIDATES,
    BEST_TEAM,
    UNSCHEDULED_COUNT,
    WORK_SIZE,
    HEADER,
) = range(30)

# Record of a visit.
(
    HALF_DAYS,
    SPAN_DAYS,
    TEAM_SIZE,
    PLACE,
    BURDEN,
    MIN_GAP_DAYS,
    LATEST_ORDINAL,
    BUFFER_DAYS,
    WEIGHT,
    SIBLINGS_AT,  # the visits of the same inspectee, itself included
    SIBLINGS_COUNT,
    STARTS_AT,
    STARTS_COUNT,
    STARTS_MASK,  # offset of a bit per slot
    PREFERRED_FIRST,  # positions in the list of starts: from here to the next, later visits of a chain keep a start
    PREFERRED_END,
    FOLLOWERS,  # visits in the longest chain that waits for this one
    MEMBERS_AT,
    MEMBERS_COUNT,
    MEMBERS_MASK,  # offset of a bit per person
    NEEDS_AT,  # pairs: offset of a bit per person, least number of bearers
    NEEDS_COUNT,
    PREFERS,  # whether the visit prefers anybody, of this part or not
    PREFERS_AT,  # the preferred who may be in its team
    PREFERS_COUNT,
    RESOURCES_AT,
    RESOURCES_COUNT,
    LIMITS_AT,  # triples: first day, day after the last, number of the burden counter
    LIMITS_COUNT,
    BEFORES_AT,  # triples: the other visit, least days, most days or NO_LIMIT
    BEFORES_COUNT,
    AFTERS_AT,
    AFTERS_COUNT,
    SEPARATIONS_AT,  # pairs: the other visit, least days
    SEPARATIONS_COUNT,
    BASELINE_START,  # a slot, NO_BASELINE, or LOST_BASELINE for a day that is no inspection day
    BASELINE_AT,  # the baseline's members who are still in the problem
    BASELINE_COUNT,
    BASELINE_GONE,  # how many of its members have left the problem
    NEAR_AT,  # visits near by in place and time, the nearest first
    NEAR_COUNT,
    IS_PINNED,
    AREA,  # the number of the area that may move the visit
    VISIT_WIDTH,
) = range(44)

# Record of a person.
(
    HOME_AT,  # pairs by place: metres from the base and back to it, far surcharges included
    NIGHT_METRES,
    SHARE,
    MONTH_CAP,
    LEVEL_AT,  # pairs by month: what is left of it if nothing is planned, half-days before the level; or NO_LIMIT
    NIGHTS_AT,  # pairs: a slot, and the place where the history has the person in the half-day across the night
    NIGHTS_COUNT,
    GROUPS_AT,
    GROUPS_COUNT,
    GROUPS_KEY,
    PERSON_WIDTH,
) = range(11)

# Record of a day; ``IS_FOLLOWED`` says whether the next inspection day is the next calendar date.
ORDINAL, MONTH, YEAR, IS_FOLLOWED, DAY_WIDTH = range(5)

# Record of a balance group.
PEOPLE_AT, PEOPLE_IN_GROUP, GROUP_WIDTH = range(3)

# Record of a visit in the plan: where it begins, then ``TEAM_MAX`` members, unordered.
START, TEAM = range(2)

# ``price``: costs in thousandths, then the sums of shares of the balance groups.
(
    UNSCHEDULED_PRICE,
    METRE_PRICE,
    BALANCE_PRICE,
    BUFFER_PRICE,
    PREFERENCE_PRICE,
    CHANGE_DAY_PRICE,
    CHANGE_HALF_PRICE,
    CHANGE_MEMBER_PRICE,
    OVERLOAD_PRICE,
    CHANGED_PRICE,  # of a baseline assignment that differs at all
    GROUP_SHARES,
) = range(11)

UNSCHEDULED = -1
"""The start of an unscheduled visit."""

FREE = -1
"""A half-day in a diary on which nothing happens."""

AWAY = -2
"""A half-day on which the person does not work. A diary also holds the number of a visit, or, for a visit of the
history, the number of visits plus the number of its place (of all places, where that is unknown)."""

NO_BASELINE = -1
LOST_BASELINE = -2
NO_LIMIT = -1

UNLIMITED = 2**30
"""What is left where there is no cap."""

LOG_CAPACITY = 24
"""The most visits that one move may touch."""

RANDOM, LOG = range(2)
"""Where ``work`` holds the word of its random stream, and the log of a move: the number of visits, then their records.
Behind them follow, at offsets in the header, the candidates of a team, pairs of person and cost; the best team so far;
``UNSCHEDULED_COUNT``, how many visits of the area are unscheduled, and then these visits.
"""

# Record of a visit in the log of a move: where it is to begin and how its team is found; the plan's record follows,
# first as it is to be, then, once the move is carried out, as it was.
MOVED, TARGET, TEAM_IS, BEFORE = range(4)

TEAM_PROPOSED, TEAM_TO_BE_FOUND, ALL_TO_BE_FOUND, START_TO_BE_FOUND = range(4)
"""Values of ``TEAM_IS``: the record holds it; the cheapest at the target; the cheapest anywhere; the record holds it,
and the target is where it is cheapest.
"""

SCORE_PARTS = 9
"""The parts of a score, in the order of ``Score``."""
