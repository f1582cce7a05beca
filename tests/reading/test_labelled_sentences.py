"""Every trap once: an invented sentence, and what a careful reader would propose from it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from reading.invented_case import invented, labelled
from reading.scoring import Score, score_text

from safeconduct.reading import propose
from safeconduct.reading.words.gazetteer import Gazetteer, Named

DAY = date(2023, 9, 28)
SENTENCES = labelled("labelled_sentences.yaml")


def scored(row: dict[str, Any]) -> Score:
    """The score of one labelled text."""
    found = propose(row["text"], invented(), published=row.get("published", DAY))
    return score_text(row["text"], row["claims"], found)


@pytest.mark.parametrize("row", SENTENCES, ids=lambda row: row["trap"].replace(" ", "-"))
def test_a_trap_is_not_stepped_into(row: dict[str, Any]) -> None:
    """Every figure is found and no other; who, when, where, how much and in which mood are as labelled."""
    score = scored(row)
    wrong = [line for line in score.wrong if not line.startswith("['kind']")]
    assert not score.missed and not score.extra and not wrong, "\n".join([*score.missed, *score.extra, *wrong])


def test_there_are_sixty_and_one_for_each_trap() -> None:
    """The set is as large as agreed and holds the traps that a trial of other tools fell into."""
    assert len(SENTENCES) >= 60
    traps = " ".join(row["trap"] for row in SENTENCES)
    for trap in (
        "negation",
        "agency as place",
        "split range",
        "words",
        "no figure",
        "last December",
        "ago",
        "bare day",
    ):
        assert trap in traps


def test_kinds_are_mostly_right() -> None:
    """Acts, statements and the status of a duty are told apart less surely than figures; nine in ten are right."""
    total = Score()
    for row in SENTENCES:
        total.add(scored(row))
    assert total.share("kind") >= 0.9


def test_a_question_is_no_assertion() -> None:
    """The proposal from a question says so."""
    (found,) = propose("Will 5,000 people really come back to Ordan?", invented(), published=DAY)
    assert "a question, not an assertion" in found.warnings


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The council of Ordan, which Norland calls Ardan, said 300 people had come back.", "council of Ordan"),
        ("ORDAN, May 3 (Reuters) - Norland said 300 people had come back.", "Norland"),
    ],
)
def test_a_name_in_passing_is_no_speaker(text: str, speaker: str) -> None:
    """Whom another calls by a name speaks; a dash behind a dateline is no part of a name."""
    (found,) = (one for one in propose(text, invented(), published=DAY) if one.best == 300)
    assert found.asserted_by == speaker


def test_a_state_since_a_day_has_no_end() -> None:
    """That it was still so when the text was written ends nothing."""
    found = propose("The road to Ordan has been closed since 3 April, Norland said.", invented(), published=DAY)
    closed = [one for one in found if one.kind in ("act", "statement")]
    assert closed and all("/" not in one.date for one in closed)


def test_what_came_is_not_counted_as_what_did_not() -> None:
    """A word of the vocabulary that says "not" needs a sentence that says so."""
    gazetteer = Gazetteer(
        quantities=(Named("goods_not_delivered", ("tonnes",), "tonnes|level", "tonnes not delivered"),)
    )
    assert gazetteer.quantity_of("delivered 40 tonnes of goods", "tonnes", is_total=False) is None
    assert gazetteer.quantity_of("40 tonnes of goods were not delivered", "tonnes", is_total=False) is not None
