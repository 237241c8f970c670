"""What a worker makes of values, requests and probes. TensorFlow runs here, but nothing of it is configured."""

from __future__ import annotations

import collections
import enum
import random
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograder import sandbox, wire
from autograder.errors import CourseError, Failure
from autograder.notebook import Step
from autograder.sandbox import Limits, Session
from autograder.student import Proxy, as_ndarray, as_ragged, as_sparse, as_variable
from autograder.wire import Opaque, Ragged, Tensor

Colour = enum.Enum("Colour", {"RED": "red"}, type=str)
Level = enum.IntEnum("Level", {"HIGH": 3})
Plain = enum.Enum("Plain", {"A": 1})


class Point(NamedTuple):
    x: Any
    y: Any


class Liar(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "a lie"


@pytest.fixture(scope="module")
def tf() -> ModuleType:
    """TensorFlow, imported for these tests only."""
    import tensorflow

    return tensorflow


@pytest.fixture(scope="module")
def worker(tf: ModuleType) -> ModuleType:
    from autograder import worker

    return worker


def plain(value: Any) -> Any:
    """Data with its arrays as tuples that can be compared."""
    if isinstance(value, Tensor):
        return (value.kind, value.dtype, value.array.tolist())
    if isinstance(value, Ragged):
        return ("RaggedTensor", value.dtype, value.values.array.tolist(), value.row_lengths)
    if isinstance(value, (list, tuple)):
        return type(value)(plain(item) for item in value)
    return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value


# ---- values out --------------------------------------------------------------------------------------

Make = Callable[[Any], Any]
EXPORTS: list[tuple[Make, Any]] = [
    # plain data
    (lambda tf: None, None),
    (lambda tf: True, True),
    (lambda tf: 10**30, 10**30),
    (lambda tf: 1.5, 1.5),
    (lambda tf: "é", "é"),
    (lambda tf: b"\xff", b"\xff"),
    (lambda tf: (1, [2, (3,)]), (1, [2, (3,)])),
    (lambda tf: Point(1, tf.constant(2)), (1, ("Tensor", "int32", 2))),
    (lambda tf: {"a": tf.constant(1.0), 2: None, False: []}, {"a": ("Tensor", "float32", 1.0), 2: None, False: []}),
    (lambda tf: collections.OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
    (lambda tf: {(1, 2): 3, None: 4, 1.5: 5}, {"(1, 2)": 3, "None": 4, "1.5": 5}),
    (lambda tf: {3, 1, 2}, [1, 2, 3]),
    (lambda tf: frozenset("ba"), ["a", "b"]),
    # subclasses of plain data
    (lambda tf: Level.HIGH, 3),
    (lambda tf: Colour.RED, "red"),
    (lambda tf: Liar("the truth"), "the truth"),
    # tensors
    (lambda tf: tf.constant([[1.5]]), ("Tensor", "float32", [[1.5]])),
    (lambda tf: tf.zeros((2, 0), tf.int8), ("Tensor", "int8", [[], []])),
    (lambda tf: tf.constant(1 + 2j, tf.complex64), ("Tensor", "complex64", 1 + 2j)),
    (lambda tf: tf.constant([True]), ("Tensor", "bool", [True])),
    (lambda tf: tf.constant(2**64 - 1, tf.uint64), ("Tensor", "uint64", 2**64 - 1)),
    (lambda tf: tf.constant([1.5], tf.bfloat16), ("Tensor", "bfloat16", [1.5])),
    (lambda tf: tf.constant([1.5], tf.float16), ("Tensor", "float16", [1.5])),
    (lambda tf: tf.cast(tf.constant([1.5]), tf.dtypes.experimental.float8_e5m2), ("Tensor", "float8_e5m2", [1.5])),
    (lambda tf: tf.cast(tf.constant([3]), tf.dtypes.experimental.int4), ("Tensor", "int4", [3])),
    (lambda tf: tf.constant(["é", "b\0"]), ("Tensor", "string", ["é".encode(), b"b\0"])),
    (lambda tf: tf.constant("a\0"), ("Tensor", "string", b"a\0")),
    (lambda tf: tf.constant([], tf.string), ("Tensor", "string", [])),
    (lambda tf: tf.Variable([1, 2]), ("Variable", "int32", [1, 2])),
    (lambda tf: tf.keras.Variable([1.0]), ("Variable", "float32", [1.0])),
    (lambda tf: tf.ragged.constant([[1, 2], [3]]), ("RaggedTensor", "int32", [1, 2, 3], ((2, 1),))),
    (
        lambda tf: tf.ragged.constant([[[1], []], [[2, 3]]]),
        ("RaggedTensor", "int32", [1, 2, 3], ((2, 1), (1, 0, 2))),
    ),
    (lambda tf: tf.ragged.constant([["é"], []]), ("RaggedTensor", "string", ["é".encode()], ((1, 0),))),
    (lambda tf: tf.SparseTensor([[0, 1]], [2.0], [1, 2]), ("SparseTensor", "float32", [[0.0, 2.0]])),
    (
        lambda tf: tf.IndexedSlices(tf.ones((2, 1)), tf.constant([1, 1]), tf.constant([2, 1])),
        ("IndexedSlices", "float32", [[0.0], [2.0]]),
    ),
    # numpy
    (lambda tf: np.arange(6).reshape(2, 3)[:, ::-2], ("ndarray", "int64", [[2, 0], [5, 3]])),
    (lambda tf: np.arange(2, dtype=">i4"), ("ndarray", "int32", [0, 1])),
    (lambda tf: np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]), ("ndarray", "float64", [[1.0, 2.0], [3.0, 4.0]])),
    (lambda tf: np.array(["a", "é"]), ("ndarray", "string", [b"a", "é".encode()])),
    (lambda tf: np.array([b"a", "b"], object), ("ndarray", "string", [b"a", b"b"])),
    (lambda tf: np.array([1.5], tf.bfloat16.as_numpy_dtype), ("ndarray", "bfloat16", [1.5])),
    (lambda tf: np.float32(2), ("numpy scalar", "float32", 2.0)),
    (lambda tf: np.float64(2), ("numpy scalar", "float64", 2.0)),  # a float too, to Python
    (lambda tf: np.bool_(True), ("numpy scalar", "bool", True)),
    (lambda tf: np.str_("x"), ("numpy scalar", "string", b"x")),
    # what stays behind
    (lambda tf: Plain.A, Opaque(f"{__name__}.Plain")),
    (lambda tf: 1 + 2j, Opaque("complex")),
    (lambda tf: len, Opaque("builtin_function_or_method")),
    (lambda tf: lambda: 0, Opaque("function")),
    (lambda tf: range(3), Opaque("range")),
    (lambda tf: iter(()), Opaque("tuple_iterator")),
    (lambda tf: int, Opaque("type")),
    (lambda tf: object(), Opaque("object")),
    (lambda tf: ValueError("x"), Opaque("ValueError")),
    (lambda tf: tf, Opaque("module")),
    (lambda tf: tf.TensorShape([1]), Opaque("tensorflow.python.framework.tensor_shape.TensorShape")),
    (lambda tf: np.array([1, None], object), Opaque("ndarray of objects")),
    (lambda tf: np.datetime64("2020-01-01"), Opaque("numpy scalar of dtype datetime64[D]")),
    (lambda tf: np.zeros(2, [("a", "i4")]), Opaque("ndarray of dtype void32")),
    (lambda tf: tf.data.experimental.to_variant(tf.data.Dataset.range(3)), Opaque("Tensor of dtype variant")),
    (lambda tf: tf.keras.Input((2,)), Opaque("keras.src.backend.common.keras_tensor.KerasTensor")),
]


