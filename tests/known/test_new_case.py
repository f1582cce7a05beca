"""What `new` makes of sound tables: every row has a source, what is filled in is marked, and the case runs."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from math import isclose
from pathlib import Path

import pytest
from new_tables import CROSSINGS, LINKS, PEOPLE, write_tables

from safeconduct.engine import simulate
from safeconduct.scenario import (
    Answers,
    Inputs,
    Role,
    Scenario,
    default_start,
    draft_case,
    filled_in,
    read_case,
    thinned,
)
from safeconduct.terms import CaseError, UsageError

DATA = Path(__file__).parents[1] / "data"
ANSWERS = Answers("a valley", default_start(), 3.0)


def make(folder: Path, inputs: Inputs, answers: Answers = ANSWERS) -> Scenario:
    """The case, written and read back."""
    case = folder / "case"
    case.mkdir()
    for name, text in draft_case(inputs, answers).files.items():
        (case / name).write_text(text, encoding="utf-8")
    return read_case(case)


def tables(folder: Path, people: str = PEOPLE, links: str = LINKS, crossings: str | None = CROSSINGS) -> Inputs:
    """The tables as inputs."""
    paths = [Path(word) for word in write_tables(folder, people, links, crossings)[1::2]]
    return Inputs(*paths)


def shape(case: Scenario) -> list[tuple[str, str, float]]:
    """Roads by their ends and length."""
    return [(road.start, road.end, road.km) for road in case.routes]


def test_a_case_from_three_tables(tmp_path: Path) -> None:
    """Homes, a junction, a crossing with a post and a shelter beyond; class gives speed and capacity by parameter."""
    case = make(tmp_path, tables(tmp_path))
    assert [(p.key, p.role.value) for p in case.places] == [
        ("arel", "origin"), ("brun", "origin"), ("cors", "origin"), ("delt", "junction"), ("pass", "crossing"),
        ("pass_beyond", "shelter"),
    ]  # fmt: skip
    assert shape(case)[:4] == [("arel", "brun", 14.5), ("brun", "cors", 13), ("brun", "delt", 17), ("delt", "pass", 9)]
    over = case.routes[-1]
    assert (over.counts_as, over.is_two_way, case.checkpoints[0].route) == ("pass", False, over.id)
    assert case.routes[1].speed_kmh.parameter == "tertiary_kmh"
    assert case.parameters["tertiary_capacity_per_hour"].prior.arguments == (300, 900)
    assert case.parameters["persons_present"].value == 31_900 and case.warnings == ()
    assert sum(row.weight_persons for row in case.people) == 31_900


def test_every_row_and_parameter_says_where_it_comes_from(tmp_path: Path) -> None:
    """A row of a table without a source names the table and line; what is filled in is assumed."""
    people = "\n".join(
        f"{row},{said}" for row, said in zip(PEOPLE.split(), ("source", "", "", "a list", ""), strict=True)
    )
    case = make(tmp_path, tables(tmp_path, people))
    assert [row.source for row in case.people] == [
        "people.csv:2 (names no source)",
        "people.csv:3 (names no source)",
        "a list",
    ]
    assert case.routes[0].source == "links.csv:2 (names no source)" and "speed, capacity" in case.routes[0].note
    own = [p for name, p in case.parameters.items() if name in filled_in() or name == "persons_present"]
    assert len(own) > 8 and all(p.is_assumed and p.unit and p.prior.kind != "fixed" for p in own)
    for path in (tmp_path / "case").glob("*.csv"):
        with path.open(newline="") as file:
            assert all(row["source"] and row["reporter"] for row in csv.DictReader(file)), path.name


def test_people_get_out(tmp_path: Path) -> None:
    """After three days some have crossed, nobody has vanished and not everybody has left."""
    case = make(tmp_path, tables(tmp_path))
    run = simulate(case, seed=1, record=("cum_arrivals_persons", "n_persons"))
    assert 1_000 < run.outcomes["persons_arrived"] < 31_900 == run.outcomes["persons_at_start"]


def test_every_digit_of_a_table_is_kept(tmp_path: Path) -> None:
    """Above a million persons, at home and for whom a shelter has room, and in km with decimals."""
    people = PEOPLE.replace("22000", "1234567")
    case = make(tmp_path, tables(tmp_path, people, LINKS.replace("14.5", "14.123456789")))
    shelter = next(place for place in case.places if place.role is Role.SHELTER)
    assert 1234567 in [row.weight_persons for row in case.people]
    assert (shelter.pull_persons.value, shelter.shelter_persons.value) == (1244467, 1244467)
    assert case.routes[0].km == 14.123456789


def test_other_separators_headings_and_an_order_of_columns(tmp_path: Path) -> None:
    """Semicolons, tabs, capitals, units in brackets, HXL tags and a byte order mark make the same case."""
    plain = make(tmp_path, tables(tmp_path))
    other = tmp_path / "other"
    other.mkdir()
    people = "\ufeffPopulation (persons);Longitude;Town;Latitude\n#population;#geo+lon;#loc+name;#geo+lat\n"
    rows = [line.split(",") for line in PEOPLE.splitlines()[1:]]
    people += "".join(f"{n};{lon};{name};{lat}\n" for name, lat, lon, n in rows)
    links = LINKS.replace("from,to,km,class", "start,end,length_km,highway").replace(",", "\t")
    again = make(other, tables(other, people, links))
    assert replace(again, hash="").places == tuple(
        replace(one, source=two.source) for one, two in zip(plain.places, again.places, strict=True)
    )
    assert shape(again) == shape(plain)


def test_names_in_any_script_and_names_alike(tmp_path: Path) -> None:
    """Places whose names have no Latin letters, or the same ones, get keys of their own; links go by the names."""
    people = 'name,lat,lon,people\nמגדל 1,46.60,10.10,900\n"مدينة\r\n1",46.58,10.24,800\nSt-Ana,46.5,10.2,70\n'
    people += "St Ana,46.5,10.2,50\n"
    links = "from,to\nמגדל 1,مدينة 1\nمدينة 1,St-Ana\nSt-Ana,St Ana\nSt Ana,שער\n"
    inputs = tables(tmp_path, people, links, "name,lat,lon\nשער,46.48,10.45\n")
    case = make(tmp_path, inputs)
    keys = {place.name: place.key for place in case.places}
    assert (keys["St-Ana"], keys["St Ana"]) == ("st_ana", "st_ana_2")
    assert (keys["מגדל 1"], keys["مدينة 1"], keys["שער"]) == ("place_2", "place_3", "crossing_2")
    assert draft_case(inputs, ANSWERS).told == (
        "people.csv:6: St Ana has the position of St-Ana (people.csv:5); is it a copy?",
    )


def test_a_road_told_in_both_directions_is_one(tmp_path: Path) -> None:
    """An edge list names each road twice; a second road of another length stays a road of its own."""
    links = LINKS + "Brun,Arel,14.5,secondary\nArel,Brun,19,track\n"
    case = make(tmp_path, tables(tmp_path, PEOPLE, links))
    assert [road.id for road in case.routes].count("arel-brun") == 1
    assert ("arel", "brun", 19) in shape(case) and len(case.routes) == 6


def test_lengths_and_lanes(tmp_path: Path) -> None:
    """Metres; no length is 1.3 times the straight line (0.1 degree north: 11.1 km); lanes give capacity and room."""
    people = "name,lat,lon,people\nA,46.0,10,50\nB,46.1,10,60\nC,46.2,10,\n"
    links = "from,to,km,length_m,lanes,class\nA,B,,12500,,\nB,C,,,3,motorway\n"
    inputs = tables(tmp_path, people, links, None)
    case = make(tmp_path, inputs, replace(ANSWERS, to=("C",)))
    assert [road.km for road in case.routes] == [12.5, 14.5] and "length assumed" in case.routes[1].note
    assert case.routes[1].capacity_per_hour.parameter == "motorway_3_lane_capacity_per_hour"
    assert case.parameters["motorway_3_lane_capacity_per_hour"].value == 1800
    assert case.routes[1].jam_per_km.value == 3 * 135 and case.routes[1].counts_as == "c"


def test_where_no_way_out_is_given_people_leave_for_the_largest_place(tmp_path: Path) -> None:
    """Which is told; arrivals are counted on the roads that lead there, drawn so that they end there."""
    inputs = tables(tmp_path, PEOPLE, LINKS.replace("Delt,Pass,9,primary\n", ""), None)
    assert draft_case(inputs, ANSWERS).told[0].endswith("people leave for Brun, the largest place (assumed).")
    case = make(tmp_path, inputs)
    assert case.place("brun").role.value == "shelter" and case.headline == ("cum_arrivals_persons", "brun")
    assert {road.end for road in case.routes} == {"brun"} == {road.counts_as for road in case.routes}
    with pytest.raises(UsageError, match='--to is "Delft"; expected a place of people.csv; did you mean "Delt"'):
        draft_case(inputs, replace(ANSWERS, to=("Delft",)))


def test_camps_and_shelters(tmp_path: Path) -> None:
    """A camp by its position; a shelter in a home that has the name of one, whose people become a pull."""
    sites = "name,kind,lat,lon,shelter_persons\nPass,camp,46.48,10.45,500\nCors,shelter,,,\n"
    case = make(tmp_path, tables(tmp_path, crossings=sites))
    pass_, cors = case.place("pass"), case.place("cors")
    assert (pass_.role.value, pass_.shelter_persons.value) == ("shelter", 500)
    assert (cors.role.value, cors.pull_persons.value, len(case.checkpoints)) == ("shelter", 900, 0)
    assert {row.place for row in case.people} == {"arel", "brun"}


def test_the_capacity_of_a_shelter_is_its_room(tmp_path: Path) -> None:
    """The same heading gives vehicles an hour at a crossing and persons at a shelter."""
    sites = "name,kind,lat,lon,capacity\nPass,camp,46.48,10.45,500\n"
    assert make(tmp_path, tables(tmp_path, crossings=sites)).place("pass").shelter_persons.value == 500


def test_a_crossing_with_a_capacity_has_no_post(tmp_path: Path) -> None:
    """Vehicles an hour are given and booths are not; with booths there is a post again."""
    case = make(tmp_path, tables(tmp_path, crossings="name,lat,lon,capacity_per_hour\nPass,46.48,10.45,90\n"))
    assert (case.checkpoints, case.routes[-1].capacity_per_hour.value) == ((), 90)


def from_lines(folder: Path, file: Path, **more: float) -> Scenario:
    """The valley on lines of road."""
    inputs = tables(folder)
    return make(folder, Inputs(inputs.people, file, inputs.sites, snap_km=more.get("snap_km", 5.0)))


@pytest.mark.parametrize("name", ["valley.osm", "valley.osm.pbf"])
def test_an_openstreetmap_extract(name: str, tmp_path: Path) -> None:
    """Made by hand: nodes that only bend are merged, a dead-end track, a far road and a footway are left out."""
    pytest.importorskip("osmium", reason="the extra roads is not installed")
    case = from_lines(tmp_path, DATA / name)
    roads = {(road.start, road.end): road for road in case.routes}
    assert set(roads) == {
        ("arel", "j1"), ("j1", "brun"), ("j1", "cors"), ("brun", "delt"), ("delt", "pass"), ("pass", "pass_beyond"),
    }  # fmt: skip
    straight = (
        111.195 * ((46.59 - 46.585) ** 2 + (0.05 * 0.6873) ** 2) ** 0.5
    )  # cos 46.59 = 0.6872; plane is near enough
    rest = 111.195 * (0.005**2 + (0.04 * 0.6873) ** 2) ** 0.5
    assert isclose(roads["j1", "brun"].km, straight + rest, rel_tol=0.002)
    assert roads["brun", "delt"].speed_kmh.value == 64.4  # 40 mph
    assert roads["arel", "j1"].source == f"OpenStreetMap contributors (ODbL), {name}"
    assert roads["arel", "j1"].speed_kmh.parameter == "secondary_kmh"


def lines(folder: Path, *features: tuple[list[tuple[float, float]], dict[str, str]]) -> Path:
    """A GeoJSON file of lines of (lon, lat)."""
    path = folder / "roads.geojson"
    told = [
        {"type": "Feature", "geometry": {"type": "LineString", "coordinates": spots}, "properties": said}
        for spots, said in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": told}))
    return path


MAIN = [(10.10, 46.60), (10.24, 46.58), (10.36, 46.50), (10.45, 46.48)]


def test_places_are_put_on_the_nearest_line(tmp_path: Path) -> None:
    """Cors, 3.7 km off the road, gets one of its own from the nearest point; the others lie on it."""
    path = lines(tmp_path, (MAIN, {"highway": "primary", "name": "the road"}))
    people = PEOPLE.replace("46.55,10.12", "46.55,10.20")
    inputs = tables(tmp_path, people)
    case = make(tmp_path, Inputs(inputs.people, path, inputs.sites))
    roads = {(road.start, road.end): road for road in case.routes}
    access = next(road for ends, road in roads.items() if "cors" in ends)
    assert 3.3 < access.km < 4.1 and access.source == "assumed" and "to the nearest road" in access.note
    assert ("brun", "delt") in roads and "the road" in roads["brun", "delt"].note


def test_a_place_that_no_line_comes_near_is_suspected(tmp_path: Path) -> None:
    """With the distance and the limit; nearer limits find more; a swapped one is said to be swapped."""
    path = lines(tmp_path, (MAIN, {}))
    inputs = tables(tmp_path, PEOPLE.replace("46.60,10.10", "10.10,46.60"))
    with pytest.raises(CaseError) as told:
        draft_case(Inputs(inputs.people, path, inputs.sites), ANSWERS)
    # Cors is 0.0471 degrees (5.24 km) south of the road, which falls 2.2 km in 10.7: 5.24 cos(11.7 degrees) = 5.13
    assert "people.csv:2: lat is 10.1 and lon 46.6, 5,2" in str(told.value.faults[0])
    assert "Arel seems to have lat and lon swapped" in str(told.value.faults[0])
    assert "people.csv:4: lat is 46.55 and lon 10.12, 5.1 km from the nearest road" in str(told.value.faults[1])
    assert "expected a road within 5 km; correct" in str(told.value.faults[1])
    assert len(told.value.faults) == 2
    inputs = tables(tmp_path, PEOPLE.replace("46.55,10.12", "46.20,10.12"))
    with pytest.raises(CaseError, match="people.csv:4: .* Cors may stand in the sea"):
        draft_case(Inputs(inputs.people, path, inputs.sites), ANSWERS)


def test_lines_that_do_not_hang_together(tmp_path: Path) -> None:
    """Two roads that cross without a common point are not joined, as under a bridge; the cut-off homes are told."""
    path = lines(tmp_path, (MAIN, {}), ([(10.12, 46.55), (10.12, 46.52)], {}))
    inputs = tables(tmp_path)
    with pytest.raises(CaseError, match='people.csv:4: name is "Cors", from which no road leads to the others'):
        draft_case(Inputs(inputs.people, path, inputs.sites), ANSWERS)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "roads.geojson:1: no JSON"),
        ("{}", "JSON without features"),
        ("[" * 100_000, "JSON of too many levels"),
        ('{"features": [{"geometry": 5}, 3]}', "no line; expected LineString"),
        ('{"features": [{"geometry": {"type": "Point", "coordinates": [1, 2]}}]}', "no line; expected LineString"),
        ('{"features": [{"geometry": {"type": "LineString", "coordinates": [[590000, 5160000], [1, 2]]}}]}',
         "feature 1 is a line that cannot be used (lon 590000, lat 5.16e+06)"),
    ],
)  # fmt: skip
def test_faulty_geojson(text: str, says: str, tmp_path: Path) -> None:
    """What is no GeoJSON of lines in degrees is told."""
    path = tmp_path / "roads.geojson"
    path.write_text(text)
    inputs = tables(tmp_path)
    with pytest.raises(CaseError) as told:
        draft_case(Inputs(inputs.people, path, inputs.sites), ANSWERS)
    assert says in str(told.value)


def test_a_thinned_case_keeps_its_hours(tmp_path: Path) -> None:
    """A third of the people on roads and posts a third as wide: the share that has crossed, and when, stay alike."""
    case = read_case("karabakh-2023")
    case = replace(case, clock=replace(case.clock, step_minutes=60))
    whole = simulate(case, case.values(), seed=3, record=()).outcomes
    smaller, values = thinned(case, case.values(), 1 / 3)
    part = simulate(smaller, values, seed=3, record=()).outcomes
    assert part["persons_at_start"] == 35_000
    # crossings are drawn per party: 35,000 / 4.5 of them, so shares vary by less than 0.5 % at half-time
    assert abs(part["persons_arrived"] * 3 - whole["persons_arrived"]) < 0.01 * whole["persons_arrived"]
    assert abs(part["hours_to_50pct"] - whole["hours_to_50pct"]) < 3
    assert thinned(case, values, 1.0)[0] is case
