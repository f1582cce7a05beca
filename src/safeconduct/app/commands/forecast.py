"""forecast and backtest: what to plan for as of a time, and how such forecasts did."""

from __future__ import annotations

from pathlib import Path

import click

from safeconduct.app.options import named_values, progress_bar, typed_command, without_search_for_garbage
from safeconduct.app.panels import command, gathered, mistakes_of
from safeconduct.app.tables import print_table, say

EVIDENCE = "What counts as evidence"
EFFORT = "Effort"
OF_PARTICLES = click.IntRange(20)
OF_WORKERS = click.IntRange(0)


@command()
@click.argument("case")
@gathered("--as-of", required=True, metavar="TIME", help="Only what was published by then is used.")
@gathered(
    "--horizon", type=click.FloatRange(1.0), metavar="HOURS", help="How far ahead; to the end of the case otherwise."
)
@gathered(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write to; out/CASE-forecast otherwise."
)
@gathered("--set", "values", multiple=True, metavar="PARAM=VALUE", help="Give a parameter one value in every run.")
@gathered("--without-waits", is_flag=True, under=EVIDENCE, help="Leave reported waits out.")
@gathered("--without-queues", is_flag=True, under=EVIDENCE, help="Leave reported queues out.")
@gathered(
    "--particles",
    default=300,
    type=OF_PARTICLES,
    show_default=True,
    under=EFFORT,
    help="Runs conditioned on the record.",
)
@gathered("--seed", default=0, show_default=True, under=EFFORT, help="Same seed, same forecast.")
@gathered("--workers", default=0, type=OF_WORKERS, under=EFFORT, help="Processes; 0 = one a core.")
def forecast(
    case: str, as_of: str, horizon: float | None, out: Path | None, values: tuple[str, ...], without_waits: bool,
    without_queues: bool, particles: int, seed: int, workers: int,
) -> None:  # fmt: skip
    """Forecast arrivals and needs of CASE from what was published by a time."""
    mistakes = mistakes_of(click.get_current_context())
    parameters = named_values(values, "--set", "PARAM=VALUE", mistakes)
    mistakes.tell()
    with without_search_for_garbage():
        from safeconduct.api import forecast as make

    folder = out or Path("out") / f"{Path(case).name}-forecast"
    with progress_bar("Forecasting") as progress:
        found = make(
            case, as_of, horizon_hours=horizon, particles=particles, seed=seed, workers=workers,
            parameters=parameters, with_waits=not without_waits, with_queues=not without_queues, keep_in=folder,
            command=typed_command(), progress=progress,
        )  # fmt: skip
    written = found.write(folder)
    for line in found.in_short():
        say(line)
    click.echo(f"Planning sheet: {folder / 'planning.xlsx'}")
    click.echo(f"Page: {written}")


@command()
@click.argument("case")
@gathered(
    "--origins", required=True, metavar="TIMES", help="Times divided by commas, or FIRST/LAST for every 12 hours."
)
@gathered(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write to; out/CASE-backtest otherwise."
)
@gathered("--set", "values", multiple=True, metavar="PARAM=VALUE", help="Give a parameter one value in every run.")
@gathered("--without-waits", is_flag=True, under=EVIDENCE, help="Leave reported waits out.")
@gathered("--without-queues", is_flag=True, under=EVIDENCE, help="Leave reported queues out.")
@gathered(
    "--particles",
    default=300,
    type=OF_PARTICLES,
    show_default=True,
    under=EFFORT,
    help="Runs conditioned on the record.",
)
@gathered("--seed", default=0, show_default=True, under=EFFORT, help="Same seed, same forecasts.")
@gathered("--workers", default=0, type=OF_WORKERS, under=EFFORT, help="Processes; 0 = one a core.")
def backtest(
    case: str, origins: str, out: Path | None, values: tuple[str, ...], without_waits: bool, without_queues: bool,
    particles: int, seed: int, workers: int,
) -> None:  # fmt: skip
    """Forecast CASE from many origins and score the forecasts beside simple rules."""
    mistakes = mistakes_of(click.get_current_context())
    parameters = named_values(values, "--set", "PARAM=VALUE", mistakes)
    mistakes.tell()
    with without_search_for_garbage():
        from safeconduct.api import ForecastRequest, origins_typed
        from safeconduct.api import backtest as score

    asked = ForecastRequest(case, "", None, particles, seed, workers, parameters, not without_waits, not without_queues)
    with progress_bar("Forecasting") as progress:
        found = score(asked, origins_typed(origins), progress=progress)
    written = found.write(out or Path("out") / f"{Path(case).name}-backtest")
    print_table(found.table())
    click.echo(f"Page: {written}")
