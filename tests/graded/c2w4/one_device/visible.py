"""The checks of the lab on one device: one for each exercise."""

from __future__ import annotations

import pytest

from autograder.expect import (
    assert_close,
    assert_equal,
    assert_in_scope,
    assert_one_device,
    assert_predictions,
    assert_raises,
    assert_replicas,
    assert_run_on_replicas,
    assert_true,
    stand_in,
)
from autograder.student import as_ndarray
from autograder.wire import Tensor

DEVICES = ("CPU:0", "CPU:1", "CPU:2", "CPU:3")


@pytest.mark.points(1, hint="What does a scope move, and what does strategy.run move?")
def test_placed(student, reference):
    """All predictions are right."""
    assert_predictions(student.placed.answers(), reference.placed.answers(), words=["CPU:0", "CPU:1", "CPU:2", "CPU:3"])


@pytest.mark.points(1, hint="Which setting forbids another device, and what was it before you changed it?")
def test_strictly(student, reference, draw):
    """A device that exists is used, one that does not is an error, and soft placement is as before."""
    x, device = draw.normal(draw.size(3, 6)), draw.choice(DEVICES[1:])
    for asked, soft, fails in ((device, True, False), (device, False, False), ("GPU:0", True, False)):
        compare_runs(student, reference, asked, x, soft, fails)
    compare_runs(student, reference, "GPU:0", x, False, False)
    compare_runs(student, reference, device, x, True, True)


def compare_runs(student, reference, device, x, soft, fails):
    """One call gives what the reference gives, is computed there, and leaves the setting alone."""
    mine, theirs = (who.probe("strictly", device, x, soft, fails) for who in (student, reference))
    setting = f"soft placement was {'on' if soft else 'off'} before"
    assert_true(
        mine["error"] == theirs["error"],
        "The error that should come out does not." if theirs["error"] else "An error came where none is expected.",
        f"device {device}, {setting}\n    expected: {theirs['error'] or 'none'}, got: {mine['error'] or 'none'}",
    )
    if theirs["error"] is None:
        assert_close(mine["result"], theirs["result"])
        assert_true(
            mine["on"] == device, "It ran on another device than asked for.", f"asked: {device}, ran on: {mine['on']}"
        )
    after = "on" if mine["afterwards"] else "off"
    assert_true(
        mine["afterwards"] is soft,
        "Soft placement is not as it was before.",
        f"{setting}, and is {after} now" + (f"; the function raised {mine['error']}" if mine["error"] else ""),
    )


@pytest.mark.points(1, hint="Which list tells what can be used by name? What is left to do when the loop has ended?")
def test_first_that_exists(student, reference, draw):
    """The first device that exists is chosen, and an error says that there is none."""
    wished = draw.shuffle(list(DEVICES))
    for devices in (wished, ["GPU:0", wished[1], wished[0]], ["GPU:3", "CPU:99", "TPU:0", wished[2], wished[3]]):
        assert_equal(student.first_that_exists(devices), reference.first_that_exists(devices))
    for devices in (["GPU:0", "CPU:77"], []):
        assert_raises(student.first_that_exists, devices, error="ValueError")


@pytest.mark.points(1, hint="Which three cases does the text name, and where do the devices of each come from?")
def test_make_strategy(student, reference, draw):
    """None, one and several devices get the strategy that fits."""
    others = draw.shuffle(list(DEVICES[1:]))
    assert_one_device(student.make_strategy.distributed(others[:1]), others[0], placed=others[0])
    for count in (2, 3):
        run = student.make_strategy.distributed(others[:count])
        assert_replicas(run, count)
        assert_equal(sorted(run.result["devices"]), sorted(others[:count]))
        ops = run.result["adds_up"]
        assert_true(
            ops in ("ReductionToOneDevice", "HierarchicalCopyAllReduce"),
            "The replicas do not add up in the way that the text names: cross_device_ops.",
            f"got: {ops}",
        )
    run, known = (who.make_strategy.distributed([]) for who in (student, reference))
    kind = run.result.get("strategy") if isinstance(run.result, dict) else None
    assert_true(kind == known.result["strategy"], "For no device, the default strategy is expected.", f"got: {kind}")


@pytest.mark.points(1, hint="What does one of four replicas see, and what do the four together return?")
def test_what_breaks(student, reference):
    """All predictions are right."""
    assert_predictions(student.what_breaks.answers(), reference.what_breaks.answers(), words=["same", "other", "error"])


@pytest.mark.points(1, hint="Where are variables made, who gets which examples, and how do the losses come together?")
def test_train_anywhere(student, reference, draw):
    """The losses are the same under the default strategy, on one device and on two."""
    x, y = draw.normal(10, 3), draw.normal(10, mean=1.0)
    args = x, y, 6, 2, float(draw.uniform(low=0.02, high=0.1))
    known = reference.probe("train_anywhere", "CPU:1", *args)
    for where, device in (("one device", "CPU:1"), ("the default strategy", "")):
        compare_losses(where, student.probe("train_anywhere", device, *args), known)
    run = student.train_anywhere.distributed(stand_in.strategy(), *map(as_ndarray, args[:2]), *args[2:], replicas=2)
    compare_losses("two devices", run.result, known)
    assert_in_scope(run)
    assert_run_on_replicas(run, graph=False)


def compare_losses(where, losses, known):
    """There is one loss for each step, and it is the expected one."""
    given = [number(loss) for loss in losses] if isinstance(losses, (list, tuple)) else []
    assert_true(
        len(given) == len(known),
        "There is not one loss for each step.",
        f"{where}: expected {len(known)} losses, got {len(given)}",
    )
    assert_true(
        all(near(*pair) for pair in zip(given, known, strict=True)),
        f"The losses are not the expected ones on {where}.",
        f"expected: {rounded(known)}\n    got: {rounded(given)}",
    )


def number(value):
    """A loss as a number; nan where it is none."""
    value = value.array.item() if isinstance(value, Tensor) and value.array.size == 1 else value
    return float(value) if isinstance(value, (int, float)) else float("nan")


def rounded(losses):
    """Losses as they are shown."""
    return [round(loss, 4) for loss in losses]


def near(mine, theirs):
    """Whether two losses differ by rounding only."""
    return abs(mine - theirs) <= 1e-4 + 1e-3 * abs(theirs)
