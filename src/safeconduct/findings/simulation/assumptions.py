"""What a case assumes, in plain sentences: what would change most first, each with its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import isnan

from safeconduct.findings.words import capital
from safeconduct.inference import Sensitivities, Sensitivity
from safeconduct.scenario import MODEL_PARAMETERS, Parameter, Scenario
from safeconduct.terms import show_time

BEHAVIOUR = (
    "A party decides to leave when the pressure at its place (threat, hardship, neighbours gone, signals, less "
    "trust) passes a threshold of its own; it then gets ready and goes as soon as it has means and an open way.",
    "A party draws where to go by pull, room and distance, and takes the quickest open way there; "
    "vehicles queue where roads and posts let fewer through than come.",
)
BEHAVIOUR_OF_WALKERS = (  # of a folder in Flee's format
    "As many people set out each day as the record, or a rate, says; conflict decides from which homes.",
    "People walk from place to place and choose among the places they know of, by conflict, distance and kind of "
    "place, as in Flee.",
)
NOTES = {"persons_present": "persons present at the start"} | {one.name: one.note for one in MODEL_PARAMETERS}
UNIT_WORDS = ("litres", "days", "hours", "seconds", "kmh", "per", "hour")
INSET = " " * 7  # of what is said of an assumption
ROWS: tuple[tuple[str, Callable[[Scenario], Iterable[object]]], ...] = (
    ("places", lambda case: case.places),
    ("roads", lambda case: case.routes),
    ("posts", lambda case: case.checkpoints),
    ("counts of people", lambda case: case.people),
    ("stocks", lambda case: case.supplies),
    ("events", lambda case: case.events),
)


def number(value: float) -> str:
    """A number of three figures or so; large ones whole, with marks at thousands."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def amount(value: float, unit: str) -> str:
    """A number with its unit."""
    return number(value) if unit in ("", "1") else f"{number(value)} {unit}"


def measured(scenario: Scenario, levers: Sensitivities) -> str:
    """How the order was found, in sentences."""
    when = show_time(scenario.clock.at(levers.hour))
    part = "" if levers.share >= 1 else f", with {100 * levers.share:.2g} % of the people on roads narrowed as much"
    trips = "" if isnan(levers.trip_hours) else f", after {number(levers.trip_hours)} hours on the way on average"
    fixed = "" if all(lever.has_prior for lever in levers.levers) else " (half and twice its value where it has none)"
    scatter = "three runs at each end" if levers.n_seeds > 1 else "runs with nothing moved"
    return (
        f"With every assumption at its value, {number(levers.arrived)} persons have arrived by {when} and "
        f"{number(levers.final)} by the end{trips}. Each assumption was then moved alone, to the 5 and the 95 % point "
        f"of its prior{fixed}, in {levers.n_runs} coarse runs{part}; ± is one standard error, from the scatter of "
        f"{scatter}. This ranks assumptions; it does not show what two do together."
    )


def first_to_measure(scenario: Scenario, levers: Sensitivities, n: int = 8) -> Iterator[str]:
    """The assumptions that a measurement would narrow most, a line each."""
    yield f"Measure this first: what moves the persons arrived by {show_time(scenario.clock.at(levers.hour))}."
    seen = [lever for lever in levers.levers if lever.is_seen]
    for place, lever in enumerate(seen[:n], start=1):
        low, high = (number(persons) for persons in lever.arrived)
        yield f"{place:3}. {titled(lever)}, {tried(lever)}: {low} to {high} persons (± {number(lever.error)})"
    if len(seen) > n:
        yield f"     and {len(seen) - n} more, which move it less; see `safeconduct explain`."
    unseen = [titled(lever) for lever in levers.levers if not lever.is_seen]
    if unseen:
        yield f"     No effect beyond chance was seen from: {', '.join(unseen)}."
    yield measured(scenario, levers)


def titled(lever: Sensitivity) -> str:
    """The name of an assumption, or of several that were moved together."""
    names = [one.name for one in lever.parameters]
    if len(names) == 1:
        return names[0]
    ending = "speeds" if names[0].endswith("_kmh") else "capacities"
    return f"{ending} by class of road ({', '.join(names)})"


