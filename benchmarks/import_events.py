"""CPU seconds to import 100,000 rows of UCDP GED, and how the cost grows when the rows are doubled.

    python benchmarks/import_events.py [ROWS]

Rows are invented, in the 49 columns of GED 24.1. The ratio is the smallest of three, as other work may run beside.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path
from time import process_time

from safeconduct.ledger import import_files

COLUMNS = [
    "id",
    "relid",
    "year",
    "active_year",
    "code_status",
    "type_of_violence",
    "conflict_dset_id",
    "conflict_new_id",
    "conflict_name",
    "dyad_dset_id",
    "dyad_new_id",
    "dyad_name",
    "side_a_dset_id",
    "side_a_new_id",
    "side_a",
    "side_b_dset_id",
    "side_b_new_id",
    "side_b",
    "number_of_sources",
    "source_article",
    "source_office",
    "source_date",
    "source_headline",
    "source_original",
    "where_prec",
    "where_coordinates",
    "where_description",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "geom_wkt",
    "priogrid_gid",
    "country",
    "country_id",
    "region",
    "event_clarity",
    "date_prec",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
    "gwnoa",
    "gwnob",
]


def write_events(path: Path, count: int) -> None:
    """A table of so many invented events."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for n in range(count):
            day = f"{1990 + n % 34}-{1 + n % 12:02d}-{1 + n % 28:02d} 00:00:00.000"
            row = dict.fromkeys(COLUMNS, "1") | {
                "id": n, "year": day[:4], "side_a": f"Side {n % 40}", "side_b": f"Group {n % 70}",
                "source_article": f"Agency {n % 99}, {day[:10]}, a headline of some length, {n}",
                "source_original": "police; army", "where_coordinates": f"town {n % 3000}", "date_start": day,
                "date_end": day, "low": n % 5, "best": n % 5 + n % 4, "high": n % 5 + n % 4 + n % 9,
            }  # fmt: skip
            writer.writerow([row[name] for name in COLUMNS])


def seconds_for(count: int) -> float:
    """CPU seconds of one import into an empty case."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "ged.csv"
        write_events(table, count)
        start = process_time()
        done = import_files(Path(folder) / "claims.csv", [table])
        taken = process_time() - start
    assert len(done.added) == count
    return taken


if __name__ == "__main__":
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    pairs = [(seconds_for(rows // 2), seconds_for(rows)) for _ in range(3)]
    for half, whole in pairs:
        print(f"{rows // 2:,} rows: {half:.2f} CPU s; {rows:,} rows: {whole:.2f} CPU s; ratio {whole / half:.2f}")
    print(f"smallest: {min(whole for _, whole in pairs):.2f} CPU s, ratio {min(w / h for h, w in pairs):.2f}")
