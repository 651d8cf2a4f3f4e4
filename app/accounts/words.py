"""The words for the roles of accounts."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import Role

ROLES: Mapping[Role, str] = {
    Role.ADMIN: "管理员",
    Role.CITY_OFFICE: "市级督导机构",
    Role.BANNER_OFFICE: "旗县区督导机构",
    Role.INSPECTOR: "督学",
}
