"""The story page's data are the ledger's: every report once, counts that add up, texts that cannot become markup."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter
from datetime import date
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from safeconduct.app import main
from safeconduct.comparators import ANSWER_TARGETS, MODEL, predict_case, read_ceasefires, read_compared
from safeconduct.findings.story import TRACKS, Story, story_html, story_of, track_of
from safeconduct.findings.story.page import safe_json, story_data
from safeconduct.findings.story.path import read_story
from safeconduct.findings.story.words import IN_SCRIPT, LANGUAGES, catalogue, script, sentences
from safeconduct.ledger import PASSES
from safeconduct.scenario import shipped_cases
from safeconduct.terms import CaseError

DEMO = shipped_cases() / "demo-valley"
DATA = re.compile(r'<script type="application/json" id="story-data">(.*?)</script>', re.DOTALL)


@pytest.fixture(scope="module")
def story() -> Story:
    """The invented case, without runs."""
    return story_of(DEMO)


@pytest.fixture(scope="module")
def page(story: Story) -> str:
    """Its page."""
    return story_html(story)


def test_every_known_report_stands_on_one_track(story: Story) -> None:
    told = story_data(story)
    known = story.view.known
    assert sorted(one["id"] for one in told["claims"]) == sorted(known)
    assert {one["tr"] for one in told["claims"]} <= {track.key for track in TRACKS}
    by_track = Counter(track_of(claim, story.view.ledger.terms) for claim in known.values())
    assert Counter(one["tr"] for one in told["claims"]) == by_track
    assert len(by_track) > 4


def test_what_is_not_yet_published_is_not_in_the_page() -> None:
    """As of 4 May the page holds neither the reports of later days nor a word of what came of a prediction."""
    early, whole = story_of(DEMO, date(2030, 5, 3)), story_of(DEMO)
    page = story_html(early)
    later = [claim for key, claim in whole.view.known.items() if key not in early.view.known]
    assert len(later) > 10
    told = json.loads(DATA.search(page)[1])
    assert {one["id"] for one in told["claims"]} == set(early.view.known)
    assert [shows for one in told["predictions"] for shows in one["shows"]] == []
    assert all(known in early.view.known for step in told["path"] for s in step["sentences"] for known in
               (told["claims"][n]["id"] for n in s["claims"]))  # fmt: skip


def test_as_of_a_day_the_page_opens_on_it_and_nothing_of_it_is_of_a_later_day() -> None:
    """The road's bars and the axis end on the day asked for; later steps of the path are left out."""
    day = date(2030, 5, 4)
    told, whole = story_data(story_of(DEMO, day)), story_data(story_of(DEMO))
    number = day.toordinal() - date(1970, 1, 1).toordinal()
    assert told["opens"] == told["covered"] == number and told["end"] == number + 1 < whole["end"]
    assert all(step["day"] <= number and step["end"] <= number + 1 and step["sentences"] for step in told["path"])
    assert 0 < len(told["path"]) < len(whole["path"])
    before = story_data(story_of(DEMO, date(2030, 1, 1)))
    assert before["path"] == [] and before["end"] == before["start"] + 1 and before["opens"] == before["start"]


def test_texts_cannot_end_the_data_or_begin_markup() -> None:
    hard = '</script><script>alert(1)</script><!-- & \u2028 "'
    said = safe_json({"says": hard})
    assert not set("<>&\u2028") & set(said)
    assert json.loads(said)["says"] == hard


def test_the_policy_names_the_hash_of_the_one_style_and_the_one_script(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    assert "unsafe" not in policy and "default-src 'none'" in policy
    for kind, pattern in (("script-src", r"<script>(.*?)</script>"), ("style-src", r"<style>(.*?)</style>")):
        found = re.findall(pattern, page, re.DOTALL)
        assert len(found) == 1
        assert f"{kind} 'sha256-{b64encode(sha256(found[0].encode()).digest()).decode()}'" in policy
    assert not re.search(
        r'\sstyle="|\son\w+="', DATA.sub("", re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL))
    )


def test_the_script_never_makes_markup_of_texts() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function", script())


