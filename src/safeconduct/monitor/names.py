"""The names of a case as the reader of articles takes them: plain records of actors, obligations, accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from safeconduct.accounts import read_accounts
from safeconduct.ledger import Terms, read_ledger
from safeconduct.monitor.case import Actor, read_monitor_case
from safeconduct.reading import Gazetteer, Named, gazetteer_from
from safeconduct.terms import UsageError, is_there

MOST_WORDS = 4  # of a reporter's name that may stand for an actor in a text


def case_names(folder: Path) -> Gazetteer:
    """Everything a case can name; without an agreement, the names of its ledger alone. Raises CaseError."""
    try:
        case = read_monitor_case(folder)
    except UsageError:
        return gazetteer_from(read_ledger(folder))
    actors = dict(case.actors)
    force = next((key for key, actor in actors.items() if actor.is_force), "")
    people = next((key for key, actor in actors.items() if actor.kind == "population"), "")
    return gazetteer_from(
        case.ledger,
        actors=[named_actor(key, actor, case.ledger.terms) for key, actor in actors.items()],
        obligations=[Named(one.id, (one.id,), text=one.what) for one in case.obligations],
        accounts=tuple(told_accounts(folder)),
        force=force,
        population=people,
    )


def named_actor(key: str, actor: Actor, terms: Terms) -> Named:
    """An actor by the names of claims, its own names, and those who speak for it in reporters.csv."""
    speakers = [
        who.name
        for who in terms.reporters.values()
        if who.side in actor.sides and len(who.name.split()) <= MOST_WORDS and not set(";,(") & set(who.name)
    ]
    names = dict.fromkeys([*actor.called, actor.name, *filter(None, [actor.short]), *speakers])
    return Named(key, tuple(names), actor.kind)


def told_accounts(folder: Path) -> Iterator[Named]:
    """The accounts of why that a case holds; none where it has no accounts.yaml or it cannot be read."""
    if not is_there(folder / "accounts.yaml"):
        return
    for key, account in read_accounts(folder).accounts.items():
        text = f"{account.title} {account.text} {account.expects}"
        yield Named(key, (key,), text=text, shown=account.short or account.title)
