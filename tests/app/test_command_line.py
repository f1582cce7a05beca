"""What a person can get wrong on the command line is told in sentences, with exit code 2 and nothing written; what they
get right writes what the page of commands says."""

from __future__ import annotations

import csv
import json
import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from safeconduct.app import main
from safeconduct.app.main import PARTS
from safeconduct.scenario import find_case


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run where nothing is, so that whatever they write is seen."""
    monkeypatch.chdir(tmp_path)


def call(*words: str) -> Result:
    """A command, in this process. A traceback would be an exception that is not SystemExit."""
    done = CliRunner().invoke(main, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def refused(*words: str) -> str:
    """The one line that a command is refused with."""
    done = call(*words)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert list(Path().iterdir()) == []
    return done.stderr


RUN = ("run", "demo-valley", "--runs", "2", "--no-report", "--workers", "1")
WRONG = {
    "unknown case": (("run", "demo-vally"), 'there is no case "demo-vally"; name a folder, or a shipped case; did you'),
    "no folder": (("run", "./nowhere"), 'there is no case "./nowhere"'),
    "unknown parameter": ((*RUN, "--set", "trst=0.5"), 'there is no parameter "trst"; did you mean "trust".'),
    "text for a value": ((*RUN, "--set", "trust=high"), 'trust is "high"; expected a share from 0 to 1.'),
    "share above 1": ((*RUN, "--set", "trust=1.5"), 'trust is "1.5"; expected a share from 0 to 1'),
    "negative persons": ((*RUN, "--set", "persons_present=-5"), 'persons_present is "-5"; expected a number from 0'),
    "not a number": ((*RUN, "--set", "threat_weight=nan"), 'threat_weight is "nan"; expected a number'),
    "no sign": ((*RUN, "--set", "trust"), '--set is "trust"; expected PARAM=VALUE'),
    "no value": ((*RUN, "--set", "trust="), '--set is "trust="; expected PARAM=VALUE'),
    "unknown event": ((*RUN, "--event", "road-open.time=2030-05-07T10:00+02:00"), 'there is no event "road-open"; did'),
    "time without zone": ((*RUN, "--event", "buses.time=2030-05-07T10:00"), "the time of event buses is wrong: "),
    "no time": ((*RUN, "--event", "buses.time=noon"), "the time of event buses is wrong: "),
    "time outside": ((*RUN, "--event", "buses.time=2031-05-07T10:00+02:00"), "2031-05-07T10:00+02:00 lies outside"),
    "not the time": ((*RUN, "--event", "buses.seats=9"), '--event is "buses.seats=9"; expected ID.time=TIME'),
    "no event sign": ((*RUN, "--event", "buses"), '--event is "buses"; expected ID.time=TIME'),
    "check of nothing": (("check", "demo-vally"), 'there is no case "demo-vally"'),
    "a parameter twice": (
        ("fit", "demo-valley", "--until", "2030-05-08T00:00+02:00", "--param", "trust", "--param", "trust"),
        "--param names a parameter twice; name each once.",
    ),
    "fit of nothing": (("fit", "demo-vally", "--until", "x", "--param", "trust"), 'there is no case "demo-vally"'),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_word_gives_one_sentence(name: str) -> None:
    """Exit code 2, one line on standard error, nothing written."""
    words, sentence = WRONG[name]
    told = refused(*words)
    assert told.startswith(sentence)
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--runs", "0"), "--runs: 0 is not in the range 1<=x<=1000000."),
        (("--runs", "x"), "--runs: 'x' is not a valid integer"),
        (("--seed", "-1"), "--seed: -1 is not in the range 0<=x<="),
        (("--routes", "x.csv"), "--routes: File 'x.csv' does not exist."),
    ],
)
def test_a_wrong_option_is_refused(words: tuple[str, ...], sentence: str) -> None:
    """In one sentence that names the option."""
    told = refused(*RUN, *words)
    assert told.startswith(sentence) and told.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        (("rnu", "demo-valley"), 'there is no command "rnu"; did you mean "run".'),
        (("simulate",), 'there is no command "simulate"; use one of: accounts, backtest, cases'),
        (("ledger", "lst"), "list"),
        (("run", "demo-valley", "--rns", "3"), "--runs"),
        (("whatif", "demo-valley", "--hld", "trust=1"), "--hold"),
    ],
)
def test_a_mistyped_command_or_option_is_answered_with_the_nearest(words: tuple[str, ...], nearest: str) -> None:
    """By click's usage line and a sentence."""
    told = refused(*words)
    assert "Error: " in told and nearest in told