@pytest.mark.parametrize(("make", "expected"), EXPORTS)
def test_export(tf: ModuleType, worker: ModuleType, make: Make, expected: Any) -> None:
    value = worker.export(make(tf))
    assert plain(value) == expected
    assert plain(wire.unpack(wire.pack(value))) == expected  # and it crosses
    if isinstance(expected, (bool, int, float, str)):
        assert type(value) is type(expected)


def test_wide_floats_stay_behind(worker: ModuleType) -> None:
    name = np.dtype(np.longdouble).name
    expected = Opaque(f"numpy scalar of dtype {name}") if name != "float64" else ("numpy scalar", "float64", 1.0)
    assert plain(worker.export(np.longdouble(1))) == expected


def test_export_of_symbolic_tensors(tf: ModuleType, worker: ModuleType) -> None:
    seen: list[Any] = []

    @tf.function
    def traced(x: Any) -> Any:
        seen.append(worker.export([x, x + 1]))
        return x

    traced(tf.constant(1.0))
    assert seen == [[Opaque("symbolic tensor"), Opaque("symbolic tensor")]]


# ---- values in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (Tensor(np.array([1.5], "float32")), "EagerTensor"),
        (Tensor(np.array(7, "uint16")), "EagerTensor"),
        (Tensor(np.array([[True]])), "EagerTensor"),
        (Tensor(np.array([1.5], "float32"), dtype="bfloat16"), "EagerTensor"),
        (Tensor(np.array([b"a", b"\xff"], object)), "EagerTensor"),
        (Tensor(np.empty((2, 0), object)), "EagerTensor"),
        (Tensor(np.array([1.5]), "Variable"), "ResourceVariable"),
        (Tensor(np.array([1.5], "float32"), "Variable", "bfloat16"), "ResourceVariable"),
        (Tensor(np.array([1.5]), "ndarray"), "ndarray"),
        (Tensor(np.array(1.5), "numpy scalar"), "EagerTensor"),
        (Tensor(np.array([1.5]), "IndexedSlices"), "EagerTensor"),
    ],
)
def test_localize_and_back(worker: ModuleType, value: Tensor, kind: str) -> None:
    there = worker.localize(value)
    assert type(there).__name__ == kind
    back = worker.export(there)
    assert (back.dtype, back.shape, back.array.tolist()) == (value.dtype, value.shape, value.array.tolist())


