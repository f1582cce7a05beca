"""When accounts are not ranked, and the sentence that says why."""

from __future__ import annotations

from collections.abc import Sequence

from safeconduct.accounts.game.baselines import Baseline
from safeconduct.accounts.game.ranges import Ranges
from safeconduct.accounts.game.recovery import Recovery
from safeconduct.accounts.game.result import AccountResult

LEAST_SIZE = 100.0  # effective draws that an account needs before it may be ranked; below 400 the page says so
MATTERS_ABOVE = 0.02  # probability above which an account's effective size matters


def refusals_of(
    results: Sequence[AccountResult], baselines: Sequence[Baseline], ranges: Ranges, recovery: Recovery
) -> tuple[str, ...]:
    """A sentence for every reason not to rank. results: the most probable first; baselines: the best first."""
    first, best = results[0], baselines[0]
    score = max(result.log_score for result in results)
    found = []
    if best.total >= score:
        found.append(
            f"A predictor without any strategy ({best.title}) foresees the record better than every account: "
            f"log score {best.total:.1f} against {score:.1f} for the best account."
        )
    if not first.check.passes:
        found.append(
            f"The most probable account would rarely produce a record like this one ({first.check.worst}: "
            f"p = {first.check.p_values[first.check.worst]:.3f})."
        )
    thin = [r for r in results if r.probability > MATTERS_ABOVE and r.evidence.effective_size < LEAST_SIZE]
    if thin:
        sizes = ", ".join(f"{r.account.title}: {r.evidence.effective_size:.0f}" for r in thin)
        found.append(f"The evidence rests on fewer than {LEAST_SIZE:.0f} effective draws ({sizes}).")
    rate, error = recovery.rate
    if not rate - 2 * error > recovery.chance_rate:
        found.append(
            f"When the truth is known, this design ranks it first in {rate:.0%} of histories (error {error:.0%}), "
            f"which is not clearly better than a guess ({recovery.chance_rate:.0%})."
        )
    firsts = ranges.firsts
    if len(firsts) > 1:
        found.append(
            f"Which account comes first depends on the coding: {len(firsts)} different ones over "
            f"{len(ranges.readings)} readings of the same record."
        )
    return tuple(found)
