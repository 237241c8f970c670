"""Proxies: what they ask, whom they ask, and how a call reads in a message."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from autograder import wire
from autograder.errors import CallFailed, CourseError, Failure, NoRecordedReply
from autograder.expect import stand_in
from autograder.student import (
    Cached,
    Proxy,
    Recorded,
    as_ndarray,
    as_ragged,
    as_sparse,
    as_variable,
    describe_call,
    dump_replies,
    last_call,
)
from autograder.student.sending import sendable
from autograder.wire import Opaque, Tensor


class Listener:
    """Keeps the requests that it gets, and answers each with the next of some replies, or with its last."""

    def __init__(self, *replies: Any) -> None:
        self.replies = list(replies) or [None]
        self.requests: list[Mapping[str, Any]] = []

    def ask(self, request: Mapping[str, Any]) -> Any:
        self.requests.append(request)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def plain(value: Any) -> Any:
    """A request with its arrays as comparable tuples."""
    if isinstance(value, Tensor):
        return (value.kind, value.dtype, value.array.tolist())
    if isinstance(value, (list, tuple)):
        return type(value)(plain(item) for item in value)
    return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def call(name: str, *args: Any, probe: str = "call", options: Any = None, **kwargs: Any) -> dict[str, Any]:
    """The request for a call."""
    return {"probe": probe, "name": name, "args": args, "kwargs": kwargs, "options": options or {}}


ONE = ("Tensor", "float32", [1.0])
ARRAY = np.array([1], "float32")


@pytest.mark.parametrize(
    ("ask", "request_"),
    [
        (lambda s: s.f(), call("f")),
        (lambda s: s.f(1, "a", None, True, key=2.5), call("f", 1, "a", None, True, key=2.5)),
        (lambda s: s.f(ARRAY), call("f", ONE)),
        (lambda s: s.f(np.float32(1)), call("f", ("Tensor", "float32", 1.0))),
        (lambda s: s.f(np.int64(3)), call("f", ("Tensor", "int64", 3))),
        (lambda s: s.f([ARRAY, (ARRAY,)], d={"k": ARRAY}), call("f", [ONE, (ONE,)], d={"k": ONE})),
        (lambda s: s.f(as_variable(ARRAY)), call("f", ("Variable", "float32", [1.0]))),
        (lambda s: s.f(as_ndarray(ARRAY)), call("f", ("ndarray", "float32", [1.0]))),
        (lambda s: s.f(as_sparse(ARRAY)), call("f", ("SparseTensor", "float32", [1.0]))),
        (lambda s: s.f(np.array(["é", "b"])), call("f", ("Tensor", "string", ["é".encode(), b"b"]))),
        (lambda s: s.f(np.array([b"a"], object)), call("f", ("Tensor", "string", [b"a"]))),
        (lambda s: s.f(as_variable(["a"])), call("f", ("Variable", "string", [b"a"]))),
        (lambda s: s.f.jacobian(ARRAY, wrt=0), call("f", ONE, probe="jacobian", options={"wrt": 0})),
        (lambda s: s.f.derivatives(2, order=3), call("f", 2, probe="derivatives", options={"wrt": 0, "order": 3})),
        (lambda s: s.f.growth(1, (2, 3), by=4), call("f", (1,), (2, 3), probe="growth", by=4)),
        (lambda s: s.f.devices(1), call("f", 1, probe="devices")),
        (lambda s: s.f.why_none(1), None),
        (lambda s: s.f.why_none(1, wrt=(0,))(), call("f", 1, probe="why_none", options={"wrt": (0,)})),
        (
            lambda s: s.f.hessian_vector(2, vector=ARRAY),
            call("f", 2, probe="hessian_vector", options={"wrt": 0, "vector": ONE}),
        ),
        (
            lambda s: s.f.gradient(ARRAY, 2),
            call("f", ONE, 2, probe="gradient", options={"wrt": 0, "persistent": False}),
        ),
        (
            lambda s: s.f.gradient(ARRAY, ARRAY, wrt=(0, 1), persistent=True, scale=2),
            call("f", ONE, ONE, probe="gradient", options={"wrt": (0, 1), "persistent": True}, scale=2),
        ),
        (lambda s: s.answers.value, {"probe": "value", "name": "answers"}),
        (lambda s: s._private(1), call("_private", 1)),
        (
            lambda s: s.probe("count", ARRAY, steps=3),
            {"own": True, "probe": "count", "args": (ONE,), "options": {"steps": 3}},
        ),
    ],
)
def test_what_is_asked(ask: Callable[[Proxy], Any], request_: Mapping[str, Any]) -> None:
    listener = Listener()
    ask(Proxy(listener))
    assert [plain(dict(request)) for request in listener.requests] == ([request_] if request_ else [])


def test_ops_are_a_tuple() -> None:
    listener = Listener(["Mul", "AddV2"])
    assert Proxy(listener).f.ops(1, k=2) == ("Mul", "AddV2")
    assert listener.requests == [call("f", 1, probe="ops", k=2)]


@pytest.mark.parametrize("reply", [None, 3, "x", (1, 2), Opaque("f"), Tensor(ARRAY)])
def test_the_reply_is_what_came(reply: Any) -> None:
    student = Proxy(Listener(reply))
    assert student.f() is reply
    assert student.f.value is reply
    assert student.f.gradient() is reply
    assert student.probe("p") is reply


@pytest.mark.parametrize("reference", [True, False])
@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (lambda s: s.f(1), "f"),
        (lambda s: s.f.gradient(1), "f"),
        (lambda s: s.f.ops(1), "f"),
        (lambda s: s.g.value, "g"),
        (lambda s: s.probe("count", 1), "count"),
    ],
)
def test_a_failure_is_raised(ask: Callable[[Proxy], Any], name: str, reference: bool) -> None:
    failure = Failure("KeyError", "'x'")
    with pytest.raises(CallFailed, match="raised KeyError: 'x'") as caught:
        ask(Proxy(Listener(failure), reference=reference))
    assert (caught.value.name, caught.value.failure, caught.value.reference) == (name, failure, reference)


def test_a_failure_inside_of_a_reply_is_data() -> None:
    assert Proxy(Listener([Failure("E")])).f() == [Failure("E")]


@pytest.mark.parametrize("name", ["__wrapped__", "__iter__", "__array__", "__name__x", "__test__"])
def test_names_that_python_asks_for_are_no_exercises(name: str) -> None:
    listener = Listener()
    with pytest.raises(AttributeError, match=name):
        getattr(Proxy(listener), name)
    assert listener.requests == []


def test_a_proxy_can_be_looked_at_without_asking() -> None:
    listener = Listener()
    student = Proxy(listener)
    repr(student)
    copy.copy(student)
    assert not hasattr(student, "__len__")
    assert listener.requests == []


@pytest.mark.parametrize(
    ("make", "kind"),
    [(as_variable, "Variable"), (as_ndarray, "ndarray")],
)
def test_wrapped_arrays(make: Callable[[Any], Tensor], kind: str) -> None:
    wrapped = make(np.ones((2, 3), "int16"))
    assert (wrapped.kind, wrapped.dtype, wrapped.shape) == (kind, "int16", (2, 3))
    assert make(2.5).array.tolist() == 2.5
    assert make([1, 2]).shape == (2,)


# ---- Cached ------------------------------------------------------------------------------------------


def test_the_same_request_is_asked_once() -> None:
    listener = Listener(1, 2, 3)
    cached = Proxy(Cached(listener))
    assert [cached.f(ARRAY), cached.f(ARRAY.copy()), cached.f(ARRAY + 1), cached.f(ARRAY)] == [1, 1, 2, 1]
    assert len(listener.requests) == 2


@pytest.mark.parametrize(
    "other",
    [
        lambda s: s.g(ARRAY),
        lambda s: s.f(ARRAY.astype("float64")),
        lambda s: s.f(ARRAY.reshape(1, 1)),
        lambda s: s.f(as_variable(ARRAY)),
        lambda s: s.f([1.0]),
        lambda s: s.f(ARRAY, 1),
        lambda s: s.f(x=ARRAY),
        lambda s: s.f.gradient(ARRAY),
        lambda s: s.f.gradient(ARRAY, persistent=True),
        lambda s: s.f.value,
        lambda s: s.probe("f", ARRAY),
    ],
)
def test_another_request_is_asked(other: Callable[[Proxy], Any]) -> None:
    listener = Listener("first", "second")
    cached = Proxy(Cached(listener))
    assert cached.f(ARRAY) == "first"
    assert other(cached) == "second"


def test_a_failure_is_kept_and_an_error_is_not() -> None:
    cached = Cached(Listener(Failure("KeyError")))
    for _ in range(2):
        with pytest.raises(CallFailed):
            Proxy(cached).f()
    assert list(cached.replies.values()) == [Failure("KeyError")]

    class Down:
        def ask(self, request: Mapping[str, Any]) -> Any:
            raise OSError("down")

    cached = Cached(Down())
    with pytest.raises(OSError, match="down"):
        Proxy(cached).f()
    assert cached.replies == {}


def test_what_cannot_be_sent_is_not_asked() -> None:
    listener = Listener()
    with pytest.raises(wire.WireError, match="cannot be sent"):
        Proxy(Cached(listener)).f(object())
    assert listener.requests == []


# ---- Recorded ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        None,
        1.5,
        "text",
        [1, (2, {"a": None})],
        Opaque("keras.Model"),
        Failure("ValueError", "no", "line 1", ("ValueError", "Exception"), True),
    ],
)
def test_recorded_replies_are_the_replies(reply: Any) -> None:
    cached = Cached(Listener(reply))
    request = {"probe": "value", "name": "f"}
    cached.ask(request)
    assert Recorded(dump_replies(cached.replies)).ask(request) == reply


def test_recorded_arrays_are_the_arrays() -> None:
    cached = Cached(Listener(Tensor(np.arange(6.0).reshape(2, 3), "Variable")))
    Proxy(cached).f(ARRAY)
    again = Proxy(Recorded(dump_replies(cached.replies))).f(ARRAY)
    assert (again.kind, again.dtype, again.array.tolist()) == ("Variable", "float64", [[0, 1, 2], [3, 4, 5]])


def test_records_are_in_one_order() -> None:
    one, other = Cached(Listener(1)), Cached(Listener(1))
    for name in "abc":
        Proxy(one).f(name)
    for name in "cab":
        Proxy(other).f(name)
    assert list(dump_replies(one.replies).items()) == list(dump_replies(other.replies).items())


def test_a_request_that_was_not_recorded() -> None:
    cached = Cached(Listener(1))
    Proxy(cached).f(1)
    recorded = Proxy(Recorded(dump_replies(cached.replies)), reference=True)
    assert recorded.f(1) == 1
    with pytest.raises(NoRecordedReply, match="no recorded reply"):
        recorded.f(2)


@pytest.mark.parametrize(
    "replies",
    [
        {"a": "????"},
        {"a": ""},
        {"a": base64.b64encode(b"x" * 40).decode()},
        {"a": base64.b64encode(wire.pack(1))[:-4].decode()},
        {"a": None},
        {"a": 5},
        {"a": ["x"]},
        {"a": "é"},
        [],
        None,
    ],
)
def test_damaged_records_are_a_course_error(replies: Any) -> None:
    with pytest.raises(CourseError, match="damaged; fetch the assignment again"):
        Recorded(replies)


# ---- the last call -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "kwargs", "text"),
    [
        ((), {}, "f()"),
        ((1, -2.5, "a'b", None, True), {"key": 3}, 'f(1, -2.5, "a\'b", None, True, key=3)'),
        ((np.array([1.5, 2], "float32"),), {}, "f([1.5, 2.] (float32, shape (2,)))"),
        ((np.array([[1], [2]], "int32"),), {}, "f([[1], [2]] (int32, shape (2, 1)))"),
        ((np.float64(3),), {}, "f(3. (float64, shape ()))"),
        ((np.zeros((0, 2)),), {}, "f([] (float64, shape (0, 2)))"),
        ((as_variable(np.array([1], "int8")),), {}, "f(tf.Variable([1] (int8, shape (1,))))"),
        ((as_ndarray(np.array([1], "int8")),), {}, "f([1] (int8, shape (1,)))"),
        (([1, (2, "x")], ()), {}, "f([1, (2, 'x')], ())"),
        (({"a": 0.1, 2: np.ones(1)},), {}, "f({'a': 0.1, 2: [1.] (float64, shape (1,))})"),
    ],
)
def test_a_call_reads_as_code(args: tuple[Any, ...], kwargs: Mapping[str, Any], text: str) -> None:
    assert describe_call("f", args, kwargs) == text


def test_a_call_with_large_arrays_stays_short() -> None:
    text = describe_call("f", (np.zeros((100, 100)),), {})
    assert "…" in text
    assert "\n" not in text
    assert len(text) < 200


NINES = [np.arange(9.0)] * 20
NINE = "[0.0, 1.0, 2.0, …] (float64, shape (9,))"
TEXT = f"'{'x' * 39}… (100 characters)"
ROW = f"b'{'x' * 38}… (200 bytes)"
PARTS = "[0.1, 0.1, 0.1, … and 96 more]"


@pytest.mark.parametrize(
    ("args", "kwargs", "text"),
    [
        ((list(range(200)),), {}, "[0, 1, 2, … and 197 more]"),
        (tuple(range(200)), {"steps": 5}, "0, 1, 2, … and 197 more, steps=5"),
        ((["x" * 100] * 5,), {}, f"[{TEXT}, {TEXT}, {TEXT}, {TEXT}, {TEXT}]"),
        ((), {"rows": [b"x" * 200] * 7}, f"rows=[{ROW}, {ROW}, {ROW}, … and 4 more]"),
        (({key: [0.1] * 99 for key in range(6)},), {}, f"{{0: {PARTS}, 1: {PARTS}, 2: {PARTS}, … and 3 more}}"),
        ((NINES,), {"size": 2}, f"[{NINE}, {NINE}, {NINE}, … and 17 more], size=2"),
        (
            ({"a": NINES[:5]}, NINES),
            {},
            f"{{'a': [{', '.join([NINE] * 5)}]}}, [{NINE}, {NINE}, {NINE}, … and 17 more]",
        ),
    ],
)
def test_many_inputs_of_a_probe_are_told_briefly(args: Any, kwargs: Mapping[str, Any], text: str) -> None:
    student = Proxy(Listener([]))
    student.probe("mine", *args, **kwargs)
    assert last_call(student, brief=True) == f"Checked with: {text}"
    assert len(last_call(student)) > 400


@pytest.mark.parametrize("inputs", [list(range(80)), ["x" * 390], NINES[:4]])
def test_inputs_that_are_not_long_are_told_in_whole(inputs: Any) -> None:
    student = Proxy(Listener([], []))
    student.probe("mine", inputs)
    assert last_call(student, brief=True) == last_call(student)
    student.f(inputs * 10)
    assert last_call(student, brief=True) == last_call(student)


def test_the_last_call_is_remembered() -> None:
    student = Proxy(Listener([]))
    assert last_call(student) == ""
    student.f(1)
    assert last_call(student) == "Call: f(1)"
    student.g.gradient(2, wrt=0)
    assert last_call(student) == "Call: g(2)"
    student.g.ops(3)
    assert last_call(student) == "Call: g(3)"
    student.probe("count", 4, steps=5)
    assert last_call(student) == "Checked with: 4, steps=5"
    student.probe("count")
    assert last_call(student) == ""
    assert student.answers.value == []
    assert last_call(student) == ""


def test_the_last_call_is_remembered_when_it_fails() -> None:
    student = Proxy(Listener(Failure("E")))
    with pytest.raises(CallFailed):
        student.f(1)
    assert last_call(student) == "Call: f(1)"


def test_once_asks_whoever_keeps_replies() -> None:
    plain, kept = Listener(1), Listener(2)
    student = Proxy(plain, kept=kept)
    assert (student.once.f(3), student.once.g.value, student.once.probe("mine", 4)) == (2, 2, 2)
    assert last_call(student) == "Checked with: 4"
    assert student.f(3) == 1
    assert kept.requests[0] == plain.requests[0]
    assert (len(kept.requests), len(plain.requests)) == (3, 1)


def test_without_anyone_who_keeps_replies_once_asks_each_time() -> None:
    plain = Listener(1, 2)
    student = Proxy(plain)
    assert (student.once.f(3), student.once.f(3)) == (1, 2)
    with pytest.raises(AttributeError):
        _ = student.once.__wrapped__


@pytest.mark.parametrize(
    ("rows", "dtype", "made", "lengths"),
    [
        ([[1, 2], [], [3]], "", "int32", ((2, 0, 1),)),
        ([[1.5], [2.0, 3]], "", "float32", ((1, 2),)),
        ([[1], [2, 3]], "float64", "float64", ((1, 2),)),
        ([np.array([1.0]), np.array([2.0, 3.0])], "", "float64", ((1, 2),)),
        ([["a"], ["é", "c"]], "", "string", ((1, 2),)),
        ([[[1], [2, 3]], []], "", "int32", ((2, 0), (1, 2))),
    ],
)
def test_rows_of_unequal_length(rows: Any, dtype: str, made: str, lengths: Any) -> None:
    ragged = as_ragged(rows, dtype)
    assert (ragged.dtype, ragged.row_lengths) == (made, lengths)
    assert wire.ragged_fits(ragged.values, ragged.splits)


def test_a_batch_that_stands_in_may_hold_text() -> None:
    sent = wire.unpack(wire.pack(sendable(stand_in.batch(np.array(["a", "é"]), np.array([1.5, 2])))))
    assert [tensor.array.tolist() for tensor in sent["arrays"]] == [[b"a", "é".encode()], [1.5, 2.0]]


@pytest.mark.parametrize("rows", [[], [1, 2], ["ab"]])
def test_what_has_no_rows_is_an_error_of_the_check(rows: Any) -> None:
    with pytest.raises(TypeError, match="a list of lists"):
        as_ragged(rows)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([[1, 2], [], [3]], "f(tf.ragged.constant([[1, 2], [], [3]]) (int32))"),
        ([[[1], []], [[2]]], "f(tf.ragged.constant([[[1], []], [[2]]]) (int32))"),
        ([list(range(30)), [1]], "f(tf.ragged.constant(2 rows) (int32))"),
    ],
)
def test_rows_in_a_call_that_is_told(rows: Any, text: str) -> None:
    assert describe_call("f", (as_ragged(rows),), {}) == text
