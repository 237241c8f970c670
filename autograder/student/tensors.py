"""Questions about ops, loops, devices and arguments."""

from __future__ import annotations

from typing import Any

from .asking import Asking


class Tensors(Asking):
    """Questions about ops, loops, devices and arguments."""

    def ops(self, *args: Any, **kwargs: Any) -> tuple[str, ...]:
        """The types of the TensorFlow ops that a call runs, eagerly and in graphs, in order.

        ``x + x`` and ``tf.add(x, x)`` are both ``AddV2``; ``tf.constant`` is none. In the place of the call of a
        ``tf.function`` stand the ops of its graph, and of the graphs in it, each once however often a loop runs it.
        They are what the student's own process says.

        Args:
            *args: Arguments of the function.
            **kwargs: Its keyword arguments.

        Raises:
            CallFailed: The function raised.

        Right::

            def product(a, b):
                return a * b

        Wrong::

            def product(a, b):
                return tf.linalg.diag_part(tf.tensordot(a, b, axes=0))

        Check::

            def test_product_ops(student, reference, draw):
                assert_uses_ops(student.product.ops(draw.normal(3), draw.normal(3)), "multiply")

        Message::

            This should be computed with multiply, and it runs no such op.
            ran: …
        """
        return tuple(self._request("ops", args, kwargs))

    def growth(self, short: Any, long: Any, **kwargs: Any) -> Any:
        """What a call costs for a short and for a long input, for :func:`autograder.expect.assert_no_python_loop`.

        Args:
            short: The argument of the function, or a tuple of its arguments.
            long: Likewise, with at least 50 elements more. Each of the two is called with three times.
            **kwargs: Keyword arguments of both calls.

        Returns:
            ``"ops"`` and ``"steps"`` (bytecode instructions of the notebook's own code), two numbers each.

        Raises:
            CallFailed: The function raised.

        Right::

            def running_total(x):
                return tf.cumsum(x)

        Wrong::

            def running_total(x):
                totals = [x[0]]
                for value in x[1:]:
                    totals.append(totals[-1] + value)
                return tf.stack(totals)

        Check::

            def test_running_total_at_once(student, reference, draw):
                assert_no_python_loop(student.running_total.growth(draw.normal(5), draw.normal(100)))

        Message::

            A longer input takes more ops of TensorFlow: there is a loop over its elements.
        """
        calls = tuple(sent if isinstance(sent, tuple) else (sent,) for sent in (short, long))
        return self._request("growth", calls, kwargs)

    def arguments_after(self, *args: Any, **kwargs: Any) -> list[Any]:
        """What the arguments of a call hold after it, for :func:`autograder.expect.assert_arguments_kept`.

        Only Variables, NumPy arrays, lists and dicts can hold anything else than before.

        Args:
            *args: Arguments of the function.
            **kwargs: Its keyword arguments.

        Returns:
            One value for each argument, in their order.

        Raises:
            CallFailed: The function raised.

        Right::

            def centre(v):
                v.assign(v - tf.reduce_mean(v))

        Wrong::

            def centre(v):
                v = v - tf.reduce_mean(v)

        Check::

            def test_centre_in_place(student, reference, draw):
                v = as_variable(draw.normal(4))
                assert_close(student.centre.arguments_after(v), reference.centre.arguments_after(v))

        Message::

            The value of part [0] is not the expected one.
        """
        return list(self._request("arguments_after", args, kwargs))

    def devices(self, *args: Any, **kwargs: Any) -> Any:
        """The devices on which the tensors of a call's result lie, such as ``"CPU:0"``.

        Args:
            *args: Arguments of the function.
            **kwargs: Its keyword arguments.

        Returns:
            One device, or a list or dict of them in the structure of the result; None for what is no tensor.

        Raises:
            CallFailed: The function raised.

        Right::

            def halves(x):
                with tf.device("CPU:0"):
                    first = x[::2] * 1
                with tf.device("CPU:1"):
                    second = x[1::2] * 1
                return first, second

        Wrong::

            def halves(x):
                return x[::2] * 1, x[1::2] * 1

        Check::

            def test_halves_devices(student, reference, draw):
                x = draw.normal(6)
                assert_equal(student.halves.devices(x), reference.halves.devices(x))

        Message::

            The value of part [1] is not the expected one.
        """
        return self._request("devices", args, kwargs)
