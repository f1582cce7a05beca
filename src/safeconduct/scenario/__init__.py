"""Scenario: a case folder, read and checked.

Comes in: a folder of plain text tables. Goes out: `Scenario`. Does not know: what happens next.
Start reading at `types.py`, then `read.py`.
"""

from typing import TYPE_CHECKING

from safeconduct.terms import offered_when_used

if TYPE_CHECKING:  # each is imported when it is first used
    from safeconduct.scenario.amount import Amount, Values
    from safeconduct.scenario.build.assumed import assumed_in, departure_assumed, room_is
    from safeconduct.scenario.build.case import Draft, Inputs, default_start, draft_case
    from safeconduct.scenario.build.defaults import alike, filled_in
    from safeconduct.scenario.build.files import Answers
    from safeconduct.scenario.changes import ending, known_parameter, with_event_time, with_parameter
    from safeconduct.scenario.coupling import CORRIDOR, Coupling, Effect, read_coupling, with_acts
    from safeconduct.scenario.files.document import Document, Month, Value, read_document
    from safeconduct.scenario.files.header import RULES
    from safeconduct.scenario.files.tables import ALL_CROSSINGS
    from safeconduct.scenario.files.tables import TABLES as CASE_TABLES
    from safeconduct.scenario.flee.convert import case_files
    from safeconduct.scenario.model_parameters import MODEL_PARAMETERS
    from safeconduct.scenario.parameter import Parameter, drawn_value, expected_value, is_cut, value_is_possible
    from safeconduct.scenario.quantities import BY_TRAVELLERS, COUNTED, PLACE, QUANTITIES, ROUTE
    from safeconduct.scenario.read import WalkReading, check_case, read_and_check, read_case
    from safeconduct.scenario.reported import told_by
    from safeconduct.scenario.roads import km_between
    from safeconduct.scenario.shapes import SHAPES, read_shapes
    from safeconduct.scenario.shipped import CaseSummary, find_case, list_cases, shipped_cases
    from safeconduct.scenario.thin import share_of, thinned
    from safeconduct.scenario.timeline.acts import effects_of, measures_set, parse_acts, with_acts_set
    from safeconduct.scenario.timeline.parameters import TIMELINE_PARAMETERS
    from safeconduct.scenario.timeline.tables import TIMELINE_TABLES
    from safeconduct.scenario.timeline.types import (
        INSIDE,
        OUTSIDE,
        ActEffect,
        Declared,
        Inflow,
        Measure,
        Passage,
        Phase,
        Seen,
        Stock,
        Timeline,
    )
    from safeconduct.scenario.types import Checkpoint, Event, People, Place, Role, Route, Scenario, Supply, Target
    from safeconduct.scenario.walk import CAMPS as CAMP_KINDS
    from safeconduct.scenario.walk import (
        WALK_PARAMETERS,
        FloodForecast,
        FloodRules,
        Group,
        Happening,
        Quirks,
        Walk,
        WalkPlace,
        WalkRules,
    )

__getattr__ = offered_when_used(__name__, __file__)
