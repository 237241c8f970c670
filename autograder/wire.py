"""Requests and replies ↔ bytes: a JSON header and raw array buffers, size-capped, never pickled.

A frame is ``<II`` (length of the header, length of the body), the header as JSON, and the body: the
C-order bytes of every array, one after the other. The header holds the message as a tree of *nodes*, each
a dict with a kind ``k``; an array's node gives its dtype, its shape and its place in the body.

Only data crosses. A worker runs code that nobody has vetted, so the reader trusts nothing: it checks sizes
before it allocates, takes dtypes from a list, and turns every malformed frame into a :class:`WireError`.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import Failure, WireError

MAX_HEADER = 2 << 20  # bytes of JSON; Python objects made from it take up to 30 times as much
MAX_BODY = 64 << 20  # bytes of array data in one frame
MAX_DEPTH = 40  # of nested tuples, lists and dicts
MAX_NODES = 100_000
MAX_OTHER_KEYS = 1_000  # of one dict, other than text
MAX_RANK = 32
MAX_INT_DIGITS = 1000

_PREFIX = struct.Struct("<II")
KINDS = frozenset(("Tensor", "Variable", "ndarray", "numpy scalar", "IndexedSlices", "SparseTensor"))
_DTYPES = frozenset(
    (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
)
# What a dtype may be called on the other side. A name that could be anything could carry hidden inputs out.
DTYPE_NAMES = _DTYPES | frozenset(
    (
        *("string", "bfloat16", "half", "float8_e4m3fn", "float8_e5m2", "int4", "uint4"),
        *("qint8", "quint8", "qint16", "quint16", "qint32"),
    )
)
# The dtype in which an array travels, by what it is on the other side; strings travel as objects, the rest as float32.
SENT_AS = {name: name for name in _DTYPES} | {"string": None}


@dataclass(frozen=True, eq=False)
class Tensor:
    """An array that crossed the wire, with what it was on the other side.

    Args:
        array: The values. bfloat16 and other dtypes that numpy lacks come as float32; strings as bytes objects.
        kind: ``"Tensor"``, ``"Variable"``, ``"ndarray"``, ``"numpy scalar"``, ``"IndexedSlices"``
            or ``"SparseTensor"`` (the last two as dense arrays).
        dtype: Name of the dtype on the other side, such as ``"float32"`` or ``"bfloat16"``.
    """

    array: np.ndarray[Any, Any]
    kind: str = "Tensor"
    dtype: str = ""

    def __post_init__(self) -> None:
        if not self.dtype:
            object.__setattr__(self, "dtype", "string" if self.array.dtype == object else self.array.dtype.name)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape, as a tuple of ints."""
        return tuple(int(size) for size in self.array.shape)

    def __bool__(self) -> bool:
        raise TypeError("a tensor is not true or false; compare it with the assertions of autograder.expect")

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        return np.array(self.array, dtype=dtype) if copy else np.asarray(self.array, dtype=dtype)


@dataclass(frozen=True, eq=False)
class Ragged:
    """A ragged tensor that crossed the wire: rows of unequal length.

    Args:
        values: The values of all rows, one after the other.
        splits: For each ragged axis, outermost first: where its rows begin, and at last where the last one ends.
            (``tf.RaggedTensor`` calls them ``flat_values`` and ``nested_row_splits``.)
    """

    values: Tensor
    splits: tuple[np.ndarray[Any, Any], ...]

    @property
    def dtype(self) -> str:
        """Name of the values' dtype on the other side."""
        return self.values.dtype

    @property
    def row_lengths(self) -> tuple[tuple[int, ...], ...]:
        """The lengths of the rows, for each ragged axis."""
        return tuple(tuple(int(length) for length in np.diff(split)) for split in self.splits)

    def __bool__(self) -> bool:
        raise TypeError("a tensor is not true or false; compare it with the assertions of autograder.expect")


def ragged_fits(values: Tensor, splits: tuple[np.ndarray[Any, Any], ...]) -> bool:
    """Whether the rows of each ragged axis divide what the next one, and at last the values, have."""
    sizes = [len(split) - 1 for split in splits[1:]] + [values.shape[0] if values.shape else -1]
    return bool(splits) and all(
        len(split) > 0 and split[0] == 0 and split[-1] == size and bool((split[1:] >= split[:-1]).all())
        for split, size in zip(splits, sizes, strict=True)
    )


