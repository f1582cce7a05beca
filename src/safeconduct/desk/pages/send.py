"""What is sent on: brief, monitor as one file, reports, the case as a zip, a snapshot with a hash to cite."""

from __future__ import annotations

from starlette.responses import Response

import safeconduct.api.casework as casework
from safeconduct import __version__
from safeconduct.desk.ask import Ask, Page, page, saved
from safeconduct.desk.case import sending
from safeconduct.desk.case.journal import TWO
from safeconduct.desk.pages.look import as_file
from safeconduct.desk.pages.work import works_here
from safeconduct.desk.work.sheet import has_sheet
from safeconduct.desk.work.works import LEFT
from safeconduct.terms import read_summary

SHEETS = ("planning.xlsx", "planning.csv", "onepage.html", "forecast.html", "report.html", "arrivals.csv")
MOST_SHEETS = 6  # pieces of work, the newest


def left_out(ask: Ask) -> frozenset[str]:
    """Reports that are not sent: unchecked ones, where the rule or the form says so."""
    standing = ask.file.standing()
    return standing.unchecked() if standing.rule == TWO or ask.checked_only else frozenset()


def send(ask: Ask) -> Response:
    """What can be sent, and how many unchecked reports are in it."""
    standing, has_monitor = ask.file.standing(), casework.has_monitor(ask.file.folder)
    n_unchecked = len(standing.unchecked())
    if has_monitor:
        n_unchecked = len(standing.unchecked() & ask.file.view(ask.as_of).known.keys())
    done = [one for one in works_here(ask).all() if one.state == "done"]
    sheets = [(one, has_sheet(one), [path.name for path in one.files if path.name in SHEETS]) for one in done]
    return page(
        ask, "send.html.j2", standing=standing, n_left_out=len(left_out(ask)), words=LEFT,
        sheets=[one for one in sheets if one[1] or one[2]][:MOST_SHEETS],
        has_monitor=has_monitor, n_unchecked=n_unchecked, cite=snapshot_of(ask)[0],
    )  # fmt: skip


def brief(ask: Ask) -> Response:
    """The situation on one sheet of paper."""
    view = ask.file.view(ask.as_of, checked_only=bool(left_out(ask)))
    runs = [one for one in works_here(ask).all() if one.state == "done" and one.what == "run"]
    latest = runs[0] if runs else None  # its planning figures stand on the sheet
    remark = casework.unchecked_said(view, ask.file.standing().unchecked(), are_left_out=bool(left_out(ask)))
    key = ("brief", id(view), latest and latest.id, remark)
    summary = read_summary(latest.folder / "out") if latest else None
    text = ask.desk.kept.get(key, lambda: (view, casework.brief(view, summary, remark)))[1]
    return as_file(ask, text, f"{ask.file.place.key}-brief-{view.today}.html")


def lines_of(ask: Ask) -> list[tuple[casework.Line, str]]:
    """The reports that are sent, newest first, with the place's key."""
    if casework.has_monitor(ask.file.folder):
        ledger = ask.file.view(ask.as_of, checked_only=bool(left_out(ask))).ledger
    else:
        ledger = ask.file.ledger()
    gone = left_out(ask)
    return [(casework.line(c, ledger), c.place) for c in casework.newest_first(ledger) if c.id not in gone]


def reports_csv(ask: Ask) -> Response:
    """The reports as a table."""
    return saved(sending.as_csv(line for line, _ in lines_of(ask)), f"{ask.file.place.key}-reports.csv", "text/csv")


def reports_geojson(ask: Ask) -> Response:
    """The reports for a map."""
    text = sending.geojson(lines_of(ask), sending.spots(ask.file.folder))
    return saved(text, f"{ask.file.place.key}-reports.geojson", "application/geo+json")


def case_zip(ask: Ask) -> Response:
    """The case's folder as a zip; with the journal where it is asked for."""
    files = sending.files_of(ask.file.folder, left_out(ask), with_journal=ask.query.get("journal") == "1")
    key = ask.file.place.key
    return saved(
        sending.zipped({f"{key}/{name}": text for name, text in files.items()}), f"{key}.zip", "application/zip"
    )


def snapshot_of(ask: Ask) -> tuple[str, dict[str, bytes]]:
    """Hash and files of a snapshot."""
    files = sending.files_of(ask.file.folder, left_out(ask), with_journal=False)
    as_of = ask.as_of_said if ask.as_of else ""
    return sending.snapshot(files, ask.file.place.key, as_of, __version__)


def snapshot(ask: Ask) -> Response:
    """The snapshot as a zip, named by its hash."""
    cite, files = snapshot_of(ask)
    return saved(sending.zipped(files), f"{ask.file.place.key}-{cite}.zip", "application/zip")


AT = "/{where}/{key}/send"
PAGES = (
    Page(AT, send),
    Page(f"{AT}/brief.html", brief),
    Page(f"{AT}/reports.csv", reports_csv),
    Page(f"{AT}/reports.geojson", reports_geojson),
    Page(f"{AT}/case.zip", case_zip),
    Page(f"{AT}/snapshot.zip", snapshot),
)
