"""``dudao up``: from nothing to a served calendar, and within seconds when that was done before.

Every part looks first at what is there, so a run that was interrupted goes on where it was.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlmodel import col, select

from app.accounts.audit import Ledger
from app.accounts.rights import Actor
from app.cli.output import PlanProgress, ProgressView, fail, say, say_result
from app.cli.server import answer_requests, planning, require_free_port
from app.core.clock import Clock, clock_for
from app.core.config import Settings
from app.core.db import make_engine, migrate, reading, writing
from app.core.errors import AppError
from app.core.logs import set_up_logging
from app.models import Demonstration, Plan, PlanState, PublishedVersion, Region, RegionLevel, Role, User
from app.plans import service
from app.plans.schemas import PlanRequest
from app.publications.schemas import PublishRequest
from app.publications.service import publish
from seed import SCENARIOS, ForeignRegisterError, MoveRefusedError, NoAdministratorError, Scenario, Wish
from seed import load as load_seed

POLL_SECONDS = 0.5

UNFINISHED = (PlanState.QUEUED, PlanState.SOLVING)


def up(settings: Settings, seconds: int, wish: Wish) -> None:
    """Migrate, load, plan and publish what is not there yet, then serve."""
    set_up_logging("WARNING")
    require_free_port(settings)
    migrate(settings)
    engine = make_engine(settings)
    load(settings, engine, clock_for(settings), wish)
    clock, scenario = _demonstration(engine, settings)
    with planning(settings) as stopping:
        if not _is_published(engine, scenario):
            _publish(engine, clock, scenario, _planned(engine, clock, scenario, seconds))
        engine.dispose()
        say(f"服务地址 http://{settings.host}:{settings.port}（系统日期 {clock.today()}；按 Ctrl-C 停止）")
        set_up_logging(settings.log_level)
        answer_requests(settings, stopping.set)


def load(settings: Settings, engine: sa.Engine, clock: Clock, wish: Wish) -> None:
    """Load the data; the passwords of new accounts are shown this once: outside development in a file, not in a log."""
    try:
        report = load_seed(engine, clock, wish)
    except (ForeignRegisterError, MoveRefusedError, NoAdministratorError, AppError) as error:
        fail(str(error))
    for line in report.lines():
        say(line)
    accounts = [f"{account.username} {account.role} {account.password}" for account in report.accounts]
    if accounts and settings.environment == "production":
        file = _write_secretly(settings, accounts)
        say(f"账号和初始密码写在 {file}，只有运行本服务的用户可读；登录并更改密码后请删除该文件。")
    elif accounts:
        say("账号（用户名 角色 密码；密码只显示这一次，可用 dudao user password 重设）：")
        for line in accounts:
            say(line)


def _write_secretly(settings: Settings, lines: Sequence[str]) -> Path:
    """Write the first accounts beside the SQLite database, or where the process stands, for its own user alone."""
    folder = Path(make_url(settings.database_url).database or "").parent if settings.is_sqlite else Path()
    file = (folder / "first-accounts.txt").absolute()
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write("\n".join(lines) + "\n")
    return file


def _demonstration(engine: sa.Engine, settings: Settings) -> tuple[Clock, Scenario]:
    """The clock of this start, and the scenario that the database is in."""
    with reading(engine) as session:
        present = session.get_one(Demonstration, 1)
        return replace(clock_for(settings), stored=lambda: present.working_on), SCENARIOS[present.scenario]


def _is_published(engine: sa.Engine, scenario: Scenario) -> bool:
    """Whether a plan that reaches into the scenario's days was put into force."""
    with reading(engine) as session:
        reaching = (
            select(PublishedVersion.id)
            .join(Plan, col(Plan.id) == col(PublishedVersion.plan_id))
            .where(Plan.last_day >= scenario.first_day)
        )
        return session.exec(reaching.limit(1)).first() is not None


def _planned(engine: sa.Engine, clock: Clock, scenario: Scenario, seconds: int) -> int:
    """The scenario's first plan, solved: the one that an earlier run asked for, or a new one."""
    plan_id = _asked(engine, clock, scenario, seconds)
    with ProgressView("首次编制日程", seconds) as view:
        while True:
            with reading(engine) as session:
                plan = session.get_one(Plan, plan_id)
            view.show(PlanProgress(plan.state.value, plan.elapsed_seconds, plan.scheduled, plan.visits, plan.total))
            if plan.state not in UNFINISHED:
                break
            time.sleep(POLL_SECONDS)
    with reading(engine) as session:
        say_result(service.get_plan(session, _administrator(engine, clock), plan_id).model_dump(mode="json"))
    if plan.state is not PlanState.SOLVED:
        fail("首次编制日程没有得到可发布的结果。排除原因后请重新运行。")
    return plan_id


def _asked(engine: sa.Engine, clock: Clock, scenario: Scenario, seconds: int) -> int:
    administrator = _administrator(engine, clock)
    with writing(engine) as session:
        of_city = select(Region.adcode).where(Region.level == RegionLevel.CITY).order_by(Region.adcode)
        adcode = session.exec(of_city).first()
        if adcode is None:
            fail("数据库中没有盟市，无法编制日程。")
        present = session.exec(
            select(Plan.id)
            .where(Plan.name == scenario.plan_name, col(Plan.state).in_([*UNFINISHED, PlanState.SOLVED]))
            .order_by(col(Plan.id).desc())
        ).first()
        if present is not None:
            return present
        wanted = PlanRequest(
            name=scenario.plan_name,
            region=adcode,
            first_day=scenario.first_day,
            last_day=scenario.last_day,
            seconds=seconds,
        )
        return service.ask(Ledger(session, clock, administrator), wanted).id


def _administrator(engine: sa.Engine, clock: Clock) -> Actor:
    """In whose name the first calendar is planned and published."""
    with reading(engine) as session:
        account = session.exec(
            select(User).where(User.role == Role.ADMIN, col(User.ended_at).is_(None)).order_by(col(User.id))
        ).first()
    if account is None or account.id is None:
        fail("没有管理员账号。请先运行 dudao user create 新建一个。")
    return Actor(
        id=account.id,
        username=account.username,
        role=account.role,
        office_id=None,
        region_id=None,
        inspector_id=None,
        today=clock.today(),
    )


def _publish(engine: sa.Engine, clock: Clock, scenario: Scenario, plan_id: int) -> None:
    """Put the plan into force up to the scenario's day, or the end of the working date's year where that is later."""
    until = min(max(scenario.until, date(clock.today().year, 12, 31)), scenario.last_day)
    administrator = _administrator(engine, clock)
    try:
        with writing(engine) as session:
            done = publish(Ledger(session, clock, administrator), plan_id, PublishRequest(until=until))
    except AppError as error:
        fail(error.message)
    say(f"已发布：{len(done.versions)} 个机构的安排生效至 {until}，其后为预安排。")
