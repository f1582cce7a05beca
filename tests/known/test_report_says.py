"""What the report says: every claim with its speaker, fitted rows never as validation, nothing left out or let in."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from synthetic import PROVENANCE, START, claim, make_ensemble, make_scenario, make_scores

from safeconduct.findings.simulation import chapters, in_short, mapping, record, write_findings
from safeconduct.findings.simulation.report import opening, report_html
from safeconduct.findings.simulation.summaries import EnsembleSummary
from safeconduct.inference import ScoreRow, Scores
from safeconduct.ledger import Claim, Ledger, PlaceName
from safeconduct.terms import read_summary

SCENARIO = make_scenario()
ENSEMBLE = make_ensemble(SCENARIO)
SCORES = make_scores(SCENARIO)
READING = EnsembleSummary(SCENARIO, ENSEMBLE)
VOID = {"meta", "input", "br", "path", "circle", "link"}


class Words(HTMLParser):
    """A page's visible words by section, its open elements checked on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.section, self.text, self.ids = "", {"": ""}, []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"]] if found.get("id") else []
        if tag == "section":
            self.section = found.get("id") or ""
            self.text[self.section] = ""
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.text[self.section] += f" {data.strip()}"


def read(page: str) -> Words:
    words = Words()
    words.feed(page)
    words.text = {name: re.sub(r"\s+", " ", text) for name, text in words.text.items()}
    return words


@cache
def whole_page() -> str:
    """The report, made by the first test that looks at it."""
    return report_html(READING, SCORES, PROVENANCE)


@cache
def all_words() -> Words:
    """Its words."""
    return read(whole_page())


def test_every_element_is_closed_and_every_id_is_used_once() -> None:
    assert all_words().open == []
    assert len(all_words().ids) == len(set(all_words().ids))


def test_every_chapter_is_there_in_order() -> None:
    found = re.findall(r'<section id="(\w+)"', whole_page())
    assert " ".join(found) == (
        "what arrivals map waiting departures queue shelter scores outcomes parameters events contested trace"
        " provenance"
    )


def test_nothing_is_loaded_from_elsewhere_and_the_page_stays_small() -> None:
    own = re.sub(r"<script>.*?</script>", "", whole_page(), flags=re.DOTALL)
    assert not re.findall(r'<(?:link|img|iframe)\b|\bsrc="|@import|url\((?!.?data:)', own)
    assert "default-src 'none'" in whole_page() and "sourceMappingURL=" not in whole_page()
    assert len(whole_page().encode()) < 3_500_000


def test_what_reporters_say_cannot_become_part_of_the_page() -> None:
    assert "a radio station <script>" in all_words().text["contested"]
    assert whole_page().count("<script") == 3, "the map's figures, the map library, the page's own script"


def test_fitted_rows_are_never_called_validation() -> None:
    text = all_words().text["scores"]
    for found in re.finditer(r"validation", text):
        assert text[: found.start()].endswith("no ")
    assert "figures used for fitting: how close the fit is, no validation" in text
    assert text.index("later figures, not used for fitting") < text.index("figures used for fitting: how")


def test_figures_are_fitted_only_up_to_the_time_and_only_for_the_fitted_target() -> None:
    target, shelter = SCENARIO.targets[0], SCENARIO.targets[1]
    kinds = [record.kind_of(seen, target, SCORES) for seen in target.observations]
    times = [seen.time <= START + timedelta(hours=60) for seen in target.observations]
    assert kinds == ["fitted" if early else "later" for early in times] and len(set(kinds)) == 2
    early = replace(shelter.observations[0], time=START, is_exact=True)
    assert record.kind_of(early, shelter, SCORES) == "later"
    assert record.kind_of(replace(early, is_exact=False), shelter, SCORES) == "inexact"
    told = replace(SCORES, told=frozenset({(shelter.quantity, shelter.place)}))
    hours = [(replace(early, is_exact=False, earliest=START + timedelta(hours=h))) for h in (50, 70)]
    assert [record.kind_of(seen, shelter, told) for seen in hours] == ["told", "inexact"]


