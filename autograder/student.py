"""What a check sees of a notebook: proxies that turn ``student.f.gradient(x)`` into requests.

The same proxy serves the student and the reference. Behind it stands anything that can be asked: a worker's
session, the names of a live kernel, or the replies of the reference that were recorded for a release.
"""

from __future__ import annotations

import base64
import copy
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from . import wire
from .draw import Draw
from .errors import CallFailed, CourseError, Failure, NoRecordedReply, WireError
from .expect.distribution import Run
from .expect.gradients import cause
from .expect.graphs import explained, shippable
from .expect.stand_in import StandIn, is_strategy
from .graphs import Call, Effect, Effects, Facts, Graph, Tracing, as_calls, blank
from .spec import Spec
from .trained import Curves, Training
from .wire import Ragged, Tensor

Made = tuple[tuple[Any, ...], Mapping[str, Any]]  # the arguments of what makes the thing that is asked


class Asker(Protocol):
    """Something that answers requests."""

    def ask(self, request: Mapping[str, Any]) -> Any:
        """The reply: data, or a :class:`~autograder.errors.Failure` where the notebook's code raised."""


class Cached:
    """Asks once for each request and keeps the reply under the request's digest.

    Args:
        asker: Who is asked.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self.replies: dict[str, Any] = {}

    def ask(self, request: Mapping[str, Any]) -> Any:
        """The reply that is kept, or a new one."""
        key = wire.digest(dict(request))
        if key not in self.replies:
            self.replies[key] = self._asker.ask(request)
        return self.replies[key]


class Noted:
    """Asks another one, and notes for what.

    Args:
        asker: Who is asked.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self.digests: set[str] = set()

    def ask(self, request: Mapping[str, Any]) -> Any:
        """The other one's reply."""
        self.digests.add(wire.digest(dict(request)))
        return self._asker.ask(request)


class Recorded:
    """Answers from replies that were recorded when the release was made.

    Args:
        replies: As :func:`dump_replies` wrote them.

    Raises:
        CourseError: They cannot be read.
    """

    def __init__(self, replies: Mapping[str, str]) -> None:
        try:
            self._replies = {key: wire.unpack(base64.b64decode(text)) for key, text in replies.items()}
        except (WireError, ValueError, TypeError, AttributeError):
            raise CourseError("the recorded replies are damaged; fetch the assignment again") from None

    def ask(self, request: Mapping[str, Any]) -> Any:
        """The recorded reply.

        Raises:
            NoRecordedReply: There is none.
        """
        key = wire.digest(dict(request))
        if key not in self._replies:
            raise NoRecordedReply("the release holds no recorded reply for a request of this check; make it again")
        return self._replies[key]


def dump_replies(replies: Mapping[str, Any]) -> dict[str, str]:
    """Replies as text that JSON can hold: each one's frame in base64, sorted by the digest of its request."""
    return {key: base64.b64encode(wire.pack(replies[key])).decode() for key in sorted(replies)}


# ---- proxies -----------------------------------------------------------------------------------------


