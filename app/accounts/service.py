"""What may be done with accounts, and its rules."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.accounts import queries
from app.accounts.audit import Ledger
from app.accounts.identity import is_open
from app.accounts.rights import TABLE, Act, Actor, Noun, reach, require
from app.accounts.schemas import MeOut, PasswordChange, RightOut, Token, UserCreate, UserPatch, login_name, right_word
from app.accounts.throttle import Throttle
from app.core.clock import Clock, with_stored
from app.core.db import Transaction
from app.core.errors import AppError, Conflict, NotFound, Refused, TooMany, Unauthorized
from app.core.rows import id_of, referred, unknown_reference
from app.core.security import Passwords, Tokens
from app.models import Inspector, Office, RegionLevel, Role, User

_OFFICE_LEVELS = {Role.CITY_OFFICE: RegionLevel.CITY, Role.BANNER_OFFICE: RegionLevel.BANNER}


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """A name and a password, and the address from which they came."""

    username: str
    password: str
    address: str


def log_in(
    session: Session,
    transaction: Transaction,
    clock: Clock,
    passwords: Passwords,
    tokens: Tokens,
    throttle: Throttle,
    attempt: LoginAttempt,
) -> Token:
    """A token for a name and a password; every failure has the same answer and costs the same time.

    ``session`` only reads; attempts are counted in transactions of their own, so that a failure is counted too and
    the slow check of the password holds up nobody who writes.
    """
    name = login_name(attempt.username)
    with transaction() as counting:
        wait = throttle.take(counting, name, attempt.address, clock.now())
    if wait:
        raise too_many_attempts(wait)
    account = queries.by_name(session, name)
    today = with_stored(clock, session).today()  # the clock of the request would begin its writing transaction
    usable = account if account is not None and is_open(session, account, today) else None
    if not passwords.verify(attempt.password, usable.password_hash if usable else None) or usable is None:
        raise Unauthorized("wrong_credentials", "用户名或密码不正确。请重新输入，或请管理员重设密码。")
    with transaction() as counting:
        throttle.forgive(counting, name, attempt.address, clock.now())
    return Token(
        access_token=tokens.issue(id_of(usable), usable.password_hash, clock.now()),
        token_type="bearer",
        expires_in=int(tokens.life.total_seconds()),
    )


def too_many_attempts(wait: int) -> TooMany:
    """The answer while the brake holds, with the seconds to wait."""
    return TooMany(
        "too_many_attempts",
        f"尝试过多，请在 {wait} 秒后重试。",
        {"retry_after_seconds": wait},
        {"Retry-After": str(wait)},
    )


def describe_me(session: Session, clock: Clock, user: Actor) -> MeOut:
    """Who asks, the working date and whether it was set, and the rights of the role."""
    office = session.get(Office, user.office_id) if user.office_id else None
    inspector = session.get(Inspector, user.inspector_id) if user.inspector_id else None
    return MeOut(
        id=user.id,
        username=user.username,
        role=user.role,
        office_id=user.office_id,
        office_name=office.name if office else None,
        region_id=user.region_id,
        inspector_id=user.inspector_id,
        inspector_name=inspector.name if inspector else None,
        working_on=clock.today(),
        working_date_is_set=clock.is_set,
        working_date_source=clock.source,
        real_time_at=clock.now(),
        rights=[
            RightOut(
                noun=noun,
                read=right_word(reach(user, noun, Act.READ)),
                change=right_word(reach(user, noun, Act.CHANGE)),
            )
            for noun in TABLE
        ],
    )


def create_user(ledger: Ledger, passwords: Passwords, wanted: UserCreate) -> User:
    """Open an account; a name is given once, even when its account has ended."""
    if ledger.user is not None:
        require(ledger.user, Noun.ACCOUNT, Act.CHANGE)
    if queries.by_name(ledger.session, wanted.username) is not None:
        raise Conflict(
            "username_taken",
            f"用户名“{wanted.username}”已被使用。请换一个名字。",
            {"username": wanted.username},
        )
    _require_apart(wanted.username, wanted.password)
    _require_matching(ledger.session, wanted.role, wanted.office_id, wanted.inspector_id)
    return ledger.add(
        User(
            username=wanted.username,
            password_hash=passwords.hash(wanted.password),
            role=wanted.role,
            office_id=wanted.office_id,
            inspector_id=wanted.inspector_id,
            created_at=ledger.clock.now(),
        )
    )


def change_user(ledger: Ledger, user_id: int, patch: UserPatch) -> User:
    """Change whose work an account does."""
    account = _changeable(ledger, user_id)
    changes = patch.changes()
    role = changes.get("role", account.role)
    if role is not Role.ADMIN:
        _require_another_admin(ledger.session, account)
    _require_matching(
        ledger.session,
        role,
        changes.get("office_id", account.office_id),
        changes.get("inspector_id", account.inspector_id),
    )
    return ledger.change(account, changes)


def set_password(ledger: Ledger, passwords: Passwords, user_id: int, password: str) -> User:
    """Give an account a new password; the tokens issued before are no longer good, and the feed is closed."""
    account = _changeable(ledger, user_id)
    _require_new(passwords, account, password)
    close_feed(ledger, account)
    return ledger.change(account, {"password_hash": passwords.hash(password)}, action="set_password")


class CountedRefusal(Exception):  # noqa: N818 (it is no fault of the program)
    """A refusal whose attempt is to stay counted: the transaction is committed, and ``answer`` is sent."""

    def __init__(self, answer: AppError) -> None:
        super().__init__(answer.message)
        self.answer = answer


def change_own_password(
    ledger: Ledger, passwords: Passwords, throttle: Throttle, address: str, wanted: PasswordChange
) -> None:
    """Give the own account a new password; the tokens issued before, this one too, are no longer good.

    Raises ``CountedRefusal`` for a wrong old password, and after too many of them.
    """
    account = ledger.session.get_one(User, ledger.asker.id)
    if wait := throttle.take(ledger.session, account.username, address, ledger.clock.now()):
        raise CountedRefusal(too_many_attempts(wait))
    if not passwords.verify(wanted.old_password, account.password_hash):
        raise CountedRefusal(Refused("wrong_password", "原密码不正确，密码未更改。请重新输入。"))
    throttle.forgive(ledger.session, account.username, address, ledger.clock.now())
    _require_new(passwords, account, wanted.new_password)
    close_feed(ledger, account)
    ledger.change(account, {"password_hash": passwords.hash(wanted.new_password)}, action="set_password")


def _require_new(passwords: Passwords, account: User, password: str) -> None:
    """A new password is another one than before, and does not hold the name."""
    if passwords.verify(password, account.password_hash):
        raise Refused("password_unchanged", "新密码与原密码相同，密码未更改。请换一个密码。")
    _require_apart(account.username, password)


def _require_apart(username: str, password: str) -> None:
    if username.casefold() in password.casefold():
        raise Refused("password_holds_name", "密码中含有用户名，容易被猜到。请换一个密码。")


def end_user(ledger: Ledger, user_id: int) -> User:
    """Close an account at once; its name and its deeds are kept."""
    account = _changeable(ledger, user_id)
    if account.ended_at is not None:
        raise Conflict("already_ended", f"账号“{account.username}”已停用。", {"username": account.username})
    _require_another_admin(ledger.session, account)
    close_feed(ledger, account)
    return ledger.change(account, {"ended_at": ledger.clock.now()}, action="end")


def close_user_feed(ledger: Ledger, user_id: int) -> None:
    """An administrator closes the calendar feed of an inspector's account. Raises ``NotFound`` where there is none."""
    if not close_feed(ledger, _changeable(ledger, user_id)):
        raise NotFound("feed_not_found", f"编号为 {user_id} 的账号没有开通日历订阅。", {"id": user_id})


