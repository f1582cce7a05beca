"""An invented scenario and ensemble for tests of what is written about them: no engine runs here.

Two valleys, four districts, one bridge. The curves are logistic, drawn with numpy's generator from a fixed seed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np

from safeconduct.ensemble import Ensemble, Failure
from safeconduct.inference import ScoreRow, Scores
from safeconduct.ledger import Claim, Ledger, Observation, PlaceName, Quantity, Reporter, Terms
from safeconduct.scenario import Amount, Event, Parameter, People, Place, Role, Route, Scenario, Target
from safeconduct.terms import Clock, Prior

START = datetime(2031, 5, 3, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
CLAIM = "the valley's relief office"
ORIGINS = (  # name, other name, district, lat, lon, persons
    ("Ashmere", "Old Ash", "Upper district", 46.60, 7.95, 21_000),
    ("Birchholt", "", "Upper district", 46.66, 8.05, 4_200),
    ("Carrow", "Karro", "Upper district", 46.55, 8.10, 2_600),
    ("Dunlin", "", "Lower district", 46.48, 7.88, 6_100),
    ("Eastwater", "Vod East", "Lower district", 46.43, 8.02, 3_300),
    ("Fernley", "", "Lake district", 46.70, 7.84, 2_900),
    ("Glaston <West>", "", "Lake district", 46.74, 7.93, 1_500),
    ("Harrow Green", "Zelen", "Mill district", 46.52, 7.78, 900),
)
BEYOND = (  # name, role, region, lat, lon
    ("Stone junction", Role.JUNCTION, "", 46.50, 7.72),
    ("Ilex bridge", Role.CROSSING, "", 46.46, 7.58),
    ("Juniper", Role.RECEPTION, "Near province", 46.44, 7.45),
    ("Kestrel", Role.SHELTER, "Near province", 46.38, 7.25),
    ("Larkham", Role.SHELTER, "Middle province", 46.25, 7.05),
    ("Marsh End", Role.SHELTER, "Far province", 46.52, 6.66),
    ("Nettle", Role.SHELTER, "Far province", 46.30, 6.45),
)
LIMITLESS = Amount()
TERMS = Terms(
    reporters={CLAIM: Reporter(CLAIM, "government of the valley", "the valley", True, "government")},
    quantities={
        "cum_arrivals_persons": Quantity(
            "cum_arrivals_persons",
            "persons",
            "cumulative",
            "people who have arrived",
            total_of="new_arrivals_persons",
            also=("persons_arrived",),
        ),
        "new_arrivals_persons": Quantity("new_arrivals_persons", "persons", "flow", "people who arrived in the period"),
    },
    places={"ilex_bridge": PlaceName("ilex_bridge", ("Ilex bridge", "Most Ilex"))},
)


def key(name: str) -> str:
    """A place's key from its name."""
    return name.split(" <")[0].lower().replace(" ", "_")


def make_places() -> tuple[Place, ...]:
    homes = [
        Place(key(n), n, other, lat, lon, Role.ORIGIN, region, Amount(float(p)), Amount(0.0), "invented")
        for n, other, region, lat, lon, p in ORIGINS
    ]
    beyond = [
        Place(key(n), n, "", lat, lon, role, region, LIMITLESS, Amount(5000.0), "assumed")
        for n, role, region, lat, lon in BEYOND
    ]
    return tuple(homes + beyond)


def make_route(start: str, end: str, *, km: float, counts_as: str = "") -> Route:
    return Route(
        f"{start}-{end}", start, end, km, Amount(40.0), Amount(300.0), Amount(130.0), Amount(0.5), True, True,
        "", counts_as, "assumed",
    )  # fmt: skip


def make_routes() -> tuple[Route, ...]:
    feeders = [make_route(key(o[0]), "stone_junction", km=20.0 + 4 * i) for i, o in enumerate(ORIGINS)]
    return (
        *feeders,
        make_route("stone_junction", "ilex_bridge", km=30.0, counts_as="ilex_bridge"),
        make_route("ilex_bridge", "juniper", km=12.0),
        *(make_route("juniper", key(name), km=60.0) for name, role, *_ in BEYOND if role is Role.SHELTER),
    )


