"""Each way in which the tables of `new` can be faulty gives one sentence with file and line; all of them at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from new_tables import CROSSINGS, LINKS, PEOPLE, write_tables

from safeconduct.app import main


def refused(folder: Path, *words: str) -> list[str]:
    """The sentences of a refusal: exit code 2, nothing on standard output, no folder left behind."""
    before = sorted(folder.iterdir())
    done = CliRunner().invoke(main, ["new", str(folder / "case"), "--no-measure", *words])
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert sorted(folder.iterdir()) == before
    return done.stderr.splitlines()


ONE_FAULT = {
    "swapped": (
        PEOPLE.replace("46.55,10.12", "10.12,46.55"), LINKS,
        "people.csv:4: lat is 10.12 and lon 46.55, 5,2", "Cors seems to have lat and lon swapped; exchange the two.",
    ),
    "beyond the pole": (
        PEOPLE.replace("46.60,10.10", "110.10,46.60"), LINKS,
        "people.csv:2: lat is 110.10, while lon is 46.60;", "exchange lat and lon, which seem to be swapped.",
    ),
    "in the sea": (
        PEOPLE.replace("46.55,10.12", "44.00,10.12"), LINKS,
        "people.csv:4: lat is 44 and lon 10.12: 287 km from Brun, to which its road is 13 km;", "may stand in the sea",
    ),
    "zero and zero": (
        PEOPLE.replace("46.55,10.12", "0,0"), LINKS,
        "people.csv:4: lat is 0, and lon too, which is a point in the open sea; expected a position;", "fill in",
    ),
    "disconnected": (
        PEOPLE, LINKS.replace("Brun,Cors,13,tertiary\n", ""),
        'people.csv:4: name is "Cors", from which no road leads to the others;', "(links.csv); add the missing road",
    ),
    "two names": (
        PEOPLE.replace("Cors", "Arel"), LINKS.replace("Brun,Cors,13,tertiary\n", ""),
        'people.csv:4: name is "Arel"; expected a name that line 2 has not used;', "separate them by a column pcode",
    ),
    "zero people": (
        PEOPLE.replace("9000", "0"), LINKS,
        'people.csv:2: people is "0"; expected a number above 0;', "leave it empty for a junction",
    ),
    "too many people": (
        PEOPLE.replace("9000", "1e15"), LINKS,
        'people.csv:2: people is "1e15"; expected a number of at least 0, in persons, at most 10,000,000,000;',
        "correct the",
    ),
    "thousands or a fraction": (
        PEOPLE.replace("9000", "9.000"), LINKS,
        'people.csv:2: people is "9.000"; expected a whole number (it may be 9 or 9,000);', "write 9000 or 9.",
    ),
    "a heading over two columns": (
        "\n".join(f"{row},{'people' if n == 0 else 900}" for n, row in enumerate(PEOPLE.splitlines())), LINKS,
        'people.csv:1: heading "people" over the columns', "rename or remove one of them.",
    ),
    "decimal comma": (
        PEOPLE.replace("46.55", '"46,55"'), LINKS,
        'people.csv:4: lat is "46,55"; expected a number, in degrees;', "write the decimal mark as a point",
    ),
    "other encoding": (
        PEOPLE.encode() + "Málbor,46.57,10.2,7\n".encode("cp1252"), LINKS + "Brun,Málbor,4,track\n",
        'people.csv:6: bytes that are not UTF-8, perhaps "Málbor" in Windows-1252;', "save the file again",
    ),
    "read wrongly once": (
        PEOPLE + "MÃ¡lbor,46.57,10.2,7\n", LINKS + "Brun,malbor,8,track\n",
        'people.csv:6: "MÃ¡lbor", which looks like "Málbor" read in a wrong encoding;', "correct the line.",
    ),
    "UTF-16": (PEOPLE.encode("utf-16"), LINKS, "people.csv:1: text in UTF-16; expected text in UTF-8;", "CSV UTF-8"),
    "unknown end": (
        PEOPLE, LINKS.replace("Brun,Cors", "Brun,Corss"),
        'links.csv:3: to is "Corss"; expected the name, key or P-code', 'did you mean "Cors".',
    ),
    "unknown class": (
        PEOPLE, LINKS.replace("tertiary", "tertiery"),
        'links.csv:3: class is "tertiery"; expected one of motorway, trunk,', 'did you mean "tertiary".',
    ),
    "no column": (
        PEOPLE.replace("people", "menschen"), LINKS,
        'people.csv:1: no column for people among "name", "lat", "lon", "menschen"; expected a column headed people or',
        "add it.",
    ),
    "empty": ("", LINKS, "people.csv: empty file; expected a first line such as name,lat,lon,people;", "add"),
    "one way in": (
        PEOPLE, "from,to,km,two_way\nBrun,Arel,14.5,no\nBrun,Cors,13,yes\nBrun,Delt,17,\nDelt,Pass,9,\n",
        'people.csv:2: name is "Arel", from which no road leads to a crossing, camp or shelter as roads may be driven;',
        "correct two_way",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_FAULT)
def test_a_fault_is_told_with_file_and_line(name: str, tmp_path: Path) -> None:
    """Starts with where it stands and what was found, ends with what to do; nothing else is told."""
    people, links, starts, ends = ONE_FAULT[name]
    told = refused(tmp_path, *write_tables(tmp_path, people, links))
    fitting = [line for line in told if line.startswith(starts) and ends in line]
    assert len(fitting) == 1, told
    assert len(told) == 1, told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Every row of these tables is wrong in its own way, and each is named."""
    people = PEOPLE.replace("46.60,", "46x60,").replace("22000", "0").replace("46.55,10.12", "10.12,46.55")
    links = LINKS.replace("14.5", '"14,5"').replace("17,primary", "-17,primary").replace("tertiary", "path")
    told = refused(tmp_path, *write_tables(tmp_path, people, links, CROSSINGS.replace("10.45", "")))
    assert sorted({line.split(": ")[0] for line in told}) == [
        "crossings.csv:2", "links.csv:2", "links.csv:3", "links.csv:4", "people.csv:2", "people.csv:3", "people.csv:4",
    ]  # fmt: skip


