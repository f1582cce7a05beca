"""Flee's `simsetting.yml`: keys that count here, keys that change nothing, keys that are refused where they would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from safeconduct.scenario.files.document import Document, Value, Where, read_document
from safeconduct.scenario.parameter import Parameter
from safeconduct.scenario.walk import FLEE_DEFAULT, WALK_PARAMETERS, FloodForecast, FloodRules, WalkRules
from safeconduct.terms import Fault, Prior, closest, shown

Key = tuple[str, ...]  # where a setting stands in the file
NUMBERS: Mapping[Key, str] = {  # key -> parameter
    ("move_rules", "max_move_speed"): "journey_km_per_day",
    ("move_rules", "max_walk_speed"): "walk_km_per_day",
    ("move_rules", "foreign_weight"): "foreign_weight",
    ("move_rules", "camp_weight"): "camp_weight",
    ("move_rules", "conflict_weight"): "conflict_weight",
    ("move_rules", "conflict_movechance"): "conflict_move_chance",
    ("move_rules", "camp_movechance"): "camp_move_chance",
    ("move_rules", "idpcamp_movechance"): "idpcamp_move_chance",
    ("move_rules", "default_movechance"): "default_move_chance",
    ("move_rules", "capacity_buffer"): "capacity_buffer_share",
    ("move_rules", "capacity_scaling"): "capacity_scaling",
    ("move_rules", "softening"): "softening_km",
    ("move_rules", "weight_softening"): "weight_softening",
    ("move_rules", "weight_power"): "weight_power",
    ("move_rules", "distance_power"): "distance_power",
    ("move_rules", "home_distance_power"): "home_distance_power",
    ("move_rules", "pop_power_for_loc_weight"): "population_power",
    ("move_rules", "movechance_pop_base"): "move_chance_population",
    ("move_rules", "movechance_pop_scale_factor"): "move_chance_power",
    ("move_rules", "pruning_threshold"): "pruning_threshold",
    ("spawn_rules", "conflict_driven_spawning", "displaced_per_conflict_day"): "spawn_per_conflict_day",
    ("spawn_rules", "conflict_spawn_decay_interval"): "spawn_decay_days",
}
SWITCHES: Mapping[Key, str] = {  # key -> rule
    ("spawn_rules", "take_from_population"): "take_from_population",
    ("spawn_rules", "insert_day0"): "insert_day0",
    ("spawn_rules", "empty_camps_on_day0"): "empty_camps_on_day0",
    ("spawn_rules", "conflict_zone_spawning_only"): "conflict_zone_spawning_only",
    ("spawn_rules", "sum_from_camps"): "sum_from_camps",
    ("move_rules", "avoid_short_stints"): "avoid_short_stints",
    ("move_rules", "start_on_foot"): "start_on_foot",
    ("move_rules", "stay_close_to_home"): "stay_close_to_home",
    ("move_rules", "use_pop_for_loc_weight"): "use_pop_for_loc_weight",
    ("spawn_rules", "starvation_driven_spawning"): "starvation_driven_spawning",
    ("move_rules", "flee_when_starving"): "flee_when_starving",
    ("move_rules", "avoid_food_deprived_locations"): "avoid_food_deprived_locations",
}
FLOOD_SPAWNING, FLOOD_RULES = ("spawn_rules", "flood_driven_spawn_mode"), ("move_rules", "flood_rules")
OTHERS: set[Key] = {  # keys that count and are read apart
    ("move_rules", "awareness_level"),
    ("move_rules", "use_v1_rules"),
    ("move_rules", "WomenAvoidHazards"),
    ("move_rules", "ChildrenAvoidHazards"),
    ("move_rules", "ElderlyAvoidHazards"),
    ("move_rules", "BoysTakeRisk"),
    ("spawn_rules", "conflict_driven_spawning", "spawn_mode"),
    ("spawn_rules", "conflict_spawn_decay"),
    ("optimisations", "hasten"),
    ("default_conflict_intensity",),
    ("spawn_rules", "read_from_agents_csv_file"),
    ("spawn_rules", "flood_zone_spawning_only"),
    (*FLOOD_SPAWNING, "spawn_mode"),
    (*FLOOD_SPAWNING, "flood_spawn_mode"),  # as Flee's documentation spells it
    (*FLOOD_SPAWNING, "displaced_per_flood_day"),
    (*FLOOD_RULES, "flood_movechances"),
    (*FLOOD_RULES, "flood_loc_weights"),
    (*FLOOD_RULES, "flood_forecaster"),
    (*FLOOD_RULES, "flood_forecaster_timescale"),
    (*FLOOD_RULES, "flood_forecaster_end_time"),
    (*FLOOD_RULES, "flood_forecaster_weights"),
    (*FLOOD_RULES, "flood_awareness_weights"),
}
NO_EFFECT: set[Key] = {  # keys that Flee itself ignores, or that change only what Flee prints
    ("number_of_steps",), ("conflict_input_file",), ("flood_level_input_file",),
    ("spawn_rules", "average_social_connectivity"), ("spawn_rules", "camps_are_sinks"),
    ("move_rules", "max_crossing_speed"), ("move_rules", "two_system_decision_making"),
    ("move_rules", "avg_religion_fraction"), ("move_rules", "max_flood_level"), (*FLOOD_RULES, "max_flood_level"),
    (*FLOOD_RULES, "flood_link_weights"), ("spawn_rules", "flood_driven_spawning"),
}  # fmt: skip
QUIETLY = {"log_levels"}  # sections that say only what Flee prints
NOT_YET: Mapping[Key, Value] = {  # key -> the value at which it changes nothing
    ("spawn_rules", "camps_are_sicks"): False,
    ("move_rules", "MatchCampReligion"): False,
    ("move_rules", "MatchCampEthnicity"): False,
    ("move_rules", "MatchTownEthnicity"): False,
    ("move_rules", "MatchConflictEthnicity"): False,
    ("move_rules", "fixed_routes"): False,
    ("move_rules", "use_economic_pull"): False,
    ("move_rules", "harvest_months"): [],
}
SECTIONS: set[Key] = {("log_levels",), ("spawn_rules",), ("move_rules",), ("optimisations",)}
SECTIONS |= {("spawn_rules", "conflict_driven_spawning"), FLOOD_SPAWNING, FLOOD_RULES}
KNOWN = {*NUMBERS, *SWITCHES, *OTHERS, *NO_EFFECT, *NOT_YET, *SECTIONS}
MODES = ("constant", "poisson", "pop_ratio")
V1 = {"journey_km_per_day": 200.0, "camp_weight": 2.0, "conflict_weight": 0.25}
FLOOD_LEAVERS = {"pop_ratio": (0.0, 0.1, 0.2, 0.5, 0.9)}  # Flee's defaults, by level
OTHER_LEAVERS = (0.0, 100.0, 200.0, 300.0, 500.0)
CHANCES = {name for name in NUMBERS.values() if name.endswith(("_chance", "_share"))}


@dataclass(frozen=True)
class Settings:
    """What the file says, in our words."""

    parameters: Mapping[str, Parameter]
    rules: WalkRules
    shuns: Key  # keys of the rules by which groups weigh hazards
    hasten: int
    default_intensity: float
    heeds: tuple[float, ...] = ()  # how far people of each class of awareness act on a forecast of floods
    reads_agents: bool = False  # of a file


def read_settings(path: Path | None, faults: list[Fault]) -> Settings:
    """The settings of a file, with Flee's defaults for what it does not say."""
    document = read_document(path, faults) if path else None
    if document is None:
        return Settings({p.name: p for p in WALK_PARAMETERS}, WalkRules(), (), 1, 1.0)
    said = dict(_leaves(document.value, (), document, faults))
    reader = _Reader(document, said, faults)
    rules = reader.rules()
    parameters = reader.parameters()
    if rules.spawn_mode == "pop_ratio" and reader.key_of("spawn_per_conflict_day") not in said:
        parameters["spawn_per_conflict_day"] = _held(parameters["spawn_per_conflict_day"], 0.01, FLEE_DEFAULT)
    shuns = tuple(
        key[1] for key in sorted(OTHERS, key=str) if key[-1].endswith(("Hazards", "Risk")) and reader.switch(key, False)
    )
    return Settings(
        parameters, rules, shuns, reader.whole(("optimisations", "hasten"), 1, least=1),
        reader.number(("default_conflict_intensity",), 1.0),
        reader.numbers((*FLOOD_RULES, "flood_awareness_weights"), (), high=1.0) if rules.floods else (),
        reader.switch(("spawn_rules", "read_from_agents_csv_file"), False),
    )  # fmt: skip