@pytest.mark.parametrize("rows", [[[1.5], [], [2.0, 3.0]], [["a"], ["b", "cd"]], [[[1, 2], []], [[3]]]])
def test_a_ragged_tensor_goes_in_and_out(tf: ModuleType, worker: ModuleType, rows: Any) -> None:
    there = worker.localize(as_ragged(rows))
    assert isinstance(there, tf.RaggedTensor)
    back = wire.unpack(wire.pack(worker.export(there)))
    assert plain(back) == plain(as_ragged(rows))
    assert there.to_list() == tf.ragged.constant(rows).to_list()


def test_a_sparse_tensor_goes_in_and_out(tf: ModuleType, worker: ModuleType) -> None:
    there = worker.localize(as_sparse([[0.0, 2.0], [0.0, 0.0]]))
    assert isinstance(there, tf.SparseTensor)
    assert there.indices.numpy().tolist() == [[0, 1]]
    assert plain(worker.export(there)) == ("SparseTensor", "float64", [[0, 2], [0, 0]])


def test_localize_keeps_structures(worker: ModuleType) -> None:
    one = Tensor(np.array(1.0))
    there = worker.localize((1, [one, "a"], {"k": (one,)}, None, True, 2.5))
    assert worker.export(there[1][0]).array == 1
    assert worker.export(there[2]["k"][0]).array == 1
    assert (there[0], there[1][1], *there[3:]) == (1, "a", None, True, 2.5)
    assert [type(part) for part in (there, there[1], there[2])] == [tuple, list, dict]


def test_an_ndarray_can_be_written_to(worker: ModuleType) -> None:
    sent = wire.unpack(wire.pack(Tensor(np.zeros(2), "ndarray")))
    there = worker.localize(sent)
    there += 1
    assert sent.array.tolist() == [0, 0]


# ---- probes ------------------------------------------------------------------------------------------


def test_load_probes(worker: ModuleType) -> None:
    source = """
import math
from math import sqrt
LIMIT = 3
class Thing: pass
def _private(notebook): pass
def helper(x): return x * LIMIT
def scaled(notebook, x, by=1): return helper(x) * by + notebook["offset"]
"""
    probes = worker.load_probes(source)
    assert sorted(probes) == ["helper", "scaled"]
    assert probes["scaled"]({"offset": 1}, 2, by=10) == 61
    assert worker.load_probes("") == {}
    with pytest.raises(SyntaxError):
        worker.load_probes("def")


Ask = Callable[..., Any]


@pytest.fixture
def ask(worker: ModuleType, tf: ModuleType) -> Ask:
    """Make a proxy of some names, as a worker answers for them."""

    def of(source: str, own: str = "") -> Proxy:
        names: dict[str, Any] = {"tf": tf, "np": np, "random": random}
        exec(source, names)
        responder = worker.Responder(names, worker.load_probes(own))

        class Asker:
            def ask(self, request: Mapping[str, Any]) -> Any:
                return wire.unpack(wire.pack(responder.answer(wire.unpack(wire.pack(dict(request))))))

        return Proxy(Asker())

    return of


