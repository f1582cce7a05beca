"""The game's page in a real browser, without network: asks for nothing, fits 380 px, passes axe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from visiting import NARROW, WIDE, Visit, violations

from safeconduct.findings import GameView, write_game
from safeconduct.inference.game_accounts import BY_KEY
from safeconduct.inference.game_coding import read_codings
from safeconduct.inference.game_compare import compare_accounts
from safeconduct.inference.game_library import Library
from safeconduct.inference.game_tables import read_held_accounts
from safeconduct.scenario import shipped_cases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of three accounts with few games."""
    folder = shipped_cases() / "karabakh" / "codings"
    few = tuple(BY_KEY[key] for key in ("static", "overstretch", "face_saving"))
    coding, other = read_codings(folder, ("strict", "broad"))
    found = compare_accounts(
        coding, Library(0, 60, accounts=few), others=(other,), held=read_held_accounts(folder), truths=2,
        recovery_games=60,
    )  # fmt: skip
    return write_game(GameView("Case", found), tmp_path_factory.mktemp("out")).as_uri()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_page_asks_for_nothing_fits_and_passes_axe(browser: Browser, address: str, size: tuple[int, int]) -> None:
    visit = Visit(browser, address, size)
    assert visit.faults() == [] and visit.fits()
    visit.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert visit.fits()
    visit.page.context.close()
    assert violations(browser, address, size) == []
