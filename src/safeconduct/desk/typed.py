"""What a person typed, held against the case: names that it does not know, dates that cannot be, figures below nought.

Names that are known by a label or in other letters are put as the tables have them. What is refused can be saved as it
stands where the person says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from safeconduct.desk.forms import MOST_LETTERS, SEVERAL, label_of

if TYPE_CHECKING:
    from safeconduct.ledger import Terms

AS_IT_STANDS = "as_it_stands"  # field of the form: names and dates are right as typed
NEVER_BELOW = ("persons", "vehicles", "hours", "km", "tonnes", "litres", "days")  # units
WHOLE = ("persons", "vehicles")  # units of which there are no parts
THOUSANDS = re.compile(r"[1-9]\d{0,2}(\.\d{3})+")
WITH_POWER = re.compile(r"[\d.]+[eE][+-]?\d+")
WITH_PART = re.compile(r"\d+\.\d+")
WORD = re.compile(r"\w+")
LEAST_ALIKE, NEARLY = 0.6, 0.8  # of the letters of names: to be suggested, to be asked about; assumed
TYPED_WEIGHT, LEAST_WORD, SHORTEST_WORD = 0.7, 0.75, 4  # assumed
AHEAD = timedelta(hours=1)  # by which clocks may differ, assumed


@dataclass(frozen=True)
class Known:
    """What a typed report is held against."""

    terms: Terms
    zone: tzinfo = UTC
    first: date | None = None  # first day of the case
    last: date | None = None  # its last day
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def latest(self) -> datetime:
        """After this nothing can have been published: now; for a case of a time to come, the end of its last day."""
        today = self.now.astimezone(self.zone).date()
        if self.first is None or self.last is None or self.first <= today:
            return self.now + AHEAD
        return datetime.combine(self.last, time.max, self.zone)


def checked(row: Mapping[str, str], known: Known, *, as_it_stands: bool) -> tuple[dict[str, str], tuple[str, ...]]:
    """The row with names as the tables have them, and a sentence for all that cannot be right."""
    row, faults = with_names(row, known.terms), list[str]()
    faults += [
        f"{name} has {len(text):,} letters; expected at most {MOST_LETTERS:,}; shorten it."
        for name, text in row.items()
        if len(text) > MOST_LETTERS
    ]
    faults += [*below_nought(row, known.terms), *in_doubt(row, known.terms)]
    if not as_it_stands:
        faults += [*unknown_names(row, known.terms), *impossible_dates(row, known)]
    return row, tuple(faults)


def with_names(row: Mapping[str, str], terms: Terms) -> dict[str, str]:
    """The row with what is counted and where by the names of the tables."""
    row = dict(row)
    if row.get("quantity"):
        row["quantity"] = named(row["quantity"], quantities(terms))
    if row.get("place"):
        places = names_of_places(terms)
        row["place"] = SEVERAL.join(named(part.strip(), places) for part in row["place"].split(SEVERAL))
    return row


def quantities(terms: Terms) -> dict[str, str]:
    """Each word for what is counted, in small letters -> its name in the tables."""
    words = terms.quantities.values()
    spelt = {other.casefold(): word.name for word in words for other in (word.label, *word.also)}
    return spelt | {word.name.casefold(): word.name for word in words}


def names_of_places(terms: Terms) -> dict[str, str]:
    """Each name of a place in small letters -> the name or key as the tables have it."""
    both = {place.both.casefold(): key for key, place in terms.places.items()}
    return both | {name.casefold(): name for name in (*terms.place_names, *terms.places, *terms.place_names.values())}


def named(said: str, names: Mapping[str, str]) -> str:
    """A name as the tables have it; other words as they were typed."""
    return names.get(said.casefold(), said)


def unknown_names(row: Mapping[str, str], terms: Terms) -> Iterator[str]:
    """What is counted and where, by words that no table of the case has."""
    reporter = row.get("reporter", "")
    other = advice(reporter, terms.reporters, NEARLY).startswith("did you mean")
    if other and reporter not in terms.reporters:
        yield unknown("Who says so", reporter, terms.reporters, "it is another reporter then")
    quantity = row.get("quantity", "")
    if quantity and quantity not in quantities(terms).values():
        yield unknown("What is counted", quantity, [label_of(name, terms) for name in terms.quantities])
    known = names_of_places(terms)
    mapped = (name for name, key in terms.mapped.items() if key not in terms.places)
    offered = [*(place.both for place in terms.places.values()), *mapped] or list(known.values())
    for part in row.get("place", "").split(SEVERAL) if known else ():
        place = part.strip()
        near = advice(place, known.values()).startswith("did you mean")
        if place and place.casefold() not in known and (near or row.get("kind") == "figure"):
            yield unknown("Place", place, offered)


def unknown(label: str, said: str, names: Iterable[str], then: str = "no forecast reads it then") -> str:
    """The sentence for an unknown name."""
    return (
        f'{label} is "{said[:80]}", which is not in the tables of this case; {advice(said, names)} '
        'To save it in these words, tick "as it stands" at the foot of the form; ' + f"{then}."
    )


def advice(said: str, names: Iterable[str], least: float = LEAST_ALIKE) -> str:
    """The known name whose words are most like those that were typed."""
    near = max(((alike(said, one), one) for one in dict.fromkeys(names)), default=(0.0, ""))
    return f'did you mean "{near[1]}"?' if near[0] >= least else "choose from the list of the field."


def alike(said: str, name: str) -> float:
    """How much of the letters of two names is in words that both have, slips of the pen allowed; those typed first."""
    typed, known = (WORD.findall(one.casefold().replace("_", " ")) for one in (said, name))
    if not typed or not known:
        return 0.0

    def found(words: list[str], among: list[str]) -> float:
        best = (len(one) * max(same_word(one, other) for other in among) for one in words)
        return sum(best) / sum(map(len, words))

    return TYPED_WEIGHT * found(typed, known) + (1 - TYPED_WEIGHT) * found(known, typed)


def same_word(one: str, other: str) -> float:
    """How alike two words are, from 0 to 1; too unlike ones are others, and short ones have no slips."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) < SHORTEST_WORD:
        return 0.0
    share = SequenceMatcher(None, one, other).ratio()
    return share if share >= LEAST_WORD else 0.0


