"""The command `read`: what it prints for people and programs, and the review by keys."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from safeconduct.app.main import main
from safeconduct.ledger import read_ledger

TEXT = (
    "The mayor said on 6 May 2030 that 120 people had left the valley. "
    "A doctor denied that 40 patients were among them.\n"
)
FIELDS = [
    "kind",
    "start",
    "end",
    "sentence",
    "asserted_by",
    "via",
    "hedge",
    "is_negated",
    "modality",
    "quantity",
    "low",
    "best",
    "high",
    "unit",
    "date",
    "date_precision",
    "place",
    "actor",
    "action",
    "obligation",
    "duplicates",
    "warnings",
]


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """A saved article."""
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case of one's own."""
    folder = tmp_path / "case"
    shutil.copytree(str(files("safeconduct") / "cases" / "demo-valley"), folder)
    return folder


def run(*words: object, keys: str = "") -> str:
    """What the command prints."""
    done = CliRunner().invoke(main, ["read", *map(str, words)], input=keys)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_json_lists_proposals_with_their_fields(article: Path) -> None:
    """Fields in the stated order; spans are characters of the file."""
    rows = json.loads(run(article, "--case", "demo-valley", "--json"))
    assert rows and all(list(row)[: len(FIELDS)] == FIELDS for row in rows)
    assert all(TEXT[row["start"] : row["end"]] == row["sentence"] for row in rows)
    assert {row["best"]: row["is_negated"] for row in rows} == {120.0: False, 40.0: True}


def test_nothing_is_entered_without_review(article: Path, case: Path) -> None:
    """Reading leaves the case as it was, and says how to go on."""
    before = (case / "claims.csv").read_bytes()
    assert "--review" in run(article, "--case", case)
    assert (case / "claims.csv").read_bytes() == before


def test_review_by_keys_writes_what_was_accepted(article: Path, case: Path) -> None:
    """Accept, undo, accept, reject, write: one claim more, by the one who decided."""
    before = len(read_ledger(case).claims)
    shown = run(article, "--case", case, "--review", "--reader", "A. Reader", keys="auarw")
    assert "1 claims added" in shown
    added = [claim for claim in read_ledger(case).claims if "120 people" in claim.words]
    assert len(read_ledger(case).claims) == before + 1 and added[0].best == 120


def test_a_shipped_case_is_not_written_to(article: Path) -> None:
    """Refused with a sentence."""
    done = CliRunner().invoke(main, ["read", str(article), "--case", "demo-valley", "--review"])
    assert done.exit_code == 2 and "a case of your own" in done.output


def test_one_key_takes_all_claims_of_a_sentence_that_were_shown(tmp_path: Path, case: Path) -> None:
    """Two figures stand on one screen with what they share; s accepts both and no claim of another sentence."""
    path = tmp_path / "two.txt"
    path.write_text(
        "On 7 May 2030, 120 people and 14 cars left the valley, the Valley council said. A doctor counted 9 tents.",
        encoding="utf-8",
    )
    shown = run(path, "--case", case, "--review", "--reader", "A. Reader", "--published", "2030-05-08", keys="srw")
    screen = shown.partition("1 of 3")[2].partition("3 of 3")[0]
    assert "1. FIGURE 120" in screen and "2. FIGURE 14" in screen and screen.count("2030-05-07") == 1
    assert "2 claims added" in shown
