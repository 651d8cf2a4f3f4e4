"""``dudao user``: accounts in the database of the settings, for an operator with a shell on the machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlmodel import col, select

from app.accounts import queries, service
from app.accounts.audit import Ledger
from app.accounts.schemas import UserCreate
from app.cli.environment import settings_of_process
from app.cli.output import fail, say
from app.core.clock import clock_for
from app.core.db import make_engine, writing
from app.core.errors import AppError
from app.core.security import Passwords, new_password
from app.models import Inspector, Office, Region, Role, User

users = typer.Typer(no_args_is_help=True, help="账号：新建、列出、重设密码、停用。")

Username = Annotated[str, typer.Argument(help="用户名")]


@contextmanager
def _ledger() -> Iterator[Ledger]:
    """Changes by the machine's own operator: nobody is logged in, and the audit says so."""
    settings = settings_of_process()
    engine = make_engine(settings)
    try:
        with writing(engine) as session:
            yield Ledger(session, clock_for(settings), None)
    except AppError as error:
        fail(error.message)
    except ValidationError:
        fail("用户名无效：须为 2 至 64 个字母、汉字、数字或 . _ @ - 。")
    finally:
        engine.dispose()


@users.command("create")
def create(
    username: Username,
    role: Annotated[Role, typer.Option(help="角色")],
    office: Annotated[str | None, typer.Option(help="督导机构所在行政区代码（机构账号）")] = None,
    inspector: Annotated[str | None, typer.Option(help="督学编码（督学账号）")] = None,
) -> None:
    """新建账号，随机密码只显示一次。"""
    password = new_password()
    with _ledger() as ledger:
        office_id = inspector_id = None
        if office is not None:
            of_region = select(Office.id).join(Region, col(Region.id) == col(Office.region_id))
            office_id = ledger.session.exec(of_region.where(Region.adcode == office)).first()
            if office_id is None:
                fail(f"没有代码为“{office}”的行政区的督导机构。")
        if inspector is not None:
            inspector_id = ledger.session.exec(select(Inspector.id).where(Inspector.code == inspector)).first()
            if inspector_id is None:
                fail(f"没有编码为“{inspector}”的督学。")
        wanted = UserCreate(
            username=username, password=password, role=role, office_id=office_id, inspector_id=inspector_id
        )
        service.create_user(ledger, Passwords(), wanted)
    say(f"{username} {role.value} {password}")


@users.command("list")
def list_users() -> None:
    """列出账号。"""
    with _ledger() as ledger:
        for account in ledger.session.exec(select(User).order_by(User.username)).all():
            ended = "" if account.ended_at is None else "（已停用）"
            say(f"{account.username} {account.role.value}{ended}")


@users.command("password")
def set_password(username: Username) -> None:
    """重设密码为随机的新密码，只显示一次；旧令牌随即失效。"""
    password = new_password()
    with _ledger() as ledger:
        account = _account(ledger, username)
        ledger.change(account, {"password_hash": Passwords().hash(password)}, action="set_password")
        role = account.role.value
    say(f"{username} {role} {password}")


@users.command("end")
def end(username: Username) -> None:
    """停用账号；记录保留。"""
    with _ledger() as ledger:
        account = _account(ledger, username)
        if account.ended_at is not None:
            fail(f"账号“{username}”已停用。")
        if account.role is Role.ADMIN and not queries.other_admins(ledger.session, account.id):
            fail(f"“{username}”是唯一的管理员账号，不能停用。请先新建另一个管理员。")
        ledger.change(account, {"ended_at": ledger.clock.now()}, action="end")
    say(f"账号“{username}”已停用。")


def _account(ledger: Ledger, username: str) -> User:
    account = queries.by_name(ledger.session, username)
    if account is None:
        fail(f"没有用户名为“{username}”的账号。可用 dudao user list 查看。")
    return account
