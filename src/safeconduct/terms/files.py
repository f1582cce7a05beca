"""A file is there whole or not at all, whatever stops the writer."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Put a content in place of a file's, all or none: whoever reads sees the old one or the new one.

    The new one is written beside it, flushed to the disk and renamed over it. Text is written as UTF-8.
    """
    import tempfile  # here, as a command that writes nothing starts faster without it

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content.encode("utf-8") if isinstance(content, str) else content)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
