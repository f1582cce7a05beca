"""What a case says where people walk from place to place by what they know of the next ones (Flee's rules).

People are alike but for a group; places are of a kind that says how likely people are to move on. Distances are in km,
days are days of the case, chances are per day. The numbers that a person may want to vary are parameters of the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from safeconduct.scenario.parameter import Parameter
from safeconduct.terms import Prior

CAMP, IDP_CAMP, CONFLICT, TOWN, FORWARD, MARKER = "camp", "idpcamp", "conflict", "town", "forward", "marker"
FLOOD = "flood_zone"
KINDS = (CAMP, IDP_CAMP, CONFLICT, TOWN, FORWARD, MARKER, FLOOD)
CAMPS = (CAMP, IDP_CAMP)


@dataclass(frozen=True, slots=True)
class Quirks:
    """What Flee does where a reader would expect something else; each is copied only when asked for."""

    day0_counts_twice: bool = False  # residents of day 0 are also taken off their camp's capacity
    intensity_changes_ignored: bool = False  # only the start and the end of a conflict count
    link_closures_ignored: bool = False  # a closure of one link closes nothing
    full_speed_each_hop: bool = False  # every further link of a day starts with a whole day's distance
    arrives_only_beyond: bool = False  # a link as long as a day's distance takes two days
    capacity_is_no_gate: bool = False  # room is a weight that looks at who is there, not at who is coming
    full_camp_stops_journey: bool = False  # who has chosen a camp more than half way to full stays for the day
    all_full_means_any: bool = False  # where every option is full one of them is taken all the same
    double_links: bool = False  # a redirecting link of kind 1 stands twice among the options
    small_chance_makes_camp: bool = False  # a place with a move chance below 0.005 is a camp
    turned_back_though_reopened: bool = False  # who was on a link when it closed goes back even if it is open again
    first_reopening_opens: bool = False  # of two closures of a link, the end of either opens it
    total_counts_on_day0: bool = False  # the first difference holds the total beside the camps
    sums_shift_dates: bool = False  # how series of several files are added up
    conflict_end_makes_town: bool = False  # also of a camp
    no_capacity_is_no_limit: bool = False  # a capacity of 0
    first_row_is_home: bool = False  # the home country is that of the first place, camp or not
    latitude_is_longitude: bool = False  # in distances between coordinates
    home_is_here: bool = False  # "close to home" means close to where one is now
    rate_not_scaled: bool = False  # a constant or random number of leavers is per agent, whatever one agent stands for
    attributes_not_scaled: bool = False  # initial_idps and capacity_per_day likewise
    oldest_go_first: bool = False  # within a day, so that who came earlier sees less of who fills a camp
    needs_a_conflict: bool = False  # without a place in conflict there is no run
    counts_are_cut: bool = False  # recorded counts are cut to whole agents
    no_awareness_is_none: bool = False  # at awareness 0 no one moves; below it is taken for 1
    rows_as_written: bool = False  # counts are read in the order of their rows, whatever their dates
    last_of_a_name: bool = False  # a route leads to the last of several places of one name
    forecast_of_floods_multiplies: bool = False  # no flood foreseen at a place: no one goes there and no one leaves it

    @classmethod
    def of_flee(cls) -> Quirks:
        """All of them."""
        return cls(**{one.name: True for one in fields(cls)})


@dataclass(frozen=True, slots=True)
class WalkPlace:
    """A place as walkers see it."""

    kind: str  # one of KINDS, at the start
    is_foreign: bool
    population: float  # persons; the source of those who leave
    capacity: float  # persons; infinite = no limit
    capacity_per_day: float = 0.0  # persons added to the capacity each day
    intensity: float = 0.0  # of conflict at the start, 0..1


@dataclass(frozen=True, slots=True)
class Happening:
    """Something dated that walkers notice.

    kind       subject        value
    close      route          -
    open       route          -
    conflict   place key      intensity, 0 ends it
    becomes    place key      - (`to` is one of KINDS)
    """

    day: int
    kind: str
    subject: str
    value: float = 0.0
    to: str = ""
    restarts: bool = True  # conflict: whether its clock starts anew


@dataclass(frozen=True, slots=True)
class Group:
    """People who weigh places differently: a score is raised to this power (2 = shuns dangers, 0 = is indifferent)."""

    name: str
    power: float
    share: Mapping[str, float]  # place key -> share of those who come from there; "" = elsewhere
    heed: float = 0.0  # 0..1: how far they act on a forecast of floods


@dataclass(frozen=True, slots=True)
class FloodForecast:
    """A forecast of floods that people may act on."""

    days_ahead: int
    last_day: int  # of the case, for which there is a forecast
    weights: tuple[float, ...]  # importance by days from today (under Flee's quirk by day of the case)


@dataclass(frozen=True, slots=True)
class FloodRules:
    """What floods do, by level (0 = none); between two levels on a straight line."""

    leavers: tuple[
        float, ...
    ] = ()  # persons a day, or a share of people for pop_ratio; empty = floods drive out no one
    move_chances: tuple[float, ...] = ()  # 1/day, in place of the place's own; empty = as without a flood
    weights: tuple[float, ...] = ()  # factor on a place's pull; empty = none
    forecast: FloodForecast | None = None


@dataclass(frozen=True, slots=True)
class WalkRules:
    """Choices of the model that are not numbers to vary."""

    awareness_level: int = 1  # links that people look ahead
    spawn_mode: str = "recorded"  # recorded, constant, poisson or pop_ratio
    spawn_decay: tuple[float, ...] = ()
    take_from_population: bool = False
    insert_day0: bool = True
    empty_camps_on_day0: bool = False
    conflict_zone_spawning_only: bool = True
    sum_from_camps: bool = True
    avoid_short_stints: bool = False
    start_on_foot: bool = False
    stay_close_to_home: bool = False
    use_pop_for_loc_weight: bool = False
    floods: FloodRules | None = None
    starvation_driven_spawning: bool = False
    flee_when_starving: bool = False
    avoid_food_deprived_locations: bool = False

    @property
    def driven_by_flood(self) -> bool:
        """Whether floods drive people out, and not the record or conflicts."""
        return self.floods is not None and bool(self.floods.leavers)


@dataclass(frozen=True)
class Walk:
    """All that a case adds to places and routes where people walk."""

    rules: WalkRules
    quirks: Quirks
    persons_per_agent: int
    places: Mapping[str, WalkPlace]  # place key -> ; same keys as the case's places
    copies: Mapping[str, int]  # route id -> how often it stands among the options; 1 where not named
    route_speed: Mapping[str, float]  # route id -> km a day, where it differs
    walk_chance: Mapping[str, float]  # route id -> chance of going on foot
    happenings: tuple[Happening, ...]  # in order of day, then as they apply
    groups: tuple[Group, ...]
    camps: tuple[str, ...]  # place keys whose counts are recorded and scored
    recorded: Mapping[str, tuple[float, ...]]  # camp -> persons on each day
    recorded_elsewhere: tuple[float, ...]  # persons on each day in camps that are not on the map
    recorded_total: tuple[float, ...]  # persons on each day, as the total gives them
    register_factors: tuple[float, ...]  # by which registers were corrected, as the case tells it
    already_there: Mapping[str, float]  # place key -> persons at the start, beside the recorded ones
    named_agents: Mapping[tuple[str, int], int] = field(default_factory=dict)  # place key, group -> agents of a file
    flood_level: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # place key -> level on each day
    hunger: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # place key -> percent short of food, by day

    @property
    def n_days(self) -> int:
        """Length of the case in days."""
        return len(self.recorded_total)


FLEE_DEFAULT = "assumed (Flee's default)"


def walk_parameter(name: str, value: float, unit: str, note: str, source: str = FLEE_DEFAULT) -> Parameter:
    """A number of the walk, held fixed unless a case gives it a prior."""
    return Parameter(name, value, unit, Prior("fixed", (value,)), source, note)


WALK_PARAMETERS = (
    walk_parameter("conflict_move_chance", 1.0, "1/day", "chance of moving on from a place in conflict"),
    walk_parameter("default_move_chance", 0.3, "1/day", "chance of moving on from a town"),
    walk_parameter("camp_move_chance", 0.001, "1/day", "chance of moving on from a camp"),
    walk_parameter("idpcamp_move_chance", 0.1, "1/day", "chance of moving on from a camp in the home country"),
    walk_parameter("journey_km_per_day", 360.0, "km/day", "distance of a day's journey"),
    walk_parameter("walk_km_per_day", 35.0, "km/day", "distance of a day's journey on foot"),
    walk_parameter("foreign_weight", 1.0, "1", "pull of a place abroad, against one at home"),
    walk_parameter("camp_weight", 1.0, "1", "pull of a camp, against a town"),
    walk_parameter("conflict_weight", 10**-0.5, "1", "pull of a place in conflict, against a town"),
    walk_parameter("softening_km", 10.0, "km", "added to every distance"),
    walk_parameter("weight_softening", 0.0, "1", "added to every pull"),
    walk_parameter("weight_power", 1.0, "1", "power of the whole weight of an option"),
    walk_parameter("distance_power", 1.0, "1", "power of distance in the weight of an option"),
    walk_parameter("capacity_buffer_share", 0.9, "1", "share of a camp's capacity from which it pulls less"),
    walk_parameter("capacity_scaling", 1.0, "1", "factor on every capacity"),
    walk_parameter("home_distance_power", 0.5, "1", "power of the distance from home, where people stay close to it"),
    walk_parameter("population_power", 0.1, "1", "power of population in a place's pull, where it counts"),
    walk_parameter("move_chance_population", 10000.0, "persons", "population at which move chances are as given"),
    walk_parameter("move_chance_power", 0.0, "1", "power of population in the move chance"),
    walk_parameter("pruning_threshold", 1.0, "1", "options weaker than the best by more than this factor are dropped"),
    walk_parameter("spawn_per_conflict_day", 500.0, "persons/day", "leavers a day; a share of people for pop_ratio"),
    walk_parameter("spawn_decay_days", 30.0, "days", "after which the next factor of the decay applies"),
    walk_parameter("overflow_weight", 0.0, "1", "pull of a full camp, against one with room", "assumed"),
)

CHOSEN = "assumed (best of a grid on two recorded cases, then frozen: see the page on Flee's cases)"
OUR_PARAMETERS = (  # used where a folder does not say, unless it is to be run as in Flee
    Parameter(
        "distance_power", 1.0, "1", Prior("uniform", (0.0, 2.0)), CHOSEN, "power of distance in an option's weight"
    ),
    Parameter("softening_km", 50.0, "km", Prior("lognormal", (15.0, 165.0)), CHOSEN, "added to every distance"),
)
