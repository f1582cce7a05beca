"""The desk in a real browser: every page wide and narrow, by keyboard alone, without script, under its own policy."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from visiting import AXE, NARROW, TAGS, WIDE

sys.path.insert(0, str(Path(__file__).parents[1] / "desk"))
from at_the_desk import REPORT, Running, Visitor, running

from safeconduct.desk.case.drafts import Drafts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
AT = "/case/demo-valley"
PAGES = ["/", "/name", "/new", f"{AT}/inbox/text", f"{AT}/inbox/files", f"{AT}/jobs", f"{AT}/send", f"{AT}/setup",
         f"{AT}/setup/file/agreement.csv", "/shipped/karabakh/send", "{draft}", f"{AT}/", f"{AT}/inbox",
         f"{AT}/inbox/check", f"{AT}/reports", f"{AT}/report/R1", f"{AT}/log", f"{AT}/changes?since=2030-05-05",
         f"{AT}/inbox/correct/R1", f"{AT}/setup/file/claims.csv", f"{AT}/story", f"{AT}/monitor.html",
         f"{AT}/send/brief.html", "/shipped/karabakh/changes",
         f"{AT}/?as_of=2030-05-06", f"{AT}/?as_of=2030-05-06&at=12:00&checked=1", f"{AT}/jobs?as_of=2030-05-06",
         "/shipped/karabakh/", f"{AT}/jobs/x", "/nowhere"]  # fmt: skip
SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk on a copy of the demo with one report that holds markup."""
    with running(tmp_path_factory.mktemp("desk") / "cases") as found:
        ana = Visitor(found).come_in("Ana")
        ana.post("/copy", {"shipped": "demo-valley"})
        ana.post(f"{AT}/inbox/save", {**REPORT, "words": SCRIPT, "source_title": SCRIPT, "why": SCRIPT})
        rows = [
            {"reporter": "Lakes radio (invented)", "source_title": "noon", "words": SCRIPT, "time": "2030-05-08"}
        ] * 3
        drafts = Drafts(found.desk.workspace.own / "drafts" / "demo-valley")
        drafts.add("noon news", "Ana", [{**row, "id": f"N{n}"} for n, row in enumerate(rows)], ["Read as own."])
        yield found


def address(desk: Running, path: str) -> str:
    """The whole address of a page; of the draft, whatever it is called."""
    drafts = Drafts(desk.desk.workspace.own / "drafts" / "demo-valley").all()
    path = f"{AT}/inbox/draft/{drafts[0].id}" if path == "{draft}" else path
    return f"http://{desk.host}{path}"


def come_in(browser: Browser, desk: Running, size: tuple[int, int], name: str = "Ben", **more: object) -> Page:
    """A page of somebody who came in by the start link and gave a name."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}, **more).new_page()
    page.set_default_timeout(20_000)
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("dialog", lambda dialog: (page.complaints.append(f"dialog {dialog.type}"), dialog.accept()))
    page.goto(f"http://{desk.host}/start?token={desk.desk.door.token}")
    page.wait_for_url(f"http://{desk.host}/*")  # the start page moves on by itself
    page.wait_for_load_state("networkidle")
    page.goto(f"http://{desk.host}/name")
    page.fill("#who", name)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:text('Cases')")
    return page


@pytest.mark.slow
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_fits_complains_of_nothing_and_passes_axe(browser: Browser, desk: Running, size: tuple) -> None:
    page, found = come_in(browser, desk, size, bypass_csp=True), []
    for path in PAGES:
        page.goto(address(desk, path))
        found += [(path, "too wide")] if page.evaluate("document.documentElement.scrollWidth") > size[0] else []
        found += [(path, *one) for one in violations_here(page)]
    assert found == []
    assert [one for one in page.complaints if "404" not in one and "422" not in one] == []
    page.context.close()


@pytest.mark.slow
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_of_work_fit_and_pass_axe(browser: Browser, desk: Running, size: tuple) -> None:
    """A real simulation, running and done: its page, its sheet, outcomes side by side, and the story with its bands."""
    page = come_in(browser, desk, size, bypass_csp=True)
    page.goto(address(desk, f"{AT}/jobs"))
    page.check("#what-run")
    page.fill("#w-runs", "2")
    page.click("button:text('Begin')")
    running_at = page.url
    assert violations_here(page) == []
    page.wait_for_selector("text=It is done", timeout=300_000)
    for path in (running_at, f"{running_at}/sheet", f"{address(desk, AT)}/jobs", f"{address(desk, AT)}/send"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        assert violations_here(page) == [], path
    page.goto(f"{running_at}/sheet")
    assert page.locator("tbody tr").count() > 10 and "water on arrival" in page.inner_text("main")
    page.goto(address(desk, f"{AT}/jobs"))
    page.locator("table input[type=checkbox]").first.check()
    page.click("button:text('Compare those ticked')")
    assert "persons who crossed by the end" in page.inner_text("main") and violations_here(page) == []
    page.goto(address(desk, f"{AT}/story?as_of=2030-05-08"))
    page.wait_for_selector("html.ready")
    assert "2 runs of" in page.inner_text("footer") and page.is_visible("text=Back to the desk")
    assert page.complaints == []
    page.context.close()


def violations_here(page: Page) -> list[tuple[str, str]]:
    """What axe-core finds on the page that is open, with all details open."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.evaluate(AXE)
    told = page.evaluate(f"axe.run({{runOnly: {{type: 'tag', values: {TAGS}}}, resultTypes: ['violations']}})")
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in told["violations"]]


