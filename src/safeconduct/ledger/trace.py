"""From a figure back to what it rests on: the run, its parameters, observations, claims, reporters - and the other way.

A run's folder is read as data: `summary.json` (figures with quantiles, n_runs) and `provenance.json` (seed, parameters
with their sources, ledger revision, and `targets`, a list of {"quantity", "place"} that the run was fitted to or scored
on).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from safeconduct.ledger.observe import left_out, observe
from safeconduct.ledger.rows.columns import LINKS
from safeconduct.ledger.types import Claim, Ledger, Observation
from safeconduct.ledger.views import show_figure, show_number, show_saying, show_source, show_when
from safeconduct.terms import UsageError, cells, is_there, json_of

Json = Mapping[str, object]
OTHER = "see: safeconduct ledger list"
BIRTH_KEYS = ("case", "scenario", "seed", "n_runs", "n_failed_runs", "code_version", "ledger", "command", "drawn_from")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trace, and what it rests on."""

    text: str
    below: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What a run's folder says of itself."""

    folder: str
    summary: Json = field(default_factory=dict)
    provenance: Json = field(default_factory=dict)


def read_run(folder: Path) -> RunRecord:
    """The record of a run's folder. Raises UsageError where it holds none."""
    found: dict[str, Json] = {}
    for name in ("summary.json", "provenance.json"):
        path = folder / name
        if name == "provenance.json" and not path.exists():
            path = folder / "birth.json"  # its name before 0.2; read for one release
        content = json_of(path) if is_there(path) else {}
        found[name] = content if isinstance(content, dict) else {}
    if not any(found.values()):
        raise UsageError(
            f"{folder} holds no summary.json and no provenance.json; expected the folder of a run; name it with --out"
        )
    return RunRecord(str(folder), found["summary.json"], found["provenance.json"])


def trace(ledger: Ledger, figure: str, run: RunRecord | None = None) -> Step:
    """What a figure rests on, or, for the id of a claim, what rests on it. Raises UsageError where neither is known.

    A figure is the name of an outcome or quantity, with or without a quantile and a place: `persons_arrived.p50`,
    `arrivals`, `cum_arrivals_persons@hakari_bridge`.
    """
    if any(claim.id == figure for claim in ledger.claims):
        return trace_claim(ledger, ledger.by_id(figure), run)
    name, _, place = figure.partition("@")
    outcome, _, quantile = name.partition(".")
    quantity = ledger.terms.quantity(outcome).name
    subjects = subjects_of(ledger, quantity, place, run)
    if not subjects and (run is None or outcome not in run.summary):
        known = {claim.quantity for claim in ledger.claims if claim.quantity} | set(run.summary if run else ())
        raise UsageError(
            f'"{figure}" is neither a figure of the run, a quantity nor a claim; {cells.nearest(outcome, known, OTHER)}'
        )
    steps = [trace_observed(ledger, *subject) for subject in subjects]
    if run is not None:
        steps = [step for step in (run_step(run), parameters_step(run)) if step.below] + steps
    return Step(headline(ledger, outcome, quantile, run), tuple(steps))


def subjects_of(ledger: Ledger, quantity: str, place: str, run: RunRecord | None) -> list[tuple[str, str]]:
    """The series that a quantity's figures rest on: the run's targets where it names them, else all observed."""
    if place:
        return [(quantity, ledger.terms.place_key(place, quantity))]
    named = [t for t in as_list(run.provenance.get("targets")) if isinstance(t, Mapping)] if run else []
    targets = [(str(t.get("quantity")), str(t.get("place"))) for t in named]
    chosen = [target for target in targets if ledger.terms.quantity(target[0]).name == quantity]
    places = sorted({claim.place for claim in ledger.claims if claim.kind == "figure" and claim.quantity == quantity})
    return chosen or [(quantity, place) for place in places]


def as_list(value: object) -> list[object]:
    """A JSON value as a list; anything else is an empty one."""
    return value if isinstance(value, list) else []


def headline(ledger: Ledger, outcome: str, quantile: str, run: RunRecord | None) -> str:
    """The figure itself, with its value and unit where the run gives them."""
    word = ledger.terms.quantity(outcome)
    given = run.summary.get(outcome) if run else None
    if isinstance(given, Mapping):
        wanted = [quantile] if quantile else [key for key in ("p05", "p50", "p95") if key in given]
        values = ", ".join(
            f"{key} {show_number(float(given[key]))}" for key in wanted if isinstance(given.get(key), int | float)
        )
        return f"{outcome}: {values or 'not given'} {word.unit if outcome == word.name else ''}".strip()
    return f"{word.name}: {word.label}" + (f" ({word.unit})" if word.unit else "")


