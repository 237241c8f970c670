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
from .expect.distribution import Run
from .expect.stand_in import StandIn, is_strategy
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
