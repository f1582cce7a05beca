"""Texts and tables that come in: proposals to confirm, correct or reject, one after another."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from safeconduct.desk.ask import Ask, Page, Upload, go, page
from safeconduct.desk.case.casefile import Changed
from safeconduct.desk.case.drafts import SHOWN, Draft, Drafts
from safeconduct.desk.limited import ask_limited
from safeconduct.desk.pages.inbox import changes, known_fields
from safeconduct.terms import UsageError

SHORT = ("reporter", "kind", "time", "place", "quantity", "low", "best", "high", "hedge", "actor", "action",
         "obligation", "status", "words")  # fmt: skip
SAID = ("reporter", "source_title", "address", "published", "quantity", "place")  # said of a whole table


def drafts_of(ask: Ask) -> Drafts:
    """The drafts of the case."""
    return Drafts(ask.desk.workspace.own / "drafts" / ask.file.place.key)


def text(ask: Ask) -> Response:
    """Where a text is pasted or a saved page dropped."""
    return page(
        ask, "text.html.j2", standing=ask.file.standing(), drafts=drafts_of(ask).all()
    )  # fmt: skip


def read_text(ask: Ask) -> Response:
    """Read a text into proposals."""
    upload = next((one for field, one in ask.uploads if field == "file"), None)
    if upload is None:
        if not ask.form.get("text"):
            raise UsageError("there is no text; expected one pasted, or a file; give one of them.")
        upload = Upload("pasted.txt", ask.form["text"].encode())
    given = {
        "case": str(ask.file.folder), "name": upload.name, "outlet": ask.form.get("outlet", ""), "who": ask.who,
        "published": ask.form.get("published", ""), "source": ask.form.get("title", "") or upload.name,
        "address": ask.form.get("address", ""),
    }  # fmt: skip
    return keep(ask, ask_limited("text", given, [("text", upload)]), "no assertion was found in the text")


def files(ask: Ask) -> Response:
    """Where a table is dropped."""
    return page(ask, "files.html.j2", standing=ask.file.standing(), drafts=drafts_of(ask).all())


def read_file(ask: Ask) -> Response:
    """Read a table of any known format into rows."""
    upload = next((one for field, one in ask.uploads if field == "file"), None)
    if upload is None:
        raise UsageError("there is no file; expected a table; choose one.")
    say = {name: ask.form[name] for name in SAID if ask.form.get(name)}
    given = {"case": str(ask.file.folder), "name": upload.name, "say": say, "dates": ask.form.get("dates", "")}
    return keep(ask, ask_limited("table", given, [("table", upload)]), "no row of the table is a report")


def keep(ask: Ask, told: Mapping[str, object], nothing: str) -> Response:
    """Keep what was read as a draft, and go to it."""
    rows, notes = told["rows"], told["told"]
    assert isinstance(rows, list) and isinstance(notes, list)
    if not rows:
        raise UsageError(f"{nothing}; expected at least one; enter it by the form.")
    name = drafts_of(ask).add(str(told["title"]), ask.who, rows, notes)
    return go(f"{ask.file.place.address}/inbox/draft/{name}")


def found(ask: Ask) -> Draft:
    """The draft that the address names. Raises UsageError where there is none."""
    one = drafts_of(ask).find(ask.path["draft"])
    if one is None:
        raise UsageError("there is no such draft; expected one of the list; see the inbox.")
    return one


def show(ask: Ask, draft: Draft, form: Mapping[str, str], faults: tuple[str, ...] = ()) -> Response:
    """The proposals that wait, with what was typed."""
    there = {claim.id for claim in ask.file.ledger().claims}
    labels = {one.name: one.label for one in known_fields(ask.file)} | {"kind": "Kind"}
    return page(
        ask, "draft.html.j2", standing=ask.file.standing(), draft=draft, numbers=draft.waiting[:SHOWN], form=form,
        short=SHORT, labels=labels, there=there, faults=faults, revision=ask.file.revision(),
    )  # fmt: skip


def review(ask: Ask) -> Response:
    """The proposals of a draft."""
    return show(ask, found(ask), {})


def decide(ask: Ask) -> Response:
    """Save what was accepted, note what was rejected; the rest goes on waiting. All accepted rows or none."""
    draft = found(ask)
    accepted = {n: corrected(ask, draft, n) for n in draft.waiting[:SHOWN] if ask.form.get(f"do-{n}") == "accept"}
    rejected = {n: "rejected" for n in draft.waiting[:SHOWN] if ask.form.get(f"do-{n}") == "reject"}
    there = {claim.id for claim in ask.file.ledger().claims}
    known = {n: f"there already as {row['id']}" for n, row in accepted.items() if row.get("id") in there}
    rows = {n: row for n, row in accepted.items() if n not in known}
    if ask.form.get("look") == "1":
        seen = changes(ask.file, list(rows.values())) if rows else None
        return page(
            ask, "look.html.j2", standing=ask.file.standing(), draft=draft, found=seen, changed=None, form=ask.form,
            n_rows=len(rows),
        )  # fmt: skip
    if rows:
        wrong = changes(ask.file, list(rows.values())).faults
        if wrong:
            return show(ask, draft, ask.form, wrong)
        try:
            ids = ask.file.save(rows.values(), ask.who, f"from {draft.title}"[:400], ask.form.get("revision", ""))
        except Changed as meanwhile:
            names = ", ".join(claim for entry in meanwhile.entries for claim in (*entry.claims, *entry.gone))
            told = (
                f"the reports were changed outside meanwhile ({names[:200]}); nothing was saved; look again, then save."
            )
            return show(ask, draft, ask.form, (told,))
        known |= {n: f"saved as {name}" for n, name in zip(rows, ids, strict=True)}
    drafts_of(ask).decide(draft, {**known, **rejected})
    at = ask.file.place.address
    return go(
        f"{at}/inbox/draft/{draft.id}" if len(draft.waiting) > len(known) + len(rejected) else f"{at}/inbox/check"
    )


def corrected(ask: Ask, draft: Draft, number: int) -> dict[str, str]:
    """A proposal's row with what was typed over it; every other cell stays."""
    row = dict(draft.rows[number])
    for name in SHORT:
        said = ask.form.get(f"{name}-{number}")
        if said is not None:
            row[name] = " ".join(said.split())
    return {name: value for name, value in row.items() if value}


AT = "/case/{key}/inbox"
PAGES = (
    Page(f"{AT}/text", text, needs_own=True),
    Page(f"{AT}/text/upload", read_text, "reporter", is_post=True, needs_own=True),
    Page(f"{AT}/files", files, needs_own=True),
    Page(f"{AT}/files/upload", read_file, "reporter", is_post=True, needs_own=True),
    Page(AT + "/draft/{draft}", review, needs_own=True),
    Page(AT + "/draft/{draft}", decide, "reporter", is_post=True, needs_own=True),
)
