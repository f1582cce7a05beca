"""One series of a run as a chart on its own: SVG, PNG, or the CSV behind it."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import io
import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from safeconduct.findings.charts import Frame, nice_ticks, over_time, svg
from safeconduct.findings.exports.tables import ExportColumn, ExportTable, table_csv
from safeconduct.findings.pages import colours
from safeconduct.findings.words import quantity_words
from safeconduct.ledger import Quantity, own_quantities
from safeconduct.terms import Clock, UsageError, closest

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
NAMES = ("p05", "p25", "p50", "p75", "p95")
MEANINGS = (
    "as low or lower in 5 % of runs", "in 25 % of runs", "median of runs", "in 75 % of runs",
    "as low or lower in 95 % of runs",
)  # fmt: skip
COLUMNS = (
    ExportColumn("day", "day that ends (UTC)", "", "date"), ExportColumn("place", "place or crossing"),
    ExportColumn("quantity", "short name of what is counted"), ExportColumn("meaning", "what is counted, in words"),
    ExportColumn("unit", "of the figures in this row"),
    *(ExportColumn(n, m, "", "number") for n, m in zip(NAMES, MEANINGS, strict=True)),
)  # fmt: skip
WIDTH, HEIGHT = 720.0, 300.0
STYLE = (
    "<style>text{{font:12px system-ui,sans-serif;fill:{ink}}}.title{{font-weight:600;font-size:14px}}"
    ".grid{{stroke:{grid};fill:none}}.b90{{fill:{band90}}}.b50{{fill:{band50}}}"
    ".mid{{stroke:{median};stroke-width:2;fill:none}}.axis,.day{{stroke:{axis};fill:none}}</style>"
)
MEDIA = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv"}
NO_MATPLOTLIB = "a PNG needs the library matplotlib; install safeconduct[charts], or write the chart as SVG"


def one_series(
    quantity: str, place: str, clock: Clock, *, hours: NDArray[np.floating], bands: NDArray[np.floating]
) -> ExportTable:
    """A running total or a level at one place at the end of each day, from its quantiles [quantile, hour]."""
    ends = (clock.at(hour).astimezone(UTC) - timedelta(microseconds=1) for hour in hours.tolist())
    last = {end.date().isoformat(): n for n, end in enumerate(ends)}  # midnight ends the day before
    words, unit = quantity_words(quantity), unit_of(own_quantities(), quantity)
    rows = tuple(
        (day, place, quantity, words, unit, *(round(v, 1) if v == v else None for v in bands[:, n].tolist()))
        for day, n in last.items()
    )
    return ExportTable(f"chart-{quantity}", f"{words}, {place}", COLUMNS, rows)


def unit_of(words: Mapping[str, Quantity], name: str) -> str:
    """The unit of a quantity; empty where it is not known."""
    found = words.get(name)
    return found.unit if found else ""


def series_table(table: ExportTable, quantity: str, place: str) -> ExportTable:
    """The rows of one quantity at one place. Raises UsageError where the run has none."""
    at_place, at_quantity = table.header.index("place"), table.header.index("quantity")
    found = tuple(row for row in table.rows if row[at_quantity] == quantity and row[at_place] == place)
    if not found:
        known = sorted({f"{row[at_quantity]}@{row[at_place]}" for row in table.rows})
        raise UsageError(f'the run holds no series "{quantity}@{place}"; {closest(f"{quantity}@{place}", known)}.')
    return ExportTable(f"chart-{quantity}", f"{found[0][3]}, {place}", table.columns, found)


def _values(table: ExportTable) -> tuple[list[datetime], np.ndarray]:
    """The ends of days, and [quantile, day] the figures."""
    days = [datetime.fromisoformat(f"{row[0]}T23:59:59+00:00") for row in table.rows]
    first = table.header.index(NAMES[0])
    bands = [[np.nan if row[first + n] is None else float(str(row[first + n])) for row in table.rows] for n in range(5)]
    return days, np.array(bands)


def chart_svg(table: ExportTable) -> str:
    """A series as a drawing on its own, with its title and its colours."""
    days, bands = _values(table)
    clock = Clock(days[0], days[-1], 1440)
    hours = np.array([clock.hour_of(day) for day in days])
    top = float(np.nanmax(bands)) if np.isfinite(bands).any() else 1.0
    span = (float(hours[0]), float(max(hours[-1], hours[0] + 1)))
    frame = Frame(WIDTH, HEIGHT, span, nice_ticks(top), top=34.0)
    title = f"{table.title}: median and range of 50 and 90 % of runs"
    parts = over_time(frame, clock, hours, bands)
    heading = f'<text class="title" x="10" y="20">{_escaped(title)}</text>'
    drawn = svg(frame, [STYLE.format_map(colours()), heading, *parts], label=title)
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def chart_png(table: ExportTable) -> bytes:
    """The same series as a picture. Raises UsageError where matplotlib is not installed."""
    try:
        from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError(NO_MATPLOTLIB) from None
    days, bands = _values(table)
    at = [day.timestamp() / 86_400 for day in days]  # days since 1970, as matplotlib counts them
    figure = Figure(figsize=(7.2, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.fill_between(at, bands[0], bands[4], color=colours()["band90"], linewidth=0, label="90 % of runs")
    axes.fill_between(at, bands[1], bands[3], color=colours()["band50"], linewidth=0, label="50 % of runs")
    axes.plot(at, bands[2], color=colours()["median"], linewidth=2, label="median")
    axes.xaxis.set_major_locator(locator := AutoDateLocator())
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.set_title(table.title, loc="left", fontsize=11, fontweight="bold")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.grid(axis="y", color=colours()["grid"])
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=120, metadata={"Software": "safeconduct"})
    return out.getvalue()


def chart_forms(table: ExportTable) -> dict[str, bytes]:
    """A chart in every form that can be made: ending -> content. Without matplotlib there is no PNG."""
    made = {"svg": chart_svg(table).encode(), "csv": table_csv(table).encode()}
    return made | ({"png": chart_png(table)} if find_spec("matplotlib") is not None else {})


def chart_links(table: ExportTable) -> list[tuple[str, str, str]]:
    """A chart as links that need no script and no network: form, name of the file, address with its content."""
    stem = re.sub(r"[^\w\-]+", "-", f"{table.name}-{table.rows[0][1]}").strip("-") if table.rows else table.name
    return [
        (form.upper(), f"{stem}.{form}", f"data:{MEDIA[form]};base64,{b64encode(content).decode()}")
        for form, content in chart_forms(table).items()
    ]
