"""Random numbers by name, from one seed.

A draw is a function of (seed, stream, index, slot) and of nothing else: no generator is stored, nothing depends on the
order of calls or on threads. Party k always gets number k, so switching one thing off changes only what it touches,
and paired runs share their draws. The generator is Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011), which passes
BigCrush and is held to its authors' published answers by a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import ArrayLike, NDArray

MULTIPLY_0, MULTIPLY_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL_0, WEYL_1 = 0x9E3779B9, 0xBB67AE85
ROUNDS = 10
LOW_32, SHIFT_32 = np.uint64(0xFFFFFFFF), np.uint64(32)


def stream_number(name: str) -> int:
    """The 32-bit number of a named stream, the same on every machine."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "little")


def philox(counter: list[NDArray[np.uint64]], seed: int) -> list[NDArray[np.uint64]]:
    """Four 32-bit words (held in uint64) for each counter of four 32-bit words, under a 64-bit key."""
    c0, c1, c2, c3 = counter
    for turn in range(ROUNDS):
        key_0 = np.uint64(((seed & 0xFFFFFFFF) + turn * WEYL_0) & 0xFFFFFFFF)
        key_1 = np.uint64(((seed >> 32 & 0xFFFFFFFF) + turn * WEYL_1) & 0xFFFFFFFF)
        product_0, product_1 = MULTIPLY_0 * c0, MULTIPLY_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> SHIFT_32) ^ c1 ^ key_0,
            product_1 & LOW_32,
            (product_0 >> SHIFT_32) ^ c3 ^ key_1,
            product_0 & LOW_32,
        )
    return [c0, c1, c2, c3]


@dataclass(frozen=True, slots=True)
class Draws:
    """Uniform numbers in the open interval (0, 1), addressed by stream, slot and index. Seed 0 is a seed."""

    seed: int

    def uniform(self, stream: str, slot: ArrayLike, index: ArrayLike = 0) -> NDArray[np.float64]:
        """One number per slot, with 53 random bits. `slot` may use 64 bits, `index` 32; they broadcast."""
        slots, indices = np.broadcast_arrays(np.asarray(slot, dtype=np.uint64), np.asarray(index, dtype=np.uint64))
        streams = np.full(slots.shape, stream_number(stream), dtype=np.uint64)
        words = philox([slots & LOW_32, slots >> SHIFT_32, indices & LOW_32, streams], self.seed)
        bits = (words[0] << np.uint64(21)) ^ (words[1] >> np.uint64(11))
        return (bits.astype(np.float64) + 0.5) * 2.0**-53

    def derive(self, number: int) -> Draws:
        """The draws of run `number` of a plan that has this seed."""
        word = blake2b(f"{self.seed}/{number}".encode(), digest_size=8).digest()
        return Draws(int.from_bytes(word, "little"))
