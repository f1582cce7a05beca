"""One report is one row: what is derived from claims.csv is what three tables held; rows as people write them."""

from __future__ import annotations

import csv
import io
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from safeconduct.app.main import main
from safeconduct.ledger import append_claims, read_ledger
from safeconduct.monitor import preview, read_monitor_case
from safeconduct.scenario import shipped_cases
from safeconduct.terms import CaseError

BEFORE = (
    Path(__file__).parents[1] / "data" / "one_row"
)  # the tables as they were until they were folded into claims.csv
MOVED = {  # counts of a period: the road was known to be so at its end, not from its first day
    ("CP097", "2023-09-08"), ("CP098", "2023-09-08"),
    ("CP016", "2023-01-20"), ("CP018", "2023-02-10"), ("CP081", "2023-08-24"), ("CP105", "2023-09-20"),
    ("RT16.day", "2020-11-28"), ("RT41.day", "2021-01-01"), ("RT41.total", "2021-01-01"), ("RT44.day", "2021-01-24"),
    ("AG06c.d1", "2022-12-12"),  # Baku named aid alone
    ("CP068", "2023-08-10"),  # an interview of early August
    ("CP113", "2023-09-24"),  # tells of wounded people
    ("CP060", "2023-07-11"),  # holds for a week, as other reports of a closure without an end do
    ("CP076", "2023-08-21"), ("CP084", "2023-08-28"), ("CP086", "2023-08-28"), ("EV031", "2023-09-24"),  # classes said
}  # fmt: skip
NO_PASSAGE = {  # an offer, a dispute that names nobody who could pass, and reports that say nothing of who else could
    "CP062", "E062.d1", "E051", "DP51", "RT15.total", "RT52.total", "CP074", "CP049", "E096", "CP033", "CP040", "CP045",
    "CP066", "EV056",
}  # fmt: skip
SPLIT = {"E083.s3", "E127.s2"}  # parts of E083 and E127 that another outlet, or none, tells
NO_FORECAST = {"AG06d.p", "SU030"}  # an objection, no prediction; a report older than what it was to be the outcome of
MEANT = {"AR182": "AR180"}  # the outcome's words, "100,632 counted", are those of AR180; AR182 is of registered people
NEW_DUTY = "AG03d"  # "protect residents" became a row of the agreement; nothing bore on it before
NO_BEARING = {("AG06f", "E029")}  # a shooting at Martakert, which is not on the corridor
POSITIONS = "AG09a"  # what Baku and Yerevan want of the links: it bears on the clause and disputes no report on it


