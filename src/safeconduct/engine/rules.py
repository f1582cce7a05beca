"""Rules of other packages: phases that a case adds to the order of a step by naming them in case.yaml.

Comes in: entry points of the group `safeconduct.rules`, each naming a `Rule`. Goes out: the order of a step of a case.
A rule reads and writes the `World` as our phases do, and draws by name and slot, so that runs repeat themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from importlib import metadata
from typing import Any

import numpy as np

from safeconduct.engine.tables import Tables
from safeconduct.engine.world import World
from safeconduct.scenario import RULES
from safeconduct.terms import UsageError, closest

Phase = Callable[[World, Tables], None]


@dataclass(frozen=True)
class Rule:
    """A phase of a step that another package brings."""

    name: str  # as case.yaml names it under own_rules
    about: str  # one sentence on what it does
    after: str  # the name of the phase of ORDER behind which it stands
    phase: Phase


@cache
def known_rules() -> dict[str, Rule]:
    """Every rule that an installed package brings, by name. Raises TypeError for an entry point that is no Rule."""
    found = {}
    for point in sorted(metadata.entry_points(group=RULES), key=lambda one: one.name):
        offered = point.load()
        if not isinstance(offered, Rule):
            raise TypeError(f"{point.value} of the group {RULES} is no Rule")
        found[point.name] = offered
    return found


@cache
def with_rules(order: tuple[Phase, ...], names: tuple[str, ...]) -> tuple[Phase, ...]:
    """The order of a step with the rules of these names, each behind its phase; of one phase in the order named.

    Raises UsageError for a rule that no package brings, or whose phase is not in the order.
    """
    made = list(order)
    last = {phase.__name__: phase for phase in order}
    for name in names:
        if name not in known_rules():
            raise UsageError(f'no package brings the rule "{name}"; {closest(name, list(known_rules()))}.')
        rule = known_rules()[name]
        if rule.after not in last:
            raise UsageError(f'the rule "{name}" stands behind "{rule.after}"; {closest(rule.after, list(last))}.')
        phase = keeping_kinds(rule)
        made.insert(made.index(last[rule.after]) + 1, phase)
        last[rule.after] = phase
    return tuple(made)


def keeping_kinds(rule: Rule) -> Phase:
    """A rule's phase, refused where it puts an array of another kind into the World: compiled loops would misread it.

    Raises TypeError for another type of number, number of dimensions or order in memory.
    """

    @wraps(rule.phase)
    def phase(world: World, tables: Tables) -> None:
        before = kinds_of(world)
        rule.phase(world, tables)
        for name, kind in kinds_of(world).items():
            if kind != before.get(name, kind):
                raise TypeError(f'the rule "{rule.name}" put an array of another kind under {name} of the World')

    return phase


def kinds_of(world: World) -> dict[str, tuple[Any, ...]]:
    """The kind of each array of a World, by name."""
    held = {name: one for name, one in vars(world).items() if isinstance(one, np.ndarray)}
    for name, one in vars(world).items():
        if isinstance(one, tuple) and hasattr(one, "_asdict"):
            held |= {f"{name}.{part}": a for part, a in one._asdict().items() if isinstance(a, np.ndarray)}
    return {name: (a.dtype, a.ndim, a.flags.c_contiguous) for name, a in held.items()}
