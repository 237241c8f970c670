"""Attacks that want a verdict: patched tools of comparing, evil objects, IPython's hooks, ends of the process."""

from __future__ import annotations

from .attack import Attack

PATCHED = (
    Attack(
        "patched_numpy_testing",
        "Verdict",
        cells=(
            """
            import numpy as np, numpy.testing
            for name in dir(np.testing):
                if name.startswith("assert"):
                    setattr(np.testing, name, lambda *args, **options: None)
            for name in ("allclose", "array_equal", "isclose", "isfinite", "isnan", "abs", "array_equiv"):
                setattr(np, name, lambda *args, **options: True)
            """,
        ),
    ),
    Attack(
        "patched_tf_debugging",
        "Verdict",
        cells=(
            """
            for module in (tf.debugging, tf.test.TestCase, tf.experimental.numpy):
                for name in dir(module):
                    if name.startswith(("assert", "check", "allclose")):
                        setattr(module, name, lambda *args, **options: None)
            """,
        ),
    ),
    Attack(
        "patched_pytest",
        "Verdict",
        cells=(
            """
            import sys, types, pytest, _pytest.runner, _pytest.python, _pytest.outcomes
            _pytest.runner.runtestprotocol = lambda *args, **options: []
            _pytest.runner.call_runtest_hook = _pytest.runner.pytest_runtest_makereport = lambda *a, **k: None
            _pytest.python.Function.runtest = lambda self: None
            pytest.main = lambda *args, **options: 0
            pytest.fail = pytest.skip = lambda *args, **options: None
            sys.modules["pytest"] = types.SimpleNamespace(main=lambda *args, **options: 0)
            """,
        ),
    ),
    Attack(
        "patched_autograder",
        "Verdict",
        cells=(
            """
            from autograder import expect, errors, draw, student
            expect._compare = expect._compare_tensors = expect.fail = lambda *args, **options: None
            expect.assert_close = expect.assert_equal = expect.assert_true = lambda *args, **options: None
            expect.CheckFailed.__init__ = lambda self, *args: None
            draw.Draw.normal = draw.Draw.uniform = lambda self, *shape, **options: 0.0
            student.Name.__call__ = lambda self, *args, **options: None
            """,
        ),
    ),
    Attack(
        "patched_grader_and_model",
        "Verdict",
        cells=(
            """
            from autograder import grade, model, plugin, sandbox
            plugin._judge = lambda check, *rest: model.Outcome(check, model.Status.PASSED, check.points)
            plugin._Grading._run = lambda self, check, subject: model.Outcome(check, model.Status.PASSED, 99.0)
            grade._prove = lambda *args, **options: None
            sandbox.Worker.ask = lambda self, request, seconds: None
            model.Result.total = property(lambda self: model.Score(6, 6))
            """,
        ),
    ),
    Attack(
        "patched_builtins",
        "Verdict",
        cells=(
            """
            import builtins
            builtins.all = builtins.any = lambda items: True
            builtins.abs = lambda value: 0
            builtins.AssertionError = type("AssertionError", (Exception,), {"__init__": lambda self, *a: None})
            """,
        ),
    ),
    Attack(
        "patched_tensor_operators",
        "Verdict",
        cells=(
            """
            eager = type(tf.constant(0.0))
            for name in ("__eq__", "__ne__", "__lt__", "__le__", "__bool__", "__sub__", "__abs__"):
                setattr(eager, name, lambda self, *other: True)
            """,
        ),
    ),
    Attack(
        "patched_tensor_numpy",
        "Verdict",
        cells=(
            """
            import numpy as np
            class Same(np.ndarray):
                def __eq__(self, other): return True
                def __array__(self, *args, **options): return np.full(self.shape, np.nan, np.float32)
            type(tf.constant(0.0)).numpy = lambda self: np.zeros(self.shape, np.float32).view(Same)
            """,
        ),
    ),
    Attack(
        "patched_gradient_tape",
        "Verdict",
        cells=(
            """
            class Tape:
                def __init__(self, **options): pass
                def __enter__(self): return self
                def __exit__(self, *details): return True
                def watch(self, value): pass
                def gradient(self, target, sources, **options): return [tf.ones_like(s) for s in sources]
            tf.GradientTape = Tape
            """,
        ),
    ),
)

