"""Options and small tools that several commands share."""

from __future__ import annotations

import gc
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from safeconduct.terms import UsageError


def named_values(pairs: tuple[str, ...], option: str, form: str) -> dict[str, str]:
    """Words such as NAME=VALUE as a table. Raises UsageError for a word of another form."""
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name or not value:
            raise UsageError(f'{option} is "{pair}"; expected {form}, such as {option} {form.lower()}.')
        found[name] = value
    return found


def event_times(pairs: tuple[str, ...]) -> dict[str, str]:
    """Words such as ID.time=TIME as a table from event to time."""
    found = {}
    for name, value in named_values(pairs, "--event", "ID.time=TIME").items():
        event, dot, what = name.rpartition(".")
        if not dot or what != "time":
            raise UsageError(f'--event is "{name}={value}"; expected ID.time=TIME: only the time of an event can move.')
        found[event] = value
    return found


def only_with(other: str, *, is_given: bool, options: Mapping[str, object]) -> None:
    """Refuse options that would do nothing without another one. Raises UsageError."""
    idle = [name for name, value in options.items() if value]
    if idle and not is_given:
        raise UsageError(f"{' and '.join(idle)} would change nothing; expected together with {other}.")


def typed_command() -> str:
    """The command as it was typed, for the birth record; the program by its name, not by where it lies."""
    return shlex.join(["safeconduct", *sys.argv[1:]])


@contextmanager
def without_search_for_garbage() -> Iterator[None]:
    """Do something that leaves hardly any behind, such as imports or the end of a process, and set all aside for good.

    The search took a third of a CPU second of a short run, most of it while the process ended.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on the terminal, and nothing at all where the output is not one."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label)
        yield lambda done, total: bar.update(task, completed=done, total=total)
