"""Forty payloads in every free text of a case: no page that is made from it runs one, in a real browser."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from visiting import WIDE

sys.path.append(str(Path(__file__).parents[1] / "attack"))
sys.path.append(str(Path(__file__).parents[1] / "desk"))
from at_the_desk import Visitor, running
from few_accounts import FEW
from flee_folder import LOCATIONS, ROUTES, write_folder
from payloads import PAYLOADS, hostile_case, spoil_codings

from safeconduct import api
from safeconduct.accounts.codings.coding import read_codings
from safeconduct.accounts.game.compare import compare_accounts
from safeconduct.accounts.game.solved_prior import Cache
from safeconduct.findings.accounts import GameView, write_game
from safeconduct.findings.comparators import shipped_comparators, study_comparators, write_comparators
from safeconduct.findings.monitor import signs_of, view_case, write_signs

pytestmark = pytest.mark.browser

WATCH = """
window.hits = [];
for (const name of ["alert", "confirm", "prompt"]) window[name] = what => { window.hits.push(String(what)); };
const told = one => window.hits.push(one.violatedDirective + " " + one.blockedURI);
window.addEventListener("securitypolicyviolation", told);
"""
GROWN = """() => [
  ...document.querySelectorAll("object, embed, base, math, meta[http-equiv=refresh]"),
  ...document.querySelectorAll("link[href^=http], form[action^=http]"),
  ...[...document.querySelectorAll("*")].filter(one => [...one.attributes].some(a => a.name.startsWith("on"))),
  ...[...document.querySelectorAll("[href], [src]")].filter(one => {
    const to = (one.getAttribute("href") || one.getAttribute("src") || "").replace(/[\\s\\u200b]/g, "").toLowerCase();
    return /^(javascript|vbscript|data:text)/.test(to) && !(one.download && to.startsWith("data:text/csv;base64,"));
  }),
].map(one => one.outerHTML.slice(0, 200))"""


def what_ran(browser: object, address: str, cookie: str = "") -> tuple[list[str], int]:
    """What a page ran, asked for or grew that is not ours, with all its parts opened and each link pointed at; and how
    many different payloads can be read on it. `cookie`: of somebody at the desk."""
    context = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}, offline=not cookie)  # type: ignore[attr-defined]  # a fixture
    context.add_init_script(WATCH)
    page, found = context.new_page(), []
    own: tuple[str, ...] = ("file:", "blob:", "data:")
    if cookie:
        host = "/".join(address.split("/")[:3])
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": host}])
        own = (*own, host)
    page.on("dialog", lambda dialog: (found.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda one: None if one.url.startswith(own) else found.append(one.url))
    page.on("pageerror", lambda error: found.append(str(error)))
    page.goto(address)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.evaluate(
        "for (const one of document.querySelectorAll('a, input, button, [tabindex]')) {"
        " one.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})); if (one.focus) one.focus(); }"
    )
    page.wait_for_timeout(200)
    found += page.evaluate("window.hits") + page.evaluate(GROWN)
    assert page.url.partition("#")[0] == address
    text = page.evaluate("document.documentElement.textContent + document.documentElement.innerHTML")
    n_seen = sum(f"alert({number})" in text for number in range(1, len(PAYLOADS) + 1))
    context.close()
    return found, n_seen


def policy_of(page: Path) -> str:
    """The policy that a page carries."""
    text = page.read_text("utf-8")
    return text.split('http-equiv="Content-Security-Policy" content="', 1)[1].split('"', 1)[0]


def assert_inert(browser: object, folder: Path, least_seen: int) -> None:
    """Each page of a folder runs nothing of a case and lets only scripts run whose hashes it names."""
    pages, seen = sorted(folder.glob("*.html")), Counter[str]()
    assert pages
    for page in pages:
        policy = policy_of(page)
        assert "default-src 'none'" in policy and "unsafe" not in policy, page.name
        found, seen[page.name] = what_ran(browser, page.as_uri())
        assert found == [], page.name
    assert max(seen.values()) >= least_seen, seen  # the payloads did get there


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_case(tmp_path_factory.mktemp("hostile") / "case")


def test_pages_of_the_record_run_nothing(browser: object, case: Path, tmp_path: Path) -> None:
    """Monitor, one page, accounts and story."""
    api.monitor(case).write(tmp_path, onepage=True)
    api.accounts(case).write(tmp_path)
    api.story(str(case)).write(tmp_path)
    assert_inert(browser, tmp_path, 25)


AT = "/case/hostile"
DESK = ("/", f"{AT}/", f"{AT}/monitor.html", f"{AT}/reports", f"{AT}/report/A01", f"{AT}/inbox", f"{AT}/inbox/check",
        f"{AT}/inbox/text", f"{AT}/log", f"{AT}/jobs", f"{AT}/send", f"{AT}/setup", f"{AT}/setup/file/agreement.csv",
        f"{AT}/setup/file/monitor.yaml")  # fmt: skip


def test_the_desk_runs_nothing(browser: object, case: Path, tmp_path: Path) -> None:
    """Each view of the desk on such a case, with one report more whose every field holds a payload."""
    shutil.copytree(case, tmp_path / "cases" / "hostile")
    with running(tmp_path / "cases") as desk:
        ana = Visitor(desk).come_in("Ana " + PAYLOADS[0][:20])
        fields = ("words", "source_title", "why", "remark", "quote", "address", "reporter", "behalf", "place")
        ana.post(f"{AT}/inbox/save", dict(zip(fields, PAYLOADS, strict=False)))
        seen = {}
        for path in DESK:
            found, seen[path] = what_ran(browser, f"http://{desk.host}{path}", ana.cookie)
            assert found == [], path
        assert max(seen.values()) >= 25, seen


@pytest.mark.slow
def test_the_page_of_comparators_runs_nothing(browser: object, tmp_path: Path) -> None:
    """Other ceasefires with a payload in every free text."""
    hostile_case(tmp_path / "others", "comparators")
    write_comparators(study_comparators(tmp_path / "others", None), tmp_path / "out")
    assert_inert(browser, tmp_path / "out", 25)


def test_the_page_of_signs_runs_nothing(browser: object, case: Path, tmp_path: Path) -> None:
    """The chance of a further step, with payloads in the codings too."""
    coded = Path(shutil.copytree(case, tmp_path / "case"))
    spoil_codings(coded / "codings")
    write_signs(signs_of(view_case(coded, None), coded, shipped_comparators(), None), tmp_path / "out")
    assert_inert(browser, tmp_path / "out", 1)


@pytest.mark.slow
def test_the_page_of_the_game_runs_nothing(browser: object, case: Path, tmp_path: Path) -> None:
    """Three accounts with few games, held against a coding that is full of payloads; the title is one too."""
    coded = Path(shutil.copytree(case, tmp_path / "case"))
    spoil_codings(coded / "codings")
    coding = read_codings(coded / "codings", ("strict",))[0]
    found = compare_accounts(coding, Cache(seed=0, n_draws=40, accounts=FEW), truths=4, recovery_games=40)
    write_game(GameView(PAYLOADS[0], found), tmp_path / "out")
    assert_inert(browser, tmp_path / "out", 1)


@pytest.mark.slow
def test_pages_of_a_folder_of_camps_run_nothing(browser: object, tmp_path: Path) -> None:
    """A folder in Flee's format whose places are named by payloads: report of runs, and forecast of camps."""
    names = {"Source": PAYLOADS[4], "Town": PAYLOADS[0], "Camp": PAYLOADS[20], "East": PAYLOADS[5], "West": PAYLOADS[6]}
    count = "Date,count\n2020-01-01,0\n2020-12-31,3650\n"

    def spoiled(text: str) -> str:
        for name, payload in names.items():
            text = text.replace(name, payload)
        return text

    conflicts = "#Day,Source\n" + "".join(f"{day},1\n" for day in range(60))
    texts = {"locations.csv": LOCATIONS, "routes.csv": ROUTES, "conflicts.csv": conflicts,
             "source_data/data_layout.csv": "total,total.csv\nCamp,counts.csv\n"}  # fmt: skip
    files = {name: spoiled(text) for name, text in texts.items()} | {"source_data/counts.csv": count}
    folder = write_folder(tmp_path / "flee", 60, files)
    api.run(folder, 2, workers=1).write(tmp_path / "run")
    api.forecast(str(folder), "40").write(tmp_path / "ahead")
    assert_inert(browser, tmp_path / "run", 3)
    assert_inert(browser, tmp_path / "ahead", 1)


