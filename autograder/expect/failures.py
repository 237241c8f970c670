"""What a failed check raises: a summary for hidden checks, and more for visible ones."""

from __future__ import annotations

from typing import NoReturn

import numpy as np


class CheckFailed(AssertionError):
    """A check did not hold.

    Args:
        summary: What is wrong, without any value: hidden checks show this and nothing else.
        detail: Expected and actual values, for visible checks in the student's own notebook.
        diagnosis: Which mistake this looks like, in the terms of the course, or ``""``.
        got: What is told instead of ``detail`` where a submission is graded: nothing from which an expected value
            could be told, because who hands in again would be checked with the same inputs. None: the same.
    """

    def __init__(self, summary: str, detail: str = "", diagnosis: str = "", got: str | None = None) -> None:
        super().__init__("\n".join(part for part in (summary, detail, diagnosis) if part))
        self.summary = summary
        self.detail = detail
        self.got = detail if got is None else got
        self.diagnosis = diagnosis


def fail(summary: str, detail: str = "", diagnosis: str = "", got: str | None = None) -> NoReturn:
    """Fail the check; the arguments are those of :class:`CheckFailed`."""
    __tracebackhide__ = True
    raise CheckFailed(summary, detail, diagnosis, got)


def assert_true(condition: bool, summary: str, detail: str = "", diagnosis: str = "") -> None:
    """Fail the check unless a condition holds.

    Args:
        condition: What has to hold.
        summary: What is wrong if it does not, without any value, as for :func:`fail`.
        detail: Values, for visible checks in the student's own notebook.
        diagnosis: Which mistake this looks like.

    Raises:
        CheckFailed: It does not hold.
        TypeError: It is neither True nor False. (What crossed the wire, a false tensor too, is true to Python.)

    Right::

        def shuffled(n):
            return tf.random.shuffle(tf.range(n))

    Wrong::

        def shuffled(n):
            return tf.range(n)

    Check::

        def test_shuffled_order(student, reference, draw):
            order = np.asarray(student.shuffled(50))
            assert_true(bool((np.diff(order) != 1).any()), "The numbers are still in order.")

    Message::

        The numbers are still in order.
    """
    __tracebackhide__ = True
    if not isinstance(condition, (bool, np.bool_)):
        raise TypeError(f"a condition is True or False, not a {type(condition).__name__}")
    if not condition:
        fail(summary, detail, diagnosis)
