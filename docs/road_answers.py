"""The road's known answers as tables and a picture: UXsim's frozen answers beside what the engine says today."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

sys.path.append(str(Path(__file__).parents[1] / "tests" / "known"))
import oracle
from drive import arrival_hours

Rows = list[tuple[object, ...]]
COLOURS = {"main": "#1f6f8b", "side": "#b3541e"}  # told apart also by line style and label


@cache
def engine(name: str) -> dict[str, np.ndarray]:
    """The engine's hours of arrival on a case, by origin."""
    return arrival_hours(next(case for case in oracle.CASES if case.name == name))


def compare(case: oracle.OracleCase, origin: str) -> tuple[float, float]:
    """The engine's mean trip, and the most vehicles by which arrivals differ from UXsim's at a full hour."""
    said, arrive = case.answers[origin], np.sort(engine(case.name)[origin])
    by_hour = np.searchsorted(arrive, np.arange(said.cum_arrivals_vehicles.size), side="right")
    return float(arrive.mean() - case.leave_hours[origin].mean()), float(
        np.abs(by_hour - said.cum_arrivals_vehicles).max()
    )


def bottlenecks() -> Rows:
    """One row for each case with one bottleneck."""
    rows: Rows = []
    for case in oracle.ONE_BOTTLENECK:
        trip, vehicles = compare(case, "main")
        said = case.answers["main"]
        rows.append(
            (
                case.name,
                f"{case.leave_hours['main'].size:,}",
                f"{said.mean_trip_hours:.4f}",
                f"{trip:.4f}",
                f"{vehicles:.0f}",
            )
        )
    return rows


def merges() -> Rows:
    """One row for each origin of each merge, with UXsim's own error."""
    rows: Rows = []
    for case in oracle.MERGES:
        for origin, said in case.answers.items():
            trip, vehicles = compare(case, origin)
            told = f"{said.mean_trip_hours:.3f} ± {said.error_trip_hours:.3f}"
            counts = f"{vehicles:.0f} (± {said.error_arrivals_vehicles:.0f})"
            size = f"{case.leave_hours[origin].size:,}"
            rows.append((case.name, origin, size, told, f"{trip:.3f}", counts))
    return rows


def picture(names: Iterable[str] = ("merge 0.5", "merge 0.25")) -> str:
    """Arrivals from each town, UXsim as dots and the engine as lines, as SVG without blank lines."""
    from io import StringIO

    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "safeconduct", "font.size": 10}
    from matplotlib import pyplot

    figure, panes = pyplot.subplots(1, 2, figsize=(8, 3.4), sharey=True, layout="constrained")
    for pane, name in zip(panes, names, strict=True):
        draw(pane, next(case for case in oracle.CASES if case.name == name))
    panes[0].set_ylabel("vehicles arrived")
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None}, transparent=True)
    pyplot.close(figure)
    svg = out.getvalue()[out.getvalue().index("<svg") :]
    told = "Vehicles arrived from the main and the side town by hour; the engine's lines run through UXsim's dots."
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{told}" style="background:#fff;max-width:100%" ', 1)
    return "\n".join(line for line in svg.splitlines() if line.strip())


def draw(pane: Any, case: oracle.OracleCase) -> None:
    """One merge: both towns."""
    for origin, said in case.answers.items():
        hours = np.arange(said.cum_arrivals_vehicles.size)
        arrive = np.sort(engine(case.name)[origin])
        style = "-" if origin == "main" else "--"
        pane.plot(arrive, np.arange(1, arrive.size + 1), style, color=COLOURS[origin], lw=1.2)
        pane.plot(hours, said.cum_arrivals_vehicles, "o", ms=3, color=COLOURS[origin])
        where = {"xytext": (-6, 6 if origin == "main" else -14), "textcoords": "offset points", "ha": "right"}
        pane.annotate(f"{origin} town", (arrive[-1], arrive.size), **where)
    pane.set_title(f"side road's share of turns {case.links[1].priority:g}", fontsize=10)
    pane.set_xlabel("hours from the first departure")
    pane.set_ylim(0, 9000)
    pane.spines[["top", "right"]].set_visible(False)
