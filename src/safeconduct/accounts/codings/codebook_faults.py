"""What is wrong with the files of a coding: every fault at once, each with its line and the next step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from safeconduct.accounts.codings.acts import RECORDED_ANSWERS, Act
from safeconduct.accounts.codings.codebook import Codebook, Dating, Variant, months_of
from safeconduct.accounts.codings.restrictions import ACCOUNTS
from safeconduct.actors import ANSWERS, Outside
from safeconduct.scenario import Document, read_document
from safeconduct.terms import Fault, closest

Where = tuple[str | int, ...]
Datings = dict[str, tuple[Dating, ...]]
MOST_MONTHS = 1200
LEVELS = {account.covariate: account.levels for account in ACCOUNTS if account.covariate}
SEE = "see docs/game.md, Codings"


def read_datings(path: Path, faults: list[Fault]) -> Datings:
    """The dates of what held outside; what is wrong with them is added to the faults."""
    document = read_document(path, faults)
    datings = document.read_as(Datings, SEE, faults) if document else None
    if document and datings is not None:
        faults += _dating_faults(document, datings)
    return datings or {}


def read_codebook(path: Path, acts: Sequence[Act], faults: list[Fault]) -> Codebook | None:
    """The rules of a coding of these acts; what is wrong with them is added to the faults."""
    document = read_document(path, faults)
    rules = document.read_as(Codebook, SEE, faults) if document else None
    if document and rules:
        found = [*_answer_faults(document, rules), *_month_faults(document, rules)]
        if acts:
            found += _name_faults(document, rules, acts)
        if acts and not found and not _counted(rules, acts):
            what = "no act that counts as a move", "one at least in these months, scopes and grounds"
            found.append(Fault(document.file, 0, "", *what, SEE))
        faults += found
    return rules


def _fault(document: Document, where: Where, found: str, expected: str, advice: str) -> Fault:
    return document.fault(where, f'"{found}"', expected, advice)


def _answer_faults(document: Document, rules: Codebook) -> Iterator[Fault]:
    for code in RECORDED_ANSWERS:
        if code not in rules.answers:
            told = f'without "{code}"', f"one of {', '.join(ANSWERS)} for it", "add it"
            yield Fault(document.file, document.line(("answers",)), "answers", *told)
    mappings: list[tuple[Where, dict[str, str]]] = [(("answers",), rules.answers)]
    mappings += [(("variants", n, "answers"), one.answers) for n, one in enumerate(rules.variants) if one.answers]
    for where, mapping in mappings:
        for code, answer in mapping.items():
            if code not in RECORDED_ANSWERS:
                yield _fault(document, (*where, code), code, "a recorded answer", closest(code, RECORDED_ANSWERS))
            if answer not in ANSWERS:
                yield _fault(document, (*where, code), answer, f"one of {', '.join(ANSWERS)}", "correct it")


def _month_faults(document: Document, rules: Codebook) -> Iterator[Fault]:
    if rules.until < rules.start:
        yield _fault(document, ("until",), rules.until, f"a month from {rules.start} on", "exchange or correct the two")
    elif len(months_of(rules.start, rules.until)) > MOST_MONTHS:
        yield _fault(document, ("until",), rules.until, f"at most {MOST_MONTHS} months", "correct the year")


def _name_faults(document: Document, rules: Codebook, acts: Sequence[Act]) -> Iterator[Fault]:
    """Names of scopes, grounds and rows that no act has: a slip of the pen would change the coding in silence."""
    moves = [act for act in acts if act.kind == "move"]
    known: dict[str, tuple[str, Collection[str]]] = {
        "scopes": ("the scope of a move", {act.scope for act in moves}),
        "excused_grounds": ("the grounds of a move", {act.grounds for act in moves}),
        "left_out": ("a row of acts.csv", {act.row for act in acts}),
    }
    for n, one in enumerate((rules, *rules.variants)):
        for field, (expected, names) in known.items():
            where: Where = (field,) if n == 0 else ("variants", n - 1, field)
            for name in getattr(one, field) or ():
                if name not in names:
                    yield _fault(document, where, name, expected, closest(name, names))
    yield from _twice(document, rules.variants)


def _twice(document: Document, named: Sequence[Variant] | Sequence[Dating], *above: str) -> Iterator[Fault]:
    names = [one.name for one in named]
    for n, name in enumerate(names):
        if name in names[:n]:
            where: Where = (*(above or ("variants",)), n, "name")
            yield _fault(document, where, name, "a name that is not used before", "name it otherwise")


def _counted(rules: Codebook, acts: Sequence[Act]) -> bool:
    """Whether any act counts as a move under these rules."""
    return any(
        act.kind == "move"
        and act.scope in rules.scopes
        and act.row not in rules.left_out
        and act.grounds not in rules.excused_grounds
        and rules.start <= f"{act.day:%Y-%m}" <= rules.until
        for act in acts
    )


def _dating_faults(document: Document, datings: Datings) -> Iterator[Fault]:
    covariates = [field.name for field in fields(Outside)]
    for name, ways in datings.items():
        if name not in covariates:
            yield _fault(document, (name,), name, "what may hold outside the game", closest(name, covariates))
        elif ways and name not in LEVELS:
            yield _fault(document, (name,), name, "what an account looks at", "leave it empty: [], as none looks at it")
        yield from _twice(document, ways, name)
        for n, way in enumerate(ways):
            for m, span in enumerate(way.spans):
                where: Where = (name, n, "spans", m)
                if span.until < span.start:
                    late = f"a day from {span.start} on"
                    yield _fault(document, (*where, "until"), str(span.until), late, "exchange or correct the two")
                if span.level not in LEVELS.get(name, (span.level,)):
                    levels = ", ".join(f"{level:g}" for level in LEVELS[name])
                    told = f"{span.level:g}", f"one of {levels}, that games are solved for", "round it"
                    yield _fault(document, (*where, "level"), *told)
