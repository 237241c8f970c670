"""Seeded numpy inputs for checks: the same check and seed always draw the same values."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

Item = TypeVar("Item")
Array = np.ndarray[Any, Any]
Sizes = int | tuple[int, ...]


class Draw:
    """Draws the inputs of one check.

    Every check has a stream of its own, so that adding a check does not change what the others draw.

    Args:
        seed: Seed of the whole grading.
        stream: Name of the check.
    """

    def __init__(self, seed: int, stream: str = "") -> None:
        self._seed = seed
        key = hashlib.sha256(f"{seed}/{stream}".encode()).digest()
        self._rng = np.random.default_rng(int.from_bytes(key[:16], "little"))

    def shared(self, name: str) -> Draw:
        """A stream that several checks share: each that asks for this name draws the same values from it.

        Args:
            name: Any name that is not a check's.
        """
        return Draw(self._seed, name)

    def normal(self, *shape: Sizes, mean: float = 0.0, scale: float = 1.0, dtype: str = "float32") -> Array:
        """Normally distributed values.

        Args:
            *shape: Sizes of the axes, or one tuple of them; none for a scalar array.
            mean: Mean of the values.
            scale: Standard deviation of the values.
            dtype: A float dtype.

        Returns:
            An array of that shape and dtype.
        """
        return np.asarray(self._rng.normal(mean, scale, _shape(shape))).astype(dtype)

    def uniform(self, *shape: Sizes, low: float = 0.0, high: float = 1.0, dtype: str = "float32") -> Array:
        """Values spread evenly over ``[low, high)``; arguments and result as for :meth:`normal`."""
        return np.asarray(self._rng.uniform(low, high, _shape(shape))).astype(dtype)

    def integers(self, *shape: Sizes, low: int = 0, high: int = 10, dtype: str = "int32") -> Array:
        """Whole numbers from ``low`` to ``high - 1``.

        Args:
            *shape: Sizes of the axes, or one tuple of them; none for a scalar array.
            low: Smallest value.
            high: One more than the largest value.
            dtype: Any numeric dtype that holds them.
        """
        return np.asarray(self._rng.integers(low, high, _shape(shape))).astype(dtype)

    def words(self, *shape: Sizes, low: int = 2, high: int = 8) -> Array:
        """Words of random lower-case letters, which arrive as a tensor of strings.

        Args:
            *shape: Sizes of the axes, or one tuple of them; none for a scalar array.
            low: Fewest letters of a word.
            high: Most letters of a word.

        Returns:
            An array of bytes objects.
        """
        lengths = self._rng.integers(low, high + 1, _shape(shape))
        words = np.empty(lengths.size, dtype=object)
        words[:] = [bytes(self._rng.integers(97, 123, size=int(length)).tolist()) for length in lengths.ravel()]
        return words.reshape(lengths.shape)

    def size(self, low: int = 2, high: int = 7) -> int:
        """One whole number from ``low`` to ``high``, both included."""
        return int(self._rng.integers(low, high + 1))

    def shape(self, rank: int, low: int = 2, high: int = 6) -> tuple[int, ...]:
        """A shape of that rank whose axes differ in size where the range allows it.

        Axes of different sizes tell a swapped axis from the right one.
        """
        sizes = np.arange(low, high + 1)
        return tuple(int(size) for size in self._rng.choice(sizes, size=rank, replace=rank > len(sizes)))

    def choice(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[int(self._rng.integers(len(items)))]

    def shuffle(self, items: Sequence[Item]) -> list[Item]:
        """The items in a random order."""
        return [items[int(index)] for index in self._rng.permutation(len(items))]


def _shape(shape: tuple[Sizes, ...]) -> tuple[int, ...]:
    if len(shape) == 1 and isinstance(shape[0], tuple):
        return shape[0]
    if not all(isinstance(size, (int, np.integer)) for size in shape):
        raise TypeError(f"a shape is given as ints or as one tuple of ints, not as {shape!r}")
    return tuple(int(size) for size in shape if not isinstance(size, tuple))
