"""Everything that a person can get wrong in a case folder is told in one sentence, with file and line.

Each mistake below is made in a copy of the invented case `demo-valley`. The sentences are those of the table in
`docs/case-folder.md`; a test holds the page to them.
"""

# ruff: noqa: E501 - a mistake stands on one line, so that the table can be read
from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from safeconduct.scenario import check_case, find_case, read_case
from safeconduct.terms import CaseError

PAGE = (Path(__file__).parents[2] / "docs" / "case-folder.md").read_text("utf-8").splitlines()


@dataclass(frozen=True)
class Mistake:
    """One mistake: in one file, some words are replaced by others."""

    name: str
    file: str
    old: str
    new: str
    sentence: str  # how the sentence about it starts


MISTAKES = (
    Mistake("unknown column", "routes.csv", "id,start,end,km,", "id,start,end,kilometres,", "routes.csv:1: unknown column"),
    Mistake("missing column", "people.csv", "weight_persons,", "", 'people.csv:1: no column "weight_persons"'),
    Mistake("column given twice", "places.csv", "key,name,other_name", "key,name,name", "places.csv:1: column"),
    Mistake(
        "duplicate name",
        "places.csv",
        "middle,Middle",
        "upper,Upper,,46.6,10.1,origin,,,,assumed,,\nmiddle,Middle",
        'places.csv:3: key is "upper"',
    ),
    Mistake("duplicate id", "events.csv", "quiet,2030", "fighting,2030", 'events.csv:3: id is "fighting"'),
    Mistake("place that no table defines", "routes.csv", "side-fork,side", "side-fork,sid", 'routes.csv:4: start is "sid"'),
    Mistake(
        "place that no road names",
        "places.csv",
        "lakeside,Lakeside",
        "island,Island,,46.5,10.3,junction,,,,assumed,,\nlakeside,Lakeside",
        'places.csv:9: key is "island", which no road names',
    ),
    Mistake("road from a place to itself", "routes.csv", "upper,middle", "upper,upper", 'routes.csv:2: end is "upper"'),
    Mistake("negative number", "routes.csv", "40,600", "40,-600", 'routes.csv:2: capacity_per_hour is "-600"'),
    Mistake("length of zero", "routes.csv", "middle,4.5", "middle,0", 'routes.csv:2: km is "0"'),
    Mistake("text for a number", "routes.csv", "40,600", "40,many", 'routes.csv:2: capacity_per_hour is "many"'),
    Mistake("decimal comma", "routes.csv", "middle,4.5", 'middle,"4,5"', 'routes.csv:2: km is "4,5"'),
    Mistake("infinite number", "people.csv", "upper,900", "upper,1e999", 'people.csv:2: weight_persons is "1e999"'),
    Mistake("empty cell", "people.csv", "upper,900", "upper,", "people.csv:2: weight_persons is empty"),
    Mistake("empty source", "people.csv", "assumed (invented)", "", "people.csv:2: source is empty"),
    Mistake("empty source of a parameter", "case.yaml", "assumed (invented)", "''", "case.yaml:14: parameters.persons"),
    Mistake("time without zone", "events.csv", "T10:00+02:00", "T10:00", "events.csv:2: time is"),
    Mistake("no time", "events.csv", "2030-05-06T10:00+02:00", "Monday", 'events.csv:2: time is "Monday"'),
    Mistake("event outside the clock", "events.csv", "2030-05-06T10", "2031-05-06T10", "events.csv:2: time is"),
    Mistake("clock without zone", "case.yaml", "T06:00+02:00", "T06:00", "case.yaml:6: clock.start is"),
    Mistake("end before start", "case.yaml", "end: 2030-05-09", "end: 2030-05-01", "case.yaml:7: clock.end is"),
    Mistake("step of zero", "case.yaml", "step_minutes: 30", "step_minutes: 0", "case.yaml:8: clock.step_minutes is 0"),
    Mistake("unknown kind of event", "events.csv", ",attack,", ",atack,", 'events.csv:2: kind is "atack"'),
    Mistake("event without its value", "events.csv", "0.6", "", "events.csv:2: value is empty"),
    Mistake("value where none is meant", "events.csv", "fork-pass,,", "fork-pass,5,", 'events.csv:6: value is "5"'),
    Mistake("target that is no road", "events.csv", "open,fork-pass", "open,fork", 'events.csv:6: target is "fork"'),
    Mistake("unknown region", "events.csv", "region:Valley", "region:Vally", 'events.csv:2: target is "region:Vally"'),
    Mistake("convoy without seats", "events.csv", "hall,40", "hall,", "events.csv:8: seats is empty"),
    Mistake("unknown prior", "case.yaml", "{normal: [", "{gaussian: [", "case.yaml:13: parameters.persons_present.prior"),
    Mistake("prior in wrong order", "case.yaml", "[30, 120]", "[120, 30]", "case.yaml:19: parameters.pass_capacity"),
    Mistake("prior of wrong length", "case.yaml", "[30, 120]", "[30]", "case.yaml:19: parameters.pass_capacity"),
    Mistake("value outside its prior", "case.yaml", "value: 0.6", "value: 0.9", "case.yaml:23: parameters.car_share"),
    Mistake("share of a parameter above 1", "case.yaml", "value: 0.6", "value: 60", "case.yaml:23: parameters.car_share"),
    Mistake("parameter without unit", "case.yaml", "    unit: persons\n", "", "case.yaml:10: parameters.persons_present"),
    Mistake("number in quotes", "case.yaml", "value: 4000", "value: '4000'", "case.yaml:11: parameters.persons_present"),
    Mistake("unknown quantity", "case.yaml", "- wait_hours", "- wait_ours", 'case.yaml:41: record.7 is "wait_ours"'),
    Mistake("target that no road counts", "case.yaml", "place: pass_gate", "place: fork", "case.yaml:44: targets.0.place"),
    Mistake("unknown name in case.yaml", "case.yaml", "step_minutes:", "step_minute:", "case.yaml:8: clock.step_minute"),
    Mistake("name missing in case.yaml", "case.yaml", "headline:", "# headline:", "case.yaml:1: headline is missing"),
    Mistake("name twice in case.yaml", "case.yaml", "parameters:", "record: []\nparameters:", "case.yaml:34: record is given twice"),
    Mistake("alias in case.yaml", "case.yaml", "[cum_arrivals_persons, p", "&a [*a, p", "case.yaml:46: "),
    Mistake("YAML that cannot be read", "case.yaml", "clock:", "clock: [", "case.yaml:"),
    Mistake("claims of a case that is not there", "case.yaml", "headline:", "claims: other\nheadline:", 'case.yaml:46: claims is "other"'),
    Mistake("unknown role", "places.csv", ",junction,", ",crossroads,", 'places.csv:5: role is "crossroads"'),
    Mistake("latitude out of range", "places.csv", "46.60", "146.60", 'places.csv:2: lat is "146.60"'),
    Mistake("unknown parameter", "routes.csv", "=pass_capacity", "=pas_capacity", "routes.csv:5: capacity_per_hour is"),
    Mistake("share outside 0..1", "people.csv", "900,=car_share", "900,1.5", 'people.csv:2: car_share is "1.5"'),
    Mistake("hours of another form", "routes.csv", "yes,yes,,,", "yes,yes,6-22,,", 'routes.csv:2: hours is "6-22"'),
    Mistake("neither yes nor no", "routes.csv", "1,yes,yes", "1,maybe,yes", 'routes.csv:2: is_two_way is "maybe"'),
    Mistake("row too short", "people.csv", "upper,900,", "upper,", "people.csv:2: 5 cells"),
    Mistake("quotes not in pairs", "people.csv", "invented,\n", '"invented,\n', "people.csv:2: broken row"),
    Mistake("people where no one can live", "people.csv", "upper,", "fork,", 'people.csv:2: place is "fork"'),
    Mistake("people of a place twice", "people.csv", "middle,", "upper,", 'people.csv:3: place is "upper"'),
    Mistake("unit of another item", "supplies.csv", ",days,", ",tonnes,", 'supplies.csv:2: unit is "tonnes"'),
    Mistake("checkpoint beside its road", "checkpoints.csv", "pass,pass_gate", "pass,hall", 'checkpoints.csv:2: towards is "hall"'),
    Mistake("unknown category", "checkpoints.csv", "everyone", "doctors", 'checkpoints.csv:2: admits is "doctors"'),
    Mistake("half a booth", "checkpoints.csv", "pass_gate,2", "pass_gate,2.5", 'checkpoints.csv:2: booths is "2.5"'),
    Mistake("claim with low above high", "claims.csv", "3300,,3600", "3600,,3300", "claims.csv:79: best is"),
)  # fmt: skip

