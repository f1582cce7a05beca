"""Accounts of the shipped cases: all are there, all sides' acts are rows, no verdict and no role in our own words."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from test_neutral import OwnTexts, words_found

from safeconduct.accounts import Expects, Seen
from safeconduct.accounts.file import AccountSpec, CoderSpec, FileSpec, HolderSpec, ObservationSpec, WaySpec
from safeconduct.accounts.record import Rule
from safeconduct.findings.accounts.accounts import AccountView, counts_table, summary, view_accounts
from safeconduct.findings.accounts.page import write_accounts
from safeconduct.scenario import shipped_cases

ROOT = Path(__file__).parents[2]
FIRST = "karabakh"
CASES = tuple(sorted(path.parent.name for path in shipped_cases().glob("*/accounts.yaml")))


@pytest.fixture(scope="module", params=CASES)
def view(request: pytest.FixtureRequest) -> AccountView:
    """The accounts of a shipped case."""
    return view_accounts(shipped_cases() / request.param)


@pytest.fixture(scope="module")
def real() -> AccountView:
    """The accounts of the first real case."""
    return view_accounts(shipped_cases() / FIRST)


def test_page_and_terminal_give_no_verdict_and_name_no_role(view: AccountView, tmp_path: Path) -> None:
    """Words of claims and titles of sources stand in <cite>; holders' own words in quotation marks."""
    page = write_accounts(view, tmp_path).read_text(encoding="utf-8")
    head, tables, tail = summary(view)
    said = [*head, *tail, *(cell for table in tables for row in table.rows for cell in row)]
    assert words_found([*OwnTexts(page, drawings=True).texts, *said]) == []


def test_every_account_of_the_record_is_there_with_its_holders(real: AccountView) -> None:
    """All 21; the last holds two opposite positions and is two."""
    with (shipped_cases() / FIRST / "codings" / "accounts.csv").open(encoding="utf-8", newline="") as rows:
        ids = {row["id"] for row in csv.DictReader(rows) if row["id"].startswith("AC")}
    assert len(ids) == 21
    assert {key.rstrip("ab") for key in real.case.accounts} == ids
    assert all(holder.who and holder.claims for one in real.case.accounts.values() for holder in one.held_by)


def test_every_cell_says_who_coded_it_and_why(view: AccountView) -> None:
    """Each account has a cell in each row by each coder who read it; none is empty."""
    case = view.case
    assert set(case.cells) == {(c, a, row) for a, c in view.table.readings for row in case.observations}
    assert {account for account, _ in view.table.readings} == set(case.accounts)
    assert all(cell.why.strip() for cell in case.cells.values())


def test_rows_hold_the_acts_of_all_parties(real: AccountView) -> None:
    about = Counter(key for row in real.case.observations.values() for key in row.about)
    assert min(about[key] for key in ("armenia", "azerbaijan", "local_authorities", "russia", "residents")) >= 4
    assert about["european_union"] and about["turkey"] and about["united_nations"]


def test_rows_that_somebody_reports_name_who_does(view: AccountView) -> None:
    """A row without a claim is one that nobody looked up."""
    bare = [key for key, row in view.case.observations.items() if not row.claims]
    assert all(view.table.record[key].seen == "not looked up" for key in bare)


def test_most_accounts_have_a_row_that_could_stand_against_them(real: AccountView) -> None:
    """Where none does under any coding, few rows speak of the account at all, or none of those reported."""
    counts = [counts for way in real.by_way.values() for counts in way]
    unopposed = {one.account for one in counts} - {one.account for one in counts if one.against}
    assert unopposed <= {"AC10", "AC17", "AC19"}


def test_merging_of_actors_is_printed(real: AccountView) -> None:
    """The local authorities are no part of the state unless the coding says so, and then it is told."""
    assert "armenia" in real.monitor.actors and "local_authorities" in real.monitor.actors
    for way in real.case.ways:
        chosen = AccountView(real.monitor, real.case, way)
        head = "\n".join(summary(chosen)[0])
        assert [keys for _, keys in way.merged if "local_authorities" in keys]
        assert "merges actors" in head and "Local authorities" in head and "Armenia" in head


def test_nothing_is_ranked(view: AccountView) -> None:
    """The table stands in the order of the case."""
    shown = [row[0].split()[0] for row in counts_table(view).rows if row[1]]
    assert shown == [account for account, _ in view.table.readings]
    silent = [key for key, cell in view.case.cells.items() if cell.expects is Expects.SILENT]
    assert silent


def test_the_page_of_the_docs_holds_the_figures_of_the_table(real: AccountView) -> None:
    """Each account's counts under each way of reading, how many rows are open, and what single changes do."""
    page = " ".join((ROOT / "docs" / "karabakh-accounts.md").read_text(encoding="utf-8").split())
    for place, one in enumerate(real.table.counts):
        pairs = [f"{counts[place].as_predicted} : {counts[place].against}" for counts in real.by_way.values()]
        n_open = sum(map(sum, (one.disputed, one.not_looked_up, one.none_found)))
        assert " | ".join([real.case.accounts[one.account].title, *pairs, str(n_open)]) in page
    seen, firm = Counter(told.seen for told in real.table.record.values()), real.firm
    n_told = seen[Seen.YES] + seen[Seen.NO]
    assert f"Of {len(real.case.observations)} rows {n_told} are reported one way, {seen[Seen.DISPUTED]} are" in page
    assert f"{seen[Seen.NOT_LOOKED_UP]} were never looked up, and for {seen[Seen.NONE_FOUND]} something" in page
    assert f"was tried: {len(firm.flips):,}." in page
    assert f"Of {firm.n_pairs} pairs of accounts that answer the same question, {firm.n_ordered} stand" in page
    assert f"for {firm.n_firm} of these no single cell" in page
    orders = [real.case.table(way.key).order for way in real.case.ways]
    alike = [pair for pair, sign in orders[0].items() if sign and all(order[pair] == sign for order in orders)]
    assert f"{len(alike)} stand in the same order under all four readings" in page
    blunt = [one for one in real.table.observations if real.table.record[one].seen.is_told]
    blunt = [one for one in blunt if not real.table.apart(one).n_pairs]
    assert (len(blunt), "Twenty-four of the reported rows separate no pair" in page) == (24, True)


def test_the_page_on_the_form_names_every_part_of_it() -> None:
    """Each field of accounts.yaml, each record and each rule of a count stands in docs/accounts.md."""
    page = (ROOT / "docs" / "accounts.md").read_text(encoding="utf-8")
    specs = (FileSpec, CoderSpec, WaySpec, AccountSpec, HolderSpec, ObservationSpec, Rule)
    parts = {field.alias or name for spec in specs for name, field in spec.model_fields.items()}
    assert sorted(part for part in parts | set(Seen) if f"`{part}" not in page) == []


def test_acts_that_are_counted_are_those_of_the_actors_that_the_coding_names(real: AccountView) -> None:
    """Roles are part of a coding: whose acts and whose answers a reading looks at is said, and holds."""
    names = {name: key for key, actor in real.monitor.actors.items() for name in (*actor.called, actor.name)}
    names |= {"Russian Federation": "russia"}
    for way in real.case.ways:
        assert way.coding is not None
        moves = {names[act.actor] for act in way.coding.acts if act.kind == "move"}
        answers = {names[act.actor] for act in way.coding.acts if act.kind == "answer"}
        assert (moves, answers) == (set(way.roles["acts looked at"]), set(way.roles["answers looked at"]))
