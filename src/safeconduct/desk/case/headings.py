"""Headings of tables that are called otherwise: matched by hand once, and remembered by the desk."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path

from safeconduct.desk.case.rowfile import parts
from safeconduct.terms import UsageError, write_whole

FILE = "headings.json"  # in the desk's own folder: heading of a stranger's table -> heading that is understood
MOST = 200  # remembered


def read_pairs(said: str, *, as_typed: bool = False) -> dict[str, str]:
    """What a person matched: a pair a line, THEIRS = OURS; theirs in small letters, or as typed.

    Raises UsageError with every line that is none.
    """
    wrong, found = [], {}
    for line in said.splitlines():
        theirs, sign, ours = (part.strip() for part in line.partition("="))
        if line.strip() and not (sign and theirs and ours):
            wrong.append(f'a heading is matched as "{line.strip()[:60]}"; expected THEIRS = OURS; correct it.')
        elif theirs:
            found[theirs if as_typed else theirs.casefold()] = ours
    if wrong:
        raise UsageError("\n".join(wrong))
    return found


def remembered(own: Path) -> dict[str, str]:
    """The pairs of earlier tables."""
    file = own / FILE
    try:
        found = json.loads(file.read_text("utf-8")) if file.exists() else {}
    except ValueError:
        return {}
    return {str(theirs): str(ours) for theirs, ours in found.items()} if isinstance(found, dict) else {}


def remember(own: Path, pairs: Mapping[str, str]) -> None:
    """Keep pairs for the next table; the newest win."""
    if pairs:
        kept = dict(list({**remembered(own), **pairs}.items())[-MOST:])
        own.mkdir(parents=True, exist_ok=True)
        write_whole(own / FILE, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")


def renamed(table: bytes, pairs: Mapping[str, str]) -> bytes:
    """A text table with headings as they are understood; its rows keep every byte. Other files stay as they are."""
    try:
        text = table.decode("utf-8-sig")
    except UnicodeDecodeError:
        return table  # a workbook, or a text that is refused where it is read
    records = list(parts(text))
    at = next((n for n, (_, cells) in enumerate(records) if any(cells) and not cells[0].startswith("#")), None)
    if at is None or not any(cell.strip().casefold() in pairs for cell in records[at][1]):
        return table
    raw, cells = records[at]
    separator = next((sign for sign in ";\t" if len(raw.split(sign)) == len(cells) > 1), ",")
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\n").writerow(
        [pairs.get(cell.strip().casefold(), cell) for cell in cells]
    )
    return "".join(
        [*(line for line, _ in records[:at]), out.getvalue(), *(line for line, _ in records[at + 1 :])]
    ).encode()
