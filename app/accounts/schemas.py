"""Inputs and outputs of accounts, of who asks, and of the audit."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.accounts.rights import Noun, Reach
from app.core.clock import DateSource
from app.core.fields import Code, Day, Input, Output, Patch, QueryId, RowId, example, unset
from app.core.paging import PageQuery
from app.models import Role

MIN_PASSWORD_LENGTH = 10

MAX_PASSWORD_LENGTH = 200
LEAST_DIFFERENT_CHARACTERS = 5
MAX_USERNAME_LENGTH = 64


def login_name(text: str) -> str:
    """A user name in its one form: full width, case and blanks at its ends make no other name (NFKC, case folded)."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _login_name(value: object) -> object:
    return login_name(value) if isinstance(value, str) else value


def _varied(password: str) -> str:
    """A password of one key held down, or of blanks, is long and yet the first to be guessed."""
    if len(set(password.strip())) < LEAST_DIFFERENT_CHARACTERS:
        raise PydanticCustomError(
            "weak_password", f"密码至少应有 {LEAST_DIFFERENT_CHARACTERS} 个不同的字符。请换一个不易猜到的密码。"
        )
    return password


Password = Annotated[
    str, StringConstraints(min_length=MIN_PASSWORD_LENGTH, max_length=MAX_PASSWORD_LENGTH), AfterValidator(_varied)
]
Username = Annotated[
    str,
    BeforeValidator(_login_name),
    # the classes are spelled out: \w would let in characters that join others and are not seen
    StringConstraints(min_length=2, max_length=MAX_USERNAME_LENGTH, pattern=r"^[\p{L}\p{N}_.@-]+$"),
]


class LoginForm(BaseModel):
    """The OAuth2 password form, each field bounded, since anybody may send it."""

    grant_type: Literal["password"] | None = None
    username: Annotated[str, Field(max_length=MAX_USERNAME_LENGTH)]
    password: Annotated[str, Field(max_length=MAX_PASSWORD_LENGTH, json_schema_extra={"format": "password"})]
    scope: Annotated[str, Field(max_length=MAX_PASSWORD_LENGTH)] = ""
    client_id: Annotated[str, Field(max_length=MAX_PASSWORD_LENGTH)] | None = None
    client_secret: Annotated[str, Field(max_length=MAX_PASSWORD_LENGTH)] | None = None


class Token(BaseModel):
    """A bearer token; ``expires_in`` is seconds."""

    access_token: str
    token_type: Literal["bearer"]
    expires_in: int


class RightOut(BaseModel):
    """How far a role may read and change one noun: none, self, office, region or all."""

    noun: Noun
    read: str
    change: str


class MeOut(BaseModel):
    """Who asks, on which working date, and what the role may do."""

    id: int
    username: str
    role: Role
    office_id: int | None
    office_name: str | None
    region_id: int | None
    inspector_id: int | None
    inspector_name: str | None
    working_on: date
    working_date_is_set: bool
    working_date_source: DateSource
    real_time_at: datetime
    rights: list[RightOut]


class UserOut(Output):
    """An account; its password is never shown."""

    id: int
    username: str
    role: Role
    office_id: int | None
    inspector_id: int | None
    created_at: datetime
    ended_at: datetime | None


class UserCreate(Input):
    """A new account; an office account names its office, an inspector's its inspector."""

    model_config = example(username="hongshan", password="一个足够长的密码短语", role="banner_office", office_id=2)

    username: Username
    password: Password
    role: Role
    office_id: RowId | None = None
    inspector_id: RowId | None = None


class UserPatch(Patch):
    """What may change of an account."""

    model_config = example(role="inspector", office_id=None, inspector_id=1)

    role: Role = unset()
    office_id: RowId | None = None
    inspector_id: RowId | None = None


class PasswordSet(Input):
    """A new password that an administrator gives."""

    model_config = example(password="另一个足够长的密码短语")

    password: Password


class PasswordChange(Input):
    """A new password that the account's owner gives."""

    model_config = example(old_password="correct horse battery", new_password="一个足够长的密码短语")

    old_password: Annotated[str, Field(max_length=MAX_PASSWORD_LENGTH)]
    new_password: Password


class UserQuery(PageQuery):
    """Filters of the list of accounts."""

    role: Role | None = None
    office_id: QueryId | None = None
    ended: bool | None = Field(default=None, description="是否已停用 (ended or not)")


class AuditOut(Output):
    """One deed."""

    id: int
    at: datetime
    user_id: int | None
    username: str | None
    action: str
    noun: str
    noun_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class AuditQuery(PageQuery):
    """Filters of the audit; newest first."""

    noun: Code | None = Field(default=None, description="表名 (table)")
    noun_id: Code | None = None
    user_id: QueryId | None = None
    action: Code | None = None
    first_on: Day | None = Field(default=None, description="自此日起，含当日 (from, Asia/Shanghai)")
    last_on: Day | None = Field(default=None, description="至此日止，含当日 (to, inclusive)")


def right_word(reach: Reach) -> str:
    """A reach as the API words it."""
    return reach.name.lower()
