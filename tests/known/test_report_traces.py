"""From a figure of the report to who said it and back, by links; what is contested; what a fit leaves open."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from math import nan
from pathlib import Path

import pytest
from click.testing import CliRunner
from synthetic import CLAIM, PROVENANCE, TERMS, claim, make_ensemble, make_scenario, make_scores

from safeconduct.api import RunRequest, identifiability_of
from safeconduct.app import main
from safeconduct.findings.charts import bowl, span_ticks
from safeconduct.findings.simulation import identifiability as left_open
from safeconduct.findings.simulation import sources
from safeconduct.findings.simulation.report import report_html
from safeconduct.findings.simulation.summaries import EnsembleSummary
from safeconduct.inference import (
    ExpectedInformation,
    Identifiability,
    Pair,
    Profile,
    Range,
    read_sample,
    write_identifiability,
)
from safeconduct.ledger import Ledger, Reporter
from safeconduct.scenario import find_case
from safeconduct.terms import UsageError

SCENARIO = make_scenario()
READING = EnsembleSummary(SCENARIO, make_ensemble(SCENARIO))
SCORES = make_scores(SCENARIO)
LEFT_OPEN = Identifiability(
    ranges=(
        Range("persons_present", "persons", True, 41_000.0, 42_000.0, 43_000.0, 38_000.0, 47_000.0),
        Range("ready_median_hours", "hours", True, 12.0, 20.0, 46.0, 13.0, 47.0),
        Range("mean trip", "hours", False, 3.0, 14.0, 30.0, 2.0, 32.0),
        Range("mean wait at Ilex bridge, 2031-05-05T12:00+05:30", "hours", False, nan, nan, nan, nan, nan),
    ),
    profiles=(Profile("persons_present", "persons", (41e3, 42e3, 43e3), (3.0, 0.0, 2.5), (9.0, 8.0, 9.0)),),
    pairs=(Pair("persons_present", "ready_median_hours", -0.8, (4e5, 5e5), (1.0, 2.0)),),
    prospects=(
        ExpectedInformation("mean wait at Ilex bridge, 2031-05-05T12:00+05:30", "hours", 2.0, "mean trip", 0.6),
        ExpectedInformation("mean wait at Ilex bridge, 2031-05-05T12:00+05:30", "hours", 2.0, "persons_present", 0.001),
    ),
    drop=3.84,
    n_near=120,
    n_draws=800,
    note="Ranges are over the 120 of 800 simulated draws. A caution.",
)


@cache
def whole_page() -> str:
    """The report, made by the first test that looks at it."""
    return report_html(READING, SCORES, PROVENANCE, LEFT_OPEN)


class Links(HTMLParser):
    """Where each element with an id starts, and where each link leads, in the order of the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.add(str(found["id"]))
        if tag == "a":
            self.links.append(str(found["href"]))


def row(anchor: str) -> str:
    """The row, or the details, that an anchor stands on."""
    found = re.search(rf'<(tr|details|tbody)[^>]* id="{re.escape(anchor)}">.*?</\1>', whole_page(), re.DOTALL)
    assert found, anchor
    return found[0]


def inside(anchor: str) -> list[str]:
    """The links on the row of an anchor."""
    return Links(row(anchor)).links


def test_every_link_within_the_page_leads_to_something() -> None:
    found = Links(whole_page())
    within = {link[1:] for link in found.links if link.startswith("#")}
    assert len(within) > 20
    assert sorted(within - found.ids) == []


def test_links_lead_from_a_figure_to_who_said_it_and_back() -> None:
    """Persons who crossed -> recorded series -> recorded figure -> claim -> address and reporter -> and up again."""
    assert 'href="#figure-persons_arrived"' in whole_page()
    series = "series-cum_arrivals_persons-ilex_bridge"
    assert f"#{series}" in inside("figure-persons_arrived")
    assert "#claim-C1" in inside("seen-cum_arrivals_persons-ilex_bridge-2")
    claim_row = row("claim-C1")
    assert CLAIM.replace("'", "&#39;") in claim_row and "government of the valley" in claim_row
    assert {"https://example.org/1", "#seen-cum_arrivals_persons-ilex_bridge-2"} <= set(Links(claim_row).links)
    assert "#figure-persons_arrived" in inside(series)
    assert "#claim-C1" in inside("parameter-persons_present") and "#parameter-persons_present" in inside("claim-C1")


def test_contested_are_what_the_ledger_finds_the_cases_own_quantities_first() -> None:
    """Two counts for one moment; two censuses of what the case does not count; a claim that repeats another is none."""
    here = [claim(1, 30, 1000, "A"), claim(2, 30, 1200, "B"), replace(claim(3, 30, 1200, "C"), retells=("C2",))]
    other = [replace(claim(n, 30, n * 100, "D"), quantity="n_cows", precision="day") for n in (4, 5)]
    case = replace(SCENARIO, ledger=Ledger((*other, *here), "r", TERMS))
    rows = list(sources.contested_rows(EnsembleSummary(case, READING.ensemble)))
    assert [(one.claims, one.is_own) for one in rows] == [(("C1", "C2"), True), (("C4", "C5"), False)]
    text = report_html(EnsembleSummary(case, READING.ensemble), SCORES, PROVENANCE)
    contested = text[text.index('<section id="contested">') : text.index('<section id="trace">')]
    assert all(figure in contested for figure in ("1,000 persons", "1,200 persons"))
    assert contested.index("1,200 persons") < contested.index("Other disagreements") < contested.index("500 persons")


