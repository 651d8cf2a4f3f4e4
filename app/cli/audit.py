"""``dudao audit``: whether the record of who did what is as it was written."""

from __future__ import annotations

import typer

from app.accounts import seals
from app.cli.environment import settings_of_process
from app.cli.output import fail, say
from app.core.db import make_engine, reading

audit = typer.Typer(no_args_is_help=True, help="操作记录：核验是否被改动。")


@audit.command("verify")
def verify() -> None:
    """逐条核验操作记录的封签；打印最后一枚封签，可另行留存备查。"""
    engine = make_engine(settings_of_process())
    with reading(engine) as session:
        found = seals.verify(session)
    engine.dispose()
    for number in found.broken:
        say(f"第 {number} 枚封签与其所封的记录不符。")
    for number in found.missing:
        say(f"第 {number} 枚封签缺失。")
    if found.unsealed:
        say(f"有 {found.unsealed} 条记录没有封签。")
    if not found.is_whole:
        fail("操作记录被改动过。请对照备份查明。")
    say(f"{found.entries} 条操作记录、{found.seals} 枚封签，未见改动。最后一枚封签：{found.head}")
