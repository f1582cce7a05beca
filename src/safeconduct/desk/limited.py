"""A process of bounded time and memory that reads what strangers made: tables, texts, maps. It writes one answer.

Started as `python -m safeconduct.desk.limited KIND FOLDER`; the folder holds `given.json` and the files, and gets
`answer.json`. What goes wrong here, ends here.
"""

from __future__ import annotations

import io
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from safeconduct.desk.ask import Upload
from safeconduct.desk.backend import CLAIMS_FILE
from safeconduct.desk.case import rowfile
from safeconduct.terms import CaseError, Fault, SafeconductError, UsageError

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
    import csv

    from safeconduct.ledger import to_csv, with_rows
    from safeconduct.ledger.formats import HEADINGS, formats, places_of, read_claims, read_headings

    path, case = folder / given["files"]["table"], Path(given["case"])
    said = {name: value for name, value in given.get("say", {}).items() if value}
    kept, faults = case / HEADINGS.file, list[Fault]()
    remembered = read_headings(kept, faults) if kept.is_file() else ()
    if faults:
        raise CaseError(faults)
    places = places_of(case, with_rows(case, [])[0].terms)
    found = read_claims(path, places=places, remembered=remembered, say=said, dates=given.get("dates", ""))
    rows = list(csv.DictReader(io.StringIO(to_csv(found.claims))))
    title = next((one.title for one in formats() if one.name == found.format), "a table by the headings of this case")
    return {
        "title": given["name"], "rows": [{k: v for k, v in row.items() if v} for row in rows],
        "told": [f"Read as: {title}.", *found.sentences()],
    }  # fmt: skip


def make_case(folder: Path, given: Told) -> Told:
    """The files of a new case from tables of people, roads and crossings."""
    from safeconduct.scenario import Answers, Inputs, draft_case

    files = {role: folder / name for role, name in given["files"].items()}
    start = datetime.fromisoformat(given["start"])
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    answers = Answers(given["title"], start, float(given["days"]), tuple(given.get("to", ())))
    inputs = Inputs(
        files["people"], files["roads"], files.get("crossings"), bool(given.get("as_given")),
        boundaries=files.get("boundaries"),
    )  # fmt: skip
    draft = draft_case(inputs, answers)
    return {"made": dict(draft.files), "told": list(draft.told)}


def read_texts(folder: Path, given: Told) -> Told:
    """What a text may be read as asserting, as rows of claims.csv in the order of the text."""
    from safeconduct.monitor import case_names
    from safeconduct.reading import accept, read

    case, content = Path(given["case"]), (folder / given["files"]["text"]).read_bytes()
    said = given.get("published", "")
    try:
        published = date.fromisoformat(said) if said else None
    except ValueError:
        raise UsageError(f'published is "{said[:40]}"; expected a date such as 2030-05-06; correct it.') from None
    found = read(content, case_names(case), name=given["name"], published=published, outlet=given["outlet"])
    part = folder / "case"
    shutil.copytree(case, part, ignore=shutil.ignore_patterns(".*", "journal.jsonl", "texts"))
    there = set(rowfile.ids((part / CLAIMS_FILE).read_text("utf-8")))
    accept(found.proposals, part, found, reader=given["who"], source=given["source"])
    new = [dict(row) for _, row in rowfile.rows((part / CLAIMS_FILE).read_text("utf-8")) if row["id"] not in there]
    new.sort(key=lambda row: int((row.get("span") or "0").split("-")[0] or 0))
    if given.get("address"):
        new = [{**row, "address": given["address"]} for row in new]
    n_known = len(found.proposals) - len(new)
    told = [*found.warnings, *([f"{n_known} proposals are in the reports already."] if n_known else [])]
    title = found.document.title or given["source"]
    return {"title": title, "rows": [{k: v for k, v in row.items() if v} for row in new], "told": told}


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
