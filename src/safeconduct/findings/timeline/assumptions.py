"""What a case with phases assumes, phase by phase, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.scenario import MODEL_PARAMETERS, TIMELINE_PARAMETERS, Parameter, Phase, Scenario


def explained_phases(scenario: Scenario) -> Iterator[str]:
    """All that a case with phases assumes, a paragraph each; nothing is run for it."""
    plan = scenario.timeline
    if plan is None:
        return
    yield f"{scenario.title}\nWhat this case assumes, phase by phase."
    for number, (phase, when) in enumerate(scenario.phase_starts(), 1):
        yield "\n".join(phase_lines(scenario, number, phase, f"{when.day} {when:%B %Y}"))
    own = {parameter.name for parameter in (*MODEL_PARAMETERS, *TIMELINE_PARAMETERS)}
    fitted = {name for phase in plan.phases for name in phase.fits}
    rest = [one for one in scenario.parameters.values() if one.name not in fitted]
    yield "Of the case, in every phase:\n" + "\n".join(said(one) for one in rest if one.name not in own)
    yield "Of the model, in every phase:\n" + "\n".join(said(one) for one in rest if one.name in own)
    if plan.acts:
        acts = "\n".join(f"  - {one.act}: {one.about} ({one.source})" for one in plan.acts)
        yield f"Acts that whatif --do can set, and what each is assumed to do:\n{acts}"
    yield (
        "How far each assumption moves the measures of a phase stands in summary.json of a run, as goes_with: the rank "
        "correlation of parameters and measures over the runs."
    )


def phase_lines(scenario: Scenario, number: int, phase: Phase, when: str) -> Iterator[str]:
    """A phase: its beginning, step, assumptions, the reports it is fitted on and the parameters they bear on."""
    plan = scenario.timeline
    step = "a day" if phase.step_minutes == 1440 else f"{phase.step_minutes:g} minutes"
    yield f"{number}. {phase.title}, from {when}, in steps of {step}"
    yield from (f"  - {one}" for one in phase.assumes)
    rows = [one for one in plan.observed if one.phase == phase.key] if plan else []
    if phase.fit_until:
        used = [one for one in rows if one.time <= phase.fit_until and one.published <= phase.fit_until]
        date = f"{phase.fit_until.day} {phase.fit_until:%B %Y}"
        yield f"  Fitted on {len(used)} reported figures up to {date}; {len(rows) - len(used)} later ones are forecast:"
        yield from (said(scenario.parameters[name]) for name in phase.fits)
    elif rows:
        yield f"  {len(rows)} reported figures are forecast, none is fitted on."


def said(parameter: Parameter) -> str:
    """A parameter with its value, prior and source."""
    unit = "" if parameter.unit == "1" else f" {parameter.unit}"
    prior = "" if parameter.prior.kind == "fixed" else f", {parameter.prior}"
    return f"  - {parameter.note or parameter.name}: {parameter.value:g}{unit}{prior} ({parameter.source})"
