"""`safeconduct new` and `explain` on the command line: what is written, asked and refused."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from new_tables import write_tables

from safeconduct.app import main
from safeconduct.scenario import check_case, find_case, read_case, shipped_cases

ROOT = Path(__file__).parents[2]
SHIPPED = {path.parent.name for path in shipped_cases().glob("*/case.yaml")}
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run where nothing is, so that whatever they write is seen."""
    monkeypatch.chdir(tmp_path)


def call(*words: str, typed: str | None = None) -> Result:
    """A command, in this process. A traceback would be an exception that is not SystemExit."""
    done = CliRunner().invoke(main, words, input=typed)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def test_new_writes_a_case_and_tells_what_to_measure(tmp_path: Path) -> None:
    """The folder passes check; assumptions come the most influential first; nothing else lies around."""
    words = write_tables(tmp_path)
    there = sorted(tmp_path.iterdir())
    done = call("new", "case", *words)
    assert done.exit_code == 0, done.output
    assert "Measure this first: what moves the persons arrived by 2030-01-0" in done.stdout
    assert re.search(r"^  1\. \w+, [\d.]+ to .* persons \(± [\d,.]+\)$", done.stdout, flags=re.MULTILINE)
    assert done.stdout.endswith("Case: case (5 places, 4 roads, 31,900 persons)\n")
    assert check_case("case") == ()
    assert sorted(tmp_path.iterdir()) == sorted([*there, tmp_path / "case"])


