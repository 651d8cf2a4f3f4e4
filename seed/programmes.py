"""The programmes of the plan as data: what the law and the plan ask, whom they cover, with which team and for how long.

Frequencies and the floor of three inspectors are law; lengths, team sizes and weights are the office's own and
editable. Each basis names only documents that exist on the first day of its version.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session

from app.models import (
    BurdenRule,
    EvaluationMethod,
    InspecteeKind,
    Programme,
    ProgrammeRule,
    Round,
    RoundSubject,
    Skill,
)
from app.programmes.schemas import (
    CHIEF,
    INSPECTOR,
    LEAD,
    ClassObservation,
    Phase,
    PhaseCase,
    PhaseName,
    PoolKind,
)
from seed.report import Part
from seed.rows import PLAN, UNVERIFIED, stored

IN_FORCE_FROM = date(2022, 6, 28)
ROUND_FIRST, ROUND_LAST = date(2023, 1, 1), date(2025, 12, 31)
BURDEN_LAW_FROM = date(2025, 10, 14)

_LAW = "《教育督导条例》（国务院令第624号，2012-10-01起施行）"
_NOTICE_DAYS = 30

_KINDERGARTENS = [InspecteeKind.KINDERGARTEN, InspecteeKind.ATTACHED_CLASS]
_UPPER = [InspecteeKind.SENIOR, InspecteeKind.COMPLETE_SECONDARY, InspecteeKind.TWELVE_YEAR]
_SCHOOLS: list[InspecteeKind] = [kind for kind in InspecteeKind if kind is not InspecteeKind.GOVERNMENT]


def load_programmes(session: Session) -> Part:
    """Make the programmes and the rules against burden."""
    programmes = stored(
        session,
        [
            _round(),
            _government(),
            _compulsory_quality(),
            _preschool_universal(),
            _principal_term(),
            _routine(),
            _thematic("thematic", "专项督导", "事先发出书面督导通知", _NOTICE_DAYS),
            _thematic("opening_check", "开学检查", f"不打招呼，书面通知当日送达（{UNVERIFIED}）", 0),
        ],
    )
    burden = stored(session, _burden_rules())
    return Part("督导项目", (("项目", len(programmes)), ("减负规则", len(burden))))


def load_rounds(session: Session) -> Part:
    """Make the round of the schools and that of the governments; the plan names no years."""
    source = f"{PLAN}第六章第六节：每3年至少完成一轮；起止年份规划未写明，为默认值"
    rounds = stored(
        session,
        [
            Round(name=name, subject=subject, first_on=ROUND_FIRST, last_on=ROUND_LAST, source=source)
            for name, subject in (
                ("2023—2025年中小学幼儿园综合督导评估", RoundSubject.SCHOOLS),
                ("2023—2025年对旗县区政府履行教育职责评价", RoundSubject.GOVERNMENTS),
            )
        ],
    )
    return Part("督导轮次", (("轮次", len(rounds)),))


def load_methods(session: Session) -> Part:
    """Make a placeholder of the evaluation method of each kind; the city's own methods were not to be had."""
    methods = stored(
        session,
        [
            EvaluationMethod(
                kind=kind,
                title=f"{_METHOD_TITLES[kind]}（{UNVERIFIED}）",
                version="默认",
                in_force_from=date(2022, 1, 1),
            )
            for kind in InspecteeKind
        ],
    )
    return Part("评估办法", (("办法（默认值）", len(methods)),))


_METHOD_TITLES = {
    InspecteeKind.KINDERGARTEN: "幼儿园综合督导评估办法",
    InspecteeKind.ATTACHED_CLASS: "附设幼儿班综合督导评估办法",
    InspecteeKind.PRIMARY: "小学综合督导评估办法",
    InspecteeKind.TEACHING_POINT: "教学点综合督导评估办法",
    InspecteeKind.JUNIOR: "初中综合督导评估办法",
    InspecteeKind.NINE_YEAR: "九年一贯制学校综合督导评估办法",
    InspecteeKind.SENIOR: "普通高中综合督导评估办法",
    InspecteeKind.COMPLETE_SECONDARY: "完全中学综合督导评估办法",
    InspecteeKind.TWELVE_YEAR: "十二年一贯制学校综合督导评估办法",
    InspecteeKind.VOCATIONAL: "中等职业学校综合督导评估办法",
    InspecteeKind.SPECIAL: "特殊教育学校综合督导评估办法",
    InspecteeKind.GOVERNMENT: "旗县区人民政府履行教育职责评价办法",
}


def _burden_rules() -> list[BurdenRule]:
    return [
        BurdenRule(
            comprehensive_per_year=1,
            first_on=IN_FORCE_FROM,
            last_on=BURDEN_LAW_FROM - timedelta(days=1),
            law=False,
            basis=f"本地设置（默认启用）：同一学校每年综合督导不超过1项；{PLAN}要求大幅度减少对学校的各类检查、评估、评价",
        ),
        BurdenRule(
            comprehensive_per_year=1,
            first_on=BURDEN_LAW_FROM,
            law=True,
            basis="教师厅〔2025〕2号（2025-10-14）第二条：每所学校每年接受县级及以上教育综合督导不超过1项",
        ),
    ]


