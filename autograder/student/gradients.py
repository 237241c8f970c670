"""Questions about gradients."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..draw import Draw
from ..errors import CallFailed
from ..expect.gradients import cause
from ..wire import Tensor
from .asking import Asking
from .sending import sendable


class Gradients(Asking):
    """Questions about gradients."""

    def gradient(
        self, *args: Any, wrt: int | str | tuple[int | str, ...] = 0, persistent: bool = False, **kwargs: Any
    ) -> Any:
        """The gradient that a tape around a call gives.

        Args:
            *args: Arguments of the function; those of ``wrt`` are float arrays.
            wrt: Position of one argument, or the name of a Variable, of a list of them or of a model in the notebook;
                or several of these.
            persistent: Whether the tape is persistent.
            **kwargs: Keyword arguments of the function.

        Returns:
            One gradient, or a list of them for several; None where the tape saw no connection.

        Raises:
            CallFailed: The function raised.

        Right::

            def cubes(x):
                return x**3

        Wrong::

            def cubes(x):
                return tf.constant(x.numpy() ** 3)

        Check::

            def test_cubes_gradient(student, reference, draw):
                x = draw.normal(4)
                assert_connected(student.cubes.gradient(x), diagnosis=student.cubes.why_none(x, wrt=0))
                assert_close(student.cubes.gradient(x), reference.cubes.gradient(x))

        Message::

            The gradient is None: the tape saw no path from the argument to the result.
            The computation leaves TensorFlow on the way: numpy, .numpy(), …
        """
        return self._request("gradient", args, kwargs, wrt=wrt, persistent=persistent)

    def jacobian(self, *args: Any, wrt: int = 0, **kwargs: Any) -> Any:
        """The Jacobian that a tape around a call gives: how each output reacts to each input.

        Args:
            *args: Arguments of the function; that of ``wrt`` is a float array.
            wrt: Position of one argument.
            **kwargs: Keyword arguments of the function.

        Returns:
            An array of the result's shape followed by the argument's; None where the tape saw no connection.

        Raises:
            CallFailed: The function raised.

        Right::

            def layer(w, x):
                return tf.tanh(tf.linalg.matvec(w, x))

        Wrong::

            def layer(w, x):
                return tf.linalg.matvec(w, x)

        Check::

            def test_layer_jacobian(student, reference, draw):
                w, x = draw.normal(3, 2), draw.normal(2)
                assert_jacobian(student.layer.jacobian(w, x, wrt=1), reference.layer.jacobian(w, x, wrt=1))

        Message::

            The value is not the expected one. All values differ; kind, shape and dtype are right.
        """
        return self._request("jacobian", args, kwargs, wrt=wrt)

    def derivatives(self, *args: Any, wrt: int = 0, order: int = 2, **kwargs: Any) -> Any:
        """The first derivatives of a function, by nested tapes: each the gradient of the one before.

        Args:
            *args: Arguments of the function; that of ``wrt`` is a float array.
            wrt: Position of one argument.
            order: How many derivatives.
            **kwargs: Keyword arguments of the function.

        Returns:
            A list of ``order`` gradients; None where a tape saw no connection.

        Raises:
            CallFailed: The function raised.

        Right::

            def wave(x):
                return tf.sin(x)

        Wrong::

            @tf.custom_gradient
            def wave(x):
                slope = tf.constant(tf.cos(x).numpy())
                return tf.sin(x), lambda upstream: upstream * slope

        Check::

            def test_wave_second(student, reference, draw):
                x = draw.normal(4)
                first, second = student.wave.derivatives(x, order=2)
                assert_close(first, reference.wave.gradient(x))
                assert_connected(second, diagnosis="Is the gradient itself computed with TensorFlow?")

        Message::

            The gradient is None: the tape saw no path from the argument to the result.
            Is the gradient itself computed with TensorFlow?
        """
        return self._request("derivatives", args, kwargs, wrt=wrt, order=order)

    def hessian_vector(self, *args: Any, vector: Any, wrt: int = 0, **kwargs: Any) -> Any:
        """The Hessian of (the sum of) a function times a vector, by nested tapes.

        Args:
            *args: Arguments of the function; that of ``wrt`` is a float array.
            vector: An array of that argument's shape.
            wrt: Position of one argument.
            **kwargs: Keyword arguments of the function.

        Returns:
            An array of that argument's shape; None where a tape saw no connection.

        Raises:
            CallFailed: The function raised.

        Source: B. A. Pearlmutter, Fast exact multiplication by the Hessian, Neural Computation 6, 1994.

        Right::

            def energy(x):
                return tf.reduce_sum(x**2) ** 2

        Wrong::

            def energy(x):
                return tf.stop_gradient(tf.reduce_sum(x**2)) * tf.reduce_sum(x**2)

        Check::

            def test_energy_curvature(student, reference, draw):
                x, v = draw.normal(4), draw.normal(4)
                assert_close(student.energy(x), reference.energy(x))
                assert_close(student.energy.hessian_vector(x, vector=v), reference.energy.hessian_vector(x, vector=v))

        Message::

            The value is not the expected one. All values differ; kind, shape and dtype are right.
        """
        return self._request("hessian_vector", args, kwargs, wrt=wrt, vector=sendable(np.asarray(vector)))

    def slopes(
        self, *args: Any, draw: Draw, wrt: int | tuple[int, ...] = 0, directions: int = 3, **kwargs: Any
    ) -> dict[str, Any]:
        """What :func:`autograder.expect.assert_slopes` compares: a gradient, and values around the input.

        Args:
            *args: Arguments of the function; those of ``wrt`` are float arrays, best of float64: differences of
                float32 values tell a gradient only to some hundredths.
            draw: The check's; student and reference get the same directions from it.
            wrt: Position of one argument, or of several.
            directions: How many random directions to try.
            **kwargs: Keyword arguments of the function.

        Raises:
            CallFailed: The function raised.

        Right::

            def bell(x):
                return tf.exp(-x * x)

        Wrong::

            def bell(x):
                return tf.exp(-x * tf.stop_gradient(x))

        Check::

            def test_bell_slopes(student, reference, draw):
                x = draw.normal(5, dtype="float64")
                assert_slopes(student.bell.slopes(x, draw=draw), reference.bell.slopes(x, draw=draw))

        Message::

            The gradient is not the expected one. All values differ; kind, shape and dtype are right.
        """
        places = (wrt,) if isinstance(wrt, int) else tuple(wrt)
        sources = [
            np.asarray(args[place].array if isinstance(args[place], Tensor) else args[place]) for place in places
        ]
        stream = draw.shared("directions and weights of slopes")
        vectors = [[stream.normal(source.shape, dtype="float64") for source in sources] for _ in range(directions)]
        for parts in vectors:
            length = math.sqrt(sum(float((part**2).sum()) for part in parts))
            parts[:] = [part / length for part in parts]
        dtype = "float64" if all(source.dtype == np.float64 for source in sources) else "float32"
        step = 1e-4 if dtype == "float64" else 1e-2
        steps = [step, step / 2]
        weights = stream.uniform(64, low=0.5, high=2.0, dtype="float64").tolist()
        reply = self._request(
            "slopes", args, kwargs, wrt=wrt, directions=sendable(vectors), steps=steps, weights=weights
        )
        known = {"steps": steps, "directions": vectors, "dtype": dtype}
        return {**reply, **known} if isinstance(reply, dict) else known

    def why_none(self, *args: Any, wrt: int | tuple[int, ...] | None = None, **kwargs: Any) -> Callable[[], str]:
        """Finds out why a gradient is None, for the ``diagnosis`` of :func:`autograder.expect.assert_connected`.

        Nothing is asked before a gradient was None.

        Args:
            *args: Arguments of the function.
            wrt: As for :meth:`gradient`; None where the function uses tapes of its own.
            **kwargs: Keyword arguments of the function.

        Returns:
            A function that gives a sentence, or ``""`` where no cause was found: the tape did not watch the source,
            the result was computed outside of it or outside of TensorFlow, whole numbers, ops without a gradient …

        Right::

            def pull(x):
                with tf.GradientTape() as tape:
                    tape.watch(x)
                    y = tf.reduce_sum(x**2)
                return tape.gradient(y, x)

        Wrong::

            def pull(x):
                with tf.GradientTape() as tape:
                    y = tf.reduce_sum(x**2)
                return tape.gradient(y, x)

        Check::

            def test_pull_connected(student, reference, draw):
                x = draw.normal(3)
                assert_connected(student.pull(x), diagnosis=student.pull.why_none(x))

        Message::

            The gradient is None: the tape saw no path from the argument to the result.
            The tape does not watch the source: …
        """

        def ask() -> str:
            try:
                return cause(self._request("why_none", args, kwargs, wrt=wrt))
            except CallFailed:
                return ""

        return ask
