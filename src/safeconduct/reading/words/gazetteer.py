"""Names that a case knows - places, actors, outlets, acts, obligations - found in a sentence.

The case hands plain records in; nothing here reads a case's files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files

from safeconduct.ledger import Ledger, Terms
from safeconduct.reading.words.lexicon import words
from safeconduct.reading.words.tokens import Token, content_stems, stem, tokenize

LOCATIVE = words("locative")
TOWARDS = words("towards")
AWAY = frozenset(["from", "leaving", "left", "fled"])
LONE_MEANINGS = frozenset(
    ("=meet", "=ceasefire", "=fire", "=withdraw", "=deploy")
)  # one such word is enough to tell an act
SMALL_KINDS = (
    "village",
    "town",
    "city",
    "bridge",
    "checkpoint",
    "road",
    "height",
    "corridor",
    "junction",
    "reservoir",
    "airport",
    "district",
    "province",
    "region",
    "mountain",
    "lake",
    "spot",
)
ORGANISATION_NOUNS = words("organisation nouns")
TURNED_DOWN = re.compile(r"\b(?:not|never|no|failed|unable|without|undelivered|missing)\b|n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """Something with names: a place, an actor, an outlet, an act, an obligation, an account."""

    key: str
    names: tuple[str, ...]  # the first is shown
    kind: str = ""
    text: str = ""  # what an obligation or account says, the label of an act or quantity
    shown: str = ""

    @property
    def label(self) -> str:
        """How readers see it."""
        return self.shown or self.names[0]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a sentence. `first` and `after` are positions among the tokens."""

    what: Named
    first: int
    after: int
    said: str
    start: int
    end: int


@dataclass(frozen=True)
class Gazetteer:
    """What a case can name."""

    places: tuple[Named, ...] = ()
    actors: tuple[Named, ...] = ()
    outlets: tuple[Named, ...] = ()
    actions: tuple[Named, ...] = ()
    obligations: tuple[Named, ...] = ()
    quantities: tuple[Named, ...] = ()
    accounts: tuple[Named, ...] = ()
    force: str = ""  # the actor that peacekeepers belong to
    population: str = ""  # the actor that residents are
    ledger: Ledger | None = field(default=None, compare=False, repr=False)

    @cached_property
    def _places(self) -> dict[str, list[tuple[tuple[str, ...], Named]]]:
        return index_of(self.places)

    @cached_property
    def _actors(self) -> dict[str, list[tuple[tuple[str, ...], Named]]]:
        return index_of(self.actors)

    @cached_property
    def _outlets(self) -> dict[str, list[tuple[tuple[str, ...], Named]]]:
        return index_of((*self.outlets, *own_outlets()))

    @cached_property
    def _action_meanings(self) -> tuple[tuple[Named, tuple[frozenset[str], ...]], ...]:
        return tuple(
            (act, tuple(meanings(text) for text in (act.key.replace("_", " "), act.text) if text))
            for act in self.actions
        )

    @cached_property
    def _obligation_meanings(self) -> tuple[tuple[Named, frozenset[str]], ...]:
        return tuple((duty, meanings(duty.text)) for duty in self.obligations)

    @cached_property
    def account_stems(self) -> tuple[tuple[Named, frozenset[str]], ...]:
        """Each account with the stems of its text."""
        return tuple((account, content_stems(account.text)) for account in self.accounts)

    def outlets_in(self, tokens: Sequence[Token]) -> list[Mention]:
        """Outlets and agencies that a sentence names."""
        return mentions(tokens, self._outlets)

    def actors_in(self, tokens: Sequence[Token]) -> list[Mention]:
        """Actors that a sentence names, by name, adjective, or as the force or the residents."""
        found = mentions(tokens, self._actors)
        taken = {i for m in found for i in range(m.first, m.after)}
        by_key = {actor.key: actor for actor in self.actors}
        for i, token in enumerate(tokens):
            if i in taken:
                continue
            word = token.low
            is_force = word.startswith("peacekeep") or (
                word == "force" and i and tokens[i - 1].low in ("the", "peacekeeping")
            )
            if is_force and self.force in by_key:
                found.append(mention(by_key[self.force], tokens, i, i + 1))
            elif word in ("residents", "inhabitants", "refugees") and self.population in by_key:
                found.append(mention(by_key[self.population], tokens, i, i + 1))
            elif token.is_name_like and (adjective := self._adjective(token.text)) is not None:
                found.append(mention(adjective, tokens, i, i + 1))
        return sorted(found, key=lambda m: m.first)

    def _adjective(self, word: str) -> Named | None:
        """The actor whose name an adjective or a name of its people is made from."""
        for actor in self.actors:
            name = actor.names[0]
            if " " not in name and len(name) > 4 and word.startswith(name[: max(4, len(name) - 1)]) and word != name:
                return actor
        return None

    def places_in(self, tokens: Sequence[Token]) -> list[Mention]:
        """Places that a sentence names as such: no outlet, institution, or capital that stands for a government."""
        outlets = {i for m in self.outlets_in(tokens) for i in range(m.first, m.after)}
        found = []
        for m in mentions(tokens, self._places):
            if any(i in outlets for i in range(m.first, m.after)) or is_of_institution(tokens, m):
                continue
            found.append(m)
        return found

    def action_of(self, text: str) -> Named | None:
        """The act of the vocabulary whose words a clause holds; None where none does, or two do alike."""
        here = meanings(text)
        best: list[tuple[float, Named]] = []
        for act, forms in self._action_meanings:
            for form in forms:
                if form and form <= here and (len(form) > 1 or form <= LONE_MEANINGS):
                    best.append((len(form), act))
                    break
        if not best:
            return None
        top = max(score for score, _ in best)
        leaders = [act for score, act in best if score == top]
        return leaders[0]

    def obligation_of(self, text: str) -> Named | None:
        """The obligation that a clause speaks of: half of its words, three at least."""
        here = meanings(text)
        best = max(
            (
                (len(here & words) / max(4, len(words)), duty)
                for duty, words in self._obligation_meanings
                if len(here & words) >= 3
            ),
            key=lambda pair: pair[0],
            default=(0.0, None),
        )
        return best[1] if best[0] >= 0.4 else None

    def quantity_of(self, text: str, unit: str, is_total: bool) -> Named | None:
        """The word of the vocabulary of figures that fits unit and words best; None where none stands out."""
        here = content_stems(text)
        scored = []
        for word in self.quantities:
            if word.kind.partition("|")[0] != unit:
                continue
            says_not = " not " in f" {word.key.replace('_', ' ')} {word.text} "
            if says_not and TURNED_DOWN.search(text) is None:  # "delivered 40 tonnes" counts none that did not come
                continue
            words = content_stems(f"{word.key.replace('_', ' ')} {word.text}") - {"person", "peopl", "new", "cum"}
            overlap = len(here & words)
            kind = word.kind.partition("|")[2]
            if overlap:
                fits = 0.4 * ((kind == "cumulative") == is_total)
                scored.append((overlap + fits - 0.05 * len(words), word.key, word))
        scored.sort(key=lambda item: (-item[0], item[1]))
        if not scored or (len(scored) > 1 and scored[0][0] - scored[1][0] < 0.05):
            return None
        return scored[0][2]


