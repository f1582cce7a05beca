"""forecast and backtest: what to plan for as of a time, and how such forecasts did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from safeconduct.app.options import named_values, progress_bar, typed_command, without_search_for_garbage
from safeconduct.app.panels import (
    SEED,
    WORKERS,
    Number,
    OutFolder,
    any_size_option,
    command,
    count,
    gathered,
    mistakes_of,
)
from safeconduct.app.study_options import with_options
from safeconduct.app.tables import json_option, print_table, say, tell

if TYPE_CHECKING:
    from safeconduct.api import ForecastRequest

Function = Callable[..., Any]
EVIDENCE = "What counts as evidence"


@dataclass(frozen=True)
class ForecastOptions:
    """What was typed of the options that both commands have."""

    out: Path | None
    values: tuple[str, ...]
    without_waits: bool
    without_queues: bool
    particles: int
    seed: int
    workers: int

    def request(self, case: str, as_of: str = "", horizon: float | None = None) -> ForecastRequest:
        """The request for a forecast. Raises UsageError with all that is wrong with the options."""
        mistakes = mistakes_of(click.get_current_context())
        parameters = named_values(self.values, "--set", "PARAM=VALUE", mistakes)
        mistakes.tell()
        with without_search_for_garbage():
            from safeconduct.api import ForecastRequest

        evidence = (not self.without_waits, not self.without_queues)
        return ForecastRequest(case, as_of, horizon, self.particles, self.seed, self.workers, parameters, *evidence)


def forecast_options(function: Function) -> Function:
    """Give a command the options of a forecast as one argument."""

    @wraps(function)
    def with_record(**given: Any) -> Any:
        return function(ForecastOptions(**{one.name: given.pop(one.name) for one in fields(ForecastOptions)}), **given)

    name, effort = function.__name__, partial(gathered, under="Effort", show_default=True)
    shared = (
        gathered("--out", type=OutFolder(), help=f"Folder to write to; out/CASE-{name} otherwise."),
        gathered("--set", "values", multiple=True, metavar="PARAM=VALUE", help="Hold a parameter at a value."),
        gathered("--without-waits", is_flag=True, under=EVIDENCE, help="Leave reported waits out."),
        gathered("--without-queues", is_flag=True, under=EVIDENCE, help="Leave reported queues out."),
        effort("--particles", default=300, type=count(20, 100_000), help="Runs fitted to the record."),
        effort("--seed", default=0, type=SEED, help="Same seed, same forecast."),
        effort("--workers", default=0, type=WORKERS, help="Processes; 0 = one per core."),
    )
    return with_options(with_record, shared)


@command()
@click.argument("case")
@gathered("--as-of", required=True, metavar="TIME", help="Only what was known by then; a Flee folder: a day, as 30.")
@gathered("--horizon", type=Number(1.0, 87_840.0), metavar="HOURS", help="How far ahead; default the end of the case.")
@gathered("--remark", default="", metavar="TEXT", help="A sentence for the notes, as how many reports are checked.")
@forecast_options
@any_size_option
def forecast(options: ForecastOptions, case: str, as_of: str, horizon: float | None, remark: str) -> None:
    """Forecast arrivals and needs of CASE from what was published by a time."""
    asked = options.request(case, as_of, horizon)
    with without_search_for_garbage():
        from safeconduct import api

    folder = options.out or api.out_folder(case, "-forecast")
    with api.output(folder, case):
        with progress_bar("Forecasting") as progress:
            found = api.forecast(asked, keep_in=folder, command=typed_command(), progress=progress)
        written = found.write(folder, remark)
    for line in found.in_short():
        say(line)
    click.echo(f"Planning sheet: {folder / 'planning.xlsx'}")
    click.echo(f"Page: {written}")


@command()
@click.argument("case")
@json_option()
@gathered(
    "--origins", required=True, metavar="TIMES", help="Times divided by commas, or FIRST/LAST for every 12 hours."
)
@forecast_options
@any_size_option
def backtest(options: ForecastOptions, case: str, origins: str) -> None:
    """Forecast CASE from many origins and score the forecasts beside simple rules."""
    asked = options.request(case)
    with without_search_for_garbage():
        from safeconduct import api

    folder = options.out or api.out_folder(case, "-backtest")
    with api.output(folder, case):
        with progress_bar("Forecasting") as progress:
            found = api.backtest(asked, api.origins_typed(origins), progress=progress)
        written = found.write(folder)
    for table in (found.table(), *found.tables_beside()):
        print_table(table)
    tell(f"Page: {written}")
