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
from .errors import CallFailed, CourseError, Failure, NoRecordedReply, WireError
from .expect.graphs import explained, shippable
from .graphs import Call, Effect, Effects, Facts, Graph, Tracing, as_calls, blank
from .wire import Tensor


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

    def __init__(self, proxy: Proxy, name: str, asker: Asker | None = None) -> None:
        self._proxy = proxy
        self._name = name
        self._asker = asker or proxy._asker

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function in the notebook's process.

        Args:
            *args: numpy arrays arrive as tensors of the same dtype, plain Python data as it is.
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
        """As :meth:`traces`, with what the name stands for."""
        reply = self._request("traces", tuple((item.args, dict(item.kwargs)) for item in as_calls(calls)), {})
        self._last(calls)
        return Tracing(reply["kind"], tuple(reply["counts"]), reply["eagerly"])

    def effects(self, calls: Sequence[Any]) -> Effects:
        """What calls do besides what TensorFlow does; see :func:`autograder.probes.traces.effects`."""
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
        return Name(self._proxy, self._name, self._proxy._kept)

    def _last(self, calls: Sequence[Any]) -> None:
        first = as_calls(calls)[0]
        self._proxy._last_call = self._name, first.args, first.kwargs

    @property
    def value(self) -> Any:
        """The value of the name."""
        self._proxy._last_call = self._name, (), None
        return self._proxy._ask(self._asker, self._name, {"probe": "value", "name": self._name})

    def _request(self, probe: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], **options: Any) -> Any:
        self._proxy._last_call = self._name, args, kwargs
        request = {
            "probe": probe,
            "name": self._name,
            "args": _sendable(args),
            "kwargs": _sendable(dict(kwargs)),
            "options": options,
        }
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
    return Tensor(np.asarray(value), "Variable")


def as_ndarray(value: Any) -> Tensor:
    """An array that is to arrive as a numpy array."""
    return Tensor(np.asarray(value), "ndarray")


def _sendable(value: Any) -> Any:
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
