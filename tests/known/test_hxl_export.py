"""Our HXL export, checked by the validator and the schema of HXL's own library."""

from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.ledger import read_ledger, to_csv
from safeconduct.scenario import shipped_cases

hxl = pytest.importorskip("hxl")


@pytest.mark.parametrize("case", ["demo-valley", "ukraine-2022", "karabakh"])
def test_no_error_by_the_schema_of_libhxl(case: str, tmp_path: Path) -> None:
    """Dates are dates and numbers are numbers; warnings about spelling are none of ours."""
    path = tmp_path / "claims.csv"
    path.write_text(to_csv(read_ledger(shipped_cases() / case).claims, tags=True), encoding="utf-8")
    schema = hxl.schema()
    wrong: list[object] = []
    schema.callback = lambda error: wrong.append(error) if error.rule.severity == "error" else None
    schema.validate(hxl.data(str(path), hxl.input.InputOptions(allow_local=True)))
    assert not wrong, str(wrong[0])
