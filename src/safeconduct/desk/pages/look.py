"""Looking at a case as of a moment: monitor, reports and their sources, one report, journal."""

from __future__ import annotations

from collections import Counter

from starlette.responses import HTMLResponse, Response

from safeconduct.desk import backend, seen
from safeconduct.desk.ask import Ask, Page, go, page

MOST_LISTED = 200  # reports on one page
SANDBOX = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {scripts}; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox allow-scripts allow-popups"
)


def monitor(ask: Ask) -> Response:
    """Who owes what, what was done, who could pass, what is disputed."""
    if not backend.has_monitor(ask.file.folder):
        return go(f"{ask.file.place.address}/{'reports' if ask.file.place.is_shipped else 'setup'}")
    view = ask.file.view(ask.as_of, checked_only=ask.checked_only)
    key = ("monitor", id(view))
    told = ask.desk.kept.get(key, lambda: (view, seen.monitor(view)))[1]
    return page(ask, "monitor.html.j2", view=view, told=told, standing=ask.file.standing())


def reports(ask: Ask) -> Response:
    """Every report, newest first, by words, kind and reporter."""
    has_monitor = backend.has_monitor(ask.file.folder)
    view = ask.file.view(ask.as_of, checked_only=ask.checked_only) if has_monitor else None
    ledger = view.ledger if view else ask.file.ledger()
    words, kind, by = (ask.query.get(name, "") for name in ("q", "kind", "by"))
    found = [c for c in seen.newest_first(ledger) if seen.fits(c, ledger, words, kind, by)]
    start = max(0, int(ask.query["from"])) if ask.query.get("from", "").isdigit() else 0
    rows = [seen.line(claim, ledger) for claim in found[start : start + MOST_LISTED]]
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
        ask, "report.html.j2", claim=found, line=seen.line(found, ledger), cells=seen.cells(found),
        referring=[seen.line(c, ledger) for c in seen.referring(found, ledger)], standing=ask.file.standing(),
    )  # fmt: skip


def log(ask: Ask) -> Response:
    """The journal, newest first."""
    entries = tuple(reversed(ask.file.journal.entries()))
    return page(ask, "log.html.j2", entries=entries[:MOST_LISTED], n_all=len(entries), standing=ask.file.standing())


def whole(ask: Ask) -> Response:
    """The monitor as one file, in a sandbox: its scripts run by their hashes and reach nothing of the desk."""
    view = ask.file.view(ask.as_of, checked_only=ask.checked_only)
    text = ask.desk.kept.get(("whole", id(view)), lambda: (view, backend.whole_page(view)))[1]
    return as_file(ask, text, f"{ask.file.place.key}-monitor-{view.today}.html")


def as_file(ask: Ask, text: str, name: str) -> Response:
    """A page that needs nothing else: shown in a sandbox, or saved where `save` is asked for."""
    policy = SANDBOX.format(scripts=seen.scripts_allowed(text))
    headers = {"content-security-policy": policy}
    if ask.query.get("save") == "1":
        headers["content-disposition"] = f'attachment; filename="{name}"'
    return HTMLResponse(text, headers=headers)


PAGES = (
    Page("/{where}/{key}/", monitor),
    Page("/{where}/{key}/reports", reports),
    Page("/{where}/{key}/report/{claim}", report),
    Page("/{where}/{key}/log", log),
    Page("/{where}/{key}/monitor.html", whole),
)
