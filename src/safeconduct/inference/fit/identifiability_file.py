"""What a fit leaves open, kept as JSON beside its sample, so that every report can show it without fitting again."""

from __future__ import annotations

import json
from dataclasses import asdict
from math import isfinite, nan
from pathlib import Path
from typing import Any

from safeconduct.inference.fit.identifiability import ExpectedInformation, Identifiability, Pair, Profile, Range
from safeconduct.terms import CaseError, Fault, text_of, write_whole


def write_identifiability(path: Path, left_open: Identifiability) -> None:
    """Write the file whole."""
    write_whole(path, json.dumps(without_nan(asdict(left_open)), indent=1, allow_nan=False) + "\n")


def read_identifiability(path: Path) -> Identifiability:
    """Read the file. Raises CaseError where it is not one that a fit has written."""
    try:
        found: Any = json.loads(text_of(path))
        return Identifiability(
            ranges=tuple(Range(**with_nan(one)) for one in found.pop("ranges")),
            profiles=tuple(Profile(**tuples(one)) for one in found.pop("profiles")),
            pairs=tuple(Pair(**tuples(one)) for one in found.pop("pairs")),
            prospects=tuple(ExpectedInformation(**one) for one in found.pop("prospects")),
            **found,
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        what = f"not what a fit leaves ({type(error).__name__}: {error})"
        raise CaseError([Fault(path.name, 0, "", what, "the file of a fit", "fit again or remove it")]) from None


def without_nan(record: Any) -> Any:
    """The same with null for numbers that are not finite: JSON has none."""
    if isinstance(record, dict):
        return {key: without_nan(value) for key, value in record.items()}
    if isinstance(record, (list, tuple)):
        return [without_nan(value) for value in record]
    return None if isinstance(record, float) and not isfinite(record) else record


def with_nan(record: dict[str, Any]) -> dict[str, Any]:
    """Numbers that are null are unknown."""
    return {key: nan if value is None else value for key, value in record.items()}


def tuples(record: dict[str, Any]) -> dict[str, Any]:
    """Lists as the tuples of a frozen record."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}
