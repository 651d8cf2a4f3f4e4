"""What may be done with accounts, and its rules."""

from __future__ import annotations

from sqlmodel import Session

from app.accounts import queries
from app.accounts.audit import Ledger
from app.accounts.rights import TABLE, Act, Actor, Noun, reach, require
from app.accounts.schemas import MeOut, PasswordChange, RightOut, Token, UserCreate, UserPatch, right_word
from app.accounts.throttle import Throttle
from app.core.clock import Clock
from app.core.errors import Conflict, Refused, TooMany, Unauthorized
from app.core.rows import id_of, referred, unknown_reference
from app.core.security import Passwords, Tokens
from app.models import Inspector, Office, RegionLevel, Role, User

_OFFICE_LEVELS = {Role.CITY_OFFICE: RegionLevel.CITY, Role.BANNER_OFFICE: RegionLevel.BANNER}


def log_in(
    session: Session,
    clock: Clock,
    passwords: Passwords,
    tokens: Tokens,
    throttle: Throttle,
    credentials: tuple[str, str],
    address: str,
) -> Token:
    """A token for a name and a password; every fault has the same answer and costs the same time."""
    username, password = credentials
    key = (username, address)
    wait = throttle.take(key, clock.now())
    if wait:
        raise TooMany(
            "too_many_attempts",
            f"登录过于频繁，请在 {wait} 秒后重试。",
            {"retry_after_seconds": wait},
            {"Retry-After": str(wait)},
        )
    account = queries.by_name(session, username)
    usable = account if account is not None and account.ended_at is None else None
    if not passwords.verify(password, usable.password_hash if usable else None) or usable is None:
        raise Unauthorized("wrong_credentials", "用户名或密码不正确。请重新输入，或请管理员重设密码。")
    throttle.forgive(key)
    return Token(
        access_token=tokens.issue(id_of(usable), usable.password_hash, clock.now()),
        token_type="bearer",
        expires_in=int(tokens.life.total_seconds()),
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
    """Give an account a new password; the tokens issued before are no longer good."""
    account = _changeable(ledger, user_id)
    return ledger.change(account, {"password_hash": passwords.hash(password)}, action="set_password")


def change_own_password(ledger: Ledger, passwords: Passwords, wanted: PasswordChange) -> None:
    """Give the own account a new password; the tokens issued before, this one too, are no longer good."""
    account = ledger.session.get_one(User, ledger.asker.id)
    if not passwords.verify(wanted.old_password, account.password_hash):
        raise Refused("wrong_password", "原密码不正确，密码未更改。请重新输入。")
    ledger.change(account, {"password_hash": passwords.hash(wanted.new_password)}, action="set_password")


def end_user(ledger: Ledger, user_id: int) -> User:
    """Close an account at once; its name and its deeds are kept."""
    account = _changeable(ledger, user_id)
    if account.ended_at is not None:
        raise Conflict("already_ended", f"账号“{account.username}”已停用。", {"username": account.username})
    _require_another_admin(ledger.session, account)
    return ledger.change(account, {"ended_at": ledger.clock.now()}, action="end")


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
            "督导机构账号须且只须注明 office_id，督学账号须且只须注明 inspector_id，管理员账号两者都不填。",
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
