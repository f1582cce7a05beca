"""The eight tracks of the page, and on which of them a report stands.

Every report stands on exactly one track, so the counts of the tracks add up to the count of the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.ledger import Claim, Terms


@dataclass(frozen=True, slots=True)
class Lane:
    """Figures that share one value axis on a track: one line of the vocabulary, at the place it is mostly given for."""

    key: str
    label: str
    quantities: tuple[str, ...]
    modelled: tuple[str, ...]  # quantities of a run that belong beside it: the first that the run has is drawn


@dataclass(frozen=True, slots=True)
class Track:
    """One of the tracks under the shared axis."""

    key: str
    title: str
    about: str
    topics: tuple[str, ...]
    lanes: tuple[Lane, ...] = ()
    unit: str = ""


TRACKS = (
    Track("agreement", "Agreement", "Obligations, reports on them, disputes and due dates", ("agreement",)),
    Track("road", "Road", "Who could pass, by side and direction; passages", ("corridor", "road")),
    Track(
        "supplies", "Supplies", "Rations, queues, fuel, convoys", ("supplies",),
        (
            Lane("food", "food", (), ("food_days",)),
            Lane("fuel", "fuel", (), ("fuel_days",)),
            Lane("medicine", "medicine", (), ("medicine_days",)),
        ),
        "days in store",
    ),
    Track(
        "people", "People", "Present, displaced, returned, departed",
        ("people", "displaced", "returns", "arrivals", "buses", "operation"),
        (
            Lane("present", "present", ("n_residents_persons", "n_remaining_persons"), ("n_persons",)),
            Lane("left", "left", ("cum_arrivals_persons",), ("cum_arrivals_persons",)),
            Lane(
                "returned", "returned", ("cum_returns_persons",),
                ("cum_escorted_returns_persons", "cum_returns_persons"),
            ),
            Lane("wish", "wish to leave", (), ("n_wishing_persons",)),
        ),
        "persons",
    ),
    Track(
        "hosts", "Hosts", "Shelter and need", ("shelter",),
        (
            Lane("sheltered", "sheltered", ("n_sheltered_persons",), ("n_sheltered_persons",)),
            Lane("hosted", "hosted", (), ("n_hosted_persons",)),
        ),
        "persons",
    ),
    Track("force", "Force", "Posts, troops, acts and answers", ("force", "armed", "talks", "statement")),
    Track("powers", "Powers", "Agreements, trade, gas, missions, arms", ("influence", "alignment", "law")),
    Track("voices", "Articles and statements", "Articles, predictions and what came of them", ("article", "account")),
)  # fmt: skip
BY_TOPIC = {topic: track.key for track in TRACKS for topic in track.topics}
FREIGHT = ("tonnes", "litres", "trucks")  # units of what is carried: such a report of the road is one of supplies


def track_of(claim: Claim, terms: Terms) -> str:
    """The key of the track on which a report stands.

    Predictions and articles have their own; reports on an obligation stand with the agreement; the rest go by topic,
    or by the topic of what they count.
    """
    if claim.kind == "prediction":
        return "voices"
    if claim.kind == "status":
        return "agreement"
    word = terms.quantity(claim.quantity)
    if claim.kind == "figure" and (claim.unit or word.unit) in FREIGHT:
        return "supplies"
    return BY_TOPIC.get(claim.topic) or BY_TOPIC.get(word.topic) or "voices"
