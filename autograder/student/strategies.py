"""Questions about functions that run under a distribution strategy."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from ..expect.distribution import Run
from ..expect.stand_in import is_strategy
from .asking import Asking
from .sending import sendable


class Strategies(Asking):
    """Questions about functions that run under a distribution strategy."""

    def distributed(
        self,
        *args: Any,
        replicas: int = 2,
        then: Sequence[tuple[Any, ...]] = (),
        pick: int | None = None,
        inside: bool = False,
        tpu: bool = False,
        watched: bool = False,
        **kwargs: Any,
    ) -> Run:
        """Call the function with a strategy of some replicas, which are GPUs or logical CPU devices.

        An assignment that asks this sets ``devices`` in its ``settings.toml`` to the largest number of replicas.

        Args:
            *args: As for a call; and what :mod:`autograder.expect.stand_in` describes, such as
                ``stand_in.strategy()``.
            replicas: Number of replicas.
            then: The function returns a function, which is called with these arguments, one call after the other. What
                these calls return is the result then.
            pick: Which one of the functions that it returns is called, where it returns several.
            inside: The function is what runs on each replica: it is called through ``strategy.run``.
            tpu: Use the cores of a TPU where there is one.
            watched: Take note of what the reference does, too. For hidden checks: a release holds what visible ones
                ask of the reference.
            **kwargs: As for a call.

        Returns:
            What it returned and what it asked of the strategy. Of the reference, the former only, unless ``watched``.

        Raises:
            CallFailed: It raised.

        Right::

            def total(strategy, x):
                return strategy.reduce("SUM", strategy.run(tf.reduce_sum, args=(x,)), axis=None)

        Wrong::

            def total(strategy, x):
                return strategy.reduce("SUM", strategy.run(tf.reduce_sum, args=(x)), axis=None)

        Check::

            def test_total_value(student, reference, draw):
                \"\"\"The parts of the replicas are added.\"\"\"
                args = stand_in.strategy(), stand_in.batch(draw.normal(8))
                assert_close(student.total.distributed(*args).result, reference.total.distributed(*args).result)

        Message::

            total raised TypeError: strategy.run: args is a tuple of arguments, not one PerReplica. …
        """
        count = f"strategy of {replicas} replica{'s' * (replicas > 1)}"
        watch = watched or not self._proxy._reference
        options = {"replicas": replicas, "pick": pick, "inside": inside, "tpu": tpu, "watch": watch}
        return Run.read(self._name, self._distributed(count, args, then, kwargs, options))

    def workers(
        self,
        *args: Any,
        then: Sequence[tuple[Any, ...]] = (),
        pick: int | None = None,
        inside: bool = False,
        **kwargs: Any,
    ) -> tuple[Run, ...]:
        """Call the function in two processes at once, the workers of a ``tf.distribute.MultiWorkerMirroredStrategy``.

        The notebook's cells run in both. An assignment that asks this says ``multi_worker = true`` in its
        ``settings.toml``. The processes reach each other, and nothing else, over a loopback of their own; where a
        machine has no such thing (below L3) and in a student's own notebook the check is not checked.

        Args:
            *args: As for :meth:`distributed`; ``stand_in.strategy()`` is the strategy of both workers.
            then: As for :meth:`distributed`.
            pick: As for :meth:`distributed`.
            inside: As for :meth:`distributed`.
            **kwargs: As for a call.

        Returns:
            What came of it in each of the workers.

        Raises:
            CallFailed: It raised in one of them.
            NotCheckable: There cannot be two workers here.

        Right::

            def total(strategy, x):
                return strategy.reduce("SUM", strategy.run(lambda: x), axis=None)

        Wrong::

            def total(strategy, x):
                return x

        Check::

            def test_total_value(student, reference, draw):
                \"\"\"The parts of both workers are added.\"\"\"
                args = stand_in.strategy(), draw.normal(3)
                for mine, theirs in zip(student.total.workers(*args), reference.total.workers(*args), strict=True):
                    assert_reduced(mine, theirs)

        Message::

            The reduced value is not the expected one.
            …
        """
        options = {"pick": pick, "inside": inside, "workers": True, "watch": not self._proxy._reference}
        replies = self._distributed("strategy of 2 workers", args, then, kwargs, options, workers=2)
        return tuple(Run.read(self._name, reply) for reply in replies)

    def _distributed(
        self,
        words: str,
        args: tuple[Any, ...],
        then: Sequence[tuple[Any, ...]],
        kwargs: Mapping[str, Any],
        options: Mapping[str, Any],
        **where: int,
    ) -> Any:
        shown = tuple(dataclasses.replace(arg, text=words) if is_strategy(arg) else arg for arg in args)
        self._proxy._last_call = f"{words}: {self._name}" if options["inside"] else self._name, shown, kwargs
        request = {
            "probe": "distributed",
            "name": self._name,
            "args": sendable((args, list(then))),
            "kwargs": sendable(dict(kwargs)),
            "options": dict(options),
            **where,
        }
        return self._proxy._ask(self._asker, self._name, request)