def run_step(run: RunRecord) -> Step:
    """Which runs gave the figure."""
    record = {**run.summary, **run.provenance}
    facts = tuple(Step(f"{key}: {record[key]}") for key in BIRTH_KEYS if isinstance(record.get(key), str | int | float))
    drawn = record.get("drawn_from")
    fit = tuple(Step(f"{key}: {value}") for key, value in drawn.items()) if isinstance(drawn, Mapping) else ()
    return Step(f"the runs in {run.folder}", facts + ((Step("drawn from a fitted sample", fit),) if fit else ()))


def parameters_step(run: RunRecord) -> Step:
    """The parameters of the runs, each with its source."""
    given = run.provenance.get("parameters")
    items: Iterable[tuple[str, object]] = given.items() if isinstance(given, Mapping) else ()
    return Step(
        "parameters and their sources",
        tuple(Step(f"{name}: {tell_parameter(value)}") for name, value in items),
    )


def tell_parameter(value: object) -> str:
    """A parameter's value and source, as far as the record gives them."""
    if not isinstance(value, Mapping):
        return str(value)
    parts = [f"{key} {value[key]}" for key in ("value", "unit", "prior", "source") if value.get(key) not in (None, "")]
    return ", ".join(parts)


def trace_observed(ledger: Ledger, quantity: str, place: str) -> Step:
    """The observations of a series, each with its claims and those left out."""
    word = ledger.terms.quantity(quantity)
    found = observe(ledger, quantity, place)
    text = f"observed: {word.label}, {ledger.terms.place_name(place)} [{word.name}@{place}]: {len(found)} observations"
    return Step(text, tuple(observation_step(ledger, item) for item in found))


def observation_step(ledger: Ledger, item: Observation) -> Step:
    """One observation and the claims that it rests on."""
    interval = f"{show_number(item.low)} to {show_number(item.high)}" if item.low < item.high else "as stated"
    when = f"{item.time:%d %b %Y %H:%M}{'' if item.is_exact else ' (hour not given)'}"
    text = f"{when}: {show_number(item.best)} {item.unit}, {interval}; {item.why}"
    claims = tuple(claim_step(ledger, ledger.by_id(name)) for name in item.claims)
    return Step(text, claims + tuple(Step(f"left out: {name} ({rule})") for name, rule in item.left_out))


def claim_step(ledger: Ledger, claim: Claim) -> Step:
    """One claim: who says it, on whose behalf, where it can be read."""
    known = (
        f"known since {claim.published:%d %b %Y %H:%M} ({claim.published_rule})"
        if claim.published
        else "not known since when"
    )
    beside = (
        ("hedged", claim.hedge),
        ("quoted", claim.quote),
        ("the source adds", claim.context),
        ("zone", claim.time_rule),
        ("remark of the compiler, not of the reporter", claim.remark),
    )
    below = (
        Step(f"reporter: {show_source(claim)}; on behalf of {ledger.voice(claim)}; side: {ledger.side(claim)}"),
        Step(f"source: {claim.source_title}; {claim.address}; {known}"),
        *(Step(f"{name}: {words}") for name, words in beside if words),
    )
    return Step(f"claim {claim.id}: {show_figure(claim) or show_saying(claim, ledger)} ({show_when(claim)})", below)


def trace_claim(ledger: Ledger, claim: Claim, run: RunRecord | None) -> Step:
    """Where a claim is used: its observations or the rule that leaves it out, its links, the figures of the run."""
    steps = list(claim_step(ledger, claim).below)
    for name in LINKS:
        steps += [Step(f"{name.replace('_', ' ')} {target}") for target in getattr(claim, name)]
        steps += [
            Step(f"{other.id} {name.replace('_', ' ')} it")
            for other in ledger.claims
            if claim.id in getattr(other, name)
        ]
    if claim.kind == "figure":
        rule = dict(left_out(ledger, claim.quantity)).get(claim.id)
        used = [item for item in observe(ledger, claim.quantity, claim.place) if claim.id in item.claims]
        steps += [Step(f"left out of evidence: {rule}")] if rule else []
        steps += [Step(f"used in: {observation_step(ledger, item).text}") for item in used]
        if used and run is not None:
            steps += [
                Step(f"bears on: {headline(ledger, name, '', run)}") for name in figures_on(ledger, claim.quantity, run)
            ]
    return Step(f"claim {claim.id}: {show_saying(claim, ledger)} ({show_when(claim)})", tuple(steps))


def figures_on(ledger: Ledger, quantity: str, run: RunRecord) -> list[str]:
    """The figures of a run that speak of a quantity."""
    return [name for name in run.summary if ledger.terms.quantity(name).name == quantity]
