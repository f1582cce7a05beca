"""Two worlds with common draws: no change, no difference; a change touches only what it touches; what is
told adds up."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result
from tiny import AT_ONCE, case, event, food, line, people, place, road, run

from safeconduct.app import main
from safeconduct.ensemble import Ensemble
from safeconduct.findings.charts import signed_ticks
from safeconduct.findings.simulation import Counterfactual, whatif_said
from safeconduct.findings.simulation.whatif import signed
from safeconduct.inference import PairedEnsemble, PairedValues, pair_up
from safeconduct.scenario import Scenario, with_event_time

WHATIF = ("whatif", "demo-valley", "--workers", "1")


def call(*words: str) -> Result:
    """A command, in this process."""
    done = CliRunner().invoke(main, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def numbers(value: object) -> list[float]:
    """Every number within a record."""
    if isinstance(value, dict):
        return [n for one in value.values() for n in numbers(one)]
    return [float(value)] if isinstance(value, int | float) else []


def ensemble(scenario: Scenario, n_runs: int = 6) -> Ensemble:
    """Runs of a tiny case: run k from seed k."""
    runs = [run(scenario, seed) for seed in range(n_runs)]
    return Ensemble(
        np.arange(n_runs),
        runs[0].hours,
        {key: np.array([one.series[key] for one in runs]) for key in runs[0].series},
        {name: np.array([one.outcomes[name] for one in runs]) for name in runs[0].outcomes},
        {},
        (),
    )


def town(*, roads: int = 1) -> Scenario:
    """Two homes, one road out that opens at hour 6; a second road out where asked for."""
    found = case(
        (
            place("home", "origin", (45.0, 9.0)),
            place("farm", "origin", (45.0, 9.1)),
            place("gate", "crossing", (45.1, 9.0)),
            place("camp", "shelter", (45.2, 9.0), pull=1.0, shelter=None),
        ),
        (
            road("home", "gate", counts_as="gate", capacity=200.0, is_open=False),
            road("farm", "home"),
            road("gate", "camp", 6.0),
            *(road("home", "gate", 30.0, id="track", counts_as="gate") for _ in range(roads - 1)),
        ),
        (people("home", 800.0), people("farm", 200.0)),
        hours=30,
        values=AT_ONCE | {"ready_median_hours": 2.0, "ready_shape": 3.0},
        events=(event(1.0, "signal", "*", 1.0, id="leave"), event(6.0, "open", "home-gate", id="opens")),
    )
    return replace(found, headline=("cum_arrivals_persons", "gate"))


def at(hour: float) -> str:
    """An hour of the tiny clock as a time."""
    return f"2030-01-{1 + int(hour // 24):02d}T{int(hour % 24):02d}:00Z"


def pairs(changed: Scenario, n_runs: int = 6) -> PairedEnsemble:
    """The town as it is beside the same with a change."""
    return pair_up(town(), ensemble(town(), n_runs), ensemble(changed, n_runs))


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a what-if with nothing changed."""
    out = tmp_path_factory.mktemp("whatif") / "out"
    done = call(*WHATIF, "--runs", "4", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "Changed: nothing." in done.stdout
    return out


def test_nothing_changed_is_exactly_zero_everywhere(unchanged: Path) -> None:
    """Every difference of every file, to the last bit; both worlds' medians are the same."""
    found = json.loads((unchanged / "summary.json").read_text())
    differences = [n for row in found["measures"].values() for n in numbers(row["difference"])]
    assert len(differences) > 80
    assert set(differences) == {0.0}
    assert all(row["factual_p50"] == row["counterfactual_p50"] for row in found["measures"].values())
    hourly = pl.read_parquet(unchanged / "differences.parquet")
    assert hourly["difference"].abs().sum() == 0.0
    assert hourly["factual"].equals(hourly["counterfactual"])
    assert hourly["factual"].sum() > 0
    for table in ("pairs.csv", "differences.csv", "measures.csv"):
        for row in csv.DictReader((unchanged / table).open()):
            shown = [row[name] for name in ("difference", "p05", "p25", "p50", "p75", "p95") if name in row]
            assert set(shown) <= {"0", ""}, row


def test_the_folder_holds_one_result_and_says_how_to_repeat_it(unchanged: Path) -> None:
    """Whole, without leftovers of the runs; the page needs no network."""
    names = {"whatif.html", "measures.csv", "pairs.csv", "differences.csv", "differences.parquet", "summary.json"}
    assert {path.name for path in unchanged.iterdir()} == names | {"provenance.json", "manifest.json"}
    assert json.loads((unchanged / "provenance.json").read_text())["seed"] == 0
    page = (unchanged / "whatif.html").read_text()
    assert "a model's counterfactual" in page
    assert "Nothing was changed" in page
    assert "src=" not in page
    assert 'class="b90"' in page


def test_a_change_differs_only_after_it_begins() -> None:
    """The road opens at hour 4 instead of 6: until then not a bit differs, afterwards all pairs have more arrivals."""
    found = pairs(with_event_time(town(), "opens", at(4)))
    for both in found.over_time.values():
        assert (both.difference[:, :5] == 0).all()
    assert (found.arrivals_at(8.0).difference > 0).all()
    assert (found.measures["waiting_person_hours"].difference < 0).all()


def test_an_event_moved_beyond_what_it_could_touch_changes_nothing_before() -> None:
    """Moved to the last moment, the road opens for nobody: until hour 6 the worlds agree, after it nobody crosses."""
    found = pairs(with_event_time(town(), "opens", at(30)))
    for both in found.over_time.values():
        assert (both.difference[:, :7] == 0).all()
    assert (found.measures["persons_arrived"].other == 0).all()
    left_behind = found.measures["still_there_at_end_persons"]
    assert (left_behind.other == 1000).all()


def test_a_road_that_is_added_reorders_nobodys_draws() -> None:
    """A long track that opens with the first hour: the same parties at the same places until somebody takes it, and
    where it is shut in both worlds nothing at all differs."""
    longer = town(roads=2)
    shut = replace(longer, routes=tuple(replace(r, is_open=r.is_open and r.id != "track") for r in longer.routes))
    found = pairs(shut)
    assert all((both.difference == 0).all() for both in found.over_time.values())
    open_track = pairs(longer)
    assert (open_track.arrivals_at(5.0).difference > 0).all()
    assert (open_track.measures["persons_at_start"].difference == 0).all()


def test_the_interval_is_that_of_the_pairs_and_not_of_two_bands() -> None:
    """Luck that both worlds share cancels: a shift of 10 in every pair is told as 10, however wide each band is."""
    luck = np.linspace(0.0, 1000.0, 41)[:, None] * np.ones((1, 3))
    world = ensemble(town(), 1)
    key = town().headline

    def with_arrivals(values: np.ndarray) -> Ensemble:
        return replace(world, runs=np.arange(41), series={key: values}, outcomes={}, hours=np.arange(3.0))

    pair = PairedEnsemble(town(), with_arrivals(luck), with_arrivals(luck + 10.0))
    assert (pair.arrivals_at(1.5).difference == 10.0).all()
    found = Counterfactual(town(), town(), pair, (1.0,), (), {"drawn_from": "priors"})
    assert set(found.rows[0].band) == {10.0}
    assert pair.gain(1.0).paired_width == 0.0
    assert np.isnan(pair.gain(1.0).ratio)
    noisy = PairedEnsemble(town(), with_arrivals(luck), with_arrivals(luck + np.arange(41.0)[:, None]))
    gain = noisy.gain(1.0)
    assert gain.paired_width == pytest.approx(36.0)  # the middle 90 % of 0..40
    partners = (luck[:, :1] + np.arange(41.0)[:, None]) - luck[:, 0]
    apart = partners[~np.eye(41, dtype=bool)]
    assert gain.unpaired_width == pytest.approx(np.quantile(apart, 0.95) - np.quantile(apart, 0.05))
    assert "times as wide" in whatif_said(replace(found, pairs=noisy))[2][-2]


def test_a_run_that_failed_in_one_world_leaves_its_pair_out() -> None:
    """Pairs are matched by the number of the run, never by their order."""
    whole = ensemble(town())
    rows = np.array([0, 2, 5])
    part = replace(
        whole,
        runs=rows,
        series={k: v[rows] for k, v in whole.series.items()},
        outcomes={k: v[rows] for k, v in whole.outcomes.items()},
    )
    found = pair_up(town(), whole, part)
    assert list(found.factual.runs) == [0, 2, 5]
    assert all((both.difference == 0).all() for both in found.over_time.values())


def test_who_cannot_leave_and_who_has_no_food_are_counted() -> None:
    """1,000 persons decide within minutes of hour 1 and wait till the road opens at hour 6; food lasts till 4:34."""
    waits = line(1000.0, is_open=False, hours=8.0, events=(event(6.0, "open", "home-gate", id="opens"),),
                 supplies=(food("home", 0.19),))  # fmt: skip
    waits = replace(waits, headline=("cum_arrivals_persons", "gate"))
    stays = with_event_time(waits, "opens", at(8))
    found = pair_up(waits, ensemble(waits, 2), ensemble(stays, 2))
    assert (found.measures["waiting_at_end_persons"].difference == 1000).all()
    assert found.measures["without_food_person_days"].other == pytest.approx([1000 * 3 / 24] * 2)  # 5:00 to 8:00
    crossed = found.measures["without_food_person_days"].factual
    assert crossed == pytest.approx([1000 * 2 / 24] * 2)  # 5:00 to 7:00; at the count of 7:00 all have left


def test_a_time_outside_and_a_wrong_change_are_sentences(tmp_path: Path) -> None:
    """Exit code 2, one sentence, nothing written."""
    out = tmp_path / "out"
    for words, sentence in (
        (("--at", "2031-01-01T00:00Z"), "--at is 2031-01-01T00:00Z; expected a time from"),
        (("--at", "noon"), "--at: "),
        (("--hold", "trust"), '--hold is "trust"; expected PARAM=VALUE'),
        (("--set", "trst=1"), 'there is no parameter "trst"'),
    ):
        done = call(*WHATIF, "--runs", "2", "--out", str(out), *words)
        assert done.exit_code == 2
        assert done.stderr.startswith(sentence)
    assert not out.exists()


def test_a_share_has_no_unit(tmp_path: Path) -> None:
    """A share is told as a number alone, in changes and in refusals."""
    done = call(
        *WHATIF, "--runs", "1", "--set", "car_share=0.2", "--hold", "car_share=0.9", "--out", str(tmp_path / "o")
    )
    assert "parameter car_share is 0.2 (factual runs: 0.9)." in done.stdout
    done = call(*WHATIF, "--set", "car_share=17", "--out", str(tmp_path / "no"))
    assert done.stderr == 'car_share is "17"; expected a share from 0 to 1.\n'


def test_a_parameter_held_in_both_worlds_is_no_change(tmp_path: Path) -> None:
    """--hold alone changes nothing; --set beside it does, and the page names both."""
    held = ("--hold", "persons_present=1000", "--runs", "2", "--no-report")
    assert "Changed: nothing." in call(*WHATIF, *held, "--out", str(tmp_path / "a")).stdout
    done = call(*WHATIF, *held, "--set", "trust=0.9", "--out", str(tmp_path / "b"))
    assert "Changed: parameter trust is 0.9" in done.stdout
    found = json.loads((tmp_path / "b" / "summary.json").read_text())
    assert found["measures"]["persons_at_start"]["factual_p50"] == 1000


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(-30.0, 70.0, [-40.0, -20.0, 0.0, 20.0, 40.0, 60.0, 80.0]), (0.0, 0.0, [-1.0, 0.0, 1.0]), (5.0, 10.0, None)],
)
def test_axes_of_differences_hold_zero(low: float, high: float, ticks: list[float] | None) -> None:
    """A difference is read from zero."""
    found = signed_ticks(low, high)
    assert 0.0 in found
    assert found[0] <= low
    assert found[-1] >= high
    assert ticks is None or found == ticks


