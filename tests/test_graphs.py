"""Checks on tf.functions: each assertion on wrong answers and right ones of other forms, graded and in a live kernel.

The functions of a student are in one notebook, so that few processes are needed. Whatever holds for a graded notebook
has to hold in a student's own kernel as well: each case runs in both.
"""

from __future__ import annotations

import importlib.util
import json
import re
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from courses import Shared, notebook, write_course

from autograder import grade, release, sandbox, spec, wire
from autograder.draw import Draw
from autograder.errors import CallFailed
from autograder.expect import (
    CheckFailed,
    assert_control_flow,
    assert_graph_matches,
    assert_input_signature,
    assert_is_graph,
    assert_jit_compiled,
    assert_max_traces,
    assert_no_escapes,
    assert_no_side_effects,
    assert_traces,
    assert_variables_created_once,
)
from autograder.graphs import call
from autograder.notebook import Step
from autograder.release import MANIFEST
from autograder.sandbox import Limits, Session
from autograder.student import Cached, Proxy, Recorded, as_ndarray, as_variable

IMPORTS = "import tensorflow as tf\nimport numpy as np\n"

REFERENCE = """
w = tf.Variable([[1.0], [2.0], [3.0]])

@tf.function
def scale(x): return 2 * x

@tf.function
def scaled(x, rate): return x * rate

@tf.function
def halve(x):
    while tf.reduce_max(x) > 1:
        x = x / 2
    return x

@tf.function
def step(x, rate):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(x @ w - 1))
    w.assign_sub(rate * tape.gradient(loss, w))
    return {"loss": loss, "shape": (tf.shape(x), None)}
"""

STUDENT = '''
w = tf.Variable([[1.0], [2.0], [3.0]])
seen, table, counter = [], {}, 0

# ---- wrapped in every way

@tf.function
def decorated(x): return 2 * x

@tf.function(reduce_retracing=True)
def relaxed(x): return x + x

wrapped = tf.function(lambda x: 2 * x)
concrete = tf.function(lambda x: 2 * x).get_concrete_function(tf.TensorSpec([None], tf.float32))

def plain(x): return 2 * x

def calls_one(x): return decorated(x)

def makes_one(x): return tf.function(lambda x: 2 * x)(x)

def eager_beside(x): return decorated(x) if len(seen) > 5 else 2 * x

class Lookalike:
    """Says of itself that it is traced once."""
    def __init__(self, function): self.python_function = function
    def __call__(self, x): return 2 * x
    def experimental_get_tracing_count(self): return 1
    def get_concrete_function(self, *args): return decorated.get_concrete_function(*args)

lookalike = Lookalike(plain)

@tf.function
def replaced(x): return x + 1
replaced.get_concrete_function = decorated.get_concrete_function
replaced.experimental_get_tracing_count = lambda: 1

@tf.function
def remembers(x):
    """A table of what it has seen, by its shape: constants in the graph."""
    return tf.constant(table.get(tuple(x.shape), np.zeros(x.shape, "float32"))) + 0 * x

@tf.function
def by_value(x):
    return tf.constant(x.numpy() * 2)

@tf.function
def ignores(x): return tf.constant([2.0, 4.0, 6.0])

# ---- numbers and shapes

@tf.function
def scaled(x, rate): return x * rate

@tf.function(input_signature=[tf.TensorSpec([None], tf.float32), tf.TensorSpec([], tf.float32)])
def signed(x, rate): return x * rate

@tf.function
def defaults(x, rate=2.0, *, shift=tf.constant(0.0)): return x * rate + shift

# ---- loops and branches

@tf.function
def halve(x):
    while tf.reduce_max(x) > 1:
        x = x / 2
    return x

@tf.function
def halve_loop(x):
    return tf.while_loop(lambda x: tf.reduce_max(x) > 1, lambda x: (x / 2,), (x,))[0]

@tf.function
def halve_nested(x):
    @tf.function
    def inner(x):
        for _ in tf.range(100):
            if tf.reduce_max(x) <= 1: break
            x = x / 2
        return x
    return inner(x)

@tf.function
def halve_at_once(x): return x / tf.pow(2.0, tf.maximum(tf.math.ceil(tf.math.log(tf.reduce_max(x)) / np.log(2.0)), 0))

@tf.function
def halve_unrolled(x):
    for _ in range(x.shape[0] * 10):
        x = tf.where(tf.reduce_max(x) > 1, x / 2, x)
    return x

@tf.function
def halve_python(x): return tf.py_function(lambda x: halve_loop(x), [x], tf.float32)

@tf.function
def halve_numpy(x):
    @tf.function
    def inner(x):
        return tf.numpy_function(lambda x: x / 2 ** np.ceil(max(np.log2(x.max()), 0)), [x], tf.float32)
    return inner(x)

@tf.function
def branched(x): return tf.cond(tf.reduce_sum(x) > 0, lambda: x, lambda: -x)

@tf.function
def over_data(x):
    total = tf.constant(0.0)
    for row in tf.data.Dataset.from_tensor_slices(x).batch(2):
        total += tf.reduce_sum(row)
    return total

outside = tf.data.Dataset.from_tensor_slices(np.arange(5, dtype="float32")).map(lambda v: v * 2)

@tf.function
def over_outside(x):
    for value in outside:
        x += value
    return x

@tf.function(autograph=False)
def python_if(x):
    if tf.reduce_sum(x) > 0: return x
    return -x

@tf.function(autograph=False)
def python_for(x):
    total = 0
    for row in x: total += row
    return total

@tf.function
def half_defined(x):
    if tf.reduce_sum(x) > 0:
        y = x
    return y

@tf.function
def to_numpy(x): return np.sin(x)

kept = []

@tf.function
def keeps(x):
    kept.append(x)
    return tf.reduce_sum(kept[0]) + x

_graph = tf.Graph()
with _graph.as_default(): elsewhere = tf.zeros(())

@tf.function
def uses_what_is_kept(x): return x + elsewhere

# ---- Variables

@tf.function
def step(x, rate):
    with tf.GradientTape() as tape:
        loss = tf.math.reduce_mean((tf.linalg.matmul(x, w) - 1.0) ** 2)
    [slope] = tape.gradient(loss, [w])
    w.assign(w - rate * slope)
    return dict(loss=loss, shape=[tf.shape(x), None])

@tf.function
def step_forgets(x, rate):
    loss = tf.reduce_mean(tf.square(x @ w - 1))
    return {"loss": loss, "shape": (tf.shape(x), None)}

@tf.function
def makes_variable(x):
    v = tf.Variable(0.0)
    return v.assign_add(tf.reduce_sum(x))

def makes_variable_eagerly(x):
    v = tf.Variable(0.0)
    return v.assign_add(tf.reduce_sum(x))

state = {}

@tf.function
def makes_once(x):
    if "v" not in state: state["v"] = tf.Variable(0.0)
    return state["v"].assign_add(tf.reduce_sum(x))

later = None

@tf.function
def makes_once_global(x):
    global later
    if later is None: later = tf.Variable(0.0)
    return later.assign_add(tf.reduce_sum(x))

@tf.function
def adds_to(v, x):
    v.assign_add(x)
    return v * 2, tf.IndexedSlices(x, tf.constant([0, 1, 4]), tf.constant([5]))

# ---- side effects

@tf.function
def appends(x):
    seen.append(1)
    return 2 * x

def appends_each_time(x):
    seen.append(1)
    return 2 * x

@tf.function
def counts(x):
    global counter
    counter += 1
    return 2 * x

class Box:
    def __init__(self): self.calls = 0

box = Box()

@tf.function
def counts_in_box(x):
    box.calls += 1
    return 2 * x

def closed():
    calls = 0
    @tf.function
    def inner(x):
        nonlocal calls
        calls += 1
        return 2 * x
    return inner

closure = closed()

@tf.function
def prints(x):
    print("x is", x)
    return 2 * x

@tf.function
def prints_right(x):
    tf.print("x is", x)
    return 2 * x

@tf.function
def appends_in_python(x):
    tf.py_function(lambda: seen.append(1), [], [])
    return 2 * x

# ---- compiled

@tf.function(jit_compile=True)
def compiled(x): return tf.sin(x) * 2

# ---- what cannot leave, or may not be run elsewhere

lookup = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer([1, 2], [3, 4]), -1)

@tf.function
def looks_up(x): return lookup.lookup(tf.cast(x, tf.int32))

@tf.function
def reads_a_file(x): return tf.strings.length(tf.io.read_file("/etc/hostname")) + tf.cast(x, tf.int32)

@tf.function
def writes_a_file(x):
    tf.print(x, output_stream="file:///tmp/written-by-a-graph")
    return x

@tf.function
def reads_in_a_loop(x):
    for line in tf.data.TextLineDataset(["/etc/hostname"]): tf.print(line)
    return x

@tf.function
def random(x): return x + tf.random.uniform(tf.shape(x))

def untouched(x): raise NotImplementedError()
untouched = tf.function(untouched)
'''


