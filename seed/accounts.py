"""The first accounts, with random passwords that are returned once and stored nowhere in clear."""

from __future__ import annotations

from sqlmodel import Session

from app.core.clock import Clock
from app.core.security import Passwords, new_password
from app.models import Role, User
from seed.report import FirstAccount, Part
from seed.rows import stored

ADMIN, CITY_OFFICE, BANNER_OFFICE = "admin", "city", "hongshan"
BANNER_ADCODE = "150402"
INSPECTOR_CODE = f"{BANNER_ADCODE}-001"
"""The banner and the inspector that get an account at first; others are made by ``dudao user``."""


def load_accounts(
    session: Session, clock: Clock, passwords: Passwords, office_ids: tuple[int, int], inspector_id: int | None
) -> tuple[Part, tuple[FirstAccount, ...]]:
    """Make one account for each role; ``office_ids`` are the city's and the banner's.

    There is none for an inspector where the register has not the person that the seed makes.
    """
    city_office_id, banner_office_id = office_ids
    wanted = [
        User(username=ADMIN, role=Role.ADMIN, password_hash="", created_at=clock.now()),
        User(
            username=CITY_OFFICE,
            role=Role.CITY_OFFICE,
            office_id=city_office_id,
            password_hash="",
            created_at=clock.now(),
        ),
        User(
            username=BANNER_OFFICE,
            role=Role.BANNER_OFFICE,
            office_id=banner_office_id,
            password_hash="",
            created_at=clock.now(),
        ),
    ]
    if inspector_id is not None:
        wanted.append(
            User(
                username=INSPECTOR_CODE,
                role=Role.INSPECTOR,
                inspector_id=inspector_id,
                password_hash="",
                created_at=clock.now(),
            )
        )
    accounts = []
    for user in wanted:
        password = new_password()
        user.password_hash = passwords.hash(password)
        accounts.append(FirstAccount(username=user.username, role=user.role.value, password=password))
    stored(session, wanted)
    return Part("账号", (("账号", len(wanted)),)), tuple(accounts)