@dataclass(frozen=True)
class Opaque:
    """Something that cannot cross the wire: only the name of its type is known.

    Args:
        type_name: Such as ``"function"`` or ``"keras.Sequential"``; chosen by the other side, so not to be trusted.
    """

    type_name: str


class _Encoder:
    """Turns values into nodes and collects their buffers."""

    def __init__(self) -> None:
        self.buffers: list[bytes] = []
        self.size = 0
        self.nodes = 0

    def _buffer(self, data: bytes) -> list[int]:
        place = [self.size, len(data)]
        self.size += len(data)
        if self.size > MAX_BODY:
            raise WireError(f"the value is too large to send: over {MAX_BODY >> 20} MB of array data")
        self.buffers.append(data)
        return place

    def node(self, value: Any, depth: int = 0) -> dict[str, Any]:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise WireError("the value is too large to send: nested too deeply or too many parts")
        if value is None:
            return {"k": "none"}
        kind = type(value)
        if kind is bool:
            return {"k": "bool", "v": value}
        if kind is int:
            if abs(value) >= 10**MAX_INT_DIGITS:
                raise WireError(f"the value is too large to send: an int of over {MAX_INT_DIGITS} digits")
            return {"k": "int", "v": str(value)}
        if kind is float:
            return {"k": "float", "v": value.hex()}
        if kind is str:
            return {"k": "str", "v": value}
        if kind is bytes:
            return {"k": "bytes", "b": self._buffer(value)}
        if kind in (tuple, list):
            name = "tuple" if kind is tuple else "list"
            return {"k": name, "v": [self.node(item, depth + 1) for item in value]}
        if kind is dict:
            if _other_keys(value) > MAX_OTHER_KEYS:
                raise WireError("the value is too large to send: a dict with too many keys that are not text")
            items = [[self.node(key, depth + 1), self.node(item, depth + 1)] for key, item in value.items()]
            return {"k": "dict", "v": items}
        if kind is np.ndarray:
            return self.node(Tensor(value, "ndarray"), depth)
        if kind is Tensor:
            return self._tensor(value, depth)
        if kind is Ragged:
            splits = [self.node(Tensor(np.asarray(split, "int64")), depth + 1) for split in value.splits]
            return {"k": "ragged", "v": [self.node(value.values, depth + 1), *splits]}
        if kind is Opaque:
            return {"k": "opaque", "v": value.type_name}
        if kind is Failure:
            parts = (value.ename, value.evalue, value.traceback, value.bases, value.builtin)
            return {"k": "failure", "v": [self.node(part, depth + 1) for part in parts]}
        raise WireError(f"a {kind.__module__}.{kind.__qualname__} cannot be sent; send arrays and plain Python data")

    def _tensor(self, value: Tensor, depth: int) -> dict[str, Any]:
        array = value.array
        node: dict[str, Any] = {"k": "array", "of": value.kind, "as": value.dtype, "s": list(array.shape)}
        if array.dtype == object:  # strings: bytes of unequal length
            if not all(type(item) is bytes for item in array.ravel()):
                raise WireError("an array of objects cannot be sent; strings are sent as an object array of bytes")
            node["v"] = [self.node(bytes(item), depth + 1) for item in array.ravel()]
        elif array.dtype.name in _DTYPES:
            node["d"] = array.dtype.name
            little = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
            node["b"] = self._buffer(little.tobytes())
        else:
            raise WireError(f"an array of dtype {array.dtype} cannot be sent")
        return node