class Live:
    """Answers as a student's own kernel does."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        from autograder.live import _Live
        from autograder.worker import Responder

        self.names = names
        self.ask = _Live(Responder(names, {})).ask


def as_module(folder: Path, name: str, source: str) -> types.ModuleType:
    """Run source code from a file, which AutoGraph reads."""
    path = folder / f"{name}.py"
    path.write_text(IMPORTS + source)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def session(start: sandbox.Starter, source: str) -> Session:
    steps = [Step(0, "imports", IMPORTS, False), Step(1, "answer", source, False)] if source else []
    return Session(Shared(start), steps, Limits())


@pytest.fixture(scope="module")
def clean(starter: sandbox.Starter) -> Iterator[Session]:
    """A process in which nothing of any notebook runs."""
    with session(starter, "") as asked:
        yield asked


@pytest.fixture(scope="module")
def graded(starter: sandbox.Starter, clean: Session) -> Iterator[tuple[Proxy, Proxy]]:
    """The student's notebook and the reference's, as they are graded."""
    with session(starter, STUDENT) as mine, session(starter, REFERENCE) as theirs:
        yield Proxy(Cached(mine), clean=clean), Proxy(Cached(theirs), reference=True)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> types.ModuleType:
    """The student's names in a live kernel."""
    return as_module(tmp_path_factory.mktemp("kernel"), "answers_of_a_student", STUDENT)


@pytest.fixture(params=["graded", "live"])
def both(request: pytest.FixtureRequest, graded: tuple[Proxy, Proxy]) -> tuple[Proxy, Proxy]:
    """The two, graded and in a live kernel."""
    if request.param == "graded":
        return graded
    return Proxy(Live(vars(request.getfixturevalue("kernel")))), graded[1]


X = np.array([0.5, 3.0, -2.0], "float32")
LONG = np.linspace(0, 9, 7, dtype="float32")
ROWS = np.arange(12, dtype="float32").reshape(4, 3) / 10

Case = tuple[Callable[[Any, Any], None], str]


def told(action: Callable[[], Any]) -> str:
    """What a check says, or that it passes."""
    try:
        action()
    except CheckFailed as failed:
        assert not re.search(r"\d", re.sub(r"part \[\w+\]", "", failed.summary))
        return str(failed)
    return "passes"


