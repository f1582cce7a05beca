"""What we write we read back to the same ledger: CSV, JSON, workbook, and the whole import of an export."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hand_claims import NOON, said
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.findings.exports import claims_table, table_csv, workbook
from safeconduct.ledger import Claim, import_files, read_ledger, to_csv, to_json

ROUNDS = settings(max_examples=15)
LETTERS = st.sampled_from(list("aä字ع9 =+-@'\",;:#<&\t\r\n/()") + ["\u200f", "=1+1", "\r\n"])
TEXTS = st.lists(LETTERS, max_size=8).map("".join).map(str.strip)
LINES = TEXTS.map(lambda text: " ".join(text.split()))


@st.composite
def claims(draw: st.DrawFn) -> list[Claim]:
    """Claims of every kind, with texts that tables and spreadsheets take amiss."""
    made = []
    for number in range(draw(st.integers(1, 5))):
        low, best, high = sorted(draw(st.floats(0, 1e9).map(lambda x: round(x, 3))) for _ in range(3))
        kind = draw(st.sampled_from(("figure", "statement", "act", "prediction")))
        one = said(
            f"C{number}", hours=draw(st.integers(-9999, 9999)), precision=draw(st.sampled_from(("exact", "day")))
        )
        figure = (
            {"low": low, "best": best, "high": high} if kind == "figure" else {"quantity": "", "unit": "", "basis": ""}
        )
        texts = {name: draw(LINES) for name in ("remark", "context", "words", "scope", "hedge", "place_said")}
        made.append(
            replace(
                one,
                kind=kind,
                **figure,
                **texts,
                action="opened" if kind == "act" else "",
                quote=draw(TEXTS),
                via=tuple(draw(st.lists(st.sampled_from(("TASS", "Radio 1", "Post")), unique=True, max_size=3))),
                published=NOON + timedelta(hours=draw(st.integers(-99, 99))),
                published_rule="recorded",
            )
        )
    return made


def same(found: tuple[Claim, ...], given: list[Claim]) -> bool:
    """Whether two lots of claims are the same, apart from row numbers and retellings, which the reader finds itself."""
    return [replace(one, row="", retells=()) for one in found] == [replace(one, row="", retells=()) for one in given]


@given(claims())
@ROUNDS
def test_a_written_table_reads_back(given: list[Claim]) -> None:
    """claims.csv, with and without HXL tags, and JSON."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "claims.csv"
        path.write_text(to_csv(given), encoding="utf-8", newline="")
        assert same(read_ledger(path).claims, given)
        for name, text in (("tagged.csv", to_csv(given, tags=True)), ("claims.json", to_json(given))):
            (Path(folder) / name).write_text(text, encoding="utf-8", newline="")
            import_files(Path(folder) / f"from-{name}.csv", [Path(folder) / name])
            assert same(read_ledger(Path(folder) / f"from-{name}.csv").claims, given), name


@given(claims())
@ROUNDS
def test_an_export_is_imported_as_the_same_ledger(given: list[Claim]) -> None:
    """The workbook and the CSV that are sent to others, imported into an empty case; twice changes nothing."""
    table = claims_table(given)
    with TemporaryDirectory() as folder:
        for name, content in (("sent.xlsx", workbook([table], {})), ("sent.csv", table_csv(table).encode())):
            (Path(folder) / name).write_bytes(content)
            case = Path(folder) / name.replace(".", "-")
            case.mkdir()
            done = import_files(case / "claims.csv", [Path(folder) / name])
            assert len(done.added) == len(given)
            assert same(read_ledger(case / "claims.csv").claims, given)
            assert not import_files(case / "claims.csv", [Path(folder) / name]).added


def test_a_lone_carriage_return_stays_in_its_cell() -> None:
    """Quoted, as RFC 4180 asks: other readers take it for the end of a line."""
    assert '"a\rb"' in to_csv([replace(said("C1", 5), quote="a\rb")])
    assert '"a\rb"' in table_csv(claims_table([replace(said("C1", 5), quote="a\rb")]))