def _leaves(value: Mapping[str, Value], where: Key, document: Document, faults: list[Fault]) -> list[tuple[Key, Value]]:
    """Every key that is known and holds something; unknown ones become faults."""
    found: list[tuple[Key, Value]] = []
    for name, child in value.items():
        key = (*where, name)
        if where and where[0] in QUIETLY:
            continue
        if key not in KNOWN:
            known = {k[-1] for k in KNOWN if k[:-1] == where} or {k[-1] for k in KNOWN}
            elsewhere = [".".join(k) for k in KNOWN if k[-1] == name]
            advice = f'did you mean "{elsewhere[0]}"' if elsewhere else closest(name, known)
            faults.append(_fault(document, key, "a setting that is not known", "one of Flee's settings", advice))
        elif key in SECTIONS and isinstance(child, dict):
            found += [(key, None), *_leaves(child, key, document, faults)]
        elif key in NO_EFFECT:
            told = "a setting that changes no result in Flee", "a setting that counts", "it is left aside"
            faults.append(_fault(document, key, *told, warns=True))
        elif key in NOT_YET:
            faults += _not_yet(document, key, child)
        elif child is not None:
            found.append((key, child))
    return found


def _not_yet(document: Document, key: Key, value: Value) -> list[Fault]:
    """A setting that is not supported: refused where it would change results, reported where not."""
    harmless = NOT_YET[key]
    is_off = value is None or value == harmless or value in (False, 0, 0.0)
    shown_off = "False" if harmless is False else "empty"
    if is_off:
        return [_fault(document, key, "not supported yet", f"it to be {shown_off}, as it is", "nothing", warns=True)]
    advice = f"set it to {shown_off}, and results are without it"
    return [_fault(document, key, "not supported yet", f"it to be {shown_off}: it would change results", advice)]


