"""The options that `run` and `whatif` have in common, declared once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from safeconduct.app.options import event_times, named_values
from safeconduct.app.panels import SEED, WORKERS, OutFolder, count, gathered, mistakes_of
from safeconduct.terms import Mistakes, UsageError

if TYPE_CHECKING:
    from safeconduct.api import RunRequest, Watch

Function = Callable[..., Any]
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
TABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
OWN_FIT = "With a fit of your own"
MACHINES = "On many machines"
FLEE = "Folders in Flee's format"


class PartOf(click.ParamType[tuple[int, int]]):
    """One of several parts, as K/N."""

    name = "part"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Both numbers. Raises click.BadParameter where they are none."""
        number, _, n_parts = str(value).partition("/")
        if not (number.isdecimal() and n_parts.isdecimal() and 1 <= int(number) <= int(n_parts)):
            self.fail(f'"{value}" is no part; expected K/N, such as 2/5.', param, ctx)
        return int(number), int(n_parts)


@dataclass(frozen=True)
class StudyOptions:
    """What was typed of the common options; `mistakes` is what was wrong with any option so far."""

    n_runs: int
    seed: int
    workers: int
    out: Path | None
    values: tuple[str, ...]
    events: tuple[str, ...]
    routes: Path | None
    from_priors: bool
    no_report: bool
    resume: bool
    sample: Path | None
    compat: str | None
    hasten: int
    data: Path | None
    cluster: str
    part: tuple[int, int] | None
    parts: Path | None
    mistakes: Mistakes

    def request(self, case: str) -> RunRequest:
        """What is asked for, as far as it can be read; what cannot is added to the mistakes."""
        from safeconduct.api import RunRequest
        from safeconduct.scenario import Quirks, WalkReading

        parameters = named_values(self.values, "--set", "PARAM=VALUE", self.mistakes)
        moved = event_times(self.events, self.mistakes)
        return RunRequest(
            case,
            n_runs=self.n_runs,
            seed=self.seed,
            workers=self.workers,
            parameters=parameters,
            events=moved,
            routes=self.routes,
            from_priors=self.from_priors,
            sample_from=self.sample,
            cluster=self.cluster,
            part=self.part or (1, 1),
            gather=self.parts,
            as_walk=WalkReading(Quirks.of_flee() if self.compat else Quirks(), self.hasten, self.data),
        )

    def out_folder(self, folder: Path) -> Path:
        """The output folder: the one named, or else this one; of a part, a folder of its own beside it."""
        if self.out is None and self.part is not None:
            return folder.with_name(f"{folder.name}-parts") / "{}-of-{}".format(*self.part)
        return self.out or folder

    def watch(self, progress: Callable[[int, int], None]) -> Watch:
        """Progress on the bar, warnings on the error stream, mistakes reported with what is found in the case."""
        from safeconduct.api import Watch

        return Watch(progress, lambda sentence: click.echo(sentence, err=True), self.mistakes)

    def needs(self, other: str, *, is_given: bool, options: Mapping[str, object]) -> None:
        """Note options that would do nothing without another one."""
        idle = [name for name, value in options.items() if value]
        if idle and not is_given:
            with self.mistakes:
                raise UsageError(f"{' and '.join(idle)} would change nothing; expected together with {other}.")


def kept_part(part: tuple[int, int], n_kept: int, folder: Path) -> str:
    """What is said of a finished part."""
    return (
        f"Part {part[0]} of {part[1]}: {n_kept} finished runs are kept in {folder}. When all parts are there, repeat "
        f"the command with --gather {folder.parent} in place of --part."
    )


def study_options(out: str) -> Callable[[Function], Function]:
    """Give a command the common options as one argument; `out` is its output folder where none is named."""
    shared = (
        gathered("--runs", "n_runs", default=200, show_default=True, type=count(), help="How many runs, or pairs."),
        gathered("--seed", default=0, show_default=True, type=SEED, help="Same seed, same result."),
        gathered("--workers", default=0, type=WORKERS, help="Processes at a time; 0 = one per core."),
        gathered("--out", type=OutFolder(), help=f"Output folder; default {out}."),
        gathered("--set", "values", multiple=True, metavar="PARAM=VALUE", help="Hold a parameter at a value."),
        gathered("--event", "events", multiple=True, metavar="ID.time=TIME", help="Move an event to another time."),
        gathered("--routes", type=TABLE, help="Roads to add or replace."),
        gathered("--from-priors", is_flag=True, help="Draw parameters from their priors, not from the fitted sample."),
        gathered("--no-report", is_flag=True, help="Write the tables, but no page."),
        gathered("--resume", is_flag=True, help="Keep the runs that an interrupted call has finished, and go on."),
        gathered("--sample", type=FOLDER, under=OWN_FIT, help="Draw parameters from what fit --out has left there."),
        gathered("--cluster", default="", metavar="ADDRESS", under=MACHINES, help="A Dask scheduler that simulates."),
        gathered("--part", type=PartOf(), metavar="K/N", under=MACHINES, help="Simulate the K-th of N parts only."),
        gathered("--gather", "parts", type=FOLDER, under=MACHINES, help="Take finished parts from this folder."),
        gathered("--compat", type=click.Choice(["flee"]), under=FLEE, help="Copy all that is odd in Flee."),
        gathered("--hasten", default=0, type=count(0, 10**9), under=FLEE, help="Persons that an agent stands for."),
        gathered("--data", type=FOLDER, under=FLEE, help="The counts, where they do not lie beside the tables."),
    )
    return lambda function: with_options(gathering(function), shared)


def gathering(function: Function) -> Function:
    """Hand a command the common options in one record."""

    @wraps(function)
    def gathered_command(**given: Any) -> Any:
        names = [field.name for field in fields(StudyOptions) if field.name in given]
        mistakes = mistakes_of(click.get_current_context())
        return function(StudyOptions(**{name: given.pop(name) for name in names}, mistakes=mistakes), **given)

    return gathered_command


def game_options(under: str) -> Callable[[Function], Function]:
    """Give a command the options of the game, under a heading that says with which option they go."""
    of_game = (
        gathered("--coding", default="", metavar="NAME", under=under, help="Coding of the record; default the case's."),
        gathered("--account", default="", metavar="NAME", under=under, help="One account; default all, weighted."),
        gathered("--belief-as-trust", is_flag=True, under=under, help="The belief in the force is people's trust."),
    )
    return lambda function: with_options(function, of_game)


def with_options(function: Function, options: Iterable[Function]) -> Function:
    """A function with options, in the order in which they are listed."""
    for one in reversed(list(options)):
        function = one(function)
    return function