def test_a_baseline_that_was_fitted_does_not_make_the_simulation_fitted() -> None:
    row = ScoreRow("cum_arrivals_persons", "ilex_bridge", "fitted", "trend", 4, 1.0, None, None, 0.1)
    assert record.fitted_targets(Scores((row,), START, 0)) == set()
    assert record.fitted_targets(Scores((replace(row, model="simulation"),), START, 4)) == {
        ("cum_arrivals_persons", "ilex_bridge")
    }


@pytest.mark.parametrize(
    ("source", "title", "text", "address"),
    [
        ("assumed (judgement)", "", "assumed (judgement)", ""),
        ("https://www.example.org/a_(b)/c", "", "example.org", "https://www.example.org/a_(b)/c"),
        ("Agency: 70 t, https://example.org/x, 2031", "", "Agency: 70 t, 2031", "https://example.org/x"),
        ("https://example.org", "Bulletin 7", "Bulletin 7", "https://example.org"),
        ("address not kept", "Bulletin 7", "Bulletin 7 · address not kept", ""),
        ("javascript:alert(1)", "", "javascript:alert(1)", ""),
    ],
)
def test_sources_become_links_only_where_they_hold_a_web_address(
    source: str, title: str, text: str, address: str
) -> None:
    assert record.as_link(source, title) == record.Link(text, address)


def test_a_source_that_names_a_claim_is_told_as_its_reporter() -> None:
    row = next(row for row in record.parameter_rows(READING) if row.parameter.name == "persons_present")
    assert row.source == record.Link("the valley's relief office (C1)", "#claim-C1")


def test_recorded_figures_stand_with_the_bands_of_their_hour_and_their_reporter() -> None:
    rows = list(record.recorded_rows(READING, SCENARIO.targets[0], SCORES))
    assert len(rows) == len(SCENARIO.targets[0].observations)
    middle = np.median(ENSEMBLE.series["cum_arrivals_persons", "ilex_bridge"][:, 24])
    assert rows[0].band[2] == pytest.approx(middle)
    assert [c.reporter for c in rows[0].claims] == ["the valley's relief office"]


def test_shelter_is_compared_at_the_hour_with_most_regions_and_only_where_all_of_a_region_is_recorded() -> None:
    """Far province has two towns and a record for one: no figure. Near and Middle have one town each."""
    regions = READING.regions(chapters.Role.SHELTER, "n_sheltered_persons")
    seen, hour = chapters.recorded_shelter(READING, regions)
    assert seen == {"Near province": 5200.0, "Middle province": 4100.0}
    assert hour == 120.0


def test_the_longest_queue_of_a_road_is_each_runs_own_and_not_that_of_the_median_hour() -> None:
    (road,) = {subject for quantity, subject in ENSEMBLE.series if quantity == "queue_km"}
    late = np.zeros_like(ENSEMBLE.series["queue_km", road])
    late[np.arange(len(late)), np.arange(len(late)) % late.shape[1]] = 2.5  # every run queues, each at another hour
    standing = {("queue_km", road): late, ("n_queue_vehicles", road): late * 100}
    reading = EnsembleSummary(SCENARIO, replace(ENSEMBLE, series={**ENSEMBLE.series, **standing}))
    longest = chapters.longest_of_runs(reading, "queue_km", road)
    assert longest.tolist() == [2.5] * 5 and not np.median(late, axis=0).any()


def test_waiting_times_are_shown_only_for_hours_that_half_of_the_runs_saw() -> None:
    rare = ENSEMBLE.series["wait_hours", "ilex_bridge"].copy()
    rare[:25] = np.nan  # 15 of 40 runs are left
    thin = replace(ENSEMBLE, series={**ENSEMBLE.series, ("wait_hours", "ilex_bridge"): rare})
    (_, shown), (_, hidden) = (
        chapters.waiting_to_cross(READING)[0],
        chapters.waiting_to_cross(EnsembleSummary(SCENARIO, thin))[0],
    )
    assert 'class="mid"' in shown.wide and 'class="mid"' not in hidden.wide


