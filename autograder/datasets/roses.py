"""Flowers from rose curves, r = cos(kθ)."""

from __future__ import annotations

from typing import Any

import numpy as np

PETALS = {3: 3, 4: 2, 5: 5, 7: 7, 8: 4}  # number of petals: k


def rose(petals: int, side: int, random: np.random.RandomState) -> np.ndarray[Any, Any]:
    """A picture of a flower.

    A point (ρ, φ) lies inside of a petal where ρ ≤ cos(kφ), and, because r may be negative, where ρ ≤ -cos(k(φ + π)):
    for odd k that is the same petal, for even k another one.

    Args:
        petals: A key of :data:`PETALS`.
        side: Width and height in pixels.
        random: Draws everything but the number of petals.

    Returns:
        (side, side, 3), uint8.
    """
    k = PETALS[petals]
    x, y = np.meshgrid(*[np.linspace(-1, 1, side)] * 2)
    place = random.uniform(-0.2, 0.2, 2)
    size = random.uniform(0.55, 0.8)
    x, y = x - place[0], y - place[1]
    radius, angle = np.hypot(x, y) / size, np.arctan2(y, x) + random.uniform(0, 2 * np.pi)
    edge = np.maximum(np.cos(k * angle), -np.cos(k * (angle + np.pi)))
    width = random.uniform(0.3, 0.7) * (1 if k % 2 else 4)  # without it, petals would be much wider for even k
    edge = np.sign(edge) * np.abs(edge) ** width

    sky, ground, petal, tip, centre = random.randint(0, 256, (5, 3))
    petal, tip = np.maximum(petal, 120), np.maximum(tip, 60)  # brighter than most backgrounds
    picture = _mix(sky // 2, ground // 2, (y + 1) / 2)
    picture = _over(picture, _mix(petal, tip, radius), (edge - radius) * size * side / 4)
    picture = _over(picture, np.broadcast_to(centre, picture.shape), (random.uniform(0.1, 0.2) - radius) * side / 4)
    return picture.clip(0, 255).astype(np.uint8)


def _mix(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any], share: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    share = share.clip(0, 1)[..., None]
    return one * (1 - share) + other * share


def _over(below: np.ndarray[Any, Any], above: np.ndarray[Any, Any], depth: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """One picture over another where the depth, in pixels, is positive, with soft edges."""
    return _mix(below, above, depth + 0.5)
