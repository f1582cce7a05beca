"""The series that a run can record: their names, what they describe, and their units."""

from __future__ import annotations

from collections.abc import Mapping

PLACE, ORIGIN, ROUTE, COUNTED, RECEPTION, SHELTER = (
    "place",
    "origin",
    "route",
    "crossing that a route counts",
    "reception",
    "shelter",
)
BY_TRAVELLERS = ("wait_hours", "queue_hours")  # reported by travellers of their own journey; never counted
ALL, PASSAGE = "whole territory: inside", "passage"  # of a case with phases

QUANTITIES: Mapping[str, tuple[str, str]] = {  # quantity -> (subject, unit)
    "n_persons": (PLACE, "persons"),
    "n_waiting_persons": (PLACE, "persons"),
    "cum_departures_persons": (ORIGIN, "persons"),
    "pressure": (PLACE, "1"),
    "food_days": (PLACE, "days"),
    "fuel_litres": (PLACE, "litres"),
    "n_vehicles": (ROUTE, "vehicles"),
    "n_persons_on_route": (ROUTE, "persons"),
    "n_queue_vehicles": (ROUTE, "vehicles"),
    "queue_km": (ROUTE, "km"),
    "cum_arrivals_persons": (COUNTED, "persons"),
    "new_arrivals_persons": (COUNTED, "persons"),
    "cum_arrivals_vehicles": (COUNTED, "vehicles"),
    "wait_hours": (COUNTED, "hours"),
    "queue_hours": (COUNTED, "hours"),
    "cum_registered_persons": (RECEPTION, "persons"),
    "n_sheltered_persons": (SHELTER, "persons"),
    "n_own_arrangement_persons": (SHELTER, "persons"),
    # Of a case with phases; places may then be inside or outside, for all origins or all shelters together.
    "n_wishing_persons": (ORIGIN, "persons"),
    "n_hosted_persons": (SHELTER, "persons"),
    "cum_returns_persons": (ORIGIN, "persons"),
    "cum_escorted_returns_persons": (ALL, "persons"),
    "cum_passed_persons": (PASSAGE, "persons"),
    "n_refused_persons": (ALL, "persons"),
    "cum_gathered_persons": (ALL, "persons"),
    "homes_destroyed_persons": (ALL, "persons"),
    "homes_held_persons": (ALL, "persons"),
    "trust": (ALL, "1"),
    "hardship": (ALL, "1"),
    "tank_share": (ALL, "1"),
    "fuel_days": (ALL, "days"),
    "medicine_days": (ALL, "days"),
    "power_days": (ALL, "days"),
    "food_met_share": (ALL, "1"),
    "fuel_met_share": (ALL, "1"),
    "medicine_met_share": (ALL, "1"),
    "power_met_share": (ALL, "1"),
}
