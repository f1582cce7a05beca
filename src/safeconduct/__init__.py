"""Safeconduct: an executable model of a guaranteed ceasefire.

    import safeconduct as sc
    runs = sc.run("karabakh-2023", n_runs=200, seed=0)

What `sc` offers is in `safeconduct.api`, imported when it is first used. Data flows one way, and a package imports only
from those to its left:

    terms < ledger < reading < scenario < actors < engine < ensemble < inference < accounts < comparators < monitor
    < findings < api < app, desk
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING

from safeconduct.terms import VERSION as __version__

if TYPE_CHECKING:
    from safeconduct.api import (
        AccountsView,
        Fit,
        FitRequest,
        MonitorView,
        RunRequest,
        Runs,
        WhatIf,
        accounts,
        fit,
        monitor,
        read_case,
        run,
        whatif,
    )
    from safeconduct.inference import Effort, ErrorModel


class _Package(ModuleType):
    """`sc.monitor` and `sc.accounts` are functions, though packages inside are called so too.

    Importing a package inside another sets it as an attribute there; these two are kept from hiding the functions.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (isinstance(value, ModuleType) and name in ("accounts", "monitor")):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    """Names of the Python interface, imported when they are first used."""
    from safeconduct.terms import offered_when_used

    return offered_when_used(__name__, __file__)(name)


def __dir__() -> list[str]:
    """What there is to use, for people who look."""
    return [*OFFERED, "__version__"]


OFFERED = (
    "read_case", "run", "whatif", "fit", "monitor", "accounts", "RunRequest", "FitRequest", "Effort", "ErrorModel",
    "Runs", "WhatIf", "Fit", "MonitorView", "AccountsView",
)  # fmt: skip
