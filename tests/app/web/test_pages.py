"""The pages in a real browser: what they show is what the database holds, and nothing comes from elsewhere."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from app.core.config import Settings
from app.core.db import make_engine, migrate, writing
from app.main import create_app
from tests.app.web.rows import TODAY, a_small_calendar

pytestmark = pytest.mark.browser

WIDE = (1440, 900)
PHONE = (390, 844)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of its own, over a small calendar, with its working date set."""
    file = tmp_path_factory.mktemp("site") / "dudao.sqlite"
    settings = Settings(database_url=f"sqlite:///{file}", environment="development", secret=None, today=TODAY)
    migrate(settings)
    engine = make_engine(settings)
    with writing(engine) as session:
        a_small_calendar(session)
    engine.dispose()
    server = uvicorn.Server(uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    host, port = server.servers[0].sockets[0].getsockname()
    yield f"http://{host}:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium here: `make test` as root installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page that may load nothing from elsewhere and report no error; both are looked at when the test ends."""
    page = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(f"failed: {request.url}"))
    page.on("request", lambda request: None if request.url.startswith((site, "data:")) else faults.append(request.url))
    yield page
    page.close()
    assert faults == []


def texts(page: Page, selector: str) -> list[str]:
    """The text of each element, its lines and cells joined by one space."""
    return [" ".join(text.split()) for text in page.locator(selector).all_inner_texts()]


def test_first_page_shows_what_the_database_holds(page: Page, site: str) -> None:
    page.goto(site, wait_until="networkidle")

    assert page.title() == "赤峰市教育督导日程 · 督导排程"
    assert {name: page.locator(f"#{name}").inner_text() for name in ("banners", "schools", "inspectors", "visits")} == {
        "banners": "2",
        "schools": "3",
        "inspectors": "2",
        "visits": "2",
    }
    assert texts(page, "#rounds strong, #rounds .units") == [
        *("学校轮", "4", "2", "1"),
        *("政府轮", "1", "0", "0"),
    ]
    assert texts(page, "#versions tbody tr") == ["红山区督导室 第 2 版 2023-06-30 2022-12-31 2"]
    assert texts(page, "#targets tbody tr") == [
        "2024 松山区 学前教育普及普惠 合成 计划中 规划第六章",
        "2025 红山区 义务教育优质均衡 计划中 规划第六章",
    ]
    assert texts(page, "#kinds tbody tr") == ["幼儿园 0 1", "小学 3"]
    assert texts(page, "#people tbody tr") == ["专职督学 1", "兼职督学 1", "专家 不计入每组三名督学 1"]
    assert texts(page, "#years tbody tr") == ["2023 正式", "2027 暂定"]
    assert texts(page, "#programmes tbody tr") == [
        "学校综合督导 第 1 版 学校综合督导的依据",
        "履行教育职责评价 第 1 版 履行教育职责评价的依据",
    ]


def test_first_page_tells_a_set_working_date_and_synthetic_data(page: Page, site: str) -> None:
    page.goto(site, wait_until="networkidle")

    assert "DUDAO_TODAY 设定为 2023-04-05" in page.locator("#today-is-set").inner_text()
    assert "合成数据：3 个被督导单位" in page.locator("#synthetic").inner_text()


def test_first_page_names_nobody(page: Page, site: str) -> None:
    """People are 督学 and a number in the small calendar; none of them is on the page."""
    page.goto(site, wait_until="networkidle")

    assert page.get_by_text("督学").count() > 0
    assert page.locator("text=/督学\\d/").count() == 0


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_first_page_fits_the_screen(page: Page, site: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(site, wait_until="networkidle")

    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert page.locator("main .card:visible").first.bounding_box() is not None
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).borderRadius") != "0px", "no styles"


def test_interface_page_works_from_our_own_files(page: Page, site: str) -> None:
    page.goto(f"{site}/docs")
    page.locator(".opblock-tag", has_text="health").click()
    page.locator(".opblock-summary", has_text="/healthz").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()

    assert page.locator("#swagger-ui .info .title").inner_text().split()[:2] == ["督导排程", "Dudao"]
    assert page.locator(".live-responses-table .response-col_status").last.inner_text() == "200"
    assert json.loads(page.locator(".live-responses-table code").first.inner_text()) == {"status": "ok"}


def test_pages_link_to_what_exists(page: Page, site: str) -> None:
    page.goto(site)
    links = sorted({str(link.get_attribute("href")) for link in page.locator("a").all()})

    assert links == ["/", "/api/v1/openapi.json", "/docs", "/healthz", "/readyz"]
    assert [page.request.get(site + link).status for link in links] == [200] * len(links)


def test_styles_are_built_into_the_served_folder() -> None:
    built = Path(__file__).resolve().parents[3] / "app" / "static" / "dist"

    assert {"docs.css", "docs.js", "favicon.svg", "site.css"} <= {path.name for path in built.iterdir()}
