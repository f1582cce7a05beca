"""`check` reads all that any command reads of a folder, and tells every fault of it at once, by file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from safeconduct.app import main
from safeconduct.scenario import shipped_cases


def spoiled(case: str, into: Path, changes: dict[str, tuple[str, str]]) -> Path:
    """A copy of a shipped folder with one text in each of some files replaced."""
    shutil.copytree(shipped_cases() / case, into)
    for file, (old, new) in changes.items():
        text = (into / file).read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old}"
        (into / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return into


def check(folder: Path | str) -> tuple[int, list[str]]:
    """Exit code and lines of a check."""
    done = CliRunner().invoke(main, ["check", str(folder)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output.splitlines()


IN_A_CASE = {  # file: what stands there, what is put in its place, where the fault is told and how
    "codings/acts.csv": ("2030-01-12", "12 Jan", 'codings/acts.csv:2: date is "12 Jan"'),
    "codings/outside.yaml": ("{}", "word: [{name: a, spans: [{from: x, level: 1}]}]", "codings/outside.yaml:1: "),
    "codings/plain.yaml": (
        "mediation: words",
        "mediation: shouting",
        "codings/plain.yaml:7: answers.mediation is",
    ),
    "codings/strict.yaml": ("from: 2030-01", "from: January", "codings/strict.yaml:5: from is"),
    "codings/compared.yaml": ("mandate: 1", "mandate: 7", 'codings/compared.yaml:4: mandate is "7"'),
    "monitor.yaml": ("title:", "titel:", "monitor.yaml:"),
    "accounts.yaml": ("likely - ", "perhaps - ", "accounts.yaml:"),
    "agreement.csv": ("\nV", "\n\nV1,", "agreement.csv:3: "),
    "routes.csv": ("40,600", "40,many", "routes.csv:2: "),
}


def test_every_fault_of_every_file_of_a_case_is_told_at_once(tmp_path: Path) -> None:
    """Nine files, each with its fault; the sum at the end counts the lines."""
    folder = spoiled("demo-valley", tmp_path / "case", {file: said[:2] for file, said in IN_A_CASE.items()})
    code, lines = check(folder)
    assert code == 2
    for _, _, where in IN_A_CASE.values():
        assert any(line.startswith(where) for line in lines), (where, lines)
    assert lines[-1] == f"{len(lines) - 1} faults in {folder}."
    assert len(lines) == len(set(lines))


IN_COMPARED = {
    (", A06: fire", ""): "codings/compared.yaml:13: kinds is without A06; expected a kind for every move",
    ("codings: [plain]", "codings: [plain, plane]"): 'codings/compared.yaml:10: codings is "plane", of which there is',
    ("scopes: [zone]", "scopes: [zome]"): "codings/compared.yaml:9: scopes is zome: no move of acts.csv is in them",
    ("force: Lakes guard\n", ""): "codings/compared.yaml:1: force is missing",
    ("steps:", "stairs:"): "codings/compared.yaml:14: stairs is",
}


@pytest.mark.parametrize("change", IN_COMPARED)
def test_faults_of_compared_yaml_have_their_line(change: tuple[str, str], tmp_path: Path) -> None:
    """It sets a case beside other ceasefires."""
    code, lines = check(spoiled("demo-valley", tmp_path / "case", {"codings/compared.yaml": change}))
    assert code == 2
    assert any(line.startswith(IN_COMPARED[change]) for line in lines), lines


def test_a_kind_that_the_shipped_ceasefires_have_not_is_a_warning(tmp_path: Path) -> None:
    """The case may be meant for a folder of other ceasefires of one's own."""
    code, lines = check(spoiled("demo-valley", tmp_path / "case", {"codings/compared.yaml": ("fire}", "fier}")}))
    assert code == 0
    assert lines[0].startswith("warning: codings/compared.yaml:13: kinds is fier;")
    assert 'did you mean "fire"' in lines[0]


IN_CEASEFIRES = {
    "cases.csv": ("BIH-EN,", "BIH-XX,", 'challenges.csv:2: case is "BIH-EN"'),
    "challenges.csv": (",ground,4,yes,", ",grund,9,yes,", 'challenges.csv:2: kind is "grund"'),
    "answers.csv": ("BEN01,BEN02,1993-03-12", "BEN01,BEN99,12 March", 'answers.csv:2: answers_to is "BEN99"'),
    "codes.csv": ("kind,words,", "kinds,words,", 'codes.csv:2: column is "kinds"'),
}


def test_a_folder_of_other_ceasefires_is_checked(tmp_path: Path) -> None:
    """All faults of its four tables at once; the shipped one is in order."""
    folder = spoiled("comparators", tmp_path / "own", {file: said[:2] for file, said in IN_CEASEFIRES.items()})
    code, lines = check(folder)
    assert code == 2
    for _, _, where in IN_CEASEFIRES.values():
        assert any(line.startswith(where) for line in lines), (where, lines)
    assert any(line.startswith("answers.csv:2: date is") for line in lines)
    assert check("comparators") == (0, ["comparators has nothing to run; also in order: other ceasefires."])


