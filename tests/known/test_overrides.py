"""What a person changes on the command line is checked like the case itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.scenario import check_case, find_case, list_cases, read_case, with_event_time, with_parameter
from safeconduct.terms import CaseError, UsageError

HEADER = "id,start,end,km,speed_kmh,capacity_per_hour,counts_as,source\n"


def test_a_parameter_is_held() -> None:
    """A run with --set draws the parameter no more; the case itself is not changed."""
    case = read_case("demo-valley")
    changed = with_parameter(case, "pass_capacity_per_hour", "45")
    assert changed.parameters["pass_capacity_per_hour"].value == 45
    assert changed.parameters["pass_capacity_per_hour"].prior.quantile(0.9) == 45
    assert case.parameters["pass_capacity_per_hour"].value == 60


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("pass_capacity", "60", 'did you mean "pass_capacity_per_hour"'),
        ("pass_capacity_per_hour", "-60", "a number from 0 to 1,000,000,000,000, in vehicles/hour"),
        ("pass_capacity_per_hour", "many", 'pass_capacity_per_hour is "many"'),
        ("pass_capacity_per_hour", "nan", 'pass_capacity_per_hour is "nan"'),
        ("car_share", "1.2", "a share from 0 to 1"),
        ("persons_per_vehicle", "0", "a number above 0"),
    ],
)
def test_an_impossible_parameter_is_refused(name: str, value: str, sentence: str) -> None:
    """One sentence, with what was expected."""
    with pytest.raises(UsageError) as raised:
        with_parameter(read_case("demo-valley"), name, value)
    assert sentence in str(raised.value)


def test_an_event_is_moved() -> None:
    """Events stay in order of time."""
    moved = with_event_time(read_case("demo-valley"), "road-opens", "2030-05-08T10:00+02:00")
    times = [event.time for event in moved.events]
    assert times == sorted(times)
    assert next(event for event in moved.events if event.id == "road-opens").time.day == 8


@pytest.mark.parametrize(
    ("event", "time", "sentence"),
    [
        ("road-open", "2030-05-08T10:00+02:00", 'did you mean "road-opens'),
        ("road-opens", "2030-05-08T10:00", "states no offset"),
        ("road-opens", "soon", "is not a time"),
        ("road-opens", "2031-05-08T10:00+02:00", "lies outside the clock"),
    ],
)
def test_an_event_that_cannot_be_moved_is_told(event: str, time: str, sentence: str) -> None:
    """Unknown events, times without zone, times outside the clock."""
    with pytest.raises(UsageError) as raised:
        with_event_time(read_case("demo-valley"), event, time)
    assert sentence in str(raised.value)


def test_extra_roads_replace_and_add(tmp_path: Path) -> None:
    """A row with a known id replaces that road, a new id adds one; the hash of the case tells them apart."""
    extra = tmp_path / "second.csv"
    extra.write_text(HEADER + "fork-pass,fork,pass_gate,8,35,90,pass_gate,assumed\nridge,fork,hall,30,30,80,,assumed\n")
    before, after = read_case("demo-valley"), read_case("demo-valley", extra_routes=extra)
    roads = {route.id: route for route in after.routes}
    assert set(roads) == {route.id for route in before.routes} | {"ridge"}
    assert roads["fork-pass"].km == 8 and roads["fork-pass"].capacity_per_hour.at({}) == 90
    assert after.hash != before.hash


def test_extra_roads_to_new_places_are_refused(tmp_path: Path) -> None:
    """The fault names the extra file."""
    extra = tmp_path / "second.csv"
    extra.write_text(HEADER + "ridge,fork,summit,30,30,80,,assumed\n")
    with pytest.raises(CaseError) as raised:
        read_case("demo-valley", extra_routes=extra)
    assert str(raised.value).startswith('second.csv:2: end is "summit"')
    assert len(check_case("demo-valley", extra_routes=tmp_path / "none.csv")) == 1


def test_a_bare_name_is_a_shipped_case(tmp_path: Path) -> None:
    """An unknown one is told, with the nearest."""
    assert [summary.key for summary in list_cases()] == sorted(summary.key for summary in list_cases())
    assert {"demo-valley", "karabakh-2023"} <= {summary.key for summary in list_cases()}
    assert find_case(tmp_path) == tmp_path
    with pytest.raises(UsageError, match='did you mean "demo-valley"'):
        read_case("demo-vally")


def test_a_sample_beside_the_tables_does_not_change_the_hash(tmp_path: Path) -> None:
    """A posterior sample is made for a case, so that it cannot be a part of it."""
    import shutil

    folder = Path(shutil.copytree(find_case("demo-valley"), tmp_path / "demo-valley"))
    (folder / "sample.csv").write_text("run,threat_weight\n1,1.0\n")
    assert read_case(folder).hash == read_case("demo-valley").hash
