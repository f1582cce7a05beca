"""What runs give beside the reports: 10, 50 and 90 % of runs over time, by track and by place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from safeconduct.findings.story.claims import Json
from safeconduct.findings.story.tracks import TRACKS
from safeconduct.scenario import Role, Scenario, find_case, read_case
from safeconduct.terms import CaseError, UsageError, json_of

if TYPE_CHECKING:
    import polars as pl

CHANCES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}  # the interval of `whatif`'s measures too
PROVENANCE = "provenance.json"
SERIES, BANDS = "series.parquet", "bands.parquet"  # every run; quantiles by day, of a case with phases
UNCHANGED = "bands_unchanged.parquet"  # of a folder that `whatif` wrote: the same pairs without the change
MOST_MOMENTS = 420  # of one series; a longer one is thinned evenly
WHOLE = {"n_persons": "inside", "n_hosted_persons": "outside", "n_sheltered_persons": "outside"}  # totals of a run
AT_PLACES = ("n_persons", "n_sheltered_persons")
ON_ROADS = "n_persons_on_route"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Run:
    """A folder that `run` wrote, as the page uses it."""

    name: str
    table: pl.DataFrame  # run, time, place, quantity, value; or, without run, p05 to p95
    said: Json  # what its record says of itself
    scenario: Scenario | None
    zone: tzinfo

    def quantiles(self, quantity: str, places: list[str]) -> tuple[list[float], Floats] | None:
        """(days, [chance, moment]) of the sum over these places; None where nothing was recorded."""
        import polars as pl

        rows = self.table.filter((pl.col("quantity") == quantity) & pl.col("place").is_in(places))
        if rows.is_empty():
            return None
        if "run" in rows.columns:
            sums = rows.group_by("run", "time").agg(pl.col("value").sum())
            bands = sums.group_by("time").agg(
                [pl.col("value").quantile(chance, "linear").alias(name) for name, chance in CHANCES.items()]
            )
        else:  # bands were counted by the run: those of one place, or of a total that it names
            bands = rows.filter(pl.col("place") == rows["place"][0]).select("time", *CHANCES)
        bands = bands.sort("time")
        bands = bands.gather_every(max(1, -(-bands.height // MOST_MOMENTS)))
        local = bands["time"].dt.convert_time_zone(str(self.zone)) if hasattr(self.zone, "key") else bands["time"]
        shift = 0.0 if hasattr(self.zone, "key") else offset_days(self.zone)
        days = local.dt.replace_time_zone(None).dt.epoch("s").to_numpy() / 86400.0 + shift
        return days.round(3).tolist(), bands.select(*CHANCES).to_numpy().T

    def places_of(self, quantity: str) -> list[str]:
        """Which places are summed for a track's band of this quantity."""
        import polars as pl

        known = self.table.filter(pl.col("quantity") == quantity)["place"].unique().cast(pl.Utf8).sort().to_list()
        whole = WHOLE.get(quantity, "inside")
        if whole in known:
            return [whole]
        if quantity.startswith("cum_arrivals") and known:
            return [self.busiest(quantity)]
        if quantity == "n_persons" and self.scenario:
            inside = {place.name for place in self.scenario.places if place.role is Role.ORIGIN}
            return [place for place in known if place in inside or place.split(" (")[0] in inside]
        return known

    def busiest(self, quantity: str) -> str:
        """The place with the highest value of a quantity, such as the crossing of most people."""
        import polars as pl

        rows = self.table.filter(pl.col("quantity") == quantity)
        value = "value" if "value" in rows.columns else "p50"
        top = rows.group_by("place").agg(pl.col(value).max()).sort(value, "place", descending=[True, False])
        return str(top["place"][0])

    def lanes(self) -> list[Json]:
        """The bands that stand on tracks."""
        found: list[Json] = []
        for track in TRACKS:
            for lane in track.lanes:
                made = (self.lane_band(quantity) for quantity in lane.modelled)
                band = next((one for one in made if one is not None), None)
                if band is not None:
                    found.append({"track": track.key, "lane": lane.key, **band})
        return found

    def lane_band(self, quantity: str) -> Json | None:
        """The band of a quantity; None where the run has none or where it does not count what reports count.

        A run of several years counts arrivals from its start; reports of one departure start anew, so it is left out.
        """
        if quantity.startswith("cum_arrivals") and self.places_of("n_persons") == [WHOLE["n_persons"]]:
            return None
        band = self.quantiles(quantity, self.places_of(quantity))
        return packed(*band) if band and float(np.max(band[1])) > 0 else None

    def by_road(self) -> list[Json]:
        """People on roads over time, both directions together, where the middle of the runs had people."""
        found: list[Json] = []
        for route in self.scenario.routes if self.scenario else ():
            band = self.quantiles(ON_ROADS, [route.id])
            if band and float(band[1][1].max()) >= 1:
                made = packed(*band)
                found.append({"road": route.id, "x": made["x"], "mid": made["mid"]})
        return found

    def by_place(self) -> list[Json]:
        """People at places over time, where more than a few runs had people."""
        if self.scenario is None:
            return []
        names = {place.name: place.key for place in self.scenario.places}
        found: list[Json] = []
        for quantity in AT_PLACES:
            for name, key in names.items():
                band = self.quantiles(quantity, [name, f"{name} ({key})", key])
                if band and float(band[1][1].max()) >= 1:
                    made = packed(*band)
                    found.append({"place": key, "q": quantity, "x": made["x"], "mid": made["mid"]})
        return found