def close_feed(ledger: Ledger, account: User) -> bool:
    """Close the calendar feed of an account's inspector, if there is one: its address ends with the password."""
    feed = queries.feed_of(ledger.session, account)
    if feed is None:
        return False
    ledger.remove(feed, "日历订阅")
    return True


def _changeable(ledger: Ledger, user_id: int) -> User:
    account = queries.get(ledger.session, ledger.asker, user_id)
    require(ledger.asker, Noun.ACCOUNT, Act.CHANGE)
    return account


def _require_another_admin(session: Session, account: User) -> None:
    if account.role is Role.ADMIN and not queries.other_admins(session, account.id):
        raise Refused(
            "last_admin",
            f"“{account.username}”是唯一的管理员账号，不能停用或改作他用。请先新建另一个管理员。",
        )


def _require_matching(session: Session, role: Role, office_id: int | None, inspector_id: int | None) -> None:
    """An office account has an office of its level, an inspector's an inspector, an administrator's neither."""
    needs_office, needs_inspector = role in _OFFICE_LEVELS, role is Role.INSPECTOR
    if needs_office != (office_id is not None) or needs_inspector != (inspector_id is not None):
        raise Refused(
            "role_mismatch",
            "督导机构账号须且只须注明“督导机构”（office_id），督学账号须且只须注明“督学”（inspector_id），管理员账号两者都不填。",
            {"role": role.value, "office_id": office_id, "inspector_id": inspector_id},
        )
    if office_id is not None:
        found = queries.office_with_region(session, office_id)
        if found is None:
            raise unknown_reference("office_id", "督导机构", office_id)
        if found[1].level is not _OFFICE_LEVELS[role]:
            raise Refused(
                "role_mismatch",
                f"“{found[0].name}”的层级与账号角色不符。市级角色须选市级机构，旗县区角色须选旗县区机构。",
                {"role": role.value, "office_id": office_id},
            )
    if inspector_id is not None:
        referred(session, Inspector, inspector_id, "inspector_id", "督学")
