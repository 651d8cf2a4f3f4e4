"""An application with some rows of every kind, whose every caller is the administrator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.accounts.identity import current_user, user_of_token
from app.accounts.rights import Actor
from app.core.clock import Clock
from app.core.config import Settings
from app.core.db import migrate, writing
from app.main import create_app
from app.models import AimSubject, ClosedDays, CostKind, MonitoringSample, OfficeDuty, ProgrammeRule
from tests.app import builders
from tests.app.builders import id_of
from tests.app.plans.rows import TUESDAY, Visit, a_solved_plan, a_version
from tests.app.programmes import builders as programmes
from tests.app.reports import builders as reports
from tests.app.topics import builders as topics
from tests.app.year_lists import builders as year_lists
from tests.conftest import NOW, TODAY

PASSWORD = "correct horse battery"


def _fill(app: FastAPI) -> Actor:
    """Some rows of every kind, and the administrator who asks."""
    with writing(app.state.engine) as session:
        admin = builders.a_user(session, password_hash=app.state.passwords.hash(PASSWORD))
        builders.a_user(session)
        places = builders.places(session)
        builders.a_region(session, parent_id=places.city.id)
        unit = builders.an_inspectee(session, places.banner, places.banner_office)
        person = builders.an_inspector(session, places.banner_office)
        for build in (builders.an_absence, builders.a_recusal, builders.an_appointment, builders.an_employment):
            build(session, person)
        builders.an_entry_training(session, person)
        builders.a_closure(session, unit)
        builders.a_past_inspection(session, unit)
        builders.an_area(session, places.banner)
        builders.an_evaluation_method(session)
        builders.some_cars(session, places.banner_office)
        builders.a_calendar_year(session, 2022)
        builders.a_calendar_year(session, 2023)
        builders.a_calendar_day(session, date(2023, 10, 2))
        builders.a_school_term(session)
        builders.added(session, ClosedDays(name="考试", first_on=date(2023, 6, 7), last_on=date(2023, 6, 9)))
        programmes.a_programme(session)
        programmes.a_round(session)
        target = programmes.a_target(session, places.banner)
        programmes.a_stage(session, target)
        programmes.a_burden_rule(session)
        topics.a_thematic_programme(session)
        topics.a_topic(session, places.banner_office, inspectee_ids=[], sample_size=1)
        builders.added(
            session,
            MonitoringSample(name="监测", first_on=date(2023, 5, 24), last_on=date(2023, 5, 25), inspectee_ids=[1]),
        )
        builders.added(
            session, OfficeDuty(office_id=2, name="评估周", first_on=date(2023, 9, 4), last_on=date(2023, 9, 8))
        )
        year_lists.a_rule(session)
        year_lists.a_list(session, places.banner_office, 2022, ["round", "routine"])
        reports.a_rate(session, CostKind.TRAVEL, 80)
        reports.a_cost(session, places.banner_office, places.banner, 12_000)
        reports.an_aim(session, AimSubject.SCHOOLS)
        programmes.a_programme(session, code="routine", rule=ProgrammeRule.ROUTINE, comprehensive=False)
        others = [builders.an_inspectee(session, places.banner, places.banner_office) for _ in range(2)]
        begun, routine = Visit(others[0], [person], TODAY), Visit(others[1], [person], TUESDAY, routine=True)
        office = [places.banner_office]
        a_version(session, a_solved_plan(session, office, [begun, Visit(unit, [person]), routine]), office[0])
        a_solved_plan(session, office, [begun, Visit(unit, [person])])  # a draft
        token = app.state.tokens.issue(id_of(admin), admin.password_hash, NOW)
        actor = user_of_token(session, app.state.tokens, app.state.clock, token)
        assert actor is not None
        return replace(actor, inspector_id=id_of(person))


def _serve(url: str) -> Iterator[FastAPI]:
    settings = Settings(database_url=url, secret=SecretStr("for tests only " * 3), today=TODAY)
    migrate(settings)
    app = create_app(settings)
    app.state.clock = Clock(working_date=TODAY, time=lambda: NOW)
    actor = _fill(app)
    app.dependency_overrides[current_user] = lambda: actor
    yield app
    app.state.engine.dispose()


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The application on a database of its own, where every caller is the administrator, who also inspects."""
    yield from _serve(f"sqlite:///{tmp_path_factory.mktemp('fuzz') / 'dudao.sqlite'}")


@pytest.fixture
def api_on_postgres(new_postgres_database: Callable[[], str]) -> Iterator[FastAPI]:
    """The same on PostgreSQL."""
    yield from _serve(new_postgres_database())
