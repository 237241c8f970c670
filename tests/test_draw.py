"""Seeded inputs: repeatable, independent of one another, and of the shape, dtype and range asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.draw import Draw

DRAWS: dict[str, Callable[[Draw], Any]] = {
    "normal": lambda draw: draw.normal(6).tolist(),
    "uniform": lambda draw: draw.uniform(6).tolist(),
    "integers": lambda draw: draw.integers(20).tolist(),
    "sizes": lambda draw: [draw.size(0, 1000) for _ in range(6)],
    "shape": lambda draw: draw.shape(6, 0, 1000),
    "choice": lambda draw: [draw.choice(range(1000)) for _ in range(6)],
    "shuffle": lambda draw: draw.shuffle(range(20)),
}


@pytest.mark.parametrize("name", DRAWS)
def test_the_same_seed_and_check_draw_the_same(name: str) -> None:
    draw = DRAWS[name]
    assert draw(Draw(7, "test_a")) == draw(Draw(7, "test_a"))


@pytest.mark.parametrize("name", DRAWS)
@pytest.mark.parametrize("other", [Draw(8, "test_a"), Draw(7, "test_b"), Draw(7), Draw(-7, "test_a")])
def test_another_seed_or_check_draws_something_else(name: str, other: Draw) -> None:
    assert DRAWS[name](Draw(7, "test_a")) != DRAWS[name](other)


def test_seed_and_check_are_not_mixed_up() -> None:
    assert Draw(1, "2/a").size(0, 10**9) != Draw(12, "/a").size(0, 10**9)


def test_a_stream_goes_on() -> None:
    draw = Draw(7, "test_a")
    assert draw.normal(6).tolist() != draw.normal(6).tolist()


def test_numpys_own_random_state_is_left_alone() -> None:
    before = np.random.get_state()[1].tolist()
    for draw in DRAWS.values():
        draw(Draw(7))
    assert np.random.get_state()[1].tolist() == before


def test_these_values_stay_as_they_are() -> None:
    """Releases hold replies to what a seed drew: a changed stream would make them all useless."""
    draw = Draw(7, "test_a")
    assert draw.integers(5, high=100).tolist() == [15, 27, 72, 77, 61]
    assert draw.normal(2).tolist() == pytest.approx([-1.57897222, 0.03426205], rel=1e-6)


@pytest.mark.parametrize("method", ["normal", "uniform", "integers"])
@pytest.mark.parametrize(
    ("sizes", "shape"),
    [
        ((), ()),
        ((3,), (3,)),
        ((2, 3), (2, 3)),
        (((2, 3),), (2, 3)),
        (((),), ()),
        ((0,), (0,)),
        ((np.int64(2), 1), (2, 1)),
    ],
)
def test_shapes(method: str, sizes: Any, shape: tuple[int, ...]) -> None:
    array = getattr(Draw(1), method)(*sizes)
    assert isinstance(array, np.ndarray)
    assert array.shape == shape


@pytest.mark.parametrize("sizes", [((2,), (3,)), ((2,), 3), (2.0,), ("2",), ([2, 3],)])
@pytest.mark.parametrize("method", ["normal", "uniform", "integers"])
def test_a_shape_is_ints_or_one_tuple(method: str, sizes: Any) -> None:
    with pytest.raises(TypeError, match="as ints or as one tuple"):
        getattr(Draw(1), method)(*sizes)


@pytest.mark.parametrize(
    ("method", "default", "other"),
    [("normal", "float32", "float64"), ("uniform", "float32", "float16"), ("integers", "int32", "uint8")],
)
def test_dtypes(method: str, default: str, other: str) -> None:
    assert getattr(Draw(1), method)(3).dtype == default
    assert getattr(Draw(1), method)(3, dtype=other).dtype == other


def test_normal_has_its_mean_and_scale() -> None:
    values = Draw(1).normal(20_000, mean=5, scale=3)
    assert values.mean() == pytest.approx(5, abs=0.1)
    assert values.std() == pytest.approx(3, abs=0.1)


def test_uniform_fills_its_range() -> None:
    values = Draw(1).uniform(20_000, low=-2, high=3, dtype="float64")
    assert -2 <= values.min() < -1.99
    assert 2.99 < values.max() < 3


def test_integers_reach_both_ends() -> None:
    assert set(Draw(1).integers(500, low=-2, high=3).tolist()) == {-2, -1, 0, 1, 2}


def test_sizes_reach_both_ends() -> None:
    draw = Draw(1)
    assert {draw.size(2, 4) for _ in range(200)} == {2, 3, 4}
    assert draw.size(3, 3) == 3
    assert {draw.size() for _ in range(500)} == {2, 3, 4, 5, 6, 7}


@given(st.integers(), st.integers(0, 6), st.integers(0, 5), st.integers(0, 8))
def test_the_axes_of_a_shape_differ_where_they_can(seed: int, rank: int, low: int, spread: int) -> None:
    shape = Draw(seed).shape(rank, low, low + spread)
    assert len(shape) == rank
    assert all(type(size) is int and low <= size <= low + spread for size in shape)
    if rank <= spread + 1:
        assert len(set(shape)) == rank


@given(st.integers(), st.lists(st.integers(), min_size=1, max_size=9))
def test_choice_and_shuffle_only_take_what_there_is(seed: int, items: list[int]) -> None:
    draw = Draw(seed)
    assert draw.choice(items) in items
    shuffled = draw.shuffle(items)
    assert sorted(shuffled) == sorted(items)


def test_words_have_letters_and_lengths_as_asked() -> None:
    words = Draw(1).words(20, 30, low=1, high=3)
    assert words.shape == (20, 30)
    assert {type(word) for word in words.ravel()} == {bytes}
    assert {len(word) for word in words.ravel()} == {1, 2, 3}
    assert set(b"".join(words.ravel())) == set(b"abcdefghijklmnopqrstuvwxyz")
    assert Draw(1).words().shape == ()
    assert Draw(2).words(4, low=5, high=5).tolist() == Draw(2).words((4,), low=5, high=5).tolist()


def test_choice_and_shuffle_reach_everything() -> None:
    draw = Draw(1)
    assert {draw.choice("abc") for _ in range(100)} == set("abc")
    assert {tuple(draw.shuffle("abc")) for _ in range(200)} == {
        (a, b, c) for a in "abc" for b in "abc" for c in "abc" if len({a, b, c}) == 3
    }


def test_a_shared_stream_is_the_same_for_every_check() -> None:
    one, other = Draw(1, "test_a"), Draw(1, "test_b")
    assert one.normal(5).tolist() != other.normal(5).tolist()
    assert one.shared("batch").normal(5).tolist() == other.shared("batch").normal(5).tolist()
    assert one.shared("batch").normal(5).tolist() == one.shared("batch").normal(5).tolist()
    assert one.shared("batch").normal(5).tolist() != one.shared("other").normal(5).tolist()
    assert one.shared("batch").normal(5).tolist() != Draw(2, "test_a").shared("batch").normal(5).tolist()
