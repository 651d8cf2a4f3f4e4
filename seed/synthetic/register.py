"""Writes the made-up register: people, areas, schools, ties, terms of office, absences, history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from sqlmodel import Session, select

from app.accounts.settings import load_rules
from app.models import Area, AreaInspector, Inspectee, InspecteeKind, Inspector
from seed.region import CITY, Tree
from seed.report import Part
from seed.rows import id_of, stored
from seed.synthetic.areas import Offices, assign_responsible, staff_areas
from seed.synthetic.draw import Draw
from seed.synthetic.history import closures, past_inspections
from seed.synthetic.people import draw_people
from seed.synthetic.schools import Site, draw_sites
from seed.synthetic.terms import absences_of, appointments_of, trainings_of
from seed.synthetic.ties import employments_of, employments_of_city, recusals_of

MOST_SCHOOLS_OF_AREA = 20
"""At most about twenty schools to a responsibility area, all schools covered (教督〔2012〕7号)."""

IsCitys = Callable[[InspecteeKind], bool]


def load_register(session: Session, tree: Tree, seed_number: int, is_citys: IsCitys) -> tuple[Part, Part]:
    """Make all schools and people of the region; ``is_citys`` tells the kinds of school that the city's office owns."""
    draw = Draw(seed_number)
    people = stored(session, draw_people(draw, tree))
    sites = draw_sites(draw, tree.banners)
    areas = _store_areas(session, sites, is_citys)
    schools = _store_schools(session, tree, sites, areas, people, is_citys)
    governments = list(
        session.exec(select(Inspectee).where(Inspectee.kind == InspecteeKind.GOVERNMENT).order_by(Inspectee.code)).all()
    )
    past = stored(session, past_inspections(draw, schools, governments))
    closed = stored(session, closures(draw, schools))
    opened = sum(school.opened_on is not None for school in schools)
    return (
        Part(
            "学校（合成数据）",
            (
                ("已有学校", len(schools) - opened),
                ("规划期内新建", opened),
                ("督学责任区", len(set(areas.values()))),
                ("以往督导记录", len(past)),
                ("施工停课", len(closed)),
            ),
        ),
        _store_ties(session, draw, tree, people, schools),
    )


def _store_areas(session: Session, sites: Sequence[Site], is_citys: IsCitys) -> dict[str, int]:
    """The area of each site by its code: near townships together, the city's schools of a banner by themselves."""
    of_banner: dict[tuple[str, bool], list[Site]] = defaultdict(list)
    for site in sites:
        of_banner[site.banner.adcode, is_citys(site.kind)].append(site)
    names: dict[str, str] = {}
    rows: dict[str, Area] = {}
    for (_, citys), group in of_banner.items():
        group.sort(key=lambda site: (site.order, site.code))
        number = -(-len(group) // MOST_SCHOOLS_OF_AREA)
        for index, site in enumerate(group):
            ordinal = index * number // len(group) + 1
            name = f"{site.banner.name}{'高中阶段' if citys else ''}第{ordinal}督学责任区"
            names[site.code] = name
            rows.setdefault(name, Area(region_id=site.banner.region_id, name=name))
    stored(session, rows.values())
    return {code: id_of(rows[name]) for code, name in names.items()}


def _store_schools(
    session: Session,
    tree: Tree,
    sites: Sequence[Site],
    areas: dict[str, int],
    people: Sequence[Inspector],
    is_citys: IsCitys,
) -> list[Inspectee]:
    """The schools with their areas, the people of these and who is responsible; those with a parent come last."""
    rows = {site.code: _school(tree, site, areas[site.code], citys=is_citys(site.kind)) for site in sites}
    by_area = sorted(sites, key=lambda site: (areas[site.code], site.order, site.code))
    offices = Offices(
        tree.office_id,
        (tree.seat_lon, tree.seat_lat),
        {banner.region_id: banner.office_id for banner in tree.banners},
        load_rules(session),
    )
    staffed = staff_areas(people, [rows[site.code] for site in by_area], offices)
    assign_responsible(staffed, [rows[site.code] for site in by_area], offices)
    points = [site for site in sites if site.kind is InspecteeKind.TEACHING_POINT]
    stored(session, [rows[site.code] for site in sites if site.kind is not InspecteeKind.TEACHING_POINT])
    for point in points:
        rows[point.code].parent_id = id_of(rows[_parent(point, sites).code])
    stored(session, [rows[point.code] for point in points])
    members = [(area_id, person) for area_id, group in staffed.items() for person in group]
    session.add_all(AreaInspector(area_id=area_id, inspector_id=id_of(person)) for area_id, person in members)
    session.flush()
    return list(rows.values())


def _school(tree: Tree, site: Site, area_id: int, *, citys: bool) -> Inspectee:
    return Inspectee(
        code=site.code,
        name=site.name,
        kind=site.kind,
        region_id=site.banner.region_id,
        owner_office_id=tree.office_id if citys else site.banner.office_id,
        township=site.township.name,
        lon=site.lon,
        lat=site.lat,
        pupils=site.pupils,
        classes=site.classes,
        boarding=site.boarding,
        opened_on=site.opened_on,
        head_name=site.head_name,
        head_term_ends_on=site.head_term_ends_on,
        area_id=area_id,
        synthetic=True,
        source=site.source,
    )


def _parent(point: Site, sites: Sequence[Site]) -> Site:
    """The primary school that a teaching point belongs to: of its township, or else the nearest of its banner."""
    primaries = [
        site
        for site in sites
        if site.kind is InspecteeKind.PRIMARY and site.banner is point.banner and site.opened_on is None
    ]

    def apart(site: Site) -> tuple[bool, float, str]:
        return (
            site.township.name != point.township.name,
            (site.lon - point.lon) ** 2 + (site.lat - point.lat) ** 2,
            site.code,
        )

    return min(primaries, key=apart)


def _store_ties(
    session: Session, draw: Draw, tree: Tree, people: Sequence[Inspector], schools: Sequence[Inspectee]
) -> Part:
    of_office: dict[int, list[Inspectee]] = defaultdict(list)
    for school in schools:
        of_office[school.owner_office_id].append(school)
    banners = {banner.office_id: (banner.region_id, banner.name) for banner in tree.banners}
    citys = [person for person in people if person.office_id == tree.office_id]
    regions = {banner.adcode: banner.region_id for banner in tree.banners} | {CITY: tree.region_id}
    employments = stored(
        session,
        [
            *employments_of_city(citys, regions),
            *(
                row
                for person in people
                for row in employments_of(draw, person, of_office[person.office_id], banners.get(person.office_id))
            ),
        ],
    )
    appointments = {person.code: appointments_of(draw, person) for person in people}
    terms = stored(session, [row for rows in appointments.values() for row in rows])
    trainings = stored(session, [row for person in people for row in trainings_of(person, appointments[person.code])])
    absences = stored(session, [row for person in people for row in absences_of(draw, person)])
    recusals = stored(
        session, [row for person in people for row in recusals_of(draw, person, of_office[person.office_id])]
    )
    inspectors = sum(person.kind.is_inspector for person in people)
    return Part(
        "人员（合成数据）",
        (
            ("督学", inspectors),
            ("专家与部门人员", len(people) - inspectors),
            ("聘期", len(terms)),
            ("培训", len(trainings)),
            ("工作单位", len(employments)),
            ("请假与培训缺席", len(absences)),
            ("回避", len(recusals)),
        ),
    )
