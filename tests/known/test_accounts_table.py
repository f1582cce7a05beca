"""Accounts by observations: counts worked out by hand, what tells apart, and what one other code would change.

The tiny table. Rows a (reported so), b (reported otherwise), c (disputed), d (never looked up), e (none found).
    x (one coder):  a likely, b likely, c likely, d unlikely, e silent   -> 1 as predicted, 1 against, +1-0, +0-1
    y (one coder):  a unlikely, b unlikely, c silent, d silent, e likely -> 1 as predicted, 1 against, none found +1-0
    z (other question): a likely, else silent                            -> 1 as predicted, 0 against
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from csv import DictReader
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from safeconduct.accounts import Account, AccountRow, AccountTable, Cell, Expects, Reported, Seen, all_flips
from safeconduct.app import main
from safeconduct.app.commands.accounts import game_coding
from safeconduct.findings.accounts.accounts import AccountView, counts_table, summary, view_accounts
from safeconduct.scenario import shipped_cases

CASES = shipped_cases()
RECORD = {"a": Seen.YES, "b": Seen.NO, "c": Seen.DISPUTED, "d": Seen.NOT_LOOKED_UP, "e": Seen.NONE_FOUND}
CODES = {"x": "+++-0", "y": "--00+", "z": "+0000"}
MEANS = {"+": Expects.LIKELY, "-": Expects.UNLIKELY, "0": Expects.SILENT}


def tiny() -> AccountTable:
    """The table of the first lines."""
    rows = {key: AccountRow(key, "rows", key, "then", (), "told", "", ()) for key in RECORD}
    asks = {"x": "one", "y": "one", "z": "another"}
    accounts = {key: Account(key, key, key, asks[key], key, key, ()) for key in CODES}
    cells = {
        ("me", account, row): Cell(MEANS[code], "by hand")
        for account, codes in CODES.items()
        for row, code in zip(RECORD, codes, strict=True)
    }
    return AccountTable(accounts, rows, cells, {row: Reported(seen, seen) for row, seen in RECORD.items()})


def test_counts_are_those_worked_out_by_hand() -> None:
    x, y, z = tiny().counts
    assert (x.as_predicted, x.against, x.disputed, x.not_looked_up, x.none_found, x.silent) == (
        1, 1, (1, 0), (0, 1), (0, 0), 1,
    )  # fmt: skip
    assert (y.as_predicted, y.against, y.none_found, y.silent) == (1, 1, (1, 0), 2)
    assert (z.as_predicted, z.against, z.silent) == (1, 0, 4)


def test_a_row_tells_apart_only_accounts_that_answer_one_question() -> None:
    """Row a: likely for x and z, unlikely for y. x and y are a pair; z answers another question."""
    table = tiny()
    assert (table.apart("a").likely, table.apart("a").unlikely, table.apart("a").n_pairs) == (("x", "z"), ("y",), 1)
    assert [one.observation for one in table.most_apart(told=True)] == ["a", "b"]
    assert {one.observation for one in table.most_apart(told=False)} == {"c", "d", "e"}


def test_order_needs_both_counts() -> None:
    """x and y tie; with b silent for x it has nothing against it and stands before y."""
    table = tiny()
    assert table.order == {(0, 1): 0}
    assert table.with_cell(("me", "x", "b"), Expects.SILENT).order == {(0, 1): 1}
    assert table.with_cell(("me", "x", "a"), Expects.SILENT).order == {(0, 1): -1}


def test_every_single_change_is_tried_and_told() -> None:
    """15 cells, two other codes each. Found again by changing the whole table each time."""
    table, firm = tiny(), all_flips(tiny())
    assert len(firm.flips) == 30 and firm.n_pairs == 1 and firm.n_ordered == 0
    for flip in firm.flips:
        other = table.with_cell(flip.key, flip.to)
        assert flip.after == next(one for one in other.counts if one.account == flip.key[1])
        assert bool(flip.undone) == (other.order != table.order)
    row = next(one for one in firm.row_flips if one.row == "a")
    assert (row.to, row.n_counts, row.n_pairs) == (Seen.NO, 3, 1)  # x 0 and 2, y 2 and 0: y now leads


def test_two_coders_count_apart_and_their_differences_are_told() -> None:
    table = tiny()
    second = {("you", "x", row): table.cells["me", "x", row] for row in RECORD}
    second["you", "x", "a"] = Cell(Expects.SILENT, "read otherwise")
    both = replace(table, cells={**table.cells, **second})
    assert [(one.account, one.coder, one.as_predicted) for one in both.counts][:2] == [("x", "me", 1), ("x", "you", 0)]
    assert both.disagreements == (("x", "a"),)
    assert both.apart("a").likely == ("z",)


def printed(view: AccountView) -> str:
    """All that the terminal shows."""
    head, tables, tail = summary(view)
    return "\n".join([*head, *(repr(table) for table in tables), *tail])


def flipped(view: AccountView) -> Iterator[AccountView]:
    """The view under every other code of every single cell."""
    for key, cell in view.case.cells.items():
        for to in Expects:
            if to is not cell.expects:
                cells = {**view.case.cells, key: Cell(to, cell.why)}
                yield replace(view, case=replace(view.case, cells=cells))


def test_flipping_any_one_cell_changes_the_printed_summary() -> None:
    """The whole summary of the invented case; of the real one the counts that it prints."""
    small, large = (view_accounts(CASES / name) for name in ("demo-valley", "karabakh"))
    before = printed(small)
    assert all(printed(other) != before for other in flipped(small))
    counts = counts_table(large)
    assert repr(counts) in printed(large)
    table = large.table
    own = {(one.account, one.coder): one.figures for one in large.table.counts}
    for flip in large.firm.flips:
        coder, account, _ = flip.key
        assert table.with_cell(flip.key, flip.to).count(account, coder).figures != own[account, coder]
    assert len(large.firm.flips) == 2 * len(large.case.cells)


def test_flips_change_the_page_and_its_table_in_the_terminal_alike() -> None:
    """One flip of a real cell: the terminal's row of that account changes, others do not."""
    view = view_accounts(CASES / "karabakh")
    key = ("first", "AC02", "no_aid_sept_2022")
    cells = {**view.case.cells, key: Cell(Expects.UNLIKELY, "otherwise")}
    other = replace(view, case=replace(view.case, cells=cells))
    changed = [a for a, b in zip(counts_table(view).rows, counts_table(other).rows, strict=True) if a != b]
    assert [row[0] for row in changed] == ["AC02 means tied in Ukraine"]