# ---- it is a graph -----------------------------------------------------------------------------------

GRAPHS = {
    "decorated": "passes",
    "relaxed": "passes",
    "wrapped": "passes",
    "concrete": "passes",
    "closure": "passes",
    "plain": "a plain Python function and no tf.function",
    "calls_one": "a plain Python function and no tf.function",
    "makes_one": "Put @tf.function above the function",
    "lookalike": "It is no tf.function: there is no graph of it",
    "table": "It is no tf.function",
    "by_value": ".numpy(), float(), int() and numpy's functions ask for one",
    "to_numpy": ".numpy(), float(), int() and numpy's functions ask for one",
    "python_if": "A Python if or while needs True or False",
    "python_for": "A Python for loop needs to know its steps",
    "half_defined": "Give it a first value",
    "makes_variable": "A tf.Variable is made each time the function is traced",
}


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_or_none(both: tuple[Proxy, Proxy], name: str) -> None:
    assert GRAPHS[name] in told(lambda: assert_is_graph(getattr(both[0], name), X))


def test_a_tensor_that_was_kept_from_another_trace(both: tuple[Proxy, Proxy]) -> None:
    calls = [X, LONG]
    assert "A tensor of the graph was kept outside" in told(lambda: assert_no_side_effects(both[0].keeps, calls))
    assert "A tensor of the graph was kept outside" in told(lambda: assert_is_graph(both[0].uses_what_is_kept, X))


def test_functions_that_run_eagerly(starter: sandbox.Starter, clean: Session) -> None:
    source = "@tf.function\ndef f(x): return 2 * x\ntf.config.run_functions_eagerly(True)"
    with session(starter, source) as mine:
        student = Proxy(mine, clean=clean)
        for check in (lambda: assert_is_graph(student.f, X), lambda: assert_max_traces(student.f, [X, X])):
            assert "run_functions_eagerly(False) afterwards" in told(check)
        assert student.f.traces([X, LONG]) == [0, 0]
        assert student.f.graph(X).run(X).array.tolist() == (2 * X).tolist()


@pytest.mark.parametrize("name", ["untouched", "gone"])
def test_a_stub_and_a_missing_name_are_told_as_such(both: tuple[Proxy, Proxy], name: str) -> None:
    function = getattr(both[0], name)
    for check in (
        lambda: assert_is_graph(function, X),
        lambda: assert_max_traces(function, [X]),
        lambda: assert_no_side_effects(function, [X]),
    ):
        with pytest.raises(CallFailed) as caught:
            check()
        assert caught.value.failure.ename == {"untouched": "NotImplementedError", "gone": "NameError"}[name]


# ---- traces ------------------------------------------------------------------------------------------

SAME = [X, X + 1, X - 1]
SIZES = [X, LONG, np.zeros(4, "float32"), np.zeros(5, "float32"), X]
RATES = [(X, 0.1), (X, 0.2), (X, 0.1), (X, 0.3)]
TENSOR_RATES = [(X, np.float32(rate)) for rate in (0.1, 0.2, 0.3)]
DTYPES = [X, X.astype("float64"), X.astype("int32"), X]


@pytest.mark.parametrize(
    ("name", "calls", "counts"),
    [
        ("decorated", SAME, [1, 1, 1]),
        ("decorated", SIZES, [1, 2, 3, 4, 4]),
        ("decorated", DTYPES, [1, 2, 3, 3]),
        ("decorated", [1, 2, 1, 2.0], [1, 2, 2, 2]),
        ("relaxed", SIZES, [1, 2, 2, 2, 2]),
        ("wrapped", SAME, [1, 1, 1]),
        ("scaled", RATES, [1, 2, 2, 3]),
        ("scaled", TENSOR_RATES, [1, 1, 1]),
        ("signed", RATES, [1, 1, 1, 1]),
        ("signed", [(X, 1), (LONG, 2.5), (X, np.float32(3))], [1, 1, 1]),
        ("defaults", [X, call(X, rate=2.0), call(X, 2.0, shift=np.float32(1)), call(X, 3.0)], [1, 1, 1, 2]),
        ("decorated", [as_ndarray(X), as_ndarray(X + 1), X], [1, 1, 1]),
        ("decorated", [as_variable(X), X], [1, 2]),
        ("makes_once", SAME, [2, 2, 2]),  # one more, as for an optimizer that is built in the first call
        ("concrete", SAME, [1, 1, 1]),
        ("plain", SAME, [0, 0, 0]),
        ("calls_one", SIZES, [1, 2, 3, 4, 4]),
        ("makes_one", SAME, [1, 2, 3]),
        ("lookalike", SAME, [0, 0, 0]),
        ("replaced", SIZES, [1, 2, 3, 4, 4]),
    ],
)
def test_a_matrix_of_calls(both: tuple[Proxy, Proxy], name: str, calls: list[Any], counts: list[int]) -> None:
    assert getattr(both[0], name).traces(calls) == counts
    assert getattr(both[0], name).traces(calls) == counts