class Proxy:
    """A notebook as checks see it: each attribute is one of its names.

    Args:
        asker: Who answers.
        reference: Whether this is the instructor's notebook.
        kept: Where several checks of one submission look for replies that they share; see :attr:`once`.
        clean: Answers in a process in which none of the notebook's code ever ran, for what the notebook's own
            process could be lying about. None: that process is trusted (the reference's, or a student's own kernel).
    """

    def __init__(
        self, asker: Asker, *, reference: bool = False, kept: Asker | None = None, clean: Asker | None = None
    ) -> None:
        self._asker = asker
        self._reference = reference
        self._kept = kept or asker
        self._clean = clean
        self._last_call: tuple[str, tuple[Any, ...], Mapping[str, Any] | None] | None = None

    def __getattr__(self, name: str) -> Name:
        if name.startswith("__"):  # Python and pytest ask for such names; no exercise has one
            raise AttributeError(name)
        return Name(self, name)

    @property
    def once(self) -> Once:
        """The same notebook, asked once: a request that another check of this submission made gets its reply again.

        For what is expensive and is looked at by several checks, such as a training run. Their inputs must be the
        same, so draw them from :meth:`autograder.draw.Draw.shared`.

        Right::

            def train(x):
                path = [x]
                for _ in range(100):
                    path.append(0.9 * path[-1])
                return tf.stack(path)

        Wrong::

            def train(x):
                path = [x]
                for _ in range(100):
                    path.append(1.1 * path[-1])
                return tf.stack(path)

        Check::

            def test_train_goes_down(student, reference, draw):
                path = np.asarray(student.once.train(draw.shared("training").uniform(low=1, high=2)))
                assert_true(bool((np.diff(path) < 0).all()), "The loss does not fall in every step.")

        Message::

            The loss does not fall in every step.
        """
        return Once(self)

    def probe(self, probe: str, *args: Any, **options: Any) -> Any:
        """Run a probe of the assignment's own ``probes.py``.

        Args:
            probe: Name of the function there.
            *args: Sent to it; arrays arrive as tensors.
            **options: Sent to it by name.
        """
        return self._probe(self._asker, probe, args, options)

    def detect_tpu(self) -> dict[str, Any]:
        """Whether there is a TPU where notebooks run: ``found``, ``cores``, and ``why`` where there is none.

        It is looked for in a process in which no student code ever ran, where there is one.

        Right::

            def has_tpu():
                try:
                    tf.distribute.cluster_resolver.TPUClusterResolver(tpu="")
                except ValueError:
                    return False
                return True

        Wrong::

            def has_tpu():
                return bool(tf.config.list_logical_devices("CPU"))

        Check::

            def test_has_tpu_value(student, reference, draw):
                \"\"\"has_tpu tells whether there is a TPU.\"\"\"
                assert_equal(student.has_tpu(), student.detect_tpu()["found"])

        Message::

            The value is not the expected one.
            …
        """
        found: dict[str, Any] = self._ask(
            self._clean or self._asker, "tpu", {"probe": "tpu", "args": (), "options": {}}
        )
        return found

    def _probe(self, asker: Asker, probe: str, args: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        self._last_call = probe, args, options
        request = {"own": True, "probe": probe, "args": _sendable(args), "options": _sendable(dict(options))}
        return self._ask(asker, probe, request)

    def _ask(self, asker: Asker, name: str, request: Mapping[str, Any]) -> Any:
        reply = asker.ask(request)
        if isinstance(reply, Failure):
            raise CallFailed(name, reply, reference=self._reference)
        return reply


class Once:
    """What :attr:`Proxy.once` gives: the names and probes of a notebook, with replies that checks share."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy

    def __getattr__(self, name: str) -> Name:
        if name.startswith("__"):
            raise AttributeError(name)
        return Name(self._proxy, name, self._proxy._kept)

    def probe(self, probe: str, *args: Any, **options: Any) -> Any:
        """As :meth:`Proxy.probe`."""
        return self._proxy._probe(self._proxy._kept, probe, args, options)


class Name:
    """One name of a notebook: a function to call, or a value to look at."""

    def __init__(self, proxy: Proxy, name: str, asker: Asker | None = None, made: Made | None = None) -> None:
        self._proxy = proxy
        self._name = name
        self._asker = asker or proxy._asker
        self._made = made

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function in the notebook's process.

        Args:
            *args: numpy arrays arrive as tensors of the same dtype, plain Python data as it is, and specs
                (:mod:`autograder.spec`) as the models, losses or data sets that they describe.
            **kwargs: Likewise.

        Returns:
            What it returned: tensors as :class:`~autograder.wire.Tensor`, plain data as it is, and anything
            else as :class:`~autograder.wire.Opaque`.

        Raises:
            CallFailed: It raised.

        Right::

            def mix(a, b, share=0.5):
                return {"mixed": share * a + (1 - share) * b, "share": share}

        Wrong::

            def mix(a, b, share=0.5):
                return {"mixed": share * a + (1 - share) * b, "share": "half"}

        Check::

            def test_mix_parts(student, reference, draw):
                a, b = draw.normal(3), draw.normal(3)
                assert_close(student.mix(a, b, share=0.25), reference.mix(a, b, share=0.25))

        Message::

            In part ['share'] of the result: A Python number is expected, and a string came.
        """
        return self._request("call", args, kwargs)

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
        return self._request("hessian_vector", args, kwargs, wrt=wrt, vector=_sendable(np.asarray(vector)))

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
            "slopes", args, kwargs, wrt=wrt, directions=_sendable(vectors), steps=steps, weights=weights
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

    def traces(self, calls: Sequence[Any]) -> list[int]:
        """How often a tf.function has been traced after each of some calls.

        It is counted on a fresh tf.function of the same Python function and options, which is not run, so traces that
        the notebook made before do not count. For a function that is no tf.function, the traces of all those that it
        calls are added up; it is run for that.

        This is what the notebook's process says. What cannot be forged is the graph: see :meth:`graph`.

        Args:
            calls: Each a tuple of arguments, or the one argument; ``call(x, training=True)`` where some have names. A
                different Python number is a different call to tf.function, as a different shape or dtype is.

        Returns:
            As many counts as calls.

        Right::

            @tf.function
            def step(x, rate):
                return x - rate * x

        Wrong::

            def step(x, rate):
                return x - rate * x

        Check::

            def test_step_traces(student, draw):
                x = draw.normal(4)
                assert_true(student.step.traces([(x, 0.1), (x, 0.1), (x, 0.2)]) == [1, 1, 2], "It is not traced so.")

        Message::

            It is not traced so.
        """
        return list(self.tracing(calls).counts)

    def tracing(self, calls: Sequence[Any]) -> Tracing:
        """As :meth:`traces`, with what the name stands for.

        Args:
            calls: As for :meth:`traces`.

        Right::

            step = tf.function(lambda x: x - 1)

        Wrong::

            def step(x):
                return x - 1

        Check::

            def test_step_kind(student, draw):
                tracing = student.step.tracing([draw.normal(4)])
                assert_true(tracing.kind == "tf.function", "It is no tf.function.")

        Message::

            It is no tf.function.
        """
        reply = self._request("traces", tuple((item.args, dict(item.kwargs)) for item in as_calls(calls)), {})
        self._last(calls)
        return Tracing(reply["kind"], tuple(reply["counts"]), reply["eagerly"])

    def effects(self, calls: Sequence[Any]) -> Effects:
        """What calls do besides what TensorFlow does: Python objects changed, text printed, Variables made.

        The notebook is put back as it was afterwards.

        Args:
            calls: As for :meth:`traces`; they are made one after the other.

        Returns:
            One :class:`~autograder.graphs.Effect` for each call, in ``calls``.

        Right::

            @tf.function
            def shift(x):
                return x + 1

        Wrong::

            log = []

            @tf.function
            def shift(x):
                log.append("called")
                return x + 1

        Check::

            def test_shift_effects(student, draw):
                first, second = student.shift.effects([draw.normal(3), draw.normal(3)]).calls
                assert_true(first.changed == [], "The first call changes something.", f"changed: {first.changed}")

        Message::

            The first call changes something.
            changed: ['log']
        """
        reply = self._request("effects", tuple((item.args, dict(item.kwargs)) for item in as_calls(calls)), {})
        self._last(calls)
        return Effects(reply["kind"], reply["eagerly"], tuple(Effect(**one) for one in reply["calls"]))

    def graph(self, *args: Any, **kwargs: Any) -> Graph:
        """The graph that a tf.function makes for arguments of this kind.

        It is evidence. Of a student the graph itself is shipped, made from the shapes and dtypes of the arguments and
        not from their values, and it is looked at and run in a process in which none of the notebook's code ever ran.
        So draw the inputs of :meth:`~autograder.graphs.Graph.run` as always: the notebook never sees them.

        Variables and data sets that the function uses go with it, as they are now.

        Args:
            *args: Arguments: shapes and dtypes of arrays, and the values of Python numbers, say which graph.
            **kwargs: Likewise.

        Returns:
            The graph. Nothing is asked before something is wanted of it.

        Raises:
            CheckFailed: (When something is wanted.) The name stands for no tf.function, or no graph can be made.

        Right::

            @tf.function
            def scale(x):
                return 2 * x

        Wrong::

            @tf.function
            def scale(x):
                return tf.numpy_function(lambda x: 2 * x, [x], tf.float32)

        Check::

            def test_scale_graph(student, reference, draw):
                x = draw.normal(4)
                graph = student.scale.graph(x)
                assert_true(graph.escapes == (), "Python is called back.")
                assert_close(graph.run(x), reference.scale.graph(x).run(x))

        Message::

            Python is called back.
        """
        return Graph(_Shipped(self, Call(args, kwargs)))

    def _once(self) -> Name:
        once = copy.copy(self)
        once._asker = self._proxy._kept
        return once

    def _last(self, calls: Sequence[Any]) -> None:
        first = as_calls(calls)[0]
        self._proxy._last_call = self._name, first.args, first.kwargs

    def made(self, *args: Any, **kwargs: Any) -> Name:
        """What the function or class makes, to be asked like a name of the notebook.

        ``student.Huber.made(1.5)(y, p)`` calls a loss that is a class, or a function that returns one;
        ``student.Quadratic.made(units=4).layer(x)`` looks at a layer. It is made anew for each request.

        Args:
            *args: Its arguments, as for a call.
            **kwargs: Likewise.

        Right::

            def f(delta):
                def loss(y_true, y_pred):
                    return tf.reduce_mean(tf.minimum(tf.abs(y_true - y_pred), delta))

                return loss

        Wrong::

            def f(delta):
                def loss(y_true, y_pred):
                    return tf.reduce_mean(tf.minimum(tf.abs(y_true - y_pred), 1.0))

                return loss

        Check::

            def test_f_delta(student, reference, draw):
                y, p = draw.normal(6), draw.normal(6)
                assert_close(student.f.made(0.3)(y, p), reference.f.made(0.3)(y, p))

        Message::

            The value is not the expected one. …
        """
        return Name(self._proxy, self._name, self._asker, (args, kwargs))

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
            request = {"probe": "curves", "args": _sendable((models[0], data, loss, weights)), "options": {}}
            losses = self._proxy._ask(clean, self._name, request)
        return Curves.parse(
            reply.get("steps"), losses, lambda more: self._curves(args, kwargs, data, loss, more, first + runs)
        )

    def layer(self, *inputs: Any, weights: Draw, by: str = "shape", config: bool = True, **kwargs: Any) -> Any:
        """A layer or model: its weights, what it computes with drawn ones, and whether its config can make it again.

        Args:
            *inputs: Inputs, one for each call: arrays, or lists of them for several inputs. Give other batch sizes,
                and other shapes where the layer is to take them.
            weights: The check's ``draw``; the trainable weights are drawn from it.
            by: What tells weights of one shape apart: ``"shape"``: the order in which they were made; ``"name"``.
            config: Whether to make it again from its config.
            **kwargs: Passed on in each call, such as ``training=True``.

        Returns:
            For the assertions on layers; see :func:`autograder.probes.layers.layer`.

        Right::

            class f(tf.keras.layers.Layer):
                def __init__(self, units, **kwargs):
                    super().__init__(**kwargs)
                    self.units = units

                def build(self, shape):
                    self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")

                def call(self, x):
                    return tf.nn.relu(x @ self.kernel)

        Wrong::

            class f(tf.keras.layers.Layer):
                def __init__(self, units, **kwargs):
                    super().__init__(**kwargs)
                    self.units = units

                def build(self, shape):
                    self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")

                def call(self, x):
                    return tf.reshape(tf.nn.relu(x @ self.kernel), (4, 2))

        Check::

            def test_f_layer(student, reference, draw):
                x = draw.normal(4, 3)
                actual, desired = (
                    side.f.made(2).layer(x, x[:2], weights=draw.shared("weights")) for side in (student, reference)
                )
                assert_weights(actual, desired)
                assert_outputs(actual, desired)

        Message::

            f raised InvalidArgumentError: …
        """
        seed = int(weights.integers(low=0, high=2**31 - 1, dtype="int64"))
        return self._request("layer", inputs, kwargs, weights=seed, by=by, config=config)

    def loss(self, y_true: Any, y_pred: Any, *args: Any, **kwargs: Any) -> Any:
        """The value and the gradient of a loss, for :func:`autograder.expect.assert_loss`.

        Args:
            y_true: The labels.
            y_pred: The predictions, a float array.
            *args: Its further arguments.
            **kwargs: Its keyword arguments.

        Right::

            def f(y_true, y_pred):
                return tf.reduce_mean(tf.abs(y_true - y_pred))

        Wrong::

            def f(y_true, y_pred):
                return tf.reduce_mean(tf.abs(y_true.numpy() - y_pred.numpy()))

        Check::

            def test_f_loss(student, reference, draw):
                y, p = draw.normal(6, 2), draw.normal(6, 2)
                assert_loss(student.f.loss(y, p), reference.f.loss(y, p))

        Message::

            The gradient of the loss is None: the tape saw no path from the predictions to it.
        """
        return self._request("loss", (y_true, y_pred, *args), kwargs)

    def metric(self, *batches: tuple[Any, ...], graph: bool = False, **kwargs: Any) -> Any:
        """The results of a metric over several batches, for :func:`autograder.expect.assert_metric`.

        Args:
            *batches: What ``update_state`` is called with, one tuple for each batch.
            graph: Whether it is updated in a ``tf.function``.
            **kwargs: Passed on in each update.

        Right::

            class f(tf.keras.metrics.Metric):
                def __init__(self, **kwargs):
                    super().__init__(**kwargs)
                    self.right = self.add_weight(name="right", initializer="zeros")
                    self.seen = self.add_weight(name="seen", initializer="zeros")

                def update_state(self, y_true, y_pred, sample_weight=None):
                    self.right.assign_add(tf.reduce_sum(tf.cast(y_true == tf.round(y_pred), tf.float32)))
                    self.seen.assign_add(tf.cast(tf.size(y_true), tf.float32))

                def result(self):
                    return tf.math.divide_no_nan(self.right.value, self.seen.value)

        Wrong::

            class f(tf.keras.metrics.Metric):
                def __init__(self, **kwargs):
                    super().__init__(**kwargs)
                    self.right = self.add_weight(name="right", initializer="zeros")
                    self.seen = self.add_weight(name="seen", initializer="zeros")

                def update_state(self, y_true, y_pred, sample_weight=None):
                    self.right.assign_add(tf.reduce_sum(tf.cast(y_true == tf.round(y_pred), tf.float32)))
                    self.seen.assign_add(tf.cast(tf.size(y_true), tf.float32))

                def result(self):
                    return self.right / self.seen

        Check::

            def test_f_results(student, reference, draw):
                sizes = (6, 3)
                batches = [(draw.integers(n, high=2).astype("float32"), draw.uniform(n)) for n in sizes]
                assert_metric(student.f.made().metric(*batches), reference.f.made().metric(*batches))

        Message::

            The result before the first batch is not the expected one.
        """
        return self._request("metric", batches, kwargs, graph=graph)

    def distributed(
        self,
        *args: Any,
        replicas: int = 2,
        then: Sequence[tuple[Any, ...]] = (),
        pick: int | None = None,
        inside: bool = False,
        tpu: bool = False,
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
            **kwargs: As for a call.

        Returns:
            What it returned and what it asked of the strategy. Of the reference, the former only.

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
        options = {"replicas": replicas, "pick": pick, "inside": inside, "tpu": tpu}
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
        options = {"pick": pick, "inside": inside, "workers": True}
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
        shown = tuple(StandIn("strategy", words) if is_strategy(arg) else arg for arg in args)
        self._proxy._last_call = f"{words}: {self._name}" if options["inside"] else self._name, shown, kwargs
        request = {
            "probe": "distributed",
            "name": self._name,
            "args": _sendable((args, list(then))),
            "kwargs": _sendable(dict(kwargs)),
            "options": {**options, "watch": not self._proxy._reference},
            **where,
        }
        return self._proxy._ask(self._asker, self._name, request)

    @property
    def value(self) -> Any:
        """The value of the name.

        Raises:
            CallFailed: There is no such name.

        Right::

            learning_rate = 0.1

        Wrong::

            learning_rate = 10

        Check::

            def test_learning_rate_value(student, reference, draw):
                assert_close(student.learning_rate.value, reference.learning_rate.value)

        Message::

            The value is not the expected one.
        """
        self._proxy._last_call = self._name, (), None
        return self._proxy._ask(self._asker, self._name, {"probe": "value", "name": self._name})

    def _request(self, probe: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], **options: Any) -> Any:
        # The text of what is made is short; that of the call is put into words when it is told.
        called = self._name if self._made is None else describe_call(self._name, *self._made)
        self._proxy._last_call = called, args, kwargs
        request = {
            "probe": probe,
            "name": self._name,
            "args": _sendable(args),
            "kwargs": _sendable(dict(kwargs)),
            "options": _sendable(options),
        }
        if self._made is not None:
            request["made"] = _sendable(self._made)
        return self._proxy._ask(self._asker, self._name, request)


class _Shipped:
    """Where a :class:`~autograder.graphs.Graph` comes from."""

    def __init__(self, name: Name, call: Call) -> None:
        self._name = name
        self._args, self._kwargs = blank(_sendable(call.args)), blank(_sendable(dict(call.kwargs)))
        self._call = call
        self._sent: Any = None
        self.eagerly = False

    def facts(self, ops: bool) -> Facts:
        with explained():
            if self._name._proxy._clean is None:
                told = self._ask("graph_told", self._args, self._kwargs, ops=ops)["facts"]
            else:
                told = self._ask_clean("graph_facts", self._ship(), ops)
        lists = ("loops", "branches", "escapes", "random", "prints", "unused")
        return Facts(**told | {key: tuple(told[key]) for key in lists} | {"inputs": tuple(told["inputs"])})

    def results(self, calls: Sequence[Call], compiled: bool) -> list[Any]:
        sent = tuple((item.args, dict(item.kwargs)) for item in calls)
        with explained():
            if self._name._proxy._clean is None:
                results: list[Any] = self._ask("graph_results", sent, {}, compiled=compiled)["results"]
            else:
                results = self._ask_clean("graph_results", self._ship(), sent, compiled)
        self._name._last(calls)
        return results

    def _ship(self) -> Any:
        if self._sent is None:
            self._sent = self._ask("graph", self._args, self._kwargs)
        return self._sent["graph"]

    def _ask(self, probe: str, args: Any, kwargs: Any, **options: Any) -> Any:
        # One graph serves all checks of a submission: what it is made from depends on no check's inputs.
        name = self._name._once() if self._name._proxy._clean else self._name
        reply = name._request(probe, args, kwargs, **options)
        shippable(reply)
        self.eagerly = bool(reply["eagerly"])
        return reply

    def _ask_clean(self, probe: str, *args: Any) -> Any:
        request = {"probe": probe, "args": _sendable(args), "options": {}}
        assert self._name._proxy._clean is not None
        return self._name._proxy._ask(self._name._proxy._clean, self._name._name, request)


def as_variable(value: Any) -> Tensor:
    """An array that is to arrive as a ``tf.Variable``."""
    return Tensor(_array(np.asarray(value)), "Variable")


def as_ndarray(value: Any) -> Tensor:
    """An array that is to arrive as a numpy array."""
    return Tensor(_array(np.asarray(value)), "ndarray")


def as_sparse(value: Any) -> Tensor:
    """A dense array that is to arrive as a ``tf.SparseTensor`` of what is not 0 in it."""
    return Tensor(np.asarray(value), "SparseTensor")


def as_ragged(rows: Sequence[Any], dtype: str = "") -> Ragged:
    """Nested lists that are to arrive as a ``tf.RaggedTensor``.

    Args:
        rows: Lists of unequal length, or arrays; every innermost item is at the same depth.
        dtype: Of the values; ``""`` for what numpy makes of them, with float32 and int32 for Python's numbers.
    """
    level: list[Any] = list(rows)
    splits = []
    while level and all(isinstance(row, (list, tuple, np.ndarray)) for row in level):
        splits.append(np.cumsum([0, *map(len, level)]).astype("int64"))
        level = [item for row in level for item in row]
    if not splits:
        raise TypeError(f"rows are a list of lists, not {rows!r:.100}")
    values = _array(np.asarray(level))
    usual = {"float64": "float32", "int64": "int32"}.get(values.dtype.name, "") if not _numpy(rows) else ""
    return Ragged(Tensor(values.astype(dtype or usual or values.dtype)), tuple(splits))


def _numpy(rows: Any) -> bool:
    """Whether nested lists hold something of numpy's, which has a dtype of its own."""
    if isinstance(rows, (list, tuple)):
        return any(map(_numpy, rows))
    return isinstance(rows, (np.ndarray, np.generic))


def _array(array: Any) -> Any:
    """An array as it can be sent: text as an object array of bytes."""
    if array.dtype.kind in "SU":
        encoded = np.empty(array.size, dtype=object)
        encoded[:] = [item.encode() if isinstance(item, str) else bytes(item) for item in array.ravel()]
        return encoded.reshape(array.shape)
    return array


def _sendable(value: Any) -> Any:
    if isinstance(value, Spec):
        return _sendable(value.as_data())
    if isinstance(value, (np.ndarray, np.generic)):
        return Tensor(_array(np.asarray(value)))
    if isinstance(value, tuple):
        return tuple(_sendable(item) for item in value)
    if isinstance(value, list):
        return [_sendable(item) for item in value]
    if isinstance(value, dict):
        return {key: _sendable(item) for key, item in value.items()}
    return value


_SHOWN = 16  # values of an array in the text of a call


def last_call(proxy: Proxy) -> str:
    """The last call that a check made through a proxy, as text; ``""`` before the first."""
    if proxy._last_call is None:
        return ""
    # Put into words here: formatting the arrays of every call takes a third of a check's time, and few are told.
    name, args, kwargs = proxy._last_call
    return name if kwargs is None else describe_call(name, args, kwargs)


def describe_call(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
    """A call as a line of code that can be read, with large arrays shortened."""
    parts = [_shown(arg) for arg in args] + [f"{key}={_shown(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(parts)})"


def _rows_text(value: Ragged) -> str:
    rows: list[Any] = value.values.array.tolist()
    if len(rows) > _SHOWN:
        return f"{len(value.splits[0]) - 1} rows"
    for split in reversed(value.splits):
        rows = [rows[start:end] for start, end in itertools.pairwise(split)]
    return str(rows)


def _shown(value: Any) -> str:
    if isinstance(value, Tensor):
        text = _shown(value.array)
        return f"tf.Variable({text})" if value.kind == "Variable" else text
    if isinstance(value, Ragged):
        return f"tf.ragged.constant({_rows_text(value)}) ({value.dtype})"
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        if array.size > _SHOWN:
            text = f"[{', '.join(str(item) for item in array.ravel()[: _SHOWN // 2])}, …]"
        else:
            text = " ".join(np.array2string(array, separator=", ").split())
        return f"{text} ({array.dtype}, shape {array.shape})"
    if isinstance(value, (tuple, list)):
        inner = ", ".join(_shown(item) for item in value)
        return f"({inner})" if isinstance(value, tuple) else f"[{inner}]"
    return repr(value)
