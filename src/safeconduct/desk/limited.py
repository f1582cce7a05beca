"""A process of bounded time and memory that reads what strangers made: tables, texts, maps. It writes one answer.

Started as `python -m safeconduct.desk.limited KIND FOLDER`; the folder holds `given.json` and the files, and gets
`answer.json`. What goes wrong here, ends here.
"""

from __future__ import annotations

import io
import json
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import safeconduct.api.casework as casework
from safeconduct.desk.ask import Upload
from safeconduct.desk.forms import LETTERS, published_rule
from safeconduct.terms import CaseError, SafeconductError, UsageError

MOST_SECONDS, MOST_MEMORY, MOST_FILE = 60, 3 << 30, 200 << 20  # CPU seconds, bytes; assumed
MOST_UNPACKED, MOST_RATIO = 200 << 20, 200  # bytes of a workbook when unpacked; times its packed size; assumed
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".json", ".geojson", ".gpkg", ".osm", ".pbf", ".html",
           ".htm", ".pdf", ".eml", ".md")  # fmt: skip
UNSAFE = re.compile(r"[^\w ()\-]+")  # in the name of a file, which claims and faults give as their source
Told = dict[str, Any]


def ask_limited(kind: str, given: Mapping[str, object], files: Iterable[tuple[str, Upload]]) -> Told:
    """Have a bounded process answer. Raises UsageError with what it said, or that it needed too much."""
    with tempfile.TemporaryDirectory(prefix="safeconduct-") as name:
        folder = Path(name)
        names = {}
        for role, upload in files:
            ending = Path(upload.name).suffix.lower()
            if ending not in ENDINGS:
                raise UsageError(f'the file "{upload.name}" ends in "{ending}"; expected one of {", ".join(ENDINGS)}.')
            check_unpacked(upload)
            names[role] = f"{role}/{UNSAFE.sub('_', Path(upload.name).stem)[:80] or role}{ending}"
            (folder / role).mkdir()
            (folder / names[role]).write_bytes(upload.content)
        (folder / "given.json").write_text(json.dumps({**given, "files": names}), "utf-8")
        command = [sys.executable, "-m", "safeconduct.desk.limited", kind, str(folder)]
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(
                command, timeout=2 * MOST_SECONDS, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        answer = folder / "answer.json"
        if not answer.exists():
            raise UsageError(
                f"the file needed more than {MOST_SECONDS} s or {MOST_MEMORY >> 30} GB to read, or broke its reader; "
                "expected a smaller or plainer one; split it, or save it as CSV."
            )
        told: Told = json.loads(answer.read_text("utf-8"))
    if told.get("faults"):
        raise UsageError("\n".join(told["faults"]))
    return told


def check_unpacked(upload: Upload) -> None:
    """Raise UsageError for a packed file that would unpack to far more than it is."""
    if not upload.content.startswith(b"PK"):
        return
    try:
        with ZipFile(io.BytesIO(upload.content)) as packed:
            total = sum(part.file_size for part in packed.infolist())
    except (BadZipFile, ValueError, OverflowError):
        raise UsageError(f'the file "{upload.name}" is damaged; expected a workbook; save it again.') from None
    if total > MOST_UNPACKED or total > MOST_RATIO * max(len(upload.content), 1):
        raise UsageError(f'the file "{upload.name}" unpacks to {total:,} bytes; expected less; save a part of it.')


def read_table(folder: Path, given: Told) -> Told:
    """The rows of a foreign table, as cells of claims.csv."""
    path, said = folder / given["files"]["table"], {name: value for name, value in given["say"].items() if value}
    found = casework.read_foreign(path, Path(given["case"]), said, given["dates"], given["headings"])
    return {"title": given["name"], "rows": found.rows, "told": found.told}


def make_case(folder: Path, given: Told) -> Told:
    """The files of a new case from tables of people, roads and crossings."""
    files = {role: folder / name for role, name in given["files"].items()}
    start = datetime.fromisoformat(given["start"])
    made, told = casework.new_case(files, given["title"], start, float(given["days"]), as_given=given["as_given"])
    return {"made": made, "told": told}


def read_texts(folder: Path, given: Told) -> Told:
    """What a text may be read as asserting, as rows of claims.csv in the order of the text."""
    said = given["published"]
    try:
        at = datetime.fromisoformat(said) if len(said) > LETTERS["day"] else None
        published = at.date() if at else date.fromisoformat(said) if said else None
    except ValueError:
        raise UsageError(
            f'Published is "{said[:40]}"; expected a date such as 2030-05-06, or 2030-05-06T14:00; correct it.'
        ) from None
    content = (folder / given["files"]["text"]).read_bytes()
    found = casework.read_text(
        content, given["name"], Path(given["case"]), given["who"], given["source"], given["outlet"], published
    )
    more = {"address": given["address"]} if given["address"] else {}
    more |= {"published": said, "published_rule": published_rule(said)} if at else {}
    return {"title": found.title, "rows": [{**row, **more} for row in found.rows], "told": found.told}


KINDS: Mapping[str, Callable[[Path, Told], Told]] = {"table": read_table, "case": make_case, "text": read_texts}


def main(kind: str, folder: Path) -> None:
    """Answer within the limits; faults are an answer too."""
    for what, most in (
        (resource.RLIMIT_CPU, MOST_SECONDS), (resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_FSIZE, MOST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    given = json.loads((folder / "given.json").read_text("utf-8"))
    try:
        told = KINDS[kind](folder, given)
    except CaseError as error:
        told = {"faults": [str(fault) for fault in error.faults][:200]}
    except SafeconductError as error:
        told = {"faults": str(error).splitlines()[:200]}
    part = folder / "answer.part"
    part.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    part.rename(folder / "answer.json")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