def test_what_was_reported_moves_with_the_coding() -> None:
    """Each way counts acts, names those that count, and says yes where there are any; the broad way finds more."""
    case = view_accounts(CASES / "karabakh").case
    with (CASES / "karabakh" / "codings" / "acts.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["row"] for row in DictReader(lines)}
    named = {}
    for way in case.ways:
        found = case.records[way.key]["enforcement"]
        n, of = map(int, re.match(r"(\d+) of (\d+) acts", found.words).groups())
        named[way.key] = set(re.findall(r"[A-Z]\d+", found.words))
        assert 0 <= n <= of <= len(rows) and (found.seen is Seen.YES) == (n > 0)
        assert named[way.key] <= rows and bool(named[way.key]) == (n > 0)
    assert named["strict"] < named["broad"]


OWN = """
coders:
  me: {name: A reader}
accounts:
  mine:
    title: The weather decided
    short: weather
    explains: why the guard did nothing
    text: Snow kept everybody at home.
    expects: Nobody is at the pass.
    held_by: [{who: A reader}]
cells:
  me:
    mine:
      stood_by: unlikely - nobody could be there
      talked: unlikely - nor talk
      others: silent - says nothing of it
"""


ROW = """observations:
  snow:
    group: Weather
    asks: There was snow.
    when: May 2030
    reported: Nobody looked.
    """


def run(*arguments: str) -> tuple[int, str]:
    """The command as typed: exit code and what it said."""
    done = CliRunner().invoke(main, list(arguments))
    return done.exit_code, done.output


def test_an_account_of_ones_own_appears_everywhere(tmp_path: Path) -> None:
    mine, out = tmp_path / "mine.yaml", tmp_path / "out"
    mine.write_text(OWN)
    code, said = run("accounts", "demo-valley", "--accounts", str(mine), "--out", str(out))
    assert code == 0
    assert "mine weather" in said and "A reader" in said
    page = (out / "accounts.html").read_text()
    assert 'id="a-mine"' in page and "Snow kept everybody at home." in page and "added by the reader" in page
    assert page.count('href="#a-mine"') > 4  # the table's head, rows, counts, what tells apart, flips
    told = json.loads(run("accounts", "demo-valley", "--accounts", str(mine), "--json")[1])
    assert [a["id"] for a in told["accounts"] if a["is_added"]] == ["mine"]
    assert sum(cell["account"] == "mine" for cell in told["cells"]) == len(told["observations"])
    talked = next(row for row in told["observations"] if row["id"] == "talked")
    assert "mine" in talked["unlikely"] and talked["pairs_apart"] == 1  # beside bargain, which holds it likely
    assert any(flip["cell"][1] == "mine" for flip in told["flips"]["cells"])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("likely - nor talk", "likley - nor talk", 'mine.yaml:16: cells.me.mine.talked is "unlikley - nor talk"'),
        ("stood_by:", "stod_by:", "did you mean \"stood_by\""),
        ("      others: silent - says nothing of it\n", "", "no cell for fewer_sent, closed_by_plain, water_deal"),
        ("    short: weather\n", "", "mine.yaml:5: accounts.mine.short is missing"),
        ("  me:\n    mine:", "  you:\n    mine:", "mine.yaml:13: cells.you is \"you\"; expected a coder"),
        ("{who: A reader}]", "{who: A reader, claims: [Z99]}]", '"Z99"; expected the id of a claim'),
        ("  mine:\n    title", "  few:\n    title", "accounts.few is a name that is taken"),
        ("coders:\n", "title: My own\ncoders:\n", "title is given in an added file"),
        ("unlikely - nor talk", "", "cells.me.mine.talked is left empty; expected a valid string"),
        ("cells:\n", ROW + "record: maybe\ncells:\n", "observations.snow.record is \"maybe\"; expected 'yes', 'no'"),
        ("cells:\n", ROW + "record: {strict: maybe}\ncells:\n", 'observations.snow.record.strict is "maybe"'),
        ("cells:\n", ROW + "counts: {of: answers, from: 2031-01-01, until: 2030-01-01}\ncells:\n", "on or after from"),
    ],
)  # fmt: skip
def test_faults_of_such_a_file_are_told_with_file_and_line(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert old in OWN
    mine = tmp_path / "mine.yaml"
    mine.write_text(OWN.replace(old, new, 1))
    code, said = run("accounts", "demo-valley", "--accounts", str(mine), "--out", str(tmp_path / "out"))
    assert code == 2 and told in said
    assert "dict[" not in said and "enum[" not in said and "Input should" not in said
    assert all(line.startswith("mine.yaml:") for line in said.splitlines())
    assert not (tmp_path / "out").exists()


def test_check_reads_the_accounts_of_a_case_too(tmp_path: Path) -> None:
    folder = tmp_path / "valley"
    copytree(CASES / "demo-valley", folder)
    assert run("check", str(folder))[0] == 0
    text = (folder / "accounts.yaml").read_text()
    (folder / "accounts.yaml").write_text(text.replace("claims: [A04]", "claims: [A99]"))
    code, said = run("check", str(folder))
    assert code == 2 and "accounts.yaml:" in said and '"A99"' in said


def test_a_coding_that_is_not_there_is_told() -> None:
    code, said = run("accounts", "karabakh", "--coding", "brod")
    assert code == 2 and 'did you mean "broad"' in said


def test_the_hash_of_the_table_changes_with_any_cell_and_that_of_the_codebook_does_not(tmp_path: Path) -> None:
    folder = tmp_path / "valley"
    copytree(CASES / "demo-valley", folder)
    before = view_accounts(folder).case
    text = (folder / "accounts.yaml").read_text()
    (folder / "accounts.yaml").write_text(text.replace("stood_by: likely - outnumbered", "stood_by: silent - unsaid"))
    after = view_accounts(folder).case
    assert before.hash != after.hash and before.codebook_hash == after.codebook_hash


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--game", "--pooled"], "the case has no other guarantees"),
        (["--games", "500"], "--games: of the game only"),
        (["--seed", "0", "--full"], "--full, --seed: of the game only"),
    ],
)
def test_what_the_game_cannot_do_is_told_before_anything_is_written(
    arguments: list[str], told: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    code, said = run("accounts", "demo-valley", *arguments, "--out", str(out))
    assert code == 2 and said.count("\n") == 1 and told in said
    assert not out.exists()


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_file_in_the_place_of_the_folder_is_told_first(more: list[str], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("here")
    code, said = run("accounts", "demo-valley", *more, "--out", str(tmp_path / "taken"))
    assert code == 2 and said.endswith("expected a folder; name another with --out.\n")


def test_the_game_takes_the_answers_that_a_way_of_reading_names() -> None:
    """The way "road" of the real case reads the answers of codings/strict.yaml."""
    assert game_coding(view_accounts(CASES / "karabakh", coding="road")) == "strict"


def test_grounds_that_no_act_has_are_told(tmp_path: Path) -> None:
    """Such a count would quietly come out as none."""
    mine = tmp_path / "mine.yaml"
    mine.write_text(ROW + "counts: {of: grounds, grounds: [breech], share: 0.5}\n")
    code, said = run("accounts", "karabakh", "--accounts", str(mine), "--json")
    assert code == 2 and '"breech"; expected grounds of acts.csv; did you mean "breach"' in said
