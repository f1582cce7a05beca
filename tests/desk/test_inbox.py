"""Reports that are entered: previewed, saved, checked, undone; changes from outside; nothing confirmed is lost."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from at_the_desk import REPORT, Visitor

from safeconduct.desk.case import rowfile
from safeconduct.desk.case.casefile import CaseFile
from safeconduct.desk.case.journal import Journal, standing
from safeconduct.desk.case.workspace import Workspace
from safeconduct.desk.kept import Kept

SAVE = "/case/demo-valley/inbox/save"
SCRIPT = "<script>alert(1)</script>"


def folder(ana: Visitor) -> Path:
    """The case folder on disk."""
    return ana.at.desk.workspace.folder / "demo-valley"


def claims(ana: Visitor) -> list[dict[str, str]]:
    """The rows of claims.csv."""
    return [dict(row) for _, row in rowfile.rows((folder(ana) / "claims.csv").read_text())]


def revision(ana: Visitor) -> str:
    """The state that a form of the inbox carries."""
    return ana.get("/case/demo-valley/inbox").text.split('name="revision" value="')[1].split('"')[0]


def test_a_preview_tells_what_changes_and_writes_nothing(ana: Visitor) -> None:
    ana.get("/case/demo-valley/inbox")
    before = (folder(ana) / "claims.csv").read_bytes()
    text = ana.post("/case/demo-valley/inbox", REPORT).text
    assert "The road: who could pass" in text and "out: nobody" in text and "Counts" in text
    assert (folder(ana) / "claims.csv").read_bytes() == before


def test_faults_are_told_all_at_once_and_nothing_is_saved(ana: Visitor) -> None:
    ana.get("/case/demo-valley/inbox")
    before = (folder(ana) / "claims.csv").read_bytes()
    wrong = {**REPORT, "kind": "figure", "best": "many", "time": "yesterday", "reporter": ""}
    for path in ("/case/demo-valley/inbox", SAVE):
        text = ana.post(path, wrong).text
        assert "Not ready to save" in text and "Figure is" in text
        assert "When it was so is" in text and "Who says so is" in text
        assert 'value="many"' in text  # what was typed is still there
    assert (folder(ana) / "claims.csv").read_bytes() == before


def test_a_saved_report_is_a_row_a_line_of_the_journal_and_a_change_of_the_monitor(ana: Visitor) -> None:
    reply = ana.post(SAVE, {**REPORT, "why": "radio at noon", "revision": revision(ana)})
    assert reply.status == 303 and "saved=R1&" in reply.headers["location"]
    row = claims(ana)[-1]
    assert row["id"] == "R1" and row["words"] == REPORT["words"] and row["published_rule"] == "recorded"
    entered = Journal(folder(ana)).entries()[-1]
    assert (entered.who, entered.what, entered.claims, entered.why) == ("Ana", "entered", ("R1",), "radio at noon")
    assert "the pass is shut again" in ana.get("/case/demo-valley/").text
    assert "the pass is shut again" not in ana.get("/case/demo-valley/?checked=1").text
    assert "the pass is shut again" not in ana.get("/case/demo-valley/?as_of=2030-05-07").text


def test_undo_gives_the_file_back_byte_for_byte_and_no_name_is_used_twice(ana: Visitor) -> None:
    before = (folder(ana) / "claims.csv").read_bytes()
    ana.post(SAVE, REPORT)
    assert ana.post("/case/demo-valley/inbox/undo", {"claim": "R1", "why": "typed twice"}).status == 303
    assert (folder(ana) / "claims.csv").read_bytes() == before
    ana.post(SAVE, REPORT)
    assert claims(ana)[-1]["id"] == "R2"
    assert [e.what for e in Journal(folder(ana)).entries() if e.claims == ("R1",)][-2:] == ["undoing", "undone"]


def test_what_others_refer_to_or_have_checked_is_not_undone(ana: Visitor) -> None:
    ana.post(SAVE, REPORT)
    against = {"kind": "statement", "disputes": "R1", "words": "it is open", "source_title": "bulletin 10"}
    ana.post(SAVE, {**REPORT, **against})
    assert "R2 refer to it" in ana.post("/case/demo-valley/inbox/undo", {"claim": "R1"}).text
    ben = Visitor(ana.at).come_in("Ben")
    assert ben.post("/case/demo-valley/inbox/check", {"claim": "R2"}).status == 303
    assert "has been checked" in ana.post("/case/demo-valley/inbox/undo", {"claim": "R2"}).text
    assert "was not entered by the form" in ana.post("/case/demo-valley/inbox/undo", {"claim": "A01"}).text


def test_two_names_are_needed_to_check(ana: Visitor) -> None:
    ana.post(SAVE, REPORT)
    assert "another person must have entered it" in ana.post("/case/demo-valley/inbox/check", {"claim": "R1"}).text
    ben = Visitor(ana.at).come_in("Ben")
    assert ben.post("/case/demo-valley/inbox/check", {"claim": "R1"}).status == 303
    assert "the pass is shut again" in ana.get("/case/demo-valley/?checked=1").text
    assert standing(Journal(folder(ana)).entries()).checked["R1"].who == "Ben"


def test_an_edit_from_outside_is_read_and_told_and_never_overwritten(ana: Visitor) -> None:
    seen = revision(ana)
    file = folder(ana) / "claims.csv"
    header = next(csv.reader([line for line in file.read_text().splitlines() if line.startswith("id,")]))
    row = {"id": "X1", "reporter": "Lakes radio (invented)", "source_title": "a sheet", "time": "2030-05-08",
           "published": "2030-05-08", "words": "typed into a spreadsheet"}  # fmt: skip
    with file.open("a", newline="") as out:
        csv.DictWriter(out, header, lineterminator="\n").writerow(row)
    reply = ana.post(SAVE, {**REPORT, "revision": seen})
    assert reply.status == 422 and "changed outside meanwhile" in reply.text and "X1" in reply.text
    assert [row["id"] for row in claims(ana)][-1] == "X1"
    assert ana.post(SAVE, {**REPORT, "revision": revision(ana)}).status == 303
    assert [row["id"] for row in claims(ana)][-2:] == ["X1", "R1"]
    assert "outside the desk" in ana.get("/case/demo-valley/log").text
    assert "typed into a spreadsheet" not in ana.get("/case/demo-valley/reports?checked=1").text


def test_two_who_save_at_once_are_both_saved(ana: Visitor) -> None:
    """A save through the desk is no change from outside."""
    seen = revision(ana)
    ben = Visitor(ana.at).come_in("Ben")
    assert ana.post(SAVE, {**REPORT, "revision": seen}).status == 303
    assert ben.post(SAVE, {**REPORT, "source_title": "bulletin 10", "revision": seen}).status == 303
    assert [row["id"] for row in claims(ana)][-2:] == ["R1", "R2"]


def test_script_in_every_field_stays_text(ana: Visitor) -> None:
    """In the form, the preview, the lists, the report, the journal, the monitor and its one file."""
    from safeconduct.desk import forms

    known = forms.fields(CaseFile(next(ana.at.desk.workspace.cases()), Kept(8)).ledger(), ())
    odd = {f.name: f"{SCRIPT}\"'><img src=x onerror=alert(2)>" for f in known if f.form in ("text", "long")}
    keep = ("time", "until", "published", "due", "disputes", "responds_to", "supersedes", "retells", "obligation")
    for kind in ("act", "figure", "status", "prediction", "statement"):
        form = {**REPORT, **{k: v for k, v in odd.items() if k not in keep}, "kind": kind, "best": "5", "status": "met",
                "why": SCRIPT, "as_it_stands": "1"}  # fmt: skip
        preview = ana.post("/case/demo-valley/inbox", form).text
        saved = ana.post(SAVE, form)
        assert saved.status == 303, saved.text
        pages = [preview] + [
            ana.get(f"/case/demo-valley/{path}").text
            for path in ("", "inbox", "inbox/check", "reports", "log", saved.headers["location"].split("/", 3)[3])
        ]
        name = claims(ana)[-1]["id"]
        pages.append(ana.get(f"/case/demo-valley/report/{name}").text)
        assert not any(SCRIPT in text or "<img src=x" in text for text in pages)
    whole = ana.get("/case/demo-valley/monitor.html").text
    assert SCRIPT not in whole and "<img src=x" not in whole


def test_a_shipped_case_is_never_written_to(ana: Visitor) -> None:
    assert ana.get("/shipped/demo-valley/").status == 200
    assert ana.post("/shipped/demo-valley/inbox/save", REPORT).status in (404, 405)


KILLED = """
import sys
from pathlib import Path
from safeconduct.desk.case.casefile import CaseFile
from safeconduct.desk.case.workspace import Workspace
from safeconduct.desk.kept import Kept
file = CaseFile(Workspace(Path(sys.argv[1])).find("demo-valley"), Kept(8))
n = 0
while True:
    n += 1
    row = {"reporter": "Lakes radio (invented)", "source_title": f"run {sys.argv[2]} no {n}", "words": f"word {n}",
           "time": "2030-05-08", "published": "2030-05-08"}
    print(*file.save([row, {**row, "words": f"second {n}"}], "Ana", "", ""), flush=True)