def test_a_region_carries_both_names_of_the_place_it_is_called_after() -> None:
    """Of a place of the case, else of one that the ledger names; its own name alone where nobody has a second."""
    terms = SCENARIO.ledger.terms
    named = replace(terms, places={**terms.places, "moor": PlaceName("moor", ("Heide", "Moor", "Other spelling"))})
    reading = EnsembleSummary(replace(SCENARIO, ledger=replace(SCENARIO.ledger, terms=named)), ENSEMBLE)
    assert reading.region_names("Moor") == "Moor / Heide"
    assert reading.region_names("Other spelling") == "Other spelling"
    twice = next(place for place in SCENARIO.places if place.both_names != place.name)
    assert reading.region_names(twice.name) == twice.both_names


def test_errors_of_daily_figures_are_told_in_persons_a_day_and_of_counts_as_shares() -> None:
    daily = ScoreRow("new_arrivals_persons", "ilex_bridge", "later", "trend", 4, 1.0, None, None, 9.9, "", 1_234.0)
    scores = read(report_html(READING, replace(SCORES, rows=(*SCORES.rows, daily)), PROVENANCE)).text["scores"]
    assert "RMSE, persons a day" in scores and "1,234" in scores and "990" not in scores
    assert "RMSE, % of the final count" in scores


def told_wait(name: str, hour: float, hours: float, **other: object) -> Claim:
    """A wait at the crossing, as one traveller told it."""
    return replace(claim(99, hour, hours, "Traveller"), id=name, quantity="wait_hours", unit="hours", **other)


def test_told_waits_stand_beside_the_simulated_figure_with_who_says_so(tmp_path: Path) -> None:
    """Least to most told of those that are first hand and within the case's days; the runs of that day beside each."""
    told = (
        told_wait("W1", 30, 20.0, words="the drive took 20 hours"),
        told_wait("W2", 40, 48.0, words="two days", reporter="Newspaper"),
        told_wait("W3", 41, 99.0, retells=("W2",)),
        told_wait("W4", 9_000, 77.0),
    )
    ledger = SCENARIO.ledger
    with_told = EnsembleSummary(replace(SCENARIO, ledger=replace(ledger, claims=(*ledger.claims, *told))), ENSEMBLE)
    words = read(report_html(with_told, SCORES, PROVENANCE)).text
    assert "Reported: 20 to 48 hours from leaving to crossing, in 2 reports" in words["what"]
    assert "20 hours" in words["waiting"] and "two days" in words["waiting"] and "Newspaper W2" in words["waiting"]
    assert "W3" not in words["waiting"] and "W4" not in words["waiting"]
    hours = ENSEMBLE.hours
    runs = ENSEMBLE.series["wait_hours", "ilex_bridge"][:, (hours > 6) & (hours <= 30)]
    middle = np.median(np.nanmean(runs[np.isfinite(runs).any(axis=1)], axis=1))
    assert f"{middle:.1f} (" in words["waiting"]
    assert "Reported:" not in all_words().text["what"]
    write_findings(tmp_path / "out", with_told.scenario, ENSEMBLE, SCORES, PROVENANCE, report=False)
    (wait,) = (line for line in in_short(read_summary(tmp_path / "out")) if line.startswith("mean hours"))
    assert wait.endswith("; reported: 20 to 48 hours from leaving to crossing, in 2 reports")


