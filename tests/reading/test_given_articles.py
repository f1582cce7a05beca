"""The articles that are given as test material, against their coded claims. They are not part of the project."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from safeconduct.api import monitor_folder
from safeconduct.monitor import case_names
from safeconduct.reading import Reading, read

SHARED = Path(__file__).parents[3] / "shared"
ARTICLES, CODED = SHARED / "articles", SHARED / "record" / "karabakh-2020" / "claims_reports.csv"
PUBLISHED = {"000": date(2023, 8, 25), "001": date(2023, 4, 30), "004": date(2020, 11, 19)}
pytestmark = pytest.mark.skipif(not ARTICLES.exists() or not CODED.exists(), reason="the given articles are not here")


@cache
def article(key: str) -> Reading:
    """One of the articles, read with the names of its case."""
    content = (ARTICLES / f"article-{key}.txt").read_bytes()
    return read(content, case_names(monitor_folder("karabakh")), name=f"article-{key}.txt", published=PUBLISHED[key])


def coded() -> list[dict[str, str]]:
    """The coded claims of these articles."""
    with CODED.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["article"] in PUBLISHED]


@pytest.mark.parametrize(
    "row",
    [r for r in coded() if r["value"].replace(".", "").isdigit()] if CODED.exists() else [],
    ids=lambda r: r["claim_id"],
)
def test_a_coded_number_is_found(row: dict[str, str]) -> None:
    """A proposal in that passage gives the number."""
    at = int(row["char_offset"])
    near = [p for p in article(row["article"]).proposals if p.start - 150 <= at <= p.end + 150]
    assert float(row["value"]) in {p.best for p in near}


def test_most_coded_passages_have_a_proposal() -> None:
    """Nine in ten of all coded claims, opinions included, stand in a sentence that is proposed."""
    rows = coded()
    hit = [
        r
        for r in rows
        if any(p.start - 40 <= int(r["char_offset"]) <= p.end + 40 for p in article(r["article"]).proposals)
    ]
    assert len(hit) >= 0.9 * len(rows)


def test_none_is_without_a_sentence() -> None:
    """Spans are characters of the file."""
    for key in PUBLISHED:
        text = (ARTICLES / f"article-{key}.txt").read_bytes().decode("utf-8")
        assert all(text[p.start : p.end] == p.sentence for p in article(key).proposals)
