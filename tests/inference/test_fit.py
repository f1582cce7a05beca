"""The fit against answers known by theory, against simulated truth, and against a deliberately wrong one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from safeconduct.inference import Effort, ErrorModel, FitRow, Question, fit
from safeconduct.inference.fit.likelihood import log_likelihood
from safeconduct.inference.fit.proposal import Proposal, effective_size, resample
from safeconduct.scenario import Parameter
from safeconduct.terms import Draws, Prior, RunStopped, UsageError, normal_quantile

HOURS = np.array([6.0, 12.0, 18.0, 24.0, 36.0, 48.0])
START = Parameter("start", 8.0, "hours", Prior("uniform", (0.0, 16.0)), "assumed")
RATE = Parameter("rate", 900.0, "persons/hour", Prior("lognormal", (500.0, 1600.0)), "assumed")


def rows_at(counts, hours=HOURS):
    """Recorded persons at these hours."""
    pairs = zip(hours, counts, strict=True)
    return tuple(FitRow("cum_arrivals_persons", "gate", float(h), float(y), float(y), float(y)) for h, y in pairs)


def capped_lines(values, _seeds):
    """[draw, row] of a capped straight line: the cheapest simulator there is."""
    start, rate = (np.array([v[name] for v in values])[:, None] for name in ("start", "rate"))
    return np.clip(rate * (HOURS - start), 0.0, 30_000.0)


def normal_question(sd=2.0):
    """One unknown, prior normal(10, 3), seen twice with errors of sd: the posterior is normal."""
    parameter = Parameter("x", 10.0, "1", Prior("normal", (10.0, 3.0)), "assumed")
    return Question((parameter,), rows_at([14.0, 16.0], [0.0, 1.0]), np.eye(2) * sd**2)


def twice(values, _seeds):
    """The unknown itself, at both rows."""
    return np.array([[v["x"], v["x"]] for v in values])


def test_a_normal_mean_is_recovered():
    """Precision 1/9 + 2/4 = 0.611: sd 1.279; mean (10/9 + 30/4) / 0.611 = 14.09; within 5 standard errors."""
    found = fit(normal_question(), twice, seed=1)
    mean, sd = (10 / 9 + 30 / 4) / (1 / 9 + 2 / 4), (1 / 9 + 2 / 4) ** -0.5
    tolerance = 5 * sd / found.effective**0.5
    assert found.weights @ found.values[:, 0] == pytest.approx(mean, abs=tolerance)
    assert found.posterior.std() == pytest.approx(sd, abs=tolerance)
    assert found.effective > 400 and len(found.posterior) == 400


def test_a_ridge_is_recovered():
    """Only x + y is seen: the posterior of the difference is its prior, and both share the sum's correlation.

    Prior standard normal, sum seen as 3 with sd 0.5: each has mean 3 / 2.25 = 1.33, var 1 - 1/2.25,
    covariance -1/2.25.
    """
    xy = tuple(Parameter(name, 0.0, "1", Prior("normal", (0.0, 1.0)), "assumed") for name in "xy")
    question = Question(xy, rows_at([3.0], [0.0]), np.array([[0.25]]))
    found = fit(question, lambda values, _: np.array([[v["x"] + v["y"]] for v in values]), seed=2)
    mean = found.weights @ found.values
    covariance = (found.values - mean).T @ ((found.values - mean) * found.weights[:, None])
    tolerance = 5 / found.effective**0.5
    assert mean == pytest.approx([3 / 2.25] * 2, abs=tolerance)
    expected = np.array([[1 - 1 / 2.25, -1 / 2.25], [-1 / 2.25, 1 - 1 / 2.25]])
    assert covariance == pytest.approx(expected, abs=tolerance)


def test_the_chance_of_a_run_is_part_of_the_draw():
    """A simulator with noise of sd 2 of its own widens the posterior as a larger error would.

    Seen 15 once with error sd 2, run noise sd 2: precision 1/9 + 1/8, mean (10/9 + 15/8) / (1/9 + 1/8) =
    12.65.
    """
    question = replace(normal_question(), rows=rows_at([15.0], [0.0]), covariance=np.array([[4.0]]))

    def noisy(values, seeds):
        noise = [2.0 * normal_quantile(Draws(seed).uniform("noise", 0)) for seed in seeds]
        return np.array([[v["x"] + float(e)] for v, e in zip(values, noise, strict=True)])

    found = fit(question, noisy, seed=3)
    sd = (1 / 9 + 1 / 8) ** -0.5
    tolerance = 5 * sd / found.effective**0.5
    assert found.posterior.mean() == pytest.approx((10 / 9 + 15 / 8) * sd**2, abs=tolerance)
    assert found.posterior.std() == pytest.approx(sd, abs=tolerance)


def test_the_same_seed_gives_the_same_draws_and_seed_zero_is_a_seed():
    question = Question((START, RATE), rows_at([0, 3000, 8000, 14000, 25000, 30000]), np.eye(6) * 1e6)
    effort = Effort(rounds=2, per_round=50, keep=20)
    first, again, other = (fit(question, capped_lines, seed=s, effort=effort) for s in (0, 0, 1))
    assert (first.values == again.values).all() and (first.kept == again.kept).all()
    assert (first.values != other.values).any()


def test_a_failed_run_is_counted_and_impossible():
    """Runs with x above 14 fail: no posterior draw lies there."""

    def fragile(values, seeds):
        return np.where(twice(values, seeds) > 14.0, np.nan, twice(values, seeds))

    found = fit(normal_question(), fragile, seed=4)
    assert found.n_failed > 0 and found.posterior.max() <= 14.0


def test_a_fit_on_few_draws_is_cautious():
    """An error of 0.01 against a prior sd of 3 leaves next to nothing of 40 draws from the prior."""
    found = fit(normal_question(sd=0.01), twice, seed=1, effort=Effort(rounds=1, per_round=40, keep=10))
    assert found.effective < 5 and "effective draws" in found.caution
    assert fit(normal_question(), twice, seed=1).caution == ""


def test_when_all_runs_fail_it_says_so():
    with pytest.raises(RunStopped, match="Every run of the fit failed"):
        fit(normal_question(), lambda values, _: np.full((len(values), 2), np.nan), seed=5)


@pytest.mark.parametrize("parameters", [(), (START,) * 6, (replace(RATE, prior=Prior("fixed", (1.0,))),)])
def test_unaskable_questions_are_refused(parameters):
    with pytest.raises(UsageError, match="expected 1 to 5, each with a prior"):
        Question(parameters, rows_at([1.0], [0.0]), np.eye(1))


def test_a_question_without_rows_is_refused():
    with pytest.raises(UsageError, match="No row is to be fitted"):
        Question((RATE,), (), ErrorModel().covariance(()))


def test_errors_are_as_stated():
    """Figures 100 and 10,000 twelve hours apart; floors 0.2 % and 2 % of 10,000: 20 and 200; likeness exp(-1)."""
    covariance = ErrorModel().covariance(rows_at([100.0, 10_000.0], [0.0, 12.0]))
    first, second = 5.0**2 + 200.0**2, 500.0**2 + 200.0**2
    assert covariance[0, 0] == pytest.approx(first + 1.0**2 + 20.0**2)
    assert covariance[1, 1] == pytest.approx(second + 100.0**2 + 20.0**2)
    assert covariance[0, 1] == covariance[1, 0] == pytest.approx(np.exp(-1.0) * (first * second) ** 0.5)


def test_what_the_model_leaves_out_can_be_stated():
    """Half of a figure, a fifth of the largest, alike over 24 hours; with the usual sizes it is the usual model."""
    assert ErrorModel.leaving_out(0.05, 12.0) == ErrorModel()
    covariance = ErrorModel.leaving_out(0.5, 24.0).covariance(rows_at([100.0, 10_000.0], [0.0, 12.0]))
    first, second = 50.0**2 + 2000.0**2, 5000.0**2 + 2000.0**2
    assert covariance[0, 0] == pytest.approx(first + 1.0**2 + 20.0**2)
    assert covariance[0, 1] == pytest.approx(np.exp(-0.5) * (first * second) ** 0.5)


def test_by_factor_half_is_as_wrong_as_twice():
    """Recorded 80 and 1,000; 20 is added to each: runs of twice and half of that, or of half and twice, are equal."""
    error = ErrorModel.leaving_out(0.5, 12.0, is_by_factor=True)
    rows = rows_at([80.0, 1000.0], [0.0, 12.0])
    assert error.added(rows) == pytest.approx([20.0, 20.0])
    covariance = error.covariance(rows)
    assert covariance[0, 1] == pytest.approx(np.exp(-1.0) * 0.25)
    assert covariance[0, 0] == pytest.approx(0.25 + (0.8**2 + 2.0**2) / 100.0**2)
    question = Question((RATE,), rows, covariance, added=error.added(rows))
    modelled, recorded = question.compared(np.array([[180.0, 490.0], [30.0, 2020.0], [np.nan, 1.0]]))
    found = log_likelihood(modelled, recorded, np.eye(2))
    assert found[0] == pytest.approx(found[1]) == pytest.approx(-(np.log(2.0) ** 2))
    assert found[2] == -np.inf and ErrorModel().added(rows) is None


def test_how_far_the_priors_closest_run_is():
    """Seen 14 and 16 with errors of sd 2: a run x misses by sqrt(((x - 14)^2 + (x - 16)^2) / 2) / 2, at least 0.5."""
    found = fit(normal_question(), twice, seed=1, effort=Effort(2, 200, 10))
    first = found.values[:200, 0]
    assert found.closest_of_prior == pytest.approx((((first - 14) ** 2 + (first - 16) ** 2) / 2).min() ** 0.5 / 2)
    assert 0.5 <= found.closest_of_prior < 0.6


def test_targets_err_independently_and_an_interval_widens_its_row():
    persons = FitRow("cum_arrivals_persons", "gate", 0.0, 900.0, 1000.0, 1100.0)
    vehicles = FitRow("cum_arrivals_vehicles", "gate", 0.0, 200.0, 200.0, 200.0)
    covariance = ErrorModel().covariance([persons, vehicles])
    certain = ErrorModel().covariance([replace(persons, low=1000.0, high=1000.0), vehicles])
    assert covariance[0, 1] == 0.0
    assert covariance[0, 0] - certain[0, 0] == pytest.approx((200.0 / (2 * 1.645)) ** 2)


def test_log_likelihood_by_hand():
    """Independent errors of sd 2 and 1: -(2/2)^2/2 - (3/1)^2/2 = -5; a failed run is impossible."""
    modelled = np.array([[12.0, 7.0], [10.0, 10.0], [np.nan, 10.0]])
    found = log_likelihood(modelled, np.array([10.0, 10.0]), np.diag([4.0, 1.0]))
    assert found.tolist() == [-5.0, 0.0, -np.inf]


def test_a_proposal_density_integrates_to_one():
    """A mixture on a fine grid: sum of density x step = 1 within the tail beyond 8."""
    chances = Draws(6).uniform("centres", np.arange(50))
    proposal = Proposal.around(normal_quantile(chances)[:, None] * 0.3 + 1.0, np.full(50, 0.02), 0.5)
    grid = np.linspace(-8.0, 8.0, 4001)
    assert np.exp(proposal.log_density(grid[:, None])).sum() * 0.004 == pytest.approx(1.0, abs=1e-6)


def test_proposals_are_drawn_from_their_density():
    """The mean of 1 / density over draws within an interval is its length: 3, within 5 sd."""
    proposal = Proposal.around(np.array([[0.0], [1.0], [1.5]]), np.array([0.2, 0.4, 0.4]), 0.5)
    points = proposal.draw(Draws(7), np.arange(20_000))
    inside = (np.abs(points[:, 0] - 0.5) < 1.5) / np.exp(proposal.log_density(points))
    assert inside.mean() == pytest.approx(3.0, abs=5 * inside.std() / 20_000**0.5)


def test_systematic_resampling_keeps_shares():
    """Weights 0.5, 0.3, 0.2 and ten draws: 5, 3 and 2 of them, wherever it starts."""
    weights = np.array([0.5, 0.3, 0.2])
    for start in (0.01, 0.5, 0.99):
        counts = np.bincount(resample(weights, 10, start), minlength=3)
        assert (np.abs(counts - 10 * weights) <= 1).all() and counts.sum() == 10
    assert effective_size(weights) == pytest.approx(1 / 0.38)


class TestCalibration:
    """Rank uniformity (Talts et al. 2018): truths from the prior lie anywhere in their posteriors alike.

    The same with 800 truths and 2,000 runs a fit: p = 0.20, 0.15 (shape) and 0.50, 0.29 (spread).
    """

    covariance = ErrorModel(reporting_floor=0.03, discrepancy_floor=0.03).covariance(
        rows_at([0, 3600, 9000, 14400, 25200, 30000])
    )

    def ranks(self, error_sd_factor, n_truths):
        """[truth, parameter] ranks of the truths in posteriors that take errors to be so much larger."""
        root = np.linalg.cholesky(self.covariance)
        effort = Effort(rounds=4, per_round=200, keep=1)
        ranks = []
        for number in range(n_truths):
            draws = Draws(8).derive(number)
            truth = {p.name: p.prior.quantile(float(draws.uniform(p.name, 0))) for p in (START, RATE)}
            noise = root @ normal_quantile(draws.uniform("noise", np.arange(6)))
            rows = rows_at(capped_lines([truth], [0])[0] + noise)
            question = Question((START, RATE), rows, self.covariance * error_sd_factor**2)
            found = fit(question, capped_lines, seed=number, effort=effort)
            below = found.values < np.array([truth["start"], truth["rate"]])
            ranks.append(np.clip(found.weights @ below, 1e-3, 1 - 1e-3))
        return np.array(ranks)

    def chances(self, ranks):
        """Of uniform ranks to lie further off: Kolmogorov's test of shape, chi-square test of spread."""
        from scipy import stats

        scores = np.square(stats.norm.ppf(ranks)).sum(axis=0)
        spread = 2 * np.minimum(stats.chi2.cdf(scores, len(ranks)), stats.chi2.sf(scores, len(ranks)))
        return [stats.kstest(column, "uniform").pvalue for column in ranks.T], spread

    def test_the_method_is_calibrated(self):
        shape, spread = self.chances(self.ranks(1.0, 150))
        assert min(shape) > 0.005 and spread.min() > 0.005

    def test_halved_errors_are_caught(self):
        """The same test fails a fit that thinks reports and model twice as good as they are."""
        _, spread = self.chances(self.ranks(0.5, 75))
        assert spread.max() < 1e-6
