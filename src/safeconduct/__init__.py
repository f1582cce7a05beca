"""Safeconduct: an executable model of a guaranteed ceasefire.

    import safeconduct as sc
    runs = sc.run("karabakh-2023", n_runs=200, seed=0)

What `sc` offers is in `safeconduct.api`, imported when it is first used: functions, what they can be asked, and the one
kind of error. The classes of results are in `safeconduct.api` too. Data flows one way, and a package imports only from
those to its left:

    terms < ledger < reading < scenario < actors < engine < ensemble < inference < accounts < comparators < monitor
    < findings < api < app, desk
"""

from typing import TYPE_CHECKING

from safeconduct.terms import VERSION as __version__
from safeconduct.terms import offered_when_used

if TYPE_CHECKING:
    from safeconduct.api import (
        FitRequest,
        ForecastRequest,
        RunRequest,
        accounts,
        backtest,
        fit,
        forecast,
        monitor,
        read,
        read_case,
        run,
        story,
        whatif,
    )
    from safeconduct.inference import Effort, ErrorModel
    from safeconduct.terms import SafeconductError


__getattr__ = offered_when_used(__name__, __file__)  # `sc.monitor` is the function, though a package is called so too


def __dir__() -> list[str]:
    """What there is to use, for people who look."""
    return [*OFFERED, "__version__"]


OFFERED = (
    "read_case", "run", "whatif", "fit", "forecast", "backtest", "monitor", "accounts", "story", "read",
    "RunRequest", "FitRequest", "ForecastRequest", "Effort", "ErrorModel", "SafeconductError",
)  # fmt: skip
