"""From a figure of the report to its sources and back: figures, recorded series, claims, who makes them.

Everything has an anchor of its own: `#figure-NAME`, `#series-QUANTITY-PLACE`, `#seen-QUANTITY-PLACE-NUMBER`,
`#claim-ID`, `#parameter-NAME`, `#contested-NUMBER`. Links lead from figures down to claims, and from claims up again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from safeconduct.findings.charts import show_number
from safeconduct.findings.simulation.record import Link, RecordedRow, as_link, recorded_rows, series_anchor
from safeconduct.findings.simulation.summaries import EnsembleSummary
from safeconduct.findings.simulation.tables import outcomes
from safeconduct.findings.simulation.waits import ANCHOR, ReportedWait, told_range
from safeconduct.findings.words import capital, outcome_words, quantity_words
from safeconduct.inference import Scores
from safeconduct.ledger import Claim, Conflict, Ledger, figure_table, find_conflicts
from safeconduct.scenario import Target

FEW_CLAIMS = 10  # sides that make fewer are shown in sum, and one by one under those whom they speak for


@dataclass(frozen=True, slots=True)
class SeriesRows:
    """A recorded series: its figures beside the runs, and the figures of the report that it bears on."""

    anchor: str
    title: str
    rows: tuple[RecordedRow, ...]
    figures: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure of the report, and the recorded series beside it."""

    anchor: str
    words: str
    value: str
    series: tuple[Link, ...]
    n_recorded: int
    n_claims: int


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim as the report shows it: what is said, by whom, on whose behalf, and where it is used here."""

    id: str
    time: str
    what: str
    figure: str
    counts: str  # what exactly is counted, as said
    reporter: str  # and through whom
    voice: str  # on whose behalf; empty where it is the reporter's own
    side: str
    used_as: str  # evidence, or the rule that leaves it out
    source: Link
    known: str
    uses: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ContestedRow:
    """Claims that cannot all be right, side by side."""

    anchor: str
    about: str
    where: str
    time: str
    why: str
    claims: tuple[str, ...]  # ids
    is_own: bool  # of a quantity that the case records, scores or starts from


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """How much of what a reader relies on comes from one side or one reporter."""

    name: str
    side: str
    n_claims: int
    n_figures: int
    n_evidence: int  # claims on which recorded figures of this report rest


@dataclass(frozen=True, slots=True)
class Trail:
    """All that the chapter on sources prints."""

    figures: tuple[FigureRow, ...]
    series: tuple[SeriesRows, ...]  # the headline first
    contested: tuple[ContestedRow, ...]
    claims: Mapping[str, ClaimRow]  # by id
    sides: tuple[BalanceRow, ...]
    voices: tuple[BalanceRow, ...]


def trail(reading: EnsembleSummary, scores: Scores, told: Sequence[ReportedWait]) -> Trail:
    """The whole way, from the report's figures to those who said what they rest on."""
    ledger = reading.scenario.ledger
    series = tuple(series_of(reading, scores))
    contested = tuple(contested_rows(reading))
    evidence = {claim.id for one in series for row in one.rows for claim in row.claims}
    uses = uses_of(reading, series, contested, told)
    return Trail(
        tuple(figures_of(reading, series, told)),
        series,
        contested,
        {row.id: row for row in claim_rows(ledger, uses)},
        tuple(folded(balance(ledger, evidence, ledger.side))),
        tuple(balance(ledger, evidence, ledger.voice)),
    )


def outcome_series(reading: EnsembleSummary, name: str) -> list[Target]:
    """The recorded series of the quantity that an outcome sums up."""
    terms = reading.scenario.ledger.terms
    return [t for t in reading.scenario.targets if terms.quantity(t.quantity).name == terms.quantity(name).name]


def series_title(reading: EnsembleSummary, target: Target) -> str:
    """What a recorded series is of."""
    return f"{capital(quantity_words(target.quantity))}, {reading.both_names(target.place)}"


def series_of(reading: EnsembleSummary, scores: Scores) -> Iterator[SeriesRows]:
    """The recorded series, the headline first, each with the figures that it bears on."""
    targets = reading.scenario.targets
    named = outcomes(reading.ensemble, reading.scenario)
    for target in sorted(targets, key=lambda t: (t.quantity, t.place) != reading.scenario.headline):
        rows = tuple(recorded_rows(reading, target, scores))
        figures = [
            Link(outcome_words(name, reading.scenario)[0], f"#figure-{name}")
            for name in named
            if target in outcome_series(reading, name)
        ]
        if rows:
            yield SeriesRows(
                series_anchor(target.quantity, target.place), series_title(reading, target), rows, tuple(figures)
            )


def figures_of(
    reading: EnsembleSummary, series: Iterable[SeriesRows], told: Sequence[ReportedWait]
) -> Iterator[FigureRow]:
    """Each outcome with its quantiles and the recorded series beside it."""
    shown = {one.anchor: one for one in series}
    for name, bands in outcomes(reading.ensemble, reading.scenario).items():
        words, unit = outcome_words(name, reading.scenario)
        low, middle, high = (
            "not reached" if bands[p] is None else show_number(bands[p] or 0.0) for p in ("p05", "p50", "p95")
        )
        anchors = [
            anchor for t in outcome_series(reading, name) if (anchor := series_anchor(t.quantity, t.place)) in shown
        ]
        links = [Link(shown[anchor].title, f"#{anchor}") for anchor in anchors]
        if said := told_range(name, told):
            links.append(Link(f"Told: {said}", f"#{ANCHOR}"))
        rows = [row for anchor in anchors for row in shown[anchor].rows]
        yield FigureRow(
            f"figure-{name}",
            capital(words),
            f"{middle} {unit} ({low}\N{EN DASH}{high})",
            tuple(links),
            len(rows),
            len({claim.id for row in rows for claim in row.claims}),
        )