@pytest.mark.slow
def test_the_page_of_phases_runs_nothing(browser: object, tmp_path: Path) -> None:
    """A ceasefire in phases: report and timeline."""
    hostile_case(tmp_path / "demo-valley")
    hostile_case(tmp_path / "demo-ceasefire", "demo-ceasefire")
    api.run(tmp_path / "demo-ceasefire", 2, workers=1).write(tmp_path / "out")
    assert (tmp_path / "out" / "timeline.html").is_file()
    assert_inert(browser, tmp_path / "out", 3)


@pytest.mark.slow
@pytest.mark.parametrize(
    "write",
    [
        lambda case, out: api.run(case, 2, workers=1).write(out),
        lambda case, out: api.whatif(api.RunRequest(case, 2, workers=1, parameters={"trust": 0.5})).write(out),
        lambda case, out: api.forecast(str(case), "2030-05-07T18:00+02:00", particles=20, workers=1).write(out),
        lambda case, out: api.backtest(str(case), ["2030-05-07T18:00+02:00"], particles=20, workers=1).write(out),
    ],
    ids=["run", "whatif", "forecast", "backtest"],
)
def test_pages_of_simulated_runs_run_nothing(
    browser: object, case: Path, tmp_path: Path, write: Callable[[Path, Path], object]
) -> None:
    """Report, what-if, planning sheet and backtest."""
    write(case, tmp_path / "out")
    assert_inert(browser, tmp_path / "out", 1)
