"""Where what can be made again is kept: one folder of the user's, and one for machine code.

Machine code lies in a folder named after the sources with compiled loops, so that it never outlives them. Numba looks
at a kernel's own file only: one that calls a kernel of another file would go on with the other's old code after a
change, and break or give old results. NUMBA_CACHE_DIR decides where it is set.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

from platformdirs import user_cache_path

PACKAGE = Path(__file__).parent.parent
COMPILED = ("actors", "engine")  # packages with compiled loops


def cache_folder(part: str = "") -> Path:
    """$SAFECONDUCT_CACHE, else `safeconduct` in the user's cache folder of this platform; `part`: a folder in it."""
    own = os.environ.get("SAFECONDUCT_CACHE")
    return (Path(own) if own else user_cache_path("safeconduct", appauthor=False)) / part


def own_secret() -> bytes:
    """32 bytes that only this user's programs know, made when first asked for; new ones where none can be kept."""
    path, fresh = cache_folder() / "secret", os.urandom(32)
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(fresh)
        found = path.read_bytes()
    except OSError:
        return fresh
    return found if len(found) == 32 else fresh


def keep_machine_code() -> None:
    """Name the folder to numba; called by a package with compiled loops before the first of them is defined."""
    from numba import config

    if not config.CACHE_DIR:  # type: ignore[attr-defined]  # numba fills its settings at run time
        folder = folder_for(PACKAGE, (PACKAGE / room for room in COMPILED))
        config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]  # numba fills its settings at run time


def has_machine_code() -> bool:
    """Whether some machine code of these sources is kept already. Loads no compiler."""
    set_folder = os.environ.get("NUMBA_CACHE_DIR")
    folder = Path(set_folder) if set_folder else folder_for(PACKAGE, (PACKAGE / room for room in COMPILED))
    return next(folder.rglob("*.nbi"), None) is not None


def folder_for(package: Path, rooms: Iterable[Path]) -> Path:
    """The folder for the machine code of these parts of a package."""
    summed = blake2b(digest_size=8)
    for source in sorted(file for room in rooms for file in room.rglob("*.py")):
        summed.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return package / "__pycache__" / f"kernels-{summed.hexdigest()}"
