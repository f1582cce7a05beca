"""Folders in Flee's format: what they hold comes out as written, and what is wrong with them is told in sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from flee_folder import LOCATIONS, ROUTES, read_folder, write_folder

from safeconduct.scenario import Role, check_case
from safeconduct.scenario.flee.groups import power_of
from safeconduct.scenario.flee.series import Series, _shifted_sum, _sum, read_corrections, value_on
from safeconduct.scenario.flee.tables import Cells
from safeconduct.terms import CaseError, Fault


def told(folder: Path, *, warnings: bool = False) -> list[str]:
    """The sentences on a folder."""
    return [str(fault) for fault in check_case(folder) if fault.is_warning == warnings]


def test_a_plain_folder_becomes_a_case(tmp_path: Path) -> None:
    """Places with their roles, routes both ways, a target for the camp whose days are counted at their end."""
    case = read_folder(write_folder(tmp_path))
    assert {place.name: place.role for place in case.places} == {
        "Source": Role.ORIGIN,
        "Town": Role.ORIGIN,
        "Camp": Role.SHELTER,
    }
    assert [(route.start, route.end, route.km) for route in case.routes] == [
        ("Source", "Town", 100.0),
        ("Town", "Camp", 350.0),
    ]
    assert case.walk is not None and case.walk.recorded["Camp"] == tuple(10.0 * day for day in range(10))
    assert case.parameters["conflict_weight"].value == 0.25
    first = case.targets[0].observations[0]
    assert (first.best, case.clock.hour_of(first.time)) == (0.0, 24.0)


def test_tables_may_stand_in_a_folder_of_their_own(tmp_path: Path) -> None:
    """input_csv/ with source_data/ and simsetting.yml beside it, or input_csv itself."""
    write_folder(tmp_path / "input_csv")
    (tmp_path / "input_csv" / "source_data").rename(tmp_path / "source_data")
    (tmp_path / "input_csv" / "simsetting.yml").rename(tmp_path / "simsetting.yml")
    assert read_folder(tmp_path).parameters["conflict_weight"].value == 0.25
    assert read_folder(tmp_path / "input_csv").parameters["conflict_weight"].value == 0.25


FAULTS = {
    "comma that makes a cell": (
        {"locations.csv": LOCATIONS.replace(",10000", ",10,000")},
        "locations.csv:2: 9 cells; expected 8, as in the header; "
        "quote a name that holds a comma; write thousands without a mark.",
    ),
    "unknown place in a route": (
        {"routes.csv": ROUTES.replace("Town,Camp", "Town,Cmap")},
        'routes.csv:3: name2 is "Cmap"; expected a place of locations.csv; did you mean "Camp".',
    ),
    "misspelt setting": (
        {"simsetting.yml": "move_rules:\n  max_move_sped: 100\n"},
        "simsetting.yml:2: move_rules.max_move_sped is a setting that is not known; expected one of Flee's settings; "
        'did you mean "max_move_speed".',
    ),
    "setting in the wrong section": (
        {"simsetting.yml": "spawn_rules:\n  softening: 1\n"},
        "simsetting.yml:2: spawn_rules.softening is a setting that is not known; expected one of Flee's settings; "
        'did you mean "move_rules.softening".',
    ),
    "setting that is not supported": (
        {"simsetting.yml": "move_rules:\n  fixed_routes: True\n"},
        "simsetting.yml:2: move_rules.fixed_routes is not supported yet; expected it to be False: it would change "
        "results; set it to False, and results are without it.",
    ),
    "a count that is none": (
        {"source_data/camp.csv": "2020-01-01,0\n2020-01-09,many\n"},
        'camp.csv:2: count is "many"; expected a whole number; write digits, such as 1250.',
    ),
    "a date that is none": (
        {"sim_period.csv": "StartDate,1.1.2020\nLength,10\n"},
        'sim_period.csv:1: StartDate is "1.1.2020"; expected a date such as 2012-02-29; write year-month-day.',
    ),
    "unknown kind of closure": (
        {"closures.csv": "border,Home,Abroad,0,5\n"},
        'closures.csv:1: closure_type is "border"; expected one of country, location, link, camp, idpcamp, '
        "remove_forced_redirection; use one of: camp, country, idpcamp, link, location, remove_forced_redirection.",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_with_file_and_line(case: str, tmp_path: Path) -> None:
    """Each fault gives one sentence, and the folder cannot be read."""
    files, sentence = FAULTS[case]
    folder = write_folder(tmp_path, files=files)
    assert sentence in told(folder)
    with pytest.raises(CaseError):
        read_folder(folder)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Three files with a fault each: three sentences."""
    names = ("comma that makes a cell", "unknown place in a route", "misspelt setting")
    files = {file: text for name in names for file, text in FAULTS[name][0].items()}
    assert set(told(write_folder(tmp_path, files=files))) >= {FAULTS[name][1] for name in names}


