"""What readers see gives no verdict, names no role of the theory, and calls a place by both its names.

Attributed words stand apart: titles of sources (`<cite>`), quotations and addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from safeconduct.app import main
from safeconduct.scenario import Role, Scenario, read_case
from safeconduct.terms import role_words_in, verdict_words_in

ROOT = Path(__file__).parents[2]
CASES = ("karabakh-2023", "demo-valley")
ON_THEORY = ("game.md", "accounts.md")  # pages of the docs on the theory itself
SHOWN = ("title", "aria-label", "data-label", "alt")  # attributes that a reader sees or hears
ATTRIBUTED = {"script", "style", "cite"}
VOID = {"meta", "input", "br", "path", "circle", "link"}
SOURCE_LINE = re.compile(r"source: .*?(?=\n[│ ]*[├└]|\Z)", re.DOTALL)  # of a trace: a title and its address


class OwnTexts(HTMLParser):
    """The texts of a page, other people's words and licences apart; drawings apart where names are looked at."""

    def __init__(self, page: str, *, drawings: bool) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.apart = ATTRIBUTED if drawings else ATTRIBUTED | {"svg"}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in SHOWN and value]
        if tag not in VOID:
            self.open.append("style" if ("class", "licences") in attrs else tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.apart & set(self.open):
            self.texts.append(" ".join(data.split()))


@pytest.fixture(scope="module", params=CASES)
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, Scenario]:
    """A run of a shipped case: its report, what the terminal said, and the case."""
    folder = tmp_path_factory.mktemp("out") / "run"
    said = CliRunner().invoke(main, ["run", request.param, "--runs", "1", "--workers", "1", "--out", str(folder)])
    assert said.exit_code == 0, said.output
    return (folder / "report.html").read_text(encoding="utf-8"), said.output, read_case(request.param)


def words_found(texts: list[str]) -> list[tuple[str, str]]:
    """Each verdict or role in our own texts, with the text."""
    return [(word, text[:200]) for text in texts for word in (*verdict_words_in(text), *role_words_in(text))]


def test_the_report_gives_no_verdict_and_names_no_role(outcome: tuple[str, str, Scenario]) -> None:
    page, said, _ = outcome
    texts = OwnTexts(page, drawings=True).texts
    assert len(texts) > 500
    assert words_found([*texts, said]) == []


def test_what_the_page_says_in_its_own_words_is_looked_at() -> None:
    """The reader of pages sees a verdict in text, titles and drawings, and leaves out what is attributed."""
    page = '<p title="a regime">the regime<cite>a regime</cite><svg><text>regime</text></svg><br>invasion</p>'
    assert [word for word, _ in words_found(OwnTexts(page, drawings=True).texts)] == ["regime"] * 3 + ["invasion"]


def one_name_only(scenario: Scenario, text: str) -> Iterator[str]:
    """Places with two known names that a text calls by the first alone."""
    for place in sorted(scenario.places, key=lambda place: -len(place.name)):
        text = text.replace(place.both_names, "")  # longest first, as one name may hold another
    for place in scenario.places:
        if place.both_names != place.name and place.other_name not in text:
            yield from re.findall(rf"(?<!\w){re.escape(place.name)}(?!\w)", text)


def test_places_are_called_by_both_names(outcome: tuple[str, str, Scenario]) -> None:
    """Names of regions and of reporters, and what a case file says in its own notes, are left as they are."""
    page, _, case = outcome
    regions = {place.region for place in case.places}
    noted = [case.about, *(p.note for p in case.parameters.values()), *(e.note for e in case.events)]
    noted = [" ".join(note.split()) for note in noted]
    said_by = {claim.reporter for claim in case.ledger.claims}
    found = [
        (name, text)
        for text in OwnTexts(page, drawings=False).texts
        if text not in regions and not any(text in note for note in noted)
        for name in one_name_only(case, text)
        if not any(f"{region} region" in text or f": {region}" in text for region in regions if region == name)
        and not any(text.startswith(reporter) for reporter in said_by)
    ]
    assert found == []
    for place in case.places:
        assert place.both_names in page or place.role is Role.JUNCTION  # where nobody ever is
        has_two = place.both_names != place.name
        assert (place.name in one_name_only(case, f"the road to {place.name}, closed")) == has_two


COMMANDS = (
    "cases",
    "check karabakh-2023",
    "ledger conflicts --limit 0",
    "ledger list --limit 0",
    "ledger list --left-out",
    "ledger show residents",
    "ledger trace persons_arrived",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_terminal_gives_no_verdict_and_names_no_role(command: str) -> None:
    said = CliRunner().invoke(main, command.split())
    assert said.exit_code == 0
    assert words_found([SOURCE_LINE.sub("", said.output)]) == []


@pytest.mark.parametrize("path", [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"], ids=lambda p: p.name)
def test_the_documents_give_no_verdict_and_name_roles_only_on_pages_on_theory(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert verdict_words_in(text) == ()
    assert path.name in ON_THEORY or role_words_in(text) == ()
