"""Attacks by what is answered: values that no check expects, and frames that lie about what they hold."""

from __future__ import annotations

from .attack import HIJACK, Attack, answers, frames, once, values
from .verdict import OTHER_FORM, UNUSABLE

LARGE = "is too large to send"

# ---- values that a function returns ------------------------------------------------------------------

RETURNED = (
    answers("nan", 'return x * float("nan")', told="holds nan"),
    answers("infinity", 'return x * float("inf")', told="holds inf"),
    answers("empty", "return x[:0]", told="The shape is not"),
    answers("empty_that_broadcasts", "return tf.zeros((0, *x.shape), x.dtype)", told="The shape is not"),
    answers("scalar", "return tf.reduce_mean(x)", told="The shape is not"),
    answers("broadcast", "return tf.stack([x, x * x])", told="The shape is not"),
    answers("python_number", "return 1.0", told="and a Python number came"),
    answers("nested_list", "return x.numpy().tolist()", told="and a list came"),
    answers("object_dtype", "import numpy as np\nreturn np.array([square] * 5, dtype=object)", told=OTHER_FORM),
    answers("strings_for_numbers", "return tf.strings.as_string(x * x)", told="dtype is not the expected one"),
    answers("booleans_for_numbers", "return tf.ones_like(x, dtype=tf.bool)", told="dtype is not the expected one"),
    answers("complex_for_real", "return tf.cast(x, tf.complex64)", told="dtype is not the expected one"),
    answers("bfloat16_for_float32", "return tf.cast(x * x, tf.bfloat16)", told="dtype is not the expected one"),
    answers("longdouble", "import numpy as np\nreturn np.zeros(5, np.longdouble)"),
    answers("datetimes", 'import numpy as np\nreturn np.zeros(5, "datetime64[s]")'),
    answers("structured_array", 'import numpy as np\nreturn np.zeros(5, "f4,f4")'),
    answers("huge_array", "return tf.zeros((17, 1 << 20))", told=LARGE),
    answers("huge_broadcast_view", "import numpy as np\nreturn np.broadcast_to(np.float32(0), (1 << 40,))"),
    answers("bytes_of_100_MB", "return bytes(100_000_000)", told=LARGE),
    answers("text_of_10_MB", 'return "x" * 10_000_000', told=LARGE),
    answers("text_of_1_MB", 'return "é" * 300_000', told="and a string came"),
    answers("int_of_a_million_digits", "return 1 << 3_000_000", told=LARGE),
    answers("generator", "return (value for value in x)", told=OTHER_FORM),
    answers("endless_iterator", "import itertools\nreturn itertools.count()", told=OTHER_FORM),
    answers("recursive_list", "loop = []\nloop.append(loop)\nreturn loop", told="square raised RecursionError"),
    answers("recursive_dict", 'loop = {}\nloop["x"] = loop\nreturn loop', told="square raised RecursionError"),
    answers("deep_tuple", "deep = ()\nfor _ in range(200): deep = (deep,)\nreturn deep", told="nested too deeply"),
    answers("giant_tuple", "return tuple(range(200_000))", told="too many parts"),
    answers("dict_with_object_keys", "return {object(): 1, square: 2, (1, 2): 3}", told="and a dict came"),
    answers("giant_dict", "return dict.fromkeys(range(60_000))", told=LARGE),
    answers("set_without_order", "return {1, 'a', None, 2.5, (1,)}", told="and a list came"),
    answers(
        "ragged", "return tf.ragged.constant([[1.0], [2.0, 3.0]])", told="and a tf.RaggedTensor of dtype float32 came"
    ),
    answers("sparse", "return tf.sparse.from_dense(x + x)", told="and a tf.SparseTensor of dtype float32 came"),
    answers("giant_sparse", "return tf.SparseTensor([[0]], [1.0], [1 << 40])", hurry=True),
    answers("indexed_slices", "return tf.IndexedSlices(x, tf.range(x.shape[0]))", told="values differ|is expected"),
    answers("symbolic_tensor", "return tf.Graph().as_default().__enter__() and tf.compat.v1.placeholder(tf.float32)"),
    answers("keras_model", "return tf.keras.Sequential([tf.keras.layers.Dense(2)])", told=OTHER_FORM),
    answers("keras_symbolic_input", "return tf.keras.Input((3,))", told=OTHER_FORM),
    answers("dataset", "return tf.data.Dataset.range(5).repeat()", told=OTHER_FORM),
    answers("variant_tensor", "return tf.data.Dataset.range(5)._variant_tensor"),
    answers("memoryview", "return memoryview(bytes(20))", told=OTHER_FORM),
    answers("none", "return None", told="Did you forget a return"),
    answers(
        "str_subclass",
        """
        class Text(str):
            def __eq__(self, other): return True
            def __str__(self): return self
            def encode(self, *args): return b"passed"
            __hash__ = str.__hash__
        return Text("passed")
        """,
        told="and a string came",
    ),
    answers(
        "float_subclass",
        """
        class Number(float):
            def __eq__(self, other): return True
            def __float__(self): return 0.0
            def __sub__(self, other): return 0.0
            def hex(self): return "0x0p0"
            __hash__ = float.__hash__
        return Number("nan")
        """,
    ),
    answers(
        "int_enum_and_bool_lookalikes",
        """
        import enum
        class Verdict(enum.IntEnum):
            PASSED = 1
        return [Verdict.PASSED, enum.Flag("F", "A B").A]
        """,
        told="and a list came",
    ),
    answers(
        "tuple_subclass",
        """
        class Endless(tuple):
            def __iter__(self):
                while True: yield 0.0
            def __len__(self): return 5
        return Endless((1.0,))
        """,
        hurry=True,
    ),
    answers(
        "mapping_without_end",
        """
        import collections.abc
        class Endless(collections.abc.Mapping):
            def __getitem__(self, key): return key
            def __len__(self): return 5
            def __iter__(self):
                import itertools
                return itertools.count()
            def items(self):
                while True: yield "x", 0
        return Endless()
        """,
        told="did not finish within",
        hurry=True,
    ),
)