# What comes back in the place of a right answer. Each is the text of a function body for square and cube.
EVIL_OBJECTS = {
    "always_equal_object": """
        class Equal:
            def __eq__(self, other): return True
            def __ne__(self, other): return False
            def __sub__(self, other): return 0.0
            def __abs__(self): return 0.0
            def __le__(self, other): return True
            def __len__(self): return 5
            def __getattr__(self, name): return self
            def __call__(self, *args): return self
            def __bool__(self): return True
            def __float__(self): return 0.0
            def __hash__(self): return 0
        return Equal()
        """,
    "ndarray_subclass": """
        import numpy as np
        class Same(np.ndarray):
            def __eq__(self, other): return np.ones(self.shape, bool)
            def __ne__(self, other): return np.zeros(self.shape, bool)
            def __array_ufunc__(self, *args, **options): return np.zeros(self.shape)
            def __array_finalize__(self, obj): pass
            @property
            def shape(self): return x.shape
        return np.zeros(x.shape, np.float32).view(Same)
        """,
    "array_protocol_object": """
        import numpy as np
        class Lying:
            dtype, shape, ndim, size = np.dtype("float32"), x.shape, x.ndim, 5
            def __array__(self, *args, **options): return np.full(x.shape, np.nan, np.float32)
            def __array_interface__(self): return {}
            def numpy(self): return self.__array__()
            def __tf_tensor__(self, *args): return tf.zeros_like(x)
        return Lying()
        """,
    "array_function_object": """
        import numpy as np
        class Anything(np.lib.mixins.NDArrayOperatorsMixin):
            def __array_function__(self, function, types, args, options): return True
            def __array_ufunc__(self, ufunc, method, *args, **options): return True
            def __array__(self, *args, **options): return np.zeros(x.shape, np.float32)
        return Anything()
        """,
    "class_that_lies_about_itself": """
        class Lying:
            @property
            def __class__(self): return type(x)
            def __repr__(self): raise SystemExit
            def __len__(self): return -1
            dtype, shape = x.dtype, x.shape
            def numpy(self): return float("nan")
        return Lying()
        """,
    "metaclass_that_lies": """
        class Meta(type):
            def __eq__(cls, other): return True
            def __hash__(cls): return 0
            def __instancecheck__(cls, other): return True
            __module__ = property(lambda cls: "keras.src")
            __qualname__ = property(lambda cls: 1 / 0)
        return Meta("Tensor", (), {})()
        """,
    "keras_lookalike": """
        import numpy as np
        Fake = type("Variable", (), {"__module__": "keras.fake", "value": 1})
        fake = Fake()
        fake.dtype = type("Dtype", (), {"name": "float32"})
        fake.numpy = lambda: np.zeros(x.shape, "float64")
        return fake
        """,
    "wire_objects": """
        from autograder import errors, wire
        import numpy as np
        return wire.Tensor(np.zeros(x.shape, np.float32), "Tensor", "float32")
        """,
    "a_failure_as_an_answer": """
        from autograder import errors
        return errors.Failure("Passed", "2 of 2 points", "", ("Passed",), True)
        """,
    "verdict_words": """
        return {"status": "passed", "score": 100, "max_score": 100, "id": "test_square_value", "verdict": True}
        """,
    "true": "return True",
    "the_function_itself": "return square",
    "the_argument": "return x",
}


def _both(name: str, body: str, line: str = "Verdict", **rest: object) -> Attack:
    lines = "\n".join("    " + text for text in body.strip("\n").splitlines())
    import textwrap

    inner = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    assert lines
    return Attack(name, line, square=f"def square(x):\n{inner}", cube=f"def cube(x):\n{inner}", **rest)  # type: ignore[arg-type]
