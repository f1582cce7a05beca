"""The method on simulated truth: ranks of truths among particles are uniform, and a method that misreads counts fails.

500 truths: `python benchmarks/rank_uniformity.py`.
"""

from __future__ import annotations

import pytest
from simulated_truth import chance_if_uniform, misread, ranks

FALSE_ALARM = 1e-3  # chance that a right method fails here, over all figures


@pytest.mark.slow
def test_ranks_of_truths_are_uniform() -> None:
    """60 truths, six figures: each chi-squared chance above the stated false alarm, shared out (Bonferroni)."""
    found = ranks(11, 60)
    assert all(chance_if_uniform(one) > FALSE_ALARM / len(found) for one in found.values()), found


@pytest.mark.slow
def test_a_method_that_misreads_counts_fails() -> None:
    """200 truths (60 are too few to tell), counts read two fifths too high: some ranks are far from uniform."""
    found = ranks(11, 200, misread)
    assert min(chance_if_uniform(one) for one in found.values()) < FALSE_ALARM / len(found), found
