"""Files that are whole or not at all, folders with one writer at a time, results put in place by one rename."""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

from safeconduct.terms.faults import UsageError

MANIFEST = "manifest.json"  # of a result folder: the hash of each of its files
READY = ".safeconduct-result"  # of a result folder: a whole result that is about to be put in place
LOCK = ".safeconduct-lock"
BESIDE = re.compile(rb'<p class="beside">.*?</p>', re.DOTALL)  # links of a page to its neighbours, which come and go

_held: set[Path] = set()  # folders that this process has locked


def write_whole(path: Path, content: str | bytes) -> None:
    """Put a content in place of a file's, all or none: a reader sees the old one or the new one.

    The new one is written beside it, flushed to the disk and renamed over it. Text is written as UTF-8. A symlink stays
    one and its target is written; a device or pipe is written to, never replaced.
    """
    import tempfile  # here, as a command that writes nothing starts faster without it

    data = content.encode("utf-8") if isinstance(content, str) else content
    path = Path(os.path.realpath(path)) if path.is_symlink() else path
    if path.exists() and not path.is_file() and not path.is_dir():
        write_to_device(path, data)
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~umask())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_to_device(path: Path, data: bytes) -> None:
    """Write to a pipe or device as it stands. Raises UsageError for a pipe that nothing reads."""
    import errno

    try:
        handle = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        raise UsageError(f"{path} is a pipe that nothing reads; start its reader first, or name a file.") from None
    os.set_blocking(handle, True)
    with os.fdopen(handle, "wb") as out:
        out.write(data)


def umask() -> int:
    """The permissions that the user's files do not get."""
    found = os.umask(0o077)
    os.umask(found)
    return found


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from writing to a folder, which is made. Raises UsageError that names who has it."""
    import fcntl

    made = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    real = folder.resolve()
    if real in _held:
        yield
        return
    path = real / LOCK
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(handle, 2000).decode("utf-8", "replace").strip() or "another process"
            os.close(handle)
            raise UsageError(f"{folder} is being written by {holder}; wait for it, or name another --out.") from None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), path.stat()):
                break
        os.close(handle)  # its last holder removed the file in between: once more
    _held.add(real)
    try:
        words = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])[:500]
        os.ftruncate(handle, 0)
        os.write(handle, f"process {os.getpid()} since {time.strftime('%Y-%m-%d %H:%M:%S')} ({words})".encode())
        yield
    finally:
        _held.discard(real)
        path.unlink(missing_ok=True)
        os.close(handle)
        with suppress(OSError):
            for one in made:  # where nothing was written
                one.rmdir()


def hash_of(path: Path) -> str:
    """SHA-256 of a file; of a page without its links to neighbours, which change when one comes or goes."""
    data = path.read_bytes()
    return sha256(BESIDE.sub(b"", data, count=1) if path.suffix == ".html" else data).hexdigest()


def hash_of_files(files: Iterable[Path], more: str = "") -> str:
    """A hash of files by their names and contents, and of words that count as well; files that are not there do not."""
    summed = blake2b(digest_size=8)
    for path in files:
        if path.is_file():
            summed.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    summed.update(more.encode())
    return summed.hexdigest()


def put_in_place(part: Path, folder: Path, own: frozenset[str] | None) -> None:
    """Make a whole result folder the result of `folder`, by one rename.

    own: names that a result may have; those of the one before go. None = pages, which are added to what lies there.
    Each file is flushed first and listed with its hash in the manifest. Where the folder is there already, the result
    becomes its `READY` folder by that rename, and `settle` moves the files; a kill in between loses nothing, as every
    later reader and writer settles first.
    """
    new = {file.name: hash_of(file) for file in sorted(part.iterdir()) if file.name != MANIFEST}
    if folder.exists():
        settle(folder)
    old = listed_in(folder)
    if own is None:
        listed = {
            "files": {name: known for name, known in old["files"].items() if name not in new},
            "own": old["own"],
            "beside": {**old["beside"], **new},
        }
    else:
        gone = (own | (set(old["own"]) & set(old["files"]))) - set(new)
        listed = {"files": new, "own": sorted(own), "gone": sorted(gone)}
    (part / MANIFEST).write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    for file in part.iterdir():
        flush(file)
    flush(part)
    if not folder.exists():
        part.rename(folder)
    else:
        part.rename(folder / READY)
        settle(folder)
    flush(folder.parent)


def listed_in(folder: Path) -> dict[str, Any]:
    """What the manifest of a folder lists: files of its result with their hashes, names it may have, pages beside."""
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        return {
            "files": dict(found.get("files", {})),
            "own": list(found.get("own", ())),
            "beside": dict(found.get("beside", {})),
            "gone": list(found.get("gone", found.get("own", ()))),
        }
    except (ValueError, TypeError, AttributeError):
        raise UsageError(f"{path} is no manifest of a result; run the case again.") from None


def settle(folder: Path) -> None:
    """Finish what a killed writer began: move a ready result's files into the folder, drop files of the one before."""
    ready = folder / READY
    if ready.is_dir() and not any(ready.iterdir()):
        ready.rmdir()
    if not (ready / MANIFEST).is_file():
        return
    listed = listed_in(ready)
    for name in set(listed["gone"]) - set(listed["files"]) - set(listed["beside"]):
        (folder / name).unlink(missing_ok=True)
    for file in sorted(ready.iterdir(), key=lambda one: one.name == MANIFEST):  # the manifest last
        file.replace(folder / file.name)
    ready.rmdir()
    flush(folder)


def check_result(folder: Path) -> None:
    """Settle a result folder and hold its files to their hashes. Raises UsageError for one that was changed."""
    settle(folder)
    for name, known in listed_in(folder)["files"].items():
        if not (folder / name).is_file() or hash_of(folder / name) != known:
            raise UsageError(f"{folder / name} is not the file that was written with the others; run the case again.")


def flush(path: Path) -> None:
    """Have a file or folder on the disk before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass  # some file systems cannot flush a folder
    finally:
        os.close(handle)
