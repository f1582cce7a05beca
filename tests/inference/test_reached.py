"""A case that `new` makes learns from published counts, waits, queues and closures; what it cannot use, it names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from new_tables import write_tables

from safeconduct.app import main
from safeconduct.inference.assimilate import reached
from safeconduct.inference.assimilate.evidence import published_by
from safeconduct.inference.assimilate.forecast import known_events
from safeconduct.inference.assimilate.reached import unreached
from safeconduct.ledger import append_claims
from safeconduct.scenario import Scenario, check_case, read_case

WHEN = datetime(2030, 1, 2, 12, tzinfo=UTC)
SAID = {"reporter": "Post guard (invented)", "source_title": "bulletin", "published": "2030-01-02T09:00+00:00",
        "published_rule": "recorded"}  # fmt: skip
COUNT = {**SAID, "kind": "figure", "quantity": "cum_arrivals_persons", "best": "2150",
         "time": "2030-01-02T08:00+00:00", "place": "Pass"}  # fmt: skip
WAIT = {**SAID, "kind": "figure", "quantity": "wait_hours", "best": "7", "time": "2030-01-02", "place": "pass"}
QUEUE = {
    **SAID,
    "kind": "figure",
    "quantity": "queue_km",
    "best": "4",
    "time": "2030-01-02T08:40+00:00",
    "place": "pass",
}
CLOSED = {**SAID, "kind": "act", "action": "road_closed", "road_out": "nobody", "time": "2030-01-02T08:30+00:00",
          "words": "shut"}  # fmt: skip


@pytest.fixture
def case(tmp_path: Path) -> Path:
    done = CliRunner().invoke(main, ["new", str(tmp_path / "case"), *write_tables(tmp_path), "--no-measure"])
    assert done.exit_code == 0, done.output
    return tmp_path / "case"


def found(case: Path) -> tuple[Scenario, object]:
    """What a forecast makes of the case's reports."""
    scenario = read_case(case)
    return scenario, reached(scenario, published_by(scenario, WHEN))


def test_a_new_case_compares_counts_and_waits_at_each_crossing(case: Path) -> None:
    assert [(one.quantity, one.place) for one in read_case(case).targets] == [
        ("cum_arrivals_persons", "pass"), ("wait_hours", "pass"),
    ]  # fmt: skip


def test_a_count_a_wait_a_queue_and_a_closure_become_evidence(case: Path) -> None:
    append_claims(case, [{**row, "id": name} for name, row in zip("ABCD", (COUNT, WAIT, QUEUE, CLOSED), strict=True)])
    with (case / "events.csv").open("a") as file:
        file.write("D,2030-01-02T08:30+00:00,close,pass-over,,,,Post guard (invented),report D,\n")
    assert check_case(case) == ()
    scenario, told = found(case)
    published = published_by(scenario, WHEN)
    assert [one.persons for one in published.counts] == [2150]
    assert [one.hours for one in published.waits] == [pytest.approx(7)] and [one.km for one in published.queues] == [4]
    assert any(event.id == "D" and event.kind == "close" for event in known_events(scenario, WHEN))
    assert told.used == ("A", "B", "C", "D") and told.left == () and not unreached(told)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({**COUNT, "place": "Brun"}, "no target of cum_arrivals_persons at brun"),
        ({**COUNT, "time": "2030-01-02"}, "the hour at which it was counted is not given"),
        ({**COUNT, "quantity": "new_arrivals_persons"}, "at this place the case compares sums since the start"),
        ({**WAIT, "quantity": "queue_hours"}, "give hours from leaving to crossing"),
        ({**WAIT, "place": "Brun"}, "no target of wait_hours at brun"),
        ({**CLOSED}, "events.csv"),
    ],
)
def test_a_report_that_cannot_be_used_is_named_with_the_reason(case: Path, row: dict[str, str], why: str) -> None:
    append_claims(case, [{**row, "id": "A"}])
    _, told = found(case)
    assert told.used == () and [name for name, _ in told.left] == ["A"] and why in told.left[0][1]
    if row["kind"] == "figure" and "arrivals" in row["quantity"]:
        assert "1 published count of arrivals, and none is used" in unreached(told)[0]


def test_a_count_of_a_day_is_a_rise_between_its_midnights_where_no_total_divides_it(case: Path) -> None:
    """The total is of 2 January, 08:00: a count of the 1st is used; one of the 2nd is not, nor of two days at once."""
    day = {**COUNT, "quantity": "new_arrivals_persons", "best": "1200", "time": "2030-01-01"}
    rows = (
        COUNT,
        day,
        {**day, "time": "2030-01-02"},
        {**day, "best": "1300", "time": "2029-12-31", "until": "2030-01-01"},
    )
    append_claims(case, [{**row, "id": name} for name, row in zip("ABCD", rows, strict=True)])
    scenario, told = found(case)
    published = published_by(scenario, WHEN)
    midnights = [scenario.clock.hour_of(datetime(2030, 1, day, tzinfo=UTC)) for day in (1, 2)]
    assert [(one.since, one.hour, one.persons) for one in published.rough] == [
        (max(midnights[0], 0.0), midnights[1], 1200.0)
    ]
    assert told.used == ("A", "B") and published.said_of("pass") == 2150.0
    assert dict(told.left)["C"] == "its day was not over" and "more than a day" in dict(told.left)["D"]


def test_a_way_that_was_shut_and_opens_again_had_been_open_before(case: Path) -> None:
    """Shut from 07:00 to 08:00, an hour into the case: people may have come since the start."""
    with (case / "events.csv").open("a") as file:
        file.write("D,2030-01-01T07:00+00:00,close,pass-over,,,,Post guard (invented),report D,\n")
        file.write("E,2030-01-01T08:00+00:00,open,pass-over,,,,Post guard (invented),report D,\n")
    append_claims(case, [{**COUNT, "id": "A"}])
    scenario = read_case(case)
    assert published_by(scenario, WHEN).counts[0].since == 0.0
    opened = tuple(one for one in scenario.events if one.id != "D")
    first = published_by(replace(scenario, events=opened), WHEN).counts[0]
    assert first.since == scenario.clock.hour_of(datetime(2030, 1, 1, 8, tzinfo=UTC))


def test_a_forecast_without_any_count_says_so(case: Path) -> None:
    assert "No count of arrivals had been published" in unreached(found(case)[1])[0]