def before(case: str, name: str) -> list[dict[str, str]]:
    """A table as it was."""
    return list(csv.DictReader((BEFORE / f"{case}-{name}.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("key", ["karabakh", "demo-valley"])
def test_the_derived_tables_are_those_of_before(key: str) -> None:
    """Every row of calendar, bearings and outcomes; the differences are named above."""
    case = read_monitor_case(shipped_cases() / key)
    was = {(r["claim"], r["start"], frozenset(r["out"].split()), frozenset(r["in"].split()), r["holds_days"])
           for r in before(key, "calendar")}  # fmt: skip
    now = {(p.claim, str(p.start), frozenset(p.out or ()), frozenset(p.into or ()), str(p.holds_days or ""))
           for p in case.passages}  # fmt: skip
    assert {row[:2] for row in now - was} == (MOVED if key == "karabakh" else set())
    assert {row[0] for row in was - now} == {row[0] for row in now - was} | (NO_PASSAGE if key == "karabakh" else set())
    bore = {(r["obligation"], r["claim"], r["new_due"], r["note"]) for r in before(key, "bearings")}
    bears = {(b.obligation, b.claim, str(b.new_due or ""), b.note) for b in case.bearings if b.claim not in SPLIT}
    bore = {row for row in bore if row[1] not in NO_FORECAST and row[:2] not in NO_BEARING}
    assert bore <= bears and {row[0] for row in bears - bore} <= {NEW_DUTY, POSITIONS}
    told = {(r["prediction"], r["due"], MEANT.get(r["claim"], r["claim"])) for r in before(key, "predictions")}
    now_told = {(f.prediction, str(f.due or ""), f.claim) for f in case.forecasts}
    assert {row[0] for row in told ^ now_told} == (NO_FORECAST if key == "karabakh" else set())


@pytest.fixture
def valley(tmp_path: Path) -> Path:
    """A copy of the invented case."""
    return Path(shutil.copytree(shipped_cases() / "demo-valley", tmp_path / "valley"))


CLOSED = {
    "id": "N1",
    "reporter": "Valley council (invented)",
    "source_title": "bulletin of 9 May",
    "time": "2030-05-09T07:00",
    "place": "Passtor",
    "actor": "Plain government",
    "action": "road_closed",
    "obligation": "V1",
    "road_out": "nobody",
    "road_in": "nobody",
    "words": "the pass is shut since the morning",
    "closed_hours": "5",
}
OPEN = {
    "id": "N2",
    "reporter": "Plain government (invented)",
    "source_title": "statement of 9 May",
    "time": "2030-05-09",
    "place": "Pass Gate",
    "obligation": "V1",
    "road_out": "everyone",
    "road_in": "everyone",
    "disputes": "N1",
    "words": "the pass is open to all who show papers",
}


def test_a_closure_and_its_dispute_are_one_row_each_and_change_every_view(valley: Path) -> None:
    """From two rows: calendar, obligation, acts, what to watch; nothing else of the folder is touched."""
    held = {path.name: path.read_bytes() for path in valley.iterdir() if path.suffix in (".csv", ".yaml")}
    seen = preview(valley, [CLOSED, OPEN])
    assert {path.name: path.read_bytes() for path in valley.iterdir() if path.suffix in (".csv", ".yaml")} == held
    changed = {table.title: table.rows for table in seen.tables if table.rows}
    assert {row[0] for row in changed["The road: who could pass"]} == {"Valley", "Plain"}
    assert any("N1" in row for row in changed["New acts"])
    assert any("N1" in row[-1] for row in changed["Signs, by kind"])
    assert ("reports that bear on obligations", "12", "14") in changed["Counts"]
    added = append_claims(valley, [CLOSED, OPEN])
    assert [claim.id for claim in added] == ["N1", "N2"]
    case = read_monitor_case(valley)
    assert {(p.claim, p.start, p.out) for p in case.passages if p.claim in ("N1", "N2")} == {
        ("N1", date(2030, 5, 9), ("nobody",)), ("N2", date(2030, 5, 9), ("everyone",)),
    }  # fmt: skip
    assert {b.claim for b in case.bearings if b.obligation == "V1"} >= {"N1", "N2"}
    changes = {name for name, was in held.items() if (valley / name).read_bytes() != was}
    assert changes == {"claims.csv"}
    assert append_claims(valley, [CLOSED, OPEN]) == ()  # the same rows again add nothing


def typed(folder: Path, *rows: dict[str, str]) -> None:
    """Add rows at the end of a claims file, as a person does in a text editor: cells under the headings that it has."""
    file = folder / "claims.csv"
    text = file.read_text(encoding="utf-8")
    head = next(csv.reader(line for line in text.splitlines() if not line.startswith('"#')))
    added = io.StringIO()
    csv.writer(added, lineterminator="\n").writerows([[row.get(name, "") for name in head] for row in rows])
    file.write_text(text + added.getvalue(), encoding="utf-8")


def test_two_rows_from_a_text_editor_and_one_command_change_the_page(valley: Path, tmp_path: Path) -> None:
    """The road, the obligation, the acts and what to watch; a mistyped actor leaves the page as it was."""
    command = ["monitor", str(valley), "--out", str(tmp_path / "out")]
    pages = []
    for rows in ((), (CLOSED, OPEN)):
        typed(valley, *rows)
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 0, done.output
        pages.append((tmp_path / "out" / "monitor.html").read_text(encoding="utf-8"))
    before, after = (dict(sections(page)) for page in pages)
    assert all('"#c-N1"' not in text for text in before.values())
    assert [name for name in ("lately", "obligations", "road", "signs") if '"#c-N1"' not in after[name]] == []
    closures = [re.search(r"since the agreement \(\d+ days\) (\d+) reports? of (\d+)", page, re.I) for page in pages]
    assert [found.groups() for found in closures if found] == [("1", "1"), ("2", "2")]
    assert "disputed by Plain government (invented)" in pages[1]
    against = re.compile(r"9 May 2030, [^<]*, says [^<]*?\. Disputed by Plain government \(invented\)")
    assert against.search(pages[1]) and not against.search(pages[0])
    typed(valley, CLOSED | {"id": "N3", "actor": "Plain govermnent"})
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 2 and 'did you mean "Plain government"?' in done.stderr
    assert (tmp_path / "out" / "monitor.html").read_text(encoding="utf-8") == pages[1]


def sections(page: str) -> list[tuple[str, str]]:
    """The sections of a page by name."""
    return re.findall(r'<section id="(\w+)"(.*?)</section>', page, re.DOTALL)


def test_a_time_without_a_zone_takes_the_cases_and_is_marked(valley: Path) -> None:
    """07:00 in a case timed at +02:00; a place by its other name gets its key; kind, topic and precision are filled."""
    (claim, other) = append_claims(valley, [CLOSED, OPEN])
    assert claim.time is not None and claim.time.utcoffset() == timedelta(hours=2) and claim.time.hour == 7
    assert (claim.time_rule, claim.precision, claim.place, claim.place_said) == (
        "zone of the case", "exact", "pass_gate", "Passtor",
    )  # fmt: skip
    assert (claim.kind, claim.topic) == ("act", "corridor")
    assert (other.time_rule, other.precision, other.kind) == ("", "day", "statement")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"actor": "Plain govermnent"}, 'actor is "Plain govermnent".*did you mean "Plain government"'),
        ({"action": "road_closd"}, 'action is "road_closd".*did you mean "road_closed"'),
        ({"reporter": "Valley council (invnted)"}, 'did you mean "Valley council \\(invented\\)"'),
        ({"place": "Pass Gaet"}, 'place is "Pass Gaet".*did you mean "Pass Gate"'),
        ({"action": "", "quantity": "n_displced_persons", "best": "4"}, 'did you mean "n_displaced_persons"'),
        ({"obligation": "V9"}, 'obligation is "V9"'),
        ({"road_out": "everybody"}, 'road_out is "everybody".*did you mean "everyone"'),
        ({"disputes": "A99"}, 'disputes is "A99"'),
        ({"time": "9 May"}, 'time is "9 May"'),
        ({"colour": "red"}, "colour is an unknown column"),
        ({"id": "A03"}, "which is another claim"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(valley: Path, change: dict[str, str], told: str) -> None:
    """With the right name where one is near."""
    held = (valley / "claims.csv").read_bytes()
    with pytest.raises(CaseError, match=told):
        append_claims(valley, [OPEN | {"disputes": ""}, CLOSED | change])
    assert (valley / "claims.csv").read_bytes() == held


def test_a_new_name_is_near_none_and_stands(valley: Path) -> None:
    """An outlet that no table holds speaks for itself, or for whom its row says."""
    row = CLOSED | {"reporter": "Hill Courier", "behalf": "Valley council (invented)"}
    (claim,) = append_claims(valley, [row])
    ledger = read_ledger(valley)
    assert (ledger.voice(claim), ledger.side(claim)) == ("Valley council (invented)", "Valley")


def test_midnight_of_a_program_is_a_day_and_not_an_hour(valley: Path) -> None:
    """2030-05-09T00:00 without a zone is what programs write for a date; with a zone somebody meant the hour."""
    ends = ("2030-05-09T00:00", "2030-05-09", "2030-05-09T00:00+02:00")
    added = append_claims(valley, [OPEN | {"disputes": "", "id": f"N{n}", "time": time} for n, time in enumerate(ends)])
    assert [claim.precision for claim in added] == ["day", "day", "exact"]
    assert [claim.time_rule for claim in added] == ["", "", ""]


def test_semicolons_decimal_commas_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    """As a spreadsheet of another country saves it; 1,700 could be two numbers and is refused."""
    text = 'reporter;source_title;time;quantity;best;via\nA;b;2030-05;price_ratio;2,5;"x; y"\n'
    (tmp_path / "claims.csv").write_text("\ufeff" + text, "utf-8")
    (claim,) = read_ledger(tmp_path).claims
    assert (claim.best, claim.via, claim.precision, claim.kind) == (2.5, ("x", "y"), "month", "figure")
    (tmp_path / "claims.csv").write_text(text.replace("2,5", "1,700"), "utf-8")
    with pytest.raises(CaseError, match='best is "1,700"'):
        read_ledger(tmp_path)


def test_a_file_keeps_its_separator_its_comments_and_its_columns(tmp_path: Path) -> None:
    """A row that needs a column more adds that column and no other."""
    top = '"# what we were told"\nreporter;source_title;time;quantity;best\n'
    (tmp_path / "claims.csv").write_text(top + "A;b;2030-05;price_ratio;2,5\n", "utf-8")
    append_claims(tmp_path, [{"id": "N1", "reporter": "B", "source_title": "c", "time": "2030-06", "words": "dear"}])
    lines = (tmp_path / "claims.csv").read_text("utf-8").splitlines()
    assert lines[0].strip('"') == "# what we were told"
    assert lines[1] == "reporter;source_title;time;quantity;best;id;words"
    assert lines[3] == "B;c;2030-06;;;N1;dear"
    assert [claim.words for claim in read_ledger(tmp_path).claims] == ["", "dear"]


def test_old_names_of_columns_are_read_with_a_message(tmp_path: Path) -> None:
    """A note is a remark now; severities are not read."""
    text = "id,time,precision,reporter,source_title,severity,note\nA,2030-05-01T00:00Z,day,x,y,3,ours\n"
    (tmp_path / "claims.csv").write_text(text)
    with pytest.warns(FutureWarning, match="severity is no longer|note is now called remark"):
        (claim,) = read_ledger(tmp_path).claims
    assert claim.remark == "ours"
