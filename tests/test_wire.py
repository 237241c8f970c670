"""Requests and replies as bytes: what goes in comes out, equal requests have one name, and lies are found out."""

from __future__ import annotations

import copy
import enum
import json
import struct
import tracemalloc
from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder import wire
from autograder.errors import Failure, WireError
from autograder.wire import Opaque, Ragged, Tensor, digest, pack, read_frame, unpack

FUZZ = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
DTYPES = (
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64", "complex64", "complex128"),
)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same in type, order and bits; an array counts as the Tensor that it becomes."""
    one, other = (Tensor(item, "ndarray") if isinstance(item, np.ndarray) else item for item in (one, other))
    if type(one) is not type(other):
        return False
    if isinstance(one, Tensor):
        labels = (one.kind, one.dtype, one.shape) == (other.kind, other.dtype, other.shape)
        if not labels or one.array.dtype.name != other.array.dtype.name:
            return False
        if one.array.dtype == object:
            return list(one.array.ravel()) == list(other.array.ravel())
        little = [item.array.astype(item.array.dtype.newbyteorder("<")).tobytes() for item in (one, other)]
        return little[0] == little[1]
    if isinstance(one, Ragged):
        rows = len(one.splits) == len(other.splits) and all(map(np.array_equal, one.splits, other.splits))
        return rows and same(one.values, other.values)
    if isinstance(one, float):
        return one.hex() == other.hex()
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def strings(*items: bytes) -> np.ndarray[Any, Any]:
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


# ---- round trips -------------------------------------------------------------------------------------

SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
NUMBERS = st.sampled_from(DTYPES).flatmap(lambda dtype: hnp.arrays(dtype, SHAPES))
STRINGS = st.lists(st.binary(max_size=5), max_size=6).map(lambda items: strings(*items))
ARRAYS = NUMBERS | STRINGS | STRINGS.map(lambda array: array.reshape(1, -1, 1))
TENSORS = st.builds(Tensor, ARRAYS, st.sampled_from(sorted(wire.KINDS)))
BFLOAT = st.builds(Tensor, hnp.arrays("float32", SHAPES), st.just("Tensor"), st.just("bfloat16"))
RAGGED = st.lists(st.integers(0, 3), max_size=4).flatmap(
    lambda lengths: st.builds(
        Ragged,
        st.builds(Tensor, hnp.arrays("float32", (sum(lengths), 2)) | hnp.arrays("int64", sum(lengths))),
        st.just((np.cumsum([0, *lengths]),)),
    )
)
KEYS = st.text(max_size=5) | st.integers(-9, 9) | st.booleans() | st.none() | st.binary(max_size=3)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**999), 10**999)
    | st.floats()
    | st.text(max_size=20)
    | st.binary(max_size=20)
    | ARRAYS
    | TENSORS
    | BFLOAT
    | st.builds(Opaque, st.text(max_size=200))
    | RAGGED
    | st.builds(
        Failure,
        st.text(max_size=100),
        st.text(max_size=50),
        st.text(max_size=50),
        st.lists(st.text(max_size=5), max_size=4).map(tuple),
        st.booleans(),
    )
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS | st.tuples(KEYS, KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)


@FUZZ
@given(VALUES)
def test_what_goes_in_comes_out(value: Any) -> None:
    assert same(unpack(pack(value)), value)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (1,), (3,), (2, 0, 3), (2, 3, 4), (1,) * 32])
def test_arrays_of_every_dtype_and_shape(dtype: str, shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(0).normal(size=shape).astype(dtype)
    back = unpack(pack(array))
    assert (back.kind, back.dtype, back.shape) == ("ndarray", dtype, shape)
    assert back.array.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(back.array, array)


@pytest.mark.parametrize(
    "number", [0.0, -0.0, 1e-320, 5e-324, 1.7976931348623157e308, float("inf"), -float("inf"), 0.1]
)
def test_floats_keep_every_bit(number: float) -> None:
    assert same(unpack(pack(number)), number)
    assert np.isnan(unpack(pack(float("nan"))))


def test_arrays_of_special_values_keep_every_bit() -> None:
    bits = np.array([0x7FC00001, 0xFFC00000, 0x80000000, 1], dtype=np.uint32).view(np.float32)
    assert unpack(pack(bits)).array.view(np.uint32).tolist() == bits.view(np.uint32).tolist()


def test_strings() -> None:
    array = strings(b"", b"a\0b", "ü".encode(), bytes(1000)).reshape(2, 2)
    back = unpack(pack(Tensor(array)))
    assert (back.dtype, back.shape, back.array.ravel().tolist()) == ("string", (2, 2), array.ravel().tolist())
    assert unpack(pack(Tensor(strings()))).shape == (0,)
    assert unpack(pack({"": "", "ключ": "😀\0\u202e"})) == {"": "", "ключ": "😀\0\u202e"}


def test_types_are_told_apart() -> None:
    back = unpack(pack([True, 1, 1.0, "1", b"1", (1,), [1], None, {1: 2}]))
    assert [type(item) for item in back] == [bool, int, float, str, bytes, tuple, list, type(None), dict]


def test_the_dtype_of_the_other_side_is_kept() -> None:
    back = unpack(pack(Tensor(np.ones(2, np.float32), "Variable", "bfloat16")))
    assert (back.kind, back.dtype, back.array.dtype.name) == ("Variable", "bfloat16", "float32")


def test_half_characters_do_not_come_out() -> None:
    """No file, database or terminal takes a lone surrogate, and student code may send one anywhere."""
    evil = "a\ud800b"
    back = unpack(pack([evil, {evil: evil}, Opaque(evil), Failure(evil, evil, evil, (evil,))]))
    repr(back).encode()
    assert back[0] == "a?b" and back[1] == {"a?b": "a?b"} and back[2].type_name == "a?b"
    assert (back[3].ename, back[3].evalue, back[3].traceback, back[3].bases) == ("a?b", "a?b", "a?b", ("a?b",))


def test_what_a_failure_says_is_cut() -> None:
    back = unpack(pack(Failure("E" * 1000, "v" * 100_000, "t" * 100_000, ("b",) * 1000, True)))
    assert len(back.ename) <= 100 and len(back.evalue) <= 2000 and len(back.traceback) <= 8000 and len(back.bases) <= 20
    assert len(unpack(pack(Opaque("x" * 100_000))).type_name) <= 200


def test_a_reply_is_a_copy() -> None:
    array = np.zeros(3, np.float32)
    back = unpack(pack(array))
    array += 1
    assert back.array.tolist() == [0, 0, 0]


# ---- canonical bytes ---------------------------------------------------------------------------------


@FUZZ
@given(VALUES)
def test_equal_values_have_one_digest(value: Any) -> None:
    assert digest(value) == digest(copy.deepcopy(value)) == digest(unpack(pack(value)))


@FUZZ
@given(st.dictionaries(st.one_of(st.text(), st.integers(), st.booleans()), VALUES, min_size=2), st.randoms())
def test_the_order_of_a_dict_arrives_and_makes_another_request(value: dict[Any, Any], random: Random) -> None:
    keys = list(value)
    random.shuffle(keys)
    shuffled = {key: value[key] for key in keys}
    assert list(unpack(pack(shuffled))) == keys
    assert (digest(shuffled) == digest(value)) == (keys == list(value))


@given(VALUES, VALUES)
def test_different_values_have_different_digests(one: Any, other: Any) -> None:
    assert (digest(one) == digest(other)) == same(one, other)


BASE = np.arange(12, dtype=np.float32).reshape(3, 4)
ONE = np.ones((), np.float32)
DIFFERENT = [
    *(None, True, False, 1, 0, -1, 1.0, 0.0, -0.0, float("nan"), float("inf"), "1", b"1", "", b"", "none"),
    *([], (), {}, [1], (1,), [[1]], [1, 1], {1: 1}, {"1": 1}, {"a": 1, "b": 2}, {"b": 2, "a": 1}, [{}], [[]]),
    *(
        BASE,
        BASE.T,
        BASE.ravel(),
        BASE[:2],
        BASE + 1,
        BASE.astype("float64"),
        BASE.astype("int32"),
        BASE[:0],
        BASE[:, :0],
    ),
    *(Tensor(BASE), Tensor(BASE, "Variable"), Tensor(BASE, "IndexedSlices"), Tensor(BASE, "Tensor", "bfloat16")),
    *(Tensor(ONE), Tensor(ONE.reshape(1)), Tensor(ONE.reshape(1, 1)), Tensor(np.ones((), "float64"))),
    *(Tensor(strings(b"1")), Tensor(strings(b"1", b"")), Tensor(strings()), Opaque("1"), Opaque("")),
    *(Failure("E"), Failure("E", "1"), Failure("E", "", "1"), Failure("E", bases=("E",)), Failure("E", builtin=True)),
]


def test_no_two_of_many_values_have_one_digest() -> None:
    names = [digest(value) for value in DIFFERENT]
    clashes = [(a, b) for a in range(len(names)) for b in range(a) if names[a] == names[b]]
    assert clashes == []


def test_the_layout_of_an_array_does_not_matter() -> None:
    for other in (
        np.asfortranarray(BASE),
        BASE.astype(">f4"),
        np.repeat(BASE, 2, axis=1)[:, ::2],
        BASE[::-1][::-1],
        np.broadcast_to(BASE, (1, 3, 4))[0],
    ):
        assert digest(other) == digest(BASE)


def test_the_bytes_of_a_frame_never_change() -> None:
    """Releases that students have hold replies under these names."""
    request = {
        "probe": "call",
        "name": "square",
        "args": (Tensor(np.array([1.5, -2.0], np.float32)), 3, None, "é"),
        "kwargs": {"axis": [0, 1.5, True]},
        "options": {},
    }
    assert digest(request) == "5e4a7446d9dbb7a1a0d3d41b78a0458159e843c909382a03ec42c71b769db9d4"
    header = b'{"as":"int16","b":[0,2],"d":"int16","k":"array","of":"ndarray","s":[]}'
    assert pack(np.array(2, np.int16)) == struct.pack("<II", len(header), 2) + header + b"\x02\x00"


# ---- what does not cross -----------------------------------------------------------------------------


class Number(enum.IntEnum):
    ONE = 1


class Text(str):
    """Text that is not quite."""


def endless() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


def deep(levels: int, make: type = list) -> Any:
    value: Any = None
    for _ in range(levels):
        value = {1: value} if make is dict else make([value])
    return value


@pytest.mark.parametrize(
    "value",
    [
        *(object(), {1, 2}, 1j, bytearray(1), range(3), print, Number.ONE, Text("x"), np.float32(1), np.dtype("int8")),
        *([object()], {"a": object()}, {object(): 1}, np.array([1, 2], dtype=object), np.array(["a"], dtype=object)),
        *(
            np.array([None]),
            np.array(["a"]),
            np.array([b"a"]),
            np.array(["2020"], "datetime64[D]"),
            np.zeros(1, "i4,f4"),
        ),
        *(np.zeros(1, np.longdouble), np.ma.masked_array([1]), 10**1000, -(10**1000), endless()),
        *(deep(100_000), deep(42), deep(42, tuple), deep(42, dict), [None] * 100_001, "x" * (2 << 20)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_plain_data_is_refused(value: Any) -> None:
    with pytest.raises(WireError) as caught:
        pack(value)
    assert len(str(caught.value)) < 300


def test_the_largest_values_that_cross() -> None:
    for value in (deep(40), deep(40, tuple), deep(40, dict), [None] * 99_999 and 10**1000 - 1, -(10**1000) + 1):
        assert same(unpack(pack(value)), value)
    assert len(unpack(pack([None] * 50_000))) == 50_000


def test_too_much_array_data_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_BODY", 1000)
    assert unpack(pack(np.zeros(1000, np.uint8))).shape == (1000,)
    for value in (np.zeros(1001, np.uint8), [np.zeros(600, np.uint8)] * 2, bytes(1001), strings(bytes(1001))):
        with pytest.raises(WireError, match="too large"):
            pack(value)


# ---- frames that lie ---------------------------------------------------------------------------------


def frame(node: Any, body: bytes = b"") -> bytes:
    header = node if isinstance(node, bytes) else json.dumps(node).encode()
    return struct.pack("<II", len(header), len(body)) + header + body


def array(**changes: Any) -> dict[str, Any]:
    """The node of two float32 in a body of 8 bytes, changed; ``...`` takes an entry away."""
    node = {"k": "array", "of": "Tensor", "as": "float32", "d": "float32", "s": [2], "b": [0, 8]} | changes
    return {key: value for key, value in node.items() if value is not ...}


def text_array(**changes: Any) -> dict[str, Any]:
    """The node of one string of 8 bytes, changed."""
    return array(**{"as": "string", "d": ..., "b": ..., "s": [1], "v": [{"k": "bytes", "b": [0, 8]}]} | changes)


def inside(*nodes: Any) -> dict[str, Any]:
    return {"k": "list", "v": list(nodes)}


def nested(levels: int) -> dict[str, Any]:
    node: dict[str, Any] = {"k": "none"}
    for _ in range(levels):
        node = inside(node)
    return node


EIGHT = bytes(range(8))
LIES: dict[str, Any] = {
    **{f"node {node!r}": node for node in (None, [], 1, "none", {}, {"k": None}, {"k": []}, {"k": {}}, {"v": 1})},
    **{
        f"kind {kind!r}": {"k": kind, "v": ""}
        for kind in ("", "object", "pickle", "Array", "set", "__class__", "x" * 10**6)
    },
    "list of no nodes": inside(1),
    "list of null": inside(None),
    "list without items": {"k": "list"},
    "list of text": {"k": "list", "v": "abc"},
    "tuple of a dict": {"k": "tuple", "v": {}},
    "bool 1": {"k": "bool", "v": 1},
    "bool null": {"k": "bool"},
    "int as a number": {"k": "int", "v": 1},
    "float as a number": {"k": "float", "v": 1.0},
    "float NaN": b'{"k":"float","v":NaN}',
    "float in words": {"k": "float", "v": "one"},
    "float too large": {"k": "float", "v": "0x1p99999"},
    "float endless": {"k": "float", "v": "0" * 1_000_000},
    "str null": {"k": "str", "v": None},
    "str a list": {"k": "str", "v": ["a"]},
    "opaque null": {"k": "opaque"},
    "opaque a dict": {"k": "opaque", "v": {}},
    **{
        f"int {digits[:9]!r}": {"k": "int", "v": digits}
        for digits in ("", "-", "--1", "1-", "1.0", " 1", "0x1", "1e9", "1_0")
    },
    "int of 1,002 digits": {"k": "int", "v": "9" * 1002},
    "int of 5,000 digits": {"k": "int", "v": "9" * 5000},
    "int of a million digits": {"k": "int", "v": "9" * 1_000_000},
    # dicts
    "dict of a dict": {"k": "dict", "v": {"a": 1}},
    "dict of one": {"k": "dict", "v": [[{"k": "none"}]]},
    "dict of three": {"k": "dict", "v": [[{"k": "none"}] * 3]},
    "dict of text": {"k": "dict", "v": ["ab"]},
    "list as a key": {"k": "dict", "v": [[inside(), {"k": "none"}]]},
    "dict as a key": {"k": "dict", "v": [[{"k": "dict", "v": []}, {"k": "none"}]]},
    "list in a tuple as a key": {"k": "dict", "v": [[{"k": "tuple", "v": [inside()]}, {"k": "none"}]]},
    # arrays
    "shape too large": array(s=[3]),
    "shape too small": array(s=[1]),
    "shape of a scalar": array(s=[]),
    "shape of nothing": array(s=[0]),
    "shape with a hidden axis": array(s=[2, 2]),
    "shape negative": array(s=[-2]),
    "shape twice negative": array(s=[-1, -2]),
    "shape of 2**32": array(s=[1 << 32]),
    "shape of 2**31": array(s=[1 << 31]),
    "shape of 2**62 in all": array(s=[1 << 31, 1 << 31]),
    "shape that wraps around": array(s=[1 << 31, 1 << 31, 4, 2]),
    "shape of nothing and much": array(s=[0, *[4294967295] * 5], b=[0, 0]),
    "shape true": array(s=[True, 2]),
    "shape of floats": array(s=[2.0]),
    "shape of text": array(s=["2"]),
    "shape null": array(s=None),
    "shape a number": array(s=2),
    "shape missing": array(s=...),
    "shape of 33 axes": array(s=[1] * 32 + [2]),
    "shape of 100,000 axes": array(s=[1] * 100_000),
    "buffer short": array(b=[0, 7]),
    "buffer long": array(b=[0, 9]),
    "buffer outside": array(b=[1, 8]),
    "buffer far outside": array(b=[1 << 62, 8]),
    "buffer before": array(b=[-8, 8]),
    "buffer of negative length": array(b=[8, -8]),
    "buffer endless": array(b=[0, 10**30]),
    "buffer of floats": array(b=[0.0, 8.0]),
    "buffer true": array(b=[False, 8]),
    "buffer one number": array(b=[8]),
    "buffer three numbers": array(b=[0, 8, 8]),
    "buffer text": array(b="08"),
    "buffer missing": array(b=...),
    "buffers overlap": inside(array(), array()),
    "buffers overlap by a byte": inside(array(b=[0, 4], s=[1]), {"k": "bytes", "b": [3, 5]}),
    "bytes before": {"k": "bytes", "b": [-8, 8]},
    "bytes of negative length": {"k": "bytes", "b": [8, -8]},
    "bytes that pay for others": inside({"k": "bytes", "b": [8, -8]}, {"k": "bytes", "b": [0, 8]}, array()),
    "bytes outside": {"k": "bytes", "b": [0, 9]},
    "bytes overlap": inside({"k": "bytes", "b": [0, 8]}, {"k": "bytes", "b": [7, 1]}),
    **{
        f"dtype {name!r}": array(d=name, **{"as": name})
        for name in (
            "object",
            "O",
            "|O",
            "float128",
            "<f4",
            "f4",
            "i4,f4",
            "datetime64[s]",
            "S8",
            "U2",
            "V8",
            "",
            "void",
        )
    },
    "dtype null": array(d=None),
    "dtype a list": array(d=["float32"]),
    "dtype a dict": array(d={"names": ["a"], "formats": ["O"]}),
    "label float64 on float32": array(**{"as": "float64"}),
    "label float32 on int32": array(d="int32"),
    "label string on numbers": array(**{"as": "string"}),
    "label bfloat16 on int32": array(d="int32", **{"as": "bfloat16"}),
    "label of its own": array(**{"as": "the hidden inputs were 1, 2 and 3"}),
    "label null": array(**{"as": None}),
    "label missing": array(**{"as": ...}),
    "kind of its own": array(of="the hidden inputs were 1, 2 and 3"),
    "kind null": array(of=None),
    "kind a list": array(of=["Tensor"]),
    "kind missing": array(of=...),
    "label float32 on strings": text_array(**{"as": "float32"}),
    "label bfloat16 on strings": text_array(**{"as": "bfloat16"}),
    "strings short": text_array(s=[2]),
    "strings long": text_array(s=[0]),
    "strings many": text_array(s=[4294967295]),
    "strings of str": text_array(v=[{"k": "str", "v": "a"}]),
    "strings of lists": text_array(v=[inside()]),
    "strings of arrays": text_array(v=[array()]),
    "strings null": text_array(v=None),
    "strings missing": text_array(v=...),
    # failures
    "failure of nothing": {"k": "failure", "v": []},
    "failure of four": {"k": "failure", "v": [{"k": "str", "v": ""}] * 4},
    "failure of None": {"k": "failure", "v": [{"k": "none"}] * 5},
    "failure null": {"k": "failure", "v": None},
    "failure with numbers as bases": {
        "k": "failure",
        "v": [*[{"k": "str", "v": ""}] * 3, {"k": "tuple", "v": [{"k": "int", "v": "1"}]}, {"k": "bool", "v": True}],
    },
    # size
    "nested too deeply": nested(42),
    "too many nodes": inside(*[{"k": "none"}] * 100_001),
    # JSON
    "no JSON": b"not json",
    "no header": b"",
    "blank": b"   ",
    "cut": b'{"k":"non',
    "two": b'{"k":"none"}{"k":"none"}',
    "not UTF-8": b'{"k":"str","v":"\xff"}',
    "NaN": b"NaN",
    "minus Infinity": b'{"k":"list","v":[-Infinity]}',
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep nodes": b'{"k":"list","v":[' * 50_000,
    "2 MB of lists": b"[" + b"[]," * 699_000 + b"[]]",
    "2 MB of objects": b'{"k":"list","v":[' + b"{}," * 699_000 + b"{}]}",
    "int literal of a million digits": b'{"k":"none","v":' + b"9" * 1_000_000 + b"}",
    "int literal of 5,000 digits as a size": b'{"k":"bytes","b":[0,' + b"9" * 5000 + b"]}",
    "shape of long literals": json.dumps(array(s=["S"])).replace('"S"', "9" * 4000).encode(),
}


@pytest.mark.parametrize("name", LIES)
def test_a_frame_that_lies_is_found_out(name: str) -> None:
    with pytest.raises(WireError) as caught:
        unpack(frame(LIES[name], EIGHT))
    assert len(str(caught.value)) < 200  # what the other side sends is not repeated at length


def test_the_frames_above_are_one_lie_away_from_the_truth() -> None:
    assert unpack(frame(array(), EIGHT)).shape == (2,)
    assert unpack(frame(array(**{"as": "bfloat16"}), EIGHT)).dtype == "bfloat16"
    assert unpack(frame(array(d="int64", s=[], **{"as": "int64"}), EIGHT)).array == int.from_bytes(EIGHT, "little")
    assert unpack(frame(text_array(), EIGHT)).array.tolist() == [EIGHT]
    assert unpack(frame(inside(array(b=[0, 4], s=[1]), array(b=[4, 4], s=[1])), EIGHT))[1].shape == (1,)
    assert unpack(frame({"k": "dict", "v": [[{"k": "tuple", "v": []}, {"k": "none"}]]})) == {(): None}
    assert unpack(frame(nested(40))) is not None


@pytest.mark.parametrize("value", [None, [1, "a"], BASE, {"a": BASE, "b": (b"xyz", 2.5)}])
def test_a_frame_that_is_cut_anywhere(value: Any) -> None:
    whole = pack(value)
    assert same(unpack(whole), value)
    for length in range(len(whole)):
        with pytest.raises(WireError):
            unpack(whole[:length])
    with pytest.raises(WireError, match="after its end"):
        unpack(whole + b"\0")


def peak(action: Any) -> int:
    """The most memory that Python and numpy took on the way to a WireError, in bytes."""
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "sizes", [(0xFFFFFFFF, 0), (0, 0xFFFFFFFF), ((2 << 20) + 1, 0), (2, (64 << 20) + 1), (0x80000000, 0x80000000)]
)
def test_sizes_over_the_limits_are_refused_before_anything_is_read(sizes: tuple[int, int]) -> None:
    asked: list[int] = []

    def read(count: int) -> bytes:
        asked.append(count)
        return struct.pack("<II", *sizes)

    assert peak(lambda: read_frame(read)) < 100_000
    assert asked == [8]


@pytest.mark.parametrize(
    "name", ["shape of 2**31", "shape of 2**62 in all", "shape of nothing and much", "strings many", "buffer endless"]
)
def test_a_lying_shape_takes_no_memory(name: str) -> None:
    lie = frame(LIES[name], EIGHT)
    assert peak(lambda: unpack(lie)) < 200_000


@pytest.mark.parametrize("name", ["2 MB of lists", "2 MB of objects", "too many nodes", "deep lists", "float endless"])
def test_a_bomb_takes_no_more_than_30_times_its_size(name: str) -> None:
    bomb = frame(LIES[name], EIGHT)
    assert peak(lambda: unpack(bomb)) < 30 * (2 << 20)


FOUR = Tensor(np.arange(4.0))


@pytest.mark.parametrize(
    ("values", "splits"),
    [
        (FOUR, ()),
        (FOUR, ([],)),
        (FOUR, ([0],)),
        (FOUR, ([0, 3],)),
        (FOUR, ([0, 5],)),
        (FOUR, ([1, 4],)),
        (FOUR, ([0, 3, 2, 4],)),
        (FOUR, ([0, (1 << 63) - 1, -2, 4],)),  # their differences, as int64, are all positive
        (FOUR, ([0, 3], [0, 1, 4])),
        (FOUR, ([0, 2], [0, 1, 3])),
        (FOUR, ([[0, 4]],)),
        (Tensor(np.array(4.0)), ([0, 1],)),
    ],
)
def test_rows_that_lie_are_refused(values: Tensor, splits: tuple[Any, ...]) -> None:
    with pytest.raises(WireError, match="ragged"):
        unpack(pack(Ragged(values, tuple(np.array(split, "int64") for split in splits))))


@pytest.mark.parametrize("parts", [[], [{"k": "none"}], [array(), array(b=[0, 8])], [inside()]])
def test_parts_of_no_ragged_tensor_are_refused(parts: Any) -> None:
    with pytest.raises(WireError):
        unpack(frame({"k": "ragged", "v": parts}, EIGHT))


# ---- anything ----------------------------------------------------------------------------------------

CROSSES = (type(None), bool, int, float, str, bytes, tuple, list, dict, Tensor, Ragged, Opaque, Failure)


def parts(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from parts(key)
            yield from parts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from parts(item)


def value_or_refused(content: bytes) -> bool:
    """What is promised of any bytes: plain data that is what it is said to be, or the one error."""
    try:
        value = unpack(content)
    except WireError as error:
        assert len(str(error)) < 200
        return False
    for part in parts(value):
        assert type(part) in CROSSES
        if isinstance(part, Tensor):
            assert type(part.array) is np.ndarray and part.kind in wire.KINDS
            assert part.array.dtype.name in (*DTYPES, "object")
            assert (part.dtype == "string") == (part.array.dtype == object)
            assert part.dtype == part.array.dtype.name or part.dtype not in DTYPES
            assert part.array.nbytes <= max(len(content) * 8, 8)
        if isinstance(part, Ragged):
            assert wire.ragged_fits(part.values, part.splits)
        if isinstance(part, str):
            part.encode()
    assert same(unpack(pack(value)), value)
    return True


@FUZZ
@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    value_or_refused(content)
    value_or_refused(frame(content))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 40)
    | st.integers()
    | st.floats()
    | st.sampled_from(["float32", "string", "object", "Tensor", "0x1p3", "12", "\ud800", 1 << 31, -1, *wire.KINDS])
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.builds(
            lambda kind, rest: {"k": kind, **rest},
            st.sampled_from(
                [*("none", "bool", "int", "float", "str", "bytes", "tuple", "list", "dict", "array"), "failure"]
            ),
            st.dictionaries(st.sampled_from(["v", "b", "s", "d", "of", "as"]), inner, max_size=5),
        )
    ),
    max_leaves=15,
)


@FUZZ
@given(JSON, st.binary(max_size=50))
def test_any_json(node: Any, body: bytes) -> None:
    value_or_refused(frame(node, body))


@FUZZ
@given(VALUES, st.data())
def test_a_frame_with_anything_in_one_place(value: Any, draw: st.DataObject) -> None:
    content = pack(value)
    header_size, _ = struct.unpack_from("<II", content)
    header, body = json.loads(content[8 : 8 + header_size]), content[8 + header_size :]

    def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        yield path
        for key, item in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
            yield from places(item, (*path, key))

    path = draw.draw(st.sampled_from(list(places(header))))
    changed: Any = {"": header}
    target = changed
    for key in ("", *path)[:-1]:
        target = target[key]
    target[("", *path)[-1]] = draw.draw(JSON)
    value_or_refused(frame(changed[""], body))


@FUZZ
@given(VALUES, st.data())
def test_a_frame_with_changed_bytes(value: Any, draw: st.DataObject) -> None:
    content = bytearray(pack(value))
    for _ in range(draw.draw(st.integers(1, 4))):
        start = draw.draw(st.integers(0, len(content)))
        content[start : start + draw.draw(st.integers(0, 4))] = draw.draw(st.binary(max_size=4))
    value_or_refused(bytes(content))