def test_slips_of_shipped_folders_are_warnings(tmp_path: Path) -> None:
    """A trailing comma, an unknown place among conflicts, a place without a road, a camp that is not on the map."""
    files = {
        "conflicts.csv": "#Day,Source,Nowhere,\n" + "".join(f"{day},1,0\n" for day in range(9)),
        "locations.csv": LOCATIONS + 'Far,West,Abroad,12.0,22.0,camp,,"10,000"\n',
        "routes.csv": ROUTES.replace("350", "60"),  # half a degree each way, near the equator: 78 km
        "source_data/data_layout.csv": "total,total.csv\nCamp,camp.csv\nOther,camp.csv\nFar,cmap.csv\n",
        "simsetting.yml": "move_rules:\n  max_crossing_speed: 20\n  use_economic_pull: False\n",
    }
    folder = write_folder(tmp_path, files=files)
    assert not told(folder)
    text = "\n".join(told(folder, warnings=True))
    for words in (
        "a column without a name", '"Nowhere"', '"Far", which no route names', '"Other", which is not on',
        "conflicts.csv:10: the table ends here, after 9 rows; expected 10", 'population is "10,000"; expected a whole',
        "it is taken as 10000", '"cmap.csv", which is not there', '"Far" without counts',
    ):  # fmt: skip
        assert words in text
    assert "routes.csv:3: distance is 60; expected at least the 77.9 km of a straight line" in text
    assert "max_crossing_speed is a setting that changes no result in Flee" in text
    assert "use_economic_pull is not supported yet; expected it to be False, as it is" in text


def test_files_of_one_camp_add_up_on_every_date() -> None:
    """In our way each series is followed between its dates; in Flee's dates are shifted and lost."""
    first, second = [(0, 410.0), (64, 458.0), (211, 478.0)], [(0, 6095.0), (64, 6116.0), (262, 6058.0)]
    assert _sum(first, second)[:2] == [(0, 6505.0), (64, 6574.0)]
    assert _sum(first, second)[-1] == (262, 478.0 + 6058.0)
    row = Cells("data_layout.csv", 1, (), [])
    assert _shifted_sum(first, second, row) == [(0, 6505.0), (64, 6574.0), (211, 478.0 + 6116.0)] and not row.faults


def test_values_between_dates_lie_on_a_straight_line() -> None:
    """Before the first and after the last date the count of that date holds."""
    points = [(2, 100.0), (4, 200.0)]
    assert [value_on(points, day) for day in (0, 2, 3, 4, 9)] == [100.0, 100.0, 150.0, 200.0, 200.0]


def test_a_corrected_register_is_scaled_before_its_correction(tmp_path: Path) -> None:
    """400 were registered, 200 were verified: all earlier counts are halved."""
    from datetime import date

    (tmp_path / "corrections.csv").write_text("Camp,2020-01-03\n")
    series = [Series("Camp", 1, ("camp.csv",), [(0, 300.0), (1, 400.0), (2, 200.0), (3, 210.0)])]
    faults: list[Fault] = []
    assert read_corrections(tmp_path / "corrections.csv", date(2020, 1, 1), series, faults) == [0.5]
    assert series[0].points == [(0, 150.0), (1, 200.0), (2, 200.0), (3, 210.0)] and not faults


@pytest.mark.parametrize(
    ("age", "gender", "rules", "power"),
    [
        (10.0, "female", ("ChildrenAvoidHazards",), 2.0),
        (16.0, "male", ("ChildrenAvoidHazards", "BoysTakeRisk"), 0.0),
        (16.0, "female", ("ChildrenAvoidHazards", "BoysTakeRisk"), 2.0),
        (30.0, "female", ("ChildrenAvoidHazards",), 1.0),
        (30.0, "female", ("WomenAvoidHazards",), 2.0),
        (70.0, "male", ("ElderlyAvoidHazards",), 2.0),
    ],
)
def test_groups_weigh_dangers_by_age_and_gender(age: float, gender: str, rules: tuple[str, ...], power: float) -> None:
    """2 where dangers are shunned, 0 where all places are alike, 1 otherwise."""
    assert power_of(age, gender, rules) == power


def test_demographics_give_shares_of_groups(tmp_path: Path) -> None:
    """A quarter are children by default, half of those from the source."""
    files = {
        "simsetting.yml": "move_rules:\n  ChildrenAvoidHazards: True\n",
        "demographics_age.csv": "age,Default,Source\n10,1,1\n40,3,1\n",
    }
    case = read_folder(write_folder(tmp_path, files=files))
    assert case.walk is not None
    assert [(group.power, group.share) for group in case.walk.groups] == [(2.0, {"Source": 0.5, "": 0.25})]
