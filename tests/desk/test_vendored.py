"""The script that ships is what its authors published, licence beside it; the desk's own pages load nothing else."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

DESK = Path(__file__).parents[2] / "src/safeconduct/desk"
OWN = {"desk.css", "desk.js", "SHA256SUMS"}


def test_every_foreign_file_has_the_hash_that_was_noted_when_it_was_taken() -> None:
    """htmx.org 4.0.1 of npm, dist/htmx.min.js."""
    noted = dict(reversed(line.split()) for line in (DESK / "static/SHA256SUMS").read_text().splitlines())
    assert set(noted) == {path.name for path in (DESK / "static").iterdir()} - OWN
    for name, expected in noted.items():
        assert sha256((DESK / "static" / name).read_bytes()).hexdigest() == expected, name
    assert "Zero-Clause BSD" in (DESK / "static/htmx.LICENSE.txt").read_text()


def test_templates_hold_no_inline_script_style_or_handler_and_load_only_from_the_desk() -> None:
    for path in sorted((DESK / "templates").glob("*.j2")):
        text = path.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=\"/static/)|<style|\son\w+=|\sstyle=|javascript:", text), path.name
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text), path.name
        assert path.name == "monitor.html.j2" or "|safe" not in text, path.name