def contested_rows(reading: EnsembleSummary) -> Iterator[ContestedRow]:
    """Every disagreement that the ledger finds: on this case's quantities and days first, then the widest."""
    ledger, own, clock = reading.scenario.ledger, own_quantities(reading), reading.scenario.clock

    def order(conflict: Conflict) -> tuple[bool, bool]:
        return conflict.quantity not in own, conflict.start > clock.end or conflict.end < clock.start

    for number, conflict in enumerate(sorted(find_conflicts(ledger), key=order), 1):
        yield ContestedRow(
            f"contested-{number}",
            about(ledger, conflict.quantity, conflict.quantity),
            ledger.terms.place_name(conflict.place),
            show_days(conflict),
            conflict.pairs[0].why,
            conflict.claims,
            conflict.quantity in own,
        )


def own_quantities(reading: EnsembleSummary) -> set[str]:
    """Quantities that the case records, scores, sums up or starts from, and the period counts that they sum."""
    terms = reading.scenario.ledger.terms
    names = {*reading.scenario.record, *(t.quantity for t in reading.scenario.targets), *reading.ensemble.outcomes}
    words = [terms.quantity(name) for name in names]
    return {word.name for word in words} | {word.total_of for word in words if word.total_of}


def about(ledger: Ledger, action: str, quantity: str) -> str:
    """What a claim or a disagreement is about, in a few words: an act where it is one, else what is counted."""
    known = ledger.terms.actions.get(action)
    return capital(known.label if known else ledger.terms.quantity(quantity).label)


def show_days(conflict: Conflict) -> str:
    """From when to when, to the day; to the hour where it is one moment."""
    if conflict.start == conflict.end:
        return f"{conflict.start.day} {conflict.start:%b %Y, %H:%M}"
    last_moment = conflict.end - timedelta(microseconds=1)  # a day ends before the next begins
    first, last = (f"{moment.day} {moment:%b %Y}" for moment in (conflict.start, last_moment))
    return first if first == last else f"{first} to {last}"


def uses_of(
    reading: EnsembleSummary,
    series: Iterable[SeriesRows],
    contested: Iterable[ContestedRow],
    told: Iterable[ReportedWait],
) -> Mapping[str, list[Link]]:
    """Where each claim is used in the report: recorded figures, disagreements, parameters."""
    uses: dict[str, list[Link]] = defaultdict(list)
    known = {claim.id for claim in reading.scenario.ledger.claims}
    for one in series:
        for row in one.rows:
            for claim in row.claims:
                uses[claim.id].append(Link(f"{one.title}, {row.time}", f"#{row.anchor}"))
            for name, _ in row.left_out:
                uses[name].append(Link(f"left out of {one.title}, {row.time}", f"#{row.anchor}"))
    for conflict in contested:
        for name in conflict.claims:
            uses[name].append(Link(f"contested: {conflict.about}", f"#{conflict.anchor}"))
    for wait in told:
        uses[wait.claim.id].append(Link("reported waits", f"#{ANCHOR}"))
    for name, parameter in reading.scenario.parameters.items():
        if parameter.source in known:
            uses[parameter.source].append(Link(f"parameter {name}", f"#parameter-{name}"))
    return uses


def claim_rows(ledger: Ledger, uses: Mapping[str, list[Link]]) -> Iterator[ClaimRow]:
    """Every claim that the report uses, by quantity and in the order of the ledger."""
    used = sorted((claim for claim in ledger.claims if claim.id in uses), key=lambda claim: claim.quantity)
    for _, group in groupby(used, key=lambda claim: claim.quantity):
        claims = list(group)
        for claim, told in zip(claims, figure_table(ledger, claims, "").rows, strict=True):
            _, time, place, figure, unit, counts, reporter, side, used_as = told
            yield ClaimRow(
                claim.id,
                time,
                f"{about(ledger, claim.action, claim.quantity)}, {place}",
                f"{figure} {unit}".strip(),
                counts,
                reporter,
                ledger.voice(claim) if ledger.voice(claim) != claim.reporter else "",
                side,
                used_as,
                as_link(claim.address, claim.source_title),
                f"{claim.published.day} {claim.published:%b %Y}" if claim.published else "not known",
                tuple(dict.fromkeys(uses[claim.id])),
            )


def balance(ledger: Ledger, evidence: set[str], name_of: Callable[[Claim], str]) -> list[BalanceRow]:
    """Claims by side or by voice, those on whom most of this report's recorded figures rest first."""
    every = Counter(map(name_of, ledger.claims))
    figures = Counter(name_of(claim) for claim in ledger.claims if claim.kind == "figure")
    used = Counter(name_of(ledger.by_id(name)) for name in evidence)
    sides = {name_of(claim): ledger.side(claim) for claim in ledger.claims}
    rows = [BalanceRow(name, sides[name], every[name], figures[name], used[name]) for name in every]
    return sorted(rows, key=lambda row: (-row.n_evidence, -row.n_claims, row.name))


def folded(rows: list[BalanceRow]) -> Iterator[BalanceRow]:
    """The rows with those that make few claims, none of them under a recorded figure, summed up in one."""
    few = [row for row in rows if row.n_claims < FEW_CLAIMS and not row.n_evidence]
    if len(few) < 2:
        yield from rows
        return
    yield from (row for row in rows if row not in few)
    name = f"{len(few)} others, fewer than {FEW_CLAIMS} claims each"
    yield BalanceRow(name, "", sum(row.n_claims for row in few), sum(row.n_figures for row in few), 0)
