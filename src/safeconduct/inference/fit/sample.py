"""A posterior sample as a file that says where it comes from: which rows, command, method and case.

Lines that start with # say `key: value`; then a header with the parameters' names; then one equally likely
draw a line.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from safeconduct.scenario import BY_TRAVELLERS
from safeconduct.terms import CaseError, Fault, parse_time, read_text, show_time, write_whole

if TYPE_CHECKING:  # a run reads a sample and fits nothing
    from safeconduct.inference.fit.fitting import Posterior
    from safeconduct.inference.fit.likelihood import ErrorModel

Array = NDArray[np.float64]
UNTIL, TARGETS, ROWS = "fitted until", "fitted on", "fitted rows"
METHOD = "adaptive multiple importance sampling (Cornuet et al. 2012), Gaussian likelihood"


@dataclass(frozen=True)
class Sample:
    """Equally likely values of fitted parameters, and what they were fitted on."""

    names: tuple[str, ...]
    values: Array  # [draw, parameter]
    fitted_until: datetime
    fitted_targets: tuple[tuple[str, str], ...]  # (quantity, place)
    fitted_rows: int
    about: Mapping[str, str]  # command, method, errors, seed, scenario, code and whatever else the file says
    hash: str = ""  # of the file that it was read from

    @property
    def told(self) -> frozenset[tuple[str, str]]:
        """Of what it was fitted on, what travellers report of their own way rather than what was counted."""
        return frozenset(key for key in self.fitted_targets if key[0] in BY_TRAVELLERS)

    def draws(self) -> list[dict[str, float]]:
        """The values of each draw by parameter name."""
        return [dict(zip(self.names, map(float, row), strict=True)) for row in self.values]


def sample_of(
    fit: Posterior, until: datetime, *, error: ErrorModel, command: str, scenario_hash: str, code_version: str
) -> Sample:
    """The kept draws of a fit, with its provenance."""
    rows = fit.question.rows
    runs = f"{len(fit.values)} in {len(fit.rounds)} rounds, {fit.n_failed} failed"
    priors = "; ".join(f"{p.name} {p.prior}" for p in fit.question.parameters)
    about = {
        "command": command,
        "method": METHOD,
        "errors": error.words(rows),
        "priors": priors,
        "runs": runs,
        "effective draws": f"{fit.effective:.0f}",
        "closest of the prior": f"{fit.closest_of_prior:.1f} stated errors from the fitted rows, root mean square",
        "seed": str(fit.seed),
        "scenario": scenario_hash,
        "code": code_version,
    }
    if fit.caution:
        about["caution"] = fit.caution
    targets = tuple(dict.fromkeys((row.quantity, row.place) for row in rows))
    return Sample(fit.names, fit.posterior, until, targets, len(rows), about)


def write_sample(path: Path, sample: Sample) -> None:
    """Write the file whole."""
    write_whole(path, sample_text(sample))


def sample_text(sample: Sample) -> str:
    """The file's text."""
    targets = "; ".join(f"{quantity} at {place}" for quantity, place in sample.fitted_targets)
    head = {UNTIL: show_time(sample.fitted_until), TARGETS: targets, ROWS: str(sample.fitted_rows)}
    lines = [f"# {key}: {' '.join(value.split())}" for key, value in (head | dict(sample.about)).items()]
    lines.append(",".join(sample.names))
    lines += [",".join(f"{value:.9g}" for value in row) for row in sample.values]
    return "\n".join(lines) + "\n"


def read_sample(path: Path) -> Sample:
    """Read a sample. Raises CaseError with every fault of the file."""
    faults: list[Fault] = []
    text = read_text(path, faults)
    if text is None:
        raise CaseError(faults)
    lines = text.splitlines()
    about = dict(split_note(line) for line in lines if line.startswith("#"))
    table = [(i, line) for i, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    until, targets, n_rows = read_head(path, about, faults)
    names, values = read_table(path, table, faults)
    if faults or until is None:
        raise CaseError(faults)
    rest = {key: value for key, value in about.items() if key not in (UNTIL, TARGETS, ROWS)}
    return Sample(names, np.array(values), until, targets, n_rows, rest, sample_hash(text))


def sample_hash(text: str) -> str:
    """The hash by which a sample is known to what was made from it, and to the file on identifiability beside it."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def split_note(line: str) -> tuple[str, str]:
    """Key and value of a line that starts with #."""
    key, _, value = line.lstrip("# ").partition(":")
    return key.strip(), value.strip()


def read_head(
    path: Path, about: Mapping[str, str], faults: list[Fault]
) -> tuple[datetime | None, tuple[tuple[str, str], ...], int]:
    """What the sample was fitted on. A sample that does not say so would be taken for a validation."""
    advice = f"write it with safeconduct fit, or add a line such as # {UNTIL}: 2000-01-31T15:00+00:00"
    until, targets, n_rows = None, tuple[tuple[str, str], ...](), about.get(ROWS, "")
    try:
        until = parse_time(about.get(UNTIL, ""))
    except ValueError as error:
        faults.append(fault(path, 0, f'"{UNTIL}" unclear ({error})', "the time of the last row fitted", advice))
    parts = [part.partition(" at ") for part in about.get(TARGETS, "").split(";")]
    if all(quantity.strip() and place.strip() for quantity, _, place in parts):
        targets = tuple((quantity.strip(), place.strip()) for quantity, _, place in parts)
    else:
        faults.append(fault(path, 0, f'"{TARGETS}" unclear', "QUANTITY at PLACE; ...", "add what it was fitted on"))
    if not n_rows.isdecimal():
        faults.append(fault(path, 0, f'"{ROWS}" unclear', "a whole number", "add how many rows were fitted"))
        return until, targets, 0
    return until, targets, int(n_rows)


def read_table(
    path: Path, table: Sequence[tuple[int, str]], faults: list[Fault]
) -> tuple[tuple[str, ...], list[list[float]]]:
    """Names and numbers, one draw a line."""
    rows = [(i, [cell.strip() for cell in row]) for i, line in table for row in csv.reader([line])]
    if len(rows) < 2:
        faults.append(fault(path, 0, "no draw", "a header and one draw a line", "write it with safeconduct fit"))
        return (), []
    (head, names), values = rows[0], []
    if len(set(names)) < len(names) or "" in names:
        faults.append(fault(path, head, "a name missing or twice", "each parameter once", "mend the header"))
    for line, cells in rows[1:]:
        numbers = [number_in(cell) for cell in cells]
        wrong = [cell for cell, number in zip(cells, numbers, strict=True) if number is None]
        if wrong:
            faults.append(fault(path, line, f'"{wrong[0]}"', "a number", "mend it or leave out the line"))
        elif len(cells) != len(names):
            found = f"{len(cells)} numbers"
            faults.append(fault(path, line, found, f"{len(names)}, as in the header", "mend the line"))
        values.append([number for number in numbers if number is not None])
    return tuple(names), values


def number_in(cell: str) -> float | None:
    """The finite number that a cell holds; None where it holds none."""
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def fault(path: Path, line: int, found: str, expected: str, advice: str) -> Fault:
    """A mistake in the file of a sample."""
    return Fault(path.name, line, "", found, expected, advice)
