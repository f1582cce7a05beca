"""The inbox: one report by a form, what it would change, saving, undoing, checking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.responses import Response

from safeconduct.desk import backend, forms, seen
from safeconduct.desk.ask import Ask, Page, go, page
from safeconduct.desk.case.casefile import CaseFile, Changed
from safeconduct.desk.case.journal import ONE, TWO
from safeconduct.terms import CaseError, UsageError

RECENT = 12  # entries shown beside the form
RECENT_DAYS = 200  # between the latest report and today, within which a new one is likely of today; assumed


@dataclass(frozen=True)
class Changes:
    """What rows would change, as tables; or the faults for which they cannot be saved."""

    tables: tuple[object, ...] = ()
    faults: tuple[str, ...] = ()
    n_new: int = 0


THIS = "this-report"  # how the preview calls a report that has no name yet


def changes(file: CaseFile, rows: Sequence[Mapping[str, str]]) -> Changes:
    """What rows would change. A case without an agreement has reports and nothing that they change."""
    rows = [{"id": THIS + (f"-{n}" if n else ""), **row} for n, row in enumerate(rows)]
    try:
        if not backend.has_monitor(file.folder):
            return Changes(n_new=len(backend.check_rows(file.folder, rows)))
        found = backend.preview(file.folder, rows)
    except CaseError as error:
        return Changes(faults=tuple(plain(str(fault)) for fault in error.faults))
    return Changes(tuple(table for table in found.tables if table.rows), n_new=len(found.added))


def plain(sentence: str) -> str:
    """A fault of a row that is in no file yet, for the person who typed it."""
    return sentence.removeprefix("new row:1: ").removeprefix("new row: ")


def known_fields(file: CaseFile) -> tuple[forms.Field, ...]:
    """The form's fields with the words of this case."""
    duties = (
        tuple((one.id, f"{one.id}: {one.what}") for one in file.case().obligations)
        if backend.has_monitor(file.folder)
        else ()
    )
    return forms.fields(file.ledger(), duties)


def show(ask: Ask, values: Mapping[str, str], found: Changes | None, changed: Changed | None = None) -> Response:
    """The inbox with a form that holds some values."""
    known, standing = known_fields(ask.file), ask.file.standing()
    recent = [e for e in reversed(ask.file.journal.entries()) if e.what in ("entered", "undone", "changed outside")]
    told = {line.id: line for line in seen.claims_in((c for e in recent[:RECENT] for c in e.claims), ask.file.ledger())}
    return page(
        ask, "preview.html.j2" if ask.is_part else "inbox.html.j2", values=values, found=found, changed=changed,
        fields=known, kinds=forms.KINDS, lists=forms.suggestions(ask.file.ledger()).lists,
        revision=ask.file.revision(), recent=recent[:RECENT], told=told, standing=standing, two=TWO,
    )  # fmt: skip


def inbox(ask: Ask) -> Response:
    """An empty form, or one that takes over what a link names: another report to dispute, a kind."""
    values = {"kind": ask.query.get("kind", "figure"), "published": likely_day(ask.file)}
    values |= {name: ask.query[name][:80] for name in ("disputes", "obligation", "place") if name in ask.query}
    return show(ask, values, None)


def likely_day(file: CaseFile) -> str:
    """Today, where the case's latest reports are of these months; nothing for a case of another time."""
    today = datetime.now(UTC)
    last = max((c.published for c in file.ledger().claims if c.published), default=today)
    return today.date().isoformat() if abs((today - last).days) <= RECENT_DAYS else ""


def look_ahead(ask: Ask) -> Response:
    """What the report in the form would change, or what is wrong with it."""
    row = forms.row_of(ask.form)
    return show(ask, ask.form, changes(ask.file, [row]))


def save(ask: Ask) -> Response:
    """Save the report, if the form's button for it was used and nothing changed meanwhile."""
    if ask.form.get("do") == "correct":
        return show(ask, ask.form, None)
    row = forms.row_of(ask.form)
    try:
        ids = ask.file.save([row], ask.who, ask.form.get("why", "")[:400], ask.form.get("revision", ""))
    except CaseError:
        return show(ask, ask.form, changes(ask.file, [row]))
    except Changed as meanwhile:
        return show(ask, ask.form, changes(ask.file, [row]), meanwhile)
    return go(f"{ask.file.place.address}/inbox?saved={ids[0]}")


def undo(ask: Ask) -> Response:
    """Take a report out again."""
    ask.file.undo([ask.form.get("claim", "")], ask.who, ask.form.get("why", "")[:400])
    return go(f"{ask.file.place.address}/inbox")


def check(ask: Ask) -> Response:
    """Note that another name has checked reports against their sources."""
    claims = ask.many.get("claim", ())
    if not claims:
        raise UsageError("no report was chosen; expected at least one; tick those that you have checked.")
    ask.file.check(claims, ask.who, ask.form.get("why", "")[:400])
    return go(f"{ask.file.place.address}/inbox/check")


def to_check(ask: Ask) -> Response:
    """Reports that wait for another name to check them."""
    standing, ledger = ask.file.standing(), ask.file.ledger()
    lines = seen.claims_in(sorted(standing.unchecked(), key=lambda c: standing.entered[c].number), ledger)
    return page(ask, "check.html.j2", lines=lines, standing=standing)


def rule(ask: Ask) -> Response:
    """Whether another name has to check what was entered."""
    ask.file.note(ask.who, "rule", TWO if ask.form.get("rule") == TWO else ONE)
    return go(f"{ask.file.place.address}/inbox/check")


PAGES = (
    Page("/case/{key}/inbox", inbox, needs_own=True),
    Page("/case/{key}/inbox", look_ahead, "reporter", is_post=True, needs_own=True),
    Page("/case/{key}/inbox/save", save, "reporter", is_post=True, needs_own=True),
    Page("/case/{key}/inbox/undo", undo, "reporter", is_post=True, needs_own=True),
    Page("/case/{key}/inbox/check", to_check, needs_own=True),
    Page("/case/{key}/inbox/check", check, "checker", is_post=True, needs_own=True),
    Page("/case/{key}/inbox/rule", rule, "checker", is_post=True, needs_own=True),
)
