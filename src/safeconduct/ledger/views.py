"""How claims, disagreements and balances are shown to a reader: tables of text, and a plot of who says what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from safeconduct.ledger.conflicts import Conflict
from safeconduct.ledger.figures import hedges, read_figure
from safeconduct.ledger.observe import left_out
from safeconduct.ledger.types import Claim, Ledger, period_start

BAR_WIDTH = 48
DAY_ONLY = "day only"  # the rule of a day of publication without an hour
RECORDED = "recorded"  # the rule of a time of publication that the source gives


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a header."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def show_number(value: float) -> str:
    """A number with thousands set apart: 13,550 or 2.5."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.6g}"


def show_figure(claim: Claim) -> str:
    """A figure as said: "over 2,000", "75,000 to 80,000", "13,550", "60 (implied)"."""
    bound, other = hedges(claim)
    shown = bare_figure(claim, bound)
    return f"{shown} ({other})" if shown and other else shown


def bare_figure(claim: Claim, bound: str) -> str:
    """A figure with its bound, as said."""
    low, best, high = claim.low, claim.best, claim.high
    if bound and claim.value is not None and (low is None or high is None):
        return f"{bound} {show_number(claim.value)}"
    if low is not None and high is not None and low < high:
        span = f"{show_number(low)} to {show_number(high)}"
        return span if best is None else f"{show_number(best)} ({span})"
    if claim.value is None:
        return ""
    signs = {(True, False): "≥ ", (False, True): "≤ "}  # one end is given, and no words for it
    return signs.get((low is not None, high is not None), "") + show_number(claim.value)


def show_when(claim: Claim) -> str:
    """The time that a claim speaks of, as closely as the source gives it; a period by its first and last day."""
    if claim.time is None:
        return "not given"
    patterns = {"exact": "%d %b %Y %H:%M", "approximate": "~%d %b %Y %H:%M", "month": "%b %Y", "year": "%Y"}
    if claim.time == period_start(claim.time, "day"):  # no hour was given
        patterns["approximate"] = "~%d %b %Y"
    text = claim.time.strftime(patterns.get(claim.precision, "%d %b %Y")).lstrip("0")
    if claim.until is None:
        return text
    day = patterns[claim.precision] if claim.precision in ("month", "year") else "%d %b %Y"
    last = (claim.until - timedelta(seconds=1)).strftime(day).lstrip("0")
    return text if last == text else f"{text} to {last}"


def show_saying(claim: Claim, ledger: Ledger) -> str:
    """What a claim says, in a line."""
    terms = ledger.terms
    if claim.kind == "figure":
        word = terms.quantity(claim.quantity)
        return f"{word.label}: {show_figure(claim)} {claim.unit}" + (f" ({claim.scope})" if claim.scope else "")
    if claim.kind == "act":
        action = terms.actions.get(claim.action)
        who = f"{claim.actor}: " if claim.actor else ""
        words = hedged_words(claim)
        said = f" ({words})" if words else ""
        return f"{who}{action.label if action else claim.action.replace('_', ' ')}{said}"
    if claim.kind == "status":
        return f"{', '.join(claim.obligation)}: {claim.status}: {hedged_words(claim)}"
    due = f" (due {claim.due_said or claim.due})" if claim.due or claim.due_said else ""
    return f"{hedged_words(claim)}{due}"


def hedged_words(claim: Claim) -> str:
    """The words of a claim, with those parts of its hedge in brackets that the words do not hold."""
    parts = (part.strip() for part in claim.hedge.split(";"))
    missing = "; ".join(part for part in parts if part.strip("'\"").lower() not in claim.words.lower())
    return " ".join(filter(None, (claim.words, f"({missing})" if missing else "")))


def show_known(claim: Claim) -> str:
    """Since when a claim could be known; marked where that is estimated, late rather than early."""
    if claim.published is None:
        return f"not known ({claim.published_rule})" if claim.published_rule else "not known"
    if is_day_only(claim):
        return f"{claim.published - timedelta(minutes=1):%d %b %Y}, end of the day"
    return f"{claim.published:%d %b %Y}" + ("" if claim.published_rule == RECORDED else " (estimated)")


def is_day_only(claim: Claim) -> bool:
    """Whether the source gives the day of publication and no hour: it is known from the end of that day."""
    is_midnight = claim.published is not None and not (claim.published.hour or claim.published.minute)
    return claim.published_rule == DAY_ONLY or (claim.published_rule == RECORDED and is_midnight)


def show_source(claim: Claim) -> str:
    """Who says it, and through whom."""
    return claim.reporter + (f", via {', '.join(claim.via)}" if claim.via else "")


