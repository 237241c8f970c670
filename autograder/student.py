"""What a check sees of a notebook: proxies that turn ``student.f.gradient(x)`` into requests.

The same proxy serves the student and the reference. Behind it stands anything that can be asked: a worker's
session, the names of a live kernel, or the replies of the reference that were recorded for a release.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from . import wire
from .draw import Draw
from .errors import CallFailed, CourseError, Failure, NoRecordedReply, WireError
from .spec import Spec
from .trained import Curves, Training
from .wire import Tensor

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
        """
        return self._request("call", args, kwargs)

    def gradient(self, *args: Any, wrt: int | tuple[int, ...] = 0, persistent: bool = False, **kwargs: Any) -> Any:
        """The gradient that a tape gives for a call; see :func:`autograder.probes.gradient`."""
        return self._request("gradient", args, kwargs, wrt=wrt, persistent=persistent)

    def ops(self, *args: Any, **kwargs: Any) -> tuple[str, ...]:
        """The types of the ops that a call runs eagerly; see :func:`autograder.probes.ops`."""
        return tuple(self._request("ops", args, kwargs))

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

    @property
    def value(self) -> Any:
        """The value of the name."""
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


def as_variable(value: Any) -> Tensor:
    """An array that is to arrive as a ``tf.Variable``."""
    return Tensor(np.asarray(value), "Variable")


def as_ndarray(value: Any) -> Tensor:
    """An array that is to arrive as a numpy array."""
    return Tensor(np.asarray(value), "ndarray")


def _sendable(value: Any) -> Any:
    if isinstance(value, Spec):
        return _sendable(value.as_data())
    if isinstance(value, (np.ndarray, np.generic)):
        return Tensor(np.asarray(value))
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


def _shown(value: Any) -> str:
    if isinstance(value, Tensor):
        text = _shown(value.array)
        return f"tf.Variable({text})" if value.kind == "Variable" else text
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
