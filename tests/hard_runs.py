"""Plans whose runs go wrong, for tests of what becomes of the others. Worker processes import this module by name."""

from __future__ import annotations

import os
import signal
from multiprocessing import parent_process

from safeconduct.ensemble import Plan


class FailingPlan(Plan):
    """Runs 1 and 4 fail."""

    def values(self, run: int) -> dict[str, float]:
        """Parameter values, where there are any."""
        if run in (1, 4):
            raise ValueError("nothing to draw from")
        return super().values(run)


class HopelessPlan(Plan):
    """Every run fails."""

    def values(self, run: int) -> dict[str, float]:
        """No values at all."""
        raise ValueError("nothing to draw from")


class DeadlyPlan(Plan):
    """Run 2 kills the worker that it runs in."""

    def values(self, run: int) -> dict[str, float]:
        """Parameter values, if the process lives to give them."""
        if run == 2 and parent_process():
            os.kill(os.getpid(), signal.SIGKILL)
        return super().values(run)