def test_commands_are_listed_by_what_they_are_for() -> None:
    """Each once, under one of the headings, and in no line that is broken at 80 columns."""
    told = call("--help").stdout
    assert re.findall(r"^(\S.*):$", told, re.MULTILINE) == ["Options", *PARTS]
    for commands in PARTS.values():
        for name, (_, says) in commands.items():
            assert len(re.findall(rf"^  {name} +{re.escape(says)}$", told, re.MULTILINE)) == 1


@pytest.mark.parametrize("width", [70, 80, 120])
def test_a_plot_of_figures_fits_the_screen(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However narrow, each figure has its mark and whoever says it; wide screens gain nothing beyond 48 marks."""
    monkeypatch.setattr("safeconduct.app.commands.ledger.screen_width", lambda: width)
    lines = call("ledger", "show", "arrivals", "--case", "demo-valley").stdout.splitlines()
    plot = [line for line in lines if re.search(r"\bo\b.*(Valley council|Lakes radio|derived)", line[18:])]
    assert len(plot) == 10
    assert all(len(line) <= width for line in plot)
    assert max(line.index(" o ") if " o " in line else 0 for line in plot) <= 18 + 48


MANY_WRONG = {  # what is typed -> the sentence that it gets
    ("--runs", "0"): "--runs: 0 is not in the range",
    ("--routes", "no.csv"): "--routes: File 'no.csv' does not exist.",
    ("--set", "trst=1"): 'there is no parameter "trst"; did you mean "trust".',
    ("--set", "trust=high"): 'trust is "high"; expected a share from 0 to 1.',
    ("--set", "trust"): '--set is "trust"; expected PARAM=VALUE',
    ("--event", "buses.seats=9"): '--event is "buses.seats=9"; expected ID.time=TIME',
    ("--event", "bus.time=2030-05-07T10:00+02:00"): 'there is no event "bus"',
    ("--event", "buses.time=noon"): "the time of event buses is wrong: ",
    ("--sample", "."): "sample.csv does not exist",
}
OF_PAIRS = {
    ("--hold", "x"): '--hold is "x"; expected PARAM=VALUE',
    ("--hold", "car_share=17"): 'car_share is "17"; expected a share from 0 to 1.',
    ("--at", "noon"): '--at: "noon" is not a time',
    ("--at", "2031-05-07T10:00+02:00"): "--at is 2031-05-07T10:00+02:00; expected a time from",
    ("--do", "gard.words@2030-05-06T10:00+02:00"): '--do: there is no party "gard"',
    ("--coding", "pln"): '--coding: there is no "pln" in the game; did you mean "plain".',
    ("--account", "holow"): '--account: there is no "holow" in the game; did you mean "hollow".',
}


@pytest.mark.parametrize(("command", "wrong"), [("run", MANY_WRONG), ("whatif", MANY_WRONG | OF_PAIRS)])
def test_all_that_is_wrong_with_a_question_is_told_at_once(command: str, wrong: dict[tuple[str, str], str]) -> None:
    """Every faulty option has one sentence, whether its form, its name or its value is wrong; none is told twice."""
    told = refused(command, "demo-valley", *(word for pair in wrong for word in pair)).splitlines()
    assert len(told) == len(wrong), told
    for sentence in wrong.values():
        assert sum(sentence in line for line in told) == 1, sentence


def test_a_case_that_is_not_there_is_told_with_what_is_wrong_beside_it() -> None:
    """The options of such a question can only be read, not held against the case."""
    told = refused("whatif", "demo-vally", "--runs", "0", "--set", "trst=1", "--event", "buses").splitlines()
    assert len(told) == 3
    assert told[-1].startswith('there is no case "demo-vally"')


@pytest.mark.parametrize("command", ["run", "whatif"])
def test_the_help_shows_what_most_need_first(command: str) -> None:
    """The same ten options come first, then --help; the others stand under headings of their own."""
    told = call(command, "--help").stdout
    headings = re.findall(r"^(\S.*):$", told, re.MULTILINE)
    assert headings[0] == "Options" and len(headings) == {"run": 7, "whatif": 7}[command]
    first = told.split("Options:")[1].split(f"{headings[1]}:")[0]
    common = ["runs", "seed", "workers", "out", "set", "event", "routes", "from-priors", "no-report", "resume"]
    assert re.findall(r"^  --([a-z-]+)", first, re.MULTILINE) == common
    assert "--coding" in told and "RANGE" not in told and "x>=" not in told


def copy_of(case: str) -> Path:
    """A case's folder, to be spoiled."""
    shutil.copytree(find_case(case), "case")
    return Path("case")


FAULTS = {  # file, what is there, what stands in its place, where it is told
    "unknown column": ("routes.csv", "id,start,end,km,", "id,start,end,kilometres,", "routes.csv:1: "),
    "duplicate name": ("events.csv", "quiet,2030", "fighting,2030", "events.csv:3: "),
    "undefined place": ("routes.csv", "side-fork,side", "side-fork,sid", "routes.csv:4: "),
    "negative capacity": ("routes.csv", "40,600", "40,-600", "routes.csv:2: "),
    "text for a number": ("routes.csv", "40,600", "40,many", "routes.csv:2: "),
    "time without zone": ("events.csv", "T10:00+02:00", "T10:00", "events.csv:2: "),
    "step of zero": ("case.yaml", "step_minutes: 30", "step_minutes: 0", "case.yaml:8: "),
    "unknown event": ("events.csv", ",attack,", ",atack,", "events.csv:2: "),
    "unknown role": ("places.csv", ",junction,", ",crossroads,", "places.csv:5: "),
    "share above 1": ("people.csv", "900,=car_share", "900,1.5", "people.csv:2: "),
    "unknown parameter": ("routes.csv", "=pass_capacity", "=pas_capacity", "routes.csv:5: "),
    "empty source": ("people.csv", "assumed (invented)", "", "people.csv:2: "),
    "broken YAML": ("case.yaml", "clock:", "clock: [", "case.yaml:"),
    "no text": ("people.csv", "upper", "\x00", "people.csv"),
}  # fmt: skip


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_folder_is_refused(name: str, command: str) -> None:
    """By `run` and by `check` alike: file and line, exit code 2, and no folder of results."""
    file, old, new, where = FAULTS[name]
    path = copy_of("demo-valley") / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    done = call(command, "case")
    assert done.exit_code == 2
    assert any(line.startswith(where) and "expected" in line for line in done.stderr.splitlines()), done.stderr
    assert [path.name for path in Path().iterdir()] == ["case"]


def test_all_faults_are_told_at_once() -> None:
    """Three mistakes in three files, three sentences."""
    folder = copy_of("demo-valley")
    for name in ("negative capacity", "unknown event", "share above 1"):
        file, old, new, _ = FAULTS[name]
        (folder / file).write_text((folder / file).read_text().replace(old, new, 1))
    told = call("run", "case").stderr.splitlines()
    assert [line.split(":")[0] for line in told] == ["events.csv", "people.csv", "routes.csv"]


def test_a_file_that_is_not_text_is_a_fault() -> None:
    """Bytes that are no UTF-8."""
    (copy_of("demo-valley") / "people.csv").write_bytes(b"place,\xff\xfe\n")
    assert call("run", "case").stderr.startswith("people.csv")


MORE_EVENTS = (  # kind, target, value, to, seats, the sentence that refuses it
    ("capacity", "fork-pass", "200", "pass_gate", "", ""),
    ("shuttle", "middle", "3", "hall", "40", ""),
    ("close", "fork-pass", "", "hall", "", 'to is "hall"; expected an end of that road'),
    ("gather", "upper", "0.5", "hall", "", 'to is "hall"; expected an origin'),
    ("shuttle", "middle", "3", "hall", "", "seats is empty; expected seats in each bus"),
)


@pytest.mark.parametrize("row", MORE_EVENTS)
def test_events_name_an_end_of_a_road_or_a_place_to_go_to(row: tuple[str, ...]) -> None:
    """One direction of a road may be changed, buses may come back, and people gather where people live."""
    kind, target, value, to, seats, sentence = row
    with (copy_of("demo-valley") / "events.csv").open("a") as file:
        file.write(f"more,2030-05-07T11:00+02:00,{kind},{target},{value},{to},{seats},invented,assumed,\n")
    done = call("check", "case")
    assert done.exit_code == (2 if sentence else 0), done.output
    assert sentence in done.stderr


def test_cases_are_listed() -> None:
    """Every shipped case with its title and what it is for; a record without a simulation too."""
    done = call("cases")
    assert done.exit_code == 0
    assert "demo-valley\n  Demo valley, an invented case\n  for: run, whatif, explain, monitor" in done.stdout
    uses = "run, whatif, explain, monitor, accounts, ledger"
    assert re.search(rf"^karabakh\n  .+\n  for: {uses}$", done.stdout, re.MULTILINE)


def test_a_sound_case_is_ready() -> None:
    """Exit code 0 and a sentence."""
    done = call("check", "demo-valley")
    assert (done.exit_code, done.stdout) == (
        0,
        "demo-valley is ready to run; also in order: monitor and accounts, story, codings, coupling.\n",
    )


OUTCOMES = {
    "persons_at_start", "persons_arrived", "hours_to_50pct", "hours_to_90pct", "mean_trip_hours", "longest_trip_hours",
    "longest_queue_km", "longest_queue_vehicles", "peak_arrivals_per_hour", "persons_in_state_shelter",
}  # fmt: skip


def test_a_run_writes_what_it_promises() -> None:
    """Tables in out/CASE with their columns and keys, every hour once, no working files left."""
    done = call("run", "demo-valley", "--runs", "4", "--no-report", "--workers", "1")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.endswith("\nTables: out/demo-valley\n")
    out = Path("out/demo-valley")
    assert {path.name for path in out.iterdir()} == {
        "arrivals.csv",
        "series.parquet",
        "runs.parquet",
        "summary.json",
        "provenance.json",
        "manifest.json",
    }
    with (out / "arrivals.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["time", "place", "quantity", "p05", "p25", "p50", "p75", "p95", "recorded"]
    head = [row for row in rows if (row["place"], row["quantity"]) == ("Pass Gate", "cum_arrivals_persons")]
    times = [datetime.fromisoformat(row["time"]) for row in head]
    assert len(times) >= 73
    assert all(time.tzinfo for time in times)
    assert any(row["recorded"] for row in head)
    summary = json.loads((out / "summary.json").read_text())
    assert OUTCOMES | {"scores", "n_claims", "n_parameters", "n_assumed", "n_runs", "n_failed_runs"} <= set(summary)
    assert (summary["n_runs"], summary["n_failed_runs"]) == (4, 0)
    assert all(set(summary[name]) >= {"p05", "p25", "p50", "p75", "p95"} for name in OUTCOMES)
    provenance = json.loads((out / "provenance.json").read_text())
    assert (provenance["seed"], provenance["n_runs"], provenance["drawn_from"]) == (0, 4, "priors")


def test_what_is_set_is_kept_and_written_down() -> None:
    """--set holds a parameter, --event moves an event, --routes adds a road; the provenance tells all three."""
    Path("more.csv").write_text(
        "id,start,end,km,speed_kmh,capacity_per_hour,counts_as,source\n"
        "tunnel,fork,pass_gate,3,40,300,pass_gate,assumed\n"
    )
    event = "road-opens.time=2030-05-07T08:00+02:00"
    words = ("--set", "persons_present=3000", "--event", event, "--routes", "more.csv", "--out", "there")
    assert call(*RUN, *words).exit_code == 0
    summary, provenance = (
        json.loads((Path("there") / name).read_text()) for name in ("summary.json", "provenance.json")
    )
    assert summary["persons_at_start"]["p05"] == summary["persons_at_start"]["p95"] == 3000
    assert provenance["parameters_set"] == {"persons_present": "3000"}
    assert provenance["events_moved"] == {"road-opens": "2030-05-07T08:00+02:00"}
    assert "tunnel" in provenance["extra_routes"]


def test_nobody_at_home_is_a_case_too() -> None:
    """With 0 persons present nothing arrives, and that is what is written."""
    done = call(*RUN, "--set", "persons_present=0")
    assert done.exit_code == 0, done.stderr
    assert json.loads(Path("out/demo-valley/summary.json").read_text())["persons_arrived"]["p95"] == 0


def test_a_place_that_cannot_be_written_gives_one_sentence() -> None:
    """The output folder lies under a file."""
    Path("file").write_text("")
    done = call(*RUN, "--out", "file/out")
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "file/out" in done.stderr


def test_a_sample_of_another_case_is_refused() -> None:
    """Its parameters may have the same names; what it was fitted on is not there."""
    Path("other").mkdir()
    about = "# fitted until: 2030-01-03T15:00+00:00\n# fitted on: cum_arrivals_persons at far_gate\n# fitted rows: 9\n"
    Path("other/sample.csv").write_text(f"{about}trust\n0.1\n0.2\n")
    done = call("run", "demo-valley", "--sample", "other")
    assert done.exit_code == 2 and not Path("out").exists()
    assert 'was fitted on cum_arrivals_persons at "far_gate", which the case has not; fit it anew.' in done.stderr


FIT = ("fit", "case", "--until", "2030-05-08T00:00+02:00", "--rounds", "2", "--per-round", "12", "--keep", "20")


def test_a_fit_leaves_its_sample_in_the_case_and_a_run_draws_from_it() -> None:
    """The provenance of the run then tells how the sample was fitted."""
    copy_of("demo-valley")
    done = call(*FIT, "--param", "pass_capacity_per_hour", "--param", "persons_present", "--workers", "1")
    assert done.exit_code == 0, done.stderr
    assert Path("case/sample.csv").exists()
    assert call("run", "case", "--runs", "2", "--no-report", "--workers", "1").exit_code == 0
    provenance = json.loads(Path("out/case/provenance.json").read_text())
    assert provenance["drawn_from"]["fitted until"].startswith("2030-05-08T00:00")
    assert call("run", "case", "--runs", "2", "--no-report", "--workers", "1", "--from-priors").exit_code == 0
    assert json.loads(Path("out/case/provenance.json").read_text())["drawn_from"] == "priors"


def test_a_fit_into_another_folder_leaves_the_case_alone_and_a_run_takes_it_from_there() -> None:
    """It is told as a fit, beside the capped straight line on the same rows."""
    copy_of("demo-valley")
    before = sorted(Path("case").iterdir())
    errors = ("--discrepancy", "0.3", "--alike-hours", "24")
    fitted = call(*FIT, "--param", "pass_capacity_per_hour", "--workers", "1", "--out", "there/fit", *errors)
    assert fitted.exit_code == 0, fitted.stderr
    assert "model 30.0% and 12.0%, alike over 24 hours" in Path("there/fit/sample.csv").read_text()
    assert "A fit, not a validation: " in fitted.stdout
    assert "capped straight line, fitted on the same rows: " in fitted.stdout
    assert sorted(Path("case").iterdir()) == before
    done = call("run", "case", "--runs", "2", "--no-report", "--workers", "1", "--sample", "there/fit")
    assert done.exit_code == 0, done.stderr
    provenance = json.loads(Path("out/case/provenance.json").read_text())
    assert provenance["drawn_from"]["fitted until"].startswith("2030-05-08T00:00")
    Path("there/fit/sample.csv").unlink()
    refused = call("run", "case", "--runs", "2", "--no-report", "--workers", "1", "--sample", "there/fit")
    assert refused.exit_code == 2
    assert "sample.csv does not exist" in refused.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--param", "trst"), 'there is no parameter "trst"; did you mean "trust".'),
        (("--param", "trust"), "1 parameters are to be fitted, 0 of them with a prior"),
        (("--until", "Monday", "--param", "car_share"), '--until: "Monday" is not a time'),
        (("--until", "2030-05-06T07:00+02:00", "--param", "car_share"), "No row is to be fitted"),
    ],
)
def test_a_wrong_fit_gives_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    """Exit code 2, and no sample."""
    copy_of("demo-valley")
    done = call(*FIT, *words)
    assert done.exit_code == 2, done.stderr
    assert done.stderr.startswith(sentence), done.stderr
    assert not Path("case/sample.csv").exists()
