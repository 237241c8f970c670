"""The checks of the lab about the basics of training."""

from __future__ import annotations

import pytest

from autograder.expect import assert_close, assert_connected, assert_predictions, assert_true

# ---- predictions ---------------------------------------------------------------------------------------


@pytest.mark.points(0.5, hint="Put x, y, w and b into the three formulas, one after the other.")
def test_step_by_hand_gradients(student, reference):
    """The prediction, the loss and the two gradients are right."""
    names = "prediction", "loss", "dw", "db"
    assert_predictions(student.step_by_hand.answers(*names), reference.step_by_hand.answers(*names))


@pytest.mark.points(0.5, hint="Subtract the learning rate times the gradient; minus times minus is plus.")
def test_step_by_hand_update(student, reference):
    """The weights after the step are right."""
    names = "new_w", "new_b"
    assert_predictions(student.step_by_hand.answers(*names), reference.step_by_hand.answers(*names))


@pytest.mark.points(1, hint="Compute the factor of each case, and find its line in the table.")
def test_learning_rates_words(student, reference):
    """All six predictions are right."""
    words = "crawls", "converges", "zigzags", "diverges"
    assert_predictions(student.learning_rates.answers(), reference.learning_rates.answers(), words=words)


# ---- the parts -----------------------------------------------------------------------------------------


def lines(student, reference, draw):
    """A line of the student's and one of the reference's, made from a float and a whole number."""
    draw = draw.shared("a line")
    inputs = float(draw.uniform(low=-2.0, high=-1.0)), draw.size(3, 9), draw.normal(draw.shape(2)), 0.5
    return student.once.probe("line", *inputs), reference.probe("line", *inputs)


@pytest.mark.points(0.5, hint="What can a Variable do that a Python number cannot, and of which dtype is it?")
def test_line_weights(student, reference, draw):
    """The weights are float32 Variables, and a tape follows them."""
    actual, desired = lines(student, reference, draw)
    named = zip("wb", actual["kinds"], desired["kinds"], strict=True)
    wrong = [name for name, mine, theirs in named if mine != theirs]
    assert_true(not wrong, "Not both weights are float32 Variables of shape ().", f"look at: {', '.join(wrong)}")
    assert_connected(actual["gradients"])
    assert_close(actual["gradients"], desired["gradients"], rtol=1e-4)


@pytest.mark.points(0.5, hint="Where do w and b come from when the line is called?")
def test_line_values(student, reference, draw):
    """The line has the right values, also after a change of w, and two lines do not share weights."""
    actual, desired = lines(student, reference, draw)
    for part in ("first", "second", "others"):
        assert_true(part in actual, "Without two float32 Variables of shape () the line is not called.")
        assert_close(actual[part], desired[part])


@pytest.mark.points(0.5, hint="Square first, then take the mean over everything.")
def test_squared_error_values(student, reference, draw):
    """The mean of the squared differences is right for several shapes."""
    for shape in (draw.shape(1), draw.shape(2)):
        y, predictions = draw.normal(shape, scale=3), draw.normal(shape, mean=1.0)
        assert_close(student.squared_error(y, predictions), reference.squared_error(y, predictions))


@pytest.mark.points(0.5, hint="Does a step leave TensorFlow on the way?")
def test_squared_error_gradient(student, reference, draw):
    """A tape can follow the computation."""
    size = draw.size(4, 9)
    y, predictions = draw.normal(size, scale=3), draw.normal(size)
    gradient = student.squared_error.gradient(y, predictions, wrt=1)
    assert_connected(gradient)
    assert_close(gradient, reference.squared_error.gradient(y, predictions, wrt=1))


def prices(draw):
    """Weights to begin with, inputs, labels and a learning rate."""
    size = draw.size(5, 9)
    start = draw.normal(2).tolist()
    return start, draw.uniform(size, high=2.0), draw.normal(size, mean=4.0), float(draw.uniform(low=0.02, high=0.1))


def steps(student, reference, draw):
    """Three steps of the student's and of the reference's."""
    inputs = (*prices(draw.shared("steps")), 3)
    return student.once.probe("train_step", *inputs), reference.probe("train_step", *inputs)


@pytest.mark.points(0.5, hint="Which gradients, computed when, and subtracted from what?")
def test_train_step_weights(student, reference, draw):
    """Three steps change the line's own weights as they should."""
    actual, desired = steps(student, reference, draw)
    assert_true(actual["same"], "The line has other Variables than before: change the old ones with assign_sub.")
    mine, theirs = actual["weights"][0], desired["weights"][0]
    right = {name for name in "wb" if isinstance(mine[name], float) and abs(mine[name] - theirs[name]) < 1e-5}
    diagnosis = "After the first step w is right, and b is not." if right == {"w"} else ""
    assert_close(actual["weights"], desired["weights"], rtol=1e-4, atol=1e-5, diagnosis=diagnosis)


@pytest.mark.points(0.5, hint="The loss that the gradients belong to is the one before the update.")
def test_train_step_losses(student, reference, draw):
    """The loss before each step is returned."""
    actual, desired = steps(student, reference, draw)
    assert_close(actual["losses"], desired["losses"], rtol=1e-4)


@pytest.mark.points(0.5, hint="When is each number recorded, and is it a number?")
def test_fit_line_history(student, reference, draw):
    """Weights and losses before each step are returned, also by a second call."""
    inputs = (*prices(draw), draw.size(4, 7))
    actual, desired = student.probe("fit_line", *inputs), reference.probe("fit_line", *inputs)
    mine, theirs = actual["returned"], desired["returned"]
    diagnosis = ""
    if isinstance(mine, dict) and all(len(mine.get(name) or ()) == len(theirs[name]) + 1 for name in theirs):
        diagnosis = "Is there a list that keeps what an earlier call put into it, or one step too many?"
    assert_close(mine, theirs, rtol=1e-4, atol=1e-5, diagnosis=diagnosis)


@pytest.mark.points(0.5, hint="How often does the loop run, and which line does it train?")
def test_fit_line_weights(student, reference, draw):
    """The line is trained with as many steps as asked, also with none."""
    for epochs in (draw.size(4, 7), 0):
        inputs = (*prices(draw), epochs)
        actual, desired = student.probe("fit_line", *inputs), reference.probe("fit_line", *inputs)
        assert_close(actual["weights"], desired["weights"], rtol=1e-4, atol=1e-5)
