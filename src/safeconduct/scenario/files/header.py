"""Read `case.yaml`: what a case is called, its clock, parameters, and what is scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from math import isfinite
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from safeconduct.scenario.files.document import Document, Where, read_document
from safeconduct.scenario.model_parameters import MODEL_PARAMETERS
from safeconduct.scenario.parameter import Parameter, ParameterSpec, read_parameter
from safeconduct.scenario.quantities import QUANTITIES
from safeconduct.scenario.timeline.parameters import TIMELINE_PARAMETERS
from safeconduct.scenario.timeline.read import MeasureSpec, PhaseSpec, phase_faults
from safeconduct.terms import Clock, Fault, closest, parse_time, shown

FILE = "case.yaml"
LONGEST_DAYS = 3660
RULES = "safeconduct.rules"  # entry points by which other packages bring rules
SHAPES = {  # what pydantic calls a mistake -> expected, advice
    "string_type": ("text", "put it in quotes"),
    "string_too_short": ("some text", "write a sentence"),
    "float_type": ("a number", "write digits and a decimal point, without quotes"),
    "int_type": ("a whole number", "write digits, without quotes"),
    "list_type": ("a list", "write [one, other], or a line for each after a dash"),
    "dict_type": ("a mapping", "write name: value, one to a line, indented"),
    "model_type": ("a mapping", "write name: value, one to a line, indented"),
    "too_short": ("a quantity and a place", "write [cum_arrivals_persons, KEY OF A PLACE]"),
    "too_long": ("a quantity and a place", "write [cum_arrivals_persons, KEY OF A PLACE]"),
}


class Strict(BaseModel):
    """No unknown names, no quiet conversions."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ClockSpec(Strict):
    """When the case starts and ends; the length of a step."""

    start: str
    end: str
    step_minutes: float


class TargetSpec(Strict):
    """A series that is scored."""

    quantity: str
    place: str


class CaseSpec(Strict):
    """Everything that case.yaml may say."""

    title: str = Field(min_length=1)
    about: str = Field(min_length=1)
    clock: ClockSpec
    rules: object = None  # of older versions; said to do nothing, for one release
    own_rules: list[str] = []  # rules of installed packages that join the order of a step
    parameters: dict[str, ParameterSpec] = {}
    record: list[str]
    targets: list[TargetSpec] = []
    headline: list[str] = Field(min_length=2, max_length=2)
    claims: str = ""  # the case beside this one whose claims it shares; empty = its own
    one_in: int = 1  # persons that each simulated one stands for
    phases: list[PhaseSpec] = []  # of a case that covers a whole ceasefire
    refuges: list[str] = []  # places where people under fire gather while no way out is open
    resettles: str = ""  # place where those who have lost their home may live instead
    learn_until: str = ""  # rules that must learn from the record learn from rows up to then; empty = from all


@dataclass(frozen=True)
class Header:
    """What case.yaml says, checked as far as it can be without the tables."""

    spec: CaseSpec
    clock: Clock | None
    learn_until: datetime | None
    parameters: Mapping[str, Parameter]
    document: Document

    def fault(self, where: Where, found: str, expected: str, advice: str, *, is_warning: bool = False) -> Fault:
        """A fault at a value of the file."""
        return self.document.fault(where, found, expected, advice, is_warning=is_warning)


def read_header(folder: Path, faults: list[Fault]) -> Header | None:
    """The header; None, with faults noted, where its shape is wrong."""
    document = read_document(folder / FILE, faults)
    if document is None:
        return None
    try:
        spec = CaseSpec.model_validate(document.value)
    except ValidationError as error:
        faults.extend(_shape_fault(document, dict(one)) for one in error.errors(include_url=False))
        return None
    learn = _time(spec.learn_until, ("learn_until",), document, faults) if spec.learn_until else None
    header = Header(spec, _clock(spec.clock, document, faults), learn, _parameters(spec, document, faults), document)
    if spec.one_in < 1:
        faults.append(header.fault(("one_in",), str(spec.one_in), "a whole number from 1", "write 1 for everybody"))
    faults.extend(_word_faults(header))
    return header


def named_parameters(folder: Path) -> tuple[str, ...] | None:
    """Names of all parameters, even where other parts of case.yaml are faulty; None where that cannot be known."""
    document = read_document(folder / FILE, [])
    named = document.value.get("parameters", {}) if document else None
    more = TIMELINE_PARAMETERS if document and document.value.get("phases") else ()
    return (*(p.name for p in (*MODEL_PARAMETERS, *more)), *named) if isinstance(named, dict) else None


