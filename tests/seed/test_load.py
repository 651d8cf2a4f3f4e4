"""Loading twice, over people's changes, into another city's database; the first accounts; the command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

import seed
from app.core.security import Passwords
from app.models import (
    CalendarYear,
    Inspectee,
    InspecteeKind,
    Inspector,
    Office,
    Region,
    RegionLevel,
    User,
    ValidationTarget,
)
from seed.region import Banner, load_regions
from seed.synthetic.draw import Draw
from seed.synthetic.schools import draw_sites
from tests.app.builders import an_inspectee
from tests.seed.conftest import CLOCK, fresh_engine

ROOT = Path(__file__).resolve().parents[2]


def everything(session: Session) -> dict[str, list[Any]]:
    """Every row of every table."""
    return {
        table.name: [tuple(row) for row in session.execute(table.select().order_by(*table.primary_key)).all()]
        for table in SQLModel.metadata.sorted_tables
    }


def test_a_second_run_changes_nothing_and_says_so(seeded: Session, cheap_passwords: Passwords) -> None:
    before = everything(seeded)
    again = seed.load_into(seeded, CLOCK, passwords=cheap_passwords)
    assert again.lines() == ["数据已齐备，本次未作任何改动。"]
    assert (again.changed, again.accounts) == (False, ())
    assert everything(seeded) == before


def test_what_people_changed_or_removed_stays_so(seeded: Session, cheap_passwords: Passwords) -> None:
    school = seeded.exec(select(Inspectee).where(Inspectee.code == "150402-X001")).one()
    target = seeded.exec(select(ValidationTarget).where(ValidationTarget.target_year == 2022)).one()
    school.name = "改过的名称"
    target.target_year = 2026
    gone = seeded.exec(select(ValidationTarget).where(ValidationTarget.target_year == 2023)).one()
    seeded.delete(gone)
    seeded.flush()
    before = everything(seeded)
    assert not seed.load_into(seeded, CLOCK, passwords=cheap_passwords).changed
    assert everything(seeded) == before


def test_a_year_of_the_calendar_that_is_missing_is_added_and_nothing_else(
    seeded: Session, cheap_passwords: Passwords
) -> None:
    before = everything(seeded)
    for table in ("calendar_day", "calendar_year", "school_term"):
        seeded.execute(sa.text(f"DELETE FROM {table} WHERE year = 2028"))
    seeded.execute(sa.text("DELETE FROM closed_days WHERE first_on >= '2028-01-01' AND first_on < '2029-01-01'"))
    again = seed.load_into(seeded, CLOCK, passwords=cheap_passwords)
    assert [part.name for part in again.parts if part.made] == ["日历"]
    assert seeded.exec(select(CalendarYear.year).order_by(col(CalendarYear.year))).all() == list(range(2022, 2029))
    after = everything(seeded)
    assert {name: len(rows) for name, rows in after.items()} == {name: len(rows) for name, rows in before.items()}


@pytest.fixture
def other_engine(tmp_path: Path) -> Iterator[sa.Engine]:
    """Another migrated database."""
    engine = fresh_engine(tmp_path / "other.sqlite")
    yield engine
    engine.dispose()


def test_an_office_with_its_own_register_gets_none_made_up(other_engine: sa.Engine, cheap_passwords: Passwords) -> None:
    with Session(other_engine) as session:
        load_regions(session)
        office = session.exec(select(Office).join(Region).where(Region.adcode == "150402")).one()
        an_inspectee(session, session.get_one(Region, office.region_id), office, name="自己的小学")
        report = seed.load_into(session, CLOCK, passwords=cheap_passwords)
        schools = session.exec(select(Inspectee.name).where(col(Inspectee.kind) != InspecteeKind.GOVERNMENT)).all()
        assert schools == ["自己的小学"]
        assert session.exec(select(Inspector)).all() == []
    # nobody of the made-up register is there to log in
    assert [account.username for account in report.accounts] == ["admin", "city", "hongshan"]


def test_another_citys_database_is_left_alone(other_engine: sa.Engine) -> None:
    with Session(other_engine) as session:
        session.add(
            Region(
                adcode="150500",
                name="通辽市",
                short_name="通辽",
                level=RegionLevel.CITY,
                seat="通辽",
                seat_lon=122.24,
                seat_lat=43.65,
            )
        )
        session.commit()
    with pytest.raises(seed.ForeignRegisterError, match="150500") as refused:
        seed.load(other_engine, CLOCK)
    assert refused.value.adcodes == ["150500"]
    with Session(other_engine) as session:
        assert {name: len(rows) for name, rows in everything(session).items() if rows} == {"region": 1}


def test_the_same_seed_number_gives_the_same_rows_but_for_the_passwords(
    seeded: Session, other_engine: sa.Engine, cheap_passwords: Passwords
) -> None:
    seed.load(other_engine, CLOCK, passwords=cheap_passwords)
    with Session(other_engine) as session:
        other = everything(session)
    this = everything(seeded)
    assert {name for name, rows in this.items() if rows != other[name]} == {"account"}


def test_another_seed_number_gives_other_schools_of_the_same_number() -> None:
    banner = Banner("150402", "红山区", "红山城区", 118.955, 42.268, 118.995, 42.191, 488, 469_079, 1, 1)
    first, second = (draw_sites(Draw(number), [banner]) for number in (1, 2))
    assert draw_sites(Draw(1), [banner]) == first
    assert [site.code for site in first] == [site.code for site in second]
    assert first != second


def test_the_first_accounts_are_one_for_each_role(
    seeded: Session, report: seed.SeedReport, cheap_passwords: Passwords
) -> None:
    assert [(account.username, account.role) for account in report.accounts] == [
        ("admin", "admin"),
        ("city", "city_office"),
        ("hongshan", "banner_office"),
        ("150402-001", "inspector"),
    ]
    users = {user.username: user for user in seeded.exec(select(User)).all()}
    assert set(users) == {account.username for account in report.accounts}
    for account in report.accounts:
        assert cheap_passwords.verify(account.password, users[account.username].password_hash)
        assert account.password not in users[account.username].password_hash
    inspector = seeded.get(Inspector, users["150402-001"].inspector_id)
    assert inspector is not None
    assert inspector.code == "150402-001"


def test_passwords_differ_from_account_to_account(report: seed.SeedReport) -> None:
    passwords = {account.password for account in report.accounts}
    assert len(passwords) == 4
    assert min(len(password) for password in passwords) >= 16


def test_the_command_prints_counts_and_accounts_at_first_and_nothing_new_after(tmp_path: Path) -> None:
    first, second = (run_command(tmp_path) for _ in range(2))
    assert "学校（合成数据）：已有学校 1522，规划期内新建 83，" in first
    accounts = [line.split() for line in first.splitlines()[-4:]]
    assert [(username, role) for username, role, _ in accounts] == [
        ("admin", "admin"),
        ("city", "city_office"),
        ("hongshan", "banner_office"),
        ("150402-001", "inspector"),
    ]
    assert second == "数据已齐备，本次未作任何改动。\n"


def run_command(folder: Path) -> str:
    """What ``python -m seed`` prints on a database in the folder."""
    environment = {"DATABASE_URL": f"sqlite:///{folder / 'dudao.sqlite'}", "PYTHONPATH": str(ROOT), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-m", "seed"], env=environment, cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_report_says_what_was_made_of_each_part() -> None:
    report = seed.SeedReport(
        parts=(seed.Part("日历", (("年", 7), ("学期", 168))), seed.Part("账号")),
        accounts=(),
    )
    assert report.lines() == ["日历：年 7，学期 168", "账号：已有，未改动"]
