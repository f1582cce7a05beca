"""What ships with the report is what its authors published, licence beside it; and nothing of it is fetched later."""

from __future__ import annotations

import gzip
import re
from hashlib import sha256
from pathlib import Path

from safeconduct.findings.story.sides import PASS_COLOURS

ASSETS = Path(__file__).parents[2] / "src/safeconduct/findings/assets"
OWN = {
    *("report.css", "report.html.j2", "identifiability.html.j2", "sources.html.j2", "report.js", "SHA256SUMS"),
    *("monitor.css", "monitor.html.j2", "monitor.js", "onepage.css", "onepage.html.j2"),
    *("accounts.css", "accounts.html.j2", "camps.html.j2"),
    *("whatif.css", "whatif.html.j2"),
    *("game.css", "game.html.j2"),
    *("forecast.css", "forecast.html.j2", "backtest.html.j2", "camps_ahead.html.j2"),
    *("comparators.css", "comparators.html.j2", "comparators.js", "signs.html.j2"),
}
UPSTREAM_MAP = "countries-10m.json of world-atlas 2.0.2 on npm"
UPSTREAM_MAP_HASH = "3bc6f1d367a9bcec479841bae0e76092f512838411d0cef124e92eec4db45f79"


def test_every_foreign_file_has_the_hash_that_was_noted_when_it_was_taken() -> None:
    noted = dict(reversed(line.split()) for line in (ASSETS / "SHA256SUMS").read_text().splitlines())
    assert set(noted) == {path.name for path in ASSETS.iterdir()} - OWN
    for name, expected in noted.items():
        assert sha256((ASSETS / name).read_bytes()).hexdigest() == expected, name


def test_who_could_pass_has_the_same_colours_in_story_monitor_sheet_and_desk() -> None:
    """A reader goes from one page to the other."""
    styles = [ASSETS / "monitor.css", ASSETS / "onepage.css", ASSETS.parents[1] / "desk/static/desk.css"]
    for path in styles:
        found = dict(re.findall(r"\.s-(\w+) { fill: (#\w+); background: \2; }", path.read_text()))
        assert {**found, **PASS_COLOURS} == found, path.name


def test_the_packed_map_is_the_published_one() -> None:
    unpacked = gzip.decompress((ASSETS / "countries-10m.json.gz").read_bytes())
    assert sha256(unpacked).hexdigest() == UPSTREAM_MAP_HASH, UPSTREAM_MAP


def test_licences_are_there_and_name_their_authors() -> None:
    assert "MapLibre contributors" in (ASSETS / "maplibre-gl.LICENSE.txt").read_text()
    assert "Michael Bostock" in (ASSETS / "world-atlas.LICENSE.txt").read_text()


def test_own_page_parts_name_no_address_to_load_from() -> None:
    for name in OWN - {"SHA256SUMS"}:
        addresses = re.findall(r"(?:https?:)?//[\w.-]+\.\w+", (ASSETS / name).read_text())
        assert set(addresses) <= {"http://www.w3.org"}, name
