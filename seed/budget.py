"""What inspections cost, as made-up rates, and the aims of the plan with the places where it names them."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from app.models import Aim, AimSubject, CostKind, CostRate
from seed.report import Part
from seed.rows import PLAN, UNVERIFIED, stored

RATES_FROM = date(2022, 1, 1)
DUE_ON = date(2025, 12, 31)

_FEN = {CostKind.TRAVEL: 100, CostKind.NIGHT: 30_000, CostKind.EXPERT: 40_000}
"""One yuan a kilometre, 300 a night, 400 for an expert's half-day: round numbers that stand in no document."""


def load_rates(session: Session) -> Part:
    """Make a rate of each kind that has one."""
    rates = stored(
        session,
        [CostRate(kind=kind, fen=fen, first_on=RATES_FROM, source=UNVERIFIED) for kind, fen in _FEN.items()],
    )
    return Part("费用标准", (("标准（默认值）", len(rates)),))


def load_aims(session: Session) -> Part:
    """Make the aims that the plan sets to inspection."""
    aims = stored(
        session,
        [
            Aim(
                code="preschool_universal",
                title="通过学前教育普及普惠县国家督导评估验收的旗县区",
                subject=AimSubject.PRESCHOOL_UNIVERSAL,
                percent=50,
                due_on=DUE_ON,
                source=f"{PLAN}第二章第三节：确保50%的旗县区通过学前教育普及普惠县国家督导评估验收",
            ),
            Aim(
                code="compulsory_quality",
                title="通过国家义务教育优质均衡发展县验收的旗县区",
                subject=AimSubject.COMPULSORY_QUALITY,
                percent=20,
                about=True,
                due_on=DUE_ON,
                source=f"{PLAN}第二章第三节：到2025年，20%左右旗县区通过国家义务教育优质均衡发展县验收",
            ),
            Aim(
                code="schools",
                title="中小学幼儿园综合督导评估全覆盖",
                subject=AimSubject.SCHOOLS,
                percent=100,
                due_on=DUE_ON,
                source=f"{PLAN}第六章第六节：每3年至少完成一轮对中小学幼儿园全覆盖的督导评估",
            ),
            Aim(
                code="governments",
                title="对旗县区政府履行教育职责督导评价全覆盖",
                subject=AimSubject.GOVERNMENTS,
                percent=100,
                due_on=DUE_ON,
                source=f"{PLAN}第六章第六节：加强对旗县区政府履行教育职责情况的督导评价，每3年至少完成一轮督导评估",
            ),
        ],
    )
    return Part("规划目标", (("目标", len(aims)),))
