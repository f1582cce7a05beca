"""Whole invented articles: shares of figures found and of fields right, held to the goals."""

from __future__ import annotations

from functools import cache

import pytest
from reading.invented_case import invented, labelled
from reading.scoring import Score, score_text

from safeconduct.reading import propose

FILES = ("labelled_articles.yaml", "later_articles.yaml", "mended_articles.yaml", "typical_articles.yaml")


@cache
def total(name: str) -> Score:
    """The score of all articles of a file."""
    found = Score()
    for row in labelled(name):
        proposals = propose(row["text"], invented(), published=row["published"])
        found.add(score_text(row["text"], row["claims"], proposals))
    return found


@pytest.mark.parametrize("name", FILES)
def test_figures_are_found_and_are_figures(name: str) -> None:
    """95 % found, in the harder texts 94; 90 % of those proposed right."""
    score = total(name)
    least = 0.94 if name == "mended_articles.yaml" else 0.95  # small numbers in words: "three toilets", "only four"
    assert score.found["figure"] >= least * score.labelled["figure"], score.missed
    assert score.matched["figure"] >= 0.9 * score.proposed["figure"], score.extra


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("field", "least"), [("by", 0.85), ("date and place", 0.75), ("negated", 0.95), ("quantity", 0.95)]
)
def test_fields_are_right(name: str, field: str, least: float) -> None:
    """Attribution, date with place, negation and quantity, each at its goal."""
    score = total(name)
    assert score.share(field) >= least, score.wrong


@pytest.mark.parametrize("name", FILES)
def test_little_would_mislead_unread(name: str) -> None:
    """At most 3 % of proposals carry no warning and are wrong in a way that changes the meaning."""
    score = total(name)
    assert len(score.misleading) <= 0.03 * score.n_figures, score.misleading


def test_there_are_twenty_articles() -> None:
    """As agreed, and no fewer."""
    assert len(labelled("labelled_articles.yaml")) >= 20
