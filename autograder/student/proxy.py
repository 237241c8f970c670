"""A notebook as checks see it: each attribute is one of its names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import CallFailed, Failure
from ..expect.predictions import Answers
from .askers import Asker
from .functions import Functions
from .gradients import Gradients
from .layers import Layers
from .loops import Loops
from .sending import describe_call, describe_inputs, sendable
from .strategies import Strategies
from .tensors import Tensors

_LONG = 400  # characters of a probe's inputs that are told briefly


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
        self._last_probe = ""

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
        self._last_call = "", args, options  # what the probe calls in the notebook, only the probe knows
        self._last_probe = probe
        request = {"own": True, "probe": probe, "args": sendable(args), "options": sendable(dict(options))}
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


class Name(Tensors, Gradients, Functions, Loops, Layers, Strategies):
    """One name of a notebook: a function to call, or a value to look at."""

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

    def answers(self, *cases: str) -> Answers:
        """The answers of a dict to some cases, for :func:`autograder.expect.assert_predictions`.

        Unlike :attr:`value` it leaves the reference's answers to all other cases out, so that a release, which keeps
        what visible checks ask, does not hold those that only a hidden check asks for.

        Args:
            *cases: Keys of the dict; all of them where none is given.

        Raises:
            CallFailed: There is no such name.

        Right::

            traced = {"same_shape": 1, "new_shape": 2, "new_dtype": 2}

        Wrong::

            traced = {"same_shape": 1, "new_shape": 1, "new_dtype": 2}

        Check::

            def test_traced_shapes(student, reference, draw):
                cases = "same_shape", "new_shape"
                assert_predictions(student.traced.answers(*cases), reference.traced.answers(*cases))

        Message::

            Some predictions do not come true.
            look again at: new_shape
        """
        asked = cases if self._proxy._reference else ()  # a misspelt name is among what the student answers, too
        self._proxy._last_call = self._name, (), None
        reply = self._proxy._ask(self._asker, self._name, {"probe": "answers", "name": self._name, "args": asked})
        if not isinstance(reply, dict) or not isinstance(reply.get("others"), list):
            return Answers(reply)
        return Answers(reply.get("given"), tuple(name for name in reply["others"] if isinstance(name, str)))

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


def last_call(proxy: Proxy, probes: Mapping[str, Sequence[str]] | None = None, *, brief: bool = False) -> str:
    """The last call that a check made through a proxy, as a line for the student; ``""`` where none was made.

    Args:
        proxy: The proxy.
        probes: Names of the arguments of the assignment's own probes.
        brief: Whether to tell of the many inputs of a probe only how they begin, and how many there are. (A call is
            told as it is: one may want to make it again.)
    """
    if proxy._last_call is None:
        return ""
    # Put into words here: formatting the arrays of every call takes a third of a check's time, and few are told.
    name, args, kwargs = proxy._last_call
    if kwargs is None or not (name or args or kwargs):
        return ""
    if name:
        return f"Call: {describe_call(name, args, kwargs)}"
    known = (probes or {}).get(proxy._last_probe, ())
    named = dict(zip(known, args, strict=False)) if len(args) <= len(known) else {}
    inputs = (() if named else args), {**named, **kwargs}
    text = describe_inputs(*inputs)
    if brief and len(text) > _LONG:
        text = describe_inputs(*inputs, few=True)
    return f"Checked with: {text}"
