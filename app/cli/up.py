"""``dudao up``: from nothing to a served calendar, and within seconds when that was done before.

Every part looks first at what is there, so a run that was interrupted goes on where it was.
"""

from __future__ import annotations

import time
from datetime import date

import sqlalchemy as sa
from sqlmodel import col, select

from app.accounts.audit import Ledger
from app.accounts.rights import Actor
from app.cli.output import ProgressView, Standing, fail, say, say_result
from app.cli.server import answer_requests, planning, require_free_port
from app.core.clock import Clock, clock_for
from app.core.config import Settings
from app.core.db import make_engine, migrate, reading, writing
from app.core.errors import AppError
from app.core.logs import set_up_logging
from app.models import Plan, PlanState, PublishedVersion, Region, RegionLevel, Role, User
from app.plans import publish, service
from app.plans.schemas import PlanRequest, PublishRequest
from seed import load

DEMONSTRATION_TODAY = date(2022, 9, 1)
FIRST_DAY, LAST_DAY = date(2022, 9, 1), date(2025, 12, 31)
UNTIL = date(2023, 12, 31)
"""Up to which day the first calendar is put into force; what begins later is outlook."""
PLAN_NAME = "2022年秋季至2025年督导安排"
POLL_SECONDS = 0.5

UNFINISHED = (PlanState.QUEUED, PlanState.SOLVING)


def up(settings: Settings, seconds: int) -> None:
    """Migrate, load, plan and publish what is not there yet, then serve."""
    if settings.today is None:
        settings = settings.model_copy(update={"today": DEMONSTRATION_TODAY})
    set_up_logging("WARNING")
    require_free_port(settings)
    migrate(settings)
    engine = make_engine(settings)
    clock = clock_for(settings)
    _load(engine, clock)
    with planning(settings):
        if not _is_published(engine):
            _publish(engine, clock, _planned(engine, clock, seconds))
        engine.dispose()
        say(f"服务地址 http://{settings.host}:{settings.port}（工作日期 {clock.today()}；按 Ctrl-C 停止）")
        set_up_logging(settings.log_level)
        answer_requests(settings)


def _load(engine: sa.Engine, clock: Clock) -> None:
    """Load the data; the passwords of new accounts are shown this once."""
    report = load(engine, clock)
    for line in report.lines():
        say(line)
    if report.accounts:
        say("账号（用户名 角色 密码；密码只显示这一次，可用 dudao user password 重设）：")
    for account in report.accounts:
        say(f"{account.username} {account.role} {account.password}")


def _is_published(engine: sa.Engine) -> bool:
    with reading(engine) as session:
        return session.exec(select(PublishedVersion.id).limit(1)).first() is not None


def _planned(engine: sa.Engine, clock: Clock, seconds: int) -> int:
    """The first plan, solved: the one that an earlier run asked for, or a new one."""
    plan_id = _asked(engine, clock, seconds)
    with ProgressView("首次排程", seconds) as view:
        while True:
            with reading(engine) as session:
                plan = session.get_one(Plan, plan_id)
            view.show(Standing(plan.state.value, plan.elapsed_seconds, plan.scheduled, plan.visits, plan.total))
            if plan.state not in UNFINISHED:
                break
            time.sleep(POLL_SECONDS)
    with reading(engine) as session:
        say_result(service.get_plan(session, _administrator(engine, clock), plan_id).model_dump(mode="json"))
    if plan.state is not PlanState.SOLVED:
        fail("首次排程没有得到可发布的结果。排除原因后请重新运行。")
    return plan_id


def _asked(engine: sa.Engine, clock: Clock, seconds: int) -> int:
    administrator = _administrator(engine, clock)
    with writing(engine) as session:
        of_city = select(Region.adcode).where(Region.level == RegionLevel.CITY).order_by(Region.adcode)
        adcode = session.exec(of_city).first()
        if adcode is None:
            fail("数据库中没有盟市，无法排程。")
        present = session.exec(
            select(Plan.id)
            .where(Plan.name == PLAN_NAME, col(Plan.state).in_([*UNFINISHED, PlanState.SOLVED]))
            .order_by(col(Plan.id).desc())
        ).first()
        if present is not None:
            return present
        wanted = PlanRequest(name=PLAN_NAME, region=adcode, first_day=FIRST_DAY, last_day=LAST_DAY, seconds=seconds)
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


def _publish(engine: sa.Engine, clock: Clock, plan_id: int) -> None:
    administrator = _administrator(engine, clock)
    try:
        with writing(engine) as session:
            done = publish.publish(Ledger(session, clock, administrator), plan_id, PublishRequest(until=UNTIL))
    except AppError as error:
        fail(error.message)
    say(f"已发布：{len(done.versions)} 个机构的安排生效至 {UNTIL}，其后为展望。")
