"""The commands; each does one call and prints what came of it."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli import backups, server, up
from app.cli.audit import audit
from app.cli.client import PlanWish, ServerClient
from app.cli.environment import settings_of_process, trouble_in_words
from app.cli.output import fail, say, say_result
from app.cli.users import users
from app.core.clock import clock_for
from app.core.db import make_engine
from app.core.db import migrate as migrate_database
from app.jobs.solve_process import CheckAnswer, FaultyFileError
from app.jobs.solve_process import check as check_files
from app.plans.schemas import LONGEST_SECONDS
from seed import SCENARIOS, ScenarioCode, Wish

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="督导排程 Dudao：教育督导排程服务。")
app.add_typer(users, name="user")
app.add_typer(audit, name="audit")


@app.callback()
def main(context: typer.Context) -> None:
    """What every command begins with: files that it makes are its user's alone, and trouble is told in words."""
    os.umask(0o077)
    context.with_resource(trouble_in_words())


ServerUrl = Annotated[str, typer.Option("--server", envvar="DUDAO_SERVER", help="服务地址")]
Login = Annotated[str, typer.Option("--user", envvar="DUDAO_USER", help="用户名")]

ScenarioWish = Annotated[ScenarioCode | None, typer.Option(help="演示场景：首轮或下一轮；不填则保持现有的，新库为首轮")]
UntilWish = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="把演示的系统日期移到这一天，其前的督导记为已完成"),
]

DEFAULT_SERVER = "http://127.0.0.1:8000"


@app.command("up")
def up_command(
    seconds: Annotated[int, typer.Option(min=1, max=LONGEST_SECONDS, help="首次编制日程的求解秒数")] = 90,
    scenario: ScenarioWish = None,
    until: UntilWish = None,
) -> None:
    """迁移、载入数据、首次编制日程并发布，然后提供服务；做过的不再做。"""
    up.up(settings_of_process(), seconds, _wish(scenario, until))
    server.leave()


@app.command()
def serve() -> None:
    """提供服务；DUDAO_ROLE 为 all（默认）、web 或 worker。"""
    server.serve(settings_of_process())
    server.leave()


@app.command()
def worker() -> None:
    """只做规划，不答复请求。"""
    server.work(settings_of_process())
    server.leave()


@app.command()
def migrate() -> None:
    """把数据库结构更新到最新版本。"""
    migrate_database(settings_of_process())
    say("数据库结构已是最新版本。")


@app.command("backup")
def back_up(file: Annotated[Path, typer.Argument(metavar="FILE", help="新的备份文件")]) -> None:
    """把整个数据库备份为一个文件；服务可以照常运行。"""
    backups.back_up(settings_of_process(), file)
    say(f"已备份到 {file}（{file.stat().st_size} 字节）。")


@app.command()
def restore(file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, help="备份文件")]) -> None:
    """以备份文件代替整个数据库；请先停止服务。"""
    settings = settings_of_process()
    aside = backups.restore(settings, file, clock_for(settings).now())
    if aside is not None:
        say(f"原数据库改名为 {aside}，确认无误后可删除。")
    say("已恢复，数据库结构是最新版本。")


@app.command()
def seed(scenario: ScenarioWish = None, until: UntilWish = None) -> None:
    """载入赤峰市数据，移动演示的系统日期；可重复运行，已有数据不变。"""
    settings = settings_of_process()
    migrate_database(settings)
    engine = make_engine(settings)
    up.load(settings, engine, clock_for(settings), _wish(scenario, until))
    engine.dispose()


def _wish(scenario: ScenarioCode | None, until: datetime | None) -> Wish:
    return Wish(None if scenario is None else SCENARIOS[scenario], None if until is None else until.date())


@app.command()
def plan(
    region: Annotated[str, typer.Option(help="行政区划代码")],
    first_day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="起始日")],
    last_day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="结束日")],
    user: Login,
    password: Annotated[str, typer.Option(envvar="DUDAO_PASSWORD", prompt="密码", hide_input=True, help="密码")],
    name: Annotated[str, typer.Option(help="日程名称")] = "督导安排",
    seconds: Annotated[int, typer.Option(min=1, max=LONGEST_SECONDS, help="求解秒数")] = 60,
    based_on: Annotated[int | None, typer.Option(help="在哪个日程的基础上少作改动")] = None,
    publish: Annotated[bool, typer.Option("--publish", help="完成后即发布")] = False,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="发布生效至哪一天")] = None,
    server_url: ServerUrl = DEFAULT_SERVER,
) -> None:
    """向运行中的服务编制日程，显示进度和结果。"""
    client = ServerClient(server_url, user, password)
    wish = PlanWish(name, region, first_day.date(), last_day.date(), seconds, based_on)
    done = client.follow(client.ask(wish))
    say_result(done)
    if done["state"] != "solved":
        raise typer.Exit(1)
    if publish:
        _say_published(client, done["id"], until.date() if until else None)


def _say_published(client: ServerClient, plan_id: int, until: date | None) -> None:
    for version in client.publish(plan_id, until)["versions"]:
        say(f"  {version['office']}：第 {version['number']} 版，{version['visits']} 次督导，生效至 {version['until']}")


@app.command()
def check(
    problem: Annotated[str, typer.Argument(help="问题文件，或服务中的日程编号")],
    plan_file: Annotated[Path | None, typer.Argument(metavar="PLAN", help="结果文件；给日程编号时不用")] = None,
    user: Annotated[str | None, typer.Option(envvar="DUDAO_USER", help="用户名（给日程编号时）")] = None,
    password: Annotated[str | None, typer.Option(envvar="DUDAO_PASSWORD", help="密码（给日程编号时）")] = None,
    server_url: ServerUrl = DEFAULT_SERVER,
) -> None:
    """核查一个日程：每条规则是否守住，评分多少。退出状态：0 无违反，1 有违反，2 文件无效。"""
    if plan_file is not None:
        _say_verdict(Path(problem), plan_file)
        return
    if not problem.isdecimal():
        fail("请给出问题文件和结果文件，或服务中的日程编号。", 2)
    if user is None or password is None:
        fail("核查服务中的日程需要 --user 和 --password（或 DUDAO_USER、DUDAO_PASSWORD）。", 2)
    client = ServerClient(server_url, user, password)
    with tempfile.TemporaryDirectory() as folder:
        files = {which: Path(folder) / f"{which}.json" for which in ("problem", "solution")}
        for which, path in files.items():
            path.write_text(json.dumps(client.file(int(problem), which), ensure_ascii=False))
        _say_verdict(files["problem"], files["solution"])


def _say_verdict(problem: Path, plan_file: Path) -> None:
    try:
        verdict: CheckAnswer = check_files(problem.absolute(), plan_file.absolute())
    except FaultyFileError as error:
        fail("文件无效：\n" + "\n".join(f"  {line}" for line in error.args), 2)
    for violation in verdict.violations:
        say(f"违反 {violation['code']}：{json.dumps(violation, ensure_ascii=False)}")
    say("评分：" + "，".join(f"{part} {value}" for part, value in verdict.score.items()))
    if verdict.violations:
        fail(f"共 {len(verdict.violations)} 处违反规则。")
    say("没有违反规则之处。")