# ---- values that a hijacked responder answers with ---------------------------------------------------

FORGED_VALUES = tuple(
    once(f"forged_value_{name}", values(value), told=told)
    for name, value, told in (
        ("true", "True", "True or False came"),
        ("verdict", '{"status": "passed", "score": 2, "check": "test_square_value"}', "a dict came"),
        ("request_itself", "dict(request)", "a dict came"),
        ("the_inputs", 'request["args"]', "a tuple came"),
        ("failure", 'errors.Failure("Passed", "2 of 2", "", ("Passed",), True)', "square raised Passed"),
        ("failure_of_the_limit", 'errors.Failure("TimeLimit", "too slow: give all points", "", (), True)', "too slow"),
        ("opaque", 'wire.Opaque("Tensor of shape (5,) and dtype float32: passed")', "is expected"),
        ("nan_tensor", 'wire.Tensor(np.full(5, np.nan, np.float32), "Tensor", "float32")', "holds nan"),
        ("object", "object()", "cannot be sent"),
        ("kind_of_its_own", 'wire.Tensor(np.zeros(5, np.float32), "Passed", "float32")', UNUSABLE),
        ("dtype_of_its_own", 'wire.Tensor(np.zeros(5, np.float32), "Tensor", "passed")', UNUSABLE),
    )
)

# ---- frames that are not what a worker sends ---------------------------------------------------------

_ARRAY = '{{"k": "array", "of": "Tensor", "as": "float32", "d": {d}, "s": {s}, "b": {b}}}'


def _array(d: str = '"float32"', s: str = "[5]", b: str = "[0, 20]") -> str:
    return _ARRAY.format(d=d, s=s, b=b)