def test_a_folder_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    """--replace replaces a case, and only a case; tables that are refused leave the old one as it was."""
    words = [*write_tables(tmp_path), "--no-measure"]
    assert call("new", "case", *words).exit_code == 0
    (tmp_path / "case" / "mine.txt").write_text("kept until replaced")
    done = call("new", "case", *words)
    assert done.exit_code == 2 and "case is there already" in done.stderr
    bad = write_tables(tmp_path, people="name,lat,lon,people\nA,1,2,x\n")
    assert call("new", "case", "--replace", *bad, "--no-measure").exit_code == 2
    assert (tmp_path / "case" / "mine.txt").exists()
    assert call("new", "case", "--replace", *write_tables(tmp_path), "--no-measure").exit_code == 0
    assert not (tmp_path / "case" / "mine.txt").exists()
    (tmp_path / "thesis").mkdir()
    done = call("new", "thesis", "--replace", *words)
    assert done.exit_code == 2 and "thesis is not a case folder" in done.stderr


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The third file cannot be written: no case, no part of one, and an old case stays."""
    words = [*write_tables(tmp_path), "--no-measure"]
    assert call("new", "case", *words).exit_code == 0
    there, write, count = sorted(tmp_path.rglob("*")), Path.write_text, [0]

    def full(self: Path, *words: object, **more: object) -> int:
        count[0] += 1
        if count[0] == 3:
            raise OSError(28, "No space left on device", str(self))
        return write(self, *words, **more)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(Path, "write_text", full)
    done = call("new", "case", "--replace", *words)
    assert done.exit_code == 1 and done.stderr.endswith(
        "case could not be written (No space left on device); free some room or name another folder.\n"
    )
    assert sorted(tmp_path.rglob("*")) == there


def test_questions_in_the_terminal(tmp_path: Path) -> None:
    """What is not said is asked; an empty answer leaves the default, marked assumed; a number is kept."""
    write_tables(tmp_path)
    answers = ["people.csv", "nowhere.csv", "links.csv", "crossings.csv", "2031-05-06T07:00+02:00", "0.4", "", "", "90"]
    done = call("new", "case", "--interactive", "--no-measure", typed="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    assert "'nowhere.csv' does not exist" in done.output
    text = (tmp_path / "case" / "case.yaml").read_text()
    assert "start: 2031-05-06T07:00+02:00" in text
    assert re.search(r"car_share:\n    value: 0.4\n.*\n    prior: .*\n    source: \"assumed \(said when", text)
    assert re.search(r"checkpoint_seconds:\n    value: 90\n", text) and "threat_felt:\n    value: 0.6\n" in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "a case is made from --people and --roads; give both, or use --interactive or --template."),
        (("--set", "car_shar=1"), 'did you mean "car_share".'),
        (("--set", "car_share=2"), '--set car_share is "2"; expected a number from 0 to 1.'),
        (("--days", "nan"), "'nan' is not a number"),
        (("--start", "9999-12-30T00:00+00:00"), "lies outside the years 1900 to 2200"),
        (("--start", "tomorrow"), '--start is wrong: "tomorrow" is not a time'),
        (("--to", "Brunn"), '--to is "Brunn"; expected a place of people.csv; did you mean "Brun".'),
    ],
)
def test_wrong_words_are_refused(words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    """In a sentence, with exit code 2 and nothing written."""
    tables = write_tables(tmp_path) if words else []
    done = call("new", "case", *tables, *words)
    assert done.exit_code == 2 and says in done.stderr and not (tmp_path / "case").exists()


def test_the_template_is_a_case_that_runs(tmp_path: Path) -> None:
    """Every table of the shipped case, ready to be changed."""
    assert call("new", "mine", "--template").exit_code == 0
    names = {path.name for path in find_case("demo-valley").iterdir()}
    assert {path.name for path in (tmp_path / "mine").iterdir()} == names
    assert check_case("mine") == ()


@pytest.mark.parametrize("key", sorted(SHIPPED - {"demo-valley"}))
def test_explain_works_on_every_shipped_case(key: str) -> None:
    """Quickly: the first lever, its error, and where rows come from. (demo-valley: tests/known/test_levers.py.)"""
    done = call("explain", key, "--quick")
    assert done.exit_code == 0, done.output
    if read_case(key).timeline:
        assert "What this case assumes, phase by phase." in done.stdout
        return
    assert re.search(r"^  1\. [A-Z].*: [\d,.]+.*\n +.* persons arrived \(± [\d,.]+\)", done.stdout, flags=re.MULTILINE)
    assert "Where the rows of the tables come from" in done.stdout


def test_the_tutorial_runs_as_it_stands(tmp_path: Path) -> None:
    """Commands and edits are read from the page, done in their order, and as many as it says."""
    (tmp_path / "docs").mkdir()
    shutil.copytree(ROOT / "docs" / "tutorial", tmp_path / "docs" / "tutorial")
    steps = re.findall(
        r"```console\n\$ safeconduct (.*?)\n```|([Aa]dd to|Write) `([\w./]+)`.*?```text\n(.*?)```", PAGE, flags=re.S
    )
    n_commands, n_edits = 0, 0
    for command, verb, file, text in steps:
        if command:
            done = call(*shlex.split(command))
            assert done.exit_code == 0, done.output
            n_commands += 1
        else:
            old = (tmp_path / file).read_text(encoding="utf-8") if verb != "Write" else ""
            (tmp_path / file).write_text(old + text, encoding="utf-8")
            n_edits += 1
    assert (n_commands, n_edits) == (4, 2) and "**four commands and\ntwo edits by hand**" in PAGE
    report = (tmp_path / "out" / "sarl" / "report.html").read_text(encoding="utf-8")
    assert "The valley of the Sarl" in report and "border office" in report and "relief league" in report
    with (tmp_path / "out" / "sarl" / "arrivals.csv").open(encoding="utf-8") as rows:
        assert any(row.rstrip().endswith(",5100") for row in rows)


def test_the_fault_that_the_tutorial_shows_is_the_one_that_is_told(tmp_path: Path) -> None:
    """The page's example, from the page's table with two numbers exchanged."""
    for name in ("people", "roads", "crossings"):
        shutil.copy(ROOT / "docs" / "tutorial" / f"{name}.csv", tmp_path)
    people = tmp_path / "people.csv"
    people.write_text(people.read_text().replace("47.401,11.742", "11.742,47.401"))
    done = call("new", "sarl", "--people", "people.csv", "--roads", "roads.csv", "--crossings", "crossings.csv")
    assert done.exit_code == 2 and done.stderr.strip() in PAGE
