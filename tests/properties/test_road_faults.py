"""Who stands behind a shut road, against the definition: walked from each place by itself."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import people, place, road

from safeconduct.scenario import roads
from safeconduct.scenario.types import Route

KEYS = [f"p{n}" for n in range(7)]
DRAWN = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS), st.booleans(), st.booleans()), max_size=14)


def network(keys: Sequence[str], links: Sequence[Route]) -> roads.Network:
    """Places with people on these lines, the last a shelter."""
    roles = [*["origin"] * (len(keys) - 1), "shelter"]
    places = tuple(place(key, role, (0.0, 0.0)) for key, role in zip(keys, roles, strict=True))
    where = {route.id: ("routes.csv", n) for n, route in enumerate(links)}
    lines = {key: n for n, key in enumerate(keys)}
    return roads.Network(places, tuple(links), tuple(people(key, 5.0) for key in keys[:-1]), (), lines, where, lines)


@settings(max_examples=300)
@given(DRAWN)
def test_warnings_name_who_is_behind_each_shut_road_and_whom_no_road_leads_out(
    drawn: list[tuple[str, str, bool, bool]],
) -> None:
    """A shut road has people behind it where they reach one of its ends, and the other not."""
    links = [
        road(start, end, id=f"r{n}", two_way=both, is_open=is_open)
        for n, (start, end, both, is_open) in enumerate(drawn)
        if start != end
    ]
    behind: dict[str, list[str]] = {}
    alone = []
    for key in KEYS[:-1]:
        reached = roads.reach((key,), [link for link in links if link.is_open])
        gates = [link.id for link in links if not link.is_open and (link.start in reached) != (link.end in reached)]
        if KEYS[-1] not in reached:
            alone += [] if gates else [key]
            for gate in gates:
                behind.setdefault(gate, []).append(key)
    told = list(roads._no_way_out(network(KEYS, links)))
    assert sorted(KEYS[fault.line] for fault in told if fault.column == "place") == alone
    names = {links[one.line].id: one.found.partition("people of ")[2] for one in told if one.column == "is_open"}
    assert names == {gate: f"{', '.join(places)} behind it" for gate, places in behind.items()}


def test_a_sentence_names_a_dozen_places_behind_a_road_and_counts_the_others() -> None:
    """Of an island of forty places."""
    keys = [f"q{n}" for n in range(41)]
    links = [road(start, end, is_open=end != "q40") for start, end in zip(keys, keys[1:], strict=False)]
    (fault,) = roads._no_way_out(network(keys, links))
    assert fault.found.endswith(f"with people of {', '.join(keys[:12])} and 28 more places behind it")