def test_the_balance_counts_every_claim_once_by_side_and_by_voice() -> None:
    """A side that makes fewer than ten claims is summed up with others like it, and listed by voice."""
    names = [f"outlet {n}" for n in range(4)]
    terms = replace(TERMS, reporters={**TERMS.reporters, **{n: Reporter(n, n, n, False, "press") for n in names}})
    more = [claim(200 + i, 30, 5.0, name) for i, name in enumerate(names)]
    ledger = Ledger((*SCENARIO.ledger.claims, *more), "r", terms)
    evidence = {f"C{n}" for n in range(8)}
    sides = list(sources.folded(sources.balance(ledger, evidence, ledger.side)))
    voices = sources.balance(ledger, evidence, ledger.voice)
    for rows in (sides, voices):
        assert sum(r.n_claims for r in rows) == len(ledger.claims)
        assert sum(r.n_evidence for r in rows) == len(evidence)
    assert [r.name for r in sides] == ["the valley", "5 others, fewer than 10 claims each"]
    assert {r.name for r in voices} >= set(names)


def test_the_chapter_on_what_is_open_stands_only_behind_a_fit() -> None:
    assert 'id="open"' in whole_page() and 'href="#open"' in whole_page() and "A caution." in whole_page()
    assert "#open" not in report_html(READING, SCORES, PROVENANCE)


def test_ranges_profiles_pairs_and_reports_are_told() -> None:
    found = left_open.chapter(LEFT_OPEN)
    told = {one.found.name: one.told for one in (*found.parameters, *found.others)}
    assert told == {"persons_present": "narrowed", "ready_median_hours": "still open", "mean trip": "still open"}
    assert found.pairs[0].held == "persons_present × ready_median_hours: 400,000–500,000"
    assert [(one.wanted, len(one.reports)) for one in found.reports] == [("mean trip", 1)]
    text = whole_page()[whole_page().index('<section id="open">') : whole_page().index('<section id="outcomes">')]
    assert "Mean wait at Ilex bridge, 5 May 2031, 12:00 (UTC+05:30)" in text and "60 %" in text


def test_too_few_draws_are_told_and_nothing_is_called_narrowed() -> None:
    thin = replace(LEFT_OPEN, n_near=3)
    page = report_html(READING, SCORES, PROVENANCE, thin)
    assert "only 3 of 800 draws" in page and "<td>narrowed</td>" not in page
    assert "<td>narrowed</td>" in whole_page()


def test_a_profile_is_drawn_to_scale() -> None:
    """The value at the limit lies on the upper edge of the shaded strip; the best lies on the axis."""
    drawing = bowl((0.0, 5.0, 10.0), (3.84, 0.0, 99.0), 3.84, width=284.0, label="x")
    heights = [float(y) for y in re.findall(r'cy="([\d.]+)"', drawing)]
    strip = re.search(r'class="near" d="M[\d.]+ ([\d.]+)H[\d.]+V([\d.]+)', drawing)
    assert strip and heights[:2] == [float(strip[1]), float(strip[2])]
    assert heights[2] == 8.0, "far worse values stay within the frame"


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(3800, 4500, [3800, 4000, 4200, 4400]), (-1, 1, [-1, -0.5, 0, 0.5, 1])]
)
def test_ticks_within_a_span_are_round(low: float, high: float, expected: list[float]) -> None:
    assert span_ticks(low, high) == pytest.approx(expected)


def test_the_study_reads_what_the_fit_left_beside_its_sample_and_refuses_that_of_another_fit(tmp_path: Path) -> None:
    shutil.copytree(find_case("demo-valley"), tmp_path / "case")
    sample_file = tmp_path / "case" / "sample.csv"
    head = "# fitted until: 2030-05-08T06:00+02:00\n# fitted on: cum_arrivals_persons at pass_gate\n# fitted rows: 5\n"
    sample_file.write_text(head + "persons_present,ready_median_hours\n4000,10\n", encoding="utf-8")
    asked = RunRequest(str(tmp_path / "case"))
    sample = read_sample(sample_file)
    assert identifiability_of(asked, sample) is None
    write_identifiability(tmp_path / "case" / "left_open.json", LEFT_OPEN)
    found = identifiability_of(asked, sample)
    assert found is not None and found.n_near == LEFT_OPEN.n_near
    assert identifiability_of(asked, None) is None
    with pytest.raises(UsageError, match="another fit"):
        identifiability_of(asked, replace(sample, names=("persons_present", "car_share")))


def test_a_run_is_traced_in_the_terminal_as_in_its_report(tmp_path: Path) -> None:
    """The output folder of a real run: from the p50 down to a bulletin, and from the bulletin up."""
    out = tmp_path / "out"
    call = CliRunner()
    done = call.invoke(main, ["run", "demo-valley", "--runs", "2", "--workers", "1", "--out", str(out)])
    assert done.exit_code == 0, done.output
    down = call.invoke(main, ["ledger", "trace", "persons_arrived.p50", "--out", str(out)]).output
    middle = json.loads((out / "summary.json").read_text())["persons_arrived"]["p50"]
    words = (f"p50 {middle:,.6g}", "n_runs: 2", "persons_present: value 4000", "claim D001", "invented bulletin 1")
    assert [word for word in words if word not in down] == []
    up = call.invoke(main, ["ledger", "trace", "D001", "--out", str(out)]).output
    assert "used in:" in up and "bears on: persons_arrived" in up
    page = (out / "report.html").read_text(encoding="utf-8")
    found = Links(page)
    assert "claim-D001" in found.ids and "#claim-D001" in found.links
    assert sorted({link[1:] for link in found.links if link.startswith("#")} - found.ids) == []
