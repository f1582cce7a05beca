"""Where the command line starts: which commands there are, and how an error is reported."""

from __future__ import annotations

import errno
import signal
import sys
import threading
from importlib import import_module

import click

from safeconduct import __version__
from safeconduct.app.output import print_patiently, visible
from safeconduct.terms import SafeconductError, closest, shown

APP = "safeconduct.app"
PARTS = {  # heading -> name -> where it stands, what it does; imported only when called, so that --help is quick
    "What is on record": {
        "desk": ("safeconduct.desk.command:desk", "Local web pages: reports go in, dated answers come out."),
        "monitor": (f"{APP}.commands.monitor:monitor", "Who owes what, what was done, who could pass, as of a date."),
        "story": (f"{APP}.commands.record.story:story", "The whole time on one page: every voice, map, runs, sources."),
        "diff": (f"{APP}.commands.record.diff:diff", "What became known between two dates."),
        "ledger": (f"{APP}.commands.ledger:ledger", "Who reported what: list, compare, trace, add, export."),
        "read": (f"{APP}.commands.read:read", "Propose claims from an article; a person confirms them."),
        "accounts": (f"{APP}.commands.accounts:accounts", "What accounts of why expect, and what was reported."),
        "comparators": (
            f"{APP}.commands.comparators:comparators",
            "What forces answered in other guaranteed ceasefires.",
        ),
    },
    "How many may leave, by when": {
        "forecast": (f"{APP}.commands.forecast:forecast", "Arrivals and needs from what was published by a time."),
        "backtest": (f"{APP}.commands.forecast:backtest", "How such forecasts did, from many origins."),
        "run": (f"{APP}.commands.run:run", "Simulate a case many times and write a report."),
        "whatif": (f"{APP}.commands.whatif:whatif", "What would have been different in the model."),
        "explain": (f"{APP}.commands.explain:explain", "What a case assumes, the most influential first."),
        "sensitivity": (f"{APP}.commands.sensitivity:sensitivity", "Which assumptions move the results, all at once."),
        "fit": (f"{APP}.commands.fit:fit", "Fit a case's parameters to its record up to a time."),
        "fit-phases": (f"{APP}.commands.fit:fit_phases", "Fit a case with phases, each up to its own date."),
    },
    "Cases": {
        "export": (f"{APP}.commands.export:export", "Write tables, maps and charts for others."),
        "cases": (f"{APP}.commands.case:cases", "List the cases that are shipped, and what each is for."),
        "new": (f"{APP}.commands.new:new", "Make a case folder from tables of people, roads and crossings."),
        "check": (f"{APP}.commands.case:check", "Check a case folder and name every fault."),
        "convert": (f"{APP}.commands.case:convert", "Write a folder in Flee's format as a case folder."),
    },
}
MISNAMED = (errno.ENAMETOOLONG, errno.ELOOP, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EINVAL)  # by the user
COMMANDS = {name: where for commands in PARTS.values() for name, (where, _) in commands.items()}


class LazyCommands(click.Group):
    """A group whose commands are imported when they are called; a known error becomes a sentence and an exit code."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse words that are no text before anything else is looked at."""
        for word in args:
            if not word.isascii() and any("\ud800" <= letter <= "\udfff" for letter in word):
                raise click.UsageError(f"{shown(word)} holds a byte that is not UTF-8; type it again.", ctx)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a command, or None where there is none of this name."""
        if name not in COMMANDS:
            return None
        module, function = COMMANDS[name].split(":")
        command: click.Command = getattr(import_module(module), function)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed; one that there is not is refused with the nearest name."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f'there is no command "{args[0]}"; {closest(args[0], COMMANDS)}.', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands from the table, part by part, without importing any."""
        width = max(map(len, COMMANDS))
        for heading, commands in PARTS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), says) for name, (_, says) in commands.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; without --debug an error that a person can act on is printed as its own sentence."""
        print_patiently()
        end_in_order()
        try:
            return super().invoke(ctx)
        except SafeconductError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(visible(str(error)), err=True)
            sys.exit(error.exit_code)
        except OSError as error:
            if ctx.params.get("debug"):
                raise
            name = shown(str(error.filename)) if error.filename else "A file"
            click.echo(visible(f"{name} cannot be read or written: {error.strerror or error}."), err=True)
            sys.exit(2 if error.errno in MISNAMED else 1)
        except Terminated:
            click.echo("Ended by a signal; nothing is left half-written.", err=True)
            sys.exit(143)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            sys.exit(130)


class Terminated(KeyboardInterrupt):
    """Raised where a signal asks the process to end: what a Ctrl-C would tidy up is tidied up."""


def end_in_order() -> None:
    """Let SIGTERM and SIGHUP end the process as Ctrl-C does, where nothing else was asked of them."""

    def end(number: int, frame: object) -> None:
        raise Terminated

    if threading.current_thread() is threading.main_thread():
        for one in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            if signal.getsignal(one) is signal.SIG_DFL:
                signal.signal(one, end)


START = "Start with: safeconduct monitor demo-valley. Every case that ships, and what it is for: safeconduct cases."


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=START)
@click.version_option(__version__, prog_name="safeconduct")
@click.option("--debug", is_flag=True, help="Show a traceback when something goes wrong.")
def main(debug: bool) -> None:
    """An executable model of a guaranteed ceasefire: what was promised and done, who may leave or return, and what the
    record can tell."""