def _fault(document: Document, key: Where, found: str, expected: str, advice: str, *, warns: bool = False) -> Fault:
    return Fault(document.file, document.line(key), ".".join(map(str, key)), found, expected, advice, warns)


def _held(parameter: Parameter, value: float, source: str) -> Parameter:
    return replace(parameter, value=value, prior=Prior("fixed", (value,)), source=source)


@dataclass(frozen=True)
class _Reader:
    """Values by key, each checked when asked for."""

    document: Document
    said: Mapping[Key, Value]
    faults: list[Fault]

    def note(self, key: Where, value: Value, expected: str, advice: str) -> None:
        self.faults.append(_fault(self.document, key, shown(str(value)), expected, advice))

    def key_of(self, parameter: str) -> Key:
        return next(key for key, name in NUMBERS.items() if name == parameter)

    def number(self, key: Key, otherwise: float, *, high: float = float("inf")) -> float:
        value = self.said.get(key, otherwise)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= high or value != value:
            expected = f"a number from 0 to {high:g}" if high < 1e9 else "a number of at least 0"
            self.note(key, value, expected, "write digits and a decimal point")
            return otherwise
        return float(value)

    def whole(self, key: Key, otherwise: int, *, least: int) -> int:
        value = self.said.get(key, otherwise)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.note(key, value, f"a whole number of at least {least}", "write it without a decimal point")
            return otherwise
        return value

    def switch(self, key: Key, otherwise: bool) -> bool:
        value = self.said.get(key, otherwise)
        if str(value).lower() not in ("true", "false"):
            self.note(key, value, "True or False", "write one of the two")
            return otherwise
        return str(value).lower() == "true"

    def parameters(self) -> dict[str, Parameter]:
        """Every number of the walk, the file's where it has one."""
        found = {p.name: p for p in WALK_PARAMETERS}
        for key, name in NUMBERS.items():
            if key in self.said:
                value = self.number(key, found[name].value, high=1.0 if name in CHANCES else float("inf"))
                found[name] = _held(found[name], value, f"the case's {self.document.file}, {'.'.join(key)}")
        if self.switch(("move_rules", "use_v1_rules"), False):
            for name, value in V1.items():
                found[name] = _held(found[name], value, f"the case's {self.document.file}, move_rules.use_v1_rules")
        return found

    def rules(self) -> WalkRules:
        """The choices that are not numbers to vary."""
        start = WalkRules()
        chosen = {name: self.switch(key, getattr(start, name)) for key, name in SWITCHES.items()}
        if self.switch(("move_rules", "use_v1_rules"), False):
            chosen |= {"start_on_foot": False, "avoid_short_stints": False}
        mode, at = "recorded", ("spawn_rules", "conflict_driven_spawning")
        floods = self.floods()
        if floods and floods.leavers:
            mode = self.flood_mode()
            self.check_flood_mode(chosen)
        elif at in self.said:
            mode = str(self.said.get((*at, "spawn_mode"), "constant"))
            if mode not in MODES:
                self.note((*at, "spawn_mode"), mode, f"one of {', '.join(MODES)}", closest(mode, MODES))
        awareness = self.whole(("move_rules", "awareness_level"), 1, least=-(10**6))
        return WalkRules(awareness_level=awareness, spawn_mode=mode, spawn_decay=self.decay(), floods=floods,
                         **chosen)  # fmt: skip

    def floods(self) -> FloodRules | None:
        """What floods do; None where no setting asks for it."""
        drives = FLOOD_SPAWNING in self.said and self.switch(("spawn_rules", "flood_zone_spawning_only"), False)
        if not drives and FLOOD_RULES not in self.said:
            return None
        leavers: tuple[float, ...] = ()
        if drives:
            is_share = self.flood_mode() == "pop_ratio"
            default = FLOOD_LEAVERS["pop_ratio"] if is_share else OTHER_LEAVERS
            leavers = self.numbers((*FLOOD_SPAWNING, "displaced_per_flood_day"), default,
                                   high=1.0 if is_share else float("inf"))  # fmt: skip
        forecast, at = None, "flood_forecaster"
        if self.switch((*FLOOD_RULES, at), False):
            forecast = FloodForecast(
                self.whole((*FLOOD_RULES, f"{at}_timescale"), 0, least=0),
                self.whole((*FLOOD_RULES, f"{at}_end_time"), 0, least=0),
                self.numbers((*FLOOD_RULES, f"{at}_weights"), ()),
            )
        return FloodRules(leavers, self.numbers((*FLOOD_RULES, "flood_movechances"), (), high=1.0),
                          self.numbers((*FLOOD_RULES, "flood_loc_weights"), ()), forecast)  # fmt: skip

    def flood_mode(self) -> str:
        """How many people a flood drives out: a share, a number, or a random number."""
        key = (*FLOOD_SPAWNING, "spawn_mode")
        key = key if key in self.said else (*FLOOD_SPAWNING, "flood_spawn_mode")
        mode = str(self.said.get(key, "pop_ratio")).lower()
        if mode not in MODES:
            self.note(key, mode, f"one of {', '.join(MODES)}", closest(mode, MODES))
        elif key[-1] == "flood_spawn_mode" and mode != "pop_ratio":
            told = f"{shown(mode)}, which Flee does not read here", "it under spawn_mode", "it is used here"
            self.faults.append(_fault(self.document, key, *told, warns=True))
        return mode

    def check_flood_mode(self, chosen: Mapping[str, bool]) -> None:
        """Note settings with which Flee refuses floods that drive people out."""
        if not chosen["take_from_population"]:
            key = ("spawn_rules", "take_from_population")
            self.note(key, False, "True where floods drive people out: the same people would leave again", "set it")
        if chosen["conflict_zone_spawning_only"]:
            key = ("spawn_rules", "conflict_zone_spawning_only")
            self.note(key, True, "False beside flood_zone_spawning_only", "set it to False")

    def numbers(self, key: Key, otherwise: tuple[float, ...], *, high: float = float("inf")) -> tuple[float, ...]:
        """A list of numbers."""
        value = self.said.get(key)
        if value is None:
            return otherwise
        listed = value if isinstance(value, list) else []
        found = [float(v) for v in listed if isinstance(v, int | float) and not isinstance(v, bool) and 0 <= v <= high]
        if not listed or len(found) < len(listed):
            upper = f"from 0 to {high:g}" if high < 1e9 else "of at least 0"
            self.note(key, value, f"a list of numbers {upper}, one for each level", "write [0.0, 0.5]")
            return otherwise
        return tuple(found)

    def decay(self) -> tuple[float, ...]:
        key = ("spawn_rules", "conflict_spawn_decay")
        value = self.said.get(key, [])
        numbers = [v for v in value if isinstance(v, int | float) and v >= 0] if isinstance(value, list) else []
        if not isinstance(value, list) or len(numbers) < len(value):
            self.note(key, value, "a list of numbers of at least 0", "write [1.0, 0.5]")
        return tuple(float(v) for v in numbers)
