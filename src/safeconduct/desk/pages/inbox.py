"""The inbox: one report by a form, what it would change, saving, undoing, checking."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

import safeconduct.api.casework as casework
from safeconduct.desk import forms, typed
from safeconduct.desk.ask import Ask, Page, go, page
from safeconduct.desk.case import mapped, rowfile
from safeconduct.desk.case.casefile import Already, CaseFile, Changed
from safeconduct.desk.case.journal import FILE as JOURNAL
from safeconduct.desk.case.journal import ONE, TWO
from safeconduct.desk.kept import signature
from safeconduct.terms import CaseError, Fault, UsageError

if TYPE_CHECKING:
    from safeconduct.ledger import Claim, Ledger, Terms
    from safeconduct.scenario import Scenario

SOURCE = ("reporter", "source_title", "address", "published", "via")  # kept for the next report of one bulletin
RECENT = 12  # entries shown beside the form
RECENT_DAYS = 200  # between the latest report and today, within which a new one is likely of today; assumed


@dataclass(frozen=True)
class Changes:
    """What rows would change, as tables; or the faults for which they cannot be saved."""

    tables: tuple[object, ...] = ()
    faults: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # labels of what is needed and not typed yet
    n_new: int = 0
    reach: tuple[str, ...] = ()  # whether a forecast reads them, and whether they are seen as of the chosen day
    has_monitor: bool = True


THIS = "this-report"  # how the preview calls a report that has no name yet


def changes(file: CaseFile, rows: Sequence[Mapping[str, str]], when: date | datetime | None = None) -> Changes:
    """What rows would change as of the chosen moment. A case without an agreement has reports and nothing that they
    change."""
    rows = [{"id": THIS + (f"-{n}" if n else ""), **row} for n, row in enumerate(rows)]
    try:
        if not casework.has_monitor(file.folder):
            added = casework.check_rows(file.folder, rows)
            told = (*alike(file.ledger(), added), *reach(file, rows))
            return Changes(n_new=len(added), reach=told, has_monitor=False)
        found = casework.preview(file.folder, rows, when)
    except CaseError as error:
        return Changes(faults=tuple(nearly(fault) or plain(str(fault)) for fault in error.faults))
    tables = tuple(table for table in found.tables if table.rows)
    told = (*alike(file.ledger(), found.added), *not_seen(file, found.added, when), *reach(file, rows))
    return Changes(tables, n_new=len(found.added), reach=told)


def alike(ledger: Ledger, claims: Iterable[Claim]) -> Iterator[str]:
    """Reports that one may repeat: a figure of the same reporter, day and size; an act of the same kind and day."""
    for claim in claims:
        if claim.kind not in ("figure", "act") or claim.time is None:
            continue
        names = [one.id for one in ledger.claims if one.id != claim.id and says_same(one, claim)]
        what = "reporter, day and figure" if claim.kind == "figure" else "act and day"
        if names:
            yield f"Like {', '.join(names[:5])}: same {what}. See whether it is the same report."


def says_same(one: Claim, other: Claim) -> bool:
    """Whether two reports tell of one day the same figure by one reporter, or the same act."""
    if one.kind != other.kind or one.time is None or other.time is None or one.time.date() != other.time.date():
        return False
    if one.kind == "act":
        return bool(one.action) and one.action == other.action
    same = (one.reporter, one.quantity, one.low, one.best, one.high)
    return same == (other.reporter, other.quantity, other.low, other.best, other.high)


def not_seen(file: CaseFile, claims: Iterable[Claim], when: date | datetime | None) -> tuple[str, ...]:
    """A sentence on the reports that are published after the chosen moment; one whose day alone is known counts from
    the next day."""
    if when is None or not casework.has_monitor(file.folder):
        return ()
    moment = file.case().moment_of(when)
    later = [claim for claim in claims if claim.published and claim.published > moment]
    if not later:
        return ()
    since = f"{min(claim.published for claim in later if claim.published).astimezone(moment.tzinfo):%Y-%m-%dT%H:%M}"
    n = f"{len(later)} report{'s' if len(later) != 1 else ''} not seen as of {when.isoformat()[:16]}"
    return (f"No view of the chosen moment has it: {n}; known from {since} on. Published: {forms.PUBLISHED_HELP}.",)


def reach(file: CaseFile, rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Whether a forecast of the case reads these reports, in a sentence each."""
    scenario = file.scenario()
    if scenario is None:
        return
    there = {claim.id for claim in file.ledger().claims}
    is_there = all(row["id"] in there for row in rows)
    found = casework.reach_of(scenario, file.ledger() if is_there else casework.ledger_with(file.folder, rows))
    why, terms = dict(found.left), file.ledger().terms
    yield from (told for row in rows if (told := too_many(scenario, row, terms)))
    for row in rows:
        if row.get("kind") == "figure" and row["id"] in (*found.used, *why):
            left = f"No forecast reads it: {why[row['id']]}." if row["id"] in why else "A forecast reads it."
            shown = forms.shown(row, terms)
            about = f"{shown.get('quantity', '')} at {shown.get('place', '')}: " if len(rows) > 1 else ""
            yield about + forms.in_labels(left, terms)
        elif row.get("kind") == "figure":
            yield "No forecast reads it: it speaks of another time, or counts neither arrivals, a wait nor a queue."


