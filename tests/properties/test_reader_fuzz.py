"""Whatever is done to the files of a case: it is read, or every fault is told; nothing else comes out.

A few seconds of what `benchmarks/fuzz_reader.py` does for as long as it is asked to.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeconduct.scenario import find_case
from safeconduct.terms import Column, Need, Row, Table, cells

PATH = Path(__file__).parents[2] / "benchmarks" / "fuzz_reader.py"
spec = importlib.util.spec_from_file_location("fuzz_reader", PATH)
assert spec is not None and spec.loader is not None
fuzz_reader = importlib.util.module_from_spec(spec)
sys.modules["fuzz_reader"] = fuzz_reader
spec.loader.exec_module(fuzz_reader)

changes = st.builds(
    fuzz_reader.Spoil,
    file=st.integers(0, 20),
    start=st.floats(0, 1),
    length=st.integers(0, 30),
    piece=st.integers(0, len(fuzz_reader.PIECES) - 1),
    kind=st.sampled_from((0, 0, 0, 0, 0, 1, 2, 3, 4)),
)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.lists(changes, min_size=1, max_size=4))
def test_a_spoiled_case_gives_sentences_and_nothing_else(spoils: list[object]) -> None:
    """`is_valid` lets everything through that is no CaseError."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(shutil.copytree(find_case("demo-valley"), Path(temporary) / "case"))
        fuzz_reader.spoil(folder, spoils)
        assert fuzz_reader.is_valid(folder) in (True, False)


TABLE = Table("t.csv", "", (Column("n", "", need=Need.COLUMN),))


@settings(max_examples=300)
@given(
    st.one_of(st.text(max_size=12), st.floats().map(str), st.integers().map(str), st.from_regex(r"[-+0-9.,eE]{1,8}"))
)
def test_a_number_is_read_as_it_is_written_or_told(cell: str) -> None:
    """A cell gives the number that Python reads in it, inside the range, or exactly one fault."""
    cell = cell.strip()
    row = Row(TABLE, "t.csv", 2, {"n": cell}, [])
    said = cells.number(row, "n", low=0, high=1e6)
    assert (said is None and len(row.faults) == (1 if cell else 0)) or (said == float(cell) and 0 <= said <= 1e6)
    assert said is None or not row.faults
