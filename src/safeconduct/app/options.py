"""Options and small tools that several commands share."""

from __future__ import annotations

import gc
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from safeconduct.terms import Mistakes, UsageError, collection_paused, has_machine_code, write_whole

EXAMPLES = {
    "COLUMN=VALUE": "reporter=Field office",
    "PARAM=VALUE": "trust=0.5",
    "ID.time=TIME": "road-opens.time=2030-05-07T08:00+02:00",
}


def named_values(pairs: Iterable[str], option: str, form: str, mistakes: Mistakes) -> dict[str, str]:
    """Words such as NAME=VALUE as a table; a word of another form is a mistake and left out."""
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        with mistakes:
            if not sign or not name or not value:
                raise UsageError(f'{option} is "{pair}"; expected {form}, such as {option} {EXAMPLES[form]}.')
            found[name] = value
    return found


def event_times(pairs: Iterable[str], mistakes: Mistakes) -> dict[str, str]:
    """Words such as ID.time=TIME as a table from event to time; a word of another form is a mistake and left out."""
    found = {}
    for name, value in named_values(pairs, "--event", "ID.time=TIME", mistakes).items():
        event, dot, what = name.rpartition(".")
        with mistakes:
            if not dot or what != "time":
                told = f'--event is "{name}={value}"; expected ID.time=TIME: only the time of an event can move.'
                raise UsageError(told)
            found[event] = value
    return found


def tell_machines(text: str, out: Path | None, name: str) -> None:
    """What programs read: on the screen, or into a file of this name in a folder."""
    if out is None:
        click.echo(text, nl=False)
        return
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / name, text)
    click.echo(f"Written: {out / name}")


def typed_command() -> str:
    """The command as it was typed, for the provenance; the program by its name, not by where it lies."""
    return shlex.join(["safeconduct", *sys.argv[1:]])


@contextmanager
def without_search_for_garbage() -> Iterator[None]:
    """Pause garbage collection for work that leaves little behind, such as imports, then freeze all objects.

    The search took a third of a CPU second of a short run, most of it while the process ended.
    """
    with collection_paused():
        try:
            yield
        finally:
            gc.freeze()


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on the terminal, nothing where the output is none; a line first where loops are compiled."""
    is_new = not has_machine_code()

    def say_compiling() -> None:
        """Once, when the work begins: what was asked has been read by then."""
        nonlocal is_new
        if is_new:
            click.echo("First use of this version: compiling, once, about 15 seconds of one core ...", err=True)
            is_new = False

    if not sys.stderr.isatty():
        yield lambda done, total: say_compiling()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label)

        def moved(done: int, total: int) -> None:
            say_compiling()
            bar.update(task, completed=done, total=total)

        yield moved