def failure_of(action: Callable[[], Any]) -> Failure:
    from autograder.errors import CallFailed

    with pytest.raises(CallFailed) as caught:
        action()
    return caught.value.failure


X = np.array([1.0, 2.0, 3.0], "float32")


def test_call_and_value(ask: Ask) -> None:
    names = ask(
        "def f(x, *rest, scale=1): return [type(x).__name__, x * scale, rest]\nanswers = {'a': 2}\nnothing = None"
    )
    name, scaled, rest = names.f(X, 1, "b", scale=2)
    assert (name, scaled.array.tolist(), rest) == ("EagerTensor", [2, 4, 6], (1, "b"))
    assert names.f(as_variable(X))[0] == "ResourceVariable"
    assert names.f(as_ndarray(X))[0] == "ndarray"
    assert names.f(2.5)[0] == "float"
    assert names.answers.value == {"a": 2}
    assert names.nothing.value is None
    assert names.f.value == Opaque("function")


@pytest.mark.parametrize("use", [lambda s: s.gone(1), lambda s: s.gone.value, lambda s: s.gone.gradient(X)])
def test_a_missing_name(ask: Ask, use: Callable[[Proxy], Any]) -> None:
    failure = failure_of(lambda: use(ask("")))
    assert (failure.ename, failure.evalue, failure.builtin) == ("NameError", "name 'gone' is not defined", True)


GRADIENTS = """
def f(x, y=None): return tf.reduce_sum(x ** 2) + (0.0 if y is None else tf.reduce_sum(3 * y))
def cut(x, y): return tf.reduce_sum(tf.constant(x.numpy()) * y)
def table(x): return tf.reduce_sum(tf.gather(x, [0, 0]) * 2)
def scaled(x, by=1): return x * by
def stub(x): raise NotImplementedError()
"""


def test_gradient(ask: Ask) -> None:
    names = ask(GRADIENTS)
    one = names.f.gradient(X)
    assert plain(one) == ("Tensor", "float32", [2, 4, 6])
    assert plain(names.f.gradient(X, X, wrt=1)) == ("Tensor", "float32", [3, 3, 3])
    both = names.f.gradient(X, X, wrt=(0, 1))
    assert plain(both) == [("Tensor", "float32", [2, 4, 6]), ("Tensor", "float32", [3, 3, 3])]
    assert plain(names.f.gradient(X, X, wrt=(1,))) == [("Tensor", "float32", [3, 3, 3])]
    assert plain(names.f.gradient(as_variable(X), persistent=True)) == ("Tensor", "float32", [2, 4, 6])
    assert plain(names.scaled.gradient(X, by=5)) == ("Tensor", "float32", [5, 5, 5])


def test_a_cut_gradient_is_none(ask: Ask) -> None:
    names = ask(GRADIENTS)
    assert names.cut.gradient(X, X) is None
    none, some = names.cut.gradient(X, X, wrt=(0, 1))
    assert none is None
    assert some.array.tolist() == X.tolist()


def test_a_gradient_of_gathered_rows(ask: Ask) -> None:
    gradient = ask(GRADIENTS).table.gradient(as_variable(X))
    assert plain(gradient) == ("IndexedSlices", "float32", [4, 0, 0])


def test_a_stub_in_a_gradient(ask: Ask) -> None:
    assert failure_of(lambda: ask(GRADIENTS).stub.gradient(X)).ename == "NotImplementedError"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return x * x", ("Mul",)),
        ("return tf.square(x)", ("Square",)),
        ("return x + x", ("AddV2",)),
        ("return x ** 2.0", ("Pow",)),
        ("return tf.reshape(x, (3, 1)) @ tf.reshape(x, (1, 3))", ("Reshape", "Reshape", "MatMul")),
        ("return tf.constant(1.0)", ()),
        ("return x.numpy() * 2", ()),
    ],
)
def test_ops(ask: Ask, body: str, expected: tuple[str, ...]) -> None:
    names = ask(f"def f(x): {body}")
    assert names.f.ops(X) == expected
    assert names.f.ops(X) == expected


