"""The table of rights, held as a whole: what each role may read and change of each noun, and how far."""

from __future__ import annotations

from datetime import date

import pytest

from app.accounts.rights import Act, Actor, Noun, Reach, may, reach, require_change
from app.core.errors import Forbidden
from app.models import Role

ALL, REGION, OFFICE, SELF, NONE = Reach.ALL, Reach.REGION, Reach.OFFICE, Reach.SELF, Reach.NONE

TODAY = date(2022, 9, 1)
CITY_OFFICE_ID, BANNER_OFFICE_ID, OTHER_OFFICE_ID = 1, 2, 3
BANNER_ID, OTHER_BANNER_ID = 20, 30

ADMIN = Actor(1, "admin", Role.ADMIN, None, None, None, TODAY)
CITY = Actor(2, "city", Role.CITY_OFFICE, CITY_OFFICE_ID, 10, None, TODAY)
BANNER = Actor(3, "banner", Role.BANNER_OFFICE, BANNER_OFFICE_ID, BANNER_ID, None, TODAY)
INSPECTOR = Actor(4, "inspector", Role.INSPECTOR, None, None, 7, TODAY)

#                               admin            city office      banner office     inspector
TABLE = {
    Noun.PROGRAMME: [(ALL, ALL), (ALL, NONE), (ALL, NONE), (NONE, NONE)],
    Noun.ROUND: [(ALL, ALL), (ALL, NONE), (ALL, NONE), (NONE, NONE)],
    Noun.ACCOUNT: [(ALL, ALL), (ALL, NONE), (OFFICE, NONE), (NONE, NONE)],
    Noun.SETTING: [(ALL, ALL), (ALL, NONE), (ALL, NONE), (NONE, NONE)],
    Noun.EVALUATION_METHOD: [(ALL, ALL), (ALL, NONE), (ALL, NONE), (NONE, NONE)],
    Noun.CALENDAR: [(ALL, ALL), (ALL, ALL), (ALL, NONE), (NONE, NONE)],
    Noun.TARGET: [(ALL, ALL), (ALL, ALL), (ALL, NONE), (NONE, NONE)],
    Noun.INSPECTEE: [(ALL, ALL), (ALL, OFFICE), (REGION, OFFICE), (NONE, NONE)],
    Noun.AREA: [(ALL, ALL), (ALL, NONE), (REGION, REGION), (NONE, NONE)],
    Noun.INSPECTOR: [(ALL, ALL), (ALL, OFFICE), (OFFICE, OFFICE), (SELF, NONE)],
    Noun.RECUSAL: [(ALL, ALL), (ALL, OFFICE), (OFFICE, OFFICE), (SELF, NONE)],
    Noun.ABSENCE: [(ALL, ALL), (ALL, OFFICE), (OFFICE, OFFICE), (SELF, SELF)],
    Noun.PLAN: [(ALL, ALL), (ALL, OFFICE), (OFFICE, OFFICE), (NONE, NONE)],
    Noun.ASSIGNMENT: [(ALL, ALL), (ALL, OFFICE), (REGION, OFFICE), (SELF, NONE)],
    Noun.VISIT: [(ALL, ALL), (ALL, NONE), (REGION, NONE), (NONE, NONE)],
    Noun.REGION: [(ALL, ALL), (ALL, NONE), (ALL, NONE), (ALL, NONE)],
    Noun.OFFICE: [(ALL, ALL), (ALL, NONE), (ALL, NONE), (ALL, NONE)],
    Noun.AUDIT: [(ALL, ALL), (NONE, NONE), (NONE, NONE), (NONE, NONE)],
    Noun.YEAR_LIST: [(ALL, ALL), (ALL, OFFICE), (OFFICE, OFFICE), (NONE, NONE)],
    Noun.POOL: [(ALL, ALL), (ALL, OFFICE), (OFFICE, OFFICE), (NONE, NONE)],
    Noun.TOPIC: [(ALL, ALL), (ALL, OFFICE), (ALL, OFFICE), (NONE, NONE)],
    Noun.MONITORING: [(ALL, ALL), (ALL, ALL), (ALL, NONE), (NONE, NONE)],
    Noun.OFFICE_DUTY: [(ALL, ALL), (ALL, OFFICE), (OFFICE, OFFICE), (NONE, NONE)],
    Noun.OUTCOME: [(ALL, ALL), (ALL, OFFICE), (REGION, OFFICE), (SELF, SELF)],
    Noun.COST_RATE: [(ALL, ALL), (ALL, ALL), (ALL, NONE), (NONE, NONE)],
    Noun.COST: [(ALL, ALL), (ALL, OFFICE), (OFFICE, OFFICE), (NONE, NONE)],
    Noun.AIM: [(ALL, ALL), (ALL, NONE), (ALL, NONE), (NONE, NONE)],
}


@pytest.mark.parametrize("noun", Noun)
def test_the_table(noun: Noun) -> None:
    found = [
        (reach(actor, noun, Act.READ), reach(actor, noun, Act.CHANGE)) for actor in (ADMIN, CITY, BANNER, INSPECTOR)
    ]
    assert found == TABLE[noun]


def test_nobody_changes_what_he_may_not_read() -> None:
    for noun in Noun:
        for actor in (ADMIN, CITY, BANNER, INSPECTOR):
            assert reach(actor, noun, Act.CHANGE) <= reach(actor, noun, Act.READ)


def test_a_banner_changes_its_own_schools_and_reads_the_city_ones_in_it() -> None:
    own = {"office_id": BANNER_OFFICE_ID, "region_id": BANNER_ID}
    senior_here = {"office_id": CITY_OFFICE_ID, "region_id": BANNER_ID}
    foreign = {"office_id": OTHER_OFFICE_ID, "region_id": OTHER_BANNER_ID}
    assert [may(BANNER, Noun.INSPECTEE, Act.READ, **unit) for unit in (own, senior_here, foreign)] == [
        True,
        True,
        False,
    ]
    assert [may(BANNER, Noun.INSPECTEE, Act.CHANGE, **unit) for unit in (own, senior_here, foreign)] == [
        True,
        False,
        False,
    ]


def test_an_inspector_changes_only_the_own_leave() -> None:
    assert may(INSPECTOR, Noun.ABSENCE, Act.CHANGE, office_id=BANNER_OFFICE_ID, inspector_id=7)
    assert not may(INSPECTOR, Noun.ABSENCE, Act.CHANGE, office_id=BANNER_OFFICE_ID, inspector_id=8)


def test_an_account_without_an_office_owns_no_thing_without_one() -> None:
    """None is not the same office as none."""
    assert not may(INSPECTOR, Noun.ABSENCE, Act.CHANGE)
    nobody = Actor(5, "lost", Role.BANNER_OFFICE, None, None, None, TODAY)
    assert not may(nobody, Noun.INSPECTEE, Act.READ)


def test_a_refusal_names_the_deed_and_the_noun() -> None:
    with pytest.raises(Forbidden) as refused:
        require_change(CITY, Noun.INSPECTOR, office_id=BANNER_OFFICE_ID)
    assert refused.value.message == "账号“city”无权更改这里的督学。如有需要，请联系管理员。"
    assert refused.value.details == {"noun": "inspector", "act": "change", "role": "city_office"}
