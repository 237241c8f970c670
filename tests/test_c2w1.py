"""Week 1's notebooks meet every demand, and what their checks do not catch was looked at."""

from __future__ import annotations

import pytest
import weeks

from autograder import sandbox
from autograder.findings import Fate

WEEK = "c2w1"
EXERCISES = {"assignment": 14}
LOOKED_AT: dict[str, weeks.LookedAt] = {
    "assignment": {
        # Of two axes the last one is axis 1.
        ("row_scores:13 axis 2", Fate.EQUIVALENT): "axis changed: -1 for 1",
        # The square of a difference is the same on both sides.
        ("squared_distances:12 order", Fate.EQUIVALENT): "sides swapped: "
        "centres[tf.newaxis, :, :] - points[:, tf.newaxis, :]",
        ("loss_gradients:16 order", Fate.EQUIVALENT): "sides swapped: y - predictions",
        # The first step makes a new tensor out of a Variable, before anything could change it.
        ("descend:19 step", Fate.EQUIVALENT): "step left out: identity",
    },
}


@pytest.fixture(scope="module", params=weeks.COURSE.notebooks(WEEK))
def proof(request: pytest.FixtureRequest, starter: sandbox.Starter) -> weeks.Proof:
    return weeks.prove(starter, WEEK, request.param)


def test_it_meets_every_demand(proof: weeks.Proof) -> None:
    weeks.assert_every_demand_is_met(proof)


def test_every_mutant_that_is_not_caught_was_looked_at(proof: weeks.Proof) -> None:
    if proof.notebook == weeks.GRADED or proof.notebook in LOOKED_AT:
        weeks.assert_mutants_were_looked_at(proof, LOOKED_AT[proof.notebook])


def test_points(proof: weeks.Proof) -> None:
    weeks.assert_points(proof)


def test_there_are_enough_answers(proof: weeks.Proof) -> None:
    weeks.assert_enough_answers(proof, WEEK, exercises=EXERCISES.get(proof.notebook, 8))


def test_noise_is_far_below_the_tolerances(proof: weeks.Proof) -> None:
    assert all(noise.relative < 1e-5 for noise in proof.report.noise)
