"""The report in a real browser, without network: the slider works, names do not cover each other, nothing complains."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from synthetic import PROVENANCE, make_ensemble, make_scenario, make_scores
from visiting import CHROMIUM, NARROW, QUIET, WIDE, Visit

from safeconduct.findings.simulation import write_findings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

pytestmark = pytest.mark.browser
WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
NO_WEBGL = ["--disable-gpu", "--disable-3d-apis"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenario = make_scenario()
    folder = tmp_path_factory.mktemp("out") / "run"
    return write_findings(folder, scenario, make_ensemble(scenario), make_scores(scenario), PROVENANCE)


@pytest.fixture(scope="module", params=[WEBGL, NO_WEBGL], ids=["webgl", "no webgl"])
def browser(driver: Playwright, request: pytest.FixtureRequest) -> Iterator[Browser]:
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *request.param])
    yield browser
    browser.close()


class Report(Visit):
    """A visit to the report, once its map stands."""

    def __init__(self, browser: Browser, report: Path, size: tuple[int, int]) -> None:
        super().__init__(browser, report.as_uri(), size)
        self.page.wait_for_selector("#map-app[data-ground]")
        self.page.wait_for_timeout(300)

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
def visit(browser: Browser, report: Path, request: pytest.FixtureRequest) -> Iterator[Report]:
    visit = Report(browser, report, request.param)
    yield visit
    visit.page.context.close()


def test_the_page_asks_the_network_for_nothing_and_does_not_complain(visit: Report) -> None:
    assert visit.faults() == []


def test_the_map_has_a_ground_with_and_without_webgl(visit: Report, request: pytest.FixtureRequest) -> None:
    expected = "svg" if "no webgl" in request.node.callspec.id else "maplibre"
    assert visit.page.get_attribute("#map-app", "data-ground") == expected


def test_moving_the_slider_by_keyboard_changes_time_and_figures(visit: Report) -> None:
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


def test_the_figures_at_an_hour_are_those_of_the_ensemble(visit: Report) -> None:
    """At hour 0 nobody has left: the table holds the median of the ensemble's first column."""
    import numpy as np

    visit.page.focus("#hour")
    visit.page.keyboard.press("Home")
    ensemble = make_ensemble(make_scenario())
    expected = round(float(np.median(ensemble.series["n_persons", "ashmere"][:, 0])))
    shown = visit.page.inner_text('[data-row="place-ashmere"] td span')
    assert shown == f"{expected:,}"


def test_play_moves_on_by_itself_and_stops(visit: Report) -> None:
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
def test_names_on_the_map_do_not_cover_each_other(visit: Report, view: str) -> None:
    visit.page.click(f'[data-view="{view}"]')
    visit.page.wait_for_timeout(300)
    boxes, size = visit.names(), visit.page.locator("#canvas").bounding_box()
    assert len(boxes) >= 8, "most names should find room"
    for a, b in combinations(boxes, 2):
        assert not (a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]), f"{a} covers {b}"
    assert all(a[0] >= 0 and a[1] >= 0 and a[2] <= size["width"] and a[3] <= size["height"] for a in boxes)


def test_borders_can_be_switched_off(visit: Report) -> None:
    visit.page.uncheck("#borders")
    visit.page.wait_for_timeout(100)
    assert visit.complaints == []
    visit.page.check("#borders")


def test_the_page_is_no_wider_than_the_screen(visit: Report) -> None:
    assert visit.fits()


def test_axis_labels_of_charts_do_not_cover_each_other(visit: Report) -> None:
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
def test_a_link_opens_the_row_that_it_leads_to(browser: Browser, report: Path, size: tuple[int, int]) -> None:
    """From a figure at the head down to a claim and up again: each row comes into view, out of closed details."""
    visit = Report(browser, report, size)
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


def test_without_script_the_page_still_shows_map_and_figures(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.is_visible("#map-still") and not page.is_visible(".controls")
    assert page.is_visible("#arrivals svg.chart >> nth=0")
    context.close()
