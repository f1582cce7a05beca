"""The monitor of a case: read it, look at it as of a moment, write it. Start reading here, then `monitor_views.py`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from safeconduct.findings.folders import write_pages
from safeconduct.findings.forecast import ForecastRecord
from safeconduct.findings.monitor.data import items, to_csv, to_json
from safeconduct.ledger import Table
from safeconduct.monitor import View, balance, calendar, predictions, read_monitor_case, say_state, standings, views
from safeconduct.terms import RunSummary, UsageError, read_summary, show_time


def view_case(folder: Path, when: date | datetime | None) -> View:
    """A case as it could be known at a moment or by the end of a day; where none is given, of its latest day."""
    case = read_monitor_case(folder)
    return View(case, case.moment_of(when or case.latest_day(datetime.now(UTC))))


def as_text(view: View, form: str) -> str:
    """The monitor for machines: json or csv."""
    return to_json(view) if form == "json" else to_csv(items(view))


def write_monitor(
    view: View, folder: Path, *, onepage: bool = False, forecast: ForecastRecord | None = None
) -> list[Path]:
    """Write monitor.html, and the one-page report where asked; a run's report there and the monitor name each other.

    forecast: its figures stand on the one page. Raises UsageError where it knew more than the page may.
    """
    if forecast and forecast.as_of > view.when:
        raise UsageError(
            f"The forecast is as of {show_time(forecast.as_of)}, the page as of {show_time(view.when)}; expected a "
            "forecast that is no later; make one with an earlier --as-of."
        )
    from safeconduct.findings.monitor.page import monitor_html
    from safeconduct.findings.monitor.sheet import onepage_html

    pages = {"monitor.html": monitor_html(view)}
    if onepage:
        pages["onepage.html"] = onepage_html(view, planning(folder), forecast)
    return write_pages(folder, pages)


def monitor_page(view: View, remark: str = "") -> str:
    """The monitor as one file that needs nothing else, with a remark of who sends it."""
    from safeconduct.findings.monitor.page import monitor_html

    return monitor_html(view, remark)


def brief_page(view: View, run: RunSummary | None, remark: str = "") -> str:
    """The situation on one sheet of paper, with the planning figures of a run and a remark of who sends it."""
    from safeconduct.findings.monitor.sheet import onepage_html

    return onepage_html(view, run, remark=remark)


def road_chart(view: View) -> str:
    """Who could pass, by the side that reports it, over all days, as a drawing."""
    from safeconduct.findings.monitor.charts import calendar_chart, room_for
    from safeconduct.findings.monitor.page import axis_of, sides_of

    stretches = calendar(view)
    sides = sides_of(view, stretches)
    return calendar_chart(axis_of(view, room_for(sides)), stretches, sides) if sides else ""


def planning(folder: Path) -> RunSummary | None:
    """The run in the same folder; None where there is none, or one that is not for planning.

    A counterfactual, and runs whose parties' acts were drawn from a game, are never planning figures.
    """
    found = read_summary(folder)
    return found if found and found.is_for_planning else None


def summary_tables(view: View) -> tuple[Table, ...]:
    """All that the terminal can show: obligations, the road, predictions, balance."""
    return (obligation_table(view), road_table(view), prediction_table(view), party_table(view))


def obligations_said(view: View) -> str:
    """How many obligations stand how, in a line; the head of the page says the same."""
    from safeconduct.monitor import tally

    found, read = views.in_the_text(standings(view)), views.as_read(standings(view))
    counts = ", ".join(f"{word} {n}" for word, n in tally(found))
    apart = f"; {len(read)} more as read by some, not in the text" if read else ""
    return f"{len(found)} obligations, by the latest report on each: {counts}{apart}"


def obligation_table(view: View) -> Table:
    """Each obligation in a line: whom it binds, when due, every report, and whose acts bear on it."""
    from safeconduct.findings.monitor.page import counts_by_party

    rows = tuple(
        (
            one.obligation.id,
            one.obligation.what,
            "; ".join(view.label(key) for key in one.obligation.binds) or one.obligation.obligated,
            f"{one.due}, {one.clock}" if one.due else one.clock,
            "\n".join(
                f"{r.claim.status}, says {view.by(r.claim)} [{r.claim.id}]"
                + "".join(f"; disputed by {view.by(d)}" for d in r.disputes)
                for r in one.reports
            )
            or "open",
            ", ".join(f"{name} {n}" for name, n in counts_by_party(view, [bore.claim for bore in one.bore])),
        )
        for one in standings(view)
    )
    return Table("Obligations", ("id", "what is owed", "binds", "due", "as reported", "claims that bear on it"), rows)


def road_table(view: View) -> Table:
    """The last day and how many days are known."""
    found = calendar(view)
    days = sum(one.n_days for one in found)
    known = sum(one.n_days for one in found if one.is_known)
    contested = sum(one.n_days for one in found if one.is_contested)
    rows = tuple(
        (side, say_state(said.out), say_state(said.into), " ".join(said.claims))
        for side, said in (found[-1].sides.items() if found else ())
    )
    when = found[-1].last if found else view.today
    told = f"{days:,} days, {known:,} with a report, {days - known:,} without; on {contested:,} sides differ"
    title = f"{view.case.settings.road.name} on {when}: {told}"
    road = view.case.settings.road
    return Table(title, ("says", f"out, {road.out}", f"in, {road.into}", "claims"), rows)


def prediction_table(view: View) -> Table:
    """Each prediction in a line."""
    rows = tuple(
        (view.by(one.claim), one.claim.words, str(one.due or one.claim.due or "not said"),
         "; ".join(words for _, words in one.shows) or "nothing in the record by then", one.claim.id)
        for one in predictions(view)
    )  # fmt: skip
    return Table("Predictions", ("by", "predicted", "due", "what the record shows by then", "claim"), rows)


def party_table(view: View) -> Table:
    """Acts by party and by the side of the reporter."""
    found = balance(view)
    sides = found.sides[:6]
    rows = [
        (
            view.label(key),
            str(found.by_party[key]),
            *(str(found.counts.get((key, side)) or "") for side in sides),
            str(found.others(key, 6) or ""),
        )
        for key in found.parties
    ]
    rows.append(
        ("all acts", str(found.n_acts), *(str(found.by_side[side]) for side in sides), str(found.others("", 6) or ""))
    )
    return Table("Acts by party and by the side of the reporter", ("acts of", "all", *sides, "others"), tuple(rows))
