"""From an article through Python to the ledger, and from there to the monitor and the story."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import safeconduct as sc
from safeconduct.api import shipped_cases
from safeconduct.terms import UsageError

SENTENCES = (
    "The valley radio reported on 6 May 2030 that the road across the pass gate had been closed to civilian traffic.",
    "On 7 May 2030, 120 people left the valley, the Valley council said.",
    "A doctor denied that 40 patients were among them.",
)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case of one's own."""
    return Path(shutil.copytree(shipped_cases() / "demo-valley", tmp_path / "case"))


@pytest.fixture
def article(tmp_path: Path, case: Path) -> sc.Article:
    """An article read for it."""
    path = tmp_path / "a.txt"
    path.write_text(" ".join(SENTENCES), encoding="utf-8")
    return sc.read(path, case, published="2030-05-08", outlet="Valley Post")


def test_accepted_claims_stand_in_monitor_and_story_with_their_sentences(article: sc.Article, case: Path) -> None:
    """Nothing of the article is on either page before a person accepts it; all of it, sentence by sentence, after."""

    def pages() -> str:
        written = sc.monitor(case, as_of="2030-05-12").write(case.parent / "monitor")
        files = [written] if isinstance(written, Path) else list(written)
        return "".join(path.read_text("utf-8") for path in files if path.suffix == ".html")

    before = (pages(), sc.story(case).to_html())
    assert not any(sentence[:40] in page for sentence in SENTENCES for page in before)
    article.accept(article.proposals["n"], reader="A. Reader")
    after = (pages(), sc.story(case).to_html())
    assert all(sentence[:40] in page for sentence in SENTENCES for page in after)


def test_a_speaker_is_suggested_as_a_reporter_of_the_case(article: sc.Article, case: Path) -> None:
    """The name in reporters.csv is proposed, and is what the claim then bears; the text's own name is kept."""
    row = article.proposals.filter(article.proposals["best"] == 120).row(0, named=True)
    assert (row["asserted_by"], row["reporter"]) == ("Valley council", "Valley council (invented)")
    (claim,) = article.accept([row["n"]], reader="A. Reader").files[0].claims
    assert claim.reporter == "Valley council (invented)" and 'calls the reporter "Valley council"' in claim.remark
    other = article.correct(row["n"], asserted_by="Mayor", best=130)
    (claim,) = other.accept([row["n"]], reader="A. Reader").files[0].claims
    assert (claim.reporter, claim.best) == ("Mayor", 130)


def test_what_would_change_the_meaning_is_checked_first(article: sc.Article) -> None:
    """A denied figure is to be checked; a figure whose place was only carried over is not, though it has warnings."""
    denied, plain = (article.proposals.filter(article.proposals["best"] == n).row(0, named=True) for n in (40, 120))
    assert denied["is_negated"] and not plain["is_negated"]
    assert plain["warnings"] and not plain["check"]


def test_faults_of_the_question_are_sentences(article: sc.Article, tmp_path: Path) -> None:
    """A file that is not there, a day that is none, a number too high, a shipped case."""
    for wrong in (
        lambda: sc.read(tmp_path / "none.txt", "demo-valley"),
        lambda: sc.read(b"On 7 May 2030, 120 people left.", "demo-valley", published="yesterday"),
        lambda: article.accept([99], reader="A. Reader"),
        lambda: sc.read(b"On 7 May 2030, 120 people left.", "demo-valley").accept([0], reader="A. Reader"),
    ):
        with pytest.raises(UsageError, match="expected"):
            wrong()