def test_never_is_no_number() -> None:
    """A share reached in one world only has no difference: it is left out and counted, not taken for zero."""
    both = PairedValues(np.array([5.0, np.nan]), np.array([4.0, 3.0]))
    assert list(np.isfinite(both.difference)) == [True, False]


def test_a_change_in_few_pairs_is_not_told_as_none() -> None:
    """One pair of 60 differs: no width at 90 %, and yet not "in no pair"; one pair alone has no width either."""
    worlds = ensemble(town(), 60), ensemble(town(), 60)
    key = ("cum_arrivals_persons", "gate")
    worlds[1].series[key][7] += 1.0
    pairs = pair_up(town(), *worlds)
    found = Counterfactual(town(), town(), pairs, (24.0,), (), {})
    assert any("arrivals differ in 1 of 60 pairs." in line for line in whatif_said(found)[2])
    one = replace(found, pairs=pair_up(town(), *worlds, left_out=[k for k in range(60) if k != 7]))
    assert any("arrivals differ in 1 of 1 pairs." in line for line in whatif_said(one)[2])
    same = replace(found, pairs=pair_up(town(), *worlds, left_out=[7]))
    assert any("arrivals differ in no pair." in line for line in whatif_said(same)[2])


def test_the_terminal_tables_what_differs_and_sums_up_what_does_not(tmp_path: Path) -> None:
    """Each measure of summary.json once: in the table with median and interval, or among those without a difference."""
    done = call(*WHATIF, "--set", "trust=0.9", "--runs", "6", "--no-report", "--out", str(tmp_path / "o"))
    found = json.loads((tmp_path / "o" / "summary.json").read_text())["measures"]
    table, below = done.stdout.split("No difference in any pair: ")
    assert "persons present at the start" in below and "persons present at the start" not in table
    row = found["persons_arrived"]["difference"]
    cells = next(line for line in table.splitlines() if "persons who crossed by the end" in line).split("│")
    assert cells[2].strip() == f"{signed(row['p50'])} persons"
    assert cells[3].strip() == f"{signed(row['p05'])} to {signed(row['p95'])}"
    same = call(*WHATIF, "--runs", "2", "--no-report", "--out", str(tmp_path / "same")).stdout
    assert "No difference in any pair: all that is measured in half of the pairs at least." in same
    assert "│" not in same


def test_options_of_the_game_without_a_game_are_refused() -> None:
    """They would change nothing, and whoever typed them would not see it."""
    done = call(*WHATIF, "--coding", "strict", "--belief-as-trust")
    assert done.exit_code == 2 and "--coding and --belief-as-trust would change nothing" in done.stderr
    done = call("run", "demo-valley", "--account", "hollow")
    assert done.exit_code == 2 and "--account would change nothing; expected together with --actors" in done.stderr
