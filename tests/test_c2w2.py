"""Week 2's notebooks meet every demand, what their checks miss was looked at, and every planned answer is there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import weeks

from autograder import answers, sandbox
from autograder.findings import Fate

WEEK = "c2w2"
EXERCISES = {"assignment": 9, "training_basics": 6, "training_categorical": 6}
LOOKED_AT: dict[str, weeks.LookedAt] = {
    "assignment": {
        # Nobody can see from fewer examples whether a buffer holds 999, 1,000 or 1,001 of them.
        ("prepare:24 constant", Fate.EQUIVALENT): "constant changed: 1001 for 1000",
        ("prepare:24 constant 2", Fate.EQUIVALENT): "constant changed: 999 for 1000",
        # A model that is just called is not in training.
        ("validate:22 training 2", Fate.EQUIVALENT): "mode of the model: training=False left out",
        ("confusion_matrix:14 training 2", Fate.EQUIVALENT): "mode of the model: training=False left out",
        # One row or one column of zeros becomes two with the first table that is added.
        ("confusion_matrix:12 constant 2", Fate.EQUIVALENT): "constant changed: 1 for 2",
        ("confusion_matrix:12 constant 4", Fate.EQUIVALENT): "constant changed: 1 for 2",
        # tf.math.confusion_matrix takes decisions of any such dtype, True and False too.
        ("confusion_matrix:14 dtype", Fate.EQUIVALENT): "cast left out",
        ("confusion_matrix:14 dtype 2", Fate.EQUIVALENT): "dtype changed: int64 for int32",
        # The first epoch is always the best so far: it begins the count anew, and its weights are kept.
        ("train_with_patience:20 constant 2", Fate.EQUIVALENT): "constant changed: -1 for 0",
        ("train_with_patience:21 statement", Fate.EQUIVALENT): "statement deleted: weights = model.get_weights()",
    },
    "training_basics": {
        # The square of a difference is the same on both sides.
        ("squared_error:12 order", Fate.EQUIVALENT): "sides swapped: y - predictions",
        ("train_step:15 order", Fate.EQUIVALENT): "sides swapped: y - line(x)",
    },
    "training_categorical": {
        # Of two axes the last one is axis 1; and a model that is just called is not in training.
        ("evaluate:14 axis 2", Fate.EQUIVALENT): "axis changed: -1 for 1",
        ("evaluate:14 training 2", Fate.EQUIVALENT): "mode of the model: training=False left out",
        # A mean does not change where every number counts twice.
        ("train_epoch:23 update 2", Fate.SURVIVED): "update_state doubled",
    },
}
# What learners of this week get wrong, and what is right though it looks different, as the plan of the course has it.
PLANNED = {
    "the loss computed outside the tape": ("wrong", "apply_gradient/loss_outside_the_tape"),
    "the arguments of the loss swapped": ("wrong", "apply_gradient/arguments_swapped"),
    "gradients never applied": ("wrong", "apply_gradient/never_applied"),
    "gradients applied twice": ("wrong", "apply_gradient/applied_twice"),
    "the loss recomputed after the step": ("wrong", "apply_gradient/loss_recomputed"),
    "returned in the wrong order": ("wrong", "apply_gradient/returned_the_other_way_round"),
    "the optimizer ignored": ("wrong", "apply_gradient/optimizer_ignored"),
    "gradients scaled": ("wrong", "apply_gradient/gradients_scaled"),
    "losses not collected": ("wrong", "train_one_epoch/losses_not_collected"),
    "a metric of probabilities": ("wrong", "f1/unrounded"),
    "a metric never updated": ("wrong", "train_one_epoch/metric_never_updated"),
    "a metric never reset": ("wrong", "train_one_epoch/never_reset"),
    "a global for the argument": ("wrong", "apply_gradient/global_optimizer"),
    "another formula for F1": ("wrong", "f1/arithmetic_mean"),
    "training on validation data": ("wrong", "validate/trains"),
    "apply_gradients for apply": ("right", "apply_gradient/apply_gradients"),
    "the gradient inside the with block of a persistent tape": ("right", "apply_gradient/persistent_tape"),
    "the gradient after it": ("right", "apply_gradient/asked_after_a_persistent_tape"),
    "a tf.function around it": ("right", "apply_gradient/in_a_graph"),
    "model.weights where all are trainable": ("right", "apply_gradient/all_weights"),
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
    assert len(proof.source.exercises) == EXERCISES[proof.notebook]
    weeks.assert_enough_answers(proof, WEEK, exercises=EXERCISES[proof.notebook])


def test_noise_is_far_below_the_tolerances(proof: weeks.Proof) -> None:
    assert all(noise.relative < 1e-5 for noise in proof.report.noise)


def test_every_answer_that_was_planned_is_there() -> None:
    folder = weeks.COURSE.checks(WEEK, weeks.GRADED)
    known = {(kind, answer.name) for kind in ("wrong", "right") for answer in answers.read_all(folder, kind)}
    assert {told: place for told, place in PLANNED.items() if place not in known} == {}


def test_the_lab_pipeline_fits_fashion_mnist() -> None:
    """The notebook says that one word switches to the full data set; here its examples are made up."""
    tfds: Any = pytest.importorskip("tensorflow_datasets")
    import tensorflow as tf

    source = weeks.COURSE.read_source(WEEK, "training_categorical")
    names: dict[str, Any] = {"tf": tf, "np": np}
    for cell in source.code:
        if cell.solution or cell.source.startswith("def build_model"):
            exec(compile(cell.source, "training_categorical", "exec"), names)
    with tfds.testing.mock_data(num_examples=70):
        examples, info = tfds.load("fashion_mnist", split="train", as_supervised=True, with_info=True)
    names |= {"image_shape": info.features["image"].shape, "classes": info.features["label"].num_classes}
    batches = names["prepare"](examples.take(70), 32, training=False)
    model = names["build_model"]()
    history = names["fit"](model, tf.keras.optimizers.Adam(0.001), batches, batches, 1)
    assert [len(x) for x, _ in batches] == [32, 32, 6]
    assert {name: len(values) for name, values in history.items()} == {"loss": 1, "accuracy": 1, "val_accuracy": 1}
    assert model.output_shape == (None, 10)
