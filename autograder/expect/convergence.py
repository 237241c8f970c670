"""A gate for training that is random: does it converge as the reference's does, over several runs?

How often the gate would refuse a right answer by chance is measured, not assumed: see :func:`flake_rate`.
"""

from __future__ import annotations

import contextlib
import contextvars
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..trained import Curves
from .failures import fail
from .words import expected, short


@dataclass(frozen=True)
class Gate:
    """What a training must reach, relative to the runs of the reference.

    Args:
        quantile: Which quantile of the final losses is compared; 0.75 forgives one run of five or so.
        slack: How much larger than the reference's it may be: 0.5 is one and a half times as large.
        slope: Share of the reference's median slope of the log loss that the median slope must reach.
        budget: Steps that a run may take; None: as many as the reference's longest.
    """

    quantile: float = 0.75
    slack: float = 0.5
    slope: float = 0.5
    budget: int | None = None

    def reasons(self, actual: Curves, desired: Curves) -> list[tuple[str, str, str]]:
        """What some runs do not reach: for each thing a summary, what was expected, and what came. Empty: they pass."""
        found = []
        finals, wanted = actual.final, desired.final
        budget = max(desired.steps) if self.budget is None else self.budget
        if budget >= 0 and max(actual.steps) > budget:
            told = f"at most {budget} steps", f"{max(actual.steps)} steps"
            found.append(("The training takes more steps than it may.", *told))
        if not np.isfinite(finals).all():
            found.append(("The loss does not stay finite.", "finite losses", _text(finals)))
            return found
        limit = float(np.quantile(wanted, self.quantile)) * (1 + self.slack)
        reached = float(np.quantile(finals, self.quantile))
        if not reached <= limit:
            summary = "The final loss is too large in too many of the runs."
            found.append(
                (summary, f"a final loss of at most {limit:.4g} in {self.quantile:.0%} of the runs", _text(finals))
            )
        least, slope = self.slope * float(np.median(desired.slopes)), float(np.median(actual.slopes))
        if not slope <= least:
            told = f"a median slope of the log loss of at most {least:.3g}", f"{slope:.3g}"
            found.append(("The loss falls too slowly.", *told))
        return found


def assert_converges(
    actual: Curves,
    desired: Curves,
    *,
    quantile: float = 0.75,
    slack: float = 0.5,
    slope: float = 0.5,
    budget: int | None = None,
) -> None:
    """Over several runs, a training converges about as well as the reference's.

    For training that is random (another order of the batches, dropout, weights that the function draws), where
    trajectories cannot be compared. Three things are asked: the quantile of the final losses, the slope of the log
    loss, and the number of steps.

    With the arguments as they are, the gate refused none of 400 comparisons of a solution with itself where its loss
    falls to a half or less, and up to 5 in 100 where it falls by a tenth or two: give such a training more steps, and
    look at the flake rate of every gate (:func:`flake_rate`).

    Args:
        actual: ``student.f.convergence(…)``.
        desired: ``reference.f.convergence(…)`` with the same arguments.
        quantile: Which quantile of the final losses is compared.
        slack: How much larger than the reference's it may be: 0.5 is one and a half times as large.
        slope: Share of the reference's median slope of the log loss that the median slope must reach.
        budget: Steps that a run may take; None: as many as the reference's longest.

    Raises:
        CheckFailed: With what is not reached.
        ValueError: The reference itself does not converge.

    Right::

        def f(dataset, optimizer, loss, model):
            for epoch in range(3):
                for x, y in dataset.shuffle(4):
                    with tf.GradientTape() as tape:
                        value = loss(y, model(x))
                    gradients = tape.gradient(value, model.trainable_variables)
                    optimizer.apply(gradients, model.trainable_variables)

    Wrong::

        def f(dataset, optimizer, loss, model):
            for epoch in range(3):
                for x, y in dataset.shuffle(4):
                    with tf.GradientTape() as tape:
                        value = loss(y, model(x))
                    gradients = [0.1 * g for g in tape.gradient(value, model.trainable_variables)]
                    optimizer.apply(gradients, model.trainable_variables)

    Check::

        from autograder import spec

        def test_f_converges(student, reference, draw):
            x = draw.normal(16, 2)
            y = x[:, :1] - x[:, 1:]
            model, loss = spec.model([spec.dense(1)], inputs=2, weights=draw), spec.loss("mse")
            call = spec.dataset(x, y, batch=4, shuffle=draw), spec.sgd(0.1), loss, model
            asked = {"data": (x, y), "loss": loss, "runs": 3}
            assert_converges(student.f.convergence(*call, **asked), reference.f.convergence(*call, **asked))

    Message::

        The final loss is too large in too many of the runs.
    """
    __tracebackhide__ = True
    gate = Gate(quantile, slack, slope, budget)
    if not (np.isfinite(desired.final).all() and float(np.median(desired.slopes)) < -0.1):
        raise ValueError("the reference does not converge in this budget: its loss falls by less than a tenth")
    measured = _measured.get()
    if measured is not None:
        measured.append(flake_rate(desired, gate))
    reasons = gate.reasons(actual, desired)
    if reasons:
        summary, wanted, got = reasons[0]
        others = "".join(f"\n{other}" for other, _, _ in reasons[1:])
        fail(summary + others, expected(wanted, got), _diagnose(actual, desired), f"got: {got}")


