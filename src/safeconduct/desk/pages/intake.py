"""Texts and tables that come in: proposals to confirm, correct or reject, one after another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import Response

from safeconduct.desk import typed
from safeconduct.desk.ask import Ask, Page, Upload, go, page
from safeconduct.desk.case import headings
from safeconduct.desk.case.casefile import Already, Changed
from safeconduct.desk.case.drafts import SHOWN, Draft, Drafts
from safeconduct.desk.forms import KINDS, PUBLISHED_HELP, Field, in_words, shown, suggestions
from safeconduct.desk.limited import ask_limited
from safeconduct.desk.pages.inbox import actor_names, changes, known_fields, not_seen
from safeconduct.terms import UsageError

if TYPE_CHECKING:
    from safeconduct.ledger import Ledger, Terms

SHORT = ("reporter", "kind", "time", "until", "place", "quantity", "low", "best", "high", "unit", "hedge", "actor",
         "action", "killed_persons", "injured_persons", "obligation", "status", "disputes", "words")  # fmt: skip
KIND = Field("kind", "Kind", form="choice", choices=tuple(KINDS.items()))
HERE = {  # what the command names by an option, and the page by a field
    "with --map FILE or --ask": "in the field Headings below",
    "with --say reporter=": "below, in Who says so",
}
OPTION = re.compile("|".join(map(re.escape, HERE)))
PASTED, LONGEST_HEADLINE = "pasted.txt", 160  # letters
PROPOSED = re.compile(r"; proposal (\w+)")  # in the remark of a report that was one: its name as a proposal
SAID = ("reporter", "source_title", "address", "published", "quantity", "place")  # said of a whole table


def drafts_of(ask: Ask) -> Drafts:
    """The drafts of the case."""
    return Drafts(ask.desk.workspace.own / "drafts" / ask.file.place.key)


def text(ask: Ask) -> Response:
    """Where a text is pasted or a saved page dropped."""
    return intake(ask, "text.html.j2")


def intake(ask: Ask, template: str, faults: tuple[str, ...] = ()) -> Response:
    """A form for what comes in, with what was typed and why it was refused."""
    return page(
        ask, template, status=422 if faults else 200, standing=ask.file.standing(), drafts=drafts_of(ask).all(),
        values=ask.form, faults=faults, published_help=PUBLISHED_HELP,
    )  # fmt: skip


def read_text(ask: Ask) -> Response:
    """Read a text into proposals; what was pasted stays where it is refused."""
    try:
        return read_as_text(ask)
    except UsageError as wrong:
        return intake(ask, "text.html.j2", tuple(str(wrong).splitlines()))


def read_as_text(ask: Ask) -> Response:
    """Read a text into proposals. Raises UsageError."""
    upload = next((one for field, one in ask.uploads if field == "file"), None)
    if upload is None:
        if not ask.form.get("text"):
            raise UsageError("there is no text; expected one pasted, or a file; give one of them.")
        upload = Upload(PASTED, ask.form["text"].encode())
    given = {
        "case": str(ask.file.folder), "name": upload.name, "outlet": ask.form.get("outlet", ""), "who": ask.who,
        "published": ask.form.get("published", ""), "source": ask.form.get("title", "") or headline(upload),
        "address": ask.form.get("address", ""),
    }  # fmt: skip
    return keep(ask, ask_limited("text", given, [("text", upload)]), "no assertion was found in the text")


def headline(upload: Upload) -> str:
    """What a text is called that names no title: its first line where that is a headline, else its file."""
    if upload.name != PASTED:
        return upload.name
    first, _, rest = upload.content.decode("utf-8", "replace").strip().partition("\n")
    is_headline = bool(rest.strip()) and len(first) <= LONGEST_HEADLINE and not first.rstrip().endswith((".", ":", ","))
    return " ".join(first.split()) if is_headline else "a pasted text"


def files(ask: Ask) -> Response:
    """Where a table is dropped."""
    return intake(ask, "files.html.j2")


def read_file(ask: Ask) -> Response:
    """Read a table of any known format into rows; what was typed stays where it is refused."""
    try:
        return read_as_table(ask)
    except UsageError as wrong:
        return intake(ask, "files.html.j2", tuple(str(wrong).splitlines()))


def read_as_table(ask: Ask) -> Response:
    """Read a table of any known format into rows. Raises UsageError."""
    upload = next((one for field, one in ask.uploads if field == "file"), None)
    if upload is None:
        raise UsageError("there is no file; expected a table; choose one.")
    say = {name: ask.form[name] for name in SAID if ask.form.get(name)}
    pairs = headings.read_pairs(ask.form.get("headings", ""), as_typed=True)
    given = {"case": str(ask.file.folder), "name": upload.name, "say": say, "dates": ask.form.get("dates", ""),
             "headings": pairs}  # fmt: skip
    try:
        told = ask_limited("table", given, [("table", upload)])
    except UsageError as wrong:
        raise UsageError(OPTION.sub(lambda found: HERE[found[0]], str(wrong))) from None
    return keep(ask, told, "no row of the table is a report")


def keep(ask: Ask, told: Mapping[str, object], nothing: str) -> Response:
    """Keep what was read as a draft, and go to it."""
    rows, notes = told["rows"], told["told"]
    assert isinstance(rows, list) and isinstance(notes, list)
    if not rows:
        raise UsageError(f"{nothing}; expected at least one; enter it by the form.")
    name = drafts_of(ask).add(str(told["title"]), ask.who, rows, notes)
    return go(f"{ask.file.place.address}/inbox/draft/{name}{ask.looked}")


def found(ask: Ask) -> Draft:
    """The draft that the address names. Raises UsageError where there is none."""
    one = drafts_of(ask).find(ask.path["draft"])
    if one is None:
        raise UsageError("there is no such draft; expected one of the list; see the inbox.")
    return one


def show(ask: Ask, draft: Draft, faults: tuple[str, ...] = ()) -> Response:
    """The proposals that wait, with what was typed."""
    file, there = ask.file, there_as(ask.file.ledger())
    ledger, known = file.ledger(), {one.name: one for one in known_fields(file)} | {"kind": KIND}
    lists = suggestions(ledger, actor_names(file)).lists
    saved = [claim for claim in ledger.claims if claim.id in ask.query.get("saved", "").split()]
    asked = [Proposal(n, draft.rows[n], ask.form, ledger.terms, there) for n in draft.waiting[:SHOWN]]
    return page(
        ask, "draft.html.j2", standing=file.standing(), draft=draft, asked=asked, faults=faults,
        fields=[known[name] for name in SHORT], revision=file.revision(), lists=lists,
        unseen=not_seen(file, saved, ask.as_of),
    )  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """A proposal as the page shows it: as people type it, with what was typed over it."""

    number: int
    row: Mapping[str, str]
    form: Mapping[str, str]
    terms: Terms
    there: Mapping[str, str]  # name of a proposal or a report -> the report that it is

    @property
    def shown(self) -> Mapping[str, str]:
        """Its cells by column."""
        return shown(self.row, self.terms)

    @property
    def values(self) -> Mapping[str, str]:
        """The same with what was typed."""
        return {name: self.form.get(f"{name}-{self.number}", self.shown.get(name, "")) for name in SHORT}

    @property
    def reading(self) -> list[tuple[str, str]]:
        """Column and cell of what it was read as, the words apart."""
        return [(n, in_words(n, v, self.terms)) for n in SHORT if n != "words" and (v := self.shown.get(n, ""))]

    @property
    def quote(self) -> str:
        """The sentence, or what stands for one."""
        row = self.shown
        return row.get("quote") or row.get("words") or f"{row.get('quantity', '')} {row.get('best', '')}".strip()

    @property
    def is_there(self) -> str:
        """The report that says it already; empty where there is none."""
        return self.there.get(self.row.get("id", ""), "")


def there_as(ledger: Ledger) -> dict[str, str]:
    """The reports of a case by their names, and by those that they had as proposals."""
    found = {claim.id: claim.id for claim in ledger.claims}
    return found | {name: claim.id for claim in ledger.claims for name in PROPOSED.findall(claim.remark)}


def review(ask: Ask) -> Response:
    """The proposals of a draft; what was saved of it last."""
    return show(ask, found(ask))


def decide(ask: Ask) -> Response:
    """Save what was accepted, note what was rejected; the rest goes on waiting. All accepted rows or none."""
    draft, file = found(ask), ask.file
    if ask.form.get("back") == "1":
        return show(ask, draft)
    accepted = {n: corrected(ask, draft, n) for n in draft.waiting[:SHOWN] if ask.form.get(f"do-{n}") == "accept"}
    rejected = {n: "rejected" for n in draft.waiting[:SHOWN] if ask.form.get(f"do-{n}") == "reject"}
    there = there_as(file.ledger())
    known = {n: f"there already as {there[row['id']]}" for n, row in accepted.items() if row.get("id") in there}
    rows = {n: renamed(row) for n, row in accepted.items() if n not in known}
    if ask.form.get("look") == "1":
        seen = changes(file, list(rows.values()), ask.as_of) if rows else None
        lines = [Proposal(n, row, {}, file.ledger().terms, {}) for n, row in rows.items()]
        return page(
            ask, "look.html.j2", standing=file.standing(), draft=draft, found=seen, changed=None, form=ask.form,
            lines=lines,
        )  # fmt: skip
    ids: tuple[str, ...] = ()
    if rows:
        wrong = changes(file, list(rows.values()), ask.as_of).faults
        if wrong:
            return show(ask, draft, wrong)
        try:
            ids = file.save(rows.values(), ask.who, f"from {draft.title}"[:400], ask.form.get("revision", ""))
        except Changed as meanwhile:
            names = ", ".join(claim for entry in meanwhile.entries for claim in (*entry.claims, *entry.gone))
            told = (
                f"the reports were changed outside meanwhile ({names[:200]}); nothing was saved; look again, then save."
            )
            return show(ask, draft, (told,))
        except Already as before:
            ids = before.claims
    decided = {**known, **{n: f"saved as {name}" for n, name in zip(rows, ids, strict=True)}, **rejected}
    drafts_of(ask).decide(draft, decided)
    told_of = {"saved": " ".join(ids), "rejected": str(len(rejected) or ""), "there": str(len(known) or "")}
    told = urlencode({name: value for name, value in told_of.items() if value} | ask.chosen)
    return go(f"{file.place.address}/inbox/draft/{draft.id}?{told}")


def renamed(row: Mapping[str, str]) -> dict[str, str]:
    """The row of a text's proposal without its name, which its remark keeps: the desk names its reports in turn."""
    if not row.get("span") or not row.get("id"):
        return dict(row)
    return {**row, "id": "", "remark": f"{row.get('remark', '')}; proposal {row['id']}"}


def corrected(ask: Ask, draft: Draft, number: int) -> dict[str, str]:
    """A proposal's row with what was typed over it; every other cell stays, and a time that was typed is as precise."""
    row, terms = dict(draft.rows[number]), ask.file.ledger().terms
    before = shown(row, terms)
    for name in SHORT:
        said = " ".join(ask.form.get(f"{name}-{number}", before.get(name, "")).split())
        if said == " ".join(before.get(name, "").split()):
            continue
        row[name] = said
        if name == "time":
            row["precision"] = ""
    row = typed.with_names(row, terms)
    return {name: value for name, value in row.items() if value}


AT = "/case/{key}/inbox"
PAGES = (
    Page(f"{AT}/text", text, needs_own=True, asks_name=True),
    Page(f"{AT}/text/upload", read_text, "reporter", is_post=True, needs_own=True),
    Page(f"{AT}/files", files, needs_own=True, asks_name=True),
    Page(f"{AT}/files/upload", read_file, "reporter", is_post=True, needs_own=True),
    Page(AT + "/draft/{draft}", review, needs_own=True, asks_name=True),
    Page(AT + "/draft/{draft}", decide, "reporter", is_post=True, needs_own=True),
)
