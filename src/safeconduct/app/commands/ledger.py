"""`safeconduct ledger`: what did whom report, where do they disagree, which figures does a result rest on?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from safeconduct.api import claims_file_of, shipped_cases
from safeconduct.app.options import named_values
from safeconduct.app.panels import Command, option
from safeconduct.app.tables import json_option, kept_tables, print_table, say, screen_width
from safeconduct.ledger import (
    BAR_WIDTH,
    HEADINGS,
    ORDERS,
    Claim,
    Heading,
    Ledger,
    Query,
    RunRecord,
    Step,
    Table,
    as_of,
    ask_headings,
    balance_table,
    claim_table,
    claims_about,
    conflict_table,
    count,
    figure_table,
    find,
    find_conflicts,
    import_files,
    left_out,
    open_index,
    plot_figures,
    read_headings,
    read_ledger,
    read_run,
    terms_of_use,
    to_csv,
    to_json,
    trace,
    undated,
    unknown_sheet,
    write_headings,
)
from safeconduct.terms import CaseError, Fault, Mistakes, SafeconductError, UsageError, cells, parse_time, write_whole

if TYPE_CHECKING:
    from rich.tree import Tree

NARROWEST_BAR = 24  # characters of a plot on a narrow screen
TABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
OTHER = "see: safeconduct ledger list"
CASE_HELP = "A case's folder, or one that ships. Left out: this folder, or the fullest shipped ledger of an agreement."


def read_when(context: click.Context, parameter: click.Parameter, value: str) -> datetime | None:
    """A time with its offset from UTC, or a date, which means the end of its day in UTC."""
    if not value:
        return None
    try:
        return parse_time(f"{value}T23:59:59+00:00" if len(value) == len("2023-09-24") else value)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), context, parameter) from None


case_option = option("--case", "case", default="", metavar="CASE", help=CASE_HELP)
as_of_option = option(
    "--as-of", "known_at", default="", callback=read_when, metavar="TIME", help="Only what was published by then."
)


def open_ledger(case: str, known_at: datetime | None = None) -> Ledger:
    """The ledger of a case, or what was known of it at a time."""
    ledger = read_ledger(claims_file_of(case))
    return ledger if known_at is None else as_of(ledger, known_at)


@click.group(help="Everything as said by someone: list, set side by side, trace, add and export reports.")
def ledger() -> None:
    """The group of commands on a case's claims."""