WARNINGS = (
    Mistake("rules of older versions", "case.yaml", "parameters:", "rules: {leave: threshold}\nparameters:", "case.yaml:9: rules is"),
    Mistake("latitude and longitude exchanged", "places.csv", "46.60,10.10", "10.10,46.60", "places.csv:2: lat is 10.1"),
    Mistake("road that never opens", "events.csv", ",open,", ",close,", 'routes.csv:5: is_open is "no"'),
    Mistake("road shorter than a straight line", "routes.csv", "fork,pass_gate,7", "fork,pass_gate,4", "routes.csv:5: km is 4"),
    Mistake("parameter that nothing uses", "case.yaml", "ready_median_hours:\n", "ready_hours:\n    unit: hours\n", "case.yaml:28: parameters"),
    Mistake("target without claims", "claims.csv", "n_sheltered_persons", "sheltered", "case.yaml:45: targets.1.place"),
)  # fmt: skip


def broken(folder: Path, mistake: Mistake) -> Path:
    """A copy of the invented case with one mistake in it."""
    shutil.copytree(find_case("demo-valley"), folder)
    path = folder / mistake.file
    text = path.read_text(encoding="utf-8")
    assert mistake.old in text, f"{mistake.name}: {mistake.old!r} is not in {mistake.file}"
    times = -1 if mistake.name in ("semicolons for commas", "road that never opens") else 1
    path.write_text(text.replace(mistake.old, mistake.new, times), encoding="utf-8")
    return folder