def test_every_shipped_path_rests_on_reports_that_the_case_holds(story: Story) -> None:
    """read_story raises for an unknown id; each shipped path has eight to ten steps, on tracks that there are."""
    assert 8 <= len(story.file.steps) <= 10
    assert {step.track for step in story.file.steps} <= {track.key for track in TRACKS}
    assert all(len(one["claims"]) for step in story_data(story)["path"] for one in step["sentences"])


FAULTY = """
title: A
about: B
opens: tomorrow
moments: [{day: "2030-05-02", title: E, claim: B99}]
steps:
  - {title: C, day: 2030-05-02, track: rode, map: north, sentences: [{text: D, claims: [A01, A99]}]}
  - {title: C, day: "2030-05-02", known: then, sentences: [{text: D, claims: [A08]}]}
  - {title: C, day: "2030-05-02", sentences: [{text: D, claims: []}]}
"""


def test_faults_of_a_path_are_told_at_once(tmp_path: Path, story: Story) -> None:
    (tmp_path / "story.yaml").write_text(FAULTY.replace("claims: []", "claims: [A01]"), "utf-8")
    with pytest.raises(CaseError) as caught:
        read_story(tmp_path, story.view)
    told = str(caught.value)
    for part in ("tomorrow", "rode", "north", "A99", "story.yaml:7", "A08, published 2030-05-0", "B99"):
        assert part in told, part
    (tmp_path / "story.yaml").write_text(FAULTY, "utf-8")
    with pytest.raises(CaseError, match="claims"):
        read_story(tmp_path, story.view)