def test_traces_that_are_not_run_are_those_of_calls(kernel: types.ModuleType) -> None:
    """The count is taken without running anything; TensorFlow's own, after real calls, is the same."""
    from autograder.probes.kept import fresh
    from autograder.worker import localize

    asked = Proxy(Live(vars(kernel)))
    matrix = [*SAME, *SIZES, *DTYPES, as_ndarray(X), as_variable(X), 1, 2, 2.0, 1, True]
    for name in ("decorated", "relaxed", "wrapped", "scaled", "signed", "defaults", "makes_once"):
        calls: list[Any] = matrix if name in ("decorated", "relaxed", "wrapped") else SIZES
        if name in ("scaled", "signed"):
            calls = [*RATES, *TENSOR_RATES, (LONG, 0.1), (X, 1)]
        function = fresh(vars(kernel)[name])
        counts = []
        for args in calls:
            given = args if isinstance(args, tuple) else (args,)
            tensors = [wire.Tensor(item) if isinstance(item, (np.ndarray, np.generic)) else item for item in given]
            function(*[localize(item) for item in tensors])
            counts.append(function.experimental_get_tracing_count())
        kernel.state.clear()
        assert getattr(asked, name).traces(calls) == counts, name


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (lambda s: assert_max_traces(s.decorated, SAME), "passes"),
        (lambda s: assert_max_traces(s.calls_one, SAME), "passes"),
        (lambda s: assert_max_traces(s.signed, RATES), "passes"),
        (lambda s: assert_max_traces(s.relaxed, SIZES, at_most=2), "passes"),
        (lambda s: assert_max_traces(s.makes_once, SAME, at_most=2), "passes"),
        (lambda s: assert_max_traces(s.scaled, TENSOR_RATES), "passes"),
        (
            lambda s: assert_max_traces(s.scaled, RATES),
            "each new value is traced anew: to tf.function it is a constant",
        ),
        (lambda s: assert_max_traces(s.scaled, RATES), "got: 3, after the calls one by one: 1, 2, 2, 3"),
        (lambda s: assert_max_traces(s.decorated, SIZES), "that of a last batch that is smaller"),
        (lambda s: assert_max_traces(s.decorated, DTYPES), "A dtype that was not there before is traced anew"),
        (lambda s: assert_max_traces(s.decorated, [(X,), ([X],)]), "Arguments of another structure"),
        (lambda s: assert_max_traces(s.makes_one, SAME), "inside of what is called again and again"),
        (lambda s: assert_max_traces(s.makes_once, SAME), "optimizer.build(model.trainable_variables)"),
        (lambda s: assert_max_traces(s.plain, SAME), "Nothing is traced: it is a plain Python function"),
        (lambda s: assert_max_traces(s.eager_beside, SAME), "Nothing is traced"),
        (lambda s: assert_max_traces(s.lookalike, SAME), "Nothing is traced: it is no tf.function"),
        (lambda s: assert_max_traces(s.by_value, SAME), "ask for one"),
    ],
)
def test_at_most_so_many_traces(both: tuple[Proxy, Proxy], check: Callable[[Any], None], words: str) -> None:
    message = told(lambda: check(both[0]))
    assert words in message


@pytest.mark.parametrize(
    ("name", "calls", "exact", "words"),
    [
        ("scaled", RATES, False, "passes"),
        ("scaled", RATES, True, "passes"),
        ("signed", RATES, False, "passes"),
        (
            "signed",
            RATES,
            True,
            "It is traced less often than it should be.\nexpected, after the calls one by one: 1, 2",
        ),
        ("defaults", RATES, True, "passes"),
        ("makes_one", SAME, False, "It is traced more often"),
        ("plain", SAME, False, "Nothing is traced"),
    ],
)
def test_traces_against_the_reference(
    both: tuple[Proxy, Proxy], name: str, calls: list[Any], exact: bool, words: str
) -> None:
    student, reference = both
    desired = reference.scaled if isinstance(calls[0], tuple) else reference.scale
    assert words in told(lambda: assert_traces(getattr(student, name), desired, calls, exact=exact))


def test_a_list_of_calls_is_not_empty(graded: tuple[Proxy, Proxy]) -> None:
    with pytest.raises(ValueError, match="at least one call"):
        assert_max_traces(graded[0].decorated, [])


# ---- the graph is evidence ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        *[
            (name, "passes")
            for name in ("decorated", "relaxed", "wrapped", "concrete", "closure", "appends", "defaults")
        ],
        ("prints_right", "passes"),
        ("plain", "no tf.function"),
        ("calls_one", "no tf.function"),
        ("lookalike", "no tf.function"),
        ("replaced", "Run as a graph: The value is not the expected one."),
        ("remembers", "Run as a graph: The value is not the expected one."),
        ("ignores", "In the graph an argument does not reach the result"),
        ("random", "The graph draws random numbers"),
        ("by_value", ".numpy()"),
        ("halve_python", "call Python back each time the graph runs"),
        ("halve_numpy", "call Python back each time the graph runs"),
        ("writes_a_file", "The graph holds operations that are not run when it is graded"),
        ("reads_a_file", "not run when it is graded: ReadFile"),
        ("reads_in_a_loop", "not run when it is graded: TextLineDataset"),
        ("looks_up", "an iterator, a lookup table or the like"),
    ],
)
def test_a_graph_computes_what_the_reference_does(both: tuple[Proxy, Proxy], name: str, words: str) -> None:
    student, reference = both
    check = lambda: assert_graph_matches(getattr(student, name), reference.scale, [X, LONG, X + 1])  # noqa: E731
    assert words in told(check)


@pytest.mark.parametrize("name", ["halve", "halve_loop", "halve_nested"])
def test_loops_of_every_form_compute_the_same(both: tuple[Proxy, Proxy], name: str) -> None:
    calls = [X, X * 100, X / 10, LONG]
    assert_graph_matches(getattr(both[0], name), both[1].halve, calls)


