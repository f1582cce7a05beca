"""read: from an article to proposed claims, and the review in which a person confirms them."""

from __future__ import annotations

import getpass
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from safeconduct.api import monitor_folder, own_folder
from safeconduct.app.panels import command, option
from safeconduct.app.tables import say
from safeconduct.terms import UsageError, parse_day, size_fault

if TYPE_CHECKING:
    from safeconduct.reading import Passage, Proposal, Reading, Review

HELP_CASE = (
    "The case whose names are known and, with --review, whose claims.csv is written. Left out: "
    "this folder, or the fullest shipped one."
)
KEYS = (
    "a accept  s accept all of this sentence  c correct  r reject  u undo  n notes  "
    "k reject the rest of this kind  w write and end  q quit"
)
ORDER = ("figure", "act", "status", "prediction", "statement")  # of a review: what most needs a decision first
FIRST = (
    "kind",
    "start",
    "end",
    "sentence",
    "asserted_by",
    "via",
    "hedge",
    "is_negated",
    "modality",
    "quantity",
    "low",
    "best",
    "high",
    "unit",
    "date",
    "date_precision",
    "place",
    "actor",
    "action",
    "obligation",
    "duplicates",
    "warnings",
)


MOST_ARTICLE = 2**28  # bytes that are looked at; the reader says how many an article may have


def read_day(context: click.Context, parameter: click.Parameter, value: str) -> date | None:
    """A day such as 2023-09-28; None where nothing is given."""
    if not value:
        return None
    try:
        return parse_day(value)
    except ValueError:
        raise click.BadParameter(f'"{value}" is no day; expected one such as 2023-09-28', context, parameter) from None


@command(short_help="Propose claims from an article; a person confirms.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@option(
    "--published",
    default="",
    callback=read_day,
    metavar="DAY",
    help="Day of publication, such as 2023-09-28: dates are counted from it.",
)
@option(
    "--outlet",
    default="",
    metavar="NAME",
    help="Who published the text; it stands last in the chain of those who carry a claim.",
)
@option("--case", "case", default="", metavar="CASE", help=HELP_CASE)
@option("--json", "as_json", is_flag=True, help="Print the proposals as a list for programs.")
@option(
    "--narrative",
    is_flag=True,
    help="Print also which account passages argue, who is made responsible, loaded words, predictions.",
)
@option("--review", is_flag=True, help="Decide each proposal with one key; accepted ones enter the case's claims.csv.")
@option(
    "--reader",
    default="",
    metavar="NAME",
    help="Who decides, written with each claim. Left out: the name of the account on this machine.",
)
@option("--keep-text", is_flag=True, help="With --review: keep the text beside the case, if its licence allows.")
@option(
    "--save-text",
    "save_text",
    default=None,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the text as read, to which the spans refer.",
)
@option("--no-parser", is_flag=True, help="Leave out the second reading by a parser, where one is installed.")
def read(
    file: Path,
    published: date | None,
    outlet: str,
    case: str,
    as_json: bool,
    narrative: bool,
    review: bool,
    reader: str,
    keep_text: bool,
    save_text: Path | None,
    no_parser: bool,
) -> None:
    """Propose claims from FILE, an article in English: plain text, a saved page, a PDF with a text layer, an e-mail.
    Every proposal has its sentence and its place in the text. Nothing enters a ledger before a person accepts it."""
    from safeconduct.monitor import case_names
    from safeconduct.reading import read as read_article

    if wrong := size_fault(file, MOST_ARTICLE):
        raise UsageError(f"{wrong} Expected an article; name the file where you saved it.")
    folder = own_folder(case) if review else monitor_folder(case)
    names = case_names(folder)
    found = read_article(
        file.read_bytes(), names, name=file.name, published=published, outlet=outlet, use_parser=not no_parser
    )
    if save_text is not None:
        save_text.write_bytes(found.document.text.encode("utf-8", "replace"))
    for warning in found.warnings:
        click.echo(f"Note: {warning}.", err=True)
    if review:
        review_in_terminal(found, folder, reader or getpass.getuser(), file.name, keep_text)
    elif as_json:
        rows = [as_record(p) for p in found.proposals]
        out: object = {"proposals": rows, "passages": [asdict(p) for p in found.passages]} if narrative else rows
        click.echo(json.dumps(out, ensure_ascii=False, indent=1))
    else:
        show(found, narrative)