def tried(lever: Sensitivity) -> str:
    """The two values that were tried."""
    if len(lever.parameters) > 1:
        return "all low, then all high"
    return f"{number(lever.low[0])} to {amount(lever.high[0], lever.parameters[0].unit)}"


def explained(scenario: Scenario, levers: Sensitivities, *, has_sample: bool = False) -> Iterator[str]:
    """All that a case assumes, a paragraph each."""
    yield f"{scenario.title}\nWhat this case assumes, the most influential first."
    yield measured(scenario, levers)
    if has_sample:
        yield "A fitted sample lies beside the case, and runs draw from it. Values and priors here are its own."
    for place, lever in enumerate((one for one in levers.levers if one.is_seen), start=1):
        yield "\n".join(lines(place, lever))
    unseen = [one for lever in levers.levers if not lever.is_seen for one in lever.parameters]
    if unseen:
        listed = "\n".join(f"  - {said(one)}" for one in unseen)
        yield f"No effect on these arrivals beyond chance was seen from:\n{listed}"
    if levers.not_tried:
        listed = "\n".join(f"  - {said(one)}" for one in levers.not_tried)
        yield f"Held, and not tried, as nothing gives a range or they are switched off:\n{listed}"
    behaviour = BEHAVIOUR if scenario.walk is None else BEHAVIOUR_OF_WALKERS
    yield "How people behave:\n" + "\n".join(f"  - {sentence}" for sentence in behaviour)
    yield "Where the rows of the tables come from:\n" + "\n".join(f"  - {line}" for line in rows(scenario))


def lines(place: int, lever: Sensitivity) -> Iterator[str]:
    """What is assumed, how far it moves arrivals and hours, and where it comes from, a line each."""
    first, *others = lever.parameters
    yield f"{place:3}. {capital(titled(lever)) if others else heading(first)}"
    ends = "" if lever.has_prior else "no prior, so half and twice it: "
    low, high = (number(persons) for persons in lever.arrived)
    after = f", after {number(lever.trip_hours[0])} to {number(lever.trip_hours[1])} hours on the way"
    after = "" if isnan(sum(lever.trip_hours)) else after
    yield f"{INSET}{ends}{tried(lever)}: {low} to {high} persons arrived (± {number(lever.error)}){after}"
    for one in lever.parameters:
        yield from (f"{INSET}{line}" for line in ([heading(one)] if others else []) + remarks(one))


def said(one: Parameter) -> str:
    """One parameter: what it is and its value; then what is said of it, its name and its source, a line each."""
    return "\n".join((heading(one), *(f"{INSET}{line}" for line in remarks(one))))


def heading(one: Parameter) -> str:
    """What a parameter is, and its value. A case's own is called by its name, without the unit that ends it."""
    words = one.name.split("_")
    while len(words) > 1 and words[-1] in UNIT_WORDS:
        words.pop()
    meant = NOTES.get(one.name, "").partition("; ")[0] or " ".join(words)
    return f"{capital(meant)}: {amount(one.value, one.unit)}"


def remarks(one: Parameter) -> list[str]:
    """What is said of a parameter beside: by the model, by the case where that is something else; name and source."""
    model, note = NOTES.get(one.name, ""), one.note.rstrip(".")
    told = [model.partition("; ")[2], note if note != model else ""]
    return [*filter(None, told), f"{one.name}, source: {one.source}"]


def rows(scenario: Scenario) -> Iterator[str]:
    """How many rows of each table are assumed."""
    for what, of in ROWS:
        sources = [str(getattr(row, "source", "")) for row in of(scenario)]
        assumed = sum(source.startswith("assumed") for source in sources)
        if sources:
            yield f"{what}: {assumed} of {len(sources)} {'is' if assumed == 1 else 'are'} assumed; " + (
                "the others name a source." if assumed < len(sources) else "no source is named."
            )