def test_a_training_step_with_its_variables(both: tuple[Proxy, Proxy]) -> None:
    """Three steps on one graph: the loss after each shows what the step before did to the Variables."""
    student, reference = both
    calls = [(ROWS, 0.1), (ROWS + 1, 0.1), (ROWS, 0.1)]
    graph = student.step.graph(ROWS, 0.1)
    losses = [float(result["loss"].array) for result in graph.run_all(calls)]
    assert len(set(losses)) == 3
    assert losses == pytest.approx([float(r["loss"].array) for r in reference.step.graph(ROWS, 0.1).run_all(calls)])
    assert_graph_matches(student.step, reference.step, calls)
    assert "Run as a graph" in told(lambda: assert_graph_matches(student.step_forgets, reference.step, calls))
    assert student.w.value.array.ravel().tolist() == [1, 2, 3]
    assert graph.facts.variables == 1


def test_results_and_arguments_of_every_kind(both: tuple[Proxy, Proxy]) -> None:
    student, _ = both
    ones = np.ones(3, "float32")
    doubled, slices = student.adds_to.graph(as_variable(ones), ones).run(as_variable(X), ones)
    assert doubled.array.tolist() == (2 * (X + 1)).tolist()
    assert (slices.kind, slices.array.tolist()) == ("IndexedSlices", [1, 1, 0, 0, 1])
    assert student.signed.graph(as_ndarray(X), 2).run(as_ndarray(LONG), 3).array.tolist() == (LONG * 3).tolist()
    assert (
        student.defaults.graph(X, shift=np.float32(1)).run(X, shift=np.float32(5)).array.tolist()
        == (2 * X + 5).tolist()
    )
    assert float(student.over_data.graph(LONG).run(LONG).array) == pytest.approx(LONG.sum())
    assert student.over_outside.graph(X).run(X).array.tolist() == (X + 20).tolist()
    nested = student.step.graph(ROWS, 0.1).run(ROWS, 0.1)
    assert sorted(nested) == ["loss", "shape"]
    assert nested["shape"][1] is None


def test_a_data_set_as_argument(kernel: types.ModuleType) -> None:
    import tensorflow as tf

    from autograder.probes import graphs, shipped

    @tf.function
    def total(data: Any) -> Any:
        found = tf.constant(0.0)
        for item in data:
            found += item
        return found

    def data(size: int) -> Any:
        return tf.data.Dataset.range(size).map(lambda item: tf.cast(item, tf.float32))

    sent = graphs.graph({"total": total}, "total", (data(1),), {})["graph"]
    assert shipped.graph_facts(sent, ops=False)["loops"] == ["ReduceDataset", "ScanDataset"]
    results = shipped.graph_results(sent, [((data(size),), {}) for size in (3, 5)], compiled=False)
    assert [float(result) for result in results] == [3, 10]


def test_the_inputs_of_a_graph_are_never_seen_by_the_notebook(starter: sandbox.Starter, clean: Session) -> None:
    source = """
seen = []
class Watched(tf.Module): pass
import autograder.worker as worker
localize = worker.localize
def watching(value):
    if isinstance(value, worker.wire.Tensor): seen.append(value.array.tolist())
    return localize(value)
worker.localize = watching
@tf.function
def f(x): return 2 * x
"""
    with session(starter, source) as mine:
        student = Proxy(mine, clean=clean)
        assert student.f.graph(X).run(X).array.tolist() == (2 * X).tolist()
        assert student.seen.value == [[0, 0, 0]]


