"""All particles, over one or several processes. Which process holds which slot changes no result."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from types import TracebackType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine import Run
from safeconduct.ensemble import server
from safeconduct.inference.assimilate.demand import Channel, Free
from safeconduct.inference.assimilate.particles import Particle, Setting
from safeconduct.inference.assimilate.shard import Shard, Stretch, ask, open_shard

T = TypeVar("T")
Array = NDArray[np.float64]


class Shards:
    """Particles by slot. Slot k is held by process k % n; a process holds its runs from stretch to stretch."""

    def __init__(self, setting: Setting, workers: int = 0) -> None:
        n = workers or os.cpu_count() or 1
        self.own = Shard(setting) if n == 1 else None
        self.pools = [] if n == 1 else [
            ProcessPoolExecutor(1, mp_context=server(), initializer=open_shard, initargs=(setting,)) for _ in range(n)
        ]  # fmt: skip

    def __enter__(self) -> Shards:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self.pools:
            pool.shutdown(wait=kind is None, cancel_futures=True)

    def ask_all(self, name: str, *arguments: object, own: Sequence[tuple[object, ...]] | None = None) -> dict[int, Any]:
        """What a method of every shard gives, put together; `own` gives each shard arguments of its own."""
        n = max(len(self.pools), 1)
        each = own or [arguments] * n
        if self.own is not None:
            return getattr(self.own, name)(*each[0]) or {}
        asked = [pool.submit(ask, name, given) for pool, given in zip(self.pools, each, strict=True)]
        found: dict[int, Any] = {}
        for future in asked:
            answer: Any = future.result()
            found |= answer or {}
        return found

    def split(self, items: Iterable[T]) -> list[dict[int, T]]:
        """Items by slot, for each process."""
        n = max(len(self.pools), 1)
        parts: list[dict[int, T]] = [{} for _ in range(n)]
        for slot, item in enumerate(items):
            parts[slot % n][slot] = item
        return parts

    def free(self, particles: Sequence[Particle], channels: Sequence[Channel], hour: float) -> list[list[Free]]:
        """[slot][channel] what runs without posts give."""
        found = self.ask_all("free", own=[(part, tuple(channels), hour) for part in self.split(particles)])
        return [found[slot] for slot in range(len(found))]

    def take(self, particles: Sequence[Particle], sources: Sequence[int], hour: float) -> None:
        """Hold these particles, whose runs up to an hour may be held at the slots they come from."""
        parts = self.split(zip(particles, sources, strict=True))
        self.ask_all("take", own=[(part, hour) for part in parts])

    def go_through(self, stretch: Stretch) -> Array:
        """[slot, evidence of the stretch] what each run has, advanced over it."""
        found = self.ask_all("go_through", stretch)
        return np.array([found[slot] for slot in range(len(found))])

    def end(self) -> list[Run]:
        """[slot] what each run recorded by the end of the case."""
        found = self.ask_all("end")
        return [found[slot] for slot in range(len(found))]
