"""The mixed logistic model gives the numbers of statsmodels, and a wrong prior does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from safeconduct.comparators.variational import Priors, fit_mixed

CASES, KINDS = 12, 4


def simulated(seed: int) -> tuple[Any, Any, Any, Any]:
    """Outcomes of 150 rows with three covariates, 12 cases whose effects have standard deviation 1, and 4 kinds."""
    numbers = np.random.default_rng(seed)
    n = 150
    fixed = np.c_[np.ones(n), numbers.normal(size=(n, 3))]
    case, kind = numbers.integers(0, CASES, n), numbers.integers(0, KINDS, n)
    groups = np.c_[np.eye(CASES)[case], np.eye(KINDS)[kind]]
    logit = fixed @ [0.3, 1.0, -1.0, 0.2] + numbers.normal(size=CASES)[case]
    outcomes = (numbers.uniform(size=n) < 1 / (1 + np.exp(-logit))).astype(float)
    return outcomes, fixed, groups, np.array([0] * CASES + [1] * KINDS)


@pytest.mark.parametrize("seed", range(4))
def test_the_fit_is_that_of_statsmodels(seed: int) -> None:
    """Means and standard deviations of all factors agree to 1e-5, BFGS's own gradient tolerance."""
    oracle = pytest.importorskip("statsmodels.genmod.bayes_mixed_glm", reason="statsmodels is not installed")
    outcomes, fixed, groups, which = simulated(seed)
    found = fit_mixed(outcomes, fixed, groups, which, Priors(2.0, 1.0))
    n = fixed.shape[1] + 2 + groups.shape[1]
    model = oracle.BinomialBayesMixedGLM(outcomes, fixed, groups, which, vcp_p=1.0, fe_p=2.0)
    expected = model.fit_vb(mean=np.zeros(n), sd=np.full(n, 0.5))
    for own, other in (
        (found.fixed, (expected.fe_mean, expected.fe_sd)),
        (found.log_spreads, (expected.vcp_mean, expected.vcp_sd)),
        (found.groups, (expected.vc_mean, expected.vc_sd)),
    ):
        np.testing.assert_allclose(own.mean, other[0], atol=1e-5)
        np.testing.assert_allclose(own.sd, other[1], atol=1e-5)
    other_prior = fit_mixed(outcomes, fixed, groups, which, Priors(1.0, 1.0))
    assert np.abs(other_prior.fixed.mean - expected.fe_mean).max() > 1e-2
