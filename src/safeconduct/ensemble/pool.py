"""Carry out a plan on local cores. Side effects live here: processes, files, progress."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from safeconduct.ensemble.keep import gather, keep_run, kept_runs, open_store
from safeconduct.ensemble.plan import Plan
from safeconduct.ensemble.types import Ensemble, Failure
from safeconduct.terms import RunStopped

Progress = Callable[[int, int], None]  # runs done, runs in all
TRIES = 2  # a run whose worker was killed is tried once more

_plan: Plan | None = None  # one per worker process, set once when it starts
_folder: Path | None = None


def start_worker(plan: Plan, folder: Path) -> None:
    """What a worker is told once, instead of with every run. Ctrl-C is the parent's to handle."""
    import signal

    global _plan, _folder
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _plan, _folder = plan, folder


def work(number: int) -> str:
    """One run in a worker: kept on disk when it ends. Returns an empty text, or the sentence of its failure."""
    assert _plan is not None and _folder is not None
    return run_one(_plan, _folder, number)


def run_one(plan: Plan, folder: Path, number: int) -> str:
    """Simulate and keep one run. A model that fails is a value; a disk that fails stops the plan (OSError)."""
    from safeconduct.engine import simulate

    try:
        values = plan.values(number)
        run = simulate(plan.scenario, values, seed=plan.run_seed(number), record=plan.record or None)
    except (ArithmeticError, LookupError, ValueError) as error:
        return f"run {number}: {type(error).__name__}: {error}"
    keep_run(folder, number, run)
    return ""


def carry_out(
    plan: Plan,
    folder: Path,
    *,
    workers: int = 0,
    resume: bool = False,
    progress: Progress = lambda done, total: None,
) -> Ensemble:
    """Run what a plan asks for and is not kept yet, and put all its runs together.

    workers: 0 = one per core. Raises RunStopped when it is interrupted or the disk is full; what was finished stays
    in the folder, and `resume` goes on from there.
    """
    open_store(folder, plan, resume=resume)
    missing = sorted(set(range(plan.n_runs)) - set(kept_runs(folder)))
    done, failures = plan.n_runs - len(missing), []
    progress(done, plan.n_runs)
    try:
        for number, sentence in outcomes(plan, folder, missing, workers or os.cpu_count() or 1):
            done += 1
            if sentence:
                failures.append(Failure(number, sentence))
            progress(done, plan.n_runs)
    except KeyboardInterrupt:
        raise RunStopped(stopped("interrupted", folder, plan)) from None
    except OSError as error:
        raise RunStopped(stopped(f"{folder} cannot be written ({error.strerror})", folder, plan)) from None
    failures.sort(key=lambda failure: failure.run)
    return gather(folder, [n for n in kept_runs(folder) if n < plan.n_runs], tuple(failures))


def stopped(why: str, folder: Path, plan: Plan) -> str:
    """The sentence for a plan that ended early."""
    kept = len(kept_runs(folder))
    return f"Stopped: {why}; {kept} of {plan.n_runs} runs are finished and kept. Go on with --resume."


def outcomes(plan: Plan, folder: Path, numbers: Sequence[int], workers: int) -> Iterator[tuple[int, str]]:
    """Each run's number and sentence of failure (empty = kept), as they end."""
    if workers == 1 or len(numbers) <= 1:
        for number in numbers:
            yield number, run_one(plan, folder, number)
        return
    left = list(numbers)
    for _ in range(TRIES):
        try:
            for number, sentence in pooled(plan, folder, tuple(left), min(workers, len(left))):
                yield number, sentence
                left.remove(number)
        except BrokenProcessPool:
            ended = set(kept_runs(folder))
            for number in [n for n in left if n in ended]:
                yield number, ""
                left.remove(number)
        if not left:
            return
    for number in left:
        yield number, f"run {number}: its worker process was killed {TRIES} times"


def pooled(plan: Plan, folder: Path, numbers: Sequence[int], workers: int) -> Iterator[tuple[int, str]]:
    """The same over worker processes; a few runs ahead are handed out at a time."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["safeconduct.engine"])
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=start_worker, initargs=(plan, folder))
    waiting, running = iter(numbers), dict[Future[str], int]()
    try:
        while True:
            while len(running) < 2 * workers and (number := next(waiting, None)) is not None:
                running[pool.submit(work, number)] = number
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
