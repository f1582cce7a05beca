"""Charts hold for any numbers: axes reach over the data, thinned lines stay where they were, labels keep apart."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from safeconduct.findings.charts import CHARACTER_WIDTH, Frame, nice_ticks, points, show_number, stretches, time_axis
from safeconduct.terms import Clock

START = datetime(2031, 5, 3, 12, tzinfo=UTC)


@given(st.floats(1e-6, 1e9), st.integers(2, 8))
def test_ticks_start_at_zero_step_evenly_reach_over_the_top_and_are_few(top: float, n_most: int) -> None:
    ticks = nice_ticks(top, n_most)
    steps = np.diff(ticks)
    assert ticks[0] == 0 and ticks[-1] >= top * (1 - 1e-6) and ticks[-2] < top
    assert np.allclose(steps, steps[0]) and len(ticks) <= n_most + 2


@example(199.859)
@example(290.24)
@example(-999.6)
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12) | st.floats(90.0, 1100.0))
def test_a_shown_number_is_the_number_to_half_a_percent_and_has_no_exponent(value: float) -> None:
    text = show_number(value)
    assert "e" not in text
    assert abs(float(text.replace(",", "")) - value) <= 0.005 * abs(value) + 1e-12


@given(st.lists(st.integers(0, 5), min_size=1, max_size=60))
def test_a_thinned_line_runs_through_every_point_it_left_out(values: list[int]) -> None:
    y = np.array(values, dtype=float)
    kept = np.array([[float(c) for c in pair.split()] for pair in points(np.arange(len(y)) * 1.0, y).split("L")])
    assert np.array_equal(np.interp(np.arange(len(y)), kept[:, 0], kept[:, 1]), y)


@given(st.lists(st.booleans(), max_size=40))
def test_stretches_are_the_runs_of_two_and_more(known: list[bool]) -> None:
    found = [(part.start, part.stop) for part in stretches(np.array(known, dtype=bool))]
    text = "".join("x" if one else "." for one in known)
    assert found == [match.span() for match in re.finditer("x{2,}", text)]


@given(st.integers(6, 24 * 1200), st.sampled_from([284.0, 358.0, 900.0]), st.floats(10, 1e6))
def test_dates_on_the_time_axis_keep_apart_and_stay_on_the_paper(hours: int, width: float, top: float) -> None:
    clock = Clock(START, START + timedelta(hours=hours), 15)
    frame = Frame(width, 200, (0, hours), nice_ticks(top))
    labels = re.findall(r'<text class="tick" x="([\d.]+)"[^>]*>([^<]+)<', "".join(time_axis(frame, clock)))
    spans = [(float(x) - CHARACTER_WIDTH * len(t) / 2, float(x) + CHARACTER_WIDTH * len(t) / 2) for x, t in labels]
    assert all(a[1] < b[0] for a, b in zip(spans, spans[1:], strict=False))
    assert all(a >= 0 and b <= width + 6 for a, b in spans)
