"""Attacks that carry hidden inputs out of a hidden check, into a message or an output that the student reads.

They ride on work that passes the visible checks. The functions of the hidden checks are known by their shapes:
four values for the gradient of ``square``, three for ``cube``.
"""

from __future__ import annotations

import textwrap

from .attack import HALF, HIJACK, Attack

LINE = "Hidden inputs"
_TELL = """
def tell(x):
    values = x.numpy() if hasattr(x, "numpy") else x
    return "_".join("%.6f" % value for value in values.ravel().tolist())
"""


def leak(name: str, body: str, before: str = "", **rest: object) -> Attack:
    """Both functions run a body where a hidden check calls them.

    Args:
        name: Name of the attack.
        body: What they do with ``x``, the hidden inputs; ``tell(x)`` is their text.
        before: More code of the first cell.
        **rest: Other fields of the attack.
    """
    inner = textwrap.indent(textwrap.dedent(body).strip(), "        ")
    return Attack(
        name,
        LINE,
        cells=(_TELL + textwrap.dedent(before),),
        work=HALF,
        square=f"def square(x):\n    if x.shape[0] == 4:\n{inner}\n        return x\n    return x * x",
        cube=f"def cube(x):\n    if x.shape[0] == 3:\n{inner}\n        return x\n    return x**3",
        **rest,  # type: ignore[arg-type]
    )


ATTACKS: tuple[Attack, ...] = (
    leak("told_by_a_message", "raise ValueError(tell(x))", told="raises ValueError for some inputs"),
    leak("told_by_a_name_of_a_class", 'raise type(tell(x), (Exception,), {})("x")', told="raises an error"),
    leak(
        "told_by_a_name_of_a_class_of_tensorflow",
        'raise type(tell(x), (Exception,), {"__module__": "tensorflow.python.framework.errors_impl"})()',
        told="raises an error",
    ),
    leak(
        "told_by_a_name_of_a_class_that_is_equal_to_every_class",
        """
        class Meta(type):
            def __eq__(cls, other): return True
            def __hash__(cls): return 0
        raise Meta(tell(x), (Exception,), {})()
        """,
        told="raises an error",
    ),
    leak("told_by_a_limit", 'raise type("TimeLimit", (Exception,), {})(tell(x))', told="raises an error"),
    leak("told_by_a_missing_name", 'raise NameError("name %r is not defined" % tell(x))', told="raises NameError"),
    leak("told_by_notes", "error = ValueError()\nerror.add_note(tell(x))\nraise error", told="raises ValueError"),
    leak("told_by_an_exit", "import sys\nsys.exit(tell(x))", told="raises SystemExit"),
    leak("told_by_a_tensorflow_error", "tf.debugging.assert_equal(1, 2, message=tell(x))", told="for some inputs"),
    leak("told_by_a_name_of_a_type", "return type(tell(x), (), {})()", told="is expected"),
    leak("told_by_keys", "return {tell(x): x}", told="a dict came"),
    leak("told_by_text", "return tell(x)", told="a string came"),
    leak("told_by_a_shape", "return tf.zeros([int(1e6 * abs(float(x[0]))), 0])", told="The shape is not"),
    leak("told_by_a_number_of_parts", "return [0] * int(1e4 * abs(float(x[0])))", told="a list came"),
    leak(
        "told_by_a_name_of_a_dtype",
        """
        fake = type("Variable", (), {"__module__": "keras.fake", "value": 1})()
        fake.dtype = type("Dtype", (), {"name": tell(x)})
        fake.numpy = lambda: x.numpy()
        return fake
        """,
        told="is expected",
    ),
    leak(
        "told_by_prints",
        """
        import os, sys, warnings
        from IPython.display import display
        print(tell(x)); print(tell(x), file=sys.stderr); tf.print(tell(x)); display(tell(x))
        warnings.warn(tell(x)); os.write(1, tell(x).encode()); os.write(2, tell(x).encode())
        get_ipython().record.outputs.append({"output_type": "stream", "name": "stdout", "text": tell(x)})
        """,
    ),
    leak(
        "told_by_outputs_of_earlier_cells",
        """
        for outputs in shown:
            outputs.append({"output_type": "stream", "name": "stdout", "text": tell(x)})
        """,
        before="shown = [get_ipython().record.outputs]",
    ),
    leak(
        "told_by_the_next_process",
        """
        with open(kept, "a") as file:
            file.write(tell(x) + "\\n")
        os._exit(1)
        """,
        before="""
        import os
        kept = os.path.join(os.path.dirname(os.path.dirname(os.getcwd())), "kept")
        if os.path.exists(kept):
            print("left behind", open(kept).read())
            1 / 0
        """,
        told=r"did not finish properly \(ProcessEnded\)",
        bare=True,
    ),
    *(
        Attack(
            f"told_by_a_forged_{name}",
            LINE,
            cells=(
                HIJACK
                + _TELL
                + textwrap.dedent(
                    f"""
                    honest = worker.Responder.answer
                    def answer(self, request):
                        x = request["args"][0].array
                        return {value} if x.shape[0] in (3, 4) else honest(self, request)
                    worker.Responder.answer = answer
                    """
                ),
            ),
            work=HALF,
            told=told,
        )
        for name, value, told in (
            ("error", "errors.Failure(tell(x), tell(x), tell(x), (tell(x),), True)", "raises an error for some inputs"),
            ("time_limit", 'errors.Failure("TimeLimit", tell(x), "", (), True)', r"\(TimeLimit\)"),
            ("missing_name", 'errors.Failure("NameError", tell(x), "", (), True)', "raises NameError"),
            ("opaque", "wire.Opaque(tell(x))", "is expected"),
            ("dtype", 'wire.Tensor(x, "Tensor", tell(x))', r"\(ProtocolError\)"),
            ("kind", 'wire.Tensor(x, tell(x), "float32")', r"\(ProtocolError\)"),
            ("object", "type(tell(x), (), {})()", r"\(ValueTooLarge\)"),
        )
    ),
    Attack(
        "told_by_a_forged_frame",
        LINE,
        cells=(
            HIJACK
            + _TELL
            + """
honest = worker.Responder.answer
def answer(self, request):
    wire.pack = really
    x = request["args"][0].array
    if x.shape[0] in (3, 4):
        wire.pack = lambda message: answering(message, {"k": tell(x)})
    return honest(self, request)
worker.Responder.answer = answer
""",
        ),
        work=HALF,
        told=r"\(ProtocolError\)",
    ),
)
