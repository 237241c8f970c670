"""The checks that count when work is graded, with other inputs than the visible ones."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.expect import assert_close, assert_predictions, assert_true

# ---- predictions ---------------------------------------------------------------------------------------


@pytest.mark.points(2, hint="How often does it run, is each call traced anew, and who does the work?")
def test_graph_or_eager_rest(student, reference):
    """The predictions for the single look, Python rates, the simulation and the data base are right."""
    cases = "look_once", "python_rate", "simulation", "database"
    assert_predictions(
        student.graph_or_eager.answers(*cases),
        reference.graph_or_eager.answers(*cases),
        words=["graph", "eager", "either"],
    )


@pytest.mark.points(3, hint="What is part of the signature: a dtype, a Python number, the value of a tensor?")
def test_how_often_traced_rest(student, reference):
    """The predictions for the signature, dtypes, rates and a step that is made anew are right."""
    cases = "open_batch_axis", "two_dtypes", "python_rate", "tensor_rate", "made_anew"
    assert_predictions(student.how_often_traced.answers(*cases), reference.how_often_traced.answers(*cases))


# ---- pictures ------------------------------------------------------------------------------------------


@pytest.mark.points(2, hint="Try pictures that are wide, high, small, or dark, and use it in map.")
def test_prepare_picture_in_a_graph(student, reference, draw):
    """Pictures of other sizes are prepared too, in a graph that does not know their sizes."""
    pictures = [
        draw.integers(draw.size(40, 60), draw.size(70, 90), 3, high=256, dtype="uint8"),
        draw.integers(draw.size(70, 90), draw.size(33, 50), 3, high=256, dtype="uint8"),
        draw.integers(draw.size(8, 20), draw.size(8, 20), 3, high=90, dtype="uint8"),
    ]
    labels = [draw.integers(high=2, dtype="int64") for _ in pictures]
    actual, desired = (
        student.probe("prepare_picture", pictures, labels),
        reference.probe("prepare_picture", pictures, labels),
    )
    assert_true(not actual["asks_python"], "The graph of prepare_picture goes back to Python while it runs.")
    assert_close(actual["prepared"], desired["prepared"], rtol=1e-4, atol=1e-4)


@pytest.mark.points(2, hint="From how many examples does shuffle draw? What does cache keep, and what comes after it?")
def test_make_batches_work(student, reference, draw):
    """Examples are drawn from all of the data, and prepared once only."""
    batch_size = draw.size(60, 66)
    inputs = "make_batches", 15 * batch_size + draw.size(2, 5), batch_size  # close to the 1,000 that there may be
    most = reference.probe(*inputs, True)["ran"], reference.probe(*inputs, False)["ran"]
    actual = student.probe(*inputs, True), student.probe(*inputs, False)
    assert_true(not actual[0]["stays_near"], "Examples are mixed with their neighbours only, not over all the data.")
    for mine, theirs in zip(actual, most, strict=True):
        assert_true(mine["ran"] <= theirs, "Pictures are prepared anew in each pass.")


# ---- what a step needs ---------------------------------------------------------------------------------


@pytest.mark.points(2, hint="Which momentum is asked, and does each model have an optimizer of its own?")
def test_make_optimizer_steps(student, reference, draw):
    """Steps by turns of two optimizers move the weights of two models as they should."""
    draw = draw.shared("optimizers")
    inputs, classes = draw.size(3, 5), draw.size(2, 3)
    kernel = draw.normal(inputs, classes)
    gradients = [[draw.normal(inputs, classes), draw.normal(classes)] for _ in range(3)]
    inputs = "make_optimizer", kernel, gradients, float(draw.uniform(low=0.02, high=0.3))
    actual, desired = student.once.probe(*inputs), reference.probe(*inputs)
    assert_close(actual["weights"], desired["weights"], rtol=1e-4, atol=1e-5)


@pytest.mark.points(2, hint="Are there two metrics, or two names for one? Are they new in each call?")
def test_make_measures_two_metrics(student, reference, draw):
    """Each metric sees its own batches only, and a new call makes new ones."""
    size, classes = draw.size(9, 14), draw.size(3, 4)
    scores = np.exp(draw.normal(size, classes, scale=1.5))
    probabilities = (scores / scores.sum(axis=1, keepdims=True)).astype("float32")
    best = probabilities.argmax(axis=1)
    labels = np.where(np.arange(size) < size - 3, best, (best + 1) % classes).astype("int64")
    others = np.where(np.arange(size) < 2, best, (best + 1) % classes).astype("int64")
    asked = "make_measures", "metrics", labels, probabilities, others
    actual, desired = student.probe(*asked), reference.probe(*asked)
    assert_true(actual["parts"] == 3, "Three things are asked: the loss and two metrics.")
    for key in ("train", "test", "both", "reset", "new"):
        assert_close(actual[key], desired[key], rtol=1e-4)


# ---- the loop ------------------------------------------------------------------------------------------


@pytest.mark.points(3, hint="Does everything that it uses come in as an argument? Is the accuracy updated?")
def test_make_train_step_other_batches(student, reference, draw):
    """Pictures, batches of two sizes and another loss work too, and the accuracy is collected."""
    shape, classes = (2, draw.size(2, 3), 3), draw.size(4, 5)
    kernel = draw.normal(int(np.prod(shape)), classes, scale=0.3)
    batches = [
        (draw.normal(size, *shape), draw.integers(size, high=classes, dtype="int64"))
        for size in (draw.size(5, 6), draw.size(3, 4))
    ]
    inputs = "make_train_step", kernel, batches, float(draw.uniform(low=0.1, high=0.3)), 2.5
    actual, desired = student.probe(*inputs), reference.probe(*inputs)
    assert_close(actual["losses"], desired["losses"], rtol=1e-4, atol=1e-5)
    assert_close(actual["weights"], desired["weights"], rtol=1e-4, atol=1e-5)
    assert_close(actual["accuracy"], desired["accuracy"], rtol=1e-4)
    assert_true(actual["steps"] == desired["steps"], "The optimizer does not take one step for each batch.")


@pytest.mark.points(3, hint="What is left in the metric from before, and does anything train?")
def test_make_evaluate_again(student, reference, draw):
    """Later evaluations are right too, with another loss, and leave the model as it was."""
    batch_size, inputs, classes = draw.size(3, 4), draw.size(3, 4), draw.size(4, 5)
    data = [
        (draw.normal(size, inputs), draw.integers(size, high=classes, dtype="int64"))
        for size in (5 * batch_size + 1, 3 * batch_size - 1, 2 * batch_size)
    ]
    asked = "make_evaluate", draw.normal(inputs, classes, scale=0.5), data, batch_size, 2.5
    actual, desired = student.probe(*asked), reference.probe(*asked)
    assert_close(actual["results"], desired["results"], rtol=1e-4, atol=1e-5)
    assert_close(actual["weights"], desired["weights"])


@pytest.mark.points(3, hint="Try a single epoch, and look at what a second run begins with.")
def test_make_train_other_runs(student, reference, draw):
    """Other numbers of epochs and a second run are right too, and the weights end where they should."""
    batch_size, inputs = draw.size(3, 5), draw.size(2, 4)
    epochs = [1, *[draw.size(4, 6)] * 2]
    data = [
        (
            draw.normal(count * batch_size, inputs),
            draw.normal(count * batch_size),
            draw.normal(2 * batch_size, inputs),
            draw.normal(2 * batch_size, mean=1.0),
        )
        for count in (draw.size(2, 4) for _ in epochs)
    ]
    asked = "make_train", draw.normal(inputs), data, batch_size, epochs
    actual, desired = student.probe(*asked), reference.probe(*asked)
    assert_close(actual["histories"], desired["histories"], rtol=1e-4, atol=1e-5)
    assert_close(actual["weights"], desired["weights"], rtol=1e-4, atol=1e-5)


# ---- counting and measuring ----------------------------------------------------------------------------


@pytest.mark.points(2, hint="Try other dtypes, Python numbers, several arguments, and a single call.")
def test_count_traces_other_calls(student, reference, draw):
    """Calls with other dtypes, Python numbers and several arguments are counted too."""
    x, y = draw.normal(3), draw.normal(3)
    n = draw.size(2, 9)
    matrix = (
        [(x,), (draw.integers(3),), (y,), (draw.normal(3, dtype="float64"),)],
        draw.shuffle([(n,), (n + 1,), (n,), (n + 2,), (n + 1,)]),
        [(x, y), (y, x), (x, draw.normal(4)), (draw.normal(4), x), (draw.normal(3, 2), 1.5), (x, y)],
        [(x,)],
        [(draw.normal(3),) for _ in range(draw.size(3, 5))],
    )
    for calls in matrix:
        actual, desired = student.probe("count_traces", calls), reference.probe("count_traces", calls)
        assert_true(type(actual) is int and actual == desired, "The count is wrong.")


@pytest.mark.points(2, hint="Single times vary: are all of them in it? What if the graph is the slower one?")
def test_speed_up_other_times(student, reference, draw):
    """Times that vary, a single call, and a graph that is slower are measured too."""
    repeats = draw.choice([7, 9, 11])  # and every so many calls take the same time together
    eager = sorted(draw.uniform(repeats, low=0.1, high=4.0).tolist())
    graph = sorted(draw.uniform(repeats, low=2.0, high=9.0).tolist())
    for number in (repeats, 1):
        asked = "speed_up", eager[:number], graph[:number], 80.0, draw.normal(2, 2), number
        actual, desired = student.probe(*asked), reference.probe(*asked)
        assert_true(actual["eager"] and actual["graph"], "The function or its graph is called too few times.")
        assert_close(actual["ratio"], desired["ratio"], rtol=1e-3)
