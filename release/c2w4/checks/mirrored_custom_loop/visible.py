"""The checks of the lab on a training loop on several devices: one for each exercise."""

from __future__ import annotations

import pytest

from autograder.expect import (
    assert_close,
    assert_distributed,
    assert_in_scope,
    assert_predictions,
    assert_reduced,
    assert_run_on_replicas,
    stand_in,
)


@pytest.mark.points(1, hint="Which replica is it, of how many, and which rows are that one's?")
def test_own_rows(student, reference, draw):
    """Each of 2, 3, 4 and 8 replicas takes its own rows."""
    for replicas in (2, 3, 4, 8):
        args = stand_in.strategy(), draw.normal(replicas * 2 + draw.size(1, replicas), draw.size(2, 4))
        run = student.own_rows.distributed(*args, replicas=replicas)
        assert_close(run.result, reference.own_rows.distributed(*args, replicas=replicas).result)


@pytest.mark.points(1, hint="What has each replica, and is it added, averaged, or both?")
def test_reduced(student, reference):
    """All predictions are right."""
    assert_predictions(student.reduced.answers(), reference.reduced.answers())


@pytest.mark.points(1, hint="Which two numbers does everybody have to know? Do the shares have one size?")
def test_centred(student, reference, draw):
    """The mean of all values is subtracted on 2, 4 and 8 replicas, with shares of different sizes."""
    for replicas, size in ((2, 6), (4, 7), (8, 13), (4, 5)):
        ask = {"replicas": replicas, "inside": True}
        shares = stand_in.batch(draw.normal(size, mean=5.0, scale=4.0))
        run, wanted = student.centred.distributed(shares, **ask), reference.centred.distributed(shares, **ask)
        assert_close(run.result, wanted.result, rtol=1e-4, atol=1e-5, empty=True)


@pytest.mark.points(
    1, hint="Follow one chunk: where does it set out, and what has it collected when it comes to a device?"
)
def test_ring_reduce(student, reference, draw):
    """Every device of rings of 1 to 8 devices holds what it should."""
    for devices in (2, 3, 4, 8, 1):
        held = draw.normal(devices, devices, scale=3.0)
        assert_close(student.ring_reduce(held), reference.ring_reduce(held), rtol=1e-4, atol=1e-5)


@pytest.mark.points(1, hint="Who changes this copy: its own replica, all of them, or the first one?")
def test_written(student, reference):
    """All predictions are right."""
    assert_predictions(student.written.answers(), reference.written.answers())


@pytest.mark.points(
    1, hint="Which of the five parts is it? Compare with one device: what do the replicas' losses add up to?"
)
def test_train_line(student, reference, draw):
    """Two and four replicas fit the line that one device fits, with the same losses, in a graph."""
    x = draw.normal(19, mean=0.5)
    y = 2 * x + draw.normal(19)
    args = stand_in.strategy(), x, y, 8, float(draw.uniform(low=0.05, high=0.2))
    wanted = reference.train_line.distributed(*args, replicas=1).result
    for replicas in (2, 4):
        run = student.train_line.distributed(*args, replicas=replicas)
        assert_reduced(run, wanted, rtol=1e-3, atol=1e-4)
        assert_in_scope(run)
        assert_distributed(run)
        assert_run_on_replicas(run)
