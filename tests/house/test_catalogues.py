"""The story page's catalogues are what `make messages` makes: each holds every sentence, and its .mo is its .po."""

from __future__ import annotations

import ast
import re
import tomllib
from gettext import GNUTranslations
from pathlib import Path

import pytest

from safeconduct.findings.story.words import DOMAIN, LANGUAGES, sentences

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "src/safeconduct/findings/story/locale"
ENTRY = re.compile(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n)+)', re.MULTILINE)
OTHERS = [key for key, _ in LANGUAGES[1:]]


def entries(language: str) -> dict[str, str]:
    """English sentence -> its translation, of the text that translators edit; the header apart."""
    text = (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po").read_text("utf-8") + "\n"
    found = {plain(key): plain(said) for key, said in ENTRY.findall(text)}
    return {key: said for key, said in found.items() if key}


def plain(quoted: str) -> str:
    """What the quoted lines of an entry say: their escapes are those of Python's strings."""
    return "".join(ast.literal_eval(line) for line in quoted.splitlines())


def test_the_folder_holds_the_languages_of_the_page() -> None:
    assert sorted(path.name for path in LOCALE.iterdir()) == sorted(OTHERS)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_holds_every_sentence_and_no_other(language: str) -> None:
    assert set(entries(language)) == set(sentences())


@pytest.mark.parametrize("language", OTHERS)
def test_what_the_program_reads_is_what_translators_wrote(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        read = GNUTranslations(file)
    for key, said in entries(language).items():
        assert said and read.gettext(key) == said, f"{key!r}: run make messages"


def test_make_messages_takes_the_sentences_from_the_page() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]
    module, name = told["extractors"]["story"].split(":")
    assert hasattr(__import__(module, fromlist=[name]), name)
    assert "messages: setup" in (ROOT / "Makefile").read_text("utf-8")