def test_of_many_crossings_the_waits_are_means_of_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chart for each of a few; of more, small ones, by day: hours 0, 2 and none make a mean of 1, 10 its own."""
    assert chapters.waits_by_crossing(READING) == []
    monkeypatch.setattr(chapters, "MOST_WAITS", 0)
    assert chapters.waiting_to_cross(READING) == []
    assert [panel.title for panel in chapters.waits_by_crossing(READING)] == ["Ilex bridge"]
    runs = np.full((1, 26), np.nan)
    runs[0, [3, 7, 25]] = 0.0, 2.0, 10.0
    assert chapters.day_means(runs)[0].tolist() == [1.0] * 24 + [10.0] * 2
    assert np.isnan(chapters.day_means(np.full((2, 24), np.nan))).all()


def test_the_maps_steps_add_up_to_the_bands() -> None:
    bands = READING.bands["n_persons", "ashmere"]
    steps = mapping.packed(bands)
    assert steps is not None
    np.testing.assert_array_equal(np.cumsum(steps, axis=1), np.round(bands[[0, 2, 4]]))
    assert mapping.packed(np.zeros((5, 9))) is None


def test_the_maps_figures_are_json_that_no_script_end_can_break() -> None:
    text = re.search(r'<script type="application/json" id="map-data">(.*?)</script>', whole_page(), re.DOTALL)
    assert text is not None
    data = json.loads(text[1])
    assert {place["name"] for place in data["places"]} == {place.name for place in SCENARIO.places}
    assert data["places"][0]["key"] == "ilex_bridge", "the crossing gets its name first"
    for polygon in data["land"]:
        assert all(ring[0] == ring[-1] for ring in polygon)


def test_names_on_the_still_map_do_not_cover_each_other() -> None:
    boxes = []
    for label in re.findall(
        r'<text class="label">(.*?)</text>', mapping.still_map(READING, mapping.surroundings(READING))
    ):
        spans = re.findall(r'<tspan x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)', label)
        x, y = float(spans[0][0]), float(spans[0][1]) - 10
        boxes.append((x, y, x + 6.2 * max(len(s[2]) for s in spans), y + 13 * len(spans)))
    assert len(boxes) >= 10
    for i, a in enumerate(boxes):
        assert not any(mapping.overlap(a, b) for b in boxes[i + 1 :])


def test_every_parameter_event_failure_and_licence_is_told() -> None:
    for name in SCENARIO.parameters:
        assert name in all_words().text["parameters"]
    for event in SCENARIO.events:
        assert event.reporter in all_words().text["events"] and event.note in all_words().text["events"]
    assert (
        "1 of 41 runs did not finish" in all_words().text["provenance"]
        and "lost its worker" in all_words().text["provenance"]
    )
    assert PROVENANCE["command"] in all_words().text["provenance"] and "abc123" in all_words().text["provenance"]
    assert (
        "MapLibre contributors" in all_words().text["provenance"]
        and "Michael Bostock" in all_words().text["provenance"]
    )
    assert "2 of 3 parameters are assumed" in all_words().text["parameters"]


def test_what_a_user_changed_is_told_first() -> None:
    assert "Changed for these runs" not in whole_page()
    provenance = {**PROVENANCE, "parameters_set": {"trust": 0.9}, "events_moved": {"E2": "2031-05-05T08:00+05:30"}}
    text = read(report_html(READING, SCORES, provenance)).text["what"]
    assert "Changed for these runs: parameter trust = 0.9; event E2 moved to 2031-05-05T08:00+05:30." in text


@pytest.mark.parametrize("kept", [(), ("cum_arrivals_persons",), ("n_persons", "n_queue_vehicles")])
def test_what_was_not_recorded_is_told_and_the_rest_stands(kept: tuple[str, ...]) -> None:
    series = {key: values for key, values in ENSEMBLE.series.items() if key[0] in kept}
    page = report_html(EnsembleSummary(SCENARIO, replace(ENSEMBLE, series=series)), Scores((), None, 0), {})
    text = read(page).text
    for quantity, section in (
        ("cum_arrivals_persons", "arrivals"),
        ("cum_departures_persons", "departures"),
        ("n_sheltered_persons", "shelter"),
    ):
        assert ("Not recorded in this run" in text[section]) == (quantity not in kept), section


def test_a_case_without_a_record_or_a_region_is_reported_too() -> None:
    bare = replace(
        SCENARIO,
        targets=(),
        events=(),
        ledger=Ledger((), "r"),
        places=tuple(replace(p, region="") for p in SCENARIO.places),
    )
    text = read(report_html(EnsembleSummary(bare, ENSEMBLE), Scores((), None, 0), {})).text
    assert "names no recorded series" in text["scores"]
    assert "no two on what this case counts exclude each other" in text["contested"]


def test_the_first_sentences_open_the_report() -> None:
    long = "On 3.5 km of road people left, one after the other, over seven days and six nights, without much of a stop."
    assert opening(f"{long} Others stayed. Why?") == (long, "Others stayed. Why?")
    assert opening("Short. Also short.") == ("Short. Also short.", "")
    assert opening("") == ("", "")
