"""Looking at a case as of a moment: monitor, reports and their sources, one report, journal."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Hashable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from starlette.responses import HTMLResponse, Response

import safeconduct.api.casework as casework
from safeconduct.desk.ask import Ask, Page, go, moment, page
from safeconduct.desk.case import sending
from safeconduct.desk.kept import signature
from safeconduct.desk.work.works import Work, works_of

MOST_LISTED = 200  # reports on one page
PATIENCE, LONG = 0.6, 120.0  # seconds that one waits before a page says that another is being drawn
POLICY = {kind: re.compile(rf"{kind}-src ([^;\"]*)") for kind in ("script", "style")}
Made = TypeVar("Made")
MOST_SWITCHES = 4  # what-ifs on the story page, the newest
SANDBOX = (
    "default-src 'none'; img-src data:; style-src {style}; script-src {script}; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox allow-scripts allow-popups allow-downloads"
)
OWN_PAGE = (  # the story: its script runs by its hash and reaches nothing; links lead back with the cookie
    "default-src 'none'; img-src data: blob:; style-src {style}; script-src {script}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def monitor(ask: Ask) -> Response:
    """Who owes what, what was done, who could pass, what is disputed."""
    if not casework.has_monitor(ask.file.folder):
        return go(f"{ask.file.place.address}/{'reports' if ask.file.place.is_shipped else 'setup?for=monitor'}")
    view = ask.file.view(ask.as_of, checked_only=ask.checked_only)
    key = ("monitor", id(view))
    told = ask.desk.kept.get(key, lambda: (view, casework.monitor_seen(view)))[1]
    return page(ask, "monitor.html.j2", view=view, told=told, standing=ask.file.standing())


def changes(ask: Ask) -> Response:
    """What became known since a day: who could pass, reports on obligations, acts, signs, predictions, figures."""
    file = ask.file
    if not casework.has_monitor(file.folder):
        return go(f"{file.place.address}/{'reports' if file.place.is_shipped else 'setup'}")
    after = file.view(ask.as_of, checked_only=ask.checked_only)
    said = ask.query.get("since", "")
    since = moment(said) or after.today - timedelta(days=1)
    if isinstance(since, datetime):
        since = since.date()
    if since >= after.today:
        since = after.today - timedelta(days=1)
    before = file.view(since, checked_only=ask.checked_only)
    key = ("changes", id(before), id(after))
    told = ask.desk.kept.get(key, lambda: (before, after, casework.changed(before, after)))[2]
    names = after.known.keys() - before.known.keys()
    new = [claim for claim in casework.newest_first(after.ledger) if claim.id in names]
    lines = [casework.line(claim, after.ledger) for claim in new[:MOST_LISTED]]
    return page(
        ask, "changes.html.j2", standing=file.standing(), view=after, since=since, tables=told, n_new=len(new),
        known={claim.id for claim in after.ledger.claims}, new=lines,
    )  # fmt: skip


def reports(ask: Ask) -> Response:
    """Every report, newest first, by words, kind and reporter."""
    has_monitor = casework.has_monitor(ask.file.folder)
    view = ask.file.view(ask.as_of, checked_only=ask.checked_only) if has_monitor else None
    ledger = view.ledger if view else ask.file.ledger()
    words, kind, by = (ask.query.get(name, "") for name in ("q", "kind", "by"))
    found = [c for c in casework.newest_first(ledger) if casework.fits(c, ledger, words, kind, by)]
    start = max(0, int(ask.query["from"])) if ask.query.get("from", "").isdigit() else 0
    rows = [casework.line(claim, ledger) for claim in found[start : start + MOST_LISTED]]
    counts = Counter(claim.reporter for claim in ledger.claims)
    return page(
        ask, "reports.html.j2", view=view, rows=rows, n_found=len(found), n_all=len(ledger.claims), start=start,
        most=MOST_LISTED, reporters=sorted(counts), standing=ask.file.standing(),
        words=words, kind=kind, by=by,
    )  # fmt: skip


def report(ask: Ask) -> Response:
    """One report with everything that its row holds, and what refers to it."""
    ledger = ask.file.ledger()
    found = next((claim for claim in ledger.claims if claim.id == ask.path["claim"]), None)
    if found is None:
        return page(ask, "nothing.html.j2", status=404, sentence="No report of this case has that name.")
    return page(
        ask, "report.html.j2", claim=found, line=casework.line(found, ledger), cells=casework.cells(found),
        referring=[casework.line(c, ledger) for c in casework.referring(found, ledger)], standing=ask.file.standing(),
    )  # fmt: skip


def log(ask: Ask) -> Response:
    """The journal, newest first."""
    entries = tuple(reversed(ask.file.journal.entries()))
    return page(ask, "log.html.j2", entries=entries[:MOST_LISTED], n_all=len(entries), standing=ask.file.standing())


def whole(ask: Ask) -> Response:
    """The monitor as one file, in a sandbox: its scripts run by their hashes and reach nothing of the desk."""
    view = ask.file.view(ask.as_of, checked_only=ask.checked_only)
    remark = casework.unchecked_said(view, ask.file.standing().unchecked(), are_left_out=ask.checked_only)
    made = soon(ask, ("whole", id(view), remark), lambda: (view, casework.whole_page(view, remark)))
    return as_file(ask, made[1], f"{ask.file.place.key}-monitor-{view.today}.html") if made else drawing(ask)


def soon(ask: Ask, key: Hashable, make: Callable[[], Made]) -> Made | None:
    """A page that takes long once the case has changed; None where it is not ready. One to be saved is waited for."""
    return ask.desk.kept.soon(key, make, LONG if ask.query.get("save") == "1" else PATIENCE)


def drawing(ask: Ask) -> Response:
    """The page that opens another one once it is drawn."""
    view = ask.file.view(ask.as_of, checked_only=ask.checked_only)
    return page(ask, "drawing.html.j2", standing=ask.file.standing(), n_reports=len(view.known))


def story(ask: Ask) -> Response:
    """The whole case on one page, as of the same moment, with its newest finished simulation and what-ifs."""
    file = ask.file
    if not casework.has_monitor(file.folder):
        return go(f"{file.place.address}/{'reports' if file.place.is_shipped else 'setup'}")
    done = [one for one in works_of(ask.desk.workspace.own, file.place).all() if one.state == "done"]
    run = next((one for one in done if one.what == "run"), None)
    whatifs = [one for one in done if one.what == "whatif"][:MOST_SWITCHES]
    gone = file.standing().unchecked() if ask.checked_only else frozenset[str]()
    made = tuple(one.id for one in (run, *whatifs) if one)
    now = casework.now_in(file.case())
    when = ask.as_of or (now.date() if now else None)
    key = ("story", str(file.folder), signature(file.folder), when, gone, made)
    text = soon(ask, key, lambda: story_text(ask, when, gone, run, whatifs))
    if text is None:
        return drawing(ask)
    back = f'<p class="beside"><a href="{file.place.address}/{ask.looked}">Back to the desk</a></p>'
    return as_file(ask, text.replace('<p class="beside"></p>', back), f"{file.place.key}-story.html", OWN_PAGE)


def story_text(
    ask: Ask, when: date | datetime | None, gone: frozenset[str], run: Work | None, whatifs: list[Work]
) -> str:
    """The story page; without some reports, where only checked ones are shown."""
    made = (run.folder / "out" if run else None, [one.folder / "out" for one in whatifs])
    if not gone:
        return casework.story_page(ask.file.folder, when, *made)
    with tempfile.TemporaryDirectory(prefix="safeconduct-") as name:
        part = Path(name) / ask.file.place.key
        for path, content in sending.files_of(ask.file.folder, gone, with_journal=False).items():
            (part / path).parent.mkdir(parents=True, exist_ok=True)
            (part / path).write_bytes(content)
        return casework.story_page(part, when, *made)


def as_file(ask: Ask, text: str, name: str, policy: str = SANDBOX) -> Response:
    """A page that needs nothing else: shown under a policy of its own, or saved where `save` is asked for."""
    headers = {"content-security-policy": policy.format(**allowed(text))}
    if ask.query.get("save") == "1":
        headers["content-disposition"] = f'attachment; filename="{name}"'
    return HTMLResponse(text, headers=headers)


def allowed(text: str) -> dict[str, str]:
    """Scripts and styles that a page of ours lets count: those of its own policy, which stands before anything from a
    case."""
    found = {kind: policy.search(text[:4000]) for kind, policy in POLICY.items()}
    return {kind: one[1].strip() if one else "'none'" for kind, one in found.items()}


PAGES = (
    Page("/{where}/{key}/", monitor),
    Page("/{where}/{key}/changes", changes),
    Page("/{where}/{key}/reports", reports),
    Page("/{where}/{key}/report/{claim}", report),
    Page("/{where}/{key}/log", log),
    Page("/{where}/{key}/monitor.html", whole),
    Page("/{where}/{key}/story", story),
)
