"""Week 3's notebooks meet every demand, and what their checks do not catch was looked at."""

from __future__ import annotations

import pytest
import weeks

from autograder import sandbox
from autograder.findings import Fate

WEEK = "c2w3"
EXERCISES = {"assignment": 11}
LOOKED_AT: dict[str, weeks.LookedAt] = {
    "assignment": {
        # The buffer holds all of the data with room to spare.
        ("make_batches:21 constant", Fate.EQUIVALENT): "constant changed: 1001 for 1000",
        ("make_batches:21 constant 2", Fate.EQUIVALENT): "constant changed: 999 for 1000",
        # Both are new metrics of one kind.
        ("make_measures:12 order 2", Fate.EQUIVALENT): "results swapped: loss, test_accuracy, train_accuracy",
        # A share does not change when each example counts twice.
        ("make_train_step:28 update 2", Fate.EQUIVALENT): "update_state doubled",
        ("make_evaluate:28 update 2", Fate.EQUIVALENT): "update_state doubled",
        # That is what a model does when nobody says anything.
        ("make_evaluate:24 training 2", Fate.EQUIVALENT): "mode of the model: training=False left out",
    },
    "autograph_basics": {
        # That is what a TensorSpec has when nobody says anything.
        ("column_means:4 dtype", Fate.EQUIVALENT): "dtype=tf.float32 left out",
        # At 1 kg both ways to set the price give the same.
        ("postage:6 comparison", Fate.EQUIVALENT): "comparison flipped: < for <=",
    },
    "complex_graphs": {
        # Its absolute value is the same.
        ("square_root:9 order", Fate.EQUIVALENT): "sides swapped: a - x * x",
        # No drawn number is so close to the tolerance that the last bit decides.
        ("square_root:9 comparison 2", Fate.EQUIVALENT): "comparison flipped: >= for >",
        # The first element raises it to 0 at least.
        ("longest_run:6 constant 2", Fate.EQUIVALENT): "constant changed: -1 for 0",
    },
}


@pytest.fixture(scope="module", params=weeks.COURSE.notebooks(WEEK))
def proof(request: pytest.FixtureRequest, starter: sandbox.Starter) -> weeks.Proof:
    return weeks.prove(starter, WEEK, request.param)


def test_it_meets_every_demand(proof: weeks.Proof) -> None:
    weeks.assert_every_demand_is_met(proof)


def test_every_mutant_that_is_not_caught_was_looked_at(proof: weeks.Proof) -> None:
    weeks.assert_mutants_were_looked_at(proof, LOOKED_AT.get(proof.notebook, {}))


def test_points(proof: weeks.Proof) -> None:
    weeks.assert_points(proof)


def test_there_are_enough_answers(proof: weeks.Proof) -> None:
    weeks.assert_enough_answers(proof, WEEK, exercises=EXERCISES.get(proof.notebook, 6))


def test_noise_is_far_below_the_tolerances(proof: weeks.Proof) -> None:
    assert all(noise.relative < 1e-5 for noise in proof.report.noise)
