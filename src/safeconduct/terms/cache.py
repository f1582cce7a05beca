"""Where what can be made again is kept: one folder of the user's."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path


def cache_folder(part: str = "") -> Path:
    """$SAFECONDUCT_CACHE, else `safeconduct` in the user's cache folder of this platform; `part`: a folder in it."""
    own = os.environ.get("SAFECONDUCT_CACHE")
    return (Path(own) if own else user_cache_path("safeconduct", appauthor=False)) / part
