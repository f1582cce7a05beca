"""From claims to what may be used as evidence. The rules, each with the word that a claim left out by it carries:

no figure       a claim that gives no number, or no time, can be shown but not fitted
retelling       the same report through another outlet counts once
derived         the compiler's own arithmetic is no evidence
unverified      what was not looked up is no evidence
superseded      a claim that another supersedes; or an earlier figure of the same voice for the same time, where a
                later one was published: corrections supersede
time            an hour that the source does not give means six hours on either side, a date its whole day: `earliest`
                and `latest` say so; `time` is then the last minute of that day, at which a day's count stands
one voice       several figures of one voice for one time: the one that most reports carry, of a running total for one
                day the highest; the interval spans all
parties         several voices for one time, on different sides of the conflict: the interval spans them all, `best` is
                its middle and no one's figure
closest         several voices, not on different sides: the narrowest reading is best, the interval spans all
monotone        a running total cannot fall: where reports fall, earlier and later intervals are widened until none does
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from safeconduct.ledger.figures import FigureInterval, read_figure
from safeconduct.ledger.types import Claim, Ledger, Observation, Quantity

LeftOut = tuple[str, str]  # claim id, rule
ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class GradedClaim:
    """A claim that may be used, with its reading."""

    claim: Claim
    reading: FigureInterval
    voice: str


def claims_about(ledger: Ledger, quantity: str, place: str = "") -> tuple[Claim, ...]:
    """The claims of a quantity, by any spelling of its name, at a place or anywhere, in order of time."""
    terms = ledger.terms
    name, key = terms.quantity(quantity).name, terms.place_key(place, terms.quantity(quantity).name)
    found = [
        claim
        for claim in ledger.claims
        if claim.quantity and terms.quantity(claim.quantity).name == name and (not place or claim.place == key)
    ]
    return tuple(sorted(found, key=by_time))


def by_time(claim: Claim) -> tuple[bool, float, str]:
    """Order of time; what has none comes last."""
    return (claim.time is None, claim.time.timestamp() if claim.time else 0.0, claim.id)


def observe(ledger: Ledger, quantity: str, place: str) -> tuple[Observation, ...]:
    """The reconciled figures of a quantity at a place, in order of time, each with its claims and who was left out."""
    claims = claims_about(ledger, quantity, place)
    used, left = admit(ledger, claims)
    used, later = drop_superseded(ledger, used)
    word = ledger.terms.quantity(quantity)
    made = [reconcile(ledger, group, word) for group in group_by_time(used)]
    if word.kind == "cumulative":
        made = keep_monotone(made)
    return tuple(tell_left_out(made, (*left, *later), ledger))


def observe_each(ledger: Ledger, quantity: str, place: str) -> tuple[Observation, ...]:
    """Each claim that may be used as an observation of its own, for what differs from one teller to the next.

    Travellers who crossed on one day may all be right about their own hours: no interval spans them.
    """
    used, _ = drop_superseded(ledger, admit(ledger, claims_about(ledger, quantity, place))[0])
    return tuple(reconcile(ledger, [item], ledger.terms.quantity(quantity)) for item in used)


def left_out(ledger: Ledger, quantity: str = "", place: str = "") -> tuple[LeftOut, ...]:
    """The figure claims that are not evidence, each with the rule that left it out."""
    found: list[LeftOut] = []
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    chosen = claims_about(ledger, quantity, place) if quantity else ledger.claims
    for claim in chosen:
        if claim.kind == "figure":
            groups[ledger.terms.quantity(claim.quantity).name, claim.place].append(claim)
    for group in groups.values():
        used, left = admit(ledger, group)
        found += [*left, *drop_superseded(ledger, used)[1]]
    return tuple(found)


def admit(ledger: Ledger, claims: Iterable[Claim]) -> tuple[list[GradedClaim], list[LeftOut]]:
    """The claims that may be used at all, and the others with the rule that left each out."""
    claims = tuple(claims)
    superseded = {target for claim in claims for target in claim.supersedes}
    used, left = [], []
    for claim in claims:
        reading, rule = read_figure(claim), rule_against(claim, superseded)
        if rule or reading is None:
            left.append((claim.id, rule or "no figure"))
        else:
            used.append(GradedClaim(claim, reading, ledger.voice(claim)))
    return used, left


def rule_against(claim: Claim, superseded: set[str]) -> str:
    """The rule that leaves a claim out of evidence, whatever others say; empty where none does."""
    if claim.kind != "figure" or claim.window is None:
        return "no figure"
    if claim.retells:
        return "retelling"
    if claim.is_derived:
        return "derived"
    if claim.is_from_memory:
        return "unverified"
    return "superseded" if claim.id in superseded else ""


def drop_superseded(ledger: Ledger, used: list[GradedClaim]) -> tuple[list[GradedClaim], list[LeftOut]]:
    """Without the earlier figures of a voice where it published another for the same time and scope later."""
    latest: dict[object, datetime] = {}
    for item in used:
        if item.claim.published is not None:
            key = same_report(item)
            latest[key] = max(latest.get(key, item.claim.published), item.claim.published)
    kept, left = [], []
    for item in used:
        published = item.claim.published
        is_old = published is not None and published < latest[same_report(item)]
        if is_old:
            left.append((item.claim.id, "superseded"))
        else:
            kept.append(item)
    return kept, left


def same_report(item: GradedClaim) -> object:
    """What two figures share where the later one corrects the earlier."""
    return item.voice, item.claim.window, item.claim.scope, item.claim.quantity, item.claim.place


def group_by_time(used: Iterable[GradedClaim]) -> list[list[GradedClaim]]:
    """The evidence that speaks of one and the same moment or period, in order of time."""
    groups: dict[object, list[GradedClaim]] = defaultdict(list)
    for item in used:
        groups[item.claim.window].append(item)
    return sorted(groups.values(), key=lambda group: by_time(group[0].claim))


def reconcile(ledger: Ledger, group: Sequence[GradedClaim], word: Quantity) -> Observation:
    """One observation from all that is said of one time."""
    low = min(item.reading.low for item in group)
    high = max(item.reading.high for item in group)
    voices = sorted({item.voice for item in group})
    best, why = choose_best(ledger, group, word.kind == "cumulative")
    first = group[0].claim
    window = first.window
    assert first.time is not None and window is not None  # admit() lets no other through
    if not first.is_exact:
        why += f"; time {first.precision}: at some moment from {window[0]:%d %b %H:%M} to {window[1]:%d %b %H:%M}"
    return Observation(
        word.name,
        first.place,
        representative_time(first, window),
        low,
        best,
        high,
        word.unit or first.unit,
        first.is_exact,
        tuple(item.claim.id for item in group),
        f"{why} ({', '.join(voices)})",
        *window,
    )


def representative_time(claim: Claim, window: tuple[datetime, datetime]) -> datetime:
    """The moment that stands for a claim's time: as stated, or the last minute of its day, month or year."""
    if claim.precision in ("exact", "approximate") and claim.time is not None:
        return claim.time
    return window[1] - ONE_MINUTE


