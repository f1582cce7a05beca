"""Headings of a stranger's table: matched by hand, remembered, and nothing else of the table changed."""

from __future__ import annotations

import pytest
from at_the_desk import Visitor

from safeconduct.desk.case.headings import read_pairs, renamed
from safeconduct.terms import UsageError

PEOPLE = "Settlement,Northing,Easting,Souls\nTarn,46.62,10.05,8200\nOsier,46.58,10.12,5400\n"
ROADS = "from,to,Length\nTarn,Osier,8\nOsier,Dyke gate,15\n"
MATCHED = "Settlement = name\nnorthing = lat\nEasting = lon\nSouls = people\nLength = km"
CROSSINGS = "name,kind,lat,lon\nDyke gate,crossing,46.50,10.24\n"


def test_a_case_is_made_from_tables_with_other_headings_and_the_next_one_without_matching(ana: Visitor) -> None:
    form = {"people": PEOPLE, "roads": ROADS, "crossings": CROSSINGS, "start": "2030-05-06"}
    refused = ana.post("/new/upload", {**form, "title": "Marsh"})
    assert "Not ready" in refused.text and not (ana.at.desk.workspace.folder / "marsh").exists()
    made = ana.post("/new/upload", {**form, "title": "Marsh", "headings": MATCHED})
    assert made.status == 303, made.text
    again = ana.post("/new/upload", {**form, "title": "Marsh again"})
    assert again.status == 303, again.text
    one, other = (ana.at.desk.workspace.folder / name / "people.csv" for name in ("marsh", "marsh-again"))
    assert one.read_text("utf-8") == other.read_text("utf-8") and "8200" in one.read_text("utf-8")


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_rows_and_comments_keep_every_byte(sign: str) -> None:
    head, rest = f"# a note{sign}\n", f'"Tarn{sign} upper"{sign}=1+1\r\n\u00c5{sign} 2 \n'
    table = f"{head}Settlement{sign}note\n{rest}".encode()
    assert renamed(table, {"settlement": "name"}).decode() == f"{head}name{sign}note\n{rest}"
    assert renamed(table, {"other": "name"}) == table
    assert renamed(b"PK\x03\x04\xff\xfe", {"settlement": "name"}) == b"PK\x03\x04\xff\xfe"


def test_every_line_that_matches_nothing_is_a_sentence() -> None:
    with pytest.raises(UsageError) as told:
        read_pairs("Settlement = name\nSouls\n= km")
    assert str(told.value).count("expected THEIRS = OURS") == 2
