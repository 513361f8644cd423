"""Random streams, one a named part, so that adding a part never shifts another.

No part of the world draws from any other source of randomness.
"""

from zlib import crc32

import numpy as np


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """The generator of one named part of one world."""
    return np.random.default_rng([seed, *(crc32(str(name).encode()) for name in names)])


def weighted(rng: np.random.Generator, options: list, weights: list[float], size: int) -> np.ndarray:
    """Draw `size` options with the given relative weights, as an object array."""
    share = np.asarray(weights, dtype=float)
    return np.asarray(options, dtype=object)[rng.choice(len(options), size=size, p=share / share.sum())]
