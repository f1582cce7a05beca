"""Small folders in Flee's format, written for a test: a source in conflict, a town, a camp; and what a test changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from safeconduct.scenario import Quirks, Scenario, WalkReading, read_case

Switches = Mapping[str, bool]  # of `Quirks`
NONE: Switches = {}
LOCATIONS = """#name,region,country,latitude,longitude,location_type,conflict_date,population
Source,East,Home,10.0,20.0,conflict_zone,0,10000
Town,East,Home,10.5,20.5,town,,
Camp,West,Abroad,11.0,21.0,camp,,5000
"""
ROUTES = "#name1,name2,distance,forced_redirection\nSource,Town,100,0\nTown,Camp,350,0\n"
SETTINGS = "move_rules:\n  default_movechance: 0.3\n  conflict_weight: 0.25\n"


def write_folder(folder: Path, n_days: int = 10, files: Mapping[str, str] | None = None) -> Path:
    """A folder of so many days, with some files other than the plain ones. Day k adds ten people to the camp."""
    conflicts = "#Day,Source\n" + "".join(f"{day},1\n" for day in range(n_days))
    counts = "Date,count\n2020-01-01,0\n2020-12-31,3650\n"
    plain = {
        "locations.csv": LOCATIONS,
        "routes.csv": ROUTES,
        "closures.csv": "#closure_type,name1,name2,closure_start,closure_end\n",
        "conflicts.csv": conflicts,
        "sim_period.csv": f"StartDate,2020-01-01\nLength,{n_days}\n",
        "simsetting.yml": SETTINGS,
        "source_data/data_layout.csv": "total,total.csv\nCamp,camp.csv\n",
        "source_data/total.csv": counts,
        "source_data/camp.csv": counts,
    }
    for name, text in {**plain, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def read_folder(folder: Path, *, hasten: int = 1, as_flee: bool = False, only: Switches = NONE) -> Scenario:
    """The case of a folder, read and run with all of Flee's quirks, or with those alone that are named and on."""
    return read_case(folder, as_walk=WalkReading(Quirks.of_flee() if as_flee else Quirks(**only), hasten))


def with_quirk(scenario: Scenario, **quirks: bool) -> Scenario:
    """A case once read, run with these quirks only: for those that no reader of files needs to know."""
    assert scenario.walk is not None
    return replace(scenario, walk=replace(scenario.walk, quirks=Quirks(**quirks)))
