"""`safeconduct ledger`: every command on the shipped record; imports of own, HXL and GED tables; what is refused."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from safeconduct.app.commands.ledger import ledger as group
from safeconduct.ledger import read_ledger
from safeconduct.scenario import shipped_cases
from safeconduct.terms import CaseError, SafeconductError, UsageError, role_words_in, verdict_words_in

GED = """id,relid,year,date_prec,date_start,date_end,side_a,side_b,source_original,source_article,where_coordinates,\
latitude,longitude,best,high,low
101,X-1,2030,1,2030-05-07 00:00:00.000,2030-05-07 00:00:00.000,Army A,Band B,council;radio,"Valley News, 8 May 2030",\
Pass Gate,46.54,10.24,4,6,3
102,X-2,2030,4,2030-05-01 00:00:00.000,2030-05-31 00:00:00.000,Army A,Band B,,,Lowtown,46.5,10.36,1,2,0
"""
HXL = """Place,Day,Displaced,Who
#loc+name,#date +reported,#affected+f +displaced,#org
Pass Gate,2030-05-07,"1,250",Relief Group
Lowtown,2030-05,40,Relief Group
Lowtown,2030-05-09,,Relief Group
"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexes of these tests lie in their own folder."""
    monkeypatch.setenv("SAFECONDUCT_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A user's case: the invented valley, without claims."""
    folder = tmp_path / "valley"
    shutil.copytree(shipped_cases() / "demo-valley", folder)
    (folder / "claims.csv").unlink()
    return folder


def run(*arguments: str) -> Result:
    """What a command prints; its error is raised."""
    result = CliRunner().invoke(group, arguments)
    if isinstance(result.exception, SafeconductError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def plain(text: str) -> str:
    """A printed table as words on one line."""
    return " ".join("".join(" " if c in "│┃━─┏┓┗┛└┘┌┐├┤┬┴┼┡┩╇╈╀┳┻╋" else c for c in text).split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("list", "--kind", "prediction"), "35,000 people"),
        (("list", "--find", "queue bread"), "SU061"),
        (("list", "--voice", "ICRC", "--topic", "corridor", "--limit", "0"), "ICRC"),
        (("list", "--quantity", "arrivals", "--place", "Armenia"), "13,350"),
        (("list", "--left-out"), "retelling"),
        (("list", "--undated"), "not known"),
        (("list", "--balance"), "Nagorno-Karabakh local authorities"),
        (("show", "arrivals_cumulative", "--place", "Armenia", "--at", "2023-09-26T08:00+04:00"), "13,350"),
        (("show", "residents", "--as-of", "2023-02-01"), "25,000"),
        (
            (
                "conflicts",
                "--limit",
                "0",
            ),
            "two figures for one moment",
        ),
        (("conflicts", "--quantity", "cum_evacuated_persons"), "Artsakh Ombudsman"),
        (("trace", "AR027"), "used in: 26 Sep 2023 08:00: 13,550 persons, 13,350 to 13,550"),
        (("trace", "cum_arrivals_persons@Armenia"), "claim AR026"),
    ],
)
def test_each_command_tells_what_it_should(arguments: tuple[str, ...], told: str) -> None:
    """On the fullest ledger that ships, which is the default."""
    assert told in plain(run(*arguments).output)


def test_as_of_views_reach_every_list() -> None:
    """What was published later is not shown."""
    early, late = (plain(run("list", "--find", "Kornidzor", "--as-of", t).output) for t in ("2023-09-24", "2023-12-31"))
    assert len(early) < len(late)
    assert "115,183" not in plain(run("show", "arrivals", "--as-of", "2023-10-05").output)


def test_terminal_texts_give_no_verdict_and_name_no_role() -> None:
    """Tables without titles of sources."""
    for arguments in (("conflicts",), ("show", "returned"), ("list", "--limit", "200"), ("list", "--balance")):
        text = plain(run(*arguments).output)
        assert verdict_words_in(text) == () and role_words_in(text) == ()


def test_export_and_import_give_the_same_ledger(case: Path, tmp_path: Path) -> None:
    """As CSV and as HXL; JSON holds as many claims."""
    before = read_ledger(shipped_cases() / "karabakh").claims
    (case / "agreement.csv").unlink()  # the obligations of another agreement
    for form in ("csv", "hxl"):
        target = tmp_path / f"out-{form}.csv"
        run("export", "--format", form, "--out", str(target))
        (case / "claims.csv").unlink(missing_ok=True)
        told = run("import", str(target), "--case", str(case)).output
        assert told.startswith(f"{len(before):,} claims added, 0 were there already")
        assert read_ledger(case).claims == before
    assert len(json.loads(run("export", "--format", "json").output)) == len(before)


def test_hxl_tables_are_read(case: Path, tmp_path: Path) -> None:
    """Tags in any order of attributes; a month is a month; an empty figure is no claim."""
    (tmp_path / "hxl.csv").write_text(HXL)
    run("import", str(tmp_path / "hxl.csv"), "--case", str(case))
    claims = read_ledger(case).claims
    told = sorted((c.quantity, c.best, c.place, c.precision, c.reporter) for c in claims)
    assert told == [
        ("n_displaced_persons", 40, "lowtown", "month", "Relief Group"),
        ("n_displaced_persons", 1250, "pass_gate", "day", "Relief Group"),
    ]
    assert all(claim.published for claim in claims)