EMPTY = {  # what is left of a table of other ceasefires -> all that is told
    ("codes.csv", "column,code\n"): 3,  # three columns are missing
    ("cases.csv", ""): 1,
}


@pytest.mark.parametrize("spoilt", EMPTY, ids=lambda spoilt: str(spoilt[0]))
def test_a_table_that_cannot_be_read_is_told_once_and_not_at_every_row_that_uses_it(
    spoilt: tuple[str, str], tmp_path: Path
) -> None:
    """No sentence offers one of nothing."""
    folder = tmp_path / "own"
    shutil.copytree(shipped_cases() / "comparators", folder)
    (folder / spoilt[0]).write_text(spoilt[1])
    code, lines = check(folder)
    assert code == 2 and len(lines) == EMPTY[spoilt] + 1, lines  # the last counts them


def test_a_codebook_without_codes_of_a_column_is_told(tmp_path: Path) -> None:
    """One sentence, in the codebook."""
    folder = tmp_path / "own"
    shutil.copytree(shipped_cases() / "comparators", folder)
    text = (folder / "codes.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "codes.csv").write_text("".join(line for line in text if not line.startswith("strength,")))
    assert check(folder)[1][0].startswith("codes.csv: no code of strength; expected a row for each code")


def test_rows_of_one_id_are_told_and_the_links_of_both_are_followed(tmp_path: Path) -> None:
    """A claim and an obligation twice; the first of the two claims leads nowhere."""
    folder = spoiled("demo-valley", tmp_path / "case", {"claims.csv": (",talks,A03,", ",talks,A99,")})
    claims, agreement = folder / "claims.csv", folder / "agreement.csv"
    rows = claims.read_text("utf-8").splitlines()
    wrong = next(n for n, row in enumerate(rows, 1) if "A99" in row)
    claims.write_text("\n".join([*rows, rows[wrong - 1].replace("A99", "A03")]) + "\n")
    agreement.write_text(agreement.read_text("utf-8") + agreement.read_text("utf-8").splitlines()[1] + "\n")
    code, lines = check(folder)
    assert code == 2
    assert any(line.startswith(f'claims.csv:{wrong}: responds_to is "A99" in claim A04') for line in lines), lines
    assert any(line.startswith(f"claims.csv:{len(rows) + 1}: id is") for line in lines), lines
    assert any(line.startswith("agreement.csv:") and "id is" in line for line in lines), lines


def test_a_character_that_no_editor_shows_is_told(tmp_path: Path) -> None:
    """Such a name looks like the right one, and is another."""
    folder = spoiled("demo-valley", tmp_path / "case", {"names.csv": ("plain,", "pl\x00ain,")})
    code, lines = check(folder)
    assert code == 2
    assert any(line.startswith("names.csv:6:") and "a control character (0x00)" in line for line in lines), lines


def test_codings_of_other_guarantees_and_tables_beside_are_read(tmp_path: Path) -> None:
    """Files of one name in several folders are told apart by the path from the case."""
    changes = {
        "codings/guarantees/abkhazia/acts.csv": ("answers_to", "answers"),
        "codings/comparators.csv": ("probe", "poke"),
        "codings/accounts.csv": ("held_by", "held"),
        "codings/obligations.yaml": ("coding_error_chance: 0", "coding_error_chance: 7"),
    }
    code, lines = check(spoiled("karabakh", tmp_path / "case", changes))
    assert code == 2
    for file in changes:
        assert any(line.startswith(f"{file}:") for line in lines), (file, lines)


def test_what_stands_on_a_sound_case_is_checked(tmp_path: Path) -> None:
    """The coupling, with its line; a fitted sample that is of another case."""
    folder = spoiled("demo-valley", tmp_path / "case", {"coupling.yaml": ("moves: {quiet: 8}", "moves: {silence: 8}")})
    (folder / "sample.csv").write_text(
        "# fitted until: 2030-01-03T15:00+00:00\n# fitted on: a at b\n# fitted rows: 9\nx\n1\n2\n"
    )
    code, lines = check(folder)
    assert code == 2
    assert any(line.startswith('coupling.yaml:18: effects.plain.strike.moves is "silence"') for line in lines), lines
    assert any("sample.csv has parameters that the case has not: x; fit it anew." in line for line in lines), lines
    assert lines[-1] == f"2 faults in {folder}."


def test_shipped_folders_are_in_order_and_told_by_what_was_read() -> None:
    """A whole ceasefire with a fit, and a case with a coupling to a record that lies elsewhere."""
    told = "karabakh is ready to run; also in order: monitor and accounts, story, codings, fitted sample."
    assert check("karabakh") == (0, [told])
    told = "karabakh-2023 is ready to run; also in order: coupling, codings."
    assert check("karabakh-2023") == (0, [told])
