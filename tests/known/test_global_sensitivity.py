"""Morris and Sobol on functions whose indices are known, and on a shipped case."""

from __future__ import annotations

from math import pi
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("SALib")

from safeconduct.api import SensitivityRequest, sensitivity  # after the extra is known
from safeconduct.api.fitting import GlobalSensitivity
from safeconduct.inference.influence import Effect, Index, decompose, most_influential, screen

Floats = NDArray[np.float64]


def ishigami(chances: Floats, blocks: object) -> Floats:
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 for x in -pi..pi (Ishigami and Homma 1990)."""
    x = pi * (2.0 * chances - 1.0)
    y = np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return np.asarray(y[:, None])


def linear(chances: Floats, blocks: object) -> Floats:
    """4 u1 + 2 u2 + 1 u3 + 0 u4, and a constant beside it."""
    return np.column_stack([chances @ np.array([4.0, 2.0, 1.0, 0.0]), np.ones(len(chances))])


def test_the_indices_of_ishigami() -> None:
    """Var = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2 with a = 7, b = 0.1; within five standard errors of each index.

    V1 = (1 + b pi^4/5)^2 / 2, V2 = a^2/8, V3 = 0, V13 = b^2 pi^8 (1/18 - 1/50).
    """
    a, b = 7.0, 0.1
    v1, v2, v13 = (1 + b * pi**4 / 5) ** 2 / 2, a**2 / 8, b**2 * pi**8 * (1 / 18 - 1 / 50)
    whole = v1 + v2 + v13
    assert whole == pytest.approx(a**2 / 8 + b * pi**4 / 5 + b**2 * pi**8 / 18 + 0.5)
    (found,) = decompose(("x1", "x2", "x3"), ishigami, n_rows=4096, seed=0)
    for index, first, total in zip(found, (v1, v2, 0.0), (v1 + v13, v2, v13), strict=True):
        assert abs(index.first - first / whole) < 5 * max(index.first_error, 1e-3) / 1.96
        assert abs(index.total - total / whole) < 5 * max(index.total_error, 1e-3) / 1.96


def test_a_linear_case() -> None:
    """Effects are the coefficients to rounding; shares are their squares by 21; nothing moves a constant."""
    names = ("u1", "u2", "u3", "u4")
    effects, of_constant = screen(names, linear, n_paths=6, seed=0)
    assert [one.effect for one in effects] == pytest.approx([4.0, 2.0, 1.0, 0.0])
    assert [one.effect for one in of_constant] == [0.0] * 4
    assert [one.spread for one in effects] == pytest.approx([0.0] * 4)
    assert most_influential([effects], 3) == ["u1", "u2", "u3"]
    shares, constant = decompose(names, linear, n_rows=2048, seed=0)
    for index, coefficient in zip(shares, (4.0, 2.0, 1.0, 0.0), strict=True):
        assert abs(index.first - coefficient**2 / 21) < 5 * max(index.first_error, 1e-3) / 1.96
        assert abs(index.total - index.first) < 5 * max(index.total_error, 1e-3) / 1.96
    assert {index.total for index in constant} == {0.0}


def test_the_same_seed_gives_the_same_design() -> None:
    """Seed 0 is a seed, and another one gives another design."""
    seen: list[Floats] = []

    def keep(chances: Floats, blocks: object) -> Floats:
        seen.append(chances)
        return linear(chances, blocks)

    for seed in (0, 0, 1):
        screen(("u1", "u2", "u3", "u4"), keep, n_paths=4, seed=seed)
    assert np.array_equal(seen[0], seen[1]) and not np.array_equal(seen[0], seen[2])


@pytest.mark.slow
def test_a_shipped_case() -> None:
    """Few runs of the invented valley: every parameter with a prior is screened, and the kept ones have shares."""
    found = sensitivity(SensitivityRequest("demo-valley", n_paths=2, n_rows=8, n_kept=3, workers=1))
    priors = {p.name for p in found.scenario.parameters.values() if p.prior.kind != "fixed"}
    assert {one.parameter for one in found.effects[0]} == priors
    assert found.n_runs == 2 * (len(priors) + 1) + 8 * 5 and len(found.tables()[0].rows) == 3


def test_the_strongest_parameter_is_named_though_it_was_not_handed_on():
    """Three effects of 9, 5 and 1; only the weakest was kept for Sobol, so the two others are named by Morris alone."""
    effects = tuple(Effect(name, effect, 0.0) for name, effect in (("a", 1.0), ("b", 9.0), ("c", 5.0)))
    scenario = SimpleNamespace(parameters={"a": SimpleNamespace(unit="", source="assumed")})
    kept = (Index("a", 1.0, 0.1, 1.0, 0.1),)
    found = GlobalSensitivity(scenario, ("people",), (effects,), (kept,), 10, 0)  # type: ignore[arg-type]  # of a case it asks units only
    (said,) = [one for one in found.sentences() if one.startswith("people:")]
    assert said.index("b, c, a") < said.index("left out b, c")
