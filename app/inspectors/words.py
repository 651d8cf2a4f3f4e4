"""The words for the steps into office and out of it."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import PoolStage

POOL_STAGES: Mapping[PoolStage, str] = {
    PoolStage.RECOMMENDED: "推荐",
    PoolStage.CHECKED: "审核",
    PoolStage.PUBLICISED: "公示",
    PoolStage.APPOINTED: "聘任",
    PoolStage.TRAINED: "岗前培训",
    PoolStage.IN_OFFICE: "在岗",
    PoolStage.ENDED: "退出",
}
