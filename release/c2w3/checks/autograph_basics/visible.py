"""The checks of the lab on the basics of AutoGraph: one for each exercise."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.expect import (
    assert_close,
    assert_control_flow,
    assert_graph_matches,
    assert_input_signature,
    assert_is_graph,
    assert_max_traces,
    assert_predictions,
)


@pytest.mark.points(1, hint="Which three operations are it, from the inside out, and where does the decorator stand?")
def test_root_mean_square(student, reference, draw):
    """root_mean_square is a graph and gives the right values."""
    calls = [draw.normal(shape, mean=1.0, scale=3.0) for shape in (draw.shape(1), draw.shape(2), ())]
    for x in calls:
        assert_close(student.root_mean_square(x), reference.root_mean_square(x), rtol=1e-4)
    assert_is_graph(student.root_mean_square, calls[0])
    assert_graph_matches(student.root_mean_square, reference.root_mean_square, calls, rtol=1e-4)


@pytest.mark.points(1, hint="Which axis is open and which has a fixed size? Which axis disappears in the mean?")
def test_column_means(student, reference, draw):
    """Tables of all heights are traced once, and their columns averaged."""
    tables = [draw.normal(rows, 3, mean=2.0) for rows in (3, draw.size(4, 6), 1, draw.size(7, 9))]
    for table in tables:
        assert_close(student.column_means(table), reference.column_means(table), rtol=1e-4, atol=1e-5)
    assert_max_traces(student.column_means, tables, at_most=1)
    assert_input_signature(student.column_means, [((None, 3), "float32")])


@pytest.mark.points(1, hint="Is it a tensor, or something that Python knows already while it traces?")
def test_python_or_graph(student, reference):
    """All predictions are right."""
    assert_predictions(
        student.python_or_graph.answers(), reference.python_or_graph.answers(), words=["graph", "python", "error"]
    )


@pytest.mark.points(1, hint="What happens at exactly 1 kg and 10 kg, and does each way set the price?")
def test_postage(student, reference, draw):
    """Light, heavy and very heavy parcels have their prices, from one graph."""
    weights = [np.float32(limit) for limit in (1.0, 10.0)]
    weights += [
        draw.uniform(low=low, high=high) for low, high in ((0.1, 1), (1.1, 1.9), (5, 9.9), (10.1, 10.9), (12, 30))
    ]
    for weight in weights:
        assert_close(student.postage(weight), reference.postage(weight), rtol=1e-4)
    assert_is_graph(student.postage, weights[0])
    assert_max_traces(student.postage, weights, at_most=1)


@pytest.mark.points(1, hint="What is the first term, how many are there, and over what does the loop run?")
def test_power_sum(student, reference, draw):
    """Sums of any length come from one graph with a loop."""
    calls = [(draw.uniform(low=-1.3, high=1.3), np.int32(n)) for n in (0, 1, draw.size(3, 5), draw.size(6, 9))]
    assert_max_traces(student.power_sum, calls, at_most=1)
    for x, n in calls:
        assert_close(student.power_sum(x, n), reference.power_sum(x, n), rtol=1e-4, atol=1e-5)
    assert_control_flow(student.power_sum, calls, loop=True)


@pytest.mark.points(1, hint="How often is each of them traced, and what runs in each call?")
def test_side_effects(student, reference):
    """All predictions are right."""
    assert_predictions(student.side_effects.answers(), reference.side_effects.answers())
