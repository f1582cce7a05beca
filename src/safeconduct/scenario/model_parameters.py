"""The model's own parameters: what every case has unless its `case.yaml` says otherwise.

None of the values comes from the outcome of a case. The table in the docs is made from this list.
"""

from __future__ import annotations

from safeconduct.scenario.parameter import Parameter
from safeconduct.terms import Prior


def fixed(name: str, value: float, unit: str, source: str, note: str = "") -> Parameter:
    """A parameter that runs do not draw, unless a case gives it a prior."""
    return Parameter(name, value, unit, Prior("fixed", (value,)), source, note)


MODEL_PARAMETERS = (
    # Leave?
    fixed("threat_weight", 1.0, "1", "assumed", "pressure per unit of threat"),
    fixed(
        "hardship_weight",
        0.2,
        "1",
        "assumed",
        "pressure per unit of hardship (0 = stocked, 1 = nothing left)",
    ),
    fixed("share_gone_weight", 0.5, "1", "assumed", "pressure per share of neighbours who have left"),
    fixed("neighbour_weight", 0.0, "1", "assumed", "part of share gone that is seen in adjoining places, 0..1"),
    fixed("signal_weight", 1.0, "1", "assumed", "pressure per unit of signal (an announcement, posts withdrawn)"),
    fixed("trust_weight", 0.2, "1", "assumed", "pressure taken off by full trust in the force"),
    fixed("trust", 0.5, "1", "assumed", "trust in the force, 0..1"),
    fixed("threat_half_life_hours", 72.0, "hours", "assumed", "hours after which half of a threat is no longer felt"),
    Parameter(
        "threshold_mean",
        0.3,
        "1",
        Prior("uniform", (0.2, 0.4)),
        "assumed",
        "mean over parties of the pressure at which they decide to leave (Beta)",
    ),
    fixed(
        "threshold_concentration",
        5.0,
        "1",
        "assumed",
        "likeness of that pressure over parties (a + b of the Beta); larger = more alike",
    ),
    fixed("stay_share", 0.005, "1", "assumed", "share of parties who stay whatever happens"),
    Parameter(
        "ready_median_hours",
        24.0,
        "hours",
        Prior("lognormal", (12.0, 48.0)),
        "assumed (judgement; departure curves are S-shaped: Transportation Research Record 2376, 2013)",
        "median hours from deciding to being ready to go",
    ),
    Parameter(
        "ready_shape",
        3.0,
        "1",
        Prior("uniform", (1.5, 5.0)),
        "assumed (judgement: median 12-48 h over a scale of 4-12 h)",
        "shape of the delay until ready (log-logistic); larger = all at about the same time",
    ),
    fixed("household_parties", 1.0, "parties", "assumed", "parties that wait for each other before they go"),
    # Means
    Parameter(
        "persons_per_vehicle",
        4.5,
        "persons",
        Prior("uniform", (3.0, 6.0)),
        "assumed (evacuations by car 2-3, more where fuel is scarce)",
        "mean persons in a party with a vehicle",
    ),
    fixed("persons_per_group", 3.0, "persons", "assumed", "mean persons in a party without a vehicle"),
    fixed("fuel_litres_per_trip", 15.0, "litres", "assumed", "fuel that a vehicle needs to go"),
    Parameter(
        "own_fuel_share",
        0.7,
        "1",
        Prior("uniform", (0.4, 1.0)),
        "assumed",
        "share of vehicles that have fuel for the trip without any release",
    ),
    Parameter(
        "lift_share",
        0.15,
        "1",
        Prior("uniform", (0.0, 0.3)),
        "assumed",
        "share of vehicles that take along another party which has no fuel or no vehicle",
    ),
    Parameter(
        "fuel_search_hours",
        24.0,
        "hours",
        Prior("lognormal", (8.0, 72.0)),
        "assumed",
        "mean hours to find fuel for the trip, from others or by queueing, where none is released",
    ),
    fixed("medical_share", 0.0, "1", "assumed", "share of parties who travel as medical transfers, at checkpoints"),
    fixed("passport_share", 0.0, "1", "assumed", "share of parties who hold a passport that a checkpoint asks for"),
    fixed("aid_share", 0.0, "1", "assumed", "share of parties who travel with aid convoys"),
    fixed("walk_share", 0.02, "1", "assumed", "share of parties without a vehicle who set out on foot"),
    fixed("walk_km_per_hour", 3.5, "km/hour", "assumed (families 0.8-1.1 m/s while moving)", "speed on foot"),
    fixed("walk_hours_per_day", 6.0, "hours/day", "assumed (15-25 km a day)", "hours on foot in a day"),
    fixed("bus_lane_units", 3.0, "vehicles", "assumed", "room on the road that a bus takes, in cars"),
    fixed(
        "bus_turn_round_hours",
        4.0,
        "hours",
        "assumed",
        "hours of a bus from the end of the line to being ready there to go back",
    ),
    # Which way?
    Parameter(
        "distance_exponent",
        1.0,
        "1",
        Prior("uniform", (0.0, 3.0)),
        "range of best fits over five conflicts in Flee's validation cases",
        "power of the km with which the pull of a destination falls",
    ),
    Parameter(
        "state_shelter_share",
        0.45,
        "1",
        Prior("uniform", (0.2, 0.7)),
        "assumed",
        "share of parties who ask for organised shelter rather than make their own arrangements",
    ),
    # How far?
    fixed(
        "jam_wave_kmh",
        20.0,
        "km/hour",
        "traffic theory: gaps travel back through a standing queue at 15-20 km/h",
        "speed at which gaps travel back through a standing queue",
    ),
    fixed("service_sd", 0.0, "1", "assumed", "sd of the log of the rate at which posts serve; 0 = it does not move"),
    fixed(
        "service_memory_hours",
        12.0,
        "hours",
        "assumed (judgement: shifts, hours and staffing, 6-24 h)",
        "hours over which that rate falls back to its level by a factor of e",
    ),
    fixed("opening_share", 1.0, "1", "assumed", "part of its level that a post serves when it is opened; 1 = all"),
    fixed(
        "opening_hours",
        12.0,
        "hours",
        "assumed (judgement: hours to two days)",
        "hours after an opening at which a post serves at its level",
    ),
    fixed(
        "registration_lag_hours",
        6.0,
        "hours",
        "assumed",
        "mean hours from arriving at reception to being registered",
    ),
    fixed("reception_hours", 2.0, "hours", "assumed", "hours from reaching reception to going on"),
    fixed("comfort_days", 14.0, "days", "assumed", "food in store that is felt as no hardship"),
    # Coming home
    fixed(
        "return_half_life_days",
        28.0,
        "days",
        "assumed (half-life 2-6 weeks where home is reachable and protected)",
        "days after which half of those who would return have done so",
    ),
    fixed("never_return_share", 0.2, "1", "assumed", "share of parties who have left for good"),
)
