"""The checks of the lab on a training loop on several devices: one for each exercise."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.expect import (
    CheckFailed,
    assert_close,
    assert_distributed,
    assert_in_scope,
    assert_predictions,
    assert_reduced,
    assert_run_on_replicas,
    assert_true,
    fail,
    stand_in,
)


@pytest.mark.points(1, hint="Which replica is it, of how many, and which rows are that one's?")
def test_own_rows(student, reference, draw):
    """Each of 2, 3, 4 and 8 replicas takes its own rows."""
    for replicas in (2, 3, 4, 8):
        args = stand_in.strategy(), draw.normal(replicas * 2 + draw.size(1, replicas), draw.size(2, 4))
        run = student.own_rows.distributed(*args, replicas=replicas)
        wanted = reference.own_rows.distributed(*args, replicas=replicas).result["per replica"]
        bundle = isinstance(run.result, dict) and "per replica" in run.result
        assert_true(
            bundle,
            "This is not a value of which each replica has its own.",
            diagnosis="What run returns is asked. Where all replicas return the same tensor, it is just that tensor.",
        )
        assert_close(run.result["per replica"], wanted, diagnosis="Part [0] is what replica 0 returned, and so on.")


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
    """Three replicas fit the line that one device fits, with the same losses, in a graph."""
    x = draw.normal(13, mean=0.5)
    y = 2 * x + draw.normal(13)
    args = stand_in.strategy(), x, y, 8, float(draw.uniform(low=0.05, high=0.2))
    wanted = reference.train_line.distributed(*args, replicas=1).result
    run = student.train_line.distributed(*args, replicas=3)
    assert_in_scope(run)
    try:
        assert_reduced(run, wanted, rtol=1e-3, atol=1e-4)
    except CheckFailed as failure:
        if copies_differ(run):
            told = "Each replica has to subtract the same from its copies. Does each know the gradients of all?"
            fail("The copies of a variable are no longer equal.", failure.detail, told, failure.got)
        raise
    assert_distributed(run)
    assert_run_on_replicas(run)


def copies_differ(run):
    """Whether a mirrored variable has another value on one replica than on the first."""
    mirrored = [variable["values"] for variable in run.variables if variable["kind"] == "mirrored"]
    return any(not np.array_equal(copies[0], copy) for copies in mirrored for copy in copies)
