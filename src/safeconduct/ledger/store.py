"""A SQLite index over a claims file, for search; the file stays the truth.

The index is built whole in a file of its own, flushed, and renamed into place: every reader sees a finished index
or none, whenever the building was killed. It is built again when the claims file's hash changes or the schema does. Its
claims cannot be changed or deleted (triggers).
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from safeconduct.ledger.observe import by_time
from safeconduct.ledger.rows.again import read_ledger
from safeconduct.ledger.rows.columns import CLAIMS, COLUMNS, LINKS
from safeconduct.ledger.rows.read import read_claim
from safeconduct.ledger.rows.when import Times
from safeconduct.ledger.rows.write import to_rows
from safeconduct.ledger.types import Claim, Ledger
from safeconduct.ledger.views import show_saying
from safeconduct.terms import Row, cache_folder, content_of, is_there, table_file

SCHEMA_VERSION = 3
TABLES_BESIDE = ("reporters.csv", "names.csv", "quantities.csv", "actions.csv", "aliases.csv")
SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE claims (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  time REAL,
  published REAL,
  place TEXT NOT NULL,
  quantity TEXT NOT NULL,
  reporter TEXT NOT NULL,
  voice TEXT NOT NULL,
  side TEXT NOT NULL,
  topic TEXT NOT NULL,
  cells TEXT NOT NULL
) STRICT;
CREATE TABLE links (
  source TEXT NOT NULL REFERENCES claims (id),
  kind TEXT NOT NULL,
  target TEXT NOT NULL REFERENCES claims (id)
) STRICT;
CREATE VIRTUAL TABLE texts USING fts5 (
  words, source_title, note, reporter, place, tokenize = 'unicode61 remove_diacritics 2'
);
"""
INDEXES = """
CREATE INDEX claims_by_subject ON claims (quantity, place, time);
CREATE INDEX claims_by_time ON claims (time IS NULL, time, id);
CREATE INDEX claims_by_kind ON claims (kind, time);
CREATE INDEX claims_by_voice ON claims (voice, time);
CREATE INDEX links_by_target ON links (target, kind);
"""  # made once all rows are there: each is then sorted once, where row by row costs more the more there are
GUARDS = "".join(
    f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;\n"
    for table in ("claims", "links")
    for verb in ("UPDATE", "DELETE")
)


GROUPS_OF_THREE = re.compile(r"(?<=\d)[,'’\u00a0\u202f](?=\d{3}(?!\d))")
QUOTED = re.compile(r'"([^"]*)"|([^\s"]+)')
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; an empty field asks for nothing."""

    kind: str = ""
    quantity: str = ""
    place: str = ""
    voice: str = ""
    side: str = ""
    topic: str = ""
    text: str = ""  # words and numbers to find in what is said, titles, remarks, reporters, place names and ids
    known_at: datetime | None = None  # published by then
    limit: int = -1


def index_path(claims_file: Path) -> Path:
    """The index file of a claims file, by where that lies."""
    name = blake2b(str(claims_file.resolve()).encode(), digest_size=8).hexdigest()
    return cache_folder() / f"ledger-{name}.sqlite"


def open_index(claims_file: Path) -> sqlite3.Connection:
    """The index of a claims file, built again where the file has changed. Raises CaseError where the file is faulty."""
    path = index_path(claims_file)
    if not is_current(path, claims_file):
        build_index(path, claims_file)
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)


def is_current(path: Path, claims_file: Path) -> bool:
    """Whether an index is there, of this schema, and of the claims file and tables as they are now."""
    if not path.exists():
        return False
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
                return False
            meta = dict(connection.execute("SELECT name, value FROM meta"))
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return False
    if meta.get("stamp") == stamp_of(claims_file):
        return True
    return meta.get("hash") == hash_of(claims_file)


def tables_beside(claims_file: Path) -> list[Path]:
    """The claims file and the reviewed tables that the index depends on."""
    return [
        claims_file,
        *(p for p in (table_file(claims_file.parent / name) for name in TABLES_BESIDE) if is_there(p)),
    ]


def stamp_of(claims_file: Path) -> str:
    """Sizes and times of change: equal stamps save reading the files for their hash.

    The time at which a file's own entry changed is in them, which no program can set back.
    """
    found = (path.stat() if path.exists() else path.lstat() for path in tables_beside(claims_file))
    return " ".join(f"{s.st_size}:{s.st_mtime_ns}:{s.st_ctime_ns}:{s.st_ino}" for s in found)


def hash_of(claims_file: Path) -> str:
    """The hash of the files that the index is built from."""
    digest = blake2b(digest_size=16)
    for path in tables_beside(claims_file):
        digest.update(content_of(path))
    return digest.hexdigest()


def build_index(path: Path, claims_file: Path) -> None:
    """Build an index whole, beside its place, and rename it there."""
    meta = {"stamp": stamp_of(claims_file), "hash": hash_of(claims_file)}
    ledger = read_ledger(claims_file)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    try:
        connection = sqlite3.connect(name)
        try:
            fill(connection, ledger, meta)
        finally:
            connection.close()
        flush_to_disk(Path(name))
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def flush_to_disk(path: Path) -> None:
    """Wait until a file's content is on the disk."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())