def index_of(entries: Iterable[Named]) -> dict[str, list[tuple[tuple[str, ...], Named]]]:
    """First word -> (words of the name, entry), longest first."""
    index: dict[str, list[tuple[tuple[str, ...], Named]]] = {}
    for entry in entries:
        for name in entry.names:
            words = tuple(token.low for token in tokenize(name))
            if words and (len(name) > 1):
                index.setdefault(words[0], []).append((words, entry))
    for rows in index.values():
        rows.sort(key=lambda row: -len(row[0]))
    return index


def mention(what: Named, tokens: Sequence[Token], first: int, after: int) -> Mention:
    """A mention that covers some tokens."""
    said = " ".join(t.text for t in tokens[first:after])
    return Mention(what, first, after, said, tokens[first].start, tokens[after - 1].end)


def mentions(tokens: Sequence[Token], index: dict[str, list[tuple[tuple[str, ...], Named]]]) -> list[Mention]:
    """The longest names at each token; a possessive s and an adverbial hyphen do not hide a name."""
    lows = [token.low.removesuffix("'s").removesuffix("'") for token in tokens]
    found: list[Mention] = []
    i = 0
    while i < len(tokens):
        match = next(
            (
                (words, entry)
                for words, entry in index.get(lows[i], ())
                if tuple(lows[i : i + len(words)]) == words
                and (tokens[i].is_name_like or tokens[i].text[0].isdigit() or not entry.names[0][:1].isupper())
            ),
            None,
        )
        if match is None and "-" in lows[i] and tokens[i].is_name_like:  # Yerevan-Stepanakert
            at = tokens[i].start
            parts = tokens[i].text.split("-")
            for part in parts:
                hit = next((e for w, e in index.get(part.lower(), ()) if w == (part.lower(),)), None)
                if (
                    hit is not None
                    and part[:1].isupper()
                    and parts[-1] not in ("based", "led", "controlled", "backed", "brokered")
                ):
                    found.append(Mention(hit, i, i + 1, part, at, at + len(part)))
                at += len(part) + 1
        if match is not None:
            found.append(mention(match[1], tokens, i, i + len(match[0])))
            i += len(match[0])
        else:
            i += 1
    return found