def test_the_story_is_of_the_moment_that_is_looked_from(browser: Browser, desk: Running) -> None:
    """One control for every view: the tab keeps the day and the hour; what was published later is in none of them."""
    page = come_in(browser, desk, WIDE)
    page.goto(address(desk, f"{AT}/"))
    page.fill("#as_of", "2030-05-06")
    page.fill("#at", "12:00")
    page.click(".asof button")
    noon = page.inner_text("main .soft >> nth=0")
    page.goto(address(desk, f"{AT}/?as_of=2030-05-06"))
    assert "6 May 2030, 12:00" in noon
    assert noon != page.inner_text("main .soft >> nth=0"), "some reports came in that afternoon"
    page.goto(address(desk, f"{AT}/?as_of=2030-05-06&at=12:00"))
    page.click("nav >> text=Story")
    page.wait_for_selector("html.ready")
    n_known = int(noon.split(": ")[1].split(" ")[0])
    assert f"{n_known} reports published by" in page.inner_text("footer")
    page.click("text=Back to the desk")
    assert page.input_value("#at") == "12:00" and page.complaints == []
    page.context.close()


def test_under_its_own_policy_nothing_is_blocked_and_no_text_runs(browser: Browser, desk: Running) -> None:
    page = come_in(browser, desk, WIDE)
    for path in PAGES[:-2]:
        page.goto(address(desk, path))
    assert page.complaints == []
    assert page.is_visible("h1")
    page.context.close()


