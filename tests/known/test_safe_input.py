"""Only regular files of a sane size are opened, and an archive is measured before it is unpacked."""

from __future__ import annotations

import os
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from safeconduct.terms import Fault, archive_fault, grids, read_sheets, read_text, size_fault


def faults_of(path: Path) -> list[str]:
    """What is told of a workbook."""
    faults: list[Fault] = []
    assert read_sheets(path, faults) == []
    return [str(fault) for fault in faults]


def book(path: Path) -> Path:
    """A small workbook."""
    made = xlsxwriter.Workbook(str(path))
    made.add_worksheet().write_row(0, 0, ["a", "b"])
    made.close()
    return path


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    """Opening it would wait for ever."""
    os.mkfifo(tmp_path / "pipe.csv")
    faults: list[Fault] = []
    assert read_text(tmp_path / "pipe.csv", faults) is None
    assert "is a pipe or device" in str(faults[0])


def test_a_file_of_too_many_bytes_is_not_opened(tmp_path: Path) -> None:
    """A hole of that size is enough."""
    with open(tmp_path / "large.csv", "wb") as file:
        file.truncate(grids.MOST_BYTES + 1)
    fault = size_fault(tmp_path / "large.csv")
    assert fault is not None and "at most 512 MiB" in str(fault)


def test_a_workbook_is_no_bomb(tmp_path: Path) -> None:
    """An ordinary one is opened; one with a part of zeros is refused before it is unpacked."""
    path = book(tmp_path / "a.xlsx")
    assert archive_fault(path) is None
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"0" * (grids.SMALL_PART * 40))
    assert "would unpack to more than it should" in faults_of(path)[0]


def test_what_an_archive_says_of_sizes_is_not_believed(tmp_path: Path) -> None:
    """A directory that tells of ten bytes where a megabyte lies."""
    path = tmp_path / "liar.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>" * 300_000)
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b"PK\x01\x02")  # the entry in the directory: its size stands at 24
    raw[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(raw)
    assert "would unpack to more than it should" in faults_of(path)[0]


@pytest.mark.parametrize("content", [b"PK\x03\x04 torn", b"\xd0\xcf\x11\xe0 torn", b"not a workbook"])
def test_a_torn_workbook_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    """Whatever its bytes are."""
    (tmp_path / "a.xlsx").write_bytes(content)
    assert "a.xlsx: " in faults_of(tmp_path / "a.xlsx")[0]