def test_a_whole_table_of_swapped_coordinates_is_suspected_in_one_sentence(tmp_path: Path) -> None:
    """East-west roads are then shorter than a straight line: 0.14 degrees are 10.7 km at 46 north, 15.3 at 10."""
    people = "name,lat,lon,people\n" + "".join(f"P{i},{10 + i / 10},46.5,100\n" for i in range(10))
    links = "from,to,km\n" + "".join(f"P{i},P{i + 1},8\n" for i in range(9))
    told = refused(tmp_path, *write_tables(tmp_path, people, links, None))
    assert len(told) == 1 and told[0].startswith(
        "people.csv:2: lat is 10 and lon 46.5, with which most roads are short"
    )
    assert "lat and lon of the whole table seem to be swapped" in told[0]


def test_suspicions_can_be_overruled_and_faults_cannot(tmp_path: Path) -> None:
    """A place that looks to be in the sea is taken with --as-given, and that is told; zero people are not."""
    words = write_tables(tmp_path, PEOPLE.replace("46.55,10.12", "44.00,10.12"))
    done = CliRunner().invoke(main, ["new", str(tmp_path / "case"), "--no-measure", "--as-given", *words])
    assert done.exit_code == 0 and "Taken as given: people.csv:4: lat is 44" in done.stdout
    refused(tmp_path, "--as-given", *write_tables(tmp_path, PEOPLE.replace("9000", "0")))


def test_one_name_may_stand_twice_where_codes_tell_the_two_apart(tmp_path: Path) -> None:
    """Links then use the code; a name that two share names neither."""
    people = "name,pcode,lat,lon,people\nArel,01,46.6,10.1,50\nArel,02,46.58,10.24,60\nPass,03,46.5,10.36,\n"
    words = write_tables(tmp_path, people, "from,to,km\n01,02,13\n02,03,18\n", None)
    done = CliRunner().invoke(main, ["new", str(tmp_path / "case"), "--no-measure", "--to", "Pass", *words])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "case" / "people.csv").read_text().splitlines()[1].startswith("01,50,")
    shutil.rmtree(tmp_path / "case")
    told = refused(tmp_path, *write_tables(tmp_path, people, "from,to,km\nArel,03,13\n02,03,18\n", None))
    assert told[0].startswith('links.csv:2: from is "Arel"; expected the name, key or P-code of one place')