def as_record(p: Proposal) -> dict[str, object]:
    """A proposal as a record for programs, the fields that most need first."""
    record = asdict(p)
    return {name: record[name] for name in FIRST} | {name: value for name, value in record.items() if name not in FIRST}


def figure_of(p: Proposal) -> str:
    """The amount of a proposal as text."""

    def said(value: float) -> str:
        return f"{value:,.10g}"

    if p.best is None and p.low is not None and p.high is not None:
        amount = f"{said(p.low)} to {said(p.high)}"
    else:
        value = p.best if p.best is not None else p.low if p.low is not None else p.high
        amount = "" if value is None else said(value)
    return " ".join(filter(None, (amount, p.unit)))


def lines_of(p: Proposal) -> list[str]:
    """A proposal as lines for a person: what, who, when, where, then what would change its meaning, then the rest."""
    from safeconduct.reading import changes_meaning

    mood = ", ".join(
        filter(
            None,
            ("NOT (denied or negated)" if p.is_negated else "", p.modality if p.modality != "said" else "", p.hedge),
        )
    )
    what = " ".join(filter(None, (figure_of(p), f"[{p.quantity}]" if p.quantity else "", p.action, p.obligation)))
    rows = [
        ("what", " - ".join(filter(None, (p.kind, what, mood)))),
        ("who says", p.asserted_by + "".join(f", through {v}" for v in p.via)),
        ("reporter", f"{p.reporter} of reporters.csv" if p.reporter and p.reporter != p.asserted_by else ""),
        ("when", f"{p.date or 'not known'} ({p.date_precision})" + (f' "{p.date_said}"' if p.date_said else "")),
        ("where", p.place or "not said"),
        ("actor", p.actor),
        ("ledger", "; ".join(f"{m.relation} {m.claim} ({m.why})" for m in p.duplicates) or "new"),
        ("CHECK", "; ".join(w for w in p.warnings if changes_meaning(w))),
        ("note", "; ".join(w for w in p.warnings if not changes_meaning(w))),
    ]
    return [f'  "{" ".join(p.sentence.split())}"', *(f"  {name + ':':10}{text}" for name, text in rows if text)]


def short_lines(group: Sequence[Proposal], is_shown: bool) -> list[str]:
    """Claims of one sentence in few words for a review: the sentence, each claim, what they share, what to check.

    `is_shown`: the screen before gave the sentence and all of them, so only the first is given again.
    """
    from safeconduct.reading import changes_meaning

    p, n = group[0], len(group)
    group = group[:1] if is_shown else group
    ends = [source_of(q) for q in group]
    is_same = len(set(ends)) == 1
    lines = ["  as above" if is_shown else f'  "{" ".join(p.sentence.split())}"']
    for number, (q, end) in enumerate(zip(group, ends, strict=True), start=1):
        mood = ["NOT" if q.is_negated else "", q.modality if q.modality != "said" else "", q.hedge]
        kept = [figure_of(q), f"[{q.quantity}]" if q.quantity else "", q.action, q.obligation]
        claim = " ".join(filter(None, (q.kind.upper(), *mood, *kept)))
        lines.append(f"  {number}. {claim}" if len(group) > 1 else f"  {claim}")
        lines[-1] += "" if is_same else f" | {end}"
    lines += [f"  {ends[0]}"] if is_same else []
    checks = dict.fromkeys(w for q in group for w in q.warnings if changes_meaning(w))
    known = dict.fromkeys(f"{m.relation} {m.claim}" for q in group for m in q.duplicates)
    lines += [f"  CHECK: {'; '.join(checks)}"] if checks else []
    lines += [f"  ledger: {'; '.join(known)}"] if known else []
    return [*lines, f"  s takes all {n}"] if n > 1 and not is_shown else lines


def source_of(p: Proposal) -> str:
    """Who says it, when and where, in one line."""
    who = " via ".join((f"{p.asserted_by} (= {p.reporter})" if p.reporter else p.asserted_by, *p.via))
    return " | ".join((who, p.date or "no date", p.place or "no place"))


