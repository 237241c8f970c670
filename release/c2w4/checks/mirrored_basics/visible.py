"""The checks of the lab on one model on several devices: one for each exercise."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.expect import assert_close, assert_equal, assert_in_scope, assert_predictions, assert_replicas, stand_in
from autograder.student import as_ndarray


@pytest.mark.points(1, hint="Which number is the function given, and where is it used?")
def test_make_strategy(student, reference):
    """The strategies of 1, 2, 4 and 8 replicas are on the first devices, and add up as they should."""
    for replicas in (1, 2, 4, 8):
        run = student.make_strategy.distributed(replicas)
        assert_replicas(run, replicas)
        wanted = reference.make_strategy.distributed(replicas).result
        assert_equal(run.result["devices"], wanted["devices"], diagnosis="The first devices are asked.")
        assert_equal(run.result["placed"], wanted["placed"])
        assert_equal(
            run.result["strategy"], wanted["strategy"], diagnosis="One replica is a strategy of this kind, too."
        )
        assert_equal(
            run.result["adds_up"],
            wanted["adds_up"],
            diagnosis="This is about cross_device_ops: how the strategy adds up.",
        )


@pytest.mark.points(1, hint="Is it a variable at all? If so: was the scope open when it was made?")
def test_mirrored_or_ordinary(student, reference):
    """All predictions are right."""
    assert_predictions(
        student.mirrored_or_ordinary.answers(), reference.mirrored_or_ordinary.answers(), words=["mirrored", "ordinary"]
    )


@pytest.mark.points(1, hint="Any two copies: is it enough to compare each one with the first?")
def test_largest_gap(student, reference, draw):
    """The gap is right for copies on 2, 4 and 8 replicas, for copies that agree, and for an ordinary variable."""
    for replicas, shape in ((2, (2, 3)), (4, (5,)), (8, (3, 1))):
        copies = draw.normal(replicas, *shape, mean=2.0, scale=3.0)
        if replicas > 2:  # the largest and the smallest are neither neighbours nor the first and the last copy
            copies = np.sort(copies, axis=0)[[1, 0, *range(2, replicas)]]
            copies = copies if replicas == 4 else copies[::-1]
        assert_close(student.probe("largest_gap", copies), reference.probe("largest_gap", copies), rtol=1e-5)
    one = draw.normal(1, 4)
    for copies in (one, np.repeat(one, 4, axis=0)):
        assert_close(student.probe("largest_gap", copies), reference.probe("largest_gap", copies))


@pytest.mark.points(
    1, hint="Round up the size of a share, and hand out until nothing is left. Is there a rest of the epoch?"
)
def test_shares(student, reference, draw):
    """The shares are right where the examples come out even and where they do not."""
    for replicas in (2, 3, 4, 8):
        full = replicas * draw.size(2, 6)
        for batch, examples in (
            (full, full * draw.size(2, 4)),
            (full, full * draw.size(1, 3) + draw.size(1, replicas + 1)),
            (full + 1, (full + 1) * 2 + draw.size(1, full)),
            (full, draw.size(1, full - 1)),
        ):
            assert_equal(student.shares(examples, batch, replicas), reference.shares(examples, batch, replicas))


@pytest.mark.points(1, hint="What is made in the scope? Which batch size does fit get, and are the examples mixed up?")
def test_fit_on(student, reference, draw):
    """Two replicas train together, and the loss of the epoch is right."""
    images, labels = as_ndarray(draw.normal(24, 64)), as_ndarray(draw.integers((24,), low=0, high=10, dtype="int64"))
    args = stand_in.strategy(), images, labels, draw.choice([3, 4, 6]), float(draw.uniform(low=0.1, high=0.3))
    run = student.fit_on.distributed(*args, replicas=2)
    wanted = reference.fit_on.distributed(*args, replicas=2)
    assert_close(run.result, wanted.result, rtol=1e-4)
    assert_in_scope(run)


@pytest.mark.points(1, hint="What is divided when there are more devices, and what has each of them whole?")
def test_factors(student, reference):
    """All predictions are right."""
    assert_predictions(student.factors.answers(), reference.factors.answers())