def too_many(scenario: Scenario, row: Mapping[str, str], terms: Terms) -> str:
    """That a figure of people is above all people whom the case has at its start; empty where it is not."""
    unit = row.get("unit") or terms.quantity(row.get("quantity", "")).unit
    figures = [float(said) for name in ("low", "best", "high") if FIGURE.fullmatch(said := row.get(name, ""))]
    present = scenario.parameters.get("persons_present")
    people = present.value if present else sum(group.weight_persons for group in scenario.people)
    if unit != "persons" or not figures or not people or max(figures) <= people:
        return ""
    return f"Like none before: {max(figures):,.0f} people; the case has {people:,.0f} at its start. See if it is right."


def reach_of_saved(file: CaseFile, saved: Iterable[Claim]) -> Iterator[str]:
    """Whether a forecast reads reports that are saved; nothing where there is no forecast."""
    names, scenario = {claim.id for claim in saved}, file.scenario()
    rows = [row for _, row in rowfile.rows(file.text()) if row.get("id") in names] if names and scenario else []
    if scenario is None or not rows:
        return
    yield from reach(file, rows)
    roads = {one.id: one.target for one in scenario.events}
    yield from filter(None, (mapped.road_said(scenario, row, roads.get(row["id"], "")) for row in rows))


LABELS = {one.name: one.label for one in forms.fields(None)}
FIGURE = re.compile(r"\d+(\.\d+)?")
NEARLY = re.compile(r"a name of (.+), or one unlike them")
COLUMN = re.compile(r"^(" + "|".join(LABELS) + r") (?=is |has |and )")
EMPTY = " is empty;"


def plain(sentence: str) -> str:
    """A fault of a row that is in no file yet, for the person who typed it: by the label of its field."""
    told = re.sub(r"^new row(:1)?: ", "", sentence)
    return COLUMN.sub(lambda found: f"{LABELS[found[1]]} ", told, count=1)


def nearly(fault: Fault) -> str:
    """The sentence for a name that is a letter or two from one of a table; empty for any other fault."""
    found = NEARLY.fullmatch(fault.expected)
    if not found:
        return ""
    table = found[1].split(" and ")[0]
    return (
        f"{LABELS.get(fault.column, fault.column)} is {fault.found}, a letter or two from a name of {table}; "
        f"{fault.advice} If it is another, add it to {table} on the page Set up first."
    )


def read_form(ask: Ask) -> tuple[dict[str, str], tuple[str, ...]]:
    """The row of the form, names as the tables have them, and what of it cannot be right."""
    row = forms.row_of(ask.form)
    return typed.checked(row, known_of(ask.file), as_it_stands=ask.form.get(typed.AS_IT_STANDS) == "1")


def known_of(file: CaseFile) -> typed.Known:
    """What a typed report of the case is held against."""

    def read() -> tuple[Terms, tzinfo, date | None, date | None]:
        if not casework.has_monitor(file.folder):
            return file.ledger().terms, UTC, None, None
        case = file.case()
        return case.ledger.terms, case.zone, case.first, case.last

    tables = tuple(one for one in signature(file.folder) if one[0] not in (casework.CLAIMS_FILE, JOURNAL))
    return typed.Known(*file.kept.get(("known", str(file.folder), tables), read))


