"""How loops over parties and vehicles are compiled: once, kept on disk, and without counting references to arrays.

Kernels are given their arrays and make none, so there is nothing to count; counting, at each mention of an array, took
two thirds of the time on the road. A kernel that does make an array does not compile.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from numba import njit
from numba.core.dispatcher import Dispatcher

from safeconduct.terms import keep_machine_code

Function = TypeVar("Function", bound=Callable[..., Any])

INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}

keep_machine_code()


def kernel(function: Function) -> Function:
    """Compile a function that Python or other kernels call.

    It is compiled for each combination of types, so a party's number has 64 bits wherever one kernel calls another.
    """
    compiled: Function = njit(cache=True, no_cfunc_wrapper=True, _nrt=False)(function)  # type: ignore[call-overload]  # stubs lack _nrt
    return compiled


def phase_kernel(function: Function) -> Function:
    """Compile a function that phases call at every step and no kernel does.

    Numba looks up the types of all that it is given, at each call and into each record: nine tenths of the time of
    entering a kernel. Here that is done once for each set of Python's own types. What a World holds under one name
    keeps its type otherwise: an array its kind of numbers and dimensions, without gaps.
    """
    compiled, entries = kernel(function), dict[tuple[type, ...], Any]()

    @wraps(function)
    def enter(*given: Any) -> Any:
        types = tuple(map(type, given))
        entry = entries.get(types)
        if entry is not None:
            return entry(*given)
        found = compiled(*given)
        if isinstance(compiled, Dispatcher):  # the interpreter runs functions as they are
            signature = tuple(compiled.typeof_pyval(one) for one in given)
            if signature in compiled.overloads:
                made: Any = compiled.overloads[signature]
                entries[types] = made.entry_point
        return found

    entered: Any = enter
    return entered  # type: ignore[no-any-return]  # what is entered has the types of the function


def inner_kernel(function: Function) -> Function:
    """Compile a function that only kernels call, without the way in for Python, which is long for records."""
    compiled: Function = njit(cache=True, **INNER)(function)  # type: ignore[call-overload]  # stubs lack these
    return compiled


def part_of_kernel(function: Function) -> Function:
    """Compile a function into each kernel that calls it: by itself first, which takes less time than copying it in."""
    put_in: Function = njit(cache=True, forceinline=True, **INNER)(function)  # type: ignore[call-overload]  # the same
    return put_in