def choose_best(ledger: Ledger, group: Sequence[GradedClaim], is_total: bool) -> tuple[float, str]:
    """The figure that stands for a group, and the rule in a sentence."""
    if len(group) == 1:
        return group[0].reading.best, "one report"
    if len({item.voice for item in group}) == 1:
        if is_total and not group[0].claim.is_exact:
            highest = max(item.reading.best for item in group)
            return highest, "one voice, several totals for one day: the highest; the interval spans all"
        return most_carried(
            ledger, group
        ), "one voice, several figures: the one that most reports carry; the interval spans all"
    parties = {ledger.side(item.claim) for item in group if ledger.terms.reporter(item.claim.reporter).is_party}
    if len(parties) > 1:
        low, high = min(item.reading.low for item in group), max(item.reading.high for item in group)
        return (
            low + high
        ) / 2, "parties to the conflict differ: the interval spans them, its middle is no side's figure"
    closest = min(group, key=lambda item: (item.reading.high - item.reading.low, item.claim.id))
    return closest.reading.best, "several voices: the closest reading is best; the interval spans all"


def most_carried(ledger: Ledger, group: Sequence[GradedClaim]) -> float:
    """The figure that most reports carry, retellings counted as carriers; of equals, the middle of them."""
    carriers: dict[float, int] = defaultdict(int)
    ids = {item.claim.id: item.reading.best for item in group}
    for claim in ledger.claims:
        for name in (claim.id, *claim.retells):
            if name in ids:
                carriers[ids[name]] += 1
    most = max(carriers.values())
    winners = [figure for figure, count in carriers.items() if count == most]
    return sum(winners) / len(winners)


def keep_monotone(made: Sequence[Observation]) -> list[Observation]:
    """The observations of a cumulative count, widened where one falls below another that is surely earlier."""
    result = []
    for item in made:
        before = [other.high for other in made if other is not item and is_before(other, item)]
        after = [other.low for other in made if other is not item and is_before(item, other)]
        low = min([item.low, *after])
        high = max([item.high, *before])
        if (low, high) == (item.low, item.high):
            result.append(item)
        else:
            why = item.why + "; widened, because reports of this count fall where a count cannot"
            result.append(replace(item, low=low, high=high, why=why))
    return rise(result)


def is_before(one: Observation, other: Observation) -> bool:
    """Whether one observation is surely earlier than another."""
    return one.latest is not None and other.earliest is not None and one.latest <= other.earliest and one != other


def rise(made: Sequence[Observation]) -> list[Observation]:
    """With `best` figures that do not fall along exact times, each within its interval.

    Neighbours that fall are pooled to their mean (isotonic regression by pooling adjacent violators).
    """
    exact = [item for item in made if item.is_exact]
    blocks: list[tuple[float, int]] = []
    for item in exact:
        blocks.append((item.best, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, n), (b, m) = blocks[-2:]
            blocks[-2:] = [((a * n + b * m) / (n + m), n + m)]
    level = [value for value, count in blocks for _ in range(count)]
    risen = {id(item): value for item, value in zip(exact, level, strict=True)}
    return [replace(item, best=min(max(risen.get(id(item), item.best), item.low), item.high)) for item in made]


def tell_left_out(made: Sequence[Observation], left: Sequence[LeftOut], ledger: Ledger) -> list[Observation]:
    """The observations, each with the claims left out that spoke of its time, and by which rule."""
    result = []
    for item in made:
        near = tuple((name, rule) for name, rule in left if touches(ledger.by_id(name), item))
        why = item.why + "".join(f"; left out: {name} ({rule})" for name, rule in near)
        result.append(replace(item, why=why, left_out=near))
    return result


def touches(claim: Claim, item: Observation) -> bool:
    """Whether a claim speaks of the time of an observation."""
    window = claim.window
    if window is None or item.earliest is None or item.latest is None:
        return False
    return window[0] <= item.latest and item.earliest <= window[1]
