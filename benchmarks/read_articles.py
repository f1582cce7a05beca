"""Score the reader of articles and time it: `python benchmarks/read_articles.py [--articles FOLDER --claims FILE]`.

Prints, for the labelled sets of tests/reading, what is found and right. With a folder of articles and the coded claims
of a record (columns article, char_offset, asserting_actor, attributed_source, value, date, place), the same by kind and
article. Then CPU seconds for 1,200 words, with and without the parser, and for a page of 1 MB. Writes nothing.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from reading.invented_case import invented, labelled
from reading.scoring import Score, score_text

from safeconduct.api import monitor_folder
from safeconduct.monitor import case_names
from safeconduct.reading import AUTHOR, COMMENTER, UNNAMED, Gazetteer, Proposal, changes_meaning, propose, read
from safeconduct.reading.words.tokens import tokenize

SETS = ("labelled_articles.yaml", "later_articles.yaml", "mended_articles.yaml", "typical_articles.yaml")
PUBLISHED = {"000": date(2023, 8, 25), "001": date(2023, 4, 30), "004": date(2020, 11, 19)}
WORDS = 1200


def invented_sets() -> None:
    """One line a labelled set."""
    print("set | figures found | proposed that are right | attribution | date | place | negation | mislead | to check")
    for name in SETS:
        total, n_check = Score(), 0
        for row in labelled(name):
            found = propose(row["text"], invented(), published=row["published"])
            total.add(score_text(row["text"], row["claims"], found))
            n_check += sum(any(map(changes_meaning, p.warnings)) for p in found)
        shares = [f"{total.right[f]} of {total.asked[f]}" for f in ("by", "date", "place", "negated")]
        figures = f"{total.found['figure']} of {total.labelled['figure']} | {total.matched['figure']} of "
        rest = f"{' | '.join(shares)} | {len(total.misleading)} of {total.n_figures} | {n_check}"
        print(f"{name} | {figures}{total.proposed['figure']} | {rest}")


def coded_claims(articles: Path, claims: Path) -> None:
    """One line an article and kind: coded claims that a proposal holds, and each field right of those that give it."""
    names = case_names(monitor_folder("karabakh"))
    with claims.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["article"] in PUBLISHED]
    print("\narticle | kind | found | attribution | date | place | quantity | date and place")
    for key, published in PUBLISHED.items():
        content = (articles / f"article-{key}.txt").read_bytes()
        found = read(content, names, name=f"article-{key}.txt", published=published).proposals
        counts: dict[str, Counter[str]] = {}
        for row in (row for row in rows if row["article"] == key):
            is_number = row["value"].replace(".", "").isdigit()
            kind = "figure" if is_number else "prediction" if row["status"] == "forecast" else "statement or act"
            count = counts.setdefault(kind, Counter())
            count["coded"] += 1
            p = proposal_for(row, found)
            if p is None:
                continue
            count["found"] += 1
            results = dict(checks(row, p, names))
            if "date" in results and "place" in results:
                count["both asked"] += 1
                count["both right"] += results["date"] and results["place"]
            for field, is_right in results.items():
                count[f"{field} asked"] += 1
                count[f"{field} right"] += is_right
                if not is_right:
                    print(f"  {row['claim_id']} {field}: coded {row[COLUMN[field]]!r}, read {READ[field](p)!r}")
        for kind, count in counts.items():
            fields = [f"{count[f'{f} right']} of {count[f'{f} asked']}" for f in (*COLUMN, "both")]
            print(f"{key} | {kind} | {count['found']} of {count['coded']} | {' | '.join(fields)}")


COLUMN = {"attribution": "attributed_source", "date": "date", "place": "place", "quantity": "value"}
READ = {
    "attribution": lambda p: p.asserted_by,
    "date": lambda p: p.date,
    "place": lambda p: p.place,
    "quantity": lambda p: p.best,
}


def proposal_for(row: dict[str, str], found: tuple[Proposal, ...]) -> Proposal | None:
    """The proposal that holds a coded claim: its figure near its passage, else the sentence that it stands in."""
    at, number = int(row["char_offset"]), row["value"]
    near = [p for p in found if p.start - 40 <= at <= p.end + 40]
    if number.replace(".", "").isdigit():
        near = [p for p in found if p.start - 150 <= at <= p.end + 150 and p.best == float(number)]
    inside = [p for p in near if p.start <= at < p.end and (p.best is None) == (not number)]
    return (inside or near or [None])[0]


def checks(row: dict[str, str], p: Proposal, names: Gazetteer) -> Iterator[tuple[str, bool]]:
    """(field, right) for each field that the coding gives.

    A date is right where it is the coded one, or one of the two lies within the other and neither is wider than a
    year. A place is right where both name one of the same places.
    """
    source = row["attributed_source"]
    own = COMMENTER if row["asserting_actor"] == "commenter" else AUTHOR
    if not source:
        yield "attribution", p.asserted_by == own
    elif "unnamed" in source or "said to be" in source:
        yield "attribution", p.asserted_by in (UNNAMED, AUTHOR, "figures")
    else:
        last = source.replace("MoD", "Ministry").split(" via ")[0].split()[-1].rstrip("s").lower()
        yield "attribution", last[:6] in p.asserted_by.lower()
    if row["date"]:
        coded, said = span(row["date"]), span(p.date)
        yield "date", said is not None and coded is not None and (within(coded, said) or within(said, coded))
    if row["place"]:
        tokens = tokenize(row["place"])
        keys = {m.what.key for m in names.places_in(tokens)}
        yield "place", bool(keys & set(p.place_key.split("+")))
    if row["value"].replace(".", "").isdigit():
        yield "quantity", p.best == float(row["value"])


def span(iso: str) -> tuple[str, str] | None:
    """First and last day of an ISO day, month, year or period, as text that sorts."""
    if not iso:
        return None
    first, _, last = iso.partition("/")
    last = last or first
    return first + "-01-01"[len(first) - 4 :][: 10 - len(first)], last + "-12-31"[len(last) - 4 :][: 10 - len(last)]


def within(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether a period lies in another."""
    return other[0] <= one[0] and one[1] <= other[1]


def times() -> None:
    """CPU seconds for 1,200 words and for a page of 1 MB, the best of three after one reading to load."""
    words: list[str] = []
    for row in labelled("mended_articles.yaml"):
        words += [*row["text"].split(" "), "\n\n"]
    text = " ".join(words[:WORDS])
    page = "<html><body>" + "".join(f"<p>{text}</p>" for _ in range(1 + 1_000_000 // len(text))) + "</body></html>"
    print()
    for what, content, use_parser in (
        (f"{WORDS:,} words, rules alone", text, False),
        (f"{WORDS:,} words, with the parser", text, True),
        (f"page of {len(page) / 1e6:.1f} MB", page, True),
    ):
        read(content, invented(), published=date(2023, 9, 28), use_parser=use_parser)
        taken = []
        for _ in range(3):
            start = process_time()
            found = read(content, invented(), published=date(2023, 9, 28), use_parser=use_parser)
            taken.append(process_time() - start)
        print(f"{what}: {min(taken):.2f} CPU s, {len(found.proposals)} proposals")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--claims", type=Path)
    parser.add_argument("--no-times", action="store_true")
    given = parser.parse_args()
    invented_sets()
    if given.articles and given.claims:
        coded_claims(given.articles, given.claims)
    if not given.no_times:
        times()
