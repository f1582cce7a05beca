"""Carry out a plan on local cores. Side effects live here: processes, files, progress."""

from __future__ import annotations

import ast
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import ForkServerContext
from pathlib import Path

from safeconduct.ensemble.keep import gather, keep_run, kept_runs, open_store, simulated, take_over
from safeconduct.ensemble.plan import WHOLE, Part, Plan
from safeconduct.ensemble.types import Ensemble, Failure
from safeconduct.ensemble.work import refuse_much_work
from safeconduct.terms import RunStopped, UsageError, has_machine_code

Progress = Callable[[int, int], None]  # runs done, runs in all

_plan: Plan | None = None  # one per worker process, set once when it starts
_folder: Path | None = None


def start_worker(plan: Plan, folder: Path) -> None:
    """What a worker gets once, instead of with every run."""
    global _plan, _folder
    obey_parent()
    _plan, _folder = plan, folder


def obey_parent() -> None:
    """In a worker: Ctrl-C is the parent's to handle, and the worker ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()


def end_with_parent() -> None:
    """End this worker when the process that asked for it ends, however that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def refuse_unguarded_script() -> None:
    """Raise UsageError where workers would run the caller's script anew: each imports it to know its names."""
    script = sys.modules["__main__"]
    file = getattr(script, "__file__", None)
    if getattr(script, "__spec__", None) is not None or not file or not Path(file).is_file():
        return
    try:
        body = ast.parse(Path(file).read_text("utf-8")).body
    except (OSError, ValueError, SyntaxError):
        return
    if not any(isinstance(one, ast.If) and "__name__" in ast.unparse(one.test) for one in body):
        raise UsageError(
            f"{file} is run anew by each worker process; put what it does under "
            'if __name__ == "__main__": or ask for workers=1.'
        )


def work(number: int) -> str:
    """One run in a worker: kept on disk when it ends. Returns an empty text, or the sentence of its failure."""
    assert _plan is not None and _folder is not None
    return run_one(_plan, _folder, number)


def run_one(plan: Plan, folder: Path, number: int) -> str:
    """Simulate and keep one run. A disk that fails stops the plan (OSError)."""
    record, sentence = simulated(plan, number)
    if record:
        keep_run(folder, number, record)
    return sentence


def carry_out(
    plan: Plan,
    folder: Path,
    *,
    workers: int = 0,
    cluster: str = "",
    part: Part = WHOLE,
    stores: Sequence[Path] = (),
    resume: bool = False,
    progress: Progress = lambda done, total: None,
) -> Ensemble:
    """Run what a plan asks for and is not kept yet, and put all its runs together.

    workers: 0 = one per core. cluster: address of a Dask scheduler that runs them instead. part: only these runs.
    stores: folders with finished runs of the same plan, to be taken over. Raises UsageError for more work than the
    limit; RunStopped when it is interrupted or the disk is full: what was finished stays in the folder, and `resume`
    goes on from there.
    """
    failures, wanted = [], runs_of(part, plan.n_runs)
    refuse_much_work(plan.scenario, len(wanted), plan.largest())
    try:
        open_store(folder, plan, resume=resume)
        take_over(folder, plan, stores)
        missing = sorted(set(wanted) - set(kept_runs(folder)))
        done, n_wanted = len(wanted) - len(missing), len(wanted)
        progress(done, n_wanted)
        if cluster:
            from safeconduct.ensemble.cluster import dispatched  # read only where a cluster is asked for

            of_machines = dispatched(plan, folder, missing, cluster)
        else:
            of_machines = outcomes(plan, folder, missing, workers or os.cpu_count() or 1)
        with closing(of_machines) as ended:
            for number, sentence in ended:
                done += 1
                if sentence:
                    failures.append(Failure(number, sentence))
                progress(done, n_wanted)
    except KeyboardInterrupt:
        raise RunStopped(stopped("interrupted", folder, plan)) from None
    except OSError as error:
        raise RunStopped(stopped(f"{folder} cannot be written ({error.strerror})", folder, plan)) from None
    failures.sort(key=lambda failure: failure.run)
    return gather(folder, [n for n in kept_runs(folder) if n in wanted], tuple(failures))


def runs_of(part: Part, n_runs: int) -> range:
    """Numbers of the runs of a part: every n-th from the k-th on, so that parts of a growing plan stay alike."""
    number, n_parts = part
    return range(number - 1, n_runs, n_parts)


def stopped(why: str, folder: Path, plan: Plan) -> str:
    """The sentence for a plan that ended early."""
    kept = len(kept_runs(folder))
    go_on = " Go on with --resume." if kept else ""
    return f"Stopped: {why}; {kept} of {plan.n_runs} runs are finished and kept.{go_on}"


def outcomes(plan: Plan, folder: Path, numbers: Sequence[int], workers: int) -> Generator[tuple[int, str], None, None]:
    """Each run's number and sentence of failure (empty = kept), as they end."""
    if workers == 1 or len(numbers) <= 1:
        for number in numbers:
            yield number, run_one(plan, folder, number)
        return
    refuse_unguarded_script()
    left = list(numbers)
    if not has_machine_code():  # compiled once, here, and not by each worker
        first = left.pop(0)
        yield first, run_one(plan, folder, first)
    while left:
        under_way = dict[Future[str], int]()
        try:
            for number, sentence in pooled(plan, folder, tuple(left), min(workers, len(left)), under_way):
                left.remove(number)
                yield number, sentence
        except BrokenProcessPool:
            for number in sorted(under_way.values()):
                left.remove(number)
                yield number, alone(plan, folder, number)


def alone(plan: Plan, folder: Path, number: int) -> str:
    """Run by itself, in a process of its own, what was under way when a worker was killed; others are not to blame."""
    if number in kept_runs(folder):
        return ""
    try:
        return next(pooled(plan, folder, (number,), 1, {}))[1]
    except BrokenProcessPool:
        return f"run {number}: its worker process was killed twice"


def pooled(
    plan: Plan, folder: Path, numbers: Sequence[int], workers: int, under_way: dict[Future[str], int]
) -> Generator[tuple[int, str], None, None]:
    """The same over worker processes; a few runs ahead are handed out at a time, and stand in `under_way`."""
    pool = ProcessPoolExecutor(workers, mp_context=server(), initializer=start_worker, initargs=(plan, folder))
    waiting = iter(numbers)
    try:
        while True:
            while len(under_way) < 2 * workers and (number := next(waiting, None)) is not None:
                with undisturbed():  # it may start a worker, which a half-finished start would leave behind
                    under_way[pool.submit(work, number)] = number
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                sentence = future.result()
                yield under_way.pop(future), sentence
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C waits until this block has ended, and never reaches the processes that are started in it.

    They inherit that the signal is blocked. Here another thread may still take it, so it is noted and raised later.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = list[int]()
    handler = signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        signal.signal(signal.SIGINT, handler)
    if came:
        raise KeyboardInterrupt


def server() -> ForkServerContext:
    """A server of worker processes, which inherit from it that they are not to be interrupted."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["safeconduct.engine"])
    resource_tracker.ensure_running()  # first, as it unblocks signals itself
    with undisturbed():
        forkserver.ensure_running()
    return context
