"""The situation on one sheet of paper: the road, obligations, what to watch, acts, people, planning figures."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial

from safeconduct.findings.forecast import BY_THE_END, IN_CAMPS, ON_THE_DAY, ForecastRecord
from safeconduct.findings.monitor import charts
from safeconduct.findings.monitor.page import axis_of, counting, in_short, lines, render_claims, sides_of
from safeconduct.findings.pages import style_sheets
from safeconduct.ledger import NO_ADDRESS, Claim, show_number
from safeconduct.monitor import (
    NO_REPORT,
    RECENT_DAYS,
    STALE_DAYS,
    Stretch,
    View,
    balance,
    by_and_side,
    clause,
    counted,
    dated,
    delivered,
    highest,
    in_a_word,
    in_brief,
    is_met,
    joined,
    last_words,
    lowest,
    recent,
    sheet_acts,
    show_age,
    show_day,
    span_said,
    views,
)
from safeconduct.terms import RunSummary

ALL, PARTIES, NONE = "all", "parties", "none"  # who is drawn of those who report
ROOM = (  # from the fullest sheet to the leanest: letters of what is owed, of words on it, acts, counts of people,
    # who is drawn; sizes of type, pt
    (400, 160, 16, 6, ALL, (9.4, 9.0, 8.6, 8.2)),
    (60, 160, 16, 6, PARTIES, (8.4, 8.0)),
    (60, 60, 16, 3, PARTIES, (8.2, 8.0)),
    (60, 20, 16, 3, PARTIES, (8.0,)),
    (60, 20, 16, 3, NONE, (8.4, 8.0)),
    (60, 20, 14, 2, NONE, (8.0, 7.8)),
    (60, 20, 11, 1, NONE, (7.8, 7.6)),
    (60, 20, 8, 1, NONE, (7.6, 7.4, 7.2, 7.0)),
    (60, 20, 8, 0, NONE, (7.2, 7.0)),
    (60, 20, 5, 0, NONE, (7.0, 6.8)),
    (60, 20, 3, 0, NONE, (6.8, 6.5)),
)
DISPLACED = "displaced"  # a topic of quantities.csv
LEAST_ACTS = 8  # that are listed where fewer are of the last days
WIDE_MM, TALL_MM = 190.0, 272.0  # of an A4 sheet inside its margins; some are left for another typeface
MM, LETTER, LINE = 0.3528, 0.445, 1.22  # of a point; width of a letter and height of a line, in sizes of type
FRESH_DAYS = 7  # assumed: so old a count of one voice alone is still shown
MOST_COUNTS = 4  # figures of one count of people
BLOCK = re.compile(r"<(h1|h2|p|li|tr|svg)\b[^>]*>(.*?)</\1>", re.DOTALL)
TAG, SMALL = re.compile(r"<[^>]+>"), re.compile(r"<small>(.*?)</small>", re.DOTALL)
TWO = re.compile(r'<div class="two">(.*?)</div>', re.DOTALL)
GUTTER_MM, INDENT_MM = 5.0, 2.2  # between two columns; of a line of a list
LEGEND = re.compile(r'<ul class="legend">(.*?)</ul>', re.DOTALL)
SMALLER, SPACE = 0.84, "     "  # size of small type in that of its line; what stands between entries of a legend
SIZE_OF_DRAWING = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
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
    """Figures of a forecast: words, most likely, best to worst case, unit; its first whole days, and the last."""
    if forecast is None or not forecast.figures:
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
    axis = charts.Axis(max(view.case.first, view.today - timedelta(days=180)), axis_of(view, 0).last, 860, 240)
    late = [one for one in stretches if one.last >= axis.first]
    text = views.in_the_text(standings)
    sides, parties = sides_of(view, late), {side for actor in view.case.actors.values() for side in actor.sides}
    drawn = {ALL: sides, PARTIES: [side for side in sides if side in parties], NONE: []}
    cut = clipped(late, axis.first)
    charted = {key: charts.calendar_chart(axis, cut, some, 11) if some else "" for key, some in drawn.items()}
    people = counted_people(view)
    found = balance(view)
    shown: dict[str, object] = {
        "view": view, "counting": counting(view), "case": view.case.settings,
        "short": in_short(view, standings, stretches), "groups": short_groups(text),
        "as_read": views.as_read(standings),
        "of_whom": of_whom,
        "drawn": {word for one in cut for said in one.sides.values() for way, _ in said.ways for word in way or ()},
        "planned": planned_rows(run), "foreseen": forecast_rows(forecast), "forecast": forecast, "balance": found,
        "rest_parties": sum(found.by_party[key] for key in found.parties[5:]), "remark": remark,
        "n_unsourced": sum(not claim.has_source for claim in view.known.values()),
        "n_unkept": sum(claim.address == NO_ADDRESS for claim in view.known.values()),
    }  # fmt: skip
    page = ""
    for letters, words, most, n_people, who, sizes in ROOM:
        acts = sheet_acts(view, min(most, max(len(recent(view)), LEAST_ACTS)))
        left = len(drawn[ALL]) - len(drawn[who])
        for points in sizes:
            page = render_claims(
                "onepage.html.j2", acts=lines(view, acts), acts_said=acts_said(view, acts), brief=brief_of(letters),
                told_with=partial(told_with, most=words), people=people[:n_people], n_people=len(people),
                chart=charted[who], left=left,
                style=f":root {{ --type: {points}pt; }}" + style_sheets("onepage.css"), **shown,
            )  # fmt: skip
            if tall_mm(page, points) <= TALL_MM:
                return page
    return page


def tall_mm(page: str, points: float) -> float:
    """How tall a sheet is when printed, by the letters of its blocks; what stands in two columns takes half."""
    body = LEGEND.sub(lambda found: f"<p>{TAG.sub(SPACE, found[1])}</p>", page[page.find("<main>") :])
    beside = TWO.findall(body)
    a_line = LINE * MM * points
    return tall_of(TWO.sub("", body), points, WIDE_MM) + sum(
        (tall_of(part, points, (WIDE_MM - GUTTER_MM) / 2 - INDENT_MM) + a_line) / 2 for part in beside
    )


def tall_of(body: str, points: float, wide_mm: float) -> float:
    """How tall blocks are, one below the other."""
    a_line, room, tall = LINE * MM * points, wide_mm / (LETTER * MM * points), 0.0
    for match in BLOCK.finditer(body):
        kind, inner = match[1], match[2]
        if kind == "svg":
            size = SIZE_OF_DRAWING.search(match[0])
            tall += float(size[2]) / float(size[1]) * wide_mm if size else 0.0
        elif kind in ("h1", "h2"):
            tall += 5.4
        elif kind == "tr":
            cells = [room_of(cell) for cell in re.split(r"</t[dh]>", inner)[:-1]]
            wide = [max(cell, 12) for cell in cells]
            parts = [room * part / sum(wide) * 0.92 for part in wide]
            n_lines = max((math.ceil(cell / part) for cell, part in zip(cells, parts, strict=True)), default=1)
            tall += max(1, n_lines) * a_line + 1.2
        else:
            fills, apart = (0.98, 1.0) if wide_mm == WIDE_MM else (0.9, 0.3)  # words wrap earlier in a narrow column
            tall += max(1, math.ceil(room_of(inner) / room / fills)) * a_line + apart
    return tall


def room_of(inner: str) -> float:
    """The room that a piece of a page takes in a line, in letters of its size of type."""
    small = sum(len(TAG.sub("", found)) for found in SMALL.findall(inner))
    return len(TAG.sub("", inner).strip()) - (1 - SMALLER) * small


def brief_of(letters: int) -> Callable[[str], str]:
    """What is owed: whole where it has so few letters, else its first clause; that it is disputed is never cut."""
    return lambda words: words if len(words) <= letters else in_brief(words)


def acts_said(view: View, acts: Sequence[Claim]) -> str:
    """How many acts of the last days there are, and how many of them stand here."""
    lately = {claim.id for claim in recent(view)}
    n = sum(claim.id in lately for claim in acts)
    told = f"{n} of {len(lately)}" if n < len(lately) else f"{len(lately) or 'none'}"
    older = f"; {len(acts) - n} older" if len(acts) > n else ""
    chosen = "; the latest of each party, then the newest" if n < len(lately) else ""
    return f"{told} {span_said(view, RECENT_DAYS)}{older}{chosen}"


def told_with(one: views.Standing, most: int) -> str:
    """The words of the latest report where a reading must not stand without them: all but those read as met."""
    if not one.reports or (in_a_word(one) == "reported met" and not delivered(one)):
        return ""
    return clause(last_words(one), most)


def of_whom(view: View, one: views.Standing) -> str:
    """Whom an obligation binds; whose report its reading rests on, of when, and who disputes it."""
    told = [", ".join(view.label(key) for key in one.obligation.binds) or one.obligation.obligated]
    if not one.reports:
        n = len(one.bore)
        return told[0] + (f"; {counted(n, 'claim')} bear{'s' if n == 1 else ''} on it" if n else "")
    last, word = one.reports[-1], in_a_word(one)
    reading = last.claim.status.removeprefix(word).strip(" ;").removeprefix("reported ")
    told += [reading] if reading and word != "reported otherwise" else []
    day = view.report_day(last.claim)
    if is_met(one) and day is not None:  # settled: its age tells nothing
        return f"{told[0]}; {view.by(last.claim)}, {show_day(day)}"
    days = (view.today - day).days if day else 0
    of = (show_day(day) or "not dated") + (f", {show_age(days)}" if days > STALE_DAYS else "")
    told += [f"{by_and_side(view, last.claim)}, {of}"]
    against = dict.fromkeys(view.by(said) if said.has_source else f"{view.by(said)}*" for said in last.disputes)
    return "; ".join([*told, *([f"disputed by {joined(against)}"] if against else [])])


def counted_people(view: View) -> list[tuple[views.Counted, list[Claim]]]:
    """Counts of people with more than one voice, or of the last days; of each side the latest figure.

    Figures of before the agreement are left out, but for displaced people: where those of one place are shown, those
    of every other place are, so that no side's are missing.
    """
    found, rest = [], []
    for one in views.people(view):
        since = [claim for day, claim in dated(view, one.latest) if day >= view.case.signed]
        fresh = bool(since) and (view.today - max(day for day, _ in dated(view, since))).days < FRESH_DAYS
        if fresh or len({view.ledger.voice(claim) for claim in since}) > 1:
            by_side = {views.who_says(view, claim): claim for claim in since}
            found.append((fresh, one, sides_apart(list(by_side.values()))))
        else:
            rest.append(one)
    found.sort(key=lambda each: not each[0])
    shown = [(one, claims) for _, one, claims in found]
    places = {one.place for one, _ in shown if one.topic == DISPLACED}
    at = max((n for n, (one, _) in enumerate(shown) if one.topic == DISPLACED), default=0)
    others = {one.place: one for one in reversed(rest) if one.topic == DISPLACED and one.place not in places}
    beside = [(one, list(one.latest[-1:])) for _, one in sorted(others.items())] if places else []
    return [*shown[: at + 1], *beside, *shown[at + 1 :]]


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
