"""Known answers as tables and pictures: UXsim's frozen answers and theory beside what the engine says today."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

sys.path.append(str(Path(__file__).parents[1] / "tests" / "known"))
import oracle
import test_leaving as leaving
import theory
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


def arrivals_picture(names: Iterable[str] = ("merge 0.5", "merge 0.25")) -> str:
    """Arrivals from each town, UXsim as dots and the engine as lines."""
    figure, panes = new_figure(2, 8.0)
    for pane, name in zip(panes, names, strict=True):
        draw(pane, next(case for case in oracle.CASES if case.name == name))
    panes[0].set_ylabel("vehicles arrived")
    return as_svg(figure, "Vehicles arrived from each town by hour; the engine's lines run through UXsim's dots.")


def cascade_picture() -> str:
    """The share that leaves in the end by strength of the threat: theory as a line, runs of the engine as dots."""
    figure, (pane,) = new_figure(1, 5.5)
    threats = np.linspace(0.0, 0.4, 401)
    shape = (leaving.WEIGHT, leaving.MEAN, leaving.CONCENTRATION)
    shares = np.array([theory.cascade_share(threat, *shape) for threat in threats])
    tip = theory.tipping_pressure(*shape)
    for side in (threats < tip, threats > tip):
        pane.plot(threats[side], shares[side], color=COLOURS["main"], lw=1.2)
    pane.axvline(tip, color="0.5", ls=":", lw=1)
    pane.annotate("tipping point", (tip, 0.5), xytext=(6, 0), textcoords="offset points")
    for seed in range(3):
        dots = threats[::20]
        pane.plot(dots, [leaving.final_share(float(t), seed) for t in dots], "o", ms=3, color=COLOURS["side"])
    pane.set_xlabel("pressure from threat alone")
    pane.set_ylabel("share that leaves")
    return as_svg(
        figure, "The share that leaves jumps at the tipping point; the engine's dots lie on the line of theory."
    )


def new_figure(n_panes: int, width_inches: float) -> tuple[Any, list[Any]]:
    """Panes side by side, drawn without a screen and the same every time."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "safeconduct", "font.size": 10}
    from matplotlib import pyplot

    figure, panes = pyplot.subplots(1, n_panes, figsize=(width_inches, 3.4), sharey=True, layout="constrained")
    panes = list(np.atleast_1d(panes))
    for pane in panes:
        pane.spines[["top", "right"]].set_visible(False)
    return figure, panes


def as_svg(figure: Any, told: str) -> str:
    """A figure as SVG without blank lines, with what it shows in words."""
    from io import StringIO

    from matplotlib import pyplot

    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None}, transparent=True)
    pyplot.close(figure)
    svg = out.getvalue()[out.getvalue().index("<svg") :]
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
        where = {"xytext": (-6, 6 if origin == "main" else -40), "textcoords": "offset points", "ha": "right"}
        pane.annotate(f"{origin} town", (arrive[-1], arrive.size), **where)
    pane.set_title(f"side road's share of turns {case.links[1].priority:g}", fontsize=10)
    pane.set_xlabel("hours from the first departure")
    pane.set_ylim(0, 9000)
