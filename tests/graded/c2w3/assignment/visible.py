"""The checks that a student can run: one or more for each exercise of the assignment of week 3."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.expect import assert_close, assert_predictions, assert_true
from autograder.wire import Tensor

EAGERLY = (
    "tf.config.run_functions_eagerly(True) is in force in your notebook: every tf.function runs as plain Python. "
    "Call tf.config.run_functions_eagerly(False)."
)


def same(actual, known, sentence):
    """The sentence if the result has the values of a known mistake, else ""."""
    if not isinstance(actual, Tensor) or actual.shape != np.shape(known) or actual.dtype == "string":
        return ""
    return sentence if np.allclose(actual.array, known, rtol=1e-3, atol=1e-5) else ""


# ---- predictions ---------------------------------------------------------------------------------------


@pytest.mark.points(2, hint="How often does it run, of how many operations, and does Python have to be there?")
def test_graph_or_eager_first(student, reference):
    """The predictions for the training step, the phone, the search for NaN and the large product are right."""
    cases = "training_step", "phone", "nan_hunt", "large_product"
    assert_predictions(
        student.graph_or_eager.answers(*cases),
        reference.graph_or_eager.answers(*cases),
        words=["graph", "eager", "either"],
    )


@pytest.mark.points(2, hint="Which shapes do the batches have, and has the step seen each of them before?")
def test_how_often_traced_first(student, reference):
    """The predictions for batches of one size, a smaller last batch, three epochs and dropped rests are right."""
    cases = "equal_batches", "smaller_last", "three_epochs", "dropped"
    assert_predictions(student.how_often_traced.answers(*cases), reference.how_often_traced.answers(*cases))


# ---- pictures ------------------------------------------------------------------------------------------


@pytest.mark.points(3, hint="Which size, which dtype, which smallest and largest value should the picture have?")
def test_prepare_picture_values(student, reference, draw):
    """A picture is resized to SIDE x SIDE and scaled to values from 0 to 1."""
    picture, label = draw.integers(64, 64, 3, low=20, high=256, dtype="uint8"), draw.integers(high=2, dtype="int64")
    actual, desired = student.prepare_picture(picture, label), reference.prepare_picture(picture, label)
    image = actual[0] if isinstance(actual, (tuple, list)) and actual else None
    right = np.asarray(desired[0])
    middle = picture[16:48, 16:48] / 255.0
    diagnosis = (
        same(image, right * 255, "The picture is not scaled: its pixels still go up to 255.")
        or same(image, right * 255 / 256, "This is the right result times 255/256: which pixel value becomes 1?")
        or same(image, right / 255, "The picture is scaled twice.")
        or same(image, np.floor(right), "Only zeros and ones are left: // rounds down.")
        or same(image, middle, "The margin is cut off: the whole picture should be there, only smaller.")
    )
    assert_close(actual, desired, rtol=1e-4, atol=1e-4, diagnosis=diagnosis)


@pytest.mark.points(3, hint="Where does shuffle stand, how large is its buffer, and what does cache keep?")
def test_make_batches_training(student, reference, draw):
    """Training batches are full, prepared, and in a new order in each pass."""
    batch_size = draw.size(7, 9)
    count = 13 * batch_size + draw.size(2, 5)
    actual = student.once.probe("make_batches", count, batch_size, True)
    desired = reference.probe("make_batches", count, batch_size, True)
    assert_true(not actual["endless"], "A pass over the batches does not end.", diagnosis="Is there a repeat?")
    assert_true(actual["prepared"], "Pictures do not come as prepare gives them, or not with their labels.")
    assert_true(not actual["doubles"], "A picture comes twice in one pass.")
    assert_true(
        actual["sizes"] == desired["sizes"],
        "The training batches do not have the right sizes.",
        f"got batches of the sizes {sorted(set(actual['sizes']))}, {len(actual['sizes'])} of them",
        "All should be of one size, and what is left over is dropped.",
    )
    assert_true(
        not actual["unmoved"],
        "The examples come in the order of the data set.",
        diagnosis="Is shuffle called, and is the data set that it returns the one that goes on?",
    )
    assert_true(
        not actual["neighbours_only"],
        "Examples that are neighbours in the data set stay together.",
        diagnosis="Shuffle examples, not batches: shuffle stands before batch.",
    )
    assert_true(
        not actual["same_order"],
        "The second pass has the order of the first.",
        diagnosis="What is cached after shuffle keeps its order, and so does a shuffle that is told not to reshuffle.",
    )


@pytest.mark.points(1, hint="Nothing may be lost in a test, and nothing has to be mixed.")
def test_make_batches_testing(student, reference, draw):
    """For testing, all examples come in their order."""
    count, batch_size = draw.size(20, 29), draw.choice([6, 8])
    count += count % batch_size == 0
    actual = student.probe("make_batches", count, batch_size, False)
    desired = reference.probe("make_batches", count, batch_size, False)
    assert_true(not actual["endless"], "A pass over the batches does not end.", diagnosis="Is there a repeat?")
    assert_true(actual["prepared"], "Pictures do not come as prepare gives them, or not with their labels.")
    assert_true(actual["labels"] == desired["labels"], "The examples do not all come in their order.")
    assert_true(actual["sizes"] == desired["sizes"], "The test batches do not have the right sizes.")


# ---- what a step needs ---------------------------------------------------------------------------------


@pytest.mark.points(2, hint="Which Variables does it need, and for which weights? When are they made?")
def test_make_optimizer_built(student, reference, draw):
    """The optimizer has its Variables before its first step, for the trainable weights."""
    actual, desired = optimizers(student, reference, draw)
    assert_true(actual["made"] == 0, "The optimizer makes Variables in its first step.")
    assert_true(actual["kept"] == desired["kept"], "The optimizer has not the right number of Variables.")


@pytest.mark.points(1, hint="Whose learning rate is it?")
def test_make_optimizer_rate(student, reference, draw):
    """The learning rate is the one that was asked."""
    actual, desired = optimizers(student, reference, draw)
    assert_close(actual["rates"], desired["rates"], rtol=1e-5)


def optimizers(student, reference, draw):
    """What two optimizers do; one request for all checks that look at it."""
    draw = draw.shared("optimizers")
    inputs, classes = draw.size(3, 5), draw.size(2, 3)
    kernel = draw.normal(inputs, classes)
    gradients = [[draw.normal(inputs, classes), draw.normal(classes)] for _ in range(3)]
    inputs = "make_optimizer", kernel, gradients, float(draw.uniform(low=0.02, high=0.3))
    return student.once.probe(*inputs), reference.probe(*inputs)


@pytest.mark.points(2, hint="How are the labels written, and what comes out of the model?")
def test_make_measures_loss(student, reference, draw):
    """The loss fits whole-number labels and the probabilities of a softmax."""
    inputs = "make_measures", "loss", *batches_to_measure(draw)
    actual, desired = student.once.probe(*inputs), reference.probe(*inputs)
    assert_true(actual["parts"] == 3, "Three things are asked: the loss and two metrics.")
    assert_close(actual["losses"][0], desired["losses"][0], rtol=1e-4)
    kept = "Asked about a second batch, it still counts the first one: is it a metric, and no loss?"
    assert_close(actual["losses"][1], desired["losses"][1], rtol=1e-4, diagnosis=kept)


@pytest.mark.points(1, hint="Which metric compares whole-number labels with probabilities?")
def test_make_measures_accuracy(student, reference, draw):
    """The training metric gives the accuracy of the batches that it has seen."""
    inputs = "make_measures", "metrics", *batches_to_measure(draw)
    actual, desired = student.once.probe(*inputs), reference.probe(*inputs)
    assert_true(actual["parts"] == 3, "Three things are asked: the loss and two metrics.")
    assert_close(actual["train"][0], desired["train"][0])
    one = "What the training metric is given, the test metric counts too: are they one object?"
    shared = same(actual["train"][1], np.asarray(desired["train"][0]), one)
    assert_close(actual["both"][0], desired["both"][0], diagnosis=shared)


def batches_to_measure(draw):
    """Labels and probabilities of a batch, and other labels."""
    size, classes = draw.size(9, 14), 3
    scores = np.exp(draw.normal(size, classes, scale=1.5))
    probabilities = (scores / scores.sum(axis=1, keepdims=True)).astype("float32")
    best = probabilities.argmax(axis=1)
    labels = np.where(np.arange(size) < size - 3, best, (best + 1) % classes).astype("int64")
    others = np.where(np.arange(size) < 2, best, (best + 1) % classes).astype("int64")
    return labels, probabilities, others


# ---- the loop ------------------------------------------------------------------------------------------


def assert_graph(actual, most, what):
    """Python ran while tracing and never again."""
    assert_true(not actual["eagerly"], "Functions run eagerly in the notebook.", diagnosis=EAGERLY)
    assert_true(
        actual["again"] == 0,
        f"{what} runs Python code again when it is called with inputs of a kind that it has seen.",
        diagnosis="Is it a tf.function, made once? tf.py_function, or a new tf.function in each call, asks Python.",
    )
    assert_true(
        not actual["asks_python"],
        f"{what} goes back to Python while its graph runs.",
        diagnosis="tf.py_function and tf.numpy_function do so: stay with TensorFlow's own operations.",
    )
    assert_true(
        not actual["piecewise"],
        f"{what} is not one graph: Python calls several, one after the other.",
        diagnosis="What is returned has to be a tf.function itself; what it calls is in its graph then.",
    )
    assert_true(actual["first"] <= most, f"{what} runs its Python code many times in the first call.")
    assert_true(
        not actual["printed"],
        "Python prints something while the function is traced.",
        diagnosis="That comes once, with no values. To see values in a graph, use tf.print.",
    )


@pytest.mark.points(3, hint="What is under the tape, what is applied, and which loss is returned?")
def test_make_train_step_values(student, reference, draw):
    """The losses are right, and each step moves the trainable weights."""
    actual, desired = steps(student, reference, draw)
    late = len(actual["losses"]) == len(desired["losses"]) and same(
        actual["losses"][-2], np.asarray(desired["losses"][-1]), "This is the loss after the weights have moved."
    )
    assert_close(actual["losses"], desired["losses"], rtol=1e-4, atol=1e-5, diagnosis=late or "")
    assert_close(actual["weights"], desired["weights"], rtol=1e-4, atol=1e-5)


@pytest.mark.points(2, hint="Where does tf.function stand, and what in the step needs Python?")
def test_make_train_step_graph(student, reference, draw):
    """The step is a graph: batches of one shape are traced once."""
    actual, _ = steps(student, reference, draw)
    assert_graph(actual, 2, "The step")
    assert_true(actual["all"] <= 2, "Batches of one shape are traced more than once.")


def steps(student, reference, draw):
    """Some steps with batches of one shape; one request for all checks that look at it.

    Probabilities are not too small: below 1e-7, Keras cuts them off eagerly, and in a graph it does not.
    """
    draw = draw.shared("steps")
    size, inputs, classes = draw.size(6, 9), draw.size(3, 4), 3
    batches = [(draw.normal(size, inputs), draw.integers(size, high=classes, dtype="int64")) for _ in range(3)]
    inputs = (
        "make_train_step",
        draw.normal(inputs, classes, scale=0.5),
        batches,
        float(draw.uniform(low=0.2, high=0.5)),
        1.0,
    )
    return student.once.probe(*inputs), reference.probe(*inputs)


@pytest.mark.points(3, hint="How many pictures does each batch have, and which flag does the model get?")
def test_make_evaluate_values(student, reference, draw):
    """Mean loss and accuracy are right, also with a last batch that is smaller."""
    actual, desired = evaluations(student, reference, draw)
    assert_close(actual["results"][0], desired["results"][0], rtol=1e-4, atol=1e-5)


@pytest.mark.points(2, hint="Where is the decorator, and does the loop go over the data set itself?")
def test_make_evaluate_graph(student, reference, draw):
    """The evaluation is a graph: a second data set of the same kind is not traced again."""
    actual, _ = evaluations(student, reference, draw)
    assert_graph(actual, 4, "The evaluation")


def evaluations(student, reference, draw):
    """Evaluations of three data sets; one request for all checks that look at it."""
    draw = draw.shared("evaluations")
    batch_size, inputs, classes = draw.size(5, 6), draw.size(3, 4), 3
    sizes = [6 * batch_size + 1, 7 * batch_size - 3, 5 * batch_size + 2]
    data = [(draw.normal(size, inputs), draw.integers(size, high=classes, dtype="int64")) for size in sizes]
    inputs = "make_evaluate", draw.normal(inputs, classes, scale=0.5), data, batch_size, 1.0
    return student.once.probe(*inputs), reference.probe(*inputs)


@pytest.mark.points(3, hint="What begins anew in each epoch, over what is the mean, and when comes the evaluation?")
def test_make_train_history(student, reference, draw):
    """Losses and accuracies of all epochs are right."""
    actual, desired = runs(student, reference, draw)
    assert_close(actual["histories"][0], desired["histories"][0], rtol=1e-4, atol=1e-5)
    assert_true(actual["evaluated"] == desired["evaluated"], "The evaluation does not run once in each epoch.")


@pytest.mark.points(3, hint="What has to be inside of the tf.function: the loop over epochs, over batches, both?")
def test_make_train_graph(student, reference, draw):
    """The whole run is one graph: a second run of the same kind is not traced again."""
    actual, _ = runs(student, reference, draw)
    assert_graph(actual, 4 * EPOCHS, "The training")
    assert_true(
        actual["evaluations_again"] == 0 and actual["evaluations"] <= 2 * EPOCHS,
        "The evaluation is called by Python while the training runs.",
    )


EPOCHS = 3


def runs(student, reference, draw):
    """Two training runs; one request for all checks that look at it."""
    draw = draw.shared("runs")
    batch_size, inputs = draw.size(3, 5), draw.size(2, 4)
    weights = draw.normal(inputs)
    # More batches than a graph of unrolled epochs has steps.
    data = [
        (
            draw.normal(16 * batch_size, inputs),
            draw.normal(16 * batch_size),
            draw.normal(3 * batch_size, inputs),
            draw.normal(3 * batch_size, mean=1.0),
        )
        for _ in range(2)
    ]
    inputs = "make_train", weights, data, batch_size, [EPOCHS, EPOCHS]
    return student.once.probe(*inputs), reference.probe(*inputs)


# ---- counting and measuring ----------------------------------------------------------------------------


@pytest.mark.points(2, hint="One graph for all calls, each call with its own arguments.")
def test_count_traces_shapes(student, reference, draw):
    """Calls with tensors of several shapes are counted."""
    size = draw.size(2, 5)
    shapes = draw.shuffle([size, size, size + 1, size, size + 2])
    calls = [(draw.normal(shape),) for shape in shapes]
    assert_count(student.probe("count_traces", calls), reference.probe("count_traces", calls), len(calls))


def assert_count(actual, desired, calls):
    """A whole number, and the right one."""
    said = " It should count traces, not calls." if actual == calls else ""
    assert_true(type(actual) is int, "A Python whole number is asked.", f"got: {type(actual).__name__}")
    assert_true(actual == desired, "The count is wrong.", f"expected: {desired}\n     got: {actual}", said.strip())


@pytest.mark.points(3, hint="Which calls are measured, how many of each, and is any of them traced?")
def test_speed_up_ratio(student, reference, draw):
    """The ratio of both durations is right, on a clock that runs as we want."""
    actual, desired = ratios(student, reference, draw, 1)
    assert_true(actual["eager"] and actual["graph"], "The function or its graph is called too few times.")
    diagnosis = ""
    if same_number(actual["ratio"], 1 / desired["ratio"]):
        diagnosis = "This is the inverse: how many times as long does the plain function take?"
    elif same_number(actual["ratio"], desired["with_tracing"]):
        diagnosis = "The first call of the graph is in it, which traces: make it before you measure."
    assert_close(actual["ratio"], desired["ratio"], rtol=1e-3, diagnosis=diagnosis)


def ratios(student, reference, draw, scale):
    """What the student and the reference measure of the same function, and what it would be with the trace in it."""
    repeats = draw.size(4, 7)
    eager = [float(draw.uniform(low=2.0, high=6.0)) * scale] * 2
    graph = [float(draw.uniform(low=0.5, high=1.5))] * 2
    tracing = float(draw.uniform(low=30.0, high=60.0))
    inputs = "speed_up", eager, graph, tracing, draw.normal(3), repeats
    with_tracing = repeats * eager[0] / (repeats * graph[0] + tracing)
    return student.probe(*inputs), reference.probe(*inputs) | {"with_tracing": with_tracing}


def same_number(actual, known):
    """Whether it is a number with this value."""
    return isinstance(actual, float) and abs(actual - known) < 1e-3 * abs(known)
