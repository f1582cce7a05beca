"""new: a case folder from a table of people, roads, and a table of crossings, camps or shelters."""

from __future__ import annotations

from pathlib import Path

import click

from safeconduct.app.options import named_values
from safeconduct.app.panels import Number, command, option
from safeconduct.app.tables import say

SNAP = "Farthest that a place may lie from a line of road."
TABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@command()
@click.argument("case", type=click.Path(path_type=Path))
@option("--people", type=TABLE, help="Table of who lives where: name, lat, lon, people.")
@option("--roads", type=TABLE, help="Table of links (from, to, km), GeoJSON, .gpkg, .shp, .osm or .osm.pbf.")
@option("--boundaries", type=TABLE, help="Layer of areas with P-codes: positions for a table without lat and lon.")
@option("--crossings", type=TABLE, help="Table of crossings, camps or shelters: name, kind, lat, lon.")
@option("--agreement", type=TABLE, help="Table of obligations (obligation, obligated, due): for the monitor.")
@option("--to", "to", multiple=True, metavar="PLACE", help="A place of the table that people leave for.")
@option("--title", help="What the case is called; default: the folder's name.")
@option("--start", metavar="TIME", help="When it starts, as 2030-01-01T06:00+00:00; default: that time, assumed.")
@option("--days", default=7.0, show_default=True, type=Number(0.1, 3660), help="How long it lasts.")
@option("--set", "values", multiple=True, metavar="PARAM=VALUE", help="A value in place of a filled-in one.")
@option("--snap-km", default=5.0, show_default=True, type=Number(0.1, 200), help=SNAP)
@option("--as-given", is_flag=True, help="Take positions that look wrong as they are given.")
@option("--no-measure", is_flag=True, help="Leave out the runs that show which assumption matters most.")
@option("--interactive", is_flag=True, help="Ask in the terminal for what is not said.")
@option("--template", is_flag=True, help="Copy the invented demo-valley in place of making a case from tables.")
@option("--replace", "replaces", is_flag=True, help="Replace CASE where it is there already.")
def new(
    case: Path,
    people: Path | None,
    roads: Path | None,
    boundaries: Path | None,
    crossings: Path | None,
    agreement: Path | None,
    to: tuple[str, ...],
    title: str | None,
    start: str | None,
    days: float,
    values: tuple[str, ...],
    snap_km: float,
    as_given: bool,
    no_measure: bool,
    interactive: bool,
    template: bool,
    replaces: bool,
) -> None:
    """Make the case folder CASE from tables. What they do not say is filled in and marked assumed."""
    from safeconduct.app.new_folder import answers_of, ask, check_target, copy_template, tell_measures, write_case
    from safeconduct.scenario import Inputs, draft_case
    from safeconduct.terms import Mistakes, UsageError

    check_target(case, replaces=replaces)
    if template:
        if people or roads or crossings:
            raise UsageError("--template copies a shipped case; leave out the tables, or leave out --template.")
        copy_template(case)
        click.echo(f"Case: {case} (a copy of demo-valley, an invented case; change it row by row)")
        return
    mistakes = Mistakes()
    said = named_values(values, "--set", "PARAM=VALUE", mistakes)
    if interactive:
        people, roads, crossings, start, said = ask(people, roads, crossings, start, said)
    if people is None or roads is None:
        raise UsageError("a case is made from --people and --roads; give both, or use --interactive or --template.")
    answers = answers_of(title or case.resolve().name, start, days, to, said, mistakes)
    draft = draft_case(
        Inputs(people, roads, crossings, as_given, snap_km, boundaries=boundaries, agreement=agreement), answers
    )
    write_case(case, draft)
    for sentence in draft.told:
        say(sentence)
    if not no_measure:
        tell_measures(case)
    click.echo(f"Case: {case} ({draft.n_places} places, {draft.n_roads} roads, {draft.n_persons:,.0f} persons)")
