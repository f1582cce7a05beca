"""The series that a run can record: their names, what they are told of, and their units."""

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
}