def _programme(
    code: str,
    name: str,
    rule: ProgrammeRule,
    basis: str,
    covers: list[InspecteeKind],
    phases: list[Phase],
    *,
    comprehensive: bool,
    notice_days: int = _NOTICE_DAYS,
    max_interval_years: int | None = None,
) -> Programme:
    return Programme(
        code=code,
        name=name,
        rule=rule,
        legal_basis=basis,
        in_force_from=IN_FORCE_FROM,
        covers=[kind.value for kind in covers],
        comprehensive=comprehensive,
        notice_days=notice_days,
        max_interval_years=max_interval_years,
        phases=[phase.model_dump(mode="json") for phase in phases],
    )


def _round() -> Programme:
    preschool, compulsory = _team(Skill.PRESCHOOL), _team(Skill.COMPULSORY)
    lower = [InspecteeKind.JUNIOR, InspecteeKind.NINE_YEAR]
    cases = [
        PhaseCase(kinds=_KINDERGARTENS, observation=ClassObservation(), requires=preschool),
        PhaseCase(kinds=[InspecteeKind.TEACHING_POINT], half_days=1, requires=compulsory),
        PhaseCase(kinds=[InspecteeKind.PRIMARY], half_days=2, requires=compulsory),
        PhaseCase(kinds=[InspecteeKind.PRIMARY], from_classes=24, half_days=3, requires=compulsory),
        PhaseCase(kinds=lower, half_days=3, requires=compulsory),
        PhaseCase(kinds=lower, from_classes=36, half_days=4, requires=compulsory),
        PhaseCase(kinds=[InspecteeKind.SPECIAL], half_days=2, requires=_team(Skill.SPECIAL)),
        PhaseCase(kinds=_UPPER, half_days=4, size=4, requires=_team(Skill.SENIOR)),
        PhaseCase(kinds=_UPPER, from_classes=45, half_days=4, size=5, requires=_team(Skill.SENIOR)),
        PhaseCase(kinds=[InspecteeKind.VOCATIONAL], half_days=4, size=4, requires=_team(Skill.VOCATIONAL)),
    ]
    return _programme(
        "round",
        "中小学幼儿园综合督导评估",
        ProgrammeRule.ROUND,
        f"{_LAW}第十四条：县级教育督导机构对本行政区域内的学校每3至5年实施一次综合督导；第十六条：督导小组由3名以上督学组成。"
        f"{PLAN}第六章第六节：市级负责普通高中和中等职业学校，旗县区负责义务教育学校和幼儿园，每3年至少完成一轮全覆盖",
        _SCHOOLS,
        [
            Phase(
                name=PhaseName.EVALUATION,
                title="综合督导评估",
                half_days=2,
                size=3,
                pool=PoolKind.OWNER,
                requires=_team(),
                cases=cases,
                weight=10,
            ),
            _recheck(),
        ],
        comprehensive=True,
        max_interval_years=5,
    )


def _recheck() -> Phase:
    """Half a day of one inspector; the law asks to verify rectification (条例 art. 22) and counts no days or people.

    At most seven months later, so that a school that is rebuilt over the summer still has a day for it in autumn.
    """
    return Phase(
        name=PhaseName.RECHECK,
        title="整改复查",
        half_days=1,
        size=1,
        pool=PoolKind.OWNER,
        requires={INSPECTOR: 1},
        min_days=60,
        max_days=210,
        weight=2,
    )


def _thematic(code: str, name: str, words: str, notice_days: int) -> Programme:
    """Lengths, skills and units are each topic's own; these are the least that the law asks."""
    return _programme(
        code,
        name,
        ProgrammeRule.THEMATIC,
        f"{_LAW}第十六条：专项督导由3名以上督学组成督导小组；{words}。{PLAN}第六章第六节：开展专项督导",
        _SCHOOLS,
        [
            Phase(
                name=PhaseName.EVALUATION,
                title=name,
                half_days=1,
                size=3,
                pool=PoolKind.OWNER,
                requires=_team(),
                weight=20,
            )
        ],
        comprehensive=False,
        notice_days=notice_days,
    )


def _government() -> Programme:
    return _programme(
        "government",
        "对旗县区人民政府履行教育职责评价",
        ProgrammeRule.GOVERNMENT,
        f"{_LAW}第十四条：对下一级人民政府每5年至少实施一次专项督导或者综合督导。"
        f"{PLAN}第六章第六节：对旗县区政府履行教育职责情况每3年至少完成一轮督导评估",
        [InspecteeKind.GOVERNMENT],
        [
            Phase(
                name=PhaseName.EVALUATION,
                title="履行教育职责评价",
                half_days=6,
                size=5,
                pool=PoolKind.CITY,
                requires=_team(Skill.FINANCE) | {CHIEF: 1},
                excludes_own_banner=True,
                weight=100,
            )
        ],
        comprehensive=True,
        max_interval_years=5,
    )