FORGED = {
    # what is left of TensorFlow in the student's process says what the student wants
    "methods of the class": """
from tensorflow.python.eager.polymorphic_function.polymorphic_function import Function
real = tf.function(lambda x: 3 * x)
Function.get_concrete_function = lambda self, *args, **kwargs: real.python_function
Function.experimental_get_tracing_count = lambda self: 1
Function._clone = lambda self, python_function: real
@tf.function
def f(x): return x
""",
    # our own probe, with a graph that was folded for the inputs that it saw
    "a graph that knows what was asked": """
from autograder import probes
seen = {}
def f(x):
    seen[tuple(x.shape)] = 2 * x
    return 2 * x
def graph(names, name, args, kwargs):
    folded = tf.function(lambda x: tf.identity(seen[tuple(x.shape)]) + 0 * x)
    return real({"f": folded}, "f", args, kwargs)
real = probes.graphs.graph
probes.BUILTIN["graph"] = graph
""",
    "another graph": """
from autograder import probes
def f(x): return 2 * x
other = tf.function(lambda x: x + 1)
real = probes.graphs.graph
probes.BUILTIN["graph"] = lambda names, name, args, kwargs: real({"f": other}, "f", args, kwargs)
""",
    "a graph that calls back": """
from autograder import probes
def f(x): return 2 * x
other = tf.function(lambda x: tf.numpy_function(lambda x: 2 * x, [x], tf.float32))
real = probes.graphs.graph
probes.BUILTIN["graph"] = lambda names, name, args, kwargs: real({"f": other}, "f", args, kwargs)
""",
    "no graph": """
from autograder import probes
def f(x): return 2 * x
probes.BUILTIN["graph"] = lambda names, name, args, kwargs: {
    "kind": "tf.function", "eagerly": False, "graph": {"graph": b"x" * 100, "inputs": [], "fetches": ["y"], "runs": []}}
""",
    "nothing": """
from autograder import probes
def f(x): return 2 * x
probes.BUILTIN["graph"] = lambda names, name, args, kwargs: {"kind": "tf.function", "eagerly": False, "graph": None}
""",
    "the answers themselves": """
from autograder import probes
def f(x): return 2 * x
probes.BUILTIN["graph"] = lambda names, name, args, kwargs: {
    "kind": "tf.function", "eagerly": False, "graph": None, "results": [2 * args[0]], "facts": {"nodes": 3}}
probes.BUILTIN["graph_results"] = probes.BUILTIN["graph"]
""",
    "another process's probe": """
from autograder import probes
f = 5
probes.CLEAN["graph_results"] = lambda *args: [2.0]
probes.shipped.graph_results = lambda *args: [2.0]
""",
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_graph_does_not_pass(
    starter: sandbox.Starter, clean: Session, graded: tuple[Proxy, Proxy], forged: str
) -> None:
    with session(starter, FORGED[forged]) as mine:
        student = Proxy(mine, clean=clean)
        if forged == "a graph that knows what was asked":
            student.f(X)
        with pytest.raises((CheckFailed, CallFailed)):
            assert_graph_matches(student.f, graded[1].scale, [X + 1])
    assert_graph_matches(graded[0].decorated, graded[1].scale, [X])  # nothing of it is left in the clean process


def test_a_graph_that_ends_its_process_costs_its_own_check_only(
    starter: sandbox.Starter, graded: tuple[Proxy, Proxy]
) -> None:
    source = "@tf.function\ndef f(x):\n    while tf.reduce_sum(x) > -1e9: x = tf.abs(x)\n    return x\n"
    source += "@tf.function\ndef g(x): return 2 * x"
    limits = Limits(request_seconds=2)
    with session(starter, source) as mine, Session(Shared(starter), (), limits) as own:
        student = Proxy(mine, clean=own)
        with pytest.raises(CallFailed) as caught:
            student.f.graph(X).run(X)
        assert caught.value.failure.ename == "TimeLimit"
        assert_graph_matches(student.g, graded[1].scale, [X])


# ---- control flow and escapes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "words"),
    [
        *[
            (lambda s, name=name: assert_control_flow(getattr(s, name), [X, LONG], loop=True), "passes")
            for name in ("halve", "halve_loop", "halve_nested", "over_data", "over_outside")
        ],
        (lambda s: assert_control_flow(s.halve_at_once, [X, LONG], loop=False, branch=False), "passes"),
        (lambda s: assert_control_flow(s.branched, [X], branch=True, loop=False), "passes"),
        (lambda s: assert_control_flow(s.halve_nested, [X], branch=True), "passes"),
        (
            lambda s: assert_control_flow(s.halve_unrolled, [X, LONG], loop=True),
            "left its steps in the graph one by one",
        ),
        (lambda s: assert_control_flow(s.halve_unrolled, [X], loop=True), "Loop over a tensor or a data set"),
        (lambda s: assert_control_flow(s.halve_at_once, [X], loop=True), "There is no loop in the graph."),
        (lambda s: assert_control_flow(s.halve_at_once, [X], branch=True), "There is no branch in the graph."),
        (lambda s: assert_control_flow(s.halve_python, [X], loop=True), "call Python back"),
        (lambda s: assert_control_flow(s.halve_loop, [X], loop=False), "There is a loop in the graph"),
        (lambda s: assert_control_flow(s.python_if, [X], branch=True), "A Python if or while needs True or False"),
        (lambda s: assert_control_flow(s.plain, [X], loop=True), "no tf.function"),
    ],
)
def test_control_flow(both: tuple[Proxy, Proxy], check: Callable[[Any], None], words: str) -> None:
    assert words in told(lambda: check(both[0]))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("halve", "passes"),
        ("step", "passes"),
        ("over_outside", "passes"),
        ("halve_python", "got: EagerPyFunc"),
        ("halve_numpy", "got: PyFunc"),
        ("appends_in_python", "got: EagerPyFunc"),
    ],
)
def test_escapes(both: tuple[Proxy, Proxy], name: str, words: str) -> None:
    args = (ROWS, 0.1) if name == "step" else (X,)
    assert words in told(lambda: assert_no_escapes(getattr(both[0], name), *args))


def test_facts(both: tuple[Proxy, Proxy]) -> None:
    student, _ = both
    assert dict(student.decorated.graph(X).ops) == {"Const": 1, "Identity": 1, "Mul": 1, "Placeholder": 1}
    assert student.halve.graph(X).control_flow == ("StatelessWhile",)
    assert student.branched.graph(X).control_flow == ("StatelessIf",)
    assert set(student.halve_nested.graph(X).facts.branches) == {"StatelessIf"}
    assert student.random.graph(X).facts.random == ("RandomUniform",)
    assert student.prints_right.graph(X).facts.prints == ("PrintV2",)
    assert student.signed.graph(X, 1.0).facts.inputs == (((None,), "float32"), ((), "float32"))
    assert student.ignores.graph(X).facts.unused == (0,)
    assert student.decorated.graph(X).facts.unused == ()


def test_a_decoy_that_no_result_needs_does_not_count(starter: sandbox.Starter, clean: Session) -> None:
    source = """
@tf.function
def f(x):
    tf.while_loop(lambda y: tf.reduce_sum(y) < 0, lambda y: (y + 1,), (tf.abs(x),))
    return 2 * x
"""
    with session(starter, source) as mine:
        student = Proxy(mine, clean=clean)
        assert "There is no loop" in told(lambda: assert_control_flow(student.f, [X], loop=True))


# ---- signatures, Variables, side effects, XLA --------------------------------------------------------

SIGNATURE = [((None,), "float32"), ((), "float32")]