def row_of(mistake: Mistake, sentence: str) -> str:
    """The row of the table of faults in the docs, with the sentence that is printed today."""
    return f"| {mistake.name} | `{sentence}` |"


def sentences(folder: Path) -> list[str]:
    """What is wrong with a folder."""
    return [str(fault) for fault in check_case(folder)]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_told_by_file_and_line(tmp_path: Path, mistake: Mistake) -> None:
    """One sentence starts as stated and names what was expected and what to do; no other file is blamed."""
    folder = broken(tmp_path / "case", mistake)
    with pytest.raises(CaseError) as raised:
        read_case(folder)
    told = str(raised.value).splitlines()
    about = [line for line in told if line.startswith(mistake.sentence)]
    assert about, told
    assert "; expected " in about[0] and about[0].endswith(".") and about[0].count("; ") >= 2
    assert len(told) <= 3, told
    assert raised.value.exit_code == 2
    assert row_of(mistake, about[0]) in PAGE


@pytest.mark.parametrize("mistake", WARNINGS, ids=lambda mistake: mistake.name)
def test_what_is_only_odd_is_a_warning(tmp_path: Path, mistake: Mistake) -> None:
    """The case can be read; the warning is kept with it."""
    scenario = read_case(broken(tmp_path / "case", mistake))
    about = [line for line in scenario.warnings if line.startswith(mistake.sentence)]
    assert about, scenario.warnings
    assert row_of(mistake, about[0]) in PAGE


