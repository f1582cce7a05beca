"""The draws of `terms.Draws`, inside compiled kernels: the same Philox4x32-10, one party at a time.

A party's slot is 64 bits: the code of its home (from where the place lies, not from what it is called) above its number
at that home. So a place that is added, renamed or moved within a file changes no other party's luck.
"""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.compile import kernel, part_of_kernel

LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
MULTIPLY_0, MULTIPLY_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL_0, WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)

MANTISSA_BITS, MANTISSA = np.int64(52), np.int64((1 << 52) - 1)
ROOT_HALF = np.int64(0x3FE6A09E667F3BCD)  # the bits of the root of 1/2
LOG_2 = 0.6931471805599453

BELOW_ONE = np.float32(1.0 - 2.0**-24)  # rounding to 32 bits must not give 1


@part_of_kernel
def uniform_pair(seed: np.uint64, stream: np.uint64, slot: np.uint64, index: np.uint64) -> tuple[float, float]:
    """Two numbers in (0, 1) for the price of one, with 53 random bits each; `uniform` gives the first."""
    c0, c1, c2, c3 = slot & LOW, slot >> HALF, index & LOW, stream
    k0, k1 = seed & LOW, seed >> HALF
    for _ in range(10):
        product_0, product_1 = MULTIPLY_0 * c0, MULTIPLY_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> HALF) ^ c1 ^ k0,
            product_1 & LOW,
            (product_0 >> HALF) ^ c3 ^ k1,
            product_0 & LOW,
        )
        k0, k1 = (k0 + WEYL_0) & LOW, (k1 + WEYL_1) & LOW
    first = (c0 << np.uint64(21)) ^ (c1 >> np.uint64(11))
    second = (c2 << np.uint64(21)) ^ (c3 >> np.uint64(11))
    return (np.float64(first) + 0.5) * 1.1102230246251565e-16, (np.float64(second) + 0.5) * 1.1102230246251565e-16


@part_of_kernel
def uniform(seed: np.uint64, stream: np.uint64, slot: np.uint64, index: np.uint64) -> float:
    """One number in (0, 1) with 53 random bits; equal to Draws(seed).uniform(stream, slot, index)."""
    return uniform_pair(seed, stream, slot, index)[0]


@part_of_kernel
def log_of(x: float) -> float:
    """The natural logarithm of a normal number > 0, to a part in 10^12; a call to the library's breaks up a kernel.

    x = 2^power * part, part within root 2 of 1; log(part) = 2 (s + s^3/3 + s^5/5 + ...), s = (part-1) / (part+1).
    """
    bits = np.float64(x).view(np.int64) - ROOT_HALF
    part = np.int64((bits & MANTISSA) + ROOT_HALF).view(np.float64)
    s = (part - 1.0) / (part + 1.0)
    z = s * s
    series = 1.0 + z * (1.0 / 3 + z * (1.0 / 5 + z * (1.0 / 7 + z * (1.0 / 9 + z * (1.0 / 11 + z / 13)))))
    return float((bits >> MANTISSA_BITS) * LOG_2 + 2.0 * s * series)


@kernel
def fill_uniform(
    out: NDArray[np.float32], seed: np.uint64, stream: np.uint64, code: np.uint64, index: np.uint64
) -> None:
    """Fill `out` with the numbers of slots (code, 0), (code, 1), ... of one home."""
    for k in range(out.size):
        number = uniform(seed, stream, (code << HALF) | np.uint64(k), index)
        out[k] = min(np.float32(number), BELOW_ONE)
