"""Exports: what is passed on to others, as plain functions from values to text or bytes.

Comes in: claims, a case, the folder of a run. Goes out: xlsx, CSV with a data dictionary, GeoJSON, GeoPackage,
statements of FollowTheMoney, datapackage.json, a chart as SVG, PNG or CSV. Does not know: how a result was computed.
Start reading at `tables.py` (what a table for others is) and `write.py` (a whole folder).
"""

from typing import TYPE_CHECKING

from safeconduct.terms import offered_when_used

if TYPE_CHECKING:
    from safeconduct.findings.exports.chart import chart_links, chart_png, chart_svg, one_series, series_table
    from safeconduct.findings.exports.claims import claims_table, statements
    from safeconduct.findings.exports.maps import Layer, at_places, geojson, geopackage, place_layer, road_layer
    from safeconduct.findings.exports.package import data_package
    from safeconduct.findings.exports.results import results_by_day
    from safeconduct.findings.exports.tables import ExportColumn, ExportTable, dictionary, table_csv, workbook
    from safeconduct.findings.exports.write import FORMS, chart_files, export_files, write_exports

__getattr__ = offered_when_used(__name__, __file__)
