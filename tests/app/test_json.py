"""`--json`: every command that prints a table has it; what is printed is one document; a failure prints none."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from safeconduct.app.main import COMMANDS, main

OF_ITS_OWN = {"accounts", "read"}  # their --json holds more than the tables of the screen


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its name, those of groups too."""
    with click.Context(main) as context:
        for name in COMMANDS:
            found = main.get_command(context, name)
            assert found is not None
            if isinstance(found, click.Group):
                yield from ((f"{name} {below}", one) for below, one in found.commands.items())
            else:
                yield name, found


def test_every_command_that_prints_a_table_can_print_it_as_json() -> None:
    """Told by the source of the command, and of what its module's helpers print."""
    printing = {
        name: one
        for name, one in commands()
        if one.callback and "print_table" in inspect.getsource(inspect.getmodule(one.callback) or one.callback)
    }
    assert {"monitor", "diff", "comparators", "whatif", "backtest", "cases", "ledger list"} <= set(printing)
    lacking = [
        name
        for name, one in printing.items()
        if "print_table" in inspect.getsource(inspect.unwrap(one.callback or one))
        and not any("--json" in option.opts for option in one.params)
    ]
    assert lacking == []
    assert all("--json" in option_names(one) for name, one in printing.items() if name in OF_ITS_OWN)


def option_names(of: click.Command) -> list[str]:
    """What can be typed."""
    return [word for option in of.params for word in option.opts]


@pytest.mark.parametrize(
    "line",
    [
        "monitor demo-valley --out OUT",
        "monitor demo-valley --full --onepage --out OUT",
        "diff demo-valley --from 2030-05-02 --to 2030-05-04",
        "cases",
        "ledger list --case demo-valley",
        "ledger show cum_arrivals_persons --case demo-valley",
        "ledger conflicts --case demo-valley",
        "ledger trace A03 --case demo-valley",
    ],
)
def test_what_is_printed_is_one_document(line: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, [*line.replace("OUT", str(tmp_path)).split(), "--json"])
    assert done.exit_code == 0, done.stderr
    tables = json.loads(done.stdout)
    assert tables and all(set(table) == {"title", "rows"} for table in tables)
    assert any(table["rows"] for table in tables)
    assert ("OUT" in line) == (tmp_path / "monitor.html").exists()


def test_a_command_that_fails_prints_no_document(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["monitor", "no-such-case", "--json", "--out", str(tmp_path)])
    assert done.exit_code == 2 and done.stdout == "" and "no-such-case" in done.stderr