def test_ged_tables_are_read(case: Path, tmp_path: Path) -> None:
    """Low, best and high; who says so and from whom; date_prec 4 is a month."""
    (tmp_path / "ged.csv").write_text(GED)
    run("import", str(tmp_path / "ged.csv"), "--case", str(case))
    first, second = read_ledger(case).claims
    assert (first.id, first.low, first.best, first.high, first.precision) == ("ged101", 3, 4, 6, "day")
    assert (first.reporter, first.via, first.actor) == ("UCDP GED", ("council", "radio"), "Army A; Band B")
    assert first.published is not None and first.published.day == 9  # the end of the day that its title names
    assert (second.precision, second.place, second.place_said) == ("month", "lowtown", "Lowtown")


def test_own_rows_without_an_id_get_one(case: Path, tmp_path: Path) -> None:
    """From their content, so that a second import adds nothing; columns may be few."""
    source = tmp_path / "mine.csv"
    source.write_text(
        "time,precision,place,quantity,best,reporter,source_title\n"
        "2030-05-07T14:00+02:00,exact,Pass Gate,arrivals,650,council,bulletin 1\n"
    )
    assert "1 claim added" in run("import", str(source), "--case", str(case)).output
    assert "0 claims added, 1 were there already" in run("import", str(source), "--case", str(case)).output
    (claim,) = read_ledger(case).claims
    assert (claim.quantity, claim.kind) == ("cum_arrivals_persons", "figure")


HEAD = "id,time,precision,place,quantity,best,reporter,source_title,supersedes\n"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("x,7 May 2030,exact,p,q,1,r,s,\n", "bad.csv:2: time is"),
        ("x,2030-05-07T14:00Z,exact,p,q,many,r,s,\n", 'bad.csv:2: best is "many"'),
        ("x,2030-05-07T14:00Z,often,p,q,1,r,s,\n", 'bad.csv:2: precision is "often"'),
        ("x,2030-05-07T14:00Z,exact,p,q,1,,s,\n", "bad.csv:2: reporter is empty"),
        ("x,2030-05-07T14:00Z,exact,p,q,1,r,s,nobody\n", 'bad.csv:0: supersedes is "nobody"'),
        ("x,2030-05-07T14:00Z,exact,p,q,1,r,s,y\ny,2030-05-07T14:00Z,exact,p,q,1,r,s,x\n", "ring"),
        ("x,2030-05-07T14:00Z,exact,p,,1,r,s,\n", "bad.csv:2: quantity is empty"),
        ("x,2030-05-07T14:00Z,exact,p,q,1,r,s\n", "bad.csv:2: 8 cells"),
    ],
)
def test_a_faulty_file_imports_nothing(case: Path, tmp_path: Path, rows: str, told: str) -> None:
    """Its fault is named by line, and the good file beside it is not taken either."""
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(HEAD + "g,2030-05-07T14:00Z,exact,p,q,1,r,s,\n")
    bad.write_text(HEAD + rows)
    with pytest.raises(CaseError) as error:
        run("import", str(good), str(bad), "--case", str(case))
    assert told.replace(":0:", ":") in str(error.value)
    assert error.value.exit_code == 2
    assert not (case / "claims.csv").exists()


def test_all_faults_are_told_at_once(case: Path, tmp_path: Path) -> None:
    """Of several lines and several files."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text(
            HEAD + "x,never,exact,p,q,1,r,s,\ny,2030-05-07T14:00Z,exact,p,q,no,r,s,\n"
        )
    with pytest.raises(CaseError) as error:
        run("import", str(tmp_path / "one.csv"), str(tmp_path / "two.csv"), "--case", str(case))
    assert len(error.value.faults) == 4


def test_claims_are_not_edited(case: Path, tmp_path: Path) -> None:
    """The same id with another figure is refused."""
    source = tmp_path / "mine.csv"
    source.write_text(HEAD + "x,2030-05-07T14:00Z,exact,p,q,1,r,s,\n")
    run("import", str(source), "--case", str(case))
    source.write_text(HEAD + "x,2030-05-07T14:00Z,exact,p,q,2,r,s,\n")
    with pytest.raises(CaseError, match="add one that supersedes it"):
        run("import", str(source), "--case", str(case))
    assert [claim.best for claim in read_ledger(case).claims] == [1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "nonsense"),
        ("list", "--case", "no-such-case"),
        ("import", "x.csv", "--case", str(shipped_cases() / "karabakh")),
        ("import", "x.csv", "--case", "no-such-folder"),
        ("trace", "nonsense"),
        ("export", "--out", "no-such-folder/x.csv"),
    ],
)
def test_what_is_not_there_is_told_in_a_sentence(arguments: tuple[str, ...]) -> None:
    """With exit code 2 and no traceback."""
    with pytest.raises(UsageError, match=r"\w+.*;"):
        run(*arguments)


def test_a_trace_walks_from_a_run_to_the_bulletins_and_back(tmp_path: Path) -> None:
    """p50 of arrivals -> run -> parameters -> observations -> claims -> reporter and address; and a claim -> p50."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "summary.json").write_text(
        json.dumps({"persons_arrived": {"p05": 9e4, "p50": 99123.0, "p95": 1.1e5}, "n_runs": 20})
    )
    provenance = {
        "seed": 7, "ledger": "abc", "targets": [{"quantity": "cum_arrivals_persons", "place": "hakari_bridge"}],
        "parameters": {"persons_present": {"value": 105000, "unit": "persons", "source": "assumed"}},
    }  # fmt: skip
    (out / "provenance.json").write_text(json.dumps(provenance))
    text = plain(run("trace", "persons_arrived.p50", "--out", str(out)).output)
    for told in (
        "persons_arrived: p50 99,123", "seed: 7", "n_runs: 20", "persons_present: value 105000, unit persons, source",
        "observed: people who have arrived, Hakari bridge", "claim AR026: 13,350", "https://ilkha.com/english/world/",
        "reporter: Government of Armenia, via ILKHA",
    ):  # fmt: skip
        assert told in text
    assert "bears on: persons_arrived: p05 90,000, p50 99,123" in plain(run("trace", "AR026", "--out", str(out)).output)


