"""Week 2: enough known answers, no points for nothing, and a pipeline that fits the full data set as well."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from courses import REPO

from autograder import answers
from autograder.course import Course

COURSE = Course(REPO)
NOTEBOOKS = {"assignment": (9, 6, 3), "training_basics": (6, 3, 2), "training_categorical": (6, 3, 2)}


@pytest.mark.parametrize(("name", "exercises", "wrong", "right"), [(n, *counts) for n, counts in NOTEBOOKS.items()])
def test_every_exercise_has_enough_known_answers(name: str, exercises: int, wrong: int, right: int) -> None:
    folder, source = COURSE.checks("c2w2", name), COURSE.read_source("c2w2", name)
    assert len(source.exercises) == exercises
    for kind, least in ((answers.WRONG, wrong), (answers.RIGHT, right)):
        found = [answer.exercise for answer in answers.read_all(folder, kind)]
        assert {exercise: found.count(exercise) >= least for exercise in source.exercises} == dict.fromkeys(
            source.exercises, True
        )


def test_the_lab_pipeline_fits_fashion_mnist() -> None:
    """The notebook says that one word switches to the full data set; here its examples are made up."""
    tfds: Any = pytest.importorskip("tensorflow_datasets")
    import tensorflow as tf

    source = COURSE.read_source("c2w2", "training_categorical")
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