"""


@pytest.mark.parametrize("wait", [0.02, 0.11, 0.23])
def test_killed_while_saving_it_keeps_all_or_none_of_each_save(ana: Visitor, wait: float) -> None:
    """Every save that was confirmed is there, both rows of each; the next start settles what was begun."""
    ana.get("/case/demo-valley/inbox")
    root = str(ana.at.desk.workspace.folder)
    saver = subprocess.Popen([sys.executable, "-c", KILLED, root, "1"], stdout=subprocess.PIPE, text=True)
    confirmed = [saver.stdout.readline().split()]
    time.sleep(wait)
    saver.send_signal(signal.SIGKILL)
    confirmed += [line.split() for line in saver.stdout.read().splitlines() if line.endswith(" ") or " " in line]
    saver.wait()
    saver.stdout.close()
    CaseFile(Workspace(Path(root)).find("demo-valley"), Kept(8)).catch_up()
    rows = {row["id"]: row for row in claims(ana)}
    for one, two in confirmed:
        assert rows[one]["words"].startswith("word") and rows[two]["words"].startswith("second")
    entered = [row for row in rows.values() if row["source_title"].startswith("run")]
    assert len(entered) % 2 == 0 and len(entered) >= 2 * len(confirmed)
    found = standing(Journal(folder(ana)).entries())
    assert found.open == () and set(found.entered) == {row["id"] for row in entered}
    assert all(entry.who == "Ana" for entry in found.entered.values())
    assert not list(folder(ana).glob(".*.part"))


def test_a_torn_line_of_the_journal_is_passed_over(ana: Visitor) -> None:
    ana.post(SAVE, REPORT)
    with open(folder(ana) / "journal.jsonl", "ab") as out:
        out.write(b'{"number": 99, "at": "2030')
    ana.post(SAVE, {**REPORT, "source_title": "bulletin 10"})
    lines = (folder(ana) / "journal.jsonl").read_text().splitlines()
    assert set(standing(Journal(folder(ana)).entries()).entered) == {"R1", "R2"}
    assert len({json.loads(line)["number"] for line in lines if line.endswith("}")}) == len(lines) - 1
    assert os.stat(folder(ana) / "journal.jsonl").st_size > 0
