"""The page of comparators and the page of signs in a real browser, without network: filters, fit, contrast, paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from visiting import NARROW, WIDE, Visit, violations

from safeconduct.comparators import ANSWER_TARGETS, read_ceasefires
from safeconduct.comparators.predictors import PREDICTORS, marginal
from safeconduct.comparators.scores import leave_one_case_out
from safeconduct.findings.comparators import shipped_comparators
from safeconduct.findings.comparators.comparators import Comparators
from safeconduct.findings.comparators.page import write_comparators
from safeconduct.findings.monitor import signs_of, view_case, write_signs
from safeconduct.scenario import shipped_cases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both pages of the shipped record; plain rates stand in for every predictor, as the page is what is looked at."""
    out = tmp_path_factory.mktemp("out")
    cheap = tuple(replace(one, predict=marginal) for one in PREDICTORS)
    ceasefires = read_ceasefires(shipped_comparators())
    found = tuple(leave_one_case_out(ceasefires, target, cheap) for target in ANSWER_TARGETS)
    write_comparators(Comparators(ceasefires, found, None), out)
    karabakh = shipped_cases() / "karabakh"
    write_signs(signs_of(view_case(karabakh, None), karabakh, shipped_comparators()), out)
    return out


@pytest.mark.parametrize("name", ["comparators", "signs"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_page_is_whole_without_network_and_fits_the_screen(
    browser: Browser, folder: Path, name: str, size: tuple[int, int]
) -> None:
    """Nothing is asked for, nothing complained of, no scrolling sideways; colours and names pass WCAG AA."""
    address = (folder / f"{name}.html").as_uri()
    visit = Visit(browser, address, size)
    assert visit.faults() == [] and visit.fits()
    visit.page.context.close()
    assert violations(browser, address, size) == []


def test_filters_leave_what_they_name(browser: Browser, folder: Path) -> None:
    """Acts on the force answered by enforcement: as many rows as the data hold, in no case without one; and back."""
    page = browser.new_page()
    page.goto((folder / "comparators.html").as_uri())
    acts = [act for case in read_ceasefires(shipped_comparators()).cases for act in case.challenges]
    page.select_option("#pick-kind", "on_force")
    page.select_option("#pick-answer", "enforcement")
    expected = [act for act in acts if act.kind == "on_force" and act.strongest == 4]
    assert page.inner_text("#shown") == f"{len(expected)} of {len(acts)} acts" and expected
    assert page.locator("tr[data-kind]:visible").count() == len(expected)
    assert page.locator(".case:visible").count() == len({act.case for act in expected})
    page.click("#reset")
    assert page.locator(".case:visible").count() == len({act.case for act in acts})
    assert page.locator("tr[data-kind]:not(.off)").count() == len(acts)
    page.close()


def test_paper_has_every_act_and_no_controls(browser: Browser, folder: Path) -> None:
    page = browser.new_page(viewport={"width": 720, "height": 1000})
    page.emulate_media(media="print")
    page.goto((folder / "comparators.html").as_uri())
    assert not page.is_visible("#controls")
    rows = page.locator("tr[data-kind]")
    unseen = rows.evaluate_all("found => found.filter(row => !row.checkVisibility({contentVisibilityAuto: true}))")
    assert rows.count() > 100 and not unseen
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    page.close()
