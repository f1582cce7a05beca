"""A run that is saved and gone on with is the run that was never stopped, to the bit."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.engine import Run, advance, begin, finish, simulate
from safeconduct.scenario import Scenario, read_case

MOVING = {"service_sd": 0.4, "opening_share": 0.3, "opening_hours": 20.0}


def valley() -> Scenario:
    """The small shipped case, with posts, buses, events and shelters."""
    return read_case("demo-valley")


def ceasefire() -> Scenario:
    """The invented case with phases, one simulated person for ten."""
    return replace(read_case("demo-ceasefire"), one_in=10)


def same(one: Run, other: Run) -> bool:
    """Whether two runs recorded the same, to the bit."""
    series = all(np.array_equal(one.series[key], other.series[key], equal_nan=True) for key in one.series)
    return series and repr(one.outcomes) == repr(other.outcomes)


@settings(max_examples=8)
@given(share=st.floats(0.0, 1.0), seed=st.integers(0, 2**63 - 1), does_move=st.booleans(), on_disk=st.booleans())
def test_saved_and_continued(share: float, seed: int, does_move: bool, on_disk: bool) -> None:
    """Stopped at any hour, copied or written and read, a run ends as it would have without the stop."""
    case, values = valley(), MOVING if does_move else {}
    stopped = begin(case, values, seed=seed)
    advance(stopped, share * case.clock.hours)
    other = pickle.loads(pickle.dumps(stopped)) if on_disk else stopped.copy()
    advance(stopped)  # what happens to the one does nothing to the other
    advance(other)
    whole = simulate(case, values, seed=seed)
    assert same(finish(other), whole)
    assert same(finish(stopped), whole)


@settings(max_examples=4, derandomize=True)
@given(share=st.floats(0.0, 1.0), seed=st.integers(0, 2**63 - 1), on_disk=st.booleans())
def test_a_case_with_phases_is_saved_and_continued(share: float, seed: int, on_disk: bool) -> None:
    """Stopped in any phase, copied or written and read, a run of a whole ceasefire ends as without the stop."""
    case = ceasefire()
    stopped = begin(case, seed=seed)
    advance(stopped, share * case.clock.hours)
    other = pickle.loads(pickle.dumps(stopped)) if on_disk else stopped.copy()
    advance(stopped)
    advance(other)
    whole = simulate(case, seed=seed)
    assert same(finish(other), whole)
    assert same(finish(stopped), whole)


def test_it_can_tell() -> None:
    """A shock changed after the stop makes another run of it."""
    case = valley()
    whole, other = simulate(case, MOVING, seed=3), begin(case, MOVING, seed=3)
    advance(other, 0.3 * case.clock.hours)
    other.world.shocks[:, other.world.rate_slot + 1 :] += 2.0
    advance(other)
    assert not same(finish(other), whole)