def claim(number: int, hour: float, best: float, reporter: str) -> Claim:
    when = START + timedelta(hours=hour)
    return Claim(
        f"C{number}", "figure", when, "exact", "ilex_bridge", "cum_arrivals_persons", None, best, None, "persons",
        "counted", reporter, f"Bulletin {number}", f"https://example.org/{number}",
    )  # fmt: skip


def make_event(name: str, hour: float, kind: str, target: str, *, value: float | None = None) -> Event:
    when = START + timedelta(hours=hour)
    source = f"https://example.org/{name}"
    return Event(name, when, kind, target, Amount(value), "", 0.0, "agency", source, "hour assumed")


def make_scenario(hours: int = 120) -> Scenario:
    """The invented case: bulletins every twelve hours, one hour that two reporters see differently."""
    at = [24 + 12 * i for i in range((hours - 24) // 12)]
    counted = [40_000 / (1 + np.exp(-(hour - 55) / 9)) for hour in at]
    claims = [claim(i, h, round(x), CLAIM) for i, (h, x) in enumerate(zip(at, counted, strict=True))]
    seen = [
        Observation(
            c.quantity, c.place, c.time, c.best * 0.99, c.best, c.best * 1.01, "persons", True, (c.id,), "one claim"
        )
        for c in claims
        if c.time is not None and c.best is not None
    ]  # fmt: skip
    claims.append(claim(98, at[2], round(counted[2] * 0.8), "a radio station <script>"))
    final = START + timedelta(hours=hours)
    shelter = [
        Observation("n_sheltered_persons", key(n), final, x, x, x, "persons", False, ("C0",), "end of the day")
        for n, x in (("Kestrel", 5200.0), ("Larkham", 4100.0), ("Marsh End", 2500.0))
    ]
    present, ready = Prior("normal", (42_500.0, 2500.0)), Prior("lognormal", (12.0, 48.0))
    parameters = (
        Parameter("persons_present", 42_500.0, "persons", present, "C1", "at the start"),
        Parameter("ready_median_hours", 24.0, "hours", ready, "assumed", "from deciding to being ready"),
        Parameter("trust", 0.5, "1", Prior("fixed", (0.5,)), "assumed", "in the force, 0..1"),
    )
    events = (
        make_event("E1", 1, "attack", "region:Upper district", value=0.8),
        make_event("E2", 20, "open", "stone_junction-ilex_bridge"),
        make_event("E3", 44, "fuel", "ashmere", value=9000.0),
    )
    return Scenario(
        key="two-valleys",
        title="Two valleys: one bridge, one week",
        about="An invented departure over one bridge, after a road opens.",
        clock=Clock(START, final, 15.0),
        places=make_places(),
        routes=make_routes(),
        checkpoints=(),
        people=tuple(People(key(o[0]), float(o[5]), Amount(0.7), "invented", CLAIM) for o in ORIGINS),
        supplies=(),
        events=events,
        parameters={parameter.name: parameter for parameter in parameters},
        targets=(
            Target("cum_arrivals_persons", "ilex_bridge", tuple(seen)),
            *(Target(s.quantity, s.place, (s,)) for s in shelter),
        ),
        record=("n_persons", "cum_arrivals_persons", "n_queue_vehicles"),
        headline=("cum_arrivals_persons", "ilex_bridge"),
        ledger=Ledger(tuple(claims), "rev-1", TERMS),
        hash="abc123",
        warnings=("places.csv: the other name of Birchholt is not known.",),
    )


def make_ensemble(scenario: Scenario, n_runs: int = 40) -> Ensemble:
    """Logistic leaving, a queue at the bridge, shelters that fill; nobody is lost between the three."""
    draw = np.random.default_rng(7)
    hours = np.arange(round(scenario.clock.hours) + 1, dtype=np.float64)
    middle, scale = draw.normal(42, 4, (n_runs, 1)), draw.uniform(5, 9, (n_runs, 1))
    factor = draw.normal(1, 0.05, (n_runs, 1))

    def curve(shift: float) -> np.ndarray:
        raw = 1 / (1 + np.exp(-(hours - middle - shift) / scale))
        return (raw - raw[:, :1]) / (1 - raw[:, :1])

    series: dict[tuple[str, str], np.ndarray] = {}
    left, gone = np.zeros((n_runs, hours.size)), np.zeros((n_runs, hours.size))
    for number, (name, _, _, _, _, persons) in enumerate(ORIGINS):
        home, leave = persons * factor, persons * factor * 0.99 * curve(2.0 * number - 6)
        series["n_persons", key(name)] = home - leave
        series["n_waiting_persons", key(name)] = 0.3 * (home - leave) * curve(2.0 * number - 20)
        series["cum_departures_persons", key(name)] = leave
        left += leave
        gone += persons * factor * 0.985 * curve(2.0 * number + 8)
    moving = left - gone
    crossed = np.zeros_like(gone)
    crossed[:, 1:] = np.diff(gone, axis=1)
    main = "stone_junction-ilex_bridge"
    series["n_persons_on_route", main] = moving
    series["n_queue_vehicles", main] = np.maximum(moving / 4.2 - 300, 0)
    series["queue_km", main] = np.minimum(series["n_queue_vehicles", main] / 130, 30)
    series["n_vehicles", main] = moving / 4.2
    series["cum_arrivals_persons", "ilex_bridge"] = gone
    series["cum_arrivals_vehicles", "ilex_bridge"] = gone / 4.2
    series["wait_hours", "ilex_bridge"] = np.where(crossed > 5, 2 + moving / 1500, np.nan)
    series["cum_registered_persons", "juniper"] = np.maximum(gone - 900, 0)
    shares = {"kestrel": 0.16, "larkham": 0.13, "marsh_end": 0.08, "nettle": 0.05}
    for place, share in shares.items():
        series["n_sheltered_persons", place] = share * gone
        series["n_own_arrangement_persons", place] = 1.2 * share * gone
    present = sum(persons for *_, persons in ORIGINS) * factor[:, 0]
    reached = np.argmax(gone >= 0.5 * present[:, None], axis=1).astype(float)
    late = np.argmax(gone >= 0.9 * present[:, None], axis=1).astype(float)
    outcomes = {
        "persons_at_start": present,
        "persons_arrived": gone[:, -1],
        "hours_to_50pct": np.where(reached > 0, reached, np.nan),
        "hours_to_90pct": np.where((late > 0) & (np.arange(n_runs) % 8 > 0), late, np.nan),
        "mean_trip_hours": draw.normal(14, 2, n_runs),
        "longest_trip_hours": draw.normal(38, 4, n_runs),
        "longest_queue_km": series["queue_km", main].max(axis=1),
        "longest_queue_vehicles": series["n_queue_vehicles", main].max(axis=1),
        "peak_arrivals_per_hour": crossed.max(axis=1),
        "persons_in_state_shelter": sum(shares.values()) * gone[:, -1],
    }
    parameters = {
        "persons_present": present,
        "ready_median_hours": draw.lognormal(3.2, 0.2, n_runs),
        "trust": np.full(n_runs, 0.5),
    }
    return Ensemble(
        np.arange(n_runs), hours, series, outcomes, parameters, (Failure(n_runs, "run 40 lost its worker."),)
    )


def make_scores(scenario: Scenario) -> Scores:
    """Scores as inference would state them; the figures are invented."""
    quantity, place = scenario.headline
    models = ("simulation", "persistence of the last rate", "trend", "constant-rate server", "capped line")
    rows = [
        ScoreRow(quantity, place, part, model, 4, 900.0 + 200 * i, cover50, cover90, 0.02 * (i + 1))
        for part in ("fitted", "later")
        for i, model in enumerate(models)
        for cover50, cover90 in [(None, None) if i else (0.5, 0.9)]
    ]
    return Scores(tuple(rows), START + timedelta(hours=60), 4, "fitted on exact-time bulletins")


PROVENANCE = {
    "scenario": "two-valleys",
    "scenario_hash": "abc123",
    "seed": 0,
    "code_version": "0.1.0",
    "ledger_revision": "rev-1",
    "command": "safeconduct run two-valleys --runs 40 --seed 0",
    "parameters": {"runs": 40, "sample": None},
    "written": datetime(2031, 6, 1, tzinfo=UTC).isoformat(),
}


def widen(scenario: Scenario, hours: int) -> Scenario:
    """The same case over more hours."""
    return replace(scenario, clock=replace(scenario.clock, end=START + timedelta(hours=hours)))
