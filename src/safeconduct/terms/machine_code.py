"""Where machine code is kept: in a folder named after the sources with compiled loops, so that it never outlives them.

Numba looks at a kernel's own file only: one that calls a kernel of another file would go on with the other's old code
after a change, and break or, worse, give old results. Whoever sets NUMBA_CACHE_DIR decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
COMPILED = ("actors", "engine")  # rooms with compiled loops


def keep_machine_code() -> None:
    """Name the folder to numba; called by a room with compiled loops before the first of them is defined."""
    from numba import config

    if not config.CACHE_DIR:  # type: ignore[attr-defined]  # numba fills its settings at run time
        folder = folder_for(PACKAGE, (PACKAGE / room for room in COMPILED))
        config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]  # numba fills its settings at run time


def folder_for(package: Path, rooms: Iterable[Path]) -> Path:
    """The folder for the machine code of these rooms of a package."""
    summed = blake2b(digest_size=8)
    for source in sorted(file for room in rooms for file in room.rglob("*.py")):
        summed.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return package / "__pycache__" / f"kernels-{summed.hexdigest()}"
