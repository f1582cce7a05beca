"""Spoil case folders at random and read them: only a CaseError, or a case, may come out.

    python benchmarks/fuzz_reader.py --cpu-minutes 10 [--seed 0] [--case demo-valley]

Prints how many folders were read, how many were still valid, and the first traceback, with the spoiled file kept.
"""

# ruff: noqa: E501 - the pieces stand in a few long lines
from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from safeconduct.scenario import find_case, read_case
from safeconduct.terms import CaseError

PIECES = (
    b"", b",", b'"', b"\n", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf", b";", b"#", b":", b": ", b"- ", b"{", b"}", b"[", b"]",
    b"&a ", b"*a", b"!!python/object:os.system ", b"%YAML 1.1\n---\n", b"---\n", b"? ", b"|\n", b"'", b"\t", b"=", b"=car_share",
    b"-1", b"0", b"1e999", b"nan", b".inf", b"-.inf", b"null", b"~", b"yes", b"1_0", b"0x1F", b"99999999999999999999999",
    b"9999-12-31T23:59+14:00", b"0001-01-01T00:00-14:00", b"2030-05-06T10:00", b"2030-05-06", b"24:00-00:00", b"06:00-22:00",
    b"*", b"region:", b"region:Valley", b"nobody everyone", b"1,5", "é".encode(), "\u202e".encode(), "٣".encode(),
    b"[" * 400, b"a" * 200_000,
)  # fmt: skip


@dataclass(frozen=True)
class Spoil:
    """One change to one file: bytes from `start` on, `length` of them, become a piece; or lines change places."""

    file: int
    start: float  # 0..1 of the file's length
    length: int
    piece: int
    kind: int  # 0 replace, 1 double a line, 2 drop a line, 3 exchange two lines, 4 remove the file


def spoil(folder: Path, changes: list[Spoil]) -> None:
    """Apply the changes to the files of a folder, in order of their names."""
    for change in changes:
        files = sorted(path for path in folder.iterdir() if path.is_file())
        if files:
            path = files[change.file % len(files)]
            if change.kind == 4:
                path.unlink()
            else:
                path.write_bytes(spoiled(path.read_bytes(), change))


def spoiled(content: bytes, change: Spoil) -> bytes:
    """The content of a file after one change."""
    at = int(change.start * len(content))
    if change.kind == 0:
        return content[:at] + PIECES[change.piece % len(PIECES)] + content[at + change.length :]
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    one, other = int(change.start * len(lines)) % len(lines), change.piece % len(lines)
    if change.kind == 1:
        lines.insert(other, lines[one])
    elif change.kind == 2:
        del lines[one]
    else:
        lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def is_valid(folder: Path) -> bool:
    """Read a folder; a CaseError means that it is faulty, anything else is raised."""
    try:
        read_case(folder)
    except CaseError as error:
        assert error.faults and all(str(one).endswith("?" if one.advice.endswith("?") else ".") for one in error.faults)
        return False
    return True


def random_changes(draw: random.Random) -> list[Spoil]:
    """One to four changes, mostly of bytes."""
    return [
        Spoil(
            draw.randrange(100),
            draw.random(),
            draw.choice((0, 1, 1, 2, 5, 20)),
            draw.randrange(len(PIECES)),
            draw.choice((0,) * 12 + (1, 1, 2, 2, 3, 3, 4)),
        )
        for _ in range(draw.randint(1, 4))
    ]


def main() -> None:
    """Spoil and read until the CPU time is used up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cpu-minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--case", default="demo-valley")
    asked = parser.parse_args()
    draw, original = random.Random(asked.seed), find_case(asked.case)
    n_read = n_valid = 0
    while time.process_time() < 60 * asked.cpu_minutes:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(shutil.copytree(original, Path(temporary) / "case"))
            changes = random_changes(draw)
            spoil(folder, changes)
            try:
                n_valid += is_valid(folder)
            except Exception:
                traceback.print_exc()
                raise SystemExit(f"after {n_read} folders, with {changes}") from None
            n_read += 1
    print(f"{n_read} folders read in {asked.cpu_minutes:g} CPU minutes, {n_valid} still valid, no traceback")


if __name__ == "__main__":
    main()
