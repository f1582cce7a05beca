"""Carry out runs on a Dask cluster: the same plan, the same record of each run, kept here as it comes in.

A worker gets the plan and a number and gives back the record's bytes, so it needs no shared disk. What counts is what
is kept in the folder: a result that comes twice is kept once, and what a worker or a scheduler loses is sent out again.
Dask is imported when an address is named.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Collection, Generator, Sequence
from functools import lru_cache
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from safeconduct.ensemble.keep import keep_run, run_file, simulated
from safeconduct.ensemble.plan import Plan, code_hash, libraries
from safeconduct.terms import RunStopped, UsageError

if TYPE_CHECKING:
    from distributed import Client

AHEAD = 3  # runs handed out a thread of the cluster, so that none waits for the next
ATTEMPTS = 5  # of a run whose workers keep dying, and of a lost scheduler to be found again
SECONDS = 30  # to find a scheduler
LOOK = 5  # seconds after which a silent scheduler is looked for
Answer = tuple[bytes, str]  # the record of a finished run, or the sentence of its failure


def check_cluster(address: str) -> None:
    """Raise UsageError where the extra that Dask comes with is not installed."""
    try:
        import distributed  # noqa: F401  # only whether it is there
    except ImportError:
        told = f"--cluster {address} needs Dask; install it with: pip install 'safeconduct[cluster]'."
        raise UsageError(told) from None


@lru_cache(maxsize=4)
def unpacked(packed: bytes) -> Plan:
    """A plan as it was sent; a worker unpacks it once."""
    plan = pickle.loads(zlib.decompress(packed))
    assert isinstance(plan, Plan)
    return plan


def answer(packed: bytes, number: int, made_with: tuple[str, dict[str, str]]) -> Answer:
    """One run in a worker of the cluster. Raises UsageError where it has other code or libraries than the plan."""
    if (code_hash(), libraries()) != made_with:
        raise UsageError(
            f"a worker of the cluster has other code or libraries ({code_hash()}, {libraries()}) than this program "
            f"({made_with[0]}, {made_with[1]}); install the same on all machines."
        )
    return simulated(unpacked(packed), number)


def dispatched(
    plan: Plan, folder: Path, numbers: Sequence[int], address: str
) -> Generator[tuple[int, str], None, None]:
    """Each run's number and sentence of failure (empty = kept), as they end. Raises RunStopped for a lost scheduler."""
    from distributed import Client

    packed, left, lost = zlib.compress(pickle.dumps(plan)), list(numbers), 0
    died: dict[int, int] = {}
    while left:
        n_before = len(left)
        try:
            with Client(address, timeout=SECONDS, set_as_default=False) as client:  # type: ignore[no-untyped-call]  # of distributed
                for number, sentence in handed_out(client, packed, plan, folder, left, died):
                    left.remove(number)
                    yield number, sentence
        except (OSError, TimeoutError) as error:
            if getattr(error, "filename", None):  # of a file here, not of the network
                raise
            lost = 0 if len(left) < n_before else lost + 1
            if lost >= ATTEMPTS:
                raise RunStopped(
                    f"No scheduler answers at {address} ({error}); {len(numbers) - len(left)} of {len(numbers)} runs "
                    "are finished and kept. Go on with --resume."
                ) from None


def handed_out(
    client: Client, packed: bytes, plan: Plan, folder: Path, left: Sequence[int], died: dict[int, int]
) -> Generator[tuple[int, str], None, None]:
    """Hand runs out to one scheduler, a few ahead, until all have ended or it is lost (then OSError)."""
    from distributed import CancelledError, KilledWorker

    under_way: dict[Any, int] = {}
    waiting, made_with = list(left), (code_hash(), libraries())
    while waiting or under_way:
        room = AHEAD * max(1, sum(client.nthreads().values())) - len(under_way)  # type: ignore[no-untyped-call]  # of distributed
        for number in waiting[: max(room, 0)]:
            future = client.submit(answer, packed, number, made_with, pure=False, retries=0)
            under_way[future] = number
        del waiting[: max(room, 0)]
        for future in ended(client, under_way):
            number = under_way.pop(future)
            try:
                record, sentence = future.result()
            except KilledWorker:
                died[number] = died.get(number, 0) + 1
                if died[number] < ATTEMPTS:
                    waiting.append(number)
                    continue
                record, sentence = b"", f"run {number}: its workers were killed {ATTEMPTS} times in a row"
            except CancelledError as error:
                raise ConnectionError("the scheduler has lost the runs it was given") from error
            if record and not run_file(folder, number).exists():
                keep_run(folder, number, record)
            yield number, sentence


def ended(client: Client, under_way: Collection[Any]) -> Collection[Any]:
    """Runs that have ended, one at least. Raises ConnectionError where the scheduler is lost."""
    from distributed import wait

    while True:
        if client.status not in ("running", "connecting"):
            raise ConnectionError("the connection to the scheduler is closed")
        try:
            with client.as_current():
                done: Collection[Any] = wait(list(under_way), timeout=LOOK, return_when="FIRST_COMPLETED").done  # type: ignore[no-untyped-call]  # of distributed
            return done
        except TimeoutError:
            if client.status == "connecting" and not answers(client):
                raise ConnectionError("the scheduler no longer answers") from None


def answers(client: Client) -> bool:
    """Whether the scheduler comes back in time."""
    until = monotonic() + SECONDS
    while client.status == "connecting" and monotonic() < until:
        sleep(0.2)
    return bool(client.status == "running")
