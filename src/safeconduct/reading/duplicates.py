"""Whether a proposal repeats, or speaks against, what the ledger holds already."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from safeconduct.ledger import Claim, Ledger
from safeconduct.reading.types import Match, Proposal
from safeconduct.reading.words.tokens import content_stems

MOST = 4  # matches listed for one proposal
ALIKE = 0.34  # share of word stems in common from which two statements count as alike: assumed
NEAR_DAYS = 4


class Duplicates:
    """The claims of a ledger, ready to be compared with."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.by_value: dict[float, list[Claim]] = defaultdict(list)
        self.by_quantity: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        self.words: list[tuple[Claim, frozenset[str]]] = []
        self.by_stem: dict[str, list[int]] = defaultdict(list)
        for claim in ledger.claims:
            for value in {v for v in (claim.low, claim.best, claim.high) if v is not None}:
                self.by_value[value].append(claim)
            if claim.quantity:
                self.by_quantity[claim.quantity, claim.place].append(claim)
            stems = content_stems(f"{claim.words} {claim.scope} {claim.place_said}")
            if len(stems) >= 3 and claim.kind != "figure":
                for stem in stems:
                    self.by_stem[stem].append(len(self.words))
                self.words.append((claim, stems))

    def of(self, proposal: Proposal) -> tuple[Match, ...]:
        """The reports that a proposal may repeat or dispute, the likeliest first."""
        value = (
            proposal.best if proposal.best is not None else proposal.low if proposal.low is not None else proposal.high
        )
        found = (
            self.figures(proposal, value)
            if value is not None and proposal.kind in ("figure", "prediction")
            else self.statements(proposal)
        )
        return tuple(found[:MOST])

    def figures(self, proposal: Proposal, value: float) -> list[Match]:
        """Reports of the same figure, or of another figure for the same quantity, place and time."""
        same: list[tuple[float, Match]] = []
        start, end = window_of(proposal.date)
        stems = content_stems(f"{proposal.sentence} {proposal.counted}")
        for claim in self.by_value.get(value, ()):
            if not units_agree(proposal.unit, claim.unit):
                continue
            close = is_near(claim, start, end)
            shared = bool(set(proposal.place_key.split("+")) & set(claim.places))
            words = len(stems & content_stems(f"{claim.words} {claim.scope} {claim.quantity.replace('_', ' ')}"))
            is_round = value < 20 or (value % 100 == 0 and value < 1000)
            score = 2 * close + shared + min(words, 3) * 0.5
            if score >= (2.5 if is_round else 2.0) or (
                value >= 1000 and value % 100 and close is not None and score >= 1
            ):
                relation = "retells" if not proposal.is_negated else "disputes"
                same.append((score, Match(claim.id, relation, "the same figure" + (", near in time" if close else ""))))
        if not same and proposal.quantity:
            for claim in self.by_quantity.get((proposal.quantity, proposal.place_key), ()):
                if (
                    claim.value is not None
                    and is_near(claim, start, end)
                    and proposal.date_precision in ("day", "exact")
                    and abs(claim.value - value) > 0.02 * abs(value)
                ):
                    same.append(
                        (1.0, Match(claim.id, "disputes", "another figure for the same quantity, place and time"))
                    )
        same.sort(key=lambda item: (-item[0], item[1].claim))
        return [match for _, match in same]

    def statements(self, proposal: Proposal) -> list[Match]:
        """Reports whose words are much the same."""
        stems = content_stems(proposal.sentence)
        hits: dict[int, int] = defaultdict(int)
        for stem in stems:
            for index in self.by_stem.get(stem, ()):
                hits[index] += 1
        found = []
        for index, shared in hits.items():
            claim, words = self.words[index]
            share = shared / min(len(words), max(4, len(stems)))
            if shared >= 4 and share >= 2 * ALIKE or shared >= 6 and share >= ALIKE * 1.5:
                near = is_near(claim, *window_of(proposal.date))
                relation = "retells" if near and share > 0.7 and claim.reporter == proposal.asserted_by else "alike"
                found.append((share + 0.2 * bool(near), Match(claim.id, relation, f"{shared} words in common")))
        found.sort(key=lambda item: (-item[0], item[1].claim))
        return [match for _, match in found]


def units_agree(one: str, other: str) -> bool:
    """Whether two units may be the same; an unknown one agrees with all."""
    return (
        not one
        or not other
        or one == other
        or {one, other} in ({"persons", "soldiers"}, {"trucks", "vehicles"}, {"buses", "vehicles"})
    )


def window_of(iso: str) -> tuple[date | None, date | None]:
    """First and last day of an ISO date or period."""
    if not iso:
        return None, None
    first, _, last = iso.partition("/")
    return edge(first, False), edge(last or first, True)


def edge(part: str, is_end: bool) -> date | None:
    """The first or last day of an ISO day, month or year."""
    try:
        if len(part) == 4:
            return date(int(part), 12 if is_end else 1, 31 if is_end else 1)
        if len(part) == 7:
            first = date(int(part[:4]), int(part[5:]), 1)
            return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1) if is_end else first
        return date.fromisoformat(part[:10])
    except ValueError:
        return None


def is_near(claim: Claim, start: date | None, end: date | None) -> bool:
    """Whether a claim's time lies within or near a period."""
    window = claim.window
    if window is None or start is None or end is None:
        return False
    slack = timedelta(days=NEAR_DAYS)
    low = datetime(start.year, start.month, start.day, tzinfo=UTC) - slack
    high = datetime(end.year, end.month, end.day, tzinfo=UTC) + slack
    return window[0] <= high and low <= window[1]