@pytest.fixture
def no_callbacks_left(tf: ModuleType) -> Iterator[None]:
    """TensorFlow calls nobody back after a test."""
    from tensorflow.python.framework import op_callbacks

    yield
    assert not op_callbacks.should_invoke_op_callbacks()


@pytest.mark.usefixtures("no_callbacks_left")
def test_ops_end_with_an_error_too(ask: Ask) -> None:
    names = ask("def f(x):\n    x * x\n    raise ValueError\ndef g(x): return x + x")
    assert failure_of(lambda: names.f.ops(X)).ename == "ValueError"
    assert names.g.ops(X) == ("AddV2",)


def test_own_probes(ask: Ask) -> None:
    own = """
import tensorflow as tf
def total(notebook, x, scale=1): return tf.reduce_sum(notebook["f"](x)) * scale
def missing(notebook): return notebook["gone"]
def names(notebook): return "f" in notebook, "gone" in notebook
"""
    names = ask("def f(x): return x + 1", own)
    assert plain(names.probe("total", X, scale=2.0)) == ("Tensor", "float32", 18)
    assert failure_of(lambda: names.probe("missing")).ename in ("NameError", "KeyError")
    assert names.probe("names") == (True, False)
    assert failure_of(lambda: names.probe("gone")).ename == "KeyError"
    assert failure_of(lambda: names.probe("total", X, wrong=1)).ename == "TypeError"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("raise KeyError('k')", Failure("KeyError", "'k'", bases=("KeyError", "LookupError"), builtin=True)),
        ("raise Own('o')", Failure("Own", "o", bases=("Own", "Exception"))),
        ("raise Fake('f')", Failure("ValueError", "f", bases=("ValueError", "Exception"))),
        ("raise Mute", Failure("Mute", "", bases=("Mute", "Exception"))),
        ("raise SystemExit(3)", Failure("SystemExit", "3", bases=("SystemExit", "BaseException"), builtin=True)),
        ("raise KeyboardInterrupt", Failure("KeyboardInterrupt", "", bases=("KeyboardInterrupt",), builtin=True)),
        ("tf.ones(2) + tf.ones(3)", Failure("InvalidArgumentError", "", bases=("InvalidArgumentError",), builtin=True)),
        ("return f()", Failure("RecursionError", "maximum rec", bases=("RecursionError",), builtin=True)),
        ("x = []; x.append(x); return x", Failure("RecursionError", "", bases=("RecursionError",), builtin=True)),
    ],
)
def test_failures(ask: Ask, body: str, expected: Failure) -> None:
    names = ask(f"""
class Own(Exception): pass
class Mute(Exception):
    def __str__(self): raise RuntimeError
Fake = type("ValueError", (Exception,), {{}})
def f():
    {body}
""")
    failure = failure_of(lambda: names.f())
    assert (failure.ename, failure.builtin) == (expected.ename, expected.builtin)
    assert failure.evalue.startswith(expected.evalue)
    assert failure.bases[: len(expected.bases)] == expected.bases


@pytest.mark.parametrize(
    ("body", "evalue", "line"),
    [
        (
            "def inner(y): return tf.matmul(y, y)\n    return tf.function(lambda: inner(tf.ones([2, 3])))()",
            "Dimensions must be equal, but are 3 and 2",
            "line 3 in inner",
        ),
        (
            "x = tf.constant([5])\n    return tf.function(lambda: tf.gather(tf.zeros(2), x + 0))()",
            "indices[0] = 5 is not in [0, 2)",
            "line 4 in f",
        ),
        (
            "def inner(): return tf.constant(1.0).numpy()\n    return tf.function(inner)()",
            "'SymbolicTensor' object has no attribute 'numpy'",
            "line 3 in inner",
        ),
        (
            "def inner(y, z): return y\n    return tf.function(inner)(tf.ones(50))",
            "Binding inputs to tf.function failed due to `missing a required argument: 'z'`. signature: (y, z)",
            "line 4 in f",
        ),
    ],
)
def test_errors_of_graphs_tell_what_and_where_and_nothing_of_tensorflow(
    ask: Ask, body: str, evalue: str, line: str
) -> None:
    failure = failure_of(lambda: ask(f"import tensorflow as tf\ndef f():\n    {body}").f())
    assert failure.evalue.startswith(evalue)
    for noise in (
        "in user code",
        "Graph execution error",
        "Detected at node",
        'File "',
        "[[{{",
        "tf__",
        "Received args",
    ):
        assert noise not in failure.evalue
    assert failure.traceback.splitlines()[-1].startswith(line)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("values = tf.TensorArray(tf.float32, 2)\n    return values.write(tf.constant(5), 1.0).stack()", "element 5"),
        ("return tf.py_function(lambda: 1 / 0, [], tf.float32)", "ZeroDivisionError: division by zero"),
        ("return tf.reshape(tf.ones(3), (2, 2))", "Cannot reshape a tensor with 3 elements"),
    ],
)
def test_what_an_error_in_a_graph_tells_has_no_lines_of_libraries(ask: Ask, body: str, told: str) -> None:
    failure = failure_of(lambda: ask(f"@tf.function\ndef f():\n    {body}\n").f())
    assert told in failure.evalue
    assert not any(noise in failure.evalue for noise in ('File "', "[[{{node", "\n\n\n"))