def known_fields(file: CaseFile) -> tuple[forms.Field, ...]:
    """The form's fields with the words of this case."""
    duties = (
        tuple((one.id, f"{one.id}: {one.what}") for one in file.case().obligations)
        if casework.has_monitor(file.folder)
        else ()
    )
    scenario = file.scenario()
    names = [(one.id, mapped.road_name(scenario, one)) for one in scenario.routes] if scenario else []
    several = {name for name, n in Counter(name for _, name in names).items() if n > 1}
    roads = tuple((key, f"{name} ({key})" if name in several else name) for key, name in names)
    return forms.fields(file.ledger(), duties, roads)


def show(ask: Ask, values: Mapping[str, str], found: Changes | None, changed: Changed | None = None) -> Response:
    """The inbox with a form that holds some values."""
    known, standing, ledger = known_fields(ask.file), ask.file.standing(), ask.file.ledger()
    recent = [
        e for e in reversed(ask.file.journal.entries()) if e.what in ("entered", "undone", "edited", "changed outside")
    ]
    told = {line.id: line for line in casework.claims_in((c for e in recent[:RECENT] for c in e.claims), ledger)}
    saved = [claim for claim in ledger.claims if claim.id in ask.query.get("saved", "").split()]
    is_refused = not ask.is_part and bool(changed or (found and found.faults))
    return page(
        ask, "preview.html.j2" if ask.is_part else "inbox.html.j2", status=422 if is_refused else 200,
        values=values, found=found, changed=changed,
        fields=known, kinds=forms.KINDS, lists=forms.suggestions(ledger, actor_names(ask.file)).lists,
        revision=ask.file.revision(), recent=recent[:RECENT], told=told, standing=standing, two=TWO,
        unseen=(*not_seen(ask.file, saved, ask.as_of), *reach_of_saved(ask.file, saved)),
        has_monitor=casework.has_monitor(ask.file.folder),
    )  # fmt: skip


def actor_names(file: CaseFile) -> tuple[str, ...]:
    """One name of each party, by which reports call it."""
    if not casework.has_monitor(file.folder):
        return ()
    return tuple(one.called[0] if one.called else one.name for one in file.case().actors.values())


def names(ask: Ask) -> Response:
    """Names of all reports with who says what, for the fields that refer to others."""
    return JSONResponse(forms.reports_named(ask.file.ledger()))


def inbox(ask: Ask) -> Response:
    """An empty form, or one that takes over what a link names: another report to dispute, a kind."""
    values = {"kind": ask.query.get("kind", "figure"), "published": likely_time(ask.file)}
    taken = ("disputes", "obligation", "place", *SOURCE)
    values |= {name: ask.query[name][:400] for name in taken if name in ask.query}
    return show(ask, values, None)


def correct(ask: Ask) -> Response:
    """The form with what a report says, to be saved in its place."""
    name = ask.path["claim"]
    row = next((row for _, row in rowfile.rows(ask.file.text()) if row.get("id") == name), None)
    if row is None:
        raise UsageError(f"there is no report {name[:60]}; expected one of the list; see the page Reports.")
    row = forms.shown(row, ask.file.ledger().terms)
    values = {one.name: row.get(one.name, "") for one in forms.fields(None)} | {"kind": row.get("kind", "statement")}
    return show(ask, {**values, "corrects": name}, None)


def likely_time(file: CaseFile) -> str:
    """Now, while the days of the case last; today, where its latest reports are of these months; else nothing."""
    if casework.has_monitor(file.folder) and (now := casework.now_in(file.case())):
        return now.strftime("%Y-%m-%dT%H:%M")
    today = datetime.now(UTC)
    last = max((c.published for c in file.ledger().claims if c.published), default=today)
    return today.date().isoformat() if abs((today - last).days) <= RECENT_DAYS else ""


def look_ahead(ask: Ask) -> Response:
    """What the report in the form would change, or what is wrong with it and what is still needed."""
    row, wrong = read_form(ask)
    found = told_of(ask, row, wrong)
    return show(ask, ask.form, still_typing(row, found) if ask.is_part else found)


def still_typing(row: Mapping[str, str], found: Changes) -> Changes | None:
    """The preview of a form that is not sent yet: an empty field is no fault, and before the first word nothing is."""
    if not row.keys() - {"kind", "published", "published_rule"}:
        return None
    missing = {one.split(EMPTY)[0] for one in found.faults if EMPTY in one}
    in_order = tuple(label for label in LABELS.values() if label in missing)
    return replace(found, faults=tuple(one for one in found.faults if EMPTY not in one), missing=in_order)


