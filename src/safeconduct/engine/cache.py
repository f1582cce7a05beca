"""Where machine code is kept: in a folder named after the engine's sources, so that it never outlives them.

Numba looks at a kernel's own file only: one that calls a kernel of another file would go on with the other's old code
after a change, and break or, worse, give old results. Imported before any kernel. Whoever sets NUMBA_CACHE_DIR decides.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from numba import config

ENGINE = Path(__file__).parent


def folder_for(sources: Path) -> Path:
    """The folder for the machine code of these sources."""
    summed = blake2b(digest_size=8)
    for source in sorted(sources.glob("*.py")):
        summed.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return sources / "__pycache__" / f"kernels-{summed.hexdigest()}"


if not config.CACHE_DIR:  # type: ignore[attr-defined]  # numba fills its settings at run time
    config.CACHE_DIR = str(folder_for(ENGINE))  # type: ignore[attr-defined]  # numba fills its settings at run time
