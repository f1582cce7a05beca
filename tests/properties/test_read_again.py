"""A claims file that is read again after a change gives what reading it for the first time gives."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from safeconduct.ledger import Ledger, append_claims, read_ledger
from safeconduct.ledger.rows import again
from safeconduct.scenario import shipped_cases
from safeconduct.terms import CaseError


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A copy of the invented case."""
    shutil.copytree(shipped_cases() / "demo-valley", tmp_path / "case")
    return tmp_path / "case"


def read_anew(folder: Path) -> Ledger:
    """The ledger of a folder that was never read before."""
    again.KEPT.clear()
    return read_ledger(folder)


def changed(draw: random.Random, text: str) -> str:
    """A file with one row taken out, exchanged, doubled under another name, or with another source."""
    rows = text.rstrip("\n").split("\n")
    header = next(n for n, row in enumerate(rows) if row.startswith("id,"))
    n = draw.choice([n for n, row in enumerate(rows) if n > header + 1 and "," in row])
    match draw.choice(["out", "exchange", "double", "source", "blank"]):
        case "out":
            del rows[n]
        case "exchange":
            rows[n - 1], rows[n] = rows[n], rows[n - 1]
        case "double":
            rows.insert(n, "Z" + str(draw.randrange(10**6)) + rows[n][rows[n].index(",") :])
        case "source":
            rows[n] = rows[n].replace("invented", "made up")
        case "blank":
            rows.insert(n, "")
    return "\n".join(rows) + "\n"


def read_or_told(folder: Path) -> object:
    """The ledger, or every fault of the file."""
    try:
        return read_ledger(folder)
    except CaseError as error:
        return str(error)


@pytest.mark.parametrize("seed", range(6))
def test_any_change_outside_is_seen(case: Path, seed: int) -> None:
    draw, file = random.Random(seed), case / "claims.csv"
    read_ledger(case)
    for step in range(8):
        whole = file.read_text("utf-8")
        file.write_text(changed(draw, whole), "utf-8")
        found = read_or_told(case)
        again.KEPT.clear()
        assert found == read_or_told(case), step
        if isinstance(found, str):
            file.write_text(whole, "utf-8")


def test_a_changed_table_beside_it_is_seen(case: Path) -> None:
    read_ledger(case)
    names = case / "reporters.csv"
    names.write_text(names.read_text("utf-8").replace("Lakes guard", "Lakes watch"), "utf-8")
    assert read_or_told(case) == (again.KEPT.clear() or read_or_told(case))


def test_a_saved_report_is_read_alone(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three saves: the file's own rows are read once, then each new row once; the result is that of a first reading."""
    read: list[int] = []
    own = again.read_claims
    monkeypatch.setattr(again, "read_claims", lambda rows, *more: read.append(len(rows)) or own(rows, *more))
    again.KEPT.clear()
    n_rows = len(read_ledger(case).claims)
    for n in range(3):
        when = ("2030-05-09", "2030-05-09T10:00", "")[n]
        append_claims(case, [{"reporter": "Lakes guard", "source_title": f"list {n}", "words": "'=1+1", "time": when}])
        found = read_ledger(case)
    assert read == [n_rows, 0, 1, 0, 1, 0, 1]
    assert found == read_anew(case) and len(found.claims) == n_rows + 3