class _Decoder:
    """Turns nodes back into values, trusting nothing."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.nodes = 0
        self.taken = 0

    def value(self, node: Any, depth: int = 0) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise WireError("a message is nested too deeply or has too many parts")
        if type(node) is not dict or type(node.get("k")) is not str:
            raise WireError("a node of a message is malformed")
        reader = self._READERS.get(node["k"])
        if reader is None:
            raise WireError(f"a message has a node of unknown kind {node['k'][:40]!r}")
        return reader(self, node, depth)

    def _bool(self, node: Mapping[str, Any], depth: int) -> bool:
        return bool(_typed(node, "v", bool))

    def _int(self, node: Mapping[str, Any], depth: int) -> int:
        digits = _typed(node, "v", str)
        if len(digits) > MAX_INT_DIGITS + 1 or not digits.lstrip("-").isdecimal():
            raise WireError("an int of a message is malformed")
        return int(digits)

    def _float(self, node: Mapping[str, Any], depth: int) -> float:
        text = _typed(node, "v", str)
        if len(text) > 40:
            raise WireError("a float of a message is malformed")
        return float.fromhex(text)

    def _str(self, node: Mapping[str, Any], depth: int) -> str:
        return _characters(_typed(node, "v", str))

    def _bytes(self, node: Mapping[str, Any], depth: int) -> bytes:
        place = _typed(node, "b", list)
        if len(place) != 2 or not all(type(number) is int and number >= 0 for number in place):
            raise WireError("a buffer of a message is malformed")
        start, length = place
        self.taken += length  # each byte is used once: buffers that overlap would multiply the memory they take
        if start + length > len(self.body) or self.taken > len(self.body):
            raise WireError("a buffer of a message lies outside its frame")
        return self.body[start : start + length]

    def _items(self, node: Mapping[str, Any], depth: int) -> list[Any]:
        return [self.value(item, depth + 1) for item in _typed(node, "v", list)]

    def _tuple(self, node: Mapping[str, Any], depth: int) -> tuple[Any, ...]:
        return tuple(self._items(node, depth))

    def _dict(self, node: Mapping[str, Any], depth: int) -> dict[Any, Any]:
        pairs = _typed(node, "v", list)
        if not all(type(pair) is list and len(pair) == 2 for pair in pairs):
            raise WireError("a dict of a message is malformed")
        items = [(self.value(key, depth + 1), self.value(item, depth + 1)) for key, item in pairs]
        if _other_keys(key for key, _ in items) > MAX_OTHER_KEYS:
            raise WireError("a dict of a message has too many keys that are not text")
        try:
            return dict(items)
        except TypeError:
            raise WireError("a dict of a message has a key that cannot be one") from None

    def _array(self, node: Mapping[str, Any], depth: int) -> Tensor:
        shape = _typed(node, "s", list)
        if len(shape) > MAX_RANK or not all(type(size) is int and 0 <= size < 1 << 32 for size in shape):
            raise WireError("an array of a message has a malformed shape")
        count = math.prod(shape)
        kind, dtype = str(_typed(node, "of", str)), str(_typed(node, "as", str))
        if kind not in KINDS or dtype not in DTYPE_NAMES:
            raise WireError("an array of a message has a kind or a dtype that is not one of ours")
        # What numpy has comes as itself, what it lacks as float32: a label that lies would mislead a comparison.
        if node.get("d") != SENT_AS.get(dtype, "float32"):
            raise WireError("an array of a message is not of the dtype that it is said to be")
        if "d" not in node:
            items = self._items(node, depth)
            if len(items) != count or not all(type(item) is bytes for item in items):
                raise WireError("an array of strings of a message does not fill its shape")
            strings = np.empty(count, dtype=object)
            strings[:] = items
            return Tensor(strings.reshape(shape), kind, dtype)
        name = _typed(node, "d", str)
        if name not in _DTYPES:
            raise WireError(f"an array of a message has the dtype {name[:40]!r}, which is not one of ours")
        data = self._bytes(node, depth)
        if len(data) != count * np.dtype(name).itemsize:
            raise WireError("an array of a message does not fill its shape")
        little = np.frombuffer(data, np.dtype(name).newbyteorder("<"))
        return Tensor(little.astype(name, copy=False).reshape(shape), kind, dtype)

    def _ragged(self, node: Mapping[str, Any], depth: int) -> Ragged:
        parts = self._items(node, depth)
        if not parts or not all(type(part) is Tensor for part in parts):
            raise WireError("a ragged tensor of a message is malformed")
        splits = tuple(part.array for part in parts[1:])
        if len(splits) > MAX_RANK or any(split.ndim != 1 or split.dtype != np.int64 for split in splits):
            raise WireError("a ragged tensor of a message has malformed rows")
        if not ragged_fits(parts[0], splits):
            raise WireError("the rows of a ragged tensor of a message do not fit its values")
        return Ragged(parts[0], splits)

    def _opaque(self, node: Mapping[str, Any], depth: int) -> Opaque:
        return Opaque(_characters(_typed(node, "v", str))[:200])

    def _failure(self, node: Mapping[str, Any], depth: int) -> Failure:
        parts = self._items(node, depth)
        if [type(part) for part in parts] != [str, str, str, tuple, bool] or any(type(b) is not str for b in parts[3]):
            raise WireError("a failure of a message is malformed")
        ename, evalue, traceback, bases, builtin = parts
        return Failure(ename[:100], evalue[:2000], traceback[:8000], bases[:20], builtin)

    _READERS: Mapping[str, Callable[[_Decoder, Mapping[str, Any], int], Any]] = {
        "none": lambda self, node, depth: None,
        "bool": _bool,
        "int": _int,
        "float": _float,
        "str": _str,
        "bytes": _bytes,
        "tuple": _tuple,
        "list": _items,
        "dict": _dict,
        "array": _array,
        "ragged": _ragged,
        "opaque": _opaque,
        "failure": _failure,
    }


def _characters(text: str) -> str:
    """Text without halves of characters (lone surrogates), which no file, database or terminal takes."""
    return text.encode("utf-8", "replace").decode()


def _other_keys(keys: Iterable[Any]) -> int:
    """How many keys are not text. Only the hashes of text are salted: many chosen numbers make a dict very slow."""
    return sum(type(key) is not str for key in keys)


def _typed(node: Mapping[str, Any], key: str, kind: type) -> Any:
    value = node.get(key)
    if type(value) is not kind:
        raise WireError(f"a node of a message lacks its {kind.__name__} {key!r}")
    return value


def pack(value: Any) -> bytes:
    """The frame of a value. The same value gives the same bytes in every process, so that a hash can name a request.

    The order of a dict's keys is part of it: the code that gets a dict sees the order. Two requests that differ in
    nothing else have two names, and so are asked twice.

    Args:
        value: Plain Python data, numpy arrays, and the dataclasses of this module, nested.

    Raises:
        WireError: The value is of a type that does not cross, or too large.
    """
    encoder = _Encoder()
    try:
        header = json.dumps(encoder.node(value), sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    except (UnicodeError, RecursionError) as error:
        raise WireError(f"the value cannot be sent: {error}") from None
    if len(header) > MAX_HEADER:
        raise WireError(f"the value is too large to send: over {MAX_HEADER >> 20} MB besides its arrays")
    return b"".join([_PREFIX.pack(len(header), encoder.size), header, *encoder.buffers])


def unpack(frame: bytes) -> Any:
    """The value that :func:`pack` made a frame of.

    Raises:
        WireError: The bytes are not one whole frame of the protocol.
    """
    reader = memoryview(frame)

    def read(count: int) -> bytes:
        nonlocal reader
        if count > len(reader):
            raise WireError("a frame ends too early")
        data, reader = bytes(reader[:count]), reader[count:]
        return data

    value = read_frame(read)
    if len(reader):
        raise WireError("a frame has bytes after its end")
    return value


def read_frame(read: Callable[[int], bytes]) -> Any:
    """Read one frame and return its value.

    Args:
        read: Returns exactly as many bytes as it is asked for, or raises.

    Raises:
        WireError: The frame is malformed or over the limits; nothing large is read or allocated first.
    """
    header_size, body_size = _PREFIX.unpack(read(_PREFIX.size))
    if header_size > MAX_HEADER or body_size > MAX_BODY:
        raise WireError(f"a frame of {header_size} + {body_size} bytes is over the limits")
    header = read(header_size)
    body = read(body_size)
    try:
        return _Decoder(body).value(json.loads(header))
    except (ValueError, RecursionError, OverflowError) as error:
        raise WireError(f"a message is not well-formed: {type(error).__name__}") from None


def digest(value: Any) -> str:
    """The hex SHA-256 of a value's frame: the name under which a reply to this request is kept."""
    return hashlib.sha256(pack(value)).hexdigest()