def of_sentence(state: Review) -> tuple[Proposal, ...]:
    """The proposals to decide next that stand in the same sentence and are of one kind."""
    left = state.proposals[len(state.decisions) :]
    return tuple(takewhile(lambda p: (p.start, p.kind) == (left[0].start, left[0].kind), left))


def show(found: Reading, narrative: bool) -> None:
    """Print the proposals, and the narrative where it is asked for."""
    from safeconduct.reading import changes_meaning

    for number, p in enumerate(found.proposals, start=1):
        say(f"{number}. characters {p.start}-{p.end}\n" + "\n".join(lines_of(p)))
    n = len(found.proposals)
    n_warned = sum(any(map(changes_meaning, p.warnings)) for p in found.proposals)
    say(
        f"{n} proposals, {n_warned} with something to check that would change their meaning. Nothing is entered: "
        f"decide them with --review --case FOLDER."
    )
    if narrative:
        show_passages(found.passages)


def show_passages(passages: Sequence[Passage]) -> None:
    """Print what passages do in the story that the text tells."""
    for kind in ("account", "responsibility", "loaded words", "prediction"):
        rows = [p for p in passages if p.kind == kind]
        if rows:
            say(f"\nProposed: {kind}")
        for p in rows:
            detail = f" ({p.detail})" if p.detail else ""
            say(f'- {p.what}{detail}, {p.said_by}: "{" ".join(p.sentence.split())}"')


def review_in_terminal(found: Reading, folder: Path, reader: str, source: str, keep_text: bool) -> None:
    """Ask for one key a proposal; write the accepted ones at the end, all or none."""
    from safeconduct.reading import Review, accept

    state = Review(tuple(sorted(found.proposals, key=lambda p: (ORDER.index(p.kind), p.start))))
    kinds = Counter(p.kind for p in found.proposals)
    say(", ".join(f"{kinds[kind]} {kind}s" for kind in ORDER if kinds[kind]).replace("statuss", "status"))
    say(f"Keys: {KEYS}")
    shown = (-1, "")
    while True:
        p = state.current
        if p is not None:
            lines = short_lines(of_sentence(state), shown == (p.start, p.kind))
            say(f"\n{len(state.decisions) + 1} of {len(state.proposals)}\n" + "\n".join(lines))
            shown = (p.start, p.kind)
        else:
            say(f"\nAll {len(state.proposals)} are decided, {len(state.accepted)} accepted. w writes them.")
        key = click.getchar()
        if key in ("q", "\x03", "\x04"):
            say("Nothing was written.")
            return
        if key == "w":
            break
        if key == "n" and p is not None:
            say("\n".join(lines_of(p)))
            continue
        state = after_key(state, key)
    if not state.accepted:
        say("None was accepted; nothing was written.")
        return
    done = accept(state.accepted, folder, found, reader=reader, source=source, keep_text=keep_text)
    say(f"{len(done.added)} claims added, {done.known} were there already; {folder / 'claims.csv'} holds {done.total}.")


def after_key(state: Review, key: str) -> Review:
    """The state after one key; an unknown key, or one that has nothing to act on, changes nothing."""
    if key == "u":
        return state.undo()
    if state.current is None or key not in ("a", "s", "r", "c", "k"):
        return state
    if key == "s":
        for _ in of_sentence(state):
            state = state.accept()
        return state
    if key == "k":
        left = state.proposals[len(state.decisions) :]
        for _ in takewhile(lambda p: p.kind == left[0].kind, left):
            state = state.reject()
        return state
    if key != "c":
        return state.accept() if key == "a" else state.reject()
    changes: dict[str, str] = {}
    while True:
        line = click.prompt("field=value, empty when done", default="", show_default=False)
        if not line.strip():
            break
        name, sign, value = line.partition("=")
        if not sign:
            say("Expected a field and a value, such as best=1700.")
            continue
        try:
            state.correct({**changes, name.strip(): value})
        except UsageError as error:
            say(str(error))
            continue
        changes[name.strip()] = value
    return state.correct(changes) if changes else state