def claim_table(ledger: Ledger, claims: Iterable[Claim], title: str = "Claims") -> Table:
    """Claims side by side: when, where, what, who says so, known since."""
    rows = tuple(
        (
            claim.id,
            show_when(claim),
            ledger.terms.place_name(claim.place),
            show_saying(claim, ledger),
            show_source(claim),
            ledger.side(claim),
            show_known(claim),
        )
        for claim in claims
    )
    return Table(title, ("id", "time", "place", "says that", "reporter", "side", "known since"), rows)


def figure_table(ledger: Ledger, claims: Sequence[Claim], title: str) -> Table:
    """Figures of one quantity side by side, each with the rule that leaves it out of evidence, where one does."""
    out = dict(left_out(ledger, claims[0].quantity)) if claims else {}
    rows = tuple(
        (
            claim.id,
            show_when(claim),
            ledger.terms.place_name(claim.place),
            show_figure(claim),
            claim.unit,
            claim.scope,
            show_source(claim),
            ledger.side(claim),
            out.get(claim.id, "evidence") if claim.kind == "figure" else claim.kind,
        )
        for claim in claims
    )
    return Table(title, ("id", "time", "place", "figure", "unit", "counts", "reporter", "side", "used as"), rows)


def plot_figures(ledger: Ledger, claims: Sequence[Claim], width: int = BAR_WIDTH) -> list[str]:
    """One line for each figure: its interval on a common scale, and who says so."""
    readings = [(claim, reading) for claim in claims if (reading := read_figure(claim)) is not None]
    if not readings:
        return []
    low = min(reading.low for _, reading in readings)
    high = max(reading.high for _, reading in readings)
    span = (high - low) or 1.0

    def column(value: float) -> int:
        return round((value - low) / span * (width - 1))

    lines = [f"{'':>18} {show_number(low):<{width - 12}}{show_number(high):>12}"]
    for claim, reading in readings:
        bar = [" "] * width
        for place in range(column(reading.low), column(reading.high) + 1):
            bar[place] = "-"
        bar[column(reading.best)] = "o"
        lines.append(f"{show_when(claim)[:18]:>18} {''.join(bar)} {ledger.voice(claim)}")
    return lines


def conflict_table(ledger: Ledger, conflicts: Iterable[Conflict]) -> Table:
    """Disagreements side by side, with who says what and why both cannot be."""
    rows = tuple(
        (
            str(number),
            conflict_name(ledger, conflict),
            ledger.terms.place_name(conflict.place),
            show_span(conflict.start, conflict.end),
            "\n".join(positions(ledger, conflict)),
            f"{conflict.ratio:.4g}" if conflict.ratio > 1 else "dates",
            conflict.pairs[0].why,
            "; ".join(conflict.sides),
        )
        for number, conflict in enumerate(conflicts, start=1)
    )
    return Table(
        "Where reports disagree",
        ("", "about", "place", "time", "who says what", "ratio", "why", "sides"),
        rows,
    )


def conflict_name(ledger: Ledger, conflict: Conflict) -> str:
    """What a disagreement is about, in the reader's words."""
    action = ledger.terms.actions.get(conflict.quantity)
    return action.label if action else ledger.terms.quantity(conflict.quantity).label


def show_span(start: datetime, end: datetime) -> str:
    """From when to when, to the day."""
    first, last = f"{start:%d %b %Y}", f"{end:%d %b %Y}"
    return first if first == last else f"{first} to {last}"


def positions(ledger: Ledger, conflict: Conflict) -> list[str]:
    """What each voice says in a disagreement; of more than three figures, the first and the last two."""
    by_voice: dict[str, list[Claim]] = {}
    for name in conflict.claims:
        claim = ledger.by_id(name)
        by_voice.setdefault(ledger.voice(claim), []).append(claim)
    lines = []
    for voice, claims in by_voice.items():
        shown = claims if len(claims) <= 3 else [claims[0], *claims[-2:]]
        told = [
            f"{show_figure(c) or show_saying(c, ledger)} ({show_when(c)}{scope_of(c, ledger)}) [{c.id}]" for c in shown
        ]
        if len(claims) > 3:
            told.insert(1, f"... {len(claims) - 3} more ...")
        lines.append(f"{voice}: " + "; ".join(told))
    return lines


def scope_of(claim: Claim, ledger: Ledger) -> str:
    """What a figure counts, where it says so or counts another thing than the rest."""
    return f", {claim.scope}" if claim.scope else ""


def balance_table(ledger: Ledger) -> Table:
    """How many claims come from each side and voice: whose reports a reader relies on."""
    counts = Counter((ledger.side(claim), ledger.voice(claim), claim.kind) for claim in ledger.claims)
    kinds = ("figure", "act", "status", "prediction", "statement")
    voices = sorted({(side, voice) for side, voice, _ in counts})
    rows = [(side, voice, *(str(counts[side, voice, kind]) for kind in kinds)) for side, voice in voices]
    return Table("Claims by side and voice", ("side", "voice", *kinds), tuple(rows))
