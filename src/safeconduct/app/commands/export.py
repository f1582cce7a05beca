"""export: what an office sends on - planning tables, maps, statements, charts, with their data dictionary."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from safeconduct.app.options import without_search_for_garbage
from safeconduct.app.panels import OutFolder, command, option
from safeconduct.app.tables import say

FORMS = ("xlsx", "csv", "geojson", "gpkg", "ftm")
RUN = click.Path(exists=True, file_okay=False, path_type=Path)


@command()
@click.argument("case")
@option("--run", "run_folder", type=RUN, metavar="FOLDER", help="Output folder of a run, for its results by day.")
@option("--out", type=OutFolder(), required=True, metavar="FOLDER", help="Where to write.")
@option("--form", "forms", multiple=True, type=click.Choice(FORMS), help="What to write; all if left out.")
@option("--chart", "charts", multiple=True, metavar="SERIES", help="QUANTITY@PLACE of the run, as SVG, PNG and CSV.")
@option("--licence", default="", metavar="TEXT", help="The terms under which you pass the files on.")
def export(
    case: str, run_folder: Path | None, out: Path, forms: tuple[str, ...], charts: tuple[str, ...], licence: str
) -> None:
    """Write the places, roads and claims of CASE, and the results of a run by day, for others.

    xlsx and CSV with a data dictionary, GeoJSON and GeoPackage for maps, statements of FollowTheMoney, described by
    datapackage.json with licence and provenance. No cell is a formula.
    """
    from safeconduct.terms import UsageError

    with without_search_for_garbage():
        from safeconduct.findings.exports import chart_files, export_files, write_exports
        from safeconduct.ledger import terms_of_use
        from safeconduct.scenario import find_case, read_case
    if charts and run_folder is None:
        raise UsageError("--chart draws a series of a run; name its output folder with --run.")
    scenario = read_case(case)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    files = export_files(scenario, find_case(case), run_folder, forms or FORMS, licence=licence, made=made)
    if run_folder is not None:
        files |= chart_files(scenario, run_folder, charts)
    write_exports(files, out)
    for name, content in files.items():
        click.echo(f"{out / name}  {len(content):,} bytes")
    for sentence in terms_of_use(scenario.ledger.claims):
        say(f"{sentence}.")