def test_the_command_writes_one_page_and_names_a_folder_that_holds_no_run(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["story", "demo-valley", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0 and (tmp_path / "out" / "story.html").exists()
    refused = CliRunner().invoke(main, ["story", "demo-valley", "--run", str(tmp_path), "--out", str(tmp_path / "no")])
    assert refused.exit_code == 2 and "series.parquet" in refused.output
    assert not (tmp_path / "no").exists()


def test_each_sentence_of_the_interface_is_said_in_every_language() -> None:
    """The catalogues hold every word that the script, the template and the tables use, with the same places to fill."""
    said = catalogue()
    wanted = sentences()
    assert set(IN_SCRIPT.findall(script())) <= set(wanted) and set(PASSES.values()) <= set(wanted)
    for language, _ in LANGUAGES[1:]:
        missing = [word for word in wanted if word not in said[language] and any(c.isalpha() for c in word)]
        same = {"source", "Source", "index", "clause", "Zoom", "Force"}
        assert [word for word in missing if word not in same] == [], language
        for word, other in said[language].items():
            assert sorted(re.findall(r"\{\w+\}", word)) == sorted(re.findall(r"\{\w+\}", other)), (language, word)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `run` and `whatif` leave of the invented case with phases: two runs each."""
    out = tmp_path_factory.mktemp("runs")
    act = "plain.keep_road_open@2030-12-01T08:00+01:00"
    few = ["--runs", "2", "--workers", "1"]
    for words in (["run", *few, "--no-report"], ["whatif", *few, "--do", act]):
        done = CliRunner().invoke(main, [words[0], "demo-ceasefire", *words[1:], "--out", str(out / words[0])])
        assert done.exit_code == 0, done.output
    return out


def test_and_if_shows_what_whatif_wrote(ran: Path) -> None:
    """The switch against the file: assumptions first, each measure's figures or its refusal, and the changed bands."""
    said = json.loads((ran / "whatif" / "counterfactual.json").read_text("utf-8"))
    found = story_of(DEMO, whatifs=[ran / "whatif"]).whatifs[0].as_json()
    abouts = {one.split(": ", 1)[1].rsplit(" (assumed", 1)[0] for one in said["assumed"]}
    assert abouts and all(sum(text.count(about) for text in found["assumed"]) == 1 for about in abouts)
    assert not found["refused"]
    assert "keep_road_open" not in found["title"] and found["title"] in said["assumed"][0]
    rows = {row["words"]: row for row in found["rows"]}
    n_refused = 0
    for name, measure in said["measures"].items():
        row = rows.get(measure["about"])
        if measure["about"].split(": ")[0] in found["same"]:
            assert row is None and measure["unchanged"] == measure["changed"], name
            continue
        if "result" in measure:
            n_refused += 1
            assert row["refused"] == measure["result"]
        elif "days until" in measure["about"] and any(
            measure[one]["n"] < said["n_pairs"] for one in ("unchanged", "changed")
        ):
            assert f"{measure['unchanged']['n']} of {said['n_pairs']} pairs" in row["refused"]
        elif measure["difference"]["p50"] is not None:
            assert (row["was"], row["changed"]) == (measure["unchanged"]["p50"], measure["changed"]["p50"])
            assert (row["low"], row["high"]) == (measure["difference"]["p10"], measure["difference"]["p90"])
    assert n_refused == 3, "the act decides three measures of the shut road by itself"
    table = pl.read_parquet(ran / "whatif" / "bands.parquet")
    inside = table.filter((pl.col("quantity") == "n_persons") & (pl.col("place") == "inside")).sort("time")
    band = next(one for one in found["bands"] if (one["track"], one["lane"]) == ("people", "present"))
    assert band["mid"][-1] == pytest.approx(inside["p50"][-1], abs=1) and len(band["x"]) > 100
    act = date(2030, 12, 1).toordinal() - date(1970, 1, 1).toordinal()
    lanes = {(one["track"], one["lane"]) for one in found["bands"]}
    assert {("people", "present"), ("people", "wish"), ("supplies", "food")} <= lanes and found["pairs"] == 2
    for one, was in zip(found["bands"], found["was"], strict=True):
        before = sum(x < act for x in one["x"])
        assert before > 50 and one["mid"][:before] == pytest.approx(was["mid"][:before], abs=0.5), (
            "the same draws: equal until the act"
        )
    assert any(one["mid"] != was["mid"] for one, was in zip(found["bands"], found["was"], strict=True))


def test_and_if_draws_nothing_without_the_world_as_it_was(ran: Path, tmp_path: Path) -> None:
    """A folder of an older version holds the changed world alone: it is not set beside other runs."""
    for name in ("counterfactual.json", "bands.parquet"):
        (tmp_path / name).write_bytes((ran / "whatif" / name).read_bytes())
    found = story_of(DEMO, whatifs=[tmp_path]).whatifs[0].as_json()
    assert found["rows"] and (found["was"], found["bands"]) == ([], [])


def test_and_if_sets_nothing_beside_each_other_that_some_pairs_never_reach(tmp_path: Path) -> None:
    """Worked by hand: a level reached in 3 and 2 of 4 pairs, a first phase without a difference, shares and a count."""

    def three(n: int, low: float, middle: float, high: float) -> dict[str, float]:
        return {"n": n, "p10": low, "p50": middle, "p90": high}

    def both(about: str, was: dict[str, float], changed: dict[str, float], gap: dict[str, float]) -> dict[str, object]:
        return {"about": about, "unchanged": was, "changed": changed, "difference": gap}

    measures = {
        "war.out": both("War: people out", three(4, 5, 6, 7), three(4, 5, 6, 7), three(4, 0, 0, 0)),
        "shut.short": both("Shut: days until short", three(3, 9, 81, 99), three(2, 9, 75, 99), three(2, 0, 0, 0)),
        "end.trust": both("End: trust", three(4, 0, 0.165, 0.5), three(4, 0, 0.4, 0.5), three(4, 0, 0.2, 0.3)),
        "end.out": both("End: crossed", three(4, 900, 1000, 1100), three(4, 900, 1010, 1100), three(4, 0, 10, 20)),
    }  # fmt: skip
    why = "assumed (invented)"
    assumed = [f"a.b on 2030-05-04T08:00+02:00: {about} ({why})" for about in ("more food", "no relief", "no relief")]
    told = {"title": "More food", "assumed": assumed, "n_pairs": 4, "measures": measures}
    (tmp_path / "counterfactual.json").write_text(json.dumps(told), "utf-8")
    found = story_of(DEMO, whatifs=[tmp_path]).whatifs[0].as_json()
    assert found["assumed"] == ["From 4 May 2030: more food; no relief. Source: assumed (invented)"]
    short, trust, crossed = found["rows"]
    assert short["refused"] == "not compared: reached in 3 of 4 pairs as it was, 2 with the change"
    assert (trust["was"], crossed["changed"]) == (0.165, 1010)
    assert (found["same"], found["most"], found["near"]) == (["War"], 1, ["End: crossed"])


def test_a_question_whose_answer_is_its_assumption_has_no_headline(tmp_path: Path) -> None:
    """Who lives inside is decided by the act: the page refuses the whole, though another measure has figures."""
    three = {"n": 4, "p10": 1.0, "p50": 5.0, "p90": 9.0}
    figures = {"about": "End: crossed", "unchanged": three, "changed": three, "difference": three}
    measures = {"case.inside": {"about": "people inside", "result": "decided by the act"}, "end.out": figures}
    told = {"title": "No operation", "assumed": [], "n_pairs": 4, "measures": measures}
    (tmp_path / "counterfactual.json").write_text(json.dumps(told), "utf-8")
    found = story_of(DEMO, whatifs=[tmp_path]).whatifs[0].as_json()
    assert (found["refused"], found["most"], found["near"]) == ("decided by the act", None, [])


def test_bands_are_those_that_the_run_wrote(ran: Path) -> None:
    """Days in store at the first day of each month of the file, and people present; the foot names case and runs."""
    story = story_of(DEMO, run=ran / "run")
    told = story_data(story)
    lanes = {(one["track"], one["lane"]): one for one in told["bands"]}
    assert {("supplies", "food"), ("people", "present"), ("people", "wish"), ("hosts", "hosted")} <= set(lanes)
    table = pl.read_parquet(ran / "run" / "bands.parquet")
    for lane, quantity in ((("supplies", "food"), "food_days"), (("people", "wish"), "n_wishing_persons")):
        rows = table.filter((pl.col("quantity") == quantity) & (pl.col("place") == "inside")).sort("time")
        by_day = dict(zip((round(when.timestamp() / 86400) for when in rows["time"]), rows["p90"], strict=True))
        shown = {round(x): high for x, high in zip(lanes[lane]["x"], lanes[lane]["hi"], strict=True)}
        both = sorted(by_day.keys() & shown.keys())
        assert len(both) > 100 and all(shown[day] == pytest.approx(by_day[day], abs=1) for day in both[::30])
    assert told["foot"]["runs"] == 2 and "Demo ceasefire" in told["foot"]["run"]


def test_who_may_pass_in_the_runs_are_the_events_of_their_case(ran: Path) -> None:
    """The gate of the invented ceasefire: open, for patients and aid from December 2030, open again in April 2031."""
    ways = {one["way"]: one["said"] for one in story_data(story_of(DEMO, run=ran / "run"))["mayPass"]}
    assert [words for _, _, words, *_ in ways["out"]] == [["everyone"], ["medical", "aid"], ["everyone"]]
    assert [words for _, _, words, *_ in ways["in"]] == [["everyone"], ["medical", "aid"]]
    assert date.fromordinal(int(ways["out"][1][0]) + date(1970, 1, 1).toordinal()) == date(2030, 12, 1)
    assert story_data(story_of(DEMO))["mayPass"] == []


def test_chances_of_an_answer_are_those_of_the_comparators(story: Story) -> None:
    """For each act of the coding whose report is known: what the model for yes or no gives it, the case in no fit."""
    compared = read_compared(DEMO)
    others = read_ceasefires(shipped_cases() / "comparators").without(compared.case.key)
    model = predict_case(others, compared, ANSWER_TARGETS[1]).by_key(MODEL.key).chances
    told = story_data(story)
    rows = {told["claims"][n]["id"]: given for n, _, *given in told["answers"]["rows"]}
    assert list(rows) == [act.id for act in compared.case.challenges] and told["answers"]["n"] == len(others.cases)
    for n, act in enumerate(compared.case.challenges):
        assert rows[act.id][:3] == pytest.approx((model.mean[n, 1], model.low[n, 1], model.high[n, 1]), abs=0.005)
    early = story_data(story_of(DEMO, date(2030, 5, 4)))["answers"]["rows"]
    assert len(early) < len(rows)