def _shape_fault(document: Document, error: dict[str, object]) -> Fault:
    """What pydantic found, as one of our sentences."""
    where: Where = tuple(error["loc"]) if isinstance(error["loc"], tuple) else ()
    kind = str(error["type"])
    if kind == "missing":
        return document.fault(where, "missing", f'a line "{where[-1]}:"', "add it")
    if kind == "extra_forbidden":
        known = _names_at(where)
        advice = closest(str(where[-1]), known)
        return document.fault(where, "not a name that is known here", f"one of {', '.join(known)}", advice)
    said = error["input"]
    found = "a list or mapping" if isinstance(said, dict | list) else "empty" if said is None else shown(str(said))
    expected, advice = SHAPES.get(kind, (str(error["msg"]), "write it as in demo-valley"))
    return document.fault(where, found, expected, advice)


def _names_at(where: Where) -> tuple[str, ...]:
    """The names that may stand beside an unknown one."""
    specs: dict[str | int, type[BaseModel]] = {
        "clock": ClockSpec,
        "parameters": ParameterSpec,
        "phases": MeasureSpec if "measures" in where else PhaseSpec,
        "targets": TargetSpec,
    }
    return tuple((specs.get(where[0], CaseSpec) if len(where) > 1 else CaseSpec).model_fields)


def _clock(spec: ClockSpec, document: Document, faults: list[Fault]) -> Clock | None:
    start = _time(spec.start, ("clock", "start"), document, faults)
    end = _time(spec.end, ("clock", "end"), document, faults)
    step = spec.step_minutes

    def note(column: str, found: str, expected: str, advice: str) -> None:
        faults.append(document.fault(("clock", column), found, expected, advice))

    if not (isfinite(step) and 1 <= step <= 1440):
        note("step_minutes", f"{step:g}", "minutes from 1 to 1440", "use 15 for a road, 1440 for a region")
        return None
    if start is None or end is None:
        return None
    if end <= start:
        note("end", shown(spec.end), f"a time after {spec.start}", "exchange or correct the two")
        return None
    if (end - start).days > LONGEST_DAYS:
        note("end", shown(spec.end), f"at most {LONGEST_DAYS} days after the start", "correct the year")
        return None
    return Clock(start, end, step)


def _time(text: str, where: Where, document: Document, faults: list[Fault]) -> datetime | None:
    try:
        return parse_time(text)
    except ValueError as error:
        no_zone = "no offset" in str(error)
        found = f"{shown(text)}, without a zone" if no_zone else shown(text)
        expected = "a time with its offset from UTC, such as 2023-09-24T14:00+04:00"
        advice = "add the offset, such as +04:00" if no_zone else "write it as in the example"
        faults.append(document.fault(where, found, expected, advice))
        return None


def _parameters(spec: CaseSpec, document: Document, faults: list[Fault]) -> dict[str, Parameter]:
    own = (*MODEL_PARAMETERS, *(TIMELINE_PARAMETERS if spec.phases else ()))
    parameters = {parameter.name: parameter for parameter in own}
    for name, said in spec.parameters.items():
        for column, found, expected, advice in read_parameter(name, said, parameters):
            where: Where = ("parameters", name, column) if column else ("parameters", name)
            faults.append(document.fault(where, found, expected, advice))
    return parameters


def _word_faults(header: Header) -> list[Fault]:
    """Unknown quantities, and a setting that is gone."""
    spec, faults = header.spec, []
    if spec.rules is not None:
        found, advice = "a setting of older versions", "remove its lines"
        faults.append(
            header.fault(("rules",), found, "none: there is one rule for each question", advice, is_warning=True)
        )
    if spec.own_rules:
        brought = [point.name for point in metadata.entry_points(group=RULES)]
        for number, name in enumerate(spec.own_rules):
            if name not in brought:
                advice = closest(name, brought) if brought else "install the package that brings it"
                faults.append(
                    header.fault(("own_rules", number), shown(name), "a rule of an installed package", advice)
                )
    named: list[tuple[Where, str]] = [(("record", i), name) for i, name in enumerate(spec.record)]
    named += [(("targets", i, "quantity"), target.quantity) for i, target in enumerate(spec.targets)]
    named.append((("headline", 0), spec.headline[0]))
    for number, phase in enumerate(spec.phases):
        faults += [header.fault(where, f'"{found}"', *advice) for where, found, *advice in phase_faults(number, phase)]
        named += [(("phases", number, "measures", i, "quantity"), m.quantity) for i, m in enumerate(phase.measures)]
    for where, name in named:
        if name not in QUANTITIES:
            faults.append(header.fault(where, shown(name), "a quantity that runs record", closest(name, QUANTITIES)))
    return faults