@pytest.mark.parametrize("way", ["return score()", "return tf.function(score)()"])
def test_what_a_base_class_leaves_open_is_named(ask: Ask, way: str) -> None:
    """Keras's own methods raise NotImplementedError without a word, as a stub does."""
    source = f"""
import keras
class Score(keras.metrics.Metric):
    def update_state(self, y_true, y_pred, sample_weight=None): pass
def score(): return Score().result()
def f(): {way}
"""
    assert "leaves result to yours" in failure_of(lambda: ask(source).f()).evalue
    stub = source.replace("Score().result()", "Score().update_state(1, 2)").replace(
        "pass", "raise NotImplementedError()"
    )
    left = failure_of(lambda: ask(stub).f())
    assert (left.ename, left.evalue) == ("NotImplementedError", "")


def test_what_an_error_in_a_graph_tells_has_the_lines_of_the_notebook(ask: Ask) -> None:
    told = """The tensor was defined here:

    File "<ipython-input-6-f4d8>", line 3, in f  *
        return g()
    File "/lib/python3/site-packages/keras/src/losses/loss.py", line 67, in __call__  **
        losses = self.call(
        ^^^^^^^^^^^^^^^^^^

    ValueError: No."""
    kept = [line for line in told.splitlines() if not any(word in line for word in ("loss", "^"))]
    failure = failure_of(lambda: ask(f"def f(): raise ValueError({told!r})").f())
    assert failure.evalue.splitlines() == kept


# ---- random numbers ----------------------------------------------------------------------------------

RANDOM = """
def py(): return random.random()
def np_(): return np.random.rand()
def tf_(): return tf.random.normal(())
def layer():
    dense = tf.keras.layers.Dense(2)
    dense.build((None, 2))
    return dense.kernel
def keras_(): return tf.keras.random.normal((2,))
def all_(): return py(), np_(), tf_(), keras_()
"""


@pytest.mark.parametrize("name", ["py", "np_", "tf_", "layer", "keras_"])
def test_every_request_begins_with_the_same_random_state(ask: Ask, name: str) -> None:
    names, others = ask(RANDOM), ask(RANDOM)
    first = plain(getattr(names, name)())
    names.all_()
    assert plain(getattr(names, name)()) == first
    random.seed(3)
    assert plain(getattr(others, name)()) == first


def test_the_random_state_comes_back(ask: Ask, tf: ModuleType) -> None:
    def draws() -> list[float]:
        return [
            random.random(),
            float(np.random.rand()),
            float(tf.random.normal(())),
            float(tf.keras.random.normal(())),
        ]

    kept = random.getstate(), np.random.get_state()
    names = ask(RANDOM)
    try:
        tf.keras.utils.set_random_seed(5)
        undisturbed = [draws() for _ in range(3)]
        tf.keras.utils.set_random_seed(5)
        disturbed = []
        for _ in range(3):
            disturbed.append(draws())
            names.all_()
        assert disturbed == undisturbed
    finally:
        random.setstate(kept[0])
        np.random.set_state(kept[1])


def test_the_global_generator_goes_on_where_it_was_and_is_made_by_nobody_else(ask: Ask, tf: ModuleType) -> None:
    from tensorflow.python.ops import stateful_random_ops

    names = ask("def draw(): return tf.random.get_global_generator().normal((2,))\ndef nothing(): return 1")
    assert stateful_random_ops.global_generator is None
    names.nothing()
    assert stateful_random_ops.global_generator is None
    try:
        drawn = []
        for asks in (False, True):
            tf.random.set_global_generator(tf.random.Generator.from_seed(5))
            drawn.append([])
            for _ in range(2):
                drawn[-1].append(tf.random.get_global_generator().normal((2,)).numpy().tolist())
                if asks:
                    assert plain(names.draw()) == plain(names.draw())
        assert drawn[0] == drawn[1]
    finally:
        tf.random.set_global_generator(None)


