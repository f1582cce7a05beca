"""The door of the command line: which commands there are, and how a mistake is told."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from safeconduct import __version__
from safeconduct.terms import SafeconductError, closest

COMMANDS = {  # name -> where it stands, what it does; imported only when called, so that --help is quick
    "monitor": (
        "safeconduct.app.monitor_command:monitor",
        "Who owes what, what was done, who could pass, as of a date.",
    ),
    "diff": ("safeconduct.app.diff_command:diff", "What became known between two dates."),
    "accounts": ("safeconduct.app.accounts_command:accounts", "What accounts of why expect, and what was reported."),
    "comparators": (
        "safeconduct.app.comparators_command:comparators",
        "What forces answered in other guaranteed ceasefires.",
    ),
    "run": ("safeconduct.app.run_command:run", "Simulate a case many times and write a report."),
    "whatif": (
        "safeconduct.app.whatif_command:whatif",
        "What would have been different in the model.",
    ),
    "fit": ("safeconduct.app.fit_command:fit", "Fit a case's parameters to its record up to a time."),
    "new": ("safeconduct.app.new_command:new", "Make a case folder from tables of people, roads and crossings."),
    "explain": ("safeconduct.app.explain_command:explain", "What a case assumes, longest lever first."),
    "check": ("safeconduct.app.case_commands:check", "Check a case folder and name every fault."),
    "convert": ("safeconduct.app.convert_command:convert", "Write a folder in Flee's format as a case folder."),
    "cases": ("safeconduct.app.case_commands:cases", "List the cases that are shipped, and what each is for."),
    "ledger": ("safeconduct.app.ledger_commands:ledger", "Who reported what: list, compare, trace, add, export."),
}


class LazyCommands(click.Group):
    """A group whose commands are imported when they are called; a known error becomes a sentence and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a command, or None where there is none of this name."""
        if name not in COMMANDS:
            return None
        module, function = COMMANDS[name][0].split(":")
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
        """List commands from the table, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; without --debug an error that a person can act on is told in its own sentence."""
        try:
            return super().invoke(ctx)
        except SafeconductError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(str(error), err=True)
            sys.exit(error.exit_code)
        except BrokenPipeError:  # whoever read the output has enough, as with `| head`
            raise
        except OSError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(f"{error.filename or 'A file'} cannot be read or written: {error.strerror or error}.", err=True)
            sys.exit(1)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            sys.exit(130)


START = "Start with: safeconduct monitor demo-valley. Every case that ships, and what it is for: safeconduct cases."


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=START)
@click.version_option(__version__, prog_name="safeconduct")
@click.option("--debug", is_flag=True, help="Show a traceback when something goes wrong.")
def main(debug: bool) -> None:
    """An executable model of a guaranteed ceasefire: what was promised and done, who may leave or return, and what the
    record can tell."""