def _diagnose(actual: Curves, desired: Curves) -> str:
    first, last = (np.array([curve[place] for curve in actual.losses]) for place in (0, -1))
    if np.array_equal(first, last):
        return "The loss is at the end what it was at the beginning: the model that is given is not trained at all."
    if not np.isfinite(last).all() or (last > 2 * first).mean() > 0.5:
        return "The loss grows: a step that is far too large, or in the wrong direction."
    if max(actual.steps) > max(desired.steps) >= 0:
        return "There are more steps than batches in all epochs: are gradients applied more than once?"
    if 0 <= max(actual.steps) < max(desired.steps):
        return "There are fewer steps than batches in all epochs."
    return ""


def _text(values: Any) -> str:
    return short("final losses " + ", ".join(f"{value:.4g}" for value in values))


# ---- how often chance decides ------------------------------------------------------------------------


@dataclass(frozen=True)
class FlakeRate:
    """How often a gate refuses runs of the reference itself.

    Args:
        refused: In how many comparisons.
        comparisons: How many there were, each of some runs with as many other ones.
        runs: How many runs of the reference they were drawn from.
        group: Runs on each side of a comparison.
        check: Name of the check whose gate it is; ``""`` outside of pytest.
    """

    refused: int
    comparisons: int
    runs: int
    group: int
    check: str = ""

    @property
    def rate(self) -> float:
        """The share of comparisons that the gate refused."""
        return self.refused / self.comparisons

    def __str__(self) -> str:
        return (
            f"{self.rate:.1%} ({self.refused} of {self.comparisons} comparisons of {self.group} with {self.group} "
            f"other runs, of {self.runs} runs of the solution)"
        )


_measured: contextvars.ContextVar[list[FlakeRate] | None] = contextvars.ContextVar("measured", default=None)


@contextlib.contextmanager
def measuring_flakes() -> Iterator[list[FlakeRate]]:
    """Measure the flake rate of every convergence gate that a check asks for in this context.

    Each costs four times the runs of the check, on the reference alone. Put the reference through its own checks in it:
    nobody's result changes.

    Yields:
        The rates, filled as checks come to their gates.
    """
    found: list[FlakeRate] = []
    token = _measured.set(found)
    try:
        yield found
    finally:
        _measured.reset(token)


def flake_rate(desired: Curves, gate: Gate, *, comparisons: int = 400, seed: int = 0) -> FlakeRate:
    """How often a gate refuses the reference by chance: some of its runs compared with other ones.

    The runs of a submission begin with the same weights as the reference's that they are compared with; those compared
    here do not, so this is an upper bound for an answer that differs from the reference in nothing but chance.

    Args:
        desired: Runs of the reference, as a check has them; three times as many more are made.
        gate: The gate.
        comparisons: How many comparisons to draw.
        seed: Seed of the drawing.

    Raises:
        ValueError: The curves can make no further runs.
    """
    if desired.more is None:
        raise ValueError("these curves cannot make further runs")
    group = len(desired.losses)
    more = desired.more(3 * group)
    losses, steps = desired.losses + more.losses, desired.steps + more.steps
    rng = np.random.default_rng(seed)
    refused = 0
    for _ in range(comparisons):
        chosen = rng.permutation(len(losses))[: 2 * group]
        sides = [
            Curves(tuple(losses[run] for run in part), tuple(steps[run] for run in part))
            for part in (chosen[:group], chosen[group:])
        ]
        refused += bool(gate.reasons(*sides))
    running = os.environ.get("PYTEST_CURRENT_TEST", "")  # "visible.py::test_train_converges (call)"
    check = running.rpartition("::")[2].partition(" ")[0]
    return FlakeRate(refused, comparisons, len(losses), group, check)
