"""The commands comparators and monitor --signs: what they print and write, and how faults of a folder are told."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from safeconduct.app import main
from safeconduct.comparators import ANSWER_TARGETS, CEASEFIRE_TABLES, predict_case, read_ceasefires, read_compared
from safeconduct.comparators.predictors import PREDICTORS
from safeconduct.comparators.scores import leave_one_case_out
from safeconduct.findings.comparators.comparators import score_table
from safeconduct.findings.monitor.signs import ETHICAL_NOTE
from safeconduct.scenario import shipped_cases
from safeconduct.terms import CaseError, role_words_in, verdict_words_in

SHIPPED = shipped_cases() / "comparators"
DOCS = Path(__file__).parents[2] / "docs"
FEW = ("SLE", "COD", "SOS", "CYP")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four of the shipped cases, as a folder of a user's own."""
    folder = tmp_path_factory.mktemp("own")
    shutil.copy(SHIPPED / "codes.csv", folder)
    kept: set[str] = set()
    for name, column in (("cases.csv", "case"), ("challenges.csv", "case")):
        rows = [row for row in csv.DictReader((SHIPPED / name).open(encoding="utf-8")) if row[column] in FEW]
        kept |= {row["id"] for row in rows if "id" in row}
        write(folder / name, rows)
    answers = list(csv.DictReader((SHIPPED / "answers.csv").open(encoding="utf-8")))
    write(folder / "answers.csv", [row for row in answers if set(row["answers_to"].split("; ")) & kept])
    return folder


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def told(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the command prints of the four cases beside the invented one, and where it wrote."""
    out = tmp_path_factory.mktemp("out")
    done = CliRunner().invoke(main, ["comparators", str(small), "--for", "demo-valley", "--full", "--out", str(out)])
    assert done.exit_code == 0, done.output
    return done.output, out


def test_the_terminal_is_short_and_says_the_answer_first(small: Path, tmp_path: Path) -> None:
    """Skill, then what it rests on, in sentences; two tables; every other score is on the page, or behind --full."""
    done = CliRunner().invoke(main, ["comparators", str(small), "--for", "demo-valley", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    assert len(lines) < 30
    assert re.fullmatch(r"\d+ acts of 4 other ceasefires whose answer was looked for, .*", lines[0])
    assert lines[1].startswith("The hierarchical model has ")
    assert "who knew the answers" in lines[2]
    assert "--full" in done.stdout and "Calibration" not in done.stdout
    assert re.search(r"2030-05-04 +│ pass shut +│ 0\.\d\d \(0\.\d\d-0\.\d\d\) +│ mediation", done.stdout)


def test_the_terminal_says_whether_there_is_skill(told: tuple[str, Path]) -> None:
    """Both targets, and the same sentences as the page."""
    output, out = told
    page = (out / "comparators.html").read_text("utf-8")
    assert re.search(r"hierarchical model has (no skill beyond|some skill on)", output)
    for sentence in re.findall(r"^(?:The hierarchical model has|Kind, mandate and strength).*$", output, flags=re.M):
        assert sentence.replace("'", "&#39;") in page
    assert output.count("each case left out in turn") == 2 and output.count("Calibration:") == 2


def test_the_page_has_every_act_and_loads_nothing(told: tuple[str, Path], small: Path) -> None:
    page = (told[1] / "comparators.html").read_text("utf-8")
    acts = [act for case in read_ceasefires(small).cases for act in case.challenges]
    assert page.count("<tr data-case=") == len(acts)
    assert page.count('class="chart calibration"') == 2 and page.count('class="case"') == len(FEW)
    assert not re.search(r"<(?:script|img|link)[^>]+(?:src|href)=", page) and "default-src 'none'" in page


def test_a_case_of_ones_own_stands_beside_them(told: tuple[str, Path]) -> None:
    """Each act of the invented case with a chance, its interval and what was recorded."""
    rows = list(csv.DictReader((told[1] / "comparators_case.csv").open(encoding="utf-8")))
    assert [(row["act"], row["strongest answer recorded"]) for row in rows] == [
        ("A03", "mediation"),
        ("A06", "none found"),
    ]
    for row in rows:
        mean, low, high = (float(n) for n in re.findall(r"\d\.\d\d", row["model"]))
        assert 0 <= low <= mean <= high <= 1


FAULTS = [
    ("challenges.csv", "fire", "fyre", 'kind is "fyre"'),
    ("challenges.csv", "2000-05-01", "May 2000", 'date is "May 2000"'),
    ("challenges.csv", "on_force,5,yes", "on_force,9,yes", 'severity is "9"'),
    ("challenges.csv", "on_force,5,yes", "on_force,5,no", "answers.csv has an answer to it"),
    ("challenges.csv", "on_force,3,no", "on_force,3,yes", "an answer to it in answers.csv"),
    ("answers.csv", "SLE03", "SLE99", 'answers_to is "SLE99"'),
    ("answers.csv", "enforcement", "enforced", 'answer is "enforced"'),
    ("cases.csv", "2000-01/2000-09", "2000-09/2000-01", "write the earlier month first"),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), FAULTS, ids=[f"{f[0]}: {f[2]}" for f in FAULTS])
def test_a_fault_is_told_with_file_and_line(
    small: Path, tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    shutil.copytree(small, tmp_path / "faulty")
    path = tmp_path / "faulty" / file
    text = path.read_text("utf-8")
    assert old in text
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CaseError) as error:
        read_ceasefires(tmp_path / "faulty")
    assert said in str(error.value) and f"{file}:{line}:" in str(error.value)


def test_the_command_refuses_with_code_2(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["comparators", str(tmp_path)])
    assert done.exit_code == 2 and "holds no comparators" in done.output
    done = CliRunner().invoke(main, ["comparators", "--for", "nowhere", "--out", str(tmp_path / "out")])
    assert done.exit_code == 2 and not (tmp_path / "out").exists()
    done = CliRunner().invoke(main, ["monitor", "demo-valley", "--prospective"])
    assert done.exit_code == 2 and "--signs" in done.output
    done = CliRunner().invoke(main, ["monitor", "demo-valley", "--signs", "--format", "csv"])
    assert done.exit_code == 2 and "--signs stands alone" in done.output


def test_faults_of_a_compared_case_are_told(tmp_path: Path) -> None:
    """A move without a kind, an unknown setting, an unknown coding."""
    folder = tmp_path / "case"
    shutil.copytree(shipped_cases() / "demo-valley", folder)
    path = folder / "codings" / "compared.yaml"
    good = path.read_text("utf-8")
    for old, new, said in (
        (", A06: fire", "", "kinds is without A06"),
        ("mandate: 1", "mandate: 7", "less than or equal to 3"),
        ("codings: [plain]", "codings: [plane]", 'codings is "plane", of which there is no file'),
        ("mandate_range: [0, 2]", "mandate_range: [2, 0]", "from the lowest to the highest"),
        ("until: 2030-05-31", "until: 2030-04-30", "until on or after from"),
        ("scopes: [zone]", "scopes: [zome]", "zome: no move of acts.csv"),
    ):
        path.write_text(good.replace(old, new), encoding="utf-8")
        with pytest.raises(CaseError, match=said):
            read_compared(folder)


def test_a_kind_that_the_codebook_does_not_have_is_told(tmp_path: Path) -> None:
    """It would else be foretold as if nothing were known of its kind."""
    folder = tmp_path / "case"
    shutil.copytree(shipped_cases() / "demo-valley", folder)
    path = folder / "codings" / "compared.yaml"
    path.write_text(path.read_text("utf-8").replace("A06: fire", "A06: fier"), encoding="utf-8")
    ceasefires = read_ceasefires(SHIPPED)
    with pytest.raises(CaseError, match='kinds is fier.*did you mean "fire"'):
        predict_case(ceasefires, read_compared(folder), ANSWER_TARGETS[1])


@pytest.mark.parametrize("day", ["2020-11-01", "2023-10-01", ""])
def test_no_look_ahead_over_days_that_nobody_watched(day: str, tmp_path: Path) -> None:
    """Acts of the case are compiled until 19 September 2023: later, and today, none recorded is not none done."""
    moment = ["--as-of", day] if day else []
    command = ["monitor", "karabakh", "--signs", "--prospective", *moment, "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 2 and "until 2023-09-19; expected a look ahead from a day between" in done.output
    assert not (tmp_path / "out").exists()


def test_signs_are_retrospective_unless_asked(tmp_path: Path) -> None:
    """By default scores of past dates; ahead only with the option, and then the ethical note comes first."""
    done = CliRunner().invoke(main, ["monitor", "karabakh", "--signs", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("In retrospect only") and ETHICAL_NOTE not in done.output
    assert done.output.count("month starts were followed by one") == 4
    assert "skill over the base rate" in done.output
    rows = list(csv.DictReader((tmp_path / "signs.csv").open(encoding="utf-8")))
    assert {row["came"] for row in rows} == {"yes", "no"}
    ahead = ["monitor", "karabakh", "--signs", "--prospective", "--as-of", "2022-11-30", "--out", str(tmp_path / "a")]
    done = CliRunner().invoke(main, ahead)
    assert done.exit_code == 0 and done.output.startswith(ETHICAL_NOTE) and "2022-12-01" in done.output
    rows = list(csv.DictReader((tmp_path / "a" / "signs.csv").open(encoding="utf-8")))
    assert {row["came"] for row in rows} == {"not yet known"}


def test_what_is_scored_as_of_a_date_had_ended_by_then(tmp_path: Path) -> None:
    """As of the end of 2021 no forecast of October or later is scored over 90 days; the earlier ones are the same."""
    found = {}
    for name, more in (("all", []), ("then", ["--as-of", "2021-12-31"])):
        out = tmp_path / name
        done = CliRunner().invoke(main, ["monitor", "karabakh", "--signs", *more, "--out", str(out)])
        assert done.exit_code == 0, done.output
        rows = csv.DictReader((out / "signs.csv").open(encoding="utf-8"))
        found[name] = {(r["step"], r["days"], r["as_of"]): r for r in rows}
    assert max(key[2] for key in found["then"] if key[1] == "90") == "2021-10-01"
    for key, row in found["then"].items():
        same = {name: value for name, value in found["all"][key].items() if name != "came"}
        assert same == {name: value for name, value in row.items() if name != "came"}


def test_a_case_too_young_to_score_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["monitor", "demo-valley", "--signs", "--out", str(tmp_path)])
    assert done.exit_code == 0 and "nothing can be scored" in done.output


def test_the_note_is_that_of_the_docs() -> None:
    text = " ".join((DOCS / "ethics.md").read_text("utf-8").split())
    assert ETHICAL_NOTE in text


def test_our_own_words_give_no_verdict_and_name_no_roles() -> None:
    """In every cell that is ours; titles, addresses and what others say of a row are theirs."""
    theirs = {"source_title", "address", "sources", "other_readings", "disputed_by"}
    for table in CEASEFIRE_TABLES:
        for number, row in enumerate(csv.DictReader((SHIPPED / table.file).open(encoding="utf-8")), start=2):
            ours = " ".join(value for name, value in row.items() if name not in theirs)
            assert verdict_words_in(ours) == () and role_words_in(ours) == (), f"{table.file}:{number}"


def test_the_plain_scores_of_the_docs_are_those_of_the_data() -> None:
    """Rows that need no fit are made anew; the page's sentence on the record's own counts as well."""
    text = (DOCS / "comparators.md").read_text("utf-8")
    plain = tuple(one for one in PREDICTORS if not one.is_model)
    for target in ANSWER_TARGETS:
        for row in score_table(leave_one_case_out(read_ceasefires(SHIPPED), target, plain)).rows:
            assert f"| {' | '.join(row)} |" in text
