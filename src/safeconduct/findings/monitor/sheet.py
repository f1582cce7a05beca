"""The situation on one sheet of paper: the road, obligations, what to watch, acts, people, planning figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from textwrap import shorten

from safeconduct.findings.forecast import BY_THE_END, IN_CAMPS, ON_THE_DAY, ForecastRecord
from safeconduct.findings.monitor import charts
from safeconduct.findings.monitor.page import axis_of, counting, in_short, lines, render_claims, sides_of
from safeconduct.findings.pages import style_sheets
from safeconduct.ledger import Claim, show_number
from safeconduct.monitor import NO_REPORT, Stretch, View, caveat, dated, highest, in_a_word, lowest, sheet_acts, views
from safeconduct.terms import RunSummary

ROOM = (
    (110, 8),
    (80, 8),
    (56, 6),
    (56, 4),
    (44, 4),
    (44, 2),
)  # letters of what is owed, acts: as much as the sheet holds
LETTERS, LETTERS_OF_SIDE, LETTERS_OF_PLAN = (
    6_900,
    250,
    300,
)  # that an A4 sheet holds; that a bar of the chart, a table take
FRESH_DAYS = 7  # assumed: so old a count of one voice alone is still shown
MOST_COUNTS = 4  # figures of one count of people
NOT_READ = re.compile(r"<(style|svg).*?</\1>|<[^>]+>", re.DOTALL)
PLANNED = {  # outcomes of a run that a planner asks for -> words, unit
    "persons_arrived": ("people who would cross", "persons"),
    "hours_to_50pct": ("until half have crossed", "hours"),
    "hours_to_90pct": ("until nine in ten have crossed", "hours"),
    "mean_trip_hours": ("mean time on the road", "hours"),
    "longest_queue_km": ("of road taken up by queues at most, all roads together", "km"),
    "persons_in_state_shelter": ("in organised shelter at the end", "persons"),
}


def planned_rows(run: RunSummary | None) -> list[tuple[str, str, str, str]]:
    """Planning figures of a run: words, median, range of nine runs in ten, unit."""
    rows = []
    for name, (words, unit) in PLANNED.items():
        band = run.outcomes.get(name) if run else None
        if band is not None and band["p50"] is not None:
            low, middle, high = (planned(band[p]) for p in ("p05", "p50", "p95"))
            rows.append((words, middle, f"{low} to {high}", unit))
    return rows


def planned(value: float | None) -> str:
    """A planning figure; an hour that some runs never reach is none."""
    return "not reached" if value is None else show_number(value)


def forecast_rows(forecast: ForecastRecord | None, n_days: int = 3) -> list[tuple[str, str, str, str]]:
    """Figures of a forecast: words, most likely, best to worst case, unit; its first days, and the last."""
    if forecast is None:
        return []
    days = sorted({one.day for one in forecast.figures})
    chosen = {(day, ON_THE_DAY) for day in days[:n_days]} | {(days[-1], BY_THE_END), (days[-1], IN_CAMPS)}
    words = {ON_THE_DAY: "arrive on", BY_THE_END: "arrived by", IN_CAMPS: "in camp on"}
    return [
        (f"{words[one.measure]} {one.day:%d %b}, {one.name}", show_number(one.most_likely),
         f"{show_number(one.best_case)} to {show_number(one.worst_case)}", "persons")
        for one in forecast.figures if (one.day, one.measure) in chosen
    ]  # fmt: skip


def onepage_html(view: View, run: RunSummary | None, forecast: ForecastRecord | None = None, remark: str = "") -> str:
    """The situation on one sheet of paper; the remark of who sends it stands below its date."""
    standings, stretches = views.standings(view), views.calendar(view)
    axis = charts.Axis(max(view.case.first, view.today - timedelta(days=180)), axis_of(view, 0).last, 680, 200)
    late = [one for one in stretches if one.last >= axis.first]
    told, rows, foreseen = short_groups(standings), planned_rows(run), forecast_rows(forecast)
    sides = sides_of(view, late)[:6]
    holds = LETTERS - LETTERS_OF_SIDE * len(sides) - LETTERS_OF_PLAN * bool(rows or foreseen)
    shown: dict[str, object] = {
        "view": view, "counting": counting(view), "case": view.case.settings,
        "short": in_short(view, standings, stretches), "groups": told, "people": counted_people(view)[:3],
        "chart": charts.calendar_chart(axis, clipped(late, axis.first), sides, 14) if sides else "", "planned": rows,
        "foreseen": foreseen, "forecast": forecast, "balance": views.balance(view),
        "style": style_sheets("onepage.css"), "remark": remark,
    }  # fmt: skip
    page = ""
    for letters, n_acts in ROOM:
        acts, brief = lines(view, sheet_acts(view, n_acts)), partial(in_room, letters=letters)
        page = render_claims("onepage.html.j2", acts=acts, brief=brief, **shown)
        if len(NOT_READ.sub("", page)) <= holds:
            break
    return page


def in_room(words: str, letters: int) -> str:
    """What is owed where there is little room; that it is disputed is never cut."""
    kept = caveat(words)
    return shorten(words.replace(kept, "") if kept else words, letters, placeholder="...") + kept


def counted_people(view: View) -> list[tuple[views.Counted, list[Claim]]]:
    """Counts of people with more than one voice, or of the last days; of each side the latest figure.

    Figures of before the agreement are left out.
    """
    found = []
    for one in views.people(view):
        since = [claim for day, claim in dated(view, one.latest) if day >= view.case.signed]
        fresh = bool(since) and (view.today - max(day for day, _ in dated(view, since))).days < FRESH_DAYS
        if fresh or len({view.ledger.voice(claim) for claim in since}) > 1:
            by_side = {views.who_says(view, claim): claim for claim in since}
            found.append((fresh, one, sides_apart(list(by_side.values()))))
    found.sort(key=lambda each: not each[0])
    return [(one, claims) for _, one, claims in found]


def sides_apart(claims: list[Claim]) -> list[Claim]:
    """The lowest and the highest figure and the latest others, in their order."""
    if len(claims) <= MOST_COUNTS:
        return claims
    ends = {min(claims, key=lowest).id, max(claims, key=highest).id}
    others = [claim.id for claim in claims if claim.id not in ends][len(ends) - MOST_COUNTS :]
    return [claim for claim in claims if claim.id in ends or claim.id in others]


def clipped(stretches: Sequence[Stretch], first: date) -> list[Stretch]:
    """The same days, none before the first."""
    return [Stretch(max(one.first, first), one.last, one.sides) for one in stretches]


def short_groups(standings: Sequence[views.Standing]) -> list[tuple[str, list[views.Standing]]]:
    """Obligations by how the latest report puts them, those not met first."""
    order = ("reported not met", "disputed", "reported partly met", "reported met", "reported otherwise", NO_REPORT)
    groups: dict[str, list[views.Standing]] = {word: [] for word in order}
    for one in standings:
        groups[in_a_word(one)].append(one)
    return [(word, found) for word, found in groups.items() if found]
