"""Read generated files as guided by coverage: only a sentence, or what was read, may come out.

    python -m venv FOLDER && FOLDER/bin/pip install atheris
    PYTHONPATH=src:SITE-PACKAGES FOLDER/bin/python benchmarks/fuzz_guided.py CORPUS -max_total_time=600

Readers: case folders (one file of demo-valley replaced), settings as YAML, claims as CSV, GeoJSON, folders in Flee's
format, articles. The first byte of an input chooses one; where there are several files, the second one. CORPUS: a
folder for inputs that reach new code; the shipped files are put there first. atheris stops at the first exception that
is neither CaseError nor UsageError, and at 1 GB or 20 seconds for one input.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).parents[1] / "tests" / "attack")]
READING = ("scenario", "ledger", "reading", "terms", "comparators", "monitor", "accounts")  # what has no compiled loops
with atheris.instrument_imports(include=[f"safeconduct.{one}" for one in READING]):
    from forked import warm
    from inputs import flee

    from safeconduct.ledger import read_ledger
    from safeconduct.reading import read
    from safeconduct.scenario import find_case, read_case
    from safeconduct.scenario.build.layers import read_layer
    from safeconduct.scenario.files.document import read_document
    from safeconduct.terms import CaseError, Fault, UsageError

    warm()

LIMITS = ("-rss_limit_mb=1024", "-timeout=20", "-max_len=20000")
PLACE = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
CASE, FLEE = PLACE / "case", PLACE / "flee"
LAYER = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"A"},"geometry":' \
        b'{"type":"LineString","coordinates":[[10,46],[10.1,46.1]]}}]}'  # fmt: skip
ARTICLE = b"<html><body><p>On 6 May 2030 the guard said that 40 people were hurt in Upper Village.</p></body></html>"


def files_of(folder: Path) -> list[Path]:
    """The files of a folder in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def one_replaced(folder: Path, content: bytes) -> None:
    """Read a folder with one file replaced; the file is put back."""
    if not content:
        return
    path = BEFORE[folder][content[0] % len(BEFORE[folder])]
    kept = path.read_bytes()
    path.write_bytes(content[1:])
    try:
        read_case(folder)
    finally:
        path.write_bytes(kept)


def settings(content: bytes) -> None:
    """Read a file of settings."""
    (PLACE / "case.yaml").write_bytes(content)
    read_document(PLACE / "case.yaml", [])


def claims(content: bytes) -> None:
    """Read a file of claims without tables beside it."""
    (PLACE / "alone").mkdir(exist_ok=True)
    (PLACE / "alone" / "claims.csv").write_bytes(content)
    read_ledger(PLACE / "alone")


def layer(content: bytes) -> None:
    """Read a layer of a map."""
    (PLACE / "layer.geojson").write_bytes(content)
    faults: list[Fault] = []
    read_layer(PLACE / "layer.geojson", faults)


READERS = (
    lambda content: one_replaced(CASE, content),
    settings,
    claims,
    layer,
    lambda content: one_replaced(FLEE, content),
    read,
)


def fuzz(content: bytes) -> None:
    """Give an input to the reader that its first byte names."""
    if content:
        try:
            READERS[content[0] % len(READERS)](content[1:])
        except (CaseError, UsageError) as refused:
            assert str(refused).strip()


def seeds() -> list[bytes]:
    """Inputs to begin with: each shipped file for each reader of such files."""
    found = [bytes([0, n]) + path.read_bytes() for n, path in enumerate(BEFORE[CASE])]
    found += [bytes([4, n]) + path.read_bytes() for n, path in enumerate(BEFORE[FLEE])]
    found += [b"\1" + path.read_bytes() for path in BEFORE[CASE] if path.suffix == ".yaml"]
    return [*found, b"\2" + (CASE / "claims.csv").read_bytes(), b"\3" + LAYER, b"\5" + ARTICLE]


if __name__ == "__main__":
    shutil.copytree(find_case("demo-valley"), CASE)
    flee(FLEE)
    BEFORE = {folder: files_of(folder) for folder in (CASE, FLEE)}
    corpus = Path(sys.argv[1])
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (corpus / f"seed{number:03}").write_bytes(seed)
    atheris.Setup([*sys.argv, *LIMITS], fuzz)
    atheris.Fuzz()
