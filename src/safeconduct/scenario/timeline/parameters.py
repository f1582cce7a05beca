"""The model's own parameters of a case with phases. None of the values comes from the outcome of a case."""

from __future__ import annotations

from safeconduct.scenario.parameter import Parameter
from safeconduct.terms import Prior


def _fixed(name: str, value: float, unit: str, note: str) -> Parameter:
    return Parameter(name, value, unit, Prior("fixed", (value,)), "assumed", note)


def _uniform(name: str, value: float, unit: str, low: float, high: float, note: str) -> Parameter:
    return Parameter(name, value, unit, Prior("uniform", (low, high)), "assumed", note)


TIMELINE_PARAMETERS = (
    # Leaving over months
    _fixed("wish_margin", 0.05, "1", "fall of pressure below a party's threshold at which it drops the wish"),
    _fixed("neighbours_memory_days", 30.0, "days", "days after which half of those who left count no longer as gone"),
    Parameter(
        "signal_half_life_days", 14.0, "days", Prior("lognormal", (5.0, 40.0)), "assumed",
        "days after which half of a signal is no longer felt",
    ),
    # Transfer of a place
    _fixed("transfer_weight", 1.2, "1", "pressure at a place on the day it is handed over, and after"),
    _uniform("transfer_lead_days", 6.0, "days", 3.0, 10.0, "days before a transfer from which pressure rises"),
    _uniform("destroyed_share", 0.2, "1", 0.05, 0.5, "share of parties that destroy their home on leaving"),
    # Return
    _fixed("return_margin", 0.0, "1", "margin of pressure at home below a party's threshold for its return"),
    _uniform("escorted_share", 0.5, "1", 0.25, 1.0, "share of returning parties that take an escorted convoy"),
    _uniform("repeat_share", 0.15, "1", 0.0, 0.5, "repeated boardings per first boarding"),
    _uniform("resettle_share", 0.4, "1", 0.1, 0.6, "share without a home that would live elsewhere inside"),
    Parameter(
        "settle_half_life_days", 150.0, "days", Prior("lognormal", (60.0, 360.0)), "assumed",
        "days after which half of those displaced are no longer counted as hosted",
    ),
    # Fire and refuge
    _uniform("gather_share", 0.2, "1", 0.05, 0.5, "share that moves to a refuge per unit of threat"),
    # Fuel in tanks
    _fixed("full_tank_share", 0.97, "1", "share of vehicles with fuel for the trip while fuel can be bought"),
    _uniform("kept_fuel_share", 0.5, "1", 0.3, 0.9, "share of vehicles that keep fuel for the trip"),
    Parameter(
        "tank_half_life_days", 60.0, "days", Prior("lognormal", (20.0, 180.0)), "assumed",
        "days without fuel in the shops after which half of the other vehicles have too little for the trip",
    ),
    _fixed("student_share", 0.0, "1", "share of parties who travel as students, at checkpoints"),
    _fixed("resident_share", 0.0, "1", "share of parties whom a post may let through as residents"),
)  # fmt: skip