@pytest.mark.parametrize("file", ["case.yaml", "places.csv", "routes.csv", "people.csv"])
def test_a_missing_file_is_told(tmp_path: Path, file: str) -> None:
    """Tables that a case cannot do without."""
    folder = Path(shutil.copytree(find_case("demo-valley"), tmp_path / "case"))
    (folder / file).unlink()
    told = sentences(folder)
    assert len(told) == 1 and told[0].startswith(f"{file}: "), told


def test_a_table_under_another_name_is_found(tmp_path: Path) -> None:
    """roads.csv in place of routes.csv."""
    folder = Path(shutil.copytree(find_case("demo-valley"), tmp_path / "case"))
    (folder / "routes.csv").rename(folder / "route.csv")
    assert sentences(folder)[0].endswith('did you mean "route.csv".')


def write(folder: Path, file: str, content: bytes) -> Path:
    """A copy of the invented case with one file's content replaced."""
    shutil.copytree(find_case("demo-valley"), folder)
    (folder / file).write_bytes(content)
    return folder


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "people.csv: empty file"),
        (b"\n\n", "people.csv: empty file"),
        (b"place,weight_persons,car_share,source,reporter,note\n", "people.csv: table without a row"),
        (b"place,weight_persons,car_share,source,reporter,note\nupper,9,1,a\xff,b,\n", "people.csv:2: a byte"),
    ],
)
def test_content_that_is_no_table_is_told(tmp_path: Path, content: bytes, sentence: str) -> None:
    """Empty files, headers alone, other encodings."""
    told = sentences(write(tmp_path / "case", "people.csv", content))
    assert len(told) == 1 and told[0].startswith(sentence), told


def test_a_directory_for_a_file_is_told(tmp_path: Path) -> None:
    """Something of that name is there, but it cannot be read."""
    folder = Path(shutil.copytree(find_case("demo-valley"), tmp_path / "case"))
    (folder / "people.csv").unlink()
    (folder / "people.csv").mkdir()
    assert sentences(folder)[0].startswith("people.csv: file cannot be read")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Nine mistakes in six files: nine sentences or more, sorted by file and line."""
    names = (
        "duplicate id", "place that no table defines", "length of zero", "empty source", "time without zone",
        "step of zero", "unknown role", "unknown parameter", "claim with low above high",
    )  # fmt: skip
    chosen = [mistake for mistake in MISTAKES if mistake.name in names]
    assert len(chosen) == len(names)
    folder = Path(shutil.copytree(find_case("demo-valley"), tmp_path / "case"))
    for mistake in chosen:
        path = folder / mistake.file
        path.write_text(path.read_text(encoding="utf-8").replace(mistake.old, mistake.new, 1), encoding="utf-8")
    faults = check_case(folder)
    told = [str(fault) for fault in faults]
    assert list(faults) == sorted(faults)
    assert [m.name for m in chosen if not any(line.startswith(m.sentence) for line in told)] == []


def test_what_is_valid_is_not_a_fault(tmp_path: Path) -> None:
    """A byte order mark, Windows line ends, blank lines, a closed road (capacity 0), spaces around cells."""
    folder = Path(shutil.copytree(find_case("demo-valley"), tmp_path / "case"))
    original = read_case("demo-valley")
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = [[f" {cell} " for cell in row] for row in csv.reader(file)]
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, lineterminator="\r\n\r\n").writerows(rows)
    assert read_case(folder).routes == original.routes
    routes = folder / "routes.csv"
    routes.write_text(
        routes.read_text(encoding="utf-8-sig") + "old-track,side,upper,9,20,0,,,,,,,assumed,,\n", encoding="utf-8"
    )
    closed = read_case(folder).routes[-1]
    assert closed.capacity_per_hour.at({}) == 0.0
    assert read_case(folder).warnings == ()