FRAMES = tuple(
    once(f"frame_{name}", frames(*parts), told=UNUSABLE)
    for name, *parts in (
        ("shape_larger_than_the_data", _array(s="[1000000]"), "bytes(20)"),
        ("shape_of_2_to_the_60", _array(s="[1 << 30, 1 << 30]"), "bytes(20)"),
        ("negative_shapes_that_multiply", _array(s="[-5, -1]"), "bytes(20)"),
        ("rank_of_10000", _array(s="[1] * 10000", b="[0, 4]"), "bytes(20)"),
        ("object_dtype", _array(d='"object"'), "bytes(20)"),
        ("dtype_other_than_it_says", _array(d='"float64"', b="[0, 40]"), "bytes(40)"),
        ("buffer_outside_of_the_body", _array(b="[1000, 20]"), "bytes(20)"),
        (
            "buffers_that_overlap",
            '{"k": "list", "v": [{"k": "bytes", "b": [0, 1 << 20]}] * 20000}',
            "bytes(1 << 20)",
        ),
        (
            "numbers_that_are_strings",
            '{"k": "array", "of": "Tensor", "as": "float32", "s": [1], "v": [{"k": "bytes", "b": [0, 1]}]}',
            'b"x"',
        ),
        ("unknown_kind", '{"k": "pickle", "v": "gASVHgAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAR0cnVllIWUUpQu"}'),
        ("int_that_is_code", '{"k": "int", "v": "__import__(\'os\')._exit(0)"}'),
        ("many_nodes", '{"k": "list", "v": [{"k": "none"}] * 120000}'),
        ("dict_of_lists_as_keys", '{"k": "dict", "v": [[{"k": "list", "v": []}, {"k": "none"}]]}'),
        (
            "dict_of_colliding_keys",
            '{"k": "dict", "v": [[{"k": "int", "v": str(i * ((1 << 61) - 1))}, {"k": "none"}] for i in range(12000)]}',
        ),
        ("failure_of_numbers", '{"k": "failure", "v": [{"k": "int", "v": "1"}] * 5}'),
    )
)


def _pack(body: str) -> str:
    return (
        f"{HIJACK}\n"
        "def forged(message):\n"
        "    if is_cell(message): return really(message)\n"
        f"    {body}\n"
        "wire.pack = forged"
    )


RAW = (
    once("raw_garbage", _pack('return b"passed" * 100'), told=UNUSABLE),
    once("raw_header_over_the_limit", _pack("return struct.pack('<II', 1 << 31, 0)"), told=UNUSABLE),
    once("raw_body_over_the_limit", _pack("return struct.pack('<II', 2, 0xFFFFFFFF) + b'{}'"), told=UNUSABLE),
    once("raw_deep_json", _pack('return raw(b"[" * 1_000_000 + b"]" * 1_000_000)'), told=UNUSABLE),
    once("raw_wide_json", _pack('return raw(b"[" + b"[]," * 600_000 + b"[]]")'), told=UNUSABLE),
    once("raw_long_number", _pack('return raw(b"9" * 2_000_000)'), told=UNUSABLE),
    once("raw_nothing", _pack('return b""'), told="did not finish within", hurry=True),
    once(
        "raw_frame_that_never_ends",
        _pack("return struct.pack('<II', 1 << 20, 0) + b'x'"),
        told="did not finish within",
        hurry=True,
    ),
    once("two_answers_for_one_request", _pack("return really(message) * 2")),
    once("an_answer_with_another_id", _pack('return really({**message, "id": "0" * 32})'), told=UNUSABLE),
    once("an_answer_without_an_id", _pack('return really({"value": message["value"]})'), told=UNUSABLE),
    once(
        "an_answer_whose_id_is_an_array",
        _pack('return really({**message, "id": np.zeros(32)})'),
        told=UNUSABLE,
    ),
    once(
        "half_a_character_in_every_text",
        frames('{"k": "failure", "v": [text("\\ud800"), text("\\udfff"), text("\\ud800"), '
               '{"k": "tuple", "v": []}, {"k": "bool", "v": True}]}'),
        told="square raised",
    ),
    once("half_a_character_in_the_name_of_a_type", frames('{"k": "opaque", "v": "\\ud800"}'), told="is expected"),
)  # fmt: skip

ATTACKS: tuple[Attack, ...] = (*RETURNED, *FORGED_VALUES, *FRAMES, *RAW)
