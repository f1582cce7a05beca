"""The file of a posterior sample: it comes back as it was, and a faulty one is refused with every fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from safeconduct.api.fitting import headline_of
from safeconduct.inference import (
    Effort,
    ErrorModel,
    FitRow,
    Question,
    Sample,
    fit,
    read_sample,
    sample_of,
    write_sample,
)
from safeconduct.scenario import Parameter, read_case
from safeconduct.terms import CaseError, Prior, UsageError

UNTIL = datetime(2000, 1, 3, 15, tzinfo=UTC)
GOOD = """# fitted until: 2000-01-03T15:00+00:00
# fitted on: cum_arrivals_persons at gate
# fitted rows: 9
# command: safeconduct fit demo --until 2000-01-03T15:00+00:00
rate,start
900,6.5
950.25,7
"""


def faults_of(tmp_path, text):
    """The sentences with which this file is refused."""
    path = tmp_path / "posterior.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CaseError) as refusal:
        read_sample(path)
    return [str(fault) for fault in refusal.value.faults]


def test_a_sample_comes_back_as_it_was(tmp_path):
    values = np.array([[1 / 3, 1e-7], [98_625.0, -2.5]])
    keys = (("cum_arrivals_persons", "gate"), ("wait_hours", "gate"))
    sample = Sample(("rate", "start"), values, UNTIL, keys, 9, {"seed": "0", "command": "fit: now"})
    write_sample(tmp_path / "posterior.csv", sample)
    found = read_sample(tmp_path / "posterior.csv")
    assert found.values == pytest.approx(values, rel=1e-8)
    assert (found.names, found.fitted_until, found.fitted_targets) == (sample.names, UNTIL, keys)
    assert (found.fitted_rows, found.about) == (9, sample.about)
    assert [path.name for path in Path(tmp_path).iterdir()] == ["posterior.csv"]


def test_draws_go_by_name(tmp_path):
    (tmp_path / "posterior.csv").write_text(GOOD)
    sample = read_sample(tmp_path / "posterior.csv")
    assert sample.draws() == [{"rate": 900.0, "start": 6.5}, {"rate": 950.25, "start": 7.0}]
    assert sample.about["command"] == "safeconduct fit demo --until 2000-01-03T15:00+00:00"


def test_a_fit_says_where_it_comes_from():
    parameter = Parameter("x", 0.0, "1", Prior("normal", (0.0, 1.0)), "assumed")
    rows = (FitRow("cum_arrivals_persons", "gate", 1.0, 1.0, 1.0, 1.0),)
    found = fit(
        Question((parameter,), rows, np.eye(1)),
        lambda values, _: np.array([[v["x"]] for v in values]),
        seed=0,
        effort=Effort(rounds=2, per_round=30, keep=10),
    )
    sample = sample_of(found, UNTIL, error=ErrorModel(), command="fit demo", scenario_hash="abc", code_version="0.1")
    assert sample.values.shape == (10, 1) and sample.fitted_rows == 1
    assert sample.fitted_targets == (("cum_arrivals_persons", "gate"),)
    assert [sample.about[key] for key in ("seed", "scenario", "code")] == ["0", "abc", "0.1"]
    assert sample.about["runs"] == "60 in 2 rounds, 0 failed"
    assert sample.about["priors"] == "x normal(mean=0, sd=1)" and "assumed" in sample.about["errors"]


def test_every_fault_is_told_at_once(tmp_path):
    text = GOOD.replace("2000-01-03T15:00+00:00\n# fitted on", "2000-01-03T15:00\n# fitted on")
    text = text.replace("900,6.5", "many,6.5").replace("950.25,7", "950.25").replace("rows: 9", "rows: nine")
    assert faults_of(tmp_path, text) == [
        'posterior.csv: "fitted rows" unclear; expected a whole number; add how many rows were fitted.',
        'posterior.csv: "fitted until" unclear ("2000-01-03T15:00" states no offset from UTC, such as +04:00); '
        "expected the time of the last row fitted; "
        "write it with safeconduct fit, or add a line such as # fitted until: 2000-01-31T15:00+00:00.",
        'posterior.csv:6: "many"; expected a number; mend it or leave out the line.',
        "posterior.csv:7: 1 numbers; expected 2, as in the header; mend the line.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (GOOD.replace("at gate", "gate"), '"fitted on" unclear'),
        (GOOD.replace("rate,start", "rate,rate"), "a name missing or twice"),
        (GOOD.replace("950.25", "nan"), 'posterior.csv:7: "nan"; expected a number'),
        (GOOD.split("rate,")[0], "no draw"),
        (GOOD.encode("utf-16"), "a byte that is not UTF-8"),
    ],
    ids=["no target", "name twice", "not finite", "empty", "other encoding"],
)
def test_faulty_files_are_refused(tmp_path, text, sentence):
    (found,) = faults_of(tmp_path, text)
    assert sentence in found


def test_a_coarse_fit_says_so_in_its_file():
    parameter = Parameter("x", 0.0, "1", Prior("normal", (0.0, 1.0)), "assumed")
    rows = (FitRow("cum_arrivals_persons", "gate", 1.0, 1.0, 1.0, 1.0),)
    question = Question((parameter,), rows, np.array([[1e-6]]))
    found = fit(question, lambda vs, _: np.array([[v["x"]] for v in vs]), seed=0, effort=Effort(1, 30, 10))
    sample = sample_of(found, UNTIL, error=ErrorModel(), command="fit", scenario_hash="abc", code_version="0.1")
    assert "effective draws" in sample.about["caution"]


def test_a_headline_that_is_no_target_is_refused_before_any_run() -> None:
    """It used to be missed only when the fit, after its last run, was held against it."""
    case = read_case("demo-valley")
    with pytest.raises(UsageError, match="n_persons at nowhere is no target of the case"):
        headline_of(replace(case, headline=("n_persons", "nowhere")))
