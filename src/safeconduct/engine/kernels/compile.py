"""How loops over parties and vehicles are compiled: once, kept on disk, and without counting references to arrays.

Kernels are given their arrays and make none, so there is nothing to count; counting, at each mention of an array, took
two thirds of the time on the road. A kernel that does make an array does not compile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

from safeconduct.terms import keep_machine_code

Function = TypeVar("Function", bound=Callable[..., Any])

keep_machine_code()


def kernel(function: Function) -> Function:
    """Compile a function that Python or other kernels call."""
    compiled: Function = njit(cache=True, _nrt=False)(function)  # type: ignore[call-overload]  # stubs lack _nrt
    return compiled


def part_of_kernel(function: Function) -> Function:
    """Compile a function into each kernel that calls it."""
    inlined = njit(cache=True, inline="always", _nrt=False)  # type: ignore[call-overload]  # stubs lack _nrt
    put_in: Function = inlined(function)
    return put_in
