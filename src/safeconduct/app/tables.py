"""Tables on the screen: a grid where it fits, one entry below the other where a grid would break words."""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from safeconduct.app.panels import FIRST, option

if TYPE_CHECKING:
    from rich.console import Console

    from safeconduct.ledger import Table

Callback = TypeVar("Callback", bound=Callable[..., Any])
AS_JSON = "safeconduct.tables"  # where a command keeps its tables for one JSON document
NARROWEST = 18  # characters that a column of sentences needs to be read
LABEL = 8  # characters up to which a first cell is an id or a number
NO_SCREEN = 200  # characters of a line where the output is no terminal
WIDEST = 100  # characters of a line of sentences
SHORT = 24  # characters up to which cells of an entry share a line


def say(sentence: str) -> None:
    """Print a sentence, its lines broken between words on a terminal; lines that start with blanks keep their place."""
    if not sys.stdout.isatty() or kept_tables() is not None:
        click.echo(sentence, err=kept_tables() is not None)
        return
    width = min(screen_width(), WIDEST)
    for line in sentence.split("\n"):
        start = line[: len(line) - len(line.lstrip())]
        marker = re.match(r"- |\d+\. ", line.lstrip())
        click.echo(wrapped(line, width, start, start + " " * (marker.end() if marker else 2) if start else ""))


def tell(line: str) -> None:
    """Print a line as it stands, such as where a file was written; with --json to stderr."""
    click.echo(line, err=kept_tables() is not None)


def screen_width() -> int:
    """How many characters a line of the screen has; many where the output is no terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else NO_SCREEN


def wrapped(text: str, width: int, first: str = "", later: str = "") -> str:
    """A text in lines of at most so many characters, no word of it broken."""
    return textwrap.fill(
        text.strip(), width, initial_indent=first, subsequent_indent=later, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def json_option(under: str = FIRST) -> Callable[[Callback], Callback]:
    """Add --json to a command: its tables are printed as one JSON document, and its sentences go to stderr."""
    return option(
        "--json", is_flag=True, expose_value=False, callback=_ask_for_json, under=under,
        help="Print the tables as JSON.",
    )  # fmt: skip


def _ask_for_json(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    """Keep tables until the command ends, then print them; a command that failed prints none."""

    def print_kept() -> None:
        if sys.exc_info()[0] is None:
            click.echo(json.dumps(context.meta[AS_JSON], ensure_ascii=False, indent=1))

    if value:
        context.meta[AS_JSON] = []
        context.call_on_close(print_kept)


def kept_tables() -> list[dict[str, object]] | None:
    """The tables kept for a JSON document; None where they are printed at once."""
    context = click.get_current_context(silent=True)
    return context.meta.get(AS_JSON) if context else None


def print_table(table: Table) -> None:
    """Print a table, NO_SCREEN characters wide where the output is no terminal; with --json keep it till the end."""
    kept = kept_tables()
    if kept is not None:
        rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
        kept.append({"title": table.title, "rows": rows})
        return
    from rich.console import Console

    console = Console(soft_wrap=False)
    if not console.is_terminal:
        console = Console(width=NO_SCREEN)
    console.print()
    (print_grid if grid_width(table) <= console.width else print_entries)(console, table)


def grid_width(table: Table) -> int:
    """How many characters a grid needs at least."""
    return 1 + sum(3 + column_width(*column) for column in zip(table.header, *table.rows, strict=True))


def column_width(header: str, *column: str) -> int:
    """How many characters a column needs: its longest word, and room to read where it holds sentences."""
    words = max((len(word) for cell in (header, *column) for word in cell.split()), default=0)
    lines = max((len(line) for cell in column for line in cell.splitlines()), default=0)
    return max(words, min(lines, NARROWEST))


def print_grid(console: Console, table: Table) -> None:
    """Print a table in rows and columns."""
    from rich.table import Table as RichTable
    from rich.text import Text

    shown = RichTable(title=table.title, title_justify="left", show_lines="\n" in str(table.rows))
    for name in table.header:
        shown.add_column(name, overflow="fold")
    for row in table.rows:
        shown.add_row(*(Text(cell) for cell in row))
    console.print(shown)


def print_entries(console: Console, table: Table) -> None:
    """Print each row as an entry: id or number and the next cell, then what the others say, each by its heading."""
    from rich.padding import Padding
    from rich.text import Text

    console.print(Text(table.title, style="italic"))
    for row in table.rows:
        n_head = 2 if len(row[0]) <= LABEL else 1
        console.print(Text("  ".join(row[:n_head]), style="bold"))
        for line in entry_lines(table.header[n_head:], row[n_head:]):
            console.print(Padding(Text(line), (0, 0, 0, 4)))


def entry_lines(header: tuple[str, ...], row: tuple[str, ...]) -> list[str]:
    """Each long cell on lines of its own, then all short ones together; empty cells say nothing."""
    said = [(name, cell.strip()) for name, cell in zip(header, row, strict=True) if cell.strip()]
    long = [f"{name}: {cell}" for name, cell in said if len(cell) > SHORT]
    short = "; ".join(f"{name}: {cell}" for name, cell in said if len(cell) <= SHORT)
    return [*long, *([short] if short else [])]
