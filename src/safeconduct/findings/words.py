"""Plain words for the names that programs use. Neutral, and the same in every chapter."""

from __future__ import annotations

import re
from datetime import datetime

from safeconduct import scenario as cases

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d")
QUANTITIES = {
    "n_persons": "persons there",
    "n_waiting_persons": "persons who want to leave and cannot yet",
    "cum_departures_persons": "persons who have left for good",
    "pressure": "pressure to leave",
    "food_days": "food in store",
    "fuel_litres": "fuel in store",
    "n_vehicles": "vehicles on the road",
    "n_persons_on_route": "persons on the road",
    "n_queue_vehicles": "vehicles standing in the queue",
    "queue_km": "length of the queue",
    "cum_arrivals_persons": "persons who have crossed",
    "new_arrivals_persons": "persons who crossed in the 24 hours before",
    "cum_arrivals_vehicles": "vehicles that have crossed",
    "wait_hours": "hours from leaving to crossing",
    "queue_hours": "hours stood before the crossing",
    "cum_registered_persons": "persons registered",
    "n_sheltered_persons": "persons in organised shelter",
    "n_own_arrangement_persons": "persons who made their own arrangements",
    "n_wishing_persons": "persons who wish to leave",
    "n_hosted_persons": "displaced people hosted",
    "cum_returns_persons": "persons who have returned",
    "cum_escorted_returns_persons": "persons who have returned in convoys, as counted",
    "cum_passed_persons": "persons let through a shut post",
    "cum_gathered_persons": "persons who moved to a refuge",
    "food_met_share": "share of the need for food that is met",
    "fuel_met_share": "share of the need for fuel that is met",
    "medicine_met_share": "share of the need for medicine that is met",
    "power_met_share": "share of the need for power that is met",
}

OUTCOMES = {
    "persons_at_start": ("persons present at the start", "persons"),
    "persons_arrived": ("persons who crossed by the end", "persons"),
    "hours_to_50pct": ("hours from the start until half had crossed", "hours"),
    "hours_to_90pct": ("hours from the start until nine in ten had crossed", "hours"),
    "mean_trip_hours": ("mean hours from leaving to crossing, of those who crossed", "hours"),
    "longest_trip_hours": ("longest hours from leaving to crossing, of those who crossed", "hours"),
    "longest_queue_km": ("most road that queues took up, all roads together", "km"),
    "longest_queue_vehicles": ("most vehicles standing in queues", "vehicles"),
    "peak_arrivals_per_hour": ("most arrivals in one hour", "persons/hour"),
    "persons_in_state_shelter": ("persons in organised shelter at the end", "persons"),
    "most_waiting_persons": ("most persons at once who want to leave and cannot yet", "persons"),
    "waiting_at_end_persons": ("persons who want to leave and cannot, at the end", "persons"),
    "waiting_person_hours": ("time spent wanting to leave and not able to, all persons", "person-hours"),
    "still_there_at_end_persons": ("persons still at places of origin at the end", "persons"),
    "most_sheltered_persons": ("most persons at once in organised shelter", "persons"),
    "sheltered_person_days": ("stays in organised shelter, all persons", "person-days"),
    "without_food_person_days": ("time at places of origin after food in store ran out, all persons", "person-days"),
    "case.inside": ("people who live inside at the end", "persons"),
    "case.hosted": ("displaced people still hosted at the end", "persons"),
    "case.wish": ("people inside who wish to leave at the end", "persons"),
    "persons_displaced": ("persons who have left home by the end", "persons"),
    "persons_in_camps": ("of them in camps", "persons"),
    "persons_in_other_places": ("of them in other places", "persons"),
    "persons_on_the_way": ("of them on the way", "persons"),
}

EVENTS = {
    "attack": "under fire",
    "ceasefire": "ceasefire",
    "signal": "sign noticed",
    "open": "road opened",
    "close": "road closed",
    "capacity": "road capacity set",
    "rate": "crossings faster or slower",
    "admit": "checkpoint admits",
    "gather": "people gather",
    "fuel": "fuel released",
    "food": "food delivered",
    "convoy": "buses leave",
    "shelter": "shelter opened",
    "transfer": "place transferred",
    "reachable": "home reachable again",
}


def spaced(name: str) -> str:
    """A program's name as words, where nothing better is known."""
    return name.replace("_", " ")


def quantity_words(name: str) -> str:
    """What a quantity is, in words."""
    return QUANTITIES.get(name, spaced(name))


def outcome_words(name: str, case: cases.Scenario | None = None) -> tuple[str, str]:
    """What an outcome is, in words, and its unit; in a case with phases also the measures of a phase."""
    known = OUTCOMES | measure_words(case) if case else OUTCOMES
    return known.get(name, (spaced(name), ""))


def measure_words(case: cases.Scenario) -> dict[str, tuple[str, str]]:
    """Measure of a phase, as phase.name -> what it is, in words, and its unit."""
    return {
        f"{phase.key}.{one.name}": (f"{phase.title}: {one.about}", measure_unit(one))
        for phase in (case.timeline.phases if case.timeline else ())
        for one in phase.measures
    }


def measure_unit(measure: cases.Measure) -> str:
    """Days, where a measure says when a level is first reached; else the unit of its quantity."""
    return "days" if measure.at.startswith("first_") else cases.QUANTITIES[measure.quantity][1]


def event_words(kind: str) -> str:
    """What an event is, in words."""
    return EVENTS.get(kind, spaced(kind))


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def with_dates(text: str) -> str:
    """A text with each time in it as people write it, and the offset of its zone."""

    def say(match: re.Match[str]) -> str:
        moment = datetime.fromisoformat(match[0])
        return f"{moment.day} {moment:%b %Y, %H:%M} (UTC{match[0][-6:]})"

    return TIME.sub(say, text)