def fill(connection: sqlite3.Connection, ledger: Ledger, meta: dict[str, str]) -> None:
    """Write schema and claims into an empty database, then close it against change."""
    connection.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -200000;"
    )  # 200 MB of pages while it is built
    connection.executescript(SCHEMA)
    with connection:
        connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        connection.executemany(f"INSERT INTO claims VALUES ({', '.join('?' * 12)})", claim_rows(ledger))
        connection.executemany("INSERT INTO links VALUES (?, ?, ?)", link_rows(ledger.claims))
        connection.executemany(
            "INSERT INTO texts (rowid, words, source_title, note, reporter, place) VALUES (?, ?, ?, ?, ?, ?)",
            text_rows(ledger),
        )
        connection.executescript(INDEXES)
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        assert not broken, broken  # read_claims() has refused such links
    connection.executescript(GUARDS + f"PRAGMA user_version = {SCHEMA_VERSION};")


def claim_rows(ledger: Ledger) -> Iterable[tuple[object, ...]]:
    """The claims as rows of the index, in the order of the file."""
    cells = to_rows(ledger.claims)
    for position, (claim, row) in enumerate(zip(ledger.claims, cells, strict=True)):
        yield (
            position,
            claim.id,
            claim.kind,
            claim.time.timestamp() if claim.time else None,
            claim.published.timestamp() if claim.published else None,
            claim.place,
            claim.quantity,
            claim.reporter,
            ledger.voice(claim),
            ledger.side(claim),
            claim.topic,
            json.dumps(row, ensure_ascii=False),
        )


def link_rows(claims: Sequence[Claim]) -> Iterable[tuple[str, str, str]]:
    """Which claim answers, supersedes, disputes or retells which."""
    return ((claim.id, name, target) for claim in claims for name in LINKS for target in getattr(claim, name))


def text_rows(ledger: Ledger) -> Iterable[tuple[object, ...]]:
    """What full-text search looks into: what is said, as a reader sees it, and places by all their names."""
    places = ledger.terms.places
    for position, claim in enumerate(ledger.claims):
        names = " ".join(name for key in claim.places if key in places for name in places[key].names)
        said = f"{claim.id} {show_saying(claim, ledger)} {claim.words} {claim.quote}"
        beside = f"{claim.hedge} {claim.context} {claim.remark}"
        where = f"{claim.place_said} {names}"
        yield position, *map(ungrouped, (said, claim.source_title, beside, claim.reporter, where))


def find(connection: sqlite3.Connection, query: Query) -> tuple[Claim, ...]:
    """The claims that a query asks for, in order of time. Whatever signs its text holds, it is a search for words."""
    where, values = conditions(query)
    sql = f"SELECT cells FROM claims WHERE {' AND '.join(where) or '1'} ORDER BY time IS NULL, time, id LIMIT ?"
    rows = connection.execute(sql, (*values, query.limit)).fetchall()
    times = Times(UTC, {})
    cells = (dict(zip(COLUMNS, json.loads(row), strict=True)) for (row,) in rows)
    found = [read_claim(Row(CLAIMS, "index", 0, one, []), times) for one in cells]
    return tuple(sorted(found, key=by_time))


def count(connection: sqlite3.Connection, query: Query) -> int:
    """How many claims a query asks for, whatever its limit."""
    where, values = conditions(query)
    (found,) = connection.execute(f"SELECT count(*) FROM claims WHERE {' AND '.join(where) or '1'}", values).fetchone()
    return int(found)


def ungrouped(text: str) -> str:
    """A text with numbers written without marks between thousands: 1,700 -> 1700."""
    return GROUPS_OF_THREE.sub("", text)


def match_of(text: str) -> str:
    """The words of a text as a search: all of them, those in quotation marks next to each other; signs mean nothing."""
    parts = QUOTED.findall(ungrouped(text))
    words = [" ".join(WORD.findall(quoted or plain)) for quoted, plain in parts]
    return " ".join(f'"{word}"' for word in words if word)


def conditions(query: Query) -> tuple[list[str], list[object]]:
    """The WHERE of a query and its values."""
    where: list[str] = []
    values: list[object] = []
    for column in ("kind", "quantity", "place", "voice", "side", "topic"):
        wanted = getattr(query, column)
        if wanted:
            where.append(f"{column} = ?")
            values.append(wanted)
    if query.text:
        where.append("position IN (SELECT rowid FROM texts WHERE texts MATCH ?)")
        values.append(match_of(query.text) or '""')
    if query.known_at is not None:
        where.append("published <= ?")
        values.append(query.known_at.timestamp())
    return where, values