def _chain(skill: Skill, review: str) -> list[Phase]:
    """Launch two years ahead, progress visits once a term, the city's step one year ahead."""
    return [
        Phase(
            name=PhaseName.LAUNCH,
            title="专项督导启动工作",
            lead_years=2,
            half_days=4,
            size=4,
            pool=PoolKind.CITY,
            requires=_team(skill),
            weight=200,
        ),
        Phase(
            name=PhaseName.PROGRESS,
            title="过程性督导",
            gap_days=14,
            half_days=2,
            size=3,
            pool=PoolKind.CITY,
            requires=_team(skill),
            weight=50,
        ),
        Phase(
            name=PhaseName.REVIEW,
            title=review,
            lead_years=1,
            half_days=6,
            size=6,
            pool=PoolKind.CROSS,
            requires=_team(skill),
            city_members=2,
            excludes_own_banner=True,
            weight=200,
        ),
    ]


def _team(skill: Skill | None = None) -> dict[str, int]:
    """Three inspectors, as the law asks, with a leader, and somebody with the skill."""
    lawful = {INSPECTOR: 3, LEAD: 1}
    return lawful if skill is None else lawful | {skill.value: 1}


def _compulsory_quality() -> Programme:
    return _programme(
        "compulsory_quality",
        "义务教育优质均衡发展督导",
        ProgrammeRule.CHAIN,
        f"《县域义务教育优质均衡发展督导评估办法》（教督〔2017〕6号）：市级复核。"
        f"{PLAN}第六章第六节：提前2年启动专项督导推动，提前1年进行市级复核",
        [InspecteeKind.GOVERNMENT],
        _chain(Skill.COMPULSORY, "市级复核"),
        comprehensive=False,
    )


def _preschool_universal() -> Programme:
    return _programme(
        "preschool_universal",
        "县域学前教育普及普惠督导",
        ProgrammeRule.CHAIN,
        f"《县域学前教育普及普惠督导评估办法》（教督〔2020〕1号）：市级初核。"
        f"{PLAN}第六章第六节：加大督导推动力度；提前年数为本市设置",
        [InspecteeKind.GOVERNMENT],
        _chain(Skill.PRESCHOOL, "市级初核"),
        comprehensive=False,
    )


def _principal_term() -> Programme:
    """Heads of bodies with legal personality: neither teaching points nor attached classes have one of their own."""
    lower = [InspecteeKind.JUNIOR, InspecteeKind.NINE_YEAR]
    cases = [
        PhaseCase(kinds=[InspecteeKind.KINDERGARTEN], requires=_team(Skill.PRESCHOOL)),
        PhaseCase(kinds=[InspecteeKind.PRIMARY], requires=_team(Skill.COMPULSORY)),
        PhaseCase(kinds=lower, half_days=3, requires=_team(Skill.COMPULSORY)),
        PhaseCase(kinds=[InspecteeKind.SPECIAL], requires=_team(Skill.SPECIAL)),
        PhaseCase(kinds=_UPPER, half_days=4, size=4, requires=_team(Skill.SENIOR)),
        PhaseCase(kinds=[InspecteeKind.VOCATIONAL], half_days=4, size=4, requires=_team(Skill.VOCATIONAL)),
    ]
    return _programme(
        "principal_term",
        "校（园）长任期结束综合督导评估",
        ProgrammeRule.PRINCIPAL_TERM,
        "2022年2月关于中小学幼儿园校（园）长任期结束综合督导评估的意见（文件名称待核实）："
        f"任期结束时对法人学校的校（园）长实施综合督导。{PLAN}第六章第六节：试行中小学幼儿园校（园）长任期结束综合督导评估",
        [kind for kind in _SCHOOLS if kind not in (InspecteeKind.TEACHING_POINT, InspecteeKind.ATTACHED_CLASS)],
        [
            Phase(
                name=PhaseName.EVALUATION,
                title="任期结束综合督导评估",
                half_days=2,
                size=3,
                pool=PoolKind.OWNER,
                requires=_team(),
                cases=cases,
                weight=8,
            )
        ],
        comprehensive=True,
    )


def _routine() -> Programme:
    """One inspector for half a day; the law asks for no notice and no least team."""
    return _programme(
        "routine",
        "经常性督导",
        ProgrammeRule.ROUTINE,
        f"{_LAW}第十四条：对责任区内学校实施经常性督导每学期不得少于2次；第十三条：设督导责任区，指派督学",
        _SCHOOLS,
        [
            Phase(
                name=PhaseName.EVALUATION,
                title="经常性督导",
                half_days=1,
                size=1,
                pool=PoolKind.OWNER,
                requires={INSPECTOR: 1},
                weight=3,
            )
        ],
        comprehensive=False,
        notice_days=0,
    )