def test_a_report_by_keyboard_alone_with_a_preview_on_the_way(browser: Browser, desk: Running) -> None:
    """No mouse: kind, fields and saving by Tab, arrows and typing; the preview appears by itself."""
    page = come_in(browser, desk, WIDE)
    page.goto(f"http://{desk.host}{AT}/inbox")
    page.focus("#kind-figure")
    page.keyboard.press("ArrowDown")
    assert page.is_checked("#kind-act") and page.is_visible("#f-action") and not page.is_visible("#f-best")
    typed = {"reporter": "Lakes radio (invented)", "source_title": "noon news", "published": "2030-05-08T13:00",
             "time": "2030-05-08",
             "place": "pass_gate", "actor": "Lakes guard", "words": "guards at the gate"}  # fmt: skip
    page.keyboard.press("Tab")
    for _ in range(60):
        name = page.evaluate("document.activeElement.name || ''")
        if name in typed:
            page.keyboard.type(typed[name])
        if name == "action":
            page.keyboard.type("force")
        if page.evaluate("document.activeElement.value") == "save":
            break
        page.keyboard.press("Tab")
    page.wait_for_selector("#preview td:has-text('guards at the gate')")
    page.focus("button[value=save]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".saved")
    assert "guards at the gate" in page.inner_text(".beside") and page.complaints == []
    page.context.close()


def test_without_script_a_report_is_previewed_corrected_and_saved(browser: Browser, desk: Running) -> None:
    page = come_in(browser, desk, NARROW, "Eva", java_script_enabled=False)
    page.goto(f"http://{desk.host}{AT}/inbox")
    page.check("#kind-figure")
    for name, value in {"reporter": "Relief society (invented)", "source_title": "sheet",
                        "published": "2030-05-08T13:00", "time": "2030-05-08",
                        "place": "lowtown", "quantity": "cum_arrivals_persons", "best": "many"}.items():  # fmt: skip
        page.fill(f"#f-{name}", value)
    page.click("button:text('Look what it changes')")
    assert "Figure is" in page.inner_text("#preview .fault")
    page.fill("#f-best", "1200")
    page.click("button:text('Look what it changes')")
    assert "Counts" in page.inner_text("#preview")
    page.click("button[value=save]")
    assert "Saved as" in page.inner_text(".saved")
    page.context.close()


def test_a_second_name_checks(browser: Browser, desk: Running) -> None:
    page = come_in(browser, desk, WIDE, "Gus")
    page.goto(f"http://{desk.host}{AT}/inbox/check")
    page.check("input[value=R1]")
    page.click("button:text('I have checked these')")
    page.goto(f"http://{desk.host}{AT}/report/R1")
    assert "checked by Gus" in page.inner_text("main")
    page.context.close()


def test_proposals_are_decided_by_keyboard_alone(browser: Browser, desk: Running) -> None:
    """Each key decides the proposal that is marked, and no other; go back, leave undecided, correct, save."""
    page = come_in(browser, desk, WIDE, "Ida")
    page.goto(address(desk, "{draft}"))
    for key in ("a", "a", "j", "r", "u", "k"):  # the first key marks one; each decides the marked one and stays
        page.keyboard.press(key)
    assert [page.is_checked(f"input[name=do-{n}][value='{word}']") for n, word in ((0, "accept"), (1, ""), (2, ""))]
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.name") == "reporter-0"
    page.keyboard.press("End")
    page.keyboard.type(" at noon")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.wait_for_selector("text=2 of 3 proposals wait")
    page.goto(f"http://{desk.host}{AT}/report/N0")
    assert "Lakes radio (invented) at noon" in page.inner_text("main") and page.complaints == []
    page.context.close()


def test_typed_text_is_not_left_without_a_question_and_names_come_when_a_field_asks(
    browser: Browser, desk: Running
) -> None:
    page = come_in(browser, desk, WIDE, "Jon")
    page.goto(address(desk, f"{AT}/inbox"))
    page.click("nav >> text=Reports")  # nothing typed: nothing asked
    page.go_back()
    page.click("summary:text('Quotation')")
    page.focus("#f-disputes")
    page.wait_for_selector("#l-claims option[value='A01']", state="attached")
    page.click("#f-words")
    page.keyboard.type("half a sentence")
    page.click("nav >> text=Reports")
    page.wait_for_selector("h1:text('Reports')")
    assert page.complaints == ["dialog beforeunload"]
    page.context.close()


def test_the_preview_is_silent_until_something_is_typed_and_wrong(browser: Browser, desk: Running) -> None:
    page = come_in(browser, desk, WIDE, "Kim")
    page.goto(address(desk, f"{AT}/inbox"))
    with page.expect_response(lambda reply: reply.request.method == "POST"):
        page.check("#kind-act")
    assert page.locator("#preview .fault").count() == 0 and "appears here" in page.inner_text("#preview")
    with page.expect_response(lambda reply: reply.request.method == "POST"):
        page.fill("#f-reporter", "Lakes radio (invented)")
        page.press("#f-reporter", "Tab")
    page.wait_for_selector("#preview :text('Still needed: Where you read it')")
    assert page.locator("#preview .fault").count() == 0 and page.complaints == []
    page.context.close()


def test_a_refused_form_asks_before_it_is_left_and_is_there_on_the_way_back(browser: Browser, desk: Running) -> None:
    page = come_in(browser, desk, WIDE, "Lea")
    page.goto(address(desk, f"{AT}/inbox"))
    page.fill("#f-reporter", "Lakes radio (invented)")
    page.fill("#f-source_title", "noon news")
    page.fill("#f-best", "1,5")
    page.click("button[value=save]")
    page.wait_for_selector("#preview .fault")
    page.click("nav >> text=Reports")
    page.wait_for_selector("h1:text('Reports')")
    assert "dialog beforeunload" in page.complaints
    page.go_back()
    assert page.input_value("#f-best") == "1,5" and page.is_visible("#preview .fault")
    page.context.close()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_preview_stays_in_view_and_is_renewed_while_one_types(browser: Browser, desk: Running, size: tuple) -> None:
    page = come_in(browser, desk, size, "Mia")
    page.goto(address(desk, f"{AT}/inbox"))
    for name, value in {
        "reporter": "Relief society (invented)",
        "source_title": "sheet",
        "quantity": "arrivals",
    }.items():
        page.fill(f"#f-{name}", value)
    page.focus("#f-best")
    page.keyboard.type("12.500")
    page.wait_for_selector("#preview :text('The figure is 12.500')")  # the field was not left
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.type("12500")
    page.wait_for_selector("#preview :not(:has-text('The figure is 12.500'))")
    page.locator("button[value=save]").scroll_into_view_if_needed()
    box = page.locator("#preview").bounding_box()
    assert box["y"] >= 0 and box["y"] + min(box["height"], 60) <= size[1] + 1
    assert page.locator("#preview .fault").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0] and page.complaints == []
    page.context.close()
