"""What the interface says, in English and in the languages of the catalogue.

English sentences are the keys. They stand in the scripts as t("..."), in the template as _('...') and in the tables of
tracks and groups; catalogues are gettext's. Reports are never translated: they stay as said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import translation
from importlib.resources import files
from pathlib import Path

from safeconduct.findings.story.sides import REST
from safeconduct.findings.story.tracks import TRACKS
from safeconduct.ledger import PASSES

LANGUAGES = (("en", "English"), ("ru", "Русский"), ("fr", "Français"))
DOMAIN = "story"
IN_SCRIPT = re.compile(r'\bt0?\("((?:[^"\\]|\\.)+)"')
IN_TEMPLATE = re.compile(r"\b_\('([^']+)'\)")
TABS = (("path", "Path"), ("day", "This day"), ("source", "Source"), ("whatif", "And if?"))
STATUSES = (
    "reported met",
    "reported partly met",
    "reported not met",
    "disputed",
    "reported otherwise",
    "no report says how it stands",
)
KINDS = ("figure", "act", "status", "statement", "prediction")
CONSEQUENCES = ("killed", "injured", "displaced", "hours closed")


def assets() -> Path:
    """The folder of the page's own parts."""
    return Path(str(files("safeconduct.findings.story") / "assets"))


def script() -> str:
    """The page's script: its parts in the order of their numbers, in a scope of their own."""
    parts = [path.read_text("utf-8") for path in sorted(assets().glob("*.js"))]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();\n"


def sentences() -> tuple[str, ...]:
    """Every English sentence or word of the interface."""
    own = (
        *(word for track in TRACKS for word in (track.title, track.about, track.unit)),
        *(lane.label for track in TRACKS for lane in track.lanes),
        *(label for _, label in REST),
        *PASSES.values(),
        *(words for _, words in TABS),
        *STATUSES,
        *KINDS,
        *CONSEQUENCES,
    )
    template = (assets() / "story.html.j2").read_text("utf-8")
    found = (*IN_SCRIPT.findall(script()), *IN_TEMPLATE.findall(template), *own)
    return tuple(dict.fromkeys(word for word in found if word))


def extracted(*_: object, **options: object) -> Iterator[tuple[int, str, str, list[str]]]:
    """Those sentences as Babel asks for them, which makes the catalogues: `make messages`."""
    for word in sentences():
        yield 1, "gettext", word, []


def catalogue() -> dict[str, dict[str, str]]:
    """English sentence -> the same in each other language."""
    folder = files("safeconduct.findings.story") / "locale"
    found: dict[str, dict[str, str]] = {"en": {}}
    for language, _ in LANGUAGES[1:]:
        said = translation(DOMAIN, str(folder), [language], fallback=True).gettext
        found[language] = {word: said(word) for word in sentences() if said(word) != word}
    return found