@pytest.mark.parametrize(
    ("name", "signature", "words"),
    [
        ("signed", SIGNATURE, "passes"),
        ("concrete", SIGNATURE[:1], "passes"),
        ("scaled", SIGNATURE, "Without an input signature each shape gets a graph of its own"),
        ("signed", [((3,), "float32"), ((), "float32")], "The inputs of the graph are not those"),
        ("signed", [((None,), "float64"), ((), "float32")], "does not take arguments of the input signature"),
        ("signed", [((None, 2), "float32"), ((), "float32")], "does not take arguments of the input signature"),
        ("plain", SIGNATURE[:1], "no tf.function"),
    ],
)
def test_input_signatures(both: tuple[Proxy, Proxy], name: str, signature: list[Any], words: str) -> None:
    assert words in told(lambda: assert_input_signature(getattr(both[0], name), signature))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("makes_once", "passes"),
        ("makes_once_global", "passes"),
        ("decorated", "passes"),
        ("plain", "passes"),
        ("makes_variable", "A tf.Variable is made each time the function is traced"),
        ("makes_variable_eagerly", "Variables are made again and again.\nexpected: none after the first call"),
    ],
)
def test_variables_are_made_once(both: tuple[Proxy, Proxy], name: str, words: str) -> None:
    assert words in told(lambda: assert_variables_created_once(getattr(both[0], name), [X, X, LONG]))


def test_one_call_says_nothing_of_later_ones(graded: tuple[Proxy, Proxy]) -> None:
    with pytest.raises(ValueError, match="at least two calls"):
        assert_variables_created_once(graded[0].makes_once, [X])


TRACED = "while the function is traced, and not when it is called again."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("decorated", "passes"),
        ("plain", "passes"),
        ("prints_right", "passes"),
        ("makes_once", "passes"),
        ("makes_once_global", "passes"),
        (
            "appends",
            f"Something outside of the function is changed {TRACED}\nchanged: seen\nThe Python of a tf.function",
        ),
        ("appends_each_time", "Something outside of the function is changed each time.\nchanged: seen"),
        ("appends_in_python", "Something outside of the function is changed each time.\nchanged: seen"),
        ("counts", "changed: counter"),
        ("counts_in_box", "changed: box"),
        ("closure", "changed: closure"),
        ("prints", f"Python prints {TRACED}"),
        ("by_value", "ask for one"),
    ],
)
def test_side_effects(both: tuple[Proxy, Proxy], name: str, words: str) -> None:
    assert words in told(lambda: assert_no_side_effects(getattr(both[0], name), [X]))


def test_training_is_no_side_effect_of_python(both: tuple[Proxy, Proxy]) -> None:
    assert_no_side_effects(both[0].step, [(ROWS, 0.1)])
    assert both[0].w.value.array.ravel().tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("name", "words"),
    [("compiled", "passes"), ("decorated", "Write @tf.function(jit_compile=True)."), ("plain", "no tf.function")],
)
def test_compiling(both: tuple[Proxy, Proxy], name: str, words: str) -> None:
    assert words in told(lambda: assert_jit_compiled(getattr(both[0], name), [X]))
    if words == "passes":
        graph = both[0].compiled.graph(X)
        assert graph.run_all([X], compiled=True)[0].array == pytest.approx(np.sin(X) * 2, rel=1e-5)


# ---- a live kernel stays as it is --------------------------------------------------------------------


def test_a_live_kernel_is_left_unchanged(tmp_path: Path) -> None:
    import tensorflow as tf

    kernel = as_module(tmp_path, "answers_in_a_kernel", STUDENT)
    kernel.decorated(tf.constant(X))
    kernel.seen += ["before"]
    kernel.table["before"] = 1
    student = Proxy(Live(vars(kernel)))
    names = dict(vars(kernel))
    for name in ("appends", "counts", "counts_in_box", "closure", "makes_once_global", "makes_once", "calls_one"):
        told(lambda name=name: assert_no_side_effects(getattr(student, name), [X, LONG]))
        getattr(student, name).traces([X, LONG])
    assert_max_traces(student.decorated, [X, X])
    told(lambda: assert_is_graph(student.makes_variable, X))
    student.step.effects([(ROWS, 0.1)])
    student.step.graph(ROWS, 0.1).run_all([(ROWS, 0.1), (ROWS, 0.1)])
    assert student.adds_to.traces([(as_variable(X), X)]) == [1]
    assert vars(kernel) == names
    assert kernel.seen == ["before"]
    assert kernel.table == {"before": 1}
    assert (kernel.counter, kernel.box.calls, kernel.later, kernel.state) == (0, 0, None, {})
    assert kernel.w.numpy().ravel().tolist() == [1, 2, 3]
    assert [getattr(kernel, name).experimental_get_tracing_count() for name in ("decorated", "appends", "step")] == [
        1,
        0,
        0,
    ]
    assert not tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    try:
        student.decorated.traces([X])
        told(lambda: assert_is_graph(student.decorated, X))
        assert tf.config.functions_run_eagerly()
    finally:
        tf.config.run_functions_eagerly(False)


# ---- a model of Keras --------------------------------------------------------------------------------

MODEL = """
model = tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(4, "relu"), tf.keras.layers.Dense(1)])
model.set_weights([np.linspace(-1, 1, 12, dtype="float32").reshape(3, 4), np.zeros(4, "float32"),
                   np.ones((4, 1), "float32"), np.zeros(1, "float32")])
optimizer = tf.keras.optimizers.SGD(0.05, momentum=0.9)
loss_object = tf.keras.losses.MeanSquaredError()
metric = tf.keras.metrics.Mean()
"""
TRAIN = """
@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_object(y, model(x, training=True))
    slopes = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(slopes, model.trainable_variables))
    metric.update_state(loss)
    return loss, metric.result()
"""
TRAINS_WRONG = TRAIN.replace("    optimizer.apply", "    slopes = [2 * slope for slope in slopes]\n    optimizer.apply")