def told_of(ask: Ask, row: Mapping[str, str], wrong: tuple[str, ...]) -> Changes:
    """What a row would change, or everything that is wrong with it."""
    found = changes(ask.file, [row], ask.as_of)
    if road := mapped.road_said(ask.file.scenario(), row, ask.form.get(forms.MAP_ROAD, "")):
        found = replace(found, reach=(*found.reach, road))
    told = {one.split(" is ")[0] for one in wrong}
    others = [one for one in found.faults if one.split(" is ")[0] not in told]
    return replace(found, faults=(*wrong, *others)) if wrong else found


def save(ask: Ask) -> Response:
    """Save the report, if the form's button for it was used and nothing changed meanwhile."""
    if ask.form.get("do") == "correct":
        return show(ask, ask.form, None)
    row, wrong = read_form(ask)
    if wrong:
        return show(ask, ask.form, told_of(ask, row, wrong))
    old, why = ask.form.get("corrects", "")[:80], ask.form.get("why", "")[:400]
    at, source = ask.file.place.address, urlencode({name: row[name] for name in SOURCE if name in row})
    try:
        ids = ask.file.save([in_place_of(ask.file, old, row)], ask.who, why, ask.form.get("revision", ""))
    except CaseError:
        return show(ask, ask.form, changes(ask.file, [row], ask.as_of))
    except Changed as meanwhile:
        return show(ask, ask.form, changes(ask.file, [row], ask.as_of), meanwhile)
    except Already as before:
        return go(f"{at}/inbox?{urlencode({'there': before.claims[0], **ask.chosen})}")
    told = {"saved": ids[0], **ask.chosen}
    if old and ask.file.may_undo(old):
        ask.file.undo([old], ask.who, f"corrected as {ids[0]}" + (f": {why}" if why else ""))
        told["instead"] = old
    fault = mapped.note_road(ask.file, {**row, "id": ids[0]}, ask.form.get(forms.MAP_ROAD, ""), old)
    return go(f"{at}/inbox?{urlencode(told | ({'road': fault[:300]} if fault else {}))}&{source}")


def in_place_of(file: CaseFile, old: str, row: dict[str, str]) -> dict[str, str]:
    """The row, which supersedes the report that it corrects where that one cannot be taken out."""
    if not old or file.may_undo(old):
        return row
    return {**row, "supersedes": "; ".join(dict.fromkeys((*filter(None, [row.get("supersedes")]), old)))}


def undo(ask: Ask) -> Response:
    """Take a report out again."""
    name = ask.form.get("claim", "")
    ask.file.undo([name], ask.who, ask.form.get("why", "")[:400])
    mapped.note_road(ask.file, {}, "", name)
    return go(f"{ask.file.place.address}/inbox?{urlencode({'undone': name[:80], **ask.chosen})}")


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
    lines = casework.claims_in(sorted(standing.unchecked(), key=lambda c: standing.entered[c].number), ledger)
    return page(ask, "check.html.j2", lines=lines, standing=standing)


def rule(ask: Ask) -> Response:
    """Whether another name has to check what was entered."""
    ask.file.note(ask.who, "rule", TWO if ask.form.get("rule") == TWO else ONE)
    return go(f"{ask.file.place.address}/inbox/check")


PAGES = (
    Page("/case/{key}/inbox", inbox, needs_own=True, asks_name=True),
    Page("/case/{key}/inbox", look_ahead, "reporter", is_post=True, needs_own=True),
    Page("/case/{key}/inbox/names", names, needs_own=True),
    Page("/case/{key}/inbox/correct/{claim}", correct, needs_own=True, asks_name=True),
    Page("/case/{key}/inbox/save", save, "reporter", is_post=True, needs_own=True),
    Page("/case/{key}/inbox/undo", undo, "reporter", is_post=True, needs_own=True),
    Page("/case/{key}/inbox/check", to_check, needs_own=True),
    Page("/case/{key}/inbox/check", check, "checker", is_post=True, needs_own=True),
    Page("/case/{key}/inbox/rule", rule, "checker", is_post=True, needs_own=True),
)