@ledger.command("import", cls=Command, short_help="Add reports to a case's claims.csv.")
@click.argument("sources", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@option("--case", "case", default=".", metavar="FOLDER", help="Folder of your case; this one if left out.")
@option("--format", "form", default="", metavar="NAME", help="Read it as this format; by content if left out.")
@option("--map", "mapping", type=TABLE, metavar="FILE", help="Which heading is which column; kept with the case.")
@option("--ask", "asks", is_flag=True, help="Ask which heading is which column, and keep the answers with the case.")
@option("--say", "pairs", multiple=True, metavar="COLUMN=VALUE", help="What holds for every row of these files.")
@option(
    "--dates",
    type=click.Choice(list(ORDERS)),
    default="year-month-day",
    show_default=True,
    help="How these files write dates in figures.",
)
@option("--check", "only_look", is_flag=True, help="List what would be added; write nothing.")
def import_command(
    sources: tuple[Path, ...],
    case: str,
    form: str,
    mapping: Path | None,
    asks: bool,
    pairs: tuple[str, ...],
    dates: str,
    only_look: bool,
) -> None:
    """Add reports to a case's claims.csv, all of them or none.

    A file's format is known by its content: our own columns, UCDP GED, ACLED, IOM DTM, HDX HAPI, UNHCR, PA-X, Peace
    Accords Matrix, KoboToolbox and HXL, as CSV, xlsx, ods or JSON; any other table with --map or --ask.
    """
    folder = Path(case)
    if not folder.is_dir():
        raise UsageError(f'"{case}" is no folder; expected the folder of your case; make it first')
    if folder.resolve().is_relative_to(shipped_cases().resolve()):
        raise UsageError(
            f'"{case}" ships with the package; expected a case of your own; copy its folder and name that with --case'
        )
    mistakes = Mistakes()
    say_of = named_values(pairs, "--say", "COLUMN=VALUE", mistakes)
    mistakes.tell()
    faults: list[Fault] = []
    headings = read_headings(mapping, faults) if mapping else asked_headings(sources, faults) if asks else ()
    if faults:
        raise CaseError(faults)
    claims_file = folder / "claims.csv"
    done = import_files(
        claims_file, sources, form=form, headings=headings, say=say_of, dates=dates, only_look=only_look
    )
    if headings and not only_look:
        keep_headings(folder, headings)
    would, holds = ("would be added", "would hold") if only_look else ("added", "holds")
    n = f"{len(done.added):,} claim{'' if len(done.added) == 1 else 's'}"
    click.echo(f"{n} {would}, {done.known:,} were there already; {claims_file} {holds} {done.total:,}.")
    if done.revised:
        click.echo(f"{len(done.revised)} of them take the place of an earlier version of the same record.")
    for one in done.files:
        how = "by a mapping of its headings" if one.format == "mapped" else f"as {one.format}"
        click.echo(f"{one.file}: read {how}.")
    for sentence in done.sentences():
        say(sentence)


def asked_headings(sources: tuple[Path, ...], faults: list[Fault]) -> tuple[Heading, ...]:
    """A mapping made by questions about the first file that no format knows."""
    for source in sources:
        sheet = unknown_sheet(source, faults)
        if sheet:
            return ask_headings(sheet, lambda question, default: click.prompt(question, default, type=str))
    return ()


def keep_headings(folder: Path, headings: Sequence[Heading]) -> None:
    """Remember a mapping in the case folder, for the next table with the same headings."""
    path, faults = folder / HEADINGS.file, list[Fault]()
    there = read_headings(path, faults) if path.exists() else ()
    if faults:
        raise CaseError(faults)
    if not set(headings) <= set(there):
        write_whole(path, write_headings((*there, *(one for one in headings if one not in there))))


@ledger.command("list", cls=Command)
@json_option()
@case_option
@as_of_option
@option("--kind", default="", help="figure, act, status, prediction or statement.")
@option("--quantity", default="", help="What is counted, such as arrivals.")
@option("--place", default="", help="A place, by any of its names.")
@option("--voice", default="", help="On whose behalf it is said.")
@option("--side", default="", help="The side of the reporter.")
@option("--topic", default="", help="arrivals, corridor, supplies, operation, returns, force, influence ...")
@option("--find", "text", default="", help="Words to look for.")
@option("--limit", type=click.IntRange(0, 10**9), default=50, show_default=True, help="At most so many; 0 = all.")
@option("--left-out", "is_left_out", is_flag=True, help="Figures that are no evidence, with the rule.")
@option("--undated", "is_undated", is_flag=True, help="Claims whose time of publication is not known.")
@option("--balance", "is_balance", is_flag=True, help="How many claims each side and voice makes.")
def list_command(
    case: str,
    known_at: datetime | None,
    kind: str,
    quantity: str,
    place: str,
    voice: str,
    side: str,
    topic: str,
    text: str,
    limit: int,
    is_left_out: bool,
    is_undated: bool,
    is_balance: bool,
) -> None:
    """List claims, in order of time."""
    all_claims = open_ledger(case, known_at)
    if is_balance:
        print_table(balance_table(all_claims))
        return
    if is_left_out:
        print_table(left_out_table(all_claims))
        return
    if is_undated:
        print_table(claim_table(all_claims, undated(all_claims), "Out of as-of views: time of publication not known"))
        return
    terms = all_claims.terms
    word = terms.quantity(quantity).name if quantity else ""
    where = terms.place_key(place, word) if place else ""
    query = Query(kind, word, where, voice, side, topic, text, known_at, limit or -1)
    index = open_index(claims_file_of(case))
    found, n = find(index, query), count(index, query)
    more = f"; the first {len(found)}, --limit 0 shows all" if len(found) < n else ""
    print_table(claim_table(all_claims, found, f"{n:,} claims{more}"))


def left_out_table(all_claims: Ledger) -> Table:
    """The figures that are no evidence, with the rule that left each out."""
    rules = dict(left_out(all_claims))
    table = claim_table(
        all_claims, (all_claims.by_id(name) for name in rules), f"{len(rules)} figures that are no evidence"
    )
    rows = tuple((*row, rules[row[0]]) for row in table.rows)
    return Table(table.title, (*table.header, "left out by"), rows)


@ledger.command("show", cls=Command)
@click.argument("quantity")
@json_option()
@case_option
@as_of_option
@option("--place", default="", help="A place, by any of its names.")
@option("--at", "moment", default="", callback=read_when, metavar="TIME", help="Only what is said of this moment.")
def show_command(quantity: str, case: str, known_at: datetime | None, place: str, moment: datetime | None) -> None:
    """Who says what of a quantity: a table and a small plot."""
    all_claims = open_ledger(case, known_at)
    found = [claim for claim in claims_about(all_claims, quantity, place) if moment is None or speaks_of(claim, moment)]
    if not found:
        known = {claim.quantity for claim in all_claims.claims if claim.quantity}
        raise UsageError(f'nothing is said of "{quantity}" there and then; {cells.nearest(quantity, known, OTHER)}')
    word = all_claims.terms.quantity(quantity)
    print_table(figure_table(all_claims, found, f"{word.label} ({word.unit or 'no unit'}; {word.kind})"))
    if kept_tables() is not None:
        return
    beside = max(len(all_claims.voice(claim)) for claim in found) + len("~08 May 2030 12:00") + 2
    width = min(BAR_WIDTH, max(NARROWEST_BAR, screen_width() - beside))
    click.echo("\n".join(line[: screen_width()].rstrip() for line in plot_figures(all_claims, found, width)))


def speaks_of(claim: Claim, moment: datetime) -> bool:
    """Whether a claim may speak of a moment."""
    window = claim.window
    return window is not None and window[0] <= moment <= window[1]


@ledger.command("conflicts", cls=Command, short_help="Where reports disagree, furthest apart first.")
@json_option()
@case_option
@as_of_option
@option("--quantity", default="", help="Only of this quantity.")
@option("--limit", type=click.IntRange(0, 10**9), default=10, show_default=True, help="At most so many; 0 = all.")
def conflicts_command(case: str, known_at: datetime | None, quantity: str, limit: int) -> None:
    """Where reports disagree, those furthest apart first, with who is on which side."""
    all_claims = open_ledger(case, known_at)
    found = find_conflicts(all_claims, quantity)
    print_table(conflict_table(all_claims, found[: limit or None]))
    if limit and len(found) > limit:
        say(f"The {limit} furthest apart of {len(found):,}; --limit 0 shows all.")


@ledger.command("trace", cls=Command, short_help="From a figure back to what it rests on.")
@click.argument("figure")
@json_option()
@case_option
@option("--out", "folder", type=click.Path(path_type=Path), help="Output folder of a run.")
def trace_command(figure: str, case: str, folder: Path | None) -> None:
    """From a figure, such as persons_arrived, back to what it rests on; from a claim's id forward to figures."""
    from rich.console import Console

    run = with_case(read_run(folder)) if folder else None
    steps = trace(open_ledger(case or case_of(run)), figure, run)
    if kept_tables() is not None:
        print_table(Table(f"What {figure} rests on", ("level", "what"), tuple(levels_of(steps))))
        return
    console = Console()
    (console if console.is_terminal else Console(width=200)).print(tree_of(steps))


def case_of(run: RunRecord | None) -> str:
    """The case that a run says it is of; empty where it does not say."""
    return str(run.provenance.get("case", "")) if run else ""


def with_case(run: RunRecord) -> RunRecord:
    """The record of a run with the parameters and targets of its case, where the record itself does not hold them."""
    from safeconduct.scenario import read_case

    try:
        scenario = read_case(case_of(run))
    except SafeconductError:
        return run  # the case has been moved or changed since: the record alone is printed
    changed = run.provenance.get("parameters_set")
    values = scenario.values(changed if isinstance(changed, dict) else None)
    known = {
        "parameters": {
            name: {"value": values[name], "unit": p.unit, "prior": str(p.prior), "source": p.source}
            for name, p in scenario.parameters.items()
        },
        "targets": [{"quantity": target.quantity, "place": target.place} for target in scenario.targets],
    }
    return replace(run, provenance={**known, **run.provenance})


def levels_of(step: Step, level: int = 0) -> Iterator[tuple[str, str]]:
    """A trace as rows: how deep each step stands, and what it says."""
    yield str(level), step.text
    for below in step.below:
        yield from levels_of(below, level + 1)


def tree_of(step: Step) -> Tree:
    """A trace as a tree for the terminal."""
    from rich.text import Text
    from rich.tree import Tree

    tree = Tree(Text(step.text))
    for below in step.below:
        tree.children.append(tree_of(below))
    return tree


@ledger.command("export", cls=Command)
@case_option
@as_of_option
@option(
    "--format",
    "form",
    type=click.Choice(["csv", "hxl", "json"]),
    default="csv",
    show_default=True,
    help="What to write.",
)
@option("--out", "target", type=click.Path(path_type=Path), help="File to write; the screen if left out.")
def export_command(case: str, known_at: datetime | None, form: str, target: Path | None) -> None:
    """Write the claims as CSV, CSV with HXL hashtags, or JSON."""
    claims = open_ledger(case, known_at).claims
    text = to_json(claims) if form == "json" else to_csv(claims, tags=form == "hxl")
    if target is None:
        click.echo(text, nl=False)
        return
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent} is no folder; expected one that exists; make it first")
    write_whole(target, text)
    click.echo(f"{len(claims)} claims written to {target}.")
    for sentence in terms_of_use(claims):
        say(f"{sentence}.")