def below_nought(row: Mapping[str, str], terms: Terms) -> Iterator[str]:
    """Figures of people or things below nought."""
    unit = row.get("unit") or terms.quantity(row.get("quantity", "")).unit
    for name in ("low", "best", "high"):
        said = row.get(name, "")
        if said.startswith("-") and any(letter in "123456789" for letter in said) and unit in NEVER_BELOW:
            yield f"The figure is {said[:20]} {unit}; expected 0 or more; correct it."


def in_doubt(row: Mapping[str, str], terms: Terms) -> Iterator[str]:
    """Figures with three digits after a dot, which some write for thousands, with powers of ten, and parts of what is
    counted whole."""
    unit = row.get("unit") or terms.quantity(row.get("quantity", "")).unit
    of_persons = {name: "persons" for name in ("killed_persons", "injured_persons", "displaced_persons")}
    for name, what in {"low": unit, "best": unit, "high": unit, **of_persons}.items():
        said = row.get(name, "")
        if WITH_POWER.fullmatch(said):
            yield f"The figure is {said[:20]}; expected plain digits such as 1000; write them."
        elif THOUSANDS.fullmatch(said):
            whole, part = (
                said.replace(".", ""),
                f"{float(said.rpartition('.')[0].replace('.', '') + '.' + said[-3:]):g}",
            )
            either = whole if what in WHOLE or said.count(".") > 1 else f"{whole} or {part}"
            yield f"The figure is {said[:20]}; expected {either}; write it without a dot between thousands."
        elif what in WHOLE and WITH_PART.fullmatch(said) and float(said) % 1:
            yield f"The figure is {said[:20]} {what}; expected a whole number; correct it."


def impossible_dates(row: Mapping[str, str], known: Known) -> Iterator[str]:
    """Not published, published after now, or before that of which it reports."""
    if not row.get("published"):
        yield (
            "Published is empty; expected the day or hour of the page, such as 2030-05-06T14:00; write it. Where the "
            'page has none, tick "as it stands": the report then counts from the day after that of which it speaks.'
        )
    published, start = (moment(row.get(name, ""), known.zone) for name in ("published", "time"))
    if published and published > known.latest:
        latest = f"{known.latest.astimezone(known.zone):%Y-%m-%d}"
        yield (
            f"Published is {row['published']}, which is still to come; expected {latest} or earlier; correct it, or "
            'tick "as it stands".'
        )
    is_ahead = row.get("kind") in ("prediction", "statement")
    end = moment(row.get("published", ""), known.zone, end=True)
    if start and end and start > end and not is_ahead:
        yield (
            f"It was so on {row['time']}, after it was published on {row['published']}; expected the other way round; "
            'correct one of them, or tick "as it stands".'
        )


def moment(said: str, zone: tzinfo, *, end: bool = False) -> datetime | None:
    """The first moment of a time as typed, or its last; None where it is none, which the ledger tells."""
    whole = {4: "-01-01", 7: "-01"}.get(len(said), "")
    try:
        found = datetime.fromisoformat(said + whole)
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=zone)
    days = {4: 366, 7: 31, 10: 1}.get(len(said), 0)
    return found + timedelta(days=days) if end else found
