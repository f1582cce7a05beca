"""Cutting a map at a box: areas of cut shapes are known by hand, and the shipped world is cut as it should be."""

from __future__ import annotations

import numpy as np
import pytest

from safeconduct.findings.atlas import Box, base_map, coarse, cut_to, pieces

UNIT = Box(0, 0, 1, 1)


def area(ring: np.ndarray) -> float:
    """Shoelace formula."""
    x, y = ring.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


@pytest.mark.parametrize(
    ("ring", "expected"),
    [
        ([(-1, -1), (2, -1), (2, 2), (-1, 2)], 1.0),  # all around the box
        ([(0.2, 0.2), (0.7, 0.2), (0.7, 0.6), (0.2, 0.6)], 0.2),  # all inside
        ([(0.5, -1), (3, -1), (3, 3), (0.5, 3)], 0.5),  # the right half
        ([(0, 0), (2, 0), (0, 2)], 1.0),  # the corner at (2, 0) and (0, 2) cut off: x + y <= 2 holds all the box
        ([(0, 0), (1, 0), (0, 1)], 0.5),
        ([(0.5, -0.5), (1.5, 0.5), (0.5, 1.5), (-0.5, 0.5)], 1.0),  # a diamond whose sides pass the corners
        ([(2, 2), (3, 2), (3, 3)], 0.0),  # all outside
    ],
)
def test_a_ring_cut_to_the_unit_box_has_the_area_worked_out_by_hand(
    ring: list[tuple[float, float]], expected: float
) -> None:
    cut = cut_to(np.array(ring, dtype=float), UNIT)
    assert (area(cut) if len(cut) else 0.0) == pytest.approx(expected)
    assert ((cut >= -1e-12) & (cut <= 1 + 1e-12)).all()


def test_a_line_that_leaves_and_comes_back_is_two_pieces_that_reach_over_the_edge() -> None:
    line = np.array([(0.1, 0.5), (0.9, 0.5), (2, 0.5), (3, 0.5), (2, 0.9), (0.5, 0.9)])
    found = [piece.tolist() for piece in pieces(line, UNIT)]
    assert found == [[[0.1, 0.5], [0.9, 0.5], [2, 0.5]], [[2, 0.9], [0.5, 0.9]]]


def test_points_in_one_cell_become_one() -> None:
    line = np.array([(0.0, 0.0), (0.01, 0.01), (0.4, 0.0), (0.41, 0.0)])
    assert coarse(line, 0.1).tolist() == [[0.0, 0.0], [0.4, 0.0]]


def test_a_box_in_mid_ocean_has_no_land_and_one_deep_inland_is_all_land() -> None:
    ocean, inland = base_map(Box(-40, 10, -38, 12)), base_map(Box(20, 10, 21, 11))
    assert not ocean.land and not ocean.borders and not ocean.coasts
    assert sum(area(polygon[0]) for polygon in inland.land) == pytest.approx(1.0, rel=0.01)


def test_an_island_state_has_coasts_and_no_borders_and_a_landlocked_one_the_reverse() -> None:
    island, landlocked = base_map(Box(-25, 63, -13, 67)), base_map(Box(14, -16, 15, -15))
    assert island.coasts and not island.borders
    assert not landlocked.coasts
    degree_km2 = 111.2**2 * np.cos(np.radians(65))  # 102,800 km2 of land, seen at about 65 degrees north
    assert sum(area(polygon[0]) for polygon in island.land) * degree_km2 == pytest.approx(102_800, rel=0.03)


def test_land_that_reaches_over_180_degrees_is_met_on_both_sides() -> None:
    west, east = base_map(Box(-176, 66, -174, 67)), base_map(Box(176, 67, 178, 68))
    for found in (west, east):
        assert sum(area(polygon[0]) for polygon in found.land) == pytest.approx(2.0, rel=0.3)
