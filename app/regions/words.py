"""The words for the levels of regions."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import RegionLevel

REGION_LEVELS: Mapping[RegionLevel, str] = {
    RegionLevel.REGION: "自治区",
    RegionLevel.CITY: "盟市",
    RegionLevel.BANNER: "旗县区",
}
