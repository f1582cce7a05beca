"""What ships with the report is what its authors published, licence beside it; and nothing of it is fetched later."""

from __future__ import annotations

import gzip
import re
from hashlib import sha256
from pathlib import Path

from safeconduct.ledger import PASSES

ASSETS = Path(__file__).parents[2] / "src/safeconduct/findings/assets"
OWN = {
    "colours.css",
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
    """A reader goes from one page to the other: one file gives these colours, and no other rule does."""
    package = ASSETS.parents[1]
    rules = re.compile(r"\.s-(\w+) {[^}]*(?:fill|background): ([^;]+);")
    found = {path.name: dict(rules.findall(path.read_text("utf-8"))) for path in package.rglob("*.css")}
    assert {name for name, of in found.items() if of.keys() & set(PASSES)} == {"colours.css"}
    assert {key: value for key, value in found["colours.css"].items() if key in PASSES} == {
        key: f"var(--pass-{key})" for key in PASSES
    }


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


def test_colours_stand_in_one_file() -> None:
    """A style sheet, script, template or chart names a colour of colours.css; white is white everywhere."""
    package = ASSETS.parents[1]
    parts = [path for end in ("css", "js", "j2") for path in package.rglob(f"*.{end}")] + [
        *package.glob("findings/**/chart*.py"), *package.glob("findings/story/*.py"),
    ]  # fmt: skip
    ours = [path for path in parts if "maplibre" not in path.name and path.name not in ("htmx.min.js", "colours.css")]
    literal = re.compile(r"(?<!&)#(?!fff\b)(?:[\da-f]{6}|[\da-f]{3})\b(?!;)|[: ]#(?!fff)[\da-f]{3,6};", re.IGNORECASE)
    assert len(ours) > 30
    assert {path.name: found for path in ours if (found := literal.findall(path.read_text("utf-8")))} == {}


def test_every_colour_that_is_named_is_there_and_every_one_there_is_used() -> None:
    package = ASSETS.parents[1]
    there = set(re.findall(r"--([\w-]+): #", (ASSETS / "colours.css").read_text()))
    texts = [path.read_text("utf-8") for end in ("css", "js", "j2", "py") for path in package.rglob(f"*.{end}")]
    for name in there:
        part = re.sub(r"-[^-]+$", "-", name) if name.startswith(("side-", "pass-")) else name
        assert any(re.search(rf"""(?:var\(--|["'`{{]){part}""", text) for text in texts), name
    own = {"text", "title", "bar", "sheet", "fit", "room", "type"}  # fonts and sizes
    named = {name for text in texts for name in re.findall(r"var\(--([\w-]+)\)", text)}
    assert named - own <= there
