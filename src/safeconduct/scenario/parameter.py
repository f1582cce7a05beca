"""Parameters of a case: what they may be, and whether their prior makes sense."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from pydantic import BaseModel, ConfigDict

from safeconduct.terms import PRIOR_ARGUMENTS, Prior, cells, closest

Told = tuple[str, str, str, str]  # part of the parameter, found, expected, advice

FROM_0_TO_1 = ("_share", "_chance")
ALSO_FROM_0_TO_1 = ("trust", "neighbour_weight", "threshold_mean")
ANY_SIGN = ("_weight", "_exponent")
MOST = cells.MOST
ABOVE_0 = (  # divided by, or the logarithm taken of
    "_kmh",
    "_km_per_hour",
    "_hours_per_day",
    "_shape",
    "_concentration",
    "half_life_hours",
    "half_life_days",
    "ready_median_hours",
    "household_parties",
    "persons_per_vehicle",
    "persons_per_group",
    "bus_lane_units",
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that runs may vary: unit, prior and source are never empty; a source may be the word assumed."""

    name: str
    value: float
    unit: str
    prior: Prior
    source: str
    note: str = ""

    @property
    def is_assumed(self) -> bool:
        """Whether no published source stands behind it."""
        return self.source.startswith("assumed")


class ParameterSpec(BaseModel):
    """A parameter as case.yaml gives it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    value: float
    unit: str = ""
    prior: dict[str, list[float]] | None = None
    source: str
    note: str = ""


def limits(name: str) -> tuple[float, float, str]:
    """Lowest and highest value a parameter may have, by the ending of its name, and the range in words."""
    if name.endswith(FROM_0_TO_1) or name in ALSO_FROM_0_TO_1:
        return 0.0, 1.0, "a share from 0 to 1"
    if name.endswith(ANY_SIGN):
        return -MOST, MOST, f"a number from {-MOST:,.0f} to {MOST:,.0f}"
    if name.endswith(ABOVE_0):
        return 1e-9, MOST, f"a number above 0 and at most {MOST:,.0f}"
    return 0.0, MOST, f"a number from 0 to {MOST:,.0f}"


def drawn_value(parameter: Parameter, chance: float) -> float:
    """The value of a parameter at a chance of its prior, cut off at what the parameter may be."""
    low, high, _ = limits(parameter.name)
    return parameter.prior.within(low, high, chance)


def is_cut(parameter: Parameter) -> bool:
    """Whether more than one draw in a million of the prior lies outside what the parameter may be."""
    low, high, _ = limits(parameter.name)
    prior = parameter.prior
    return prior.kind in ("normal", "lognormal") and prior.chance_below(low) + 1 - prior.chance_below(high) > 1e-6


def value_is_possible(name: str, value: float) -> bool:
    """Whether a parameter of this name may have this value."""
    low, high, _ = limits(name)
    return isfinite(value) and low <= value <= high and not 0 < abs(value) < cells.LEAST


def expected_value(name: str, unit: str) -> str:
    """What a parameter of this name may be, in words."""
    return limits(name)[2] + ("" if unit in ("", "1") else f", in {unit}")


def read_parameter(name: str, said: ParameterSpec, parameters: dict[str, Parameter]) -> Iterator[Told]:
    """Add one parameter to those of the model, or tell what is wrong with it."""
    model = parameters.get(name)
    problems = list(_problems(name, said, model))
    yield from problems
    if not problems:
        unit = said.unit or (model.unit if model else "")
        parameters[name] = Parameter(name, said.value, unit, _prior(said), said.source, said.note)


def _problems(name: str, said: ParameterSpec, model: Parameter | None) -> Iterator[Told]:
    if not said.source.strip():
        yield "source", "empty", "a source, or the word assumed", 'name the source, or write "assumed"'
    if not said.unit and model is None:
        yield "", "without a unit", "a unit, such as persons or 1", "add a line unit:"
    if model is not None and said.unit not in ("", model.unit):
        yield (
            "unit",
            f'"{said.unit}"',
            f"the model's unit, {model.unit}",
            "convert the value or leave unit out",
        )
    if not value_is_possible(name, said.value):
        yield "value", f"{said.value:g}", limits(name)[2], "correct the number or its unit"
    yield from _prior_problems(name, said)


def _prior_problems(name: str, said: ParameterSpec) -> Iterator[Told]:
    if said.prior is None:
        return
    if len(said.prior) != 1:
        yield "prior", f"{len(said.prior)} distributions", "one", "write it as {uniform: [0.2, 0.4]}"
        return
    kind, arguments = next(iter(said.prior.items()))
    if kind not in PRIOR_ARGUMENTS:
        yield "prior", f'"{kind}"', "a distribution that is known here", closest(kind, PRIOR_ARGUMENTS)
    elif problem := _order_problem(kind, arguments):
        advice = f"give {kind} its {', '.join(PRIOR_ARGUMENTS[kind])}, in this order"
        yield "prior", _shown(kind, arguments), problem, advice
    elif not all(value_is_possible(name, edge) for edge in _edges(kind, arguments)):
        yield "prior", _shown(kind, arguments), limits(name)[2], "correct the numbers or their unit"
    elif Prior(kind, tuple(arguments)).log_density(said.value) == float("-inf"):
        yield (
            "value",
            f"{said.value:g}",
            f"a value inside the prior {_shown(kind, arguments)}",
            "correct one of the two",
        )


def _order_problem(kind: str, a: list[float]) -> str:
    """What is wrong with the arguments of a distribution; empty where nothing is."""
    if len(a) != len(PRIOR_ARGUMENTS[kind]):
        return f"{len(PRIOR_ARGUMENTS[kind])} numbers"
    if not all(isfinite(number) for number in a):
        return "finite numbers"
    if kind == "normal":
        return "" if a[1] > 0 else "a standard deviation above 0"
    if kind == "lognormal" and a[0] <= 0:
        return "numbers above 0"
    return "" if all(x < y for x, y in zip(a, a[1:], strict=False)) else "numbers in rising order"


def _edges(kind: str, arguments: list[float]) -> list[float]:
    return arguments[:1] if kind == "normal" else arguments


def _prior(said: ParameterSpec) -> Prior:
    if said.prior is None:
        return Prior("fixed", (said.value,))
    kind, arguments = next(iter(said.prior.items()))
    return Prior(kind, tuple(float(number) for number in arguments))


def _shown(kind: str, arguments: list[float]) -> str:
    return f"{kind} [{', '.join(f'{number:g}' for number in arguments)}]"
