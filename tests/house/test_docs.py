"""The documentation is held to the code: what it lists exists, and what exists is listed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
sys.path.append(str(DOCS))
import from_code  # noqa: E402  # a file of the docs, not of the package

PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)


def listed(page: Path) -> set[Path]:
    """The pages that a page's tables of contents name."""
    found: set[Path] = set()
    for block in re.findall(r"```{toctree}\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.S):
        names = [line.strip() for line in block.splitlines() if line.strip() and not line.startswith(":")]
        for name in names:
            matches = set(page.parent.glob(f"{name}.md"))
            assert matches, f"{page.name} lists {name}, which does not exist"
            found |= matches
    return found


def test_every_page_is_listed_once_and_exists() -> None:
    """From the index every page can be reached, and nothing is listed that is not there."""
    reached, new = set(), {DOCS / "index.md"}
    while new:
        reached |= new
        new = set().union(*(listed(page) for page in new)) - reached
    lost = sorted(str(page.relative_to(DOCS)) for page in set(PAGES) - reached)
    assert not lost, f"no table of contents names {', '.join(lost)}; list each in docs/index.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """Each relative link or picture of a page names a file that exists."""
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    lost = [link for link in links if not (page.parent / link).exists()]
    assert not lost


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_code_that_pages_name_exists(page: Path) -> None:
    """A path in the text, such as `tests/known/theory.py`, is that of a file of the project."""
    named = re.findall(r"`((?:src|tests|docs|benchmarks|changes)/[\w./-]+)`", page.read_text(encoding="utf-8"))
    lost = [name for name in named if not (ROOT / name).exists()]
    assert not lost


def test_one_step_names_the_phases_in_order() -> None:
    """The page reads ORDER; each phase says in one sentence what it does."""
    from safeconduct.engine import ORDER

    rows = from_code.one_step().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == [phase.__name__ for phase in ORDER]
    for phase in ORDER:
        assert from_code.first_sentence(phase.__doc__).endswith("."), f"{phase.__name__} says nothing of itself"
    assert "{from-code} one_step" in (DOCS / "one-step.md").read_text(encoding="utf-8")


def test_every_parameter_has_a_unit_a_range_and_a_source() -> None:
    """The table shows them all; none has an empty unit or source."""
    from safeconduct.scenario import MODEL_PARAMETERS, TIMELINE_PARAMETERS

    shown = from_code.parameters()
    for parameter in (*MODEL_PARAMETERS, *TIMELINE_PARAMETERS):
        assert f"| `{parameter.name}` " in shown
        assert parameter.unit.strip() and parameter.source.strip(), parameter.name


def test_every_command_and_option_is_documented() -> None:
    """The page reads the command line, so each command and option must explain itself there."""
    shown = from_code.commands()
    tree = from_code.command_tree()
    assert {"safeconduct run", "safeconduct check", "safeconduct cases", "safeconduct fit"} <= {n for n, _ in tree}
    for name, command in tree:
        assert (command.help or "").strip(), f"{name} has no help"
        assert name in shown
        silent = [p.name for p in command.params if p.param_type_name == "option" and not (p.help or "").strip()]
        assert not silent, f"{name}: no help for {silent}"


def test_open_places_are_listed() -> None:
    """As many rows as the source has comments that say OPEN."""
    n = sum(
        "OPEN:" in line
        for path in (ROOT / "src").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
    )
    assert from_code.open_places().count("\n| `") == n


def test_sections_used_by_pages_exist() -> None:
    """No page asks for a section that `from_code.py` does not give, and none is left unused."""
    used = {name for page in PAGES for name in re.findall(r"{from-code} (\w+)", page.read_text(encoding="utf-8"))}
    assert used == set(from_code.SECTIONS)


def test_every_locked_package_has_its_licence_listed() -> None:
    """docs/licences.md, made by `make licences`, names each package of the lock file."""
    import licences

    page = (DOCS / "licences.md").read_text(encoding="utf-8")
    missing = sorted({name for name, _ in licences.locked() if f"| `{name}` |" not in page})
    assert licences.locked() and not missing, f"run make licences: {', '.join(missing)}"


def test_readme_starts_with_two_commands_and_is_short() -> None:
    """Under 60 lines, one picture, and a first block of two commands within the first 20 lines."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert len(lines) < 60
    assert len(re.findall(r"!\[", text)) == 1
    block = re.search(r"```\w*\n(.*?)```", text, flags=re.S)
    assert block and text[: block.start()].count("\n") < 20
    commands = [line for line in block[1].splitlines() if line.strip() and not line.startswith("#")]
    assert len(commands) == 2 and any("make run" in line for line in commands)


def test_every_change_is_one_sentence_or_more() -> None:
    """Each fragment in changes/ ends as a sentence does, so that the changelog can be built from them."""
    fragments = [path for path in (ROOT / "changes").glob("*.md") if path.name != "README.md"]
    texts = {path.name: path.read_text(encoding="utf-8").strip() for path in fragments}
    assert [name for name, text in texts.items() if not re.search(r"[.)`]$", text) or len(text.split()) < 3] == []
