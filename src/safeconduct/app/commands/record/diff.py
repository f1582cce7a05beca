"""diff: what changed in a case between two dates."""

from __future__ import annotations

from datetime import date, datetime

import click

from safeconduct.api import monitor_folder
from safeconduct.app.commands.monitor import read_moment
from safeconduct.app.panels import command, option
from safeconduct.app.tables import json_option, kept_tables, print_table, say
from safeconduct.terms import UsageError


@command()
@click.argument("case")
@json_option()
@option("--from", "before", required=True, callback=read_moment, metavar="TIME", help="What was known then ...")
@option("--to", "after", required=True, callback=read_moment, metavar="TIME", help="... against what was known then.")
def diff(case: str, before: date | datetime, after: date | datetime) -> None:
    """What became known of CASE between two dates: acts, reports on obligations, signs, predictions, figures."""
    from safeconduct.findings.monitor import view_case
    from safeconduct.monitor import compare

    folder = monitor_folder(case)
    one, other = view_case(folder, before), view_case(folder, after)
    if one.when >= other.when:
        raise UsageError(f'--from is "{before}", --to is "{after}"; expected the earlier one first; exchange them.')
    say(f"{other.case.settings.title}: what became known from {one.today} to {other.today}")
    for table in compare(one, other):
        if table.rows or kept_tables() is not None:
            print_table(table)
        else:
            click.echo(f"{table.title}: nothing new")