def test_a_training_step_of_keras_is_shipped_without_keras(starter: sandbox.Starter, clean: Session) -> None:
    y = ROWS.sum(1, keepdims=True)
    calls = [(ROWS, y), (ROWS * 2, y), (ROWS, y)]
    right = MODEL + TRAIN.replace(
        "zip(slopes, model.trainable_variables)", "list(zip(slopes, model.trainable_weights))"
    )
    with session(starter, MODEL + TRAIN) as theirs:
        reference = Proxy(Cached(theirs), reference=True)
        with session(starter, right) as mine:
            student = Proxy(mine, clean=clean)
            assert_graph_matches(student.train_step, reference.train_step, calls)
            for _ in range(2):
                # One more, as the optimizer makes its Variables; again, as what a probe has made is not kept.
                assert student.train_step.traces(calls) == [2, 2, 2]
            assert "optimizer.build(" in told(lambda: assert_max_traces(student.train_step, calls))
        with session(starter, MODEL + TRAINS_WRONG) as mine:
            student = Proxy(mine, clean=clean)
            message = told(lambda: assert_graph_matches(student.train_step, reference.train_step, calls))
            assert "Run as a graph" in message


# ---- in a course -------------------------------------------------------------------------------------

CHECKS = '''
import pytest
from autograder.expect import *

@pytest.mark.points(1)
def test_square_graph(student, draw):
    """square is a tf.function."""
    assert_is_graph(student.square, draw.normal(5))

@pytest.mark.points(2)
def test_square_value(student, reference, draw):
    """The graph of square squares."""
    assert_graph_matches(student.square, reference.square, [draw.normal(5), draw.normal(2, 3)])

@pytest.mark.points(1)
def test_square_traces(student, draw):
    """square is traced once for arrays of one shape."""
    assert_max_traces(student.square, [draw.normal(4) for _ in range(3)])

@pytest.mark.points(1)
def test_cube_value(student, reference, draw):
    """cube cubes."""
    assert_close(student.cube(draw.normal(2)), reference.cube(draw.shared("x").normal(2)), rtol=1e9)
'''
SOLUTION = "@tf.function\ndef square(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION"


def test_graded_and_released(tmp_path: Path, starter: sandbox.Starter) -> None:
    course = write_course(tmp_path / "course", CHECKS, "")
    source = course.root / "source/small/powers.ipynb"
    source.write_text(json.dumps(notebook(SOLUTION)))
    answers = {
        "@tf.function\ndef square(x):\n    return tf.square(x)": ["passed", "passed", "passed"],
        "def square(x):\n    return x * x": ["failed", "failed", "failed"],
        "@tf.function\ndef square(x):\n    return 2 * x": ["passed", "failed", "passed"],
        "def square(x):\n    return tf.function(lambda x: x * x)(x)": ["failed", "failed", "failed"],
    }
    with grade.Grader(course, 1, Shared(starter)) as grader:
        for answer, statuses in answers.items():
            path = tmp_path / "powers.ipynb"
            path.write_text(json.dumps(notebook(answer)))
            outcomes = grader.grade_file(path, "small", "powers").result.outcomes
            assert [str(outcome.status) for outcome in outcomes[:3]] == statuses, answer
    files = release.files(course, "small", "powers", Shared(starter))
    recorded = next(data for name, data in files.items() if name.endswith(MANIFEST))
    replies = Recorded(json.loads(recorded)["replies"])._replies
    assert replies
    assert not any(type(part) is bytes for reply in replies.values() for part in parts(reply))


def parts(value: Any) -> Iterator[Any]:
    """What a reply consists of."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from parts(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from parts(item)
    else:
        yield value


# ---- models, optimizers and data sets as arguments ---------------------------------------------------

GIVEN = """
@tf.function
def train_step(model, optimizer, loss_object, x, y):
    with tf.GradientTape() as tape:
        loss = loss_object(y, model(x, training=True))
    slopes = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(slopes, model.trainable_variables))
    return loss

@tf.function
def epoch(model, loss_object, data):
    total = tf.constant(0.0)
    for x, y in data:
        total += loss_object(y, model(x))
    return total
"""
GIVEN_WRONG = GIVEN.replace("    optimizer.apply", "    slopes = [2 * slope for slope in slopes]\n    optimizer.apply")
GIVEN_WRONG = GIVEN_WRONG.replace("total +=", "total =")


def test_specs_as_arguments(starter: sandbox.Starter, clean: Session) -> None:
    model = spec.model([spec.dense(4, "relu"), spec.dense(1)], 3, weights=Draw(1))
    y = ROWS.sum(1, keepdims=True)
    batches = [(ROWS, y), (ROWS * 2, y), (ROWS, y)]
    steps = [(model, spec.sgd(0.05, momentum=0.9), spec.loss("mse"), *batch) for batch in batches]
    epochs = [(model, spec.loss("mse"), spec.dataset(ROWS * factor, y, batch=2)) for factor in (1, 2)]
    with session(starter, GIVEN) as theirs:
        reference = Proxy(Cached(theirs), reference=True)
        for source, words in ((GIVEN, "passes"), (GIVEN_WRONG, "Run as a graph")):
            with session(starter, source) as mine:
                student = Proxy(mine, clean=clean)
                assert words in told(lambda s=student: assert_graph_matches(s.train_step, reference.train_step, steps))
                assert words in told(lambda s=student: assert_graph_matches(s.epoch, reference.epoch, epochs))
                assert_max_traces(student.train_step, steps, at_most=1)
                assert_control_flow(student.epoch, epochs[:1], loop=True)
                assert_no_side_effects(student.train_step, steps)
        losses = {float(loss.array) for loss in reference.train_step.graph(*steps[0]).run_all(steps)}
    assert len(losses) == 3
