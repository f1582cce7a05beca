"""Work that takes time: what is asked is read strictly; its process, progress, cancelling and going on."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest
from at_the_desk import REPORT, Visitor

from safeconduct.desk.work.works import Works, alive, members
from safeconduct.findings import outcome_words

AT = "/case/demo-valley/jobs"
ARRIVED = outcome_words("persons_arrived")[0]


def works(ana: Visitor) -> Works:
    """The work of the demo's copy."""
    return Works(ana.at.desk.workspace.own / "work" / "demo-valley")


@pytest.mark.parametrize(
    "form",
    [
        {"what": "run", "runs": "0"}, {"what": "run", "runs": "1e9"}, {"what": "run", "seed": "-1"}, {"what": "shell"},
        {"what": "run", "changes": "--out=/etc"}, {"what": "run", "changes": "trust"},
        {"what": "whatif", "changes": ""},
        {"what": "run", "changes": "a=b; rm -rf /"}, {"what": "run", "runs": "5 --out x"},
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_a_sentence_and_starts_nothing(ana: Visitor, form: dict[str, str]) -> None:
    reply = ana.post(AT, form)
    assert reply.status == 422 and works(ana).all() == []


def test_work_of_a_dead_process_is_stopped_and_of_no_folder_is_none(ana: Visitor) -> None:
    """A process of the same number that began at another time is not taken for it."""
    folder = works(ana).folder / "20300506-120000-abcd"
    folder.mkdir(parents=True)
    asked = {"what": "run", "who": "Ana", "at": "2030-05-06T12:00", "question": "5 runs", "data": "x", "total": 5,
             "start": 0, "command": ["run"]}  # fmt: skip
    (folder / "asked.json").write_text(json.dumps(asked))
    (folder / "pid").write_text(f"{os.getpid()} 1\n")
    assert works(ana).find(folder.name).state == "stopped" and alive(folder) == 0
    assert "Go on with it" in ana.get(f"{AT}/{folder.name}").text
    for name in ("..", "x", "20300506-120000-abce", "%2e%2e"):
        assert ana.get(f"{AT}/{name}").status in (404, 422)
    for name in ("asked.json", "..%2fasked.json", "log.txt"):
        assert ana.get(f"{AT}/{folder.name}/file/{name}").status in (404, 422)


def test_a_forecast_is_told_how_many_reports_are_unchecked(ana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the reports known by its time: one that is published later does not count."""
    assert ana.post("/case/demo-valley/inbox/save", REPORT).status == 303
    asked: list[str] = []
    monkeypatch.setattr(Works, "start", lambda self, *given: asked.extend(given[5]) or "20300506-120000-abcd")
    assert ana.post(AT, {"what": "forecast", "as_of": "2030-05-08T19:00"}).status == 303
    assert asked == []
    assert ana.post(AT, {"what": "forecast", "as_of": "2030-05-08T21:00"}).status == 303
    assert asked[0] == "--remark"
    assert re.fullmatch(r"1 of \d+ reports known by then has not been checked by a second person\.", asked[1])


def ended_forecast(who: Visitor) -> Path:
    """The folder of a forecast that was asked for and has ended, with nothing in its results yet."""
    folder = works(who).folder / "20300506-120000-abcd"
    (folder / "out").mkdir(parents=True)
    asked = {"what": "forecast", "who": "Ana", "at": "2030-05-06T12:00", "question": "as of now", "data": "x",
             "total": 0, "start": 0, "command": ["forecast"]}  # fmt: skip
    (folder / "asked.json").write_text(json.dumps(asked))
    (folder / "ended.json").write_text('{"code": 0, "seconds": 1}')
    return folder


def test_a_forecast_has_the_sheet_that_it_wrote_and_no_second_one(ana: Visitor) -> None:
    folder = ended_forecast(ana)
    for name in ("planning.xlsx", "planning.csv", "series.parquet", "arrivals.csv"):
        (folder / "out" / name).write_text("x")
    for page in (ana.get(f"{AT}/{folder.name}").text, ana.get("/case/demo-valley/send").text):
        assert "planning.xlsx" in page and "/sheet" not in page


@pytest.mark.slow
def test_a_run_goes_on_alone_tells_its_progress_and_is_kept(ana: Visitor) -> None:
    """Cancelled once with all that it started, gone on with, and finished: all runs, one result; then compared."""
    assert ana.post(AT, {"what": "run", "runs": "400", "seed": "3"}).status == 303
    one = works(ana).all()[0]
    while not works(ana).find(one.id).done:
        assert works(ana).find(one.id).state == "running"
        time.sleep(0.2)
    pid = alive(one.folder)
    assert ana.post(f"{AT}/{one.id}/cancel", {}).status == 303
    assert works(ana).find(one.id).state == "cancelled"
    time.sleep(0.5)  # after SIGKILL, if it came to that
    assert members(pid) == []
    ana.post(f"{AT}/{one.id}/resume", {})
    events = ana.get(f"{AT}/{one.id}/progress").text
    assert '"state": "done"' in events.splitlines()[-2]
    page = ana.get(f"{AT}/{one.id}").text
    assert "report.html" in page and ARRIVED in page
    assert "sandbox" in ana.get(f"{AT}/{one.id}/file/report.html").headers["content-security-policy"]
    assert ARRIVED in ana.get(f"{AT}/compare?{one.id}=1").text
    summary = json.loads((one.folder / "out" / "summary.json").read_text())
    assert summary["n_runs"] == 400 and summary["n_failed_runs"] == 0


def test_a_forecast_shows_its_doubts_and_what_to_plan_for_and_not_the_runs_behind_it(ana: Visitor) -> None:
    """One figure, not two: the outcomes of the runs are a part of the forecast, which pools them with simple rules."""
    folder = ended_forecast(ana)
    row = {"day": "2030-05-08", "place": "pass_gate", "name": "Pass Gate", "measure": "arrived by the end of the day",
           "unit": "persons", "best_case": 5210.0, "most_likely": 8700.0, "worst_case": 16000.0}  # fmt: skip
    said = {"case": "demo-valley", "as_of": "2030-05-06T12:00+02:00", "doubts": ["No count."], "plan": [row]}
    (folder / "out" / "forecast.json").write_text(json.dumps(said))
    (folder / "out" / "summary.json").write_text(json.dumps({"persons_arrived": {"p05": 1, "p50": 6380, "p95": 9}}))
    page = ana.get(f"{AT}/{folder.name}").text
    assert "To doubt: No count." in page and "8,700" in page and "16,000" in page and "6,380" not in page
