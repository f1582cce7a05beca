"""Commands whose help comes in parts: what most people need first, the rest under headings of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any

import click

from safeconduct.terms import Mistakes, UsageError, is_there

WORDS = {"INTEGER": "N", "INTEGER RANGE": "N", "FLOAT RANGE": "NUMBER", "DIRECTORY": "FOLDER", "PATH": "FOLDER"}
FIRST = "Options"


class OutFolder(click.Path):
    """A folder to write into, there already or not; a file of that name is refused."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The folder's path. Raises click.BadParameter where a file has that name."""
        if is_there(Path(value)) and not Path(value).is_dir():
            self.fail(f'"{value}" is a file or leads nowhere; expected a folder; name another with --out.', param, ctx)
        return super().convert(value, param, ctx)


class Number(click.FloatRange):
    """A finite number in a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number. Raises click.BadParameter where it is none, not finite or out of range."""
        found = float(super().convert(value, param, ctx))
        if not isfinite(found):
            self.fail(f"{value!r} is not a number that can be counted with.", param, ctx)
        return found


SEED = click.IntRange(0, 2**53)
WORKERS = click.IntRange(0, 1024)


def count(least: int = 1, most: int = 1_000_000) -> click.IntRange:
    """How many of something: a range that no help needs to name."""
    return click.IntRange(least, most)


class Option(click.Option):
    """An option that says under which heading of its command's help it stands."""

    def __init__(self, *words: Any, under: str = FIRST, **more: Any) -> None:
        super().__init__(*words, **more)
        self.under = under

    def make_metavar(self, ctx: click.Context) -> str:
        """What the option takes, in a word that needs no computing."""
        found = super().make_metavar(ctx)
        return WORDS.get(found, found)

    def get_help_extra(self, ctx: click.Context) -> Any:
        """What stands in brackets: no range whose upper end is out of reach, as for counts it goes without saying."""
        found = super().get_help_extra(ctx)
        if isinstance(self.type, click.IntRange) and (self.type.max or 10**6) >= 1000:
            found.pop("range", None)
        return found


class Gathered(Option):
    """An option whose wrong value is reported together with whatever else is wrong with the question."""

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> tuple[Any, list[str]]:
        """Take the value; a wrong one is noted, and the option is then as if it had not been typed."""
        try:
            return super().handle_parse_result(ctx, opts, args)
        except click.BadParameter as error:
            with mistakes_of(ctx):
                raise UsageError(f"{self.opts[-1]}: {error.message}") from None
        return super().handle_parse_result(ctx, {}, args)


def mistakes_of(context: click.Context) -> Mistakes:
    """What is wrong with the command line so far."""
    found = context.meta.setdefault("safeconduct.mistakes", Mistakes())
    assert isinstance(found, Mistakes)
    return found


class Command(click.Command):
    """A command whose help lists its options heading by heading, in the order in which headings first come."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, those without a heading of their own first."""
        for heading, options in by_heading(self, ctx).items():
            shown = [record for one in options if (record := one.get_help_record(ctx))]
            with formatter.section(heading):
                formatter.write_dl(shown)


def by_heading(of: click.Command, context: click.Context) -> dict[str, list[click.Option]]:
    """The options of a command by the heading under which they stand."""
    found: dict[str, list[click.Option]] = {FIRST: []}
    for one in of.get_params(context):
        if isinstance(one, click.Option) and not one.hidden:
            found.setdefault(getattr(one, "under", FIRST), []).append(one)
    return found


def lift(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    """Lift the limits on the work of this command, where it is asked for."""
    if value:
        from safeconduct.ensemble import any_size

        context.with_resource(any_size())


command = partial(click.command, cls=Command)
option = partial(click.option, cls=Option)
gathered = partial(click.option, cls=Gathered)
any_size_option = option(
    "--any-size", is_flag=True, expose_value=False, callback=lift, under="Limits",
    help="Run whatever memory and time the estimate of the work asks for.",
)  # fmt: skip
