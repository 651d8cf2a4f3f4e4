"""The commands: what they print and how they end."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rich.console import Console
from sqlmodel import col, select
from typer.testing import CliRunner

from app.cli import app, up
from app.cli.output import PlanProgress, ProgressView, say_result
from app.core.clock import Clock
from app.core.config import Settings, get_settings
from app.core.db import make_engine, migrate, reading, writing
from app.core.security import Passwords
from app.models import AuditEntry, User
from seed import Wish
from seed.report import FirstAccount, SeedReport
from solver.io import write_plan, write_problem
from tests.app import builders
from tests.builders import a_plan, a_problem, an_assignment


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A migrated database with the offices of a city, as the commands find it in their environment."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/dudao.sqlite")
    get_settings.cache_clear()
    settings = get_settings()
    migrate(settings)
    engine = make_engine(settings)
    with writing(engine) as session:
        places = builders.places(session)
        builders.an_inspector(session, places.banner_office, code="D-1")
    engine.dispose()
    return settings


def run(*arguments: str) -> tuple[int, str]:
    """The exit status of a command, and what it printed."""
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def accounts(settings: Settings) -> dict[str, User]:
    engine = make_engine(settings)
    with reading(engine) as session:
        found = {user.username: user for user in session.exec(select(User)).all()}
    engine.dispose()
    return found


def test_every_command_is_told_of() -> None:
    status, text = run("--help")
    assert status == 0
    assert [
        name
        for name in ("up", "serve", "worker", "migrate", "seed", "plan", "check", "user", "audit", "backup", "restore")
        if name not in text
    ] == []


def test_accounts_are_made_listed_and_ended(settings: Settings) -> None:
    status, line = run("user", "create", "boss", "--role", "admin")
    name, role, password = line.split()
    assert (status, name, role) == (0, "boss", "admin")
    assert run("user", "create", "office", "--role", "banner_office", "--office", "150402")[0] == 0
    assert run("user", "create", "person", "--role", "inspector", "--inspector", "D-1")[0] == 0
    assert run("user", "end", "person") == (0, "账号“person”已停用。\n")
    assert run("user", "list") == (0, "boss admin\noffice banner_office\nperson inspector（已停用）\n")
    stored = accounts(settings)
    assert Passwords().verify(password, stored["boss"].password_hash)
    engine = make_engine(settings)
    with reading(engine) as session:
        deeds = session.exec(select(AuditEntry.action, AuditEntry.user_id).order_by(col(AuditEntry.id))).all()
    engine.dispose()
    assert [tuple(deed) for deed in deeds] == [("create", None), ("create", None), ("create", None), ("end", None)]


def test_a_new_password_replaces_the_old_one(settings: Settings) -> None:
    old = run("user", "create", "boss", "--role", "admin")[1].split()[2]
    new = run("user", "password", "boss")[1].split()[2]
    stored = accounts(settings)["boss"].password_hash
    assert (Passwords().verify(old, stored), Passwords().verify(new, stored)) == (False, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create", "boss", "--role", "admin"), "用户名“boss”已被使用"),
        (("create", "x1", "--role", "city_office", "--office", "150402"), "层级与账号角色不符"),
        (("create", "x1", "--role", "banner_office", "--office", "999999"), "没有代码为“999999”的行政区的督导机构"),
        (("create", "x1", "--role", "inspector", "--inspector", "D-9"), "没有编码为“D-9”的督学"),
        (("create", "x1", "--role", "inspector"), "督学账号须且只须注明“督学”（inspector_id）"),
        (("create", "x y", "--role", "admin"), "用户名无效"),
        (("end", "boss"), "唯一的管理员账号"),
        (("end", "nobody"), "没有用户名为“nobody”的账号"),
        (("password", "nobody"), "没有用户名为“nobody”的账号"),
    ],
)
def test_each_wrong_wish_is_refused_in_words_and_changes_nothing(
    settings: Settings, arguments: tuple[str, ...], words: str
) -> None:
    run("user", "create", "boss", "--role", "admin")
    before = accounts(settings)
    status, text = run("user", *arguments)
    assert (status, words in text) == (1, True), text
    assert accounts(settings) == before


def test_a_faulty_setting_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.port == 8000
    monkeypatch.setenv("PORT", "eight")
    get_settings.cache_clear()
    status, text = run("migrate")
    assert (status, "设置无效：PORT" in text) == (2, True), text
    get_settings.cache_clear()


def test_migrating_twice_is_as_good_as_once(settings: Settings) -> None:
    assert settings.is_sqlite
    assert run("migrate") == (0, "数据库结构已是最新版本。\n")


def test_check_tells_a_valid_plan_a_broken_rule_and_a_file_that_is_none(tmp_path: Path) -> None:
    problem = a_problem()
    files = {name: tmp_path / f"{name}.json" for name in ("problem", "good", "bad", "none")}
    write_problem(problem, files["problem"])
    write_plan(a_plan(an_assignment()), problem, files["good"])
    write_plan(a_plan(an_assignment(team=())), problem, files["bad"])
    files["none"].write_text("[]")

    status, text = run("check", str(files["problem"]), str(files["good"]))
    assert (status, "没有违反规则之处。" in text) == (0, True)
    status, text = run("check", str(files["problem"]), str(files["bad"]))
    assert (status, "违反 team_size" in text) == (1, True)
    status, text = run("check", str(files["problem"]), str(files["none"]))
    assert (status, "文件无效" in text) == (2, True)
    assert run("check", str(files["problem"]))[0] == 2
    assert run("check", "1")[0] == 2


def test_a_server_that_is_not_there_is_told_of() -> None:
    wish = ["--region", "150402", "--first-day", "2022-09-01", "--last-day", "2022-12-31"]
    status, text = run("plan", *wish, "--user", "a", "--password", "b", "--server", "http://127.0.0.1:9")
    assert (status, "无法连接 http://127.0.0.1:9" in text) == (1, True)


def test_progress_is_a_line_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with (tmp_path / "pipe").open("w") as pipe, ProgressView("试排", 10, Console(file=pipe)) as view:
        view.show(PlanProgress("queued", 0.0, 0, 0, None))
        view.show(PlanProgress("solving", 0.4, 0, 3, None))  # within the same five seconds nothing is said
    assert capsys.readouterr().out == "试排：正在排队，0/10 秒，正在展开规则\n"


def test_progress_is_a_bar_on_a_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "terminal"
    with path.open("w") as terminal:
        console = Console(file=terminal, force_terminal=True, width=100)
        with ProgressView("试排", 10, console) as view:
            view.show(PlanProgress("solving", 4.0, 2, 3, 380))
    assert "4/10 秒，已安排 2/3，总分 380" in path.read_text()
    assert capsys.readouterr().out == ""


def test_the_result_of_a_plan_in_a_few_lines(capsys: pytest.CaptureFixture[str]) -> None:
    plan: dict[str, Any] = {
        "id": 7,
        "name": "再排",
        "state": "solved",
        "failure": "",
        "faults": [],
        "total": 380,
        "bound": 350,
        "based_on": 6,
        "figures": {
            "visits_planned": 2,
            "visits_asked": 3,
            "kilometres": 120,
            "nights": 4,
            "programmes": [{"programme": "round", "planned": 2, "asked": 3}],
        },
        "changes": {"kept": 1, "day": 1, "half": 0, "team": 0, "added": 0, "dropped": 1},
    }
    say_result(json.loads(json.dumps(plan)))
    assert capsys.readouterr().out.splitlines() == [
        "日程 7“再排”：已完成",
        "  督导 2/3，行程 120 公里，在外过夜 4 夜",
        "  总分 380，下界 350",
        "  round：2/3",
        "  与日程 6 相比：未变 1，改日 1，改半天 0，换人 0，新增 0，取消 1",
    ]


def test_the_audit_is_verified(settings: Settings) -> None:
    assert run("user", "create", "root", "--role", "admin")[0] == 0
    status, text = run("audit", "verify")
    assert (status, "未见改动" in text) == (0, True)
    engine = make_engine(settings)
    with writing(engine) as session:
        session.execute(sa.update(AuditEntry).values(action="nothing"))
    engine.dispose()
    status, text = run("audit", "verify")
    assert (status, "第 1 枚封签与其所封的记录不符" in text) == (1, True)


def test_a_database_is_its_users_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/own.sqlite")
    get_settings.cache_clear()
    before = os.umask(0o022)
    try:
        assert run("migrate")[0] == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "own.sqlite").stat().st_mode) == 0o600


def test_a_backup_is_restored_by_the_commands(settings: Settings, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    status, text = run("backup", str(copy))
    assert (status, copy.exists()) == (0, True), text
    run("user", "create", "later", "--role", "admin")
    status, text = run("restore", str(copy))
    assert (status, "原数据库改名为" in text) == (0, True), text
    assert "later" not in accounts(settings)
    status, text = run("backup", str(copy))
    assert (status, "已存在" in text) == (1, True)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://127.0.0.1:1/nowhere", "数据库暂时不可用"),
        ("mystery://nowhere", "不是可用的数据库地址"),
        ("sqlite:////proc/nowhere/dudao.sqlite", "文件不能读写"),
    ],
)
@pytest.mark.parametrize("command", [("migrate",), ("user", "list")])
def test_trouble_with_the_database_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], url: str, words: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    get_settings.cache_clear()
    status, text = run(*command)
    get_settings.cache_clear()
    assert status == 1
    assert words in text
    assert "Traceback" not in text


def test_outside_development_first_passwords_are_in_no_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    accounts = (FirstAccount("admin", "admin", "a password of the test"),)
    monkeypatch.setattr(up, "load_seed", lambda *_: SeedReport((), accounts))
    said: list[str] = []
    monkeypatch.setattr(up, "say", said.append)
    engine = make_engine(settings)
    up.load(settings.model_copy(update={"environment": "production"}), engine, Clock(), Wish(None, None))
    engine.dispose()
    file = tmp_path / "first-accounts.txt"
    assert file.read_text() == "admin admin a password of the test\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not any("a password of the test" in line for line in said)
