"""Small tables for tests of `safeconduct new`: an invented valley with one way out."""

from __future__ import annotations

from pathlib import Path

PEOPLE = """name,lat,lon,people
Arel,46.60,10.10,9000
Brun,46.58,10.24,22000
Cors,46.55,10.12,900
Delt,46.50,10.36,
"""
LINKS = """from,to,km,class
Arel,Brun,14.5,secondary
Brun,Cors,13,tertiary
Brun,Delt,17,primary
Delt,Pass,9,primary
"""
CROSSINGS = """name,lat,lon
Pass,46.48,10.45
"""


def write_tables(
    folder: Path, people: str | bytes = PEOPLE, links: str | bytes = LINKS, crossings: str | bytes | None = CROSSINGS
) -> list[str]:
    """Write the tables, and give the words of the command line that name them."""
    words = []
    for option, name, text in (("people", "people", people), ("roads", "links", links),
                               ("crossings", "crossings", crossings)):  # fmt: skip
        if text is not None:
            path = folder / f"{name}.csv"
            path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
            words += [f"--{option}", str(path)]
    return words
