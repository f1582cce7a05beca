"""No country, place or party in the code, no verdicts or private terms in our own texts, no path of one machine."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "safeconduct"
TEXT = (".py", ".html", ".j2", ".jinja", ".js", ".toml", ".md", ".txt")
INVENTED = ("demo-valley", "template")
SURNAMES = {"Kish"}  # also a statistician (effective sample size, 1965)

# Countries, peoples and parties of the conflicts that this and neighbouring projects have worked on.
NAMED = """
    Armenia Armenian Armenians Azerbaijan Azerbaijani Azerbaijanis Karabakh Artsakh Yerevan Baku
    Stepanakert Khankendi Lachin Hakari Goris Kornidzor Russia Russian Russians Moscow Kremlin
    Turkey Turkish Ankara Iran Iranian Georgia Georgian Abkhazia Ossetia Transnistria Moldova
    Ukraine Ukrainian Ukrainians Kyiv Kiev Poland Polish Hungary Romania Slovakia Kosovo Serbia
    Serbian Bosnia Syria Syrian Mali Malian Burundi Sudan Sudanese Ethiopia Tigray Gaza Israel
    Israeli Palestine Palestinian Hamas Lebanon Hezbollah Yemen Houthi Iraq Afghanistan Taliban
    Cyprus Kashmir Rwanda Congo Myanmar Rohingya
"""

VERDICTS = """
    genocide genocidal ethnic_cleansing blockade terrorist terrorists anti-terrorist liberated
    liberation occupiers aggressor aggression regime puppet separatists separatist invaders invasion
    illegal massacre atrocity betrayal betrayed heroic martyrs
"""
VERDICT_WORDS = [word.replace("_", " ") for word in VERDICTS.split()]


def own_texts() -> list[Path]:
    """Files of the package; not cases, not others' work, which is kept with its licence beside it."""
    return sorted(
        path
        for path in PACKAGE.rglob("*")
        if path.suffix in TEXT
        and "cases" not in path.relative_to(PACKAGE).parts[:-1]
        and not any(path.name.startswith(f.name.split(".LICENSE")[0]) for f in path.parent.glob("*.LICENSE*"))
    )


def place_names() -> set[str]:
    """Every name of a place of the shipped cases, invented cases apart."""
    names: set[str] = set()
    for table in PACKAGE.glob("cases/*/places.csv"):
        if table.parent.name not in INVENTED:
            with table.open(encoding="utf-8", newline="") as lines:
                names |= {row[column] for row in csv.DictReader(lines) for column in ("name", "other_name")}
    return {name for name in names if len(name) > 3}


@cache
def parts_of(text: str) -> frozenset[str]:
    """Runs of letters in a text, in small ones; letters that a search without case takes for one another are one."""
    return frozenset(re.findall(r"\w+", text.replace("ı", "i").replace("İ", "i").casefold()))


def found_in(path: Path, words: list[str]) -> list[str]:
    """Where whole words stand in a file, whatever their case; only words whose parts all stand there are looked for."""
    text = path.read_text(encoding="utf-8")
    there = parts_of(text)
    words = [word for word in words if parts_of(word) <= there]
    if not words:
        return []
    wanted = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, words)) + r")(?![\w-])", re.IGNORECASE)
    lines = text.splitlines()
    return [f"{path.relative_to(ROOT)}:{n}: {m[0]}" for n, line in enumerate(lines, 1) for m in wanted.finditer(line)]


def test_no_country_place_or_party_is_named_in_the_code() -> None:
    """A case folder holds all of that; the code works for any."""
    words = sorted({*NAMED.split(), *place_names()} - SURNAMES)
    found = [place for path in own_texts() for place in found_in(path, words)]
    assert not found, "\n".join(found)


DOCUMENTS = [*sorted((ROOT / "docs").rglob("*.md")), *ROOT.glob("*.md")]


@pytest.mark.parametrize("path", [*own_texts(), *DOCUMENTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_our_own_texts_give_no_verdicts(path: Path) -> None:
    """Parties' own words appear as quotations with their speaker, in case folders; not here."""
    found = found_in(path, VERDICT_WORDS)
    assert not found, "\n".join(found)


# Private terms and figures of speech of older versions, and what stands instead.
PLAIN = {
    "somebody": "a person, a party", "nobody": "no one, not", "whoever": "those who", "hardly": "little, few",
    "foretold": "predicted", "foretell": "predict", "foretells": "predicts", "refuses to know": "does not know",
    "levers": "sensitivity", "twins": "paired runs", "birth record": "provenance",
    "diary": "calendar queue", "roof": "shelter", "roofs": "shelters",
    "what was told": "what was reported", "told of": "reported of", "told at once": "reported at once",
}  # fmt: skip
CATEGORY = re.compile(r'.*(?:everyone|force, nobody).*|"nobody"|(?<=,)nobody(?=,)')  # a word of some tables' columns
OF_ARTICLES = ("reading/sentence", "reading/words", "reading/data")  # they hold the words that articles use


def sentences_of(path: Path) -> Iterator[tuple[int, str]]:
    """Line number and text of what people read in a file: of Python, docstrings, messages and comments."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        said = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text)
        yield from enumerate(said.splitlines(), 1)
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield from enumerate(node.value.splitlines(), node.lineno)
    yield from ((n, line.partition("# ")[2]) for n, line in enumerate(text.splitlines(), 1) if "# " in line)


def is_plain_file(path: Path) -> bool:
    """Whether the file speaks in our own words only."""
    return not any(part in path.as_posix() for part in OF_ARTICLES) and path.name != "CHANGELOG.md"


@pytest.mark.parametrize(
    "path", filter(is_plain_file, [*own_texts(), *DOCUMENTS]), ids=lambda path: str(path.relative_to(ROOT))
)
def test_our_own_texts_use_plain_words(path: Path) -> None:
    """Docstrings, messages, pages and docs; `nobody` is a word of some tables' columns and stands beside its others."""
    wanted = re.compile(r"(?<![\w.-])(" + "|".join(PLAIN) + r")(?![\w-])", re.IGNORECASE)
    found = [
        f'{path.relative_to(ROOT)}:{n}: "{m[0]}"; write {PLAIN[m[0].lower()]}'
        for n, line in sentences_of(path)
        for m in wanted.finditer(CATEGORY.sub("", line))
    ]
    assert not found, "\n".join(found)


def test_nothing_names_a_machine_or_how_the_project_was_made() -> None:
    """No path of one machine in what people receive."""
    kept = [
        *own_texts(),
        *DOCUMENTS,
        ROOT / "Makefile",
        ROOT / "pyproject.toml",
        *(ROOT / "changes").glob("*.md"),
    ]
    wrong = re.compile(r"(?<![\w.])/(work|opt|tmp|home|root)/|\.\./shared")
    found = [
        f"{path.relative_to(ROOT)}:{n}"
        for path in kept
        if path.exists()
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if wrong.search(line)
    ]
    assert not found, "\n".join(found)
