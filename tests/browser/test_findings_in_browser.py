"""The report in a real browser, without network: the slider works, names do not cover each other, nothing complains."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from synthetic import BIRTH, make_ensemble, make_scenario, make_scores

from safeconduct.findings import write_findings

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
NO_WEBGL = ["--disable-gpu", "--disable-3d-apis"]
WIDE, NARROW = (1400, 900), (390, 844)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenario = make_scenario()
    folder = tmp_path_factory.mktemp("out") / "run"
    return write_findings(folder, scenario, make_ensemble(scenario), make_scores(scenario), BIRTH)


@pytest.fixture(scope="module")
def driver() -> Iterator[playwright.Playwright]:
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH, so the report is not looked at in a browser")
    with playwright.sync_playwright() as started:
        yield started


@pytest.fixture(scope="module", params=[WEBGL, NO_WEBGL], ids=["webgl", "no webgl"])
def browser(driver: playwright.Playwright, request: pytest.FixtureRequest) -> Iterator[playwright.Browser]:
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *request.param])
    yield browser
    browser.close()


class Visit:
    """A page that was opened with the network off, and everything it complained about."""

    def __init__(self, browser: playwright.Browser, report: Path, size: tuple[int, int]) -> None:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
        self.page, self.requests, self.complaints = context.new_page(), [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self.hear)
        self.page.goto(report.as_uri())
        self.page.wait_for_selector("#map-app[data-ground]")
        self.page.wait_for_timeout(300)

    def hear(self, message: playwright.ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def figures(self) -> list[str]:
        """What the table beside the map says, and the sizes of the circles."""
        return self.page.evaluate(
            "[...document.querySelectorAll('#map-table td, #map-app .over circle')]"
            ".map(e => e.textContent.trim() || e.getAttribute('r'))"
        )

    def names(self) -> list[list[float]]:
        """Boxes of the names that are shown: left, top, right, bottom, in px from the map's corner."""
        return self.page.evaluate(
            "(() => { const frame = document.getElementById('canvas').getBoundingClientRect();"
            " return [...document.querySelectorAll('#canvas .label')].filter(e => e.style.display !== 'none')"
            ".map(e => e.getBoundingClientRect())"
            ".map(b => [b.left - frame.left, b.top - frame.top, b.right - frame.left, b.bottom - frame.top]) })()"
        )


@pytest.fixture(scope="module", params=[WIDE, NARROW], ids=["wide", "narrow"])
def visit(browser: playwright.Browser, report: Path, request: pytest.FixtureRequest) -> Iterator[Visit]:
    visit = Visit(browser, report, request.param)
    yield visit
    visit.page.context.close()


def test_the_page_asks_the_network_for_nothing_and_does_not_complain(visit: Visit) -> None:
    assert [url for url in visit.requests if not url.startswith(("file:", "blob:", "data:"))] == []
    assert visit.complaints == []


def test_the_map_has_a_ground_with_and_without_webgl(visit: Visit, request: pytest.FixtureRequest) -> None:
    expected = "svg" if "no webgl" in request.node.callspec.id else "maplibre"
    assert visit.page.get_attribute("#map-app", "data-ground") == expected


def test_moving_the_slider_by_keyboard_changes_time_and_figures(visit: Visit) -> None:
    page = visit.page
    page.focus("#hour")
    page.keyboard.press("Home")
    first_time, first = page.inner_text("#clock"), visit.figures()
    page.keyboard.press("End")
    last_time, last = page.inner_text("#clock"), visit.figures()
    assert (first_time, last_time) == ("Sat 3 May 2031, 12:00", "Thu 8 May 2031, 12:00")
    assert page.get_attribute("#hour", "aria-valuetext") == last_time
    assert len(first) == len(last) and sum(a != b for a, b in zip(first, last, strict=True)) > 20
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#clock") == "Thu 8 May 2031, 11:00"


def test_the_figures_at_an_hour_are_those_of_the_ensemble(visit: Visit) -> None:
    """At hour 0 nobody has left: the table holds the median of the ensemble's first column."""
    import numpy as np

    visit.page.focus("#hour")
    visit.page.keyboard.press("Home")
    ensemble = make_ensemble(make_scenario())
    expected = round(float(np.median(ensemble.series["n_persons", "ashmere"][:, 0])))
    shown = visit.page.inner_text('[data-row="place-ashmere"] td span')
    assert shown == f"{expected:,}"


def test_play_moves_on_by_itself_and_stops(visit: Visit) -> None:
    page = visit.page
    page.focus("#hour")
    page.keyboard.press("Home")
    page.click("#play")
    for _ in range(100):  # the page's own policy forbids playwright's way of waiting for a condition
        page.wait_for_timeout(100)
        if int(page.input_value("#hour")) > 2:
            break
    page.click("#play")
    at = page.input_value("#hour")
    assert int(at) > 2
    page.wait_for_timeout(300)
    assert page.input_value("#hour") == at


@pytest.mark.parametrize("view", ["all", "origins"])
def test_names_on_the_map_do_not_cover_each_other(visit: Visit, view: str) -> None:
    visit.page.click(f'[data-view="{view}"]')
    visit.page.wait_for_timeout(300)
    boxes, size = visit.names(), visit.page.locator("#canvas").bounding_box()
    assert len(boxes) >= 8, "most names should find room"
    for a, b in combinations(boxes, 2):
        assert not (a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]), f"{a} covers {b}"
    assert all(a[0] >= 0 and a[1] >= 0 and a[2] <= size["width"] and a[3] <= size["height"] for a in boxes)


def test_borders_can_be_switched_off(visit: Visit) -> None:
    visit.page.uncheck("#borders")
    visit.page.wait_for_timeout(100)
    assert visit.complaints == []
    visit.page.check("#borders")


def test_the_page_is_no_wider_than_the_screen(visit: Visit) -> None:
    width = visit.page.viewport_size["width"]
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_axis_labels_of_charts_do_not_cover_each_other(visit: Visit) -> None:
    covered = visit.page.evaluate(
        """[...document.querySelectorAll('svg.chart')].flatMap(chart => {
            const boxes = [...chart.querySelectorAll('text')].map(e => [e.textContent, e.getBoundingClientRect()])
              .filter(([, b]) => b.width);
            return boxes.flatMap(([s, a], i) => boxes.slice(i + 1)
              .filter(([, b]) => a.left < b.right && a.right > b.left && a.top + 2 < b.bottom && a.bottom > b.top + 2)
              .map(([t]) => `${s} / ${t}`)) })"""
    )
    assert covered == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_link_opens_the_row_that_it_leads_to(
    browser: playwright.Browser, report: Path, size: tuple[int, int]
) -> None:
    """From a figure at the head down to a claim and up again: each row comes into view, out of closed details."""
    visit = Visit(browser, report, size)
    page = visit.page
    steps = (
        "figure-persons_arrived",
        "series-cum_arrivals_persons-ilex_bridge",
        "claim-C1",
        "parameter-persons_present",
    )
    for step in steps:
        page.click(f'a[href="#{step}"] >> visible=true >> nth=0')
        page.wait_for_timeout(200)
        box = page.locator(f"#{step}").bounding_box()
        assert box is not None and -5 <= box["y"] < size[1], step
        assert page.locator(f"#{step} >> visible=true").count()
    page.context.close()


def test_without_script_the_page_still_shows_map_and_figures(browser: playwright.Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.is_visible("#map-still") and not page.is_visible(".controls")
    assert page.is_visible("#arrivals svg.chart >> nth=0")
    context.close()
