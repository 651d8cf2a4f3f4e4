"""Topics: their own visits, joined to the round's where both fall together, unannounced without notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from solver.demand import (
    EVALUATION,
    Demand,
    DemandInput,
    DemandSettings,
    KnownAssignment,
    Rule,
    Topic,
    UnplannedReason,
    demand,
)
from solver.problem import DateRange
from tests.solver.demand.builders import CITY, a_government, a_programme, a_round, a_school, an_input, visit_of

THEMATIC = a_programme(code="thematic", rule=Rule.THEMATIC, comprehensive=False, max_interval_years=None)
ROUND_KEY, TOPIC_KEY = "round-1-1", "topic-7-1"


def a_topic(**changes: Any) -> Topic:
    """Textbooks in one school of 林西县, by three people for half a day, in October 2022."""
    topic = Topic(
        id="7",
        programme="thematic",
        first=date(2022, 10, 10),
        last=date(2022, 10, 31),
        half_days=1,
        size=3,
        weight=20,
        inspectees=(a_school(),),
        requires={"inspector": 3, "lead": 1},
    )
    return replace(topic, **changes)


def given(topic: Topic, **changes: Any) -> DemandInput:
    """A school and a topic; no round unless it is named."""
    fields: dict[str, Any] = {"inspectees": (a_school(),), "programmes": (a_programme(), THEMATIC), "topics": (topic,)}
    return an_input(**fields | changes)


def windows(found: Demand) -> dict[str, tuple[date, date, int]]:
    """First day, last day and half-days of the visits by key."""
    return {visit.key: (visit.earliest, visit.latest, visit.half_days) for visit in found.visits}


def test_a_topic_is_one_visit_to_each_of_its_units_that_is_no_comprehensive_one() -> None:
    found = demand(given(a_topic(inspectees=(a_school(), a_school("2")))))
    assert windows(found) == {
        "topic-7-1": (date(2022, 10, 10), date(2022, 10, 31), 1),
        "topic-7-2": (date(2022, 10, 10), date(2022, 10, 31), 1),
    }
    visit = visit_of(found, TOPIC_KEY)
    assert visit is not None
    assert (visit.burden, visit.serves, visit.team.pool) == (0, (("thematic", "topic-7"),), ("pool:150424",))


def test_the_topic_of_another_office_is_inspected_by_its_people() -> None:
    # The city draws a school whose other inspections are the banner's: the topic's inspectees bear the city's office.
    visit = visit_of(demand(given(a_topic(inspectees=(a_school(office=CITY),)))), TOPIC_KEY)
    assert visit is not None
    assert (visit.office, visit.team.pool, visit.resources) == (CITY, ("pool:150400",), ("cars:150400",))


def test_an_announced_topic_waits_for_the_notice_and_an_unannounced_one_does_not() -> None:
    # Asked on 2022-09-01 with a notice of 30 days: 2022-10-01 is the first day, or 2022-09-05, when the topic begins.
    early = a_topic(first=date(2022, 9, 5))
    assert windows(demand(given(early)))[TOPIC_KEY][0] == date(2022, 10, 1)
    hidden = demand(given(replace(early, unannounced=True)))
    assert (windows(hidden)[TOPIC_KEY][0], hidden.visits[0].unannounced) == (date(2022, 9, 5), True)


def test_an_unannounced_visit_in_force_closes_no_days_of_a_notice() -> None:
    assigned = KnownAssignment(TOPIC_KEY, "e1", date(2022, 9, 13), date(2022, 9, 13), (("thematic", "topic-7"),))
    found = demand(given(a_topic(first=date(2022, 9, 5), unannounced=True), assignments=(assigned,)))
    assert (dict(found.closings), windows(found)[TOPIC_KEY][0]) == ({}, date(2022, 9, 5))


def test_what_falls_together_with_the_rounds_visit_joins_it() -> None:
    # 2 half-days of the round and 1 of the topic, on the topic's days, in the round's horizon from 2023 on.
    topic = a_topic(
        first=date(2023, 10, 9), last=date(2023, 10, 31), requires={"inspector": 3, "lead": 1, "finance": 1}
    )
    found = demand(given(topic, rounds=(a_round(),)))
    assert windows(found) == {ROUND_KEY: (date(2023, 10, 9), date(2023, 10, 31), 3)}
    visit = found.visits[0]
    assert (visit.burden, visit.serves) == (1, (("round", EVALUATION), ("thematic", "topic-7")))
    assert dict(visit.team.requires) == {"finance": 1, "inspector": 3, "lead": 1}


APART: dict[str, dict[str, Any]] = {
    "the setting says so": {"settings": DemandSettings(merge_topics=False)},
    "nobody may know of the topic": {"topic": {"unannounced": True}},
    "the topic is another office's": {"topic": {"inspectees": (a_school(office=CITY),)}},
    "both are longer than the longest visit": {"topic": {"half_days": 9}},
    "one team of three cannot bear four skills": {
        "topic": {"requires": {"inspector": 3, "lead": 1, "finance": 2, "special": 1, "senior": 1}}
    },
    "the round's visit is told for another day": {
        "assignments": (KnownAssignment(ROUND_KEY, "e1", date(2023, 5, 8), date(2023, 5, 8), (("round", EVALUATION),)),)
    },
    "the topic is told for a day of its own": {
        "assignments": (
            KnownAssignment(TOPIC_KEY, "e1", date(2023, 10, 11), date(2023, 10, 11), (("thematic", "topic-7"),)),
        )
    },
}


@pytest.mark.parametrize("why", APART)
def test_they_stay_apart_where(why: str) -> None:
    changes = dict(APART[why])
    topic = a_topic(first=date(2023, 10, 9), last=date(2023, 10, 31), **changes.pop("topic", {}))
    found = demand(given(topic, rounds=(a_round(),), **changes))
    assert sorted(windows(found)) == [ROUND_KEY, TOPIC_KEY]


def test_a_topic_joins_no_visit_that_would_become_longer_than_the_setting() -> None:
    # the round's visit takes 2 half-days, the topic's 2
    topic = a_topic(half_days=2, first=date(2023, 3, 1), last=date(2023, 5, 31))
    both = given(topic, rounds=(a_round(),))
    assert len(demand(both).visits) == 1
    settings = DemandSettings(merged_topic_max_half_days=3)
    assert len(demand(replace(both, settings=settings)).visits) == 2


def test_a_topic_at_a_government_takes_its_host() -> None:
    visit = visit_of(demand(given(a_topic(inspectees=(a_government(),)))), "topic-7-150424")
    assert visit is not None
    assert visit.resources == (f"cars:{CITY}", "host:150424")


def test_a_topic_that_was_served_is_not_asked_again() -> None:
    assigned = KnownAssignment(
        ROUND_KEY,
        "e1",
        date(2022, 10, 12),
        date(2022, 10, 13),
        (("round", EVALUATION), ("thematic", "topic-7")),
        fixed=True,
    )
    found = demand(given(a_topic(), assignments=(assigned,)))
    assert [
        (requirement.phase, requirement.reason, requirement.details["inspected_on"]) for requirement in found.unplanned
    ] == [("topic-7", UnplannedReason.DONE, date(2022, 10, 12))]


@pytest.mark.parametrize(
    ("topic", "school", "reason"),
    [
        ({"first": date(2022, 9, 5), "last": date(2022, 9, 20)}, {}, UnplannedReason.MISSED),
        ({"first": date(2025, 12, 31), "last": date(2026, 3, 31), "half_days": 3}, {}, UnplannedReason.NOT_YET_DUE),
        ({}, {"closed_on": date(2022, 10, 5)}, UnplannedReason.CLOSED),
    ],
)
def test_a_unit_without_a_day_has_a_reason(topic: dict[str, Any], school: dict[str, Any], reason: str) -> None:
    # Inside the notice; a single day before the horizon ends; closed on 2022-10-05, with its days from then on.
    inspectee = a_school(**school)
    if inspectee.closed_on is not None:
        inspectee = replace(inspectee, closed=(DateRange(inspectee.closed_on, date(2025, 12, 31)),))
    found = demand(given(a_topic(inspectees=(inspectee,), **topic)))
    assert [(requirement.reason, requirement.due_on) for requirement in found.unplanned] == [
        (reason, topic.get("last", date(2022, 10, 31)))
    ]


def _same(**changes: Any) -> DemandInput:
    """The city and the banner look at the same subject in one school in October 2022."""
    of_city = a_topic(id="8", subject="双减", inspectees=(a_school(office=CITY),), first=date(2022, 10, 14))
    of_banner = a_topic(subject="双减", **changes)
    return replace(given(of_banner), topics=(of_banner, of_city))


def test_the_same_subject_of_city_and_banner_at_a_school_is_one_visit_by_the_city() -> None:
    found = demand(_same())
    assert windows(found) == {"topic-8-1": (date(2022, 10, 14), date(2022, 10, 31), 1)}
    assert found.visits[0].serves == (("thematic", "topic-8"), ("thematic", "topic-7"))
    assert (found.visits[0].office, found.visits[0].team.pool) == (CITY, ("pool:150400",))


@pytest.mark.parametrize(
    "changes",
    [{"subject": "经费"}, {"unannounced": True}, {"first": date(2022, 11, 1), "last": date(2022, 11, 30)}],
)
def test_other_subjects_days_or_secrecy_are_visits_of_their_own(changes: dict[str, Any]) -> None:
    of_banner = {"subject": "双减"} | changes
    given_ = _same()
    topics = (replace(given_.topics[0], **of_banner), given_.topics[1])
    assert sorted(windows(demand(replace(given_, topics=topics)))) == ["topic-7-1", "topic-8-1"]


@pytest.mark.parametrize(("subject", "is_done"), [("双减", True), ("经费", False)])
def test_the_subject_is_done_where_another_office_has_looked_at_it(subject: str, is_done: bool) -> None:
    day = date(2022, 10, 18)
    held = KnownAssignment("topic-9-1", "e1", day, day, (("thematic", "topic-9"),), office=CITY, fixed=True)
    found = demand(replace(given(a_topic(subject="双减")), assignments=(held,), subjects={"7": "双减", "9": subject}))
    assert (not found.visits) is is_done
    reasons = [each.reason for each in found.unplanned if each.phase == "topic-7"]
    assert reasons == ([UnplannedReason.DONE] if is_done else [])


def test_a_topic_joins_no_visit_whose_common_days_are_less_than_two_weeks() -> None:
    topic = a_topic(first=date(2023, 10, 9), last=date(2023, 12, 8))
    for last, number in ((date(2023, 10, 21), 2), (date(2023, 10, 22), 1)):
        assert len(demand(given(topic, rounds=(a_round(last=last),))).visits) == number