def packed(days: list[float], bands: Floats) -> Json:
    """A band with whole numbers where values are large."""
    digits = 0 if float(np.max(bands)) >= 100 else 2
    low, middle, high = (np.round(row, digits).tolist() for row in bands)
    clean = [[int(v) if v == int(v) else v for v in row] for row in (low, middle, high)]
    return {"x": days, "lo": clean[0], "mid": clean[1], "hi": clean[2]}


def offset_days(zone: tzinfo) -> float:
    """A fixed offset from UTC in days."""
    from datetime import datetime

    offset = zone.utcoffset(datetime(2000, 1, 1))
    return offset.total_seconds() / 86400.0 if offset else 0.0


def read_bands(folder: Path, drawn: Scenario | None, zone: tzinfo) -> Run:
    """What a run left in its folder; `drawn` is the case of the map. Raises UsageError where there is no run."""
    file = next((folder / name for name in (BANDS, SERIES) if (folder / name).exists()), None)
    if file is None or not (folder / "summary.json").exists():
        raise UsageError(
            f"{folder} holds no {SERIES} and summary.json; expected the folder of a run; "
            "make one with: safeconduct run CASE --out FOLDER"
        )
    summary = json_of(folder / "summary.json")
    summary = summary if isinstance(summary, dict) else {}
    frame = read_quantities(file)
    said: Json = {name: summary[name] for name in ("n_runs", "n_failed_runs") if name in summary}
    record = provenance_in(folder)
    said |= {"case": record.get("case"), "drawn_from": record.get("drawn_from")}
    return Run(folder.name, frame, said, case_of(said["case"], drawn), zone)


def provenance_in(folder: Path) -> Json:
    """The record that a command leaves beside its tables; empty where there is none."""
    file = folder / PROVENANCE
    found = json_of(file) if file.exists() else {}
    return found if isinstance(found, dict) else {}


def case_of(name: object, drawn: Scenario | None) -> Scenario | None:
    """The case that was run: that of the map, or a shipped one; None where it is neither."""
    if drawn is None or not name or drawn.key == name:
        return drawn
    try:
        return read_case(find_case(str(name)))
    except (CaseError, UsageError):
        return None


def read_quantities(file: Path) -> pl.DataFrame:
    """The rows of a run's table that the page draws."""
    import polars as pl

    wanted = sorted({q for track in TRACKS for lane in track.lanes for q in lane.modelled} | {*AT_PLACES, ON_ROADS})
    words = [pl.col("quantity").cast(pl.Utf8), pl.col("place").cast(pl.Utf8)]
    return pl.scan_parquet(file).filter(pl.col("quantity").cast(pl.Utf8).is_in(wanted)).with_columns(words).collect()


def paired_bands(folder: Path, zone: tzinfo) -> tuple[tuple[Json, ...], tuple[Json, ...]]:
    """Bands of the pairs of a folder that `whatif` wrote: without the change, and with it.

    Both are empty where either is missing, as bands of other runs would differ by their draws too.
    """
    files = (folder / UNCHANGED, folder / BANDS)
    if not all(file.exists() for file in files):
        return (), ()
    was, changed = (tuple(Run(folder.name, read_quantities(file), {}, None, zone).lanes()) for file in files)
    return was, changed