def is_of_institution(tokens: Sequence[Token], m: Mention) -> bool:
    """Whether a place's name is part of the name of an institution, or says whose minister or ministry it is."""
    if tokens[m.after - 1].text.endswith(("'s", "’s")) and m.after < len(tokens):
        after = next((t for t in tokens[m.after : m.after + 3] if t.low in ORGANISATION_NOUNS), None)
        if after is not None:
            return True
    nxt = tokens[m.after] if m.after < len(tokens) else None
    if nxt is not None and nxt.is_name_like and nxt.low in ORGANISATION_NOUNS:
        return True
    ahead = tokens[m.after : m.after + 3]
    if ahead and all(t.is_name_like for t in ahead[:2]) and any(t.low in ORGANISATION_NOUNS for t in ahead):
        return True
    before = [t.low for t in tokens[max(0, m.first - 4) : m.first]]
    if (
        before
        and before[-1] == "of"
        and any(word in ORGANISATION_NOUNS or word in ("republic", "minister", "president") for word in before)
    ):
        return True
    behind = tokens[m.first - 1] if m.first else None
    return (
        behind is not None
        and behind.is_name_like
        and behind.low in ORGANISATION_NOUNS
        and nxt is not None
        and nxt.is_name_like
    )


@cache
def own_outlets() -> tuple[Named, ...]:
    """News agencies and newspapers known without a case."""
    return tuple(Named(name, (name,), "press") for name in lines_of("outlets.csv"))


@cache
def lines_of(name: str) -> tuple[str, ...]:
    """The lines of a shipped list, comments left out."""
    text = (files("safeconduct.reading") / "data" / name).read_text("utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def synonyms() -> dict[str, frozenset[str]]:
    """Stem -> the meanings that it can stand for."""
    found: dict[str, set[str]] = {}
    for line in lines_of("synonyms.csv"):
        words = [word.strip() for word in line.split(",")]
        for word in words:
            for part in word.split()[:1]:
                found.setdefault(stem(part), set()).add(f"={words[0]}")
    return {word: frozenset(classes) for word, classes in found.items()}


def meanings(text: str) -> frozenset[str]:
    """The meanings of a text's words: a class of synonyms, or the stem itself."""
    known = synonyms()
    found: set[str] = set()
    for word in content_stems(text):
        found |= known.get(word, frozenset((word,)))
    return frozenset(found)


def place_names(terms: Terms) -> Iterator[Named]:
    """The places of a ledger's tables by every name, and the aliases that mean one place and hold a proper name."""
    taken: set[str] = set()
    for key, place in terms.places.items():
        bare = tuple(dict.fromkeys(n for n in place.names if n and not n[0].islower()))
        taken |= {name.lower() for name in bare}
        if bare:
            yield Named(key, bare, place.kind, shown=place.both)
    extra: dict[str, list[str]] = {}
    for (said, quantity), keys in terms.aliases.items():
        if quantity or "+" in keys or said.lower() in taken or not said[:1].isupper() or len(said.split()) > 4:
            continue
        if re.search(r"[;/(,]", said):
            continue
        extra.setdefault(keys, []).append(said)
    for key, names in extra.items():
        known = terms.places.get(key)
        yield Named(key, tuple(names), known.kind if known else "", shown=known.both if known else names[0])


def gazetteer_from(
    ledger: Ledger,
    *,
    actors: Iterable[Named] = (),
    obligations: Iterable[Named] = (),
    accounts: Iterable[Named] = (),
    force: str = "",
    population: str = "",
) -> Gazetteer:
    """The names of a ledger's reviewed tables, with the case's actors, obligations and accounts."""
    terms = ledger.terms
    outlets = [
        Named(name, (name,), "press")
        for name, who in terms.reporters.items()
        if who.kind == "press" and "," not in name and "(" not in name and ";" not in name
    ]
    return Gazetteer(
        tuple(place_names(terms)),
        tuple(actors),
        tuple(outlets),
        tuple(Named(act.name, (act.name,), act.group, act.label) for act in terms.actions.values()),
        tuple(obligations),
        tuple(
            Named(word.name, (word.name,), f"{word.unit}|{word.kind}", word.label) for word in terms.quantities.values()
        ),
        tuple(accounts),
        force,
        population,
        ledger,
    )
