"""Questions about training loops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..spec import Spec
from ..trained import Curves, Training
from .asking import Asking
from .sending import sendable


class Loops(Asking):
    """Questions about training loops."""

    def training(self, *args: Any, times: int = 1, watch: Sequence[Spec] = (), **kwargs: Any) -> Training:
        """Call a function that trains or validates, and see what it does to what it is given.

        Args:
            *args: Its arguments: models, optimizers, losses, metrics and data sets as :mod:`autograder.spec` describes
                them, arrays and plain data. An argument that is to be another one at each call is ``spec.each([…])``.
            times: How often it is called, with the same objects: for an epoch each, say.
            watch: Specs of models and metrics that the function uses without being given them, such as
                ``spec.notebook("model")``.
            **kwargs: As ``args``.

        Returns:
            The results of the calls, the steps of the optimizers with gradients and weights, and how models, losses,
            metrics and data sets were used.

        Raises:
            CallFailed: It raised. (An optimizer that gets only None, or variables of another model, is no such error.)

        Right::

            def f(optimizer, loss, model, x, y):
                with tf.GradientTape() as tape:
                    value = loss(y, model(x))
                gradients = tape.gradient(value, model.trainable_variables)
                optimizer.apply(gradients, model.trainable_variables)
                return value

        Wrong::

            def f(optimizer, loss, model, x, y):
                with tf.GradientTape() as tape:
                    prediction = model(x)
                value = loss(y, prediction)
                gradients = tape.gradient(value, model.trainable_variables)
                optimizer.apply(gradients, model.trainable_variables)
                return value

        Check::

            from autograder import spec

            def test_f_step(student, reference, draw):
                x, y = draw.normal(8, 3), draw.normal(8, 1)
                model = spec.model([spec.dense(1)], inputs=3, weights=draw)
                call = spec.sgd(0.1), spec.loss("mse"), model, x, y
                assert_trajectory(student.f.training(*call), reference.f.training(*call))

        Message::

            The optimizer got None and could not go on.
        """
        return Training.parse(self._request("training", args, kwargs, times=times, watch=list(watch)))

    def convergence(self, *args: Any, data: tuple[Any, Any], loss: Spec, runs: int = 5, **kwargs: Any) -> Curves:
        """Call a function that trains the first model among its arguments, several times, each from other weights.

        Each run has drawn weights and an order of examples of its own (``spec.dataset(…, shuffle=draw)``), the same for
        student and reference, and goes on with the random state where the last one left it. What the losses are
        is worked out from the weights in a process in which no code of the student's ever ran, where the model
        is a ``spec.model``.

        Args:
            *args: Its arguments, with specs.
            data: Inputs and labels that the model is evaluated on.
            loss: The loss that it is evaluated with, such as ``spec.loss("mse")``.
            runs: How many runs.
            **kwargs: Its keyword arguments, with specs.

        Raises:
            CallFailed: It raised.

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
                for epoch in range(9):
                    for x, y in dataset.shuffle(4):
                        with tf.GradientTape() as tape:
                            value = loss(y, model(x))
                        gradients = tape.gradient(value, model.trainable_variables)
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

            The training takes more steps than it may.
        """
        return self._curves(args, kwargs, data, loss, runs, 0)

    def _curves(self, args: Any, kwargs: Any, data: Any, loss: Spec, runs: int, first: int) -> Curves:
        models = [item for item in (*args, *kwargs.values()) if isinstance(item, Spec) and item.kind == "model"]
        clean = self._proxy._clean if models else None
        options = {"data": data, "loss": loss, "runs": runs, "first": first, "evidence": clean is not None}
        reply = self._request("convergence", args, kwargs, **options)
        if not isinstance(reply, dict):
            raise ValueError("a record of a training run is malformed")
        losses = reply.get("curves")
        if clean is not None:
            weights = reply.get("weights")
            request = {"probe": "curves", "args": sendable((models[0], data, loss, weights)), "options": {}}
            losses = self._proxy._ask(clean, self._name, request)
        return Curves.parse(
            reply.get("steps"), losses, lambda more: self._curves(args, kwargs, data, loss, more, first + runs)
        )
