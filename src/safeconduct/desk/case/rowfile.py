"""The text of claims.csv by its rows: names, links, and the same text without some rows. Other rows keep every byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Set

BOM = "\ufeff"  # which some spreadsheets put before a table
LINKS = ("responds_to", "outcome_of", "supersedes", "disputes", "retells")


def parts(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each record of a table as it stands in the text, line end included, and its cells."""
    text = text.removeprefix(BOM)
    lines = io.StringIO(text, newline="")
    taken: list[str] = []

    def pass_on() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    separator = next((sign for sign in ";\t" if is_split_by(text, sign)), ",")
    for cells in csv.reader(pass_on(), delimiter=separator):
        raw, taken[:] = "".join(taken), []
        yield raw, cells


def is_split_by(text: str, sign: str) -> bool:
    """Whether the header of a table is split by this sign."""
    header = next((line for line in text.splitlines() if line.strip() and not line.lstrip('"').startswith("# ")), "")
    first = header.split(sign)[0].strip('"')
    return sign in header and "," not in first


def rows(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each row under the header as it stands, with its cells by name."""
    header: list[str] = []
    for raw, cells in parts(text):
        is_comment = bool(cells) and cells[0].startswith("#")
        if not header and not is_comment and any(cells):
            header = [name.strip() for name in cells]
        elif header and any(cells):
            yield raw, dict(zip(header, (cell.strip() for cell in cells), strict=False))


def ids(text: str) -> list[str]:
    """The names of all claims that have one in the text."""
    return [row["id"] for _, row in rows(text) if row.get("id")]


def rows_by_id(text: str) -> dict[str, str]:
    """What each claim says, by its name; a row without one goes by its text."""
    return {row.get("id") or raw: repr(sorted((k, v) for k, v in row.items() if v)) for raw, row in rows(text)}


def links_to(text: str, claims: Set[str]) -> list[str]:
    """Other claims that refer to some."""
    found = []
    for _, row in rows(text):
        targets = {part.strip() for name in LINKS for part in row.get(name, "").split(";")}
        if row.get("id") not in claims and targets & claims:
            found.append(row.get("id", ""))
    return found


def without(text: str, claims: Set[str]) -> str:
    """The text without the rows of some claims; every other byte stays."""
    gone = {raw for raw, row in rows(text) if row.get("id") in claims}
    return BOM * text.startswith(BOM) + "".join(raw for raw, _ in parts(text) if raw not in gone)
