"""monitor: who owes what, what was done, who could pass, as of a date."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import click

from safeconduct.api import monitor_folder
from safeconduct.app.options import tell_machines
from safeconduct.app.panels import OutFolder, command, option
from safeconduct.app.tables import json_option, kept_tables, print_table, say, tell
from safeconduct.terms import UsageError, parse_day, parse_time

AHEAD = "Signs of a further step"


def read_moment(context: click.Context, parameter: click.Parameter, value: str) -> date | datetime | None:
    """A date, which means the end of that day where the case lies, or a time with its offset from UTC."""
    if not value:
        return None
    try:
        return parse_day(value) if len(value) == len("2030-05-06") else parse_time(value)
    except ValueError as wrong:
        raise click.BadParameter(f"{wrong}; write 2030-05-06 or 2030-05-06T12:00+02:00", context, parameter) from None


@command()
@click.argument("case")
@option(
    "--as-of", "known_at", default="", callback=read_moment, metavar="TIME", help="Only what was published by then."
)
@json_option()
@option("--out", type=OutFolder(), help="Output folder; default out/CASE.")
@option(
    "--format", "form", type=click.Choice(["html", "json", "csv"]), default="html", show_default=True,
    help="html: a page, and a summary on the screen; json, csv: for machines, on the screen unless --out is given.",
)  # fmt: skip
@option("--full", is_flag=True, help="On the screen, every obligation, prediction and count of acts too.")
@option("--onepage", is_flag=True, help="Also write onepage.html, which prints on one sheet of A4.")
@option(
    "--forecast", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path),
    help="With --onepage: show the forecast that safeconduct forecast wrote there.",
)  # fmt: skip
@option(
    "--signs", is_flag=True, under=AHEAD, help="The chance of a further step at past dates, scored; writes signs.html."
)
@option("--prospective", is_flag=True, under=AHEAD, help="With --signs: look ahead from --as-of, or from today.")
def monitor(
    case: str,
    known_at: date | datetime | None,
    out: Path | None,
    form: str,
    full: bool,
    onepage: bool,
    forecast: Path | None,
    signs: bool,
    prospective: bool,
) -> None:
    """Who owes what in CASE, what was done and by whom reported, who could pass, what was foreseen."""
    from safeconduct import api

    if prospective and not signs:
        raise UsageError("--prospective looks ahead from signs; expected --signs beside it; add it.")
    if forecast and not onepage:
        raise UsageError("--forecast is shown on one page; expected --onepage beside it; add it.")
    if signs:
        if form != "html" or onepage:
            raise UsageError("--signs stands alone; expected neither --format nor --onepage beside it; leave them out.")
        tell_signs(case, known_at, out or api.out_folder(case), is_ahead=prospective)
        return
    view = api.monitor(case, known_at)
    if form != "html":
        if kept_tables() is not None:
            raise UsageError("--json prints the tables of the screen, --format all that the page shows; give one.")
        tell_machines(view.to_text(form), out, f"monitor.{form}")
        return
    written = view.write(
        out or api.out_folder(case), onepage=onepage, forecast=forecast
    )  # before the first line, as a reader may stop there
    for sentence in view.sentences():
        say(sentence)
    for table in view.tables(full=full):
        print_table(table)
    if not full:
        say("Each obligation, prediction and act, with who reports it, is on the page; --full prints them here.")
    for path in written:
        tell(f"{'One page' if path.name == 'onepage.html' else 'Monitor'}: {path}")


def tell_signs(case: str, known_at: date | datetime | None, out: Path, *, is_ahead: bool) -> None:
    """The chance of a further step, on the screen and as a page."""
    from safeconduct.findings.comparators import shipped_comparators
    from safeconduct.findings.monitor import sign_tables, signs_of, signs_said, view_case, write_signs

    folder = monitor_folder(case)
    view = view_case(folder, known_at or (date.today() if is_ahead else None))
    report = signs_of(view, folder, shipped_comparators(), view.today + timedelta(days=1) if is_ahead else None)
    written = write_signs(report, out)
    for sentence in signs_said(report):
        say(sentence)
    for table in sign_tables(report):
        if table.rows:
            print_table(table)
        else:
            say(table.title)
    for path in written:
        tell(f"Written: {path}")
