"""Shipped cases: every row says where it comes from and who says so; the page about case folders tells the truth."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.ledger import CLAIMS
from safeconduct.scenario import (
    MODEL_PARAMETERS,
    QUANTITIES,
    TIMELINE_TABLES,
    check_case,
    list_cases,
    read_case,
    shipped_cases,
)
from safeconduct.scenario.files.tables import EVENT_KINDS, TABLES
from safeconduct.terms import Table

PAGE = (Path(__file__).parents[2] / "docs" / "case-folder.md").read_text(encoding="utf-8")
KEYS = [summary.key for summary in list_cases()]
VERDICTS = (
    "blockade", "ethnic cleansing", "genocide", "anti-terror", "terrorist", "liberat", "occupied", "occupation",
    "aggress", "regime", "invasion", "separatist",
)  # fmt: skip


def rows(key: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every row of every table of a shipped case, with where it stands."""
    for path in sorted((shipped_cases() / key).glob("*.csv")):
        if path.name in {table.file for table in (*TABLES, *TIMELINE_TABLES, CLAIMS)}:
            with path.open(encoding="utf-8", newline="") as file:
                lines = (line for line in file if not line.startswith('"# '))
                for number, row in enumerate(csv.DictReader(lines), start=2):
                    yield f"{path.name}:{number}", row


def test_both_cases_are_shipped() -> None:
    """The invented one for trying things, and the first real one."""
    assert {"demo-valley", "karabakh-2023"} <= set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_shipped_case_has_no_fault_and_no_warning(key: str) -> None:
    """What comes with the package is an example of how it should be."""
    assert check_case(key) == ()


@pytest.mark.parametrize("key", KEYS)
def test_every_row_says_where_it_comes_from(key: str) -> None:
    """Source and reporter are filled in every row, if only with the word assumed."""
    found = list(rows(key))
    assert len(found) > 30
    bare = [where for where, row in found if not row.get("source", row.get("source_title", "")).strip()]
    assert bare + [where for where, row in found if not row["reporter"].strip()] == []


@pytest.mark.parametrize("key", KEYS)
def test_every_parameter_says_where_it_comes_from(key: str) -> None:
    """Unit and source of each, the model's own included."""
    for parameter in read_case(key).parameters.values():
        assert parameter.unit and parameter.source and parameter.prior.kind, parameter.name


@pytest.mark.parametrize("key", KEYS)
def test_our_own_words_give_no_verdict(key: str) -> None:
    """Parties' words stand only in titles and addresses of sources, never in names, notes or the case's own text."""
    ours = [read_case(key).about, *(p.note + p.source for p in read_case(key).parameters.values())]
    ours += [" ".join(row.get(name, "") for name in ("name", "id", "note", "remark")) for _, row in rows(key)]
    assert [text for text in ours for word in VERDICTS if word in text.lower()] == []


def test_places_in_dispute_carry_both_names() -> None:
    """Where a place lies on the way out, its other name is given unless none was found or both write the same."""
    case = read_case("karabakh-2023")
    homes = {row.place for row in case.people}
    without = [place.name for place in case.places if place.key in homes and not place.other_name]
    assert set(without) <= {"Berkadzor", "Sos"}
    assert case.place("stepanakert").both_names == "Stepanakert / Khankendi"


def test_the_prior_of_those_present_does_not_come_from_the_outcome() -> None:
    """105,000 with a standard deviation of 10,000, said to be contested; weights are counts of before 2020."""
    present = read_case("karabakh-2023").parameters["persons_present"]
    assert (present.prior.kind, present.prior.arguments) == ("normal", (105000, 10000))
    assert "contested" in present.source and "120,000" in present.note and "25,000" in present.note


@pytest.mark.parametrize("table", (*TABLES, *TIMELINE_TABLES, CLAIMS), ids=lambda table: table.file)
def test_the_page_names_every_column(table: Table) -> None:
    """Name, unit and need of each column stand in the page as they stand in the code, in the same order."""
    start = PAGE.index(f"### `{table.file}`")
    section = PAGE[start : PAGE.find("\n### ", start + 4)]
    written = re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \| (.*) \|$", section, flags=re.MULTILINE)
    assert written == [(c.name, c.need.value, c.unit or "-", c.meaning) for c in table.columns]


def test_the_page_names_every_event_kind_and_quantity() -> None:
    """With what an event's value means, and each quantity's subject and unit."""
    for name, kind in EVENT_KINDS.items():
        assert f"| `{name}` | {kind.target} | {kind.value or '-'} | {kind.to or '-'} |" in PAGE
    for quantity, (subject, unit) in QUANTITIES.items():
        assert f"| `{quantity}` | {subject} | {unit} |" in PAGE


def test_the_model_has_units_and_sources_for_its_own_parameters() -> None:
    """None is empty, and no name comes twice."""
    assert len({parameter.name for parameter in MODEL_PARAMETERS}) == len(MODEL_PARAMETERS)
    assert all(parameter.unit and parameter.source for parameter in MODEL_PARAMETERS)