def test_a_trace_of_no_run_is_refused(tmp_path: Path) -> None:
    """An empty folder, and a record that is no JSON."""
    with pytest.raises(UsageError, match=r"summary\.json"):
        run("trace", "persons_arrived", "--out", str(tmp_path))
    (tmp_path / "provenance.json").write_text("{")
    with pytest.raises(CaseError, match="no JSON"):
        run("trace", "persons_arrived", "--out", str(tmp_path))


def test_hxl_export_has_a_row_of_tags() -> None:
    """Under the header, one tag for each column."""
    rows = list(csv.reader(io.StringIO(run("export", "--format", "hxl").output)))
    assert len(rows[0]) == len(rows[1]) and all(tag.startswith("#") for tag in rows[1])
    assert dict(zip(rows[0], rows[1], strict=True))["best"] == "#indicator+num"


def test_a_run_is_traced_to_the_parameters_and_targets_of_its_case(tmp_path: Path) -> None:
    """Where the record names only its case; a parameter that was set has the value that it was set to."""
    (tmp_path / "summary.json").write_text(json.dumps({"persons_arrived": {"p50": 3021.5}}))
    (tmp_path / "provenance.json").write_text(
        json.dumps({"case": "demo-valley", "parameters_set": {"persons_present": 1234}})
    )
    text = plain(run("trace", "persons_arrived.p50", "--out", str(tmp_path)).output)
    assert "persons_present: value 1234" in text and "source assumed (invented)" in text
    assert "cum_arrivals_persons@pass_gate" in text and "claim D001" in text


def test_times_of_publication_are_found_when_a_file_gives_none() -> None:
    """The invented valley has none written down; its bulletins are known an hour after the hour they speak of."""
    claim = next(c for c in read_ledger(shipped_cases() / "demo-valley").claims if c.precision == "exact")
    assert claim.time and claim.published and (claim.published - claim.time).total_seconds() == 3600
    assert claim.published_rule == "hour plus one"


def test_a_case_yaml_that_is_none_is_told_in_a_sentence(case: Path) -> None:
    """It may name the case whose claims are shared; it used to end in a traceback."""
    (case / "case.yaml").write_text("title: [\n", encoding="utf-8")
    with pytest.raises(CaseError, match="case.yaml:2: YAML that cannot be read"):
        run("list", "--case", str(case))


@pytest.mark.parametrize("query", ["1,700", "1700", "1 700".replace(" ", "\u00a0")])
def test_a_number_is_found_however_it_is_grouped(query: str) -> None:
    """Figures and words alike; the total says how many there are, whatever is shown."""
    text = plain(run("list", "--find", query, "--limit", "2").output)
    assert "RT04.total" in plain(run("list", "--find", query, "--limit", "0").output)
    assert "the first 2, --limit 0 shows all" in text and not text.startswith("2 claims")


def test_a_figure_of_thousands_is_found_by_its_digits() -> None:
    """151,000 residents, asked for as 151000."""
    assert "PE010" in plain(run("list", "--find", "151000").output)


@pytest.mark.parametrize("query", ['"open quote', "a-b (c", "***", "NEAR(", "c:\\x", "'", "^", "AND", '""'])
def test_no_sign_in_a_query_is_an_error(query: str) -> None:
    """Signs mean nothing; words are searched for."""
    assert "claims" in run("list", "--find", query).output


def test_tables_are_printed_as_json() -> None:
    """One document; sentences go elsewhere."""
    for arguments in (("list", "--limit", "2"), ("conflicts", "--limit", "1"), ("show", "arrivals")):
        (first, *_) = json.loads(run(*arguments, "--json").stdout)
        assert first["rows"] and first["title"]
