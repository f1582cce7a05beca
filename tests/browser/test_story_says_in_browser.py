"""What the story page says: both ends of a count, filters, what was known then, tables to download, predictions."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from visiting import Visit, go

from safeconduct.findings.story import TRACKS, Story
from safeconduct.findings.story.sides import groups_of
from safeconduct.ledger import stated_ends
from safeconduct.monitor import predictions

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_a_headline_gives_both_ends_and_nothing_out_of_date(visit: Visit) -> None:
    """People present, by hand from the record: two sides' figures before the crossing, none of them after it."""
    page = visit.page
    go(page, "day=2030-05-03&known=now")
    said = page.inner_text("#finding-people")
    assert all(part in said for part in ("between", "2,600", "4,000", "Valley", "Plain")), said
    go(page, "day=2030-05-10&known=now")
    said = page.inner_text("#finding-people")
    assert "left: between" in said and "4,000" not in said and "not counted since people left" in said, said


def test_a_filtered_headline_says_that_it_is_filtered(visit: Visit, told: tuple[Story, str]) -> None:
    page, keys = visit.page, [group.key for group in groups_of(told[0].view).all]
    go(page, "day=2030-05-09&known=now&without=press")
    assert all(page.inner_text(f"#finding-{t.key}").startswith("Without Press and commentary:") for t in TRACKS)
    go(page, f"day=2030-05-09&known=now&without={','.join(keys[1:])}")
    assert all(page.inner_text(f"#finding-{track.key}").startswith("Of ") for track in TRACKS)
    go(page, f"day=2030-05-09&known=now&without={','.join(keys)}")
    assert {page.inner_text(f"#finding-{track.key}") for track in TRACKS} == {"Every voice is switched off."}
    assert f"{len(told[0].view.known)} known reports are hidden" in page.inner_text("#total")


def test_what_was_not_yet_published_is_not_told_as_known_then(visit: Visit) -> None:
    page = visit.page
    go(page, "day=2030-05-05&known=now&step=4")
    assert "published later" not in page.inner_text("#panel-path")
    go(page, "day=2030-05-02&known=then&step=4")
    assert "published later" in page.inner_text("#panel-path")
    page.locator("#panel-path .ref").first.click()
    said = page.inner_text("#panel-source")
    assert "Not yet published" in said and "shut" not in said and not page.is_visible("#panel-source cite")
    page.click("#panel-source [data-known=now]")
    assert "shut" in page.inner_text("#panel-source")


def test_what_was_written_later_about_a_report_is_not_shown_as_known_then(
    visit: Visit, told: tuple[Story, str]
) -> None:
    """A compiler's note and what accounts make of a report know the whole case."""
    page = visit.page
    claim = next(one for one in told[0].view.ledger.claims if len(one.remark) > 20)
    go(page, f"day=2030-05-10&known=now&report={claim.id}&show=source")
    said = page.inner_text("#panel-source")
    assert claim.remark in said and "Compiler's note" in said
    go(page, f"day=2030-05-10&known=then&report={claim.id}&show=source")
    said = page.inner_text("#panel-source")
    assert "Speaks of" in said and claim.remark not in said and "Compiler's note" not in said and "Accounts" not in said


def test_enter_works_inside_a_track_and_escape_closes_its_table(visit: Visit) -> None:
    page = visit.page
    go(page, "day=2030-05-09&known=now")
    page.focus("#details-force summary")
    page.keyboard.press("Enter")
    page.locator("#table-force .ref").first.focus()
    page.keyboard.press("Enter")
    assert page.get_attribute("#tab-source", "aria-selected") == "true" and "report=" in page.evaluate("location.hash")
    page.locator("#details-force").evaluate("one => { one.open = true; }")
    page.locator("#inner-force [data-save=csv]").focus()
    with page.expect_download():
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY" and not page.is_visible("#table-force")
    page.keyboard.press("T")
    assert "known=then" in page.evaluate("location.hash")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'е', code: 'KeyT', bubbles: true}))")
    assert "known=now" in page.evaluate("location.hash"), "a Russian keyboard has another letter on that key"


@pytest.mark.parametrize("width", [1920, 1400, 1100, 900, 768])
def test_the_axis_stays_in_sight_under_the_bar(browser: Browser, told: tuple[Story, str], width: int) -> None:
    visit = Visit(browser, told[1], (width, 700), locale="en-GB")
    visit.page.evaluate("document.getElementById('track-force').scrollIntoView({block: 'center'})")
    bar, axis = (visit.page.locator(one).bounding_box() for one in ("#controls", "#axis"))
    assert bar["y"] == pytest.approx(0, abs=1) and axis["y"] == pytest.approx(bar["height"], abs=1.5)
    if width > 1100:
        assert visit.page.locator("#map").bounding_box()["y"] >= bar["height"]
    visit.page.context.close()


def test_a_table_to_download_makes_no_middle_up(visit: Visit, told: tuple[Story, str]) -> None:
    """Low, best, high, bound, unit and scope of each figure are the ledger's."""
    page, known = visit.page, told[0].view.known
    go(page, "day=2030-05-12&known=now")
    n_figures = 0
    for track in ("people", "supplies", "hosts", "force"):
        page.locator(f"#details-{track}").evaluate("one => { one.open = true; }")
        with page.expect_download() as waiting:
            page.click(f"[data-save=csv][data-track={track}]")
        content = Path(waiting.value.path()).read_text("utf-8-sig")
        for row in csv.DictReader(content.splitlines()):
            claim = known[row["id"]]
            if claim.kind != "figure":
                assert not row["best"]
                continue
            n_figures += 1
            given = [float(row[one]) if row[one] else None for one in ("low", "best", "high")]
            assert (*given, row["bound"]) == stated_ends(claim)
            assert (row["unit"], row["scope"]) == (claim.unit, claim.scope) and not row["left_out_of_this_file"]
    assert n_figures > 8


def test_predictions_stand_beside_later_reports_without_a_verdict(visit: Visit, told: tuple[Story, str]) -> None:
    page, view = visit.page, told[0].view
    go(page, "day=2030-05-12&known=now&show=day")
    said = page.inner_text("#day-voices")
    foreseen = predictions(view)
    assert foreseen and any(one.shows for one in foreseen)
    for one in foreseen:
        assert one.claim.words in said and one.claim.reporter in said
        assert not one.due or f"due {one.due.day} {one.due:%b %Y}" in said
        assert all(claim.reporter in said for claim, _ in one.shows)
    assert not re.search(r"\b(failed|wrong|right|true|false|correct|fulfilled|came true)\b", said)


def test_the_axis_names_the_events_of_the_case(visit: Visit, told: tuple[Story, str]) -> None:
    page, titles = visit.page, [one.title for one in told[0].file.moments]
    go(page, "day=2030-05-09&known=now")
    assert titles and [page.locator("#axis .moment text", has_text=one).count() for one in titles] == [1] * len(titles)
    go(page, "day=2030-05-03&known=then")
    assert page.locator("#axis .moment").count() == 0