# ---- through a real worker ---------------------------------------------------------------------------

DRAWING = """
@tf.function
def traced(): return tf.random.normal(())
def seeded(): return tf.random.uniform((), seed=3)
def shuffled(): return tf.random.shuffle(tf.range(10))
def from_data(): return tf.stack(list(tf.data.Dataset.range(10).shuffle(10)))
def dropped(): return tf.keras.layers.Dropout(0.5)(tf.ones(20), training=True)
tf.random.set_global_generator(tf.random.Generator.from_seed(7))
def generated(): return tf.random.get_global_generator().normal((2,))
"""


def test_every_request_to_a_real_worker_begins_with_the_same_random_state(starter: sandbox.Starter) -> None:
    names = ("traced", "seeded", "shuffled", "from_data", "dropped", "generated")
    steps = [Step(0, "c0", f"import tensorflow as tf{DRAWING}")]
    with Session(starter, steps, Limits()) as first, Session(starter, steps, Limits()) as second:
        asked, other = Proxy(first), Proxy(second)
        drawn = [plain(getattr(asked, name)()) for name in names]
        assert drawn == [plain(getattr(asked, name)()) for name in names]
        assert drawn[::-1] == [plain(getattr(other, name)()) for name in names[::-1]]


TUNED = """
import os
def threads():
    return len(os.listdir("/proc/self/task"))
def started(passes=8):
    batches = tf.data.Dataset.range(1, 20).batch(4)
    next(iter(batches))
    before = threads()
    iterators = [iter(batches) for _ in range(passes)]
    total = sum(int(batch[0]) for batch in map(next, iterators))
    return total, threads() - before
@tf.function
def in_a_graph():
    total = tf.constant(0, tf.int64)
    for batch in tf.data.Dataset.range(20).batch(4):
        total += tf.reduce_sum(batch)
    return total
"""


def test_no_data_set_is_tuned_by_a_thread_of_its_own(starter: sandbox.Starter) -> None:
    """Who drops an iterator would wait for the thread, at times as long as the iterator was there."""
    with Session(starter, (Step(0, "a", "import tensorflow as tf"), Step(1, "b", TUNED)), Limits()) as session:
        total, more = Proxy(session).started()
        assert (total, Proxy(session).in_a_graph().array) == (8, 190)
        assert more < 3 * 8  # reading ahead takes two threads for each iterator, and tuning two more


def test_probes_in_a_real_worker(starter: sandbox.Starter) -> None:
    cells = [
        "import tensorflow as tf, random, sys\nw = tf.Variable([1.0, 2.0])",
        "def loss(x): return tf.reduce_sum(w * x ** 2)\ndef draw(): return random.random(), tf.random.normal(())",
    ]
    probes = """
import tensorflow as tf
def slope(notebook, x):
    print("not shown")
    with tf.GradientTape() as tape:
        value = notebook["loss"](x)
    return {"value": value, "slope": tape.gradient(value, notebook["w"])}
"""
    steps = [Step(index, f"c{index}", source) for index, source in enumerate(cells)]
    x = np.array([3.0, 1.0], "float32")
    with Session(starter, steps, Limits(), probes) as session:
        names = Proxy(session)
        assert plain(names.probe("slope", x)) == {
            "value": ("Tensor", "float32", 11),
            "slope": ("Tensor", "float32", [9, 1]),
        }
        assert plain(names.loss.gradient(x)) == ("Tensor", "float32", [6, 4])
        assert names.loss.ops(x)[-1] == "Sum"
        first = plain(names.draw())
        assert plain(names.draw()) == first
    with Session(starter, steps, Limits(), probes) as session:
        assert plain(Proxy(session).draw()) == first


def test_broken_probes_are_told(starter: sandbox.Starter) -> None:
    with (
        Session(starter, [], Limits(), "1 / 0") as session,
        pytest.raises(CourseError, match=r"probes\.py cannot be loaded: ZeroDivisionError"),
    ):
        session.run()
