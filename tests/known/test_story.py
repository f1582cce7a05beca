"""The story page's data are the ledger's: every report once, counts that add up, texts that cannot become markup."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from safeconduct.app import main
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
    """read_story raises for an unknown id; each shipped path has eight steps, on tracks that there are."""
    assert len(story.file.steps) == 8
    assert {step.track for step in story.file.steps} <= {track.key for track in TRACKS}
    assert all(len(one["claims"]) for step in story_data(story)["path"] for one in step["sentences"])


FAULTY = """
title: A
about: B
opens: tomorrow
steps:
  - {title: C, day: 2030-05-02, track: rode, map: north, sentences: [{text: D, claims: [A01, A99]}]}
  - {title: C, day: "2030-05-02", sentences: [{text: D, claims: []}]}
"""


def test_faults_of_a_path_are_told_at_once(tmp_path: Path, story: Story) -> None:
    (tmp_path / "story.yaml").write_text(FAULTY.replace("claims: []", "claims: [A01]"), "utf-8")
    with pytest.raises(CaseError) as caught:
        read_story(tmp_path, story.view)
    told = str(caught.value)
    for part in ("tomorrow", "rode", "north", "A99", "story.yaml:6"):
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
