"""The checks of the lab on complex graphs: one for each exercise."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.expect import (
    assert_close,
    assert_control_flow,
    assert_graph_matches,
    assert_is_graph,
    assert_max_traces,
    assert_predictions,
    assert_true,
)


@pytest.mark.points(1, hint="Go line by line. Is a value read in this line, or only given another name?")
def test_assignment_order(student, reference):
    """All predictions are right."""
    assert_predictions(student.assignment_order.answers(), reference.assignment_order.answers())


@pytest.mark.points(1, hint="When has every element come close enough, and what is counted?")
def test_square_root(student, reference, draw):
    """Roots and rounds are right, and the loop is in the graph."""
    size = draw.size(3, 5)
    calls = [
        (draw.uniform(size, low=low, high=high), np.float32(tolerance))
        for low, high, tolerance in ((0.5, 2.0, 0.1), (3.0, 90.0, 1e-3), (0.02, 0.6, 0.05), (0.01, 500.0, 0.02))
    ]
    calls.append((np.append(np.ones(size - 1), draw.uniform(low=50, high=90)).astype("float32"), np.float32(0.01)))
    calls.append((draw.uniform(size, low=0.93, high=1.07), np.float32(0.1)))  # good enough from the start
    assert_max_traces(student.square_root, calls, at_most=1)
    for a, tolerance in calls:
        assert_close(student.square_root(a, tolerance), reference.square_root(a, tolerance), rtol=1e-4)
    assert_control_flow(student.square_root, calls, loop=True)


@pytest.mark.points(1, hint="What ends a run, and does a run at the very end count? Is zero greater than zero?")
def test_longest_run(student, reference, draw):
    """Runs at the beginning, in the middle and at the end are found, with one trace."""
    ups = [draw.uniform(count, low=0.1, high=2.0) for count in draw.shuffle([2, 3, 5])]
    down = draw.uniform(1, low=-2.0, high=-0.1)
    rows = [
        np.concatenate([ups[0], down, ups[1], down, ups[2]]),
        np.concatenate([ups[2], np.zeros(1, "float32"), ups[0], down, ups[1]]),
        np.concatenate([down, ups[1], ups[0]]),
        np.concatenate([down, down]),
        ups[0][:1],
        draw.normal(draw.size(20, 30)),
    ]
    assert_max_traces(student.longest_run, rows, at_most=1)
    for x in rows:
        assert_close(student.longest_run(x), reference.longest_run(x))
    assert_graph_matches(student.longest_run, reference.longest_run, rows)


@pytest.mark.points(1, hint="Python speaks once for each trace, TensorFlow each time that the graph comes by.")
def test_who_prints(student, reference):
    """All predictions are right."""
    assert_predictions(student.who_prints.answers(), reference.who_prints.answers())


@pytest.mark.points(1, hint="What has to be remembered, where is it made, and does each have its own?")
def test_make_running_mean(student, reference, draw):
    """Two running means work by turns, each with its own memory, and each is a graph."""
    values = draw.normal(6, mean=3.0, scale=2.0)
    actual, desired = student.probe("make_running_mean", values), reference.probe("make_running_mean", values)
    assert_close(actual["means"], desired["means"], rtol=1e-4, atol=1e-5)
    assert_true(actual["graph"], "What it returns is no tf.function.")
    assert_true(not actual["traced"], "Calls with tensors of one kind are traced anew.")


@pytest.mark.points(1, hint="Which arguments change from call to call, and how are they named in a signature?")
def test_rescale(student, reference, draw):
    """Vectors of all lengths and Python numbers are rescaled with one trace."""
    calls = [
        (draw.normal(size, scale=4.0), *sorted(draw.uniform(2, low=-3, high=3, dtype="float64").tolist()))
        for size in (draw.size(3, 5), draw.size(6, 8), 2, 9)
    ]
    assert_is_graph(student.rescale, *calls[0])
    assert_max_traces(student.rescale, calls, at_most=1)
    for arguments in calls:
        assert_close(student.rescale(*arguments), reference.rescale(*arguments), rtol=1e-4, atol=1e-4)
