"""The licences of everything in requirements.lock, from what each package says of itself: python docs/licences.py.

Writes docs/licences.md. Packages for other systems than this one are listed without a licence.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
from from_code import ROOT, table

PAGE = ROOT / "docs" / "licences.md"
LOCKED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)
SHIPPED = (  # what lies in the package itself and is not ours
    ("MapLibre GL JS", "BSD-3-Clause", "`findings/assets/maplibre-gl.js`: the map of a report"),
    ("world-atlas", "ISC; data in the public domain", "`findings/assets/countries-10m.json.gz`: coasts and borders"),
    ("htmx", "0BSD", "`desk/static/htmx.min.js`: parts of the desk's pages"),
    ("axe-core", "MPL-2.0", "`tests/browser/axe-core`: tests only, not in the package"),
)
HEAD = """# Licences of dependencies

Made by `make licences` from `requirements.lock` and what each package says of itself; `make sbom` writes the same list
as a software bill of materials (CycloneDX). The program itself is under the MIT licence. Packages under the GPL:
`unidecode` alone, which `libhxl` needs, and only tests use that; `tld` may be used under the MPL.
"""


def locked() -> list[tuple[str, str]]:
    """Every package of the lock file with its version; some have one for each version of Python."""
    return sorted(set(LOCKED.findall((ROOT / "requirements.lock").read_text("utf-8"))))


def licence_of(name: str) -> str:
    """The licence that a package states: an SPDX expression, a classifier, or its first line of text."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return "not installed on this system"
    if said.get("License-Expression"):
        return said["License-Expression"]
    classes = [
        one.rpartition("::")[2].strip() for one in said.get_all("Classifier") or () if one.startswith("License ::")
    ]
    named = [one for one in classes if one != "OSI Approved"]
    if named:
        return "; ".join(named)
    first = next((line.strip() for line in (said.get("License") or "").splitlines() if line.strip()), "")
    return first[:80] or "not stated"


def page() -> str:
    """The page's text."""
    rows = [(f"`{name}`", version, licence_of(name)) for name, version in locked()]
    return (
        f"{HEAD}\n{len(rows)} packages, those for tests and documents included.\n\n"
        + table(("Package", "Version", "Licence"), rows)
        + "\n\n## Shipped with the source\n\n"
        + table(("What", "Licence", "Where"), SHIPPED)
        + "\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(f"Licences: {PAGE}")
