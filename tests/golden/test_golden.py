"""One small case, frozen: three runs of the demo valley from seed 0. It changes on purpose only.

`python tests/golden/test_golden.py` writes the file anew; say so in a line "results change: why" under changes/.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from safeconduct.engine import simulate
from safeconduct.ensemble import Plan
from safeconduct.scenario import read_case

FILE = Path(__file__).parent / "demo-valley.json"
SERIES = (
    ("cum_departures_persons", "middle"),
    ("cum_arrivals_persons", "pass_gate"),
    ("cum_arrivals_vehicles", "pass_gate"),
    ("n_waiting_persons", "upper"),
    ("n_queue_vehicles", "fork-pass"),
    ("n_sheltered_persons", "lowtown"),
)
ADVICE = """The results of demo-valley have changed. If that was meant, run `python tests/golden/test_golden.py` and add
a line "results change: why" to a fragment under changes/; if not, something else has broken."""


def results() -> dict[str, object]:
    """Outcomes and some series, every sixth hour, of three runs."""
    plan = Plan(read_case("demo-valley"), 3, 0)
    runs = [simulate(plan.scenario, plan.values(k), seed=plan.run_seed(k)) for k in range(3)]
    return {
        "outcomes": [{name: None if np.isnan(x) else round(x, 6) for name, x in run.outcomes.items()} for run in runs],
        "series": {f"{q} {at}": [run.series[q, at][::6].tolist() for run in runs] for q, at in SERIES},
    }


def test_the_demo_valley_gives_what_it_gave() -> None:
    """Counts to the person, other figures to a millionth: other machines may round the last bit otherwise."""
    frozen, found = json.loads(FILE.read_text(encoding="utf-8")), results()
    assert found["series"] == frozen["series"], ADVICE
    for old, new in zip(frozen["outcomes"], found["outcomes"], strict=True):
        assert old.keys() == new.keys(), ADVICE
        before, now = (np.array(list(one.values()), dtype=float) for one in (old, new))
        np.testing.assert_allclose(now, before, rtol=1e-5, err_msg=ADVICE)


if __name__ == "__main__":
    FILE.write_text(json.dumps(results(), indent=1) + "\n", encoding="utf-8")
    print(f"Written: {FILE}. Add a line 'results change: why' under changes/.")
