"""Api: the Python interface. Requests are plain records, functions are free, results are values.

Comes in: a case's name, folder or record, and what is asked of it. Goes out: `Runs`, `WhatIf`, `Fit`, `MonitorView`,
`AccountsView`, each with polars frames and `write`. Does not know: words typed on a command line, HTTP.
Start reading at `simulation.py`, whose `run` is the whole path; `requests.py` holds what can be asked.

Each name is imported when it is first used: a run does not load the game, nor a monitor the engine.
"""

from typing import TYPE_CHECKING

from safeconduct.terms import offered_when_used

if TYPE_CHECKING:
    from safeconduct.api.articles import Article, read
    from safeconduct.api.ceasefire import (
        ActsWorlds,
        DeclaredWorlds,
        PhasesFit,
        fit_phases,
        has_phases,
        whatif_acts,
        whatif_declared,
    )
    from safeconduct.api.coded import AccountsView, accounts
    from safeconduct.api.fitting import (
        Fit,
        GlobalSensitivity,
        SensitivityRequest,
        check_writable,
        fit,
        sensitivities,
        sensitivity,
    )
    from safeconduct.api.folders import (
        case_or_shipped,
        claims_file_of,
        monitor_folder,
        out_folder,
        output,
        own_folder,
        shipped_cases,
    )
    from safeconduct.api.forecasting import (
        BacktestResult,
        ForecastRequest,
        ForecastResult,
        backtest,
        forecast,
        origins_typed,
    )
    from safeconduct.api.monitoring import MonitorView, moment_of, monitor
    from safeconduct.api.requests import (
        STORE,
        FitRequest,
        RunRequest,
        Watch,
        case_folder,
        has_sample,
        identifiability_of,
        read_case,
        sample_for,
        scenario_of,
        time_typed,
    )
    from safeconduct.api.simulation import Runs, check_request, run
    from safeconduct.api.stories import StoryView, story
    from safeconduct.api.worlds import WhatIf, whatif

__getattr__ = offered_when_used(__name__, __file__)
