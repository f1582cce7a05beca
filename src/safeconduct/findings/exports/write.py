"""A folder of exports from a run: every table, layer and statement, described by datapackage.json."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from safeconduct.findings.exports.chart import chart_forms, series_table
from safeconduct.findings.exports.claims import claims_table, statements
from safeconduct.findings.exports.maps import at_places, geojson, geopackage, place_layer, road_layer
from safeconduct.findings.exports.package import data_package
from safeconduct.findings.exports.results import results_by_day
from safeconduct.findings.exports.tables import ExportTable, column_of, dictionary, table_csv, workbook
from safeconduct.findings.folders import all_or_nothing
from safeconduct.scenario import Scenario, read_shapes
from safeconduct.terms import UsageError, json_of

FORMS = ("xlsx", "csv", "geojson", "gpkg", "ftm")
ON_THE_MAP = ("cum_arrivals_persons", "n_persons", "n_sheltered_persons", "n_waiting_persons", "cum_departures_persons")


def export_files(
    scenario: Scenario,
    case_folder: Path,
    run_folder: Path | None,
    forms: Collection[str] = FORMS,
    *,
    licence: str = "",
    made: str = "",
) -> dict[str, bytes]:
    """Name and content of every file of an export. Without a run folder there are no results.

    Raises UsageError where the run folder holds no series.
    """
    claims = scenario.ledger.claims
    results = results_by_day(run_folder) if run_folder else None
    tables: list[ExportTable] = [*([results] if results else []), claims_table(claims)]
    provenance = _provenance(run_folder)
    notes = {
        "case": scenario.title, "version of the case": scenario.hash,
        "revision of the claims": scenario.ledger.revision,
        "licence": licence or "not stated: the terms of each source hold",
        "ranges": "quantiles over runs, given the model's assumptions",
        **{name: str(value) for name, value in provenance.items() if isinstance(value, str | int | float)},
    }  # fmt: skip
    layers = [place_layer(scenario), road_layer(scenario, read_shapes(case_folder))]
    if results:
        at = results.header.index("quantity")
        few = ExportTable(
            results.name, results.title, results.columns, tuple(row for row in results.rows if row[at] in ON_THE_MAP)
        )
        layers.append(at_places(few, scenario))
    files: dict[str, bytes] = {}
    if "xlsx" in forms:
        files["planning.xlsx"] = workbook(tables, notes)
    if "csv" in forms:
        files |= {f"{one.name}.csv": table_csv(one).encode() for one in (*tables, dictionary(tables))}
    if "geojson" in forms:
        files |= {f"{layer.table.name}.geojson": geojson(layer).encode() for layer in layers}
    if "gpkg" in forms:
        files["layers.gpkg"] = geopackage(layers)
    if "ftm" in forms:
        files["statements.jsonl"] = statements(claims, scenario.ledger.terms, scenario.key).encode()
    package = data_package(
        scenario.key.lower(), scenario.title, files, [*tables, dictionary(tables)],
        licence=licence, claims=claims, made=made,
        provenance=provenance or {"case": scenario.key, "hash": scenario.hash},
    )  # fmt: skip
    return files | {"datapackage.json": package.encode()}


def chart_files(scenario: Scenario, run_folder: Path, charts: Sequence[str]) -> dict[str, bytes]:
    """Charts of series such as cum_arrivals_persons@gate, each as SVG, PNG and the CSV behind it.

    Raises UsageError where a series is not there. Without matplotlib there is no PNG.
    """
    files: dict[str, bytes] = {}
    results = results_by_day(run_folder) if charts else None
    names = {place.key: {place.key, place.name, place.both_names} for place in scenario.places}
    for wanted in charts:
        quantity, at, place = wanted.partition("@")
        if not at or results is None:
            raise UsageError(f'--chart is "{wanted}"; expected QUANTITY@PLACE, such as cum_arrivals_persons@gate.')
        called = names.get(place, {place}) & set(map(str, column_of(results, "place")))
        table = series_table(results, quantity, next(iter(called), place))
        stem = re.sub(r"[^\w\-]+", "-", f"chart-{quantity}-{place}").strip("-")
        files |= {f"{stem}.{form}": content for form, content in chart_forms(table).items()}
    return files


def _provenance(run_folder: Path | None) -> Mapping[str, object]:
    """The provenance that a run has left in its folder."""
    path = run_folder / "provenance.json" if run_folder else None
    if path is None or not path.is_file():
        return {}
    said = json_of(path)
    return said if isinstance(said, dict) else {}


def write_exports(files: Mapping[str, bytes], folder: Path) -> None:
    """Write an export: all files or none. Raises RunStopped, UsageError."""
    with all_or_nothing(folder, own=None) as part:
        for name, content in files.items():
            (part / name).write_bytes(content)
