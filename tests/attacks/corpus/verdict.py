"""Attacks that want a verdict: patched tools of comparing, evil objects, IPython's hooks, ends of the process."""

from __future__ import annotations

from .attack import Attack, answers, once

ENDS = r"ended the notebook's process"
UNUSABLE = r"its answer could not be used"
OTHER_FORM = r"A tf\.Tensor is expected, and .* came"

PATCHED = (
    once(
        "patched_numpy_testing",
        """
        import numpy as np, numpy.testing
        for name in dir(np.testing):
            if name.startswith("assert"):
                setattr(np.testing, name, lambda *args, **options: None)
        for name in ("allclose", "array_equal", "isclose", "isfinite", "isnan", "abs", "array_equiv"):
            setattr(np, name, lambda *args, **options: True)
        """,
    ),
    once(
        "patched_tf_debugging",
        """
        for module in (tf.debugging, tf.test.TestCase, tf.experimental.numpy):
            for name in dir(module):
                if name.startswith(("assert", "check", "allclose")):
                    setattr(module, name, lambda *args, **options: None)
        """,
    ),
    once(
        "patched_pytest",
        """
        import sys, types, pytest, _pytest.runner, _pytest.python
        _pytest.runner.runtestprotocol = lambda *args, **options: []
        _pytest.runner.pytest_runtest_makereport = lambda *args, **options: None
        _pytest.python.Function.runtest = lambda self: None
        pytest.main = lambda *args, **options: 0
        pytest.fail = pytest.skip = lambda *args, **options: None
        sys.modules["pytest"] = types.SimpleNamespace(main=lambda *args, **options: 0)
        """,
    ),
    once(
        "patched_checks_library",
        """
        from autograder import draw, expect, student
        expect.tensors._compare = expect.tensors._compare_tensors = expect.tensors.fail = lambda *args, **options: None
        expect.assert_close = expect.assert_equal = expect.assert_true = lambda *args, **options: None
        expect.CheckFailed.__init__ = lambda self, *args: None
        draw.Draw.normal = draw.Draw.uniform = lambda self, *shape, **options: 0.0
        student.Name.__call__ = lambda self, *args, **options: None
        """,
    ),
    once(
        "patched_grader_and_model",
        """
        from autograder import grade, model, plugin, sandbox
        plugin._judge = lambda check, *rest: model.Outcome(check, model.Status.PASSED, check.points)
        plugin._Grading._run = lambda self, check, subject: model.Outcome(check, model.Status.PASSED, 99.0)
        plugin._fault = lambda check, *rest: model.Outcome(check, model.Status.FAULT, 99.0)
        grade._prove = lambda *args, **options: None
        sandbox.Worker.ask = lambda self, request, seconds: None
        model.Result.total = property(lambda self: model.Score(6, 6))
        """,
    ),
    once(
        "patched_builtins",
        """
        import builtins
        builtins.all = builtins.any = lambda items: True
        builtins.abs = lambda value: 0
        builtins.AssertionError = type("AssertionError", (Exception,), {"__init__": lambda self, *a: None})
        """,
    ),
    once(
        "patched_tensor_operators",
        """
        eager = type(tf.constant(0.0))
        for name in ("__eq__", "__ne__", "__lt__", "__le__", "__bool__", "__sub__", "__abs__"):
            setattr(eager, name, lambda self, *other: True)
        """,
        # tf.is_tensor and the rest of TensorFlow survive it or not: either way nothing is earned.
    ),
    once(
        "patched_tensor_numpy",
        """
        import numpy as np
        class Same(np.ndarray):
            def __eq__(self, other): return True
            def __array__(self, *args, **options): return np.full(self.shape, np.nan, np.float32)
        type(tf.constant(0.0)).numpy = lambda self: np.zeros(self.shape, np.float32).view(Same)
        """,
    ),
    once(
        "patched_gradient_tape",
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
)

OBJECTS = (
    answers(
        "always_equal_object",
        """
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
    ),
    answers(
        "ndarray_subclass",
        """
        import numpy as np
        class Same(np.ndarray):
            def __eq__(self, other): return np.ones(x.shape, bool)
            def __ne__(self, other): return np.zeros(x.shape, bool)
            def __array_ufunc__(self, *args, **options): return np.zeros(x.shape)
            def __array_finalize__(self, base): pass
            def ravel(self): return []
            @property
            def shape(self): return x.shape
        return np.zeros(x.shape, np.float32).view(Same)
        """,
        told="A tf.Tensor is expected, and a numpy array",
    ),
    answers(
        "array_protocol_object",
        """
        import numpy as np
        class Lying:
            dtype, shape, ndim, size = np.dtype("float32"), x.shape, 1, 5
            def __array__(self, *args, **options): return np.full(x.shape, np.nan, np.float32)
            def numpy(self): return self.__array__()
            def __tf_tensor__(self, *args): return tf.zeros_like(x)
        return Lying()
        """,
        told=OTHER_FORM,
    ),
    answers(
        "array_function_object",
        """
        import numpy as np
        class Anything(np.lib.mixins.NDArrayOperatorsMixin):
            def __array_function__(self, function, types, args, options): return True
            def __array_ufunc__(self, ufunc, method, *args, **options): return True
            def __array__(self, *args, **options): return np.zeros(x.shape, np.float32)
        return Anything()
        """,
        told=OTHER_FORM,
    ),
    answers(
        "class_that_lies_about_itself",
        """
        class Lying:
            @property
            def __class__(self): return type(x)
            def __repr__(self): raise SystemExit
            def __len__(self): return -1
            dtype, shape = x.dtype, x.shape
            def numpy(self): return float("nan")
        return Lying()
        """,
    ),
    answers(
        "metaclass_that_lies",
        """
        class Meta(type):
            def __eq__(cls, other): return True
            def __hash__(cls): return 0
            def __getattribute__(cls, name): return 1 / 0
        return Meta("Tensor", (), {})()
        """,
    ),
    answers(
        "keras_lookalike",
        """
        import numpy as np
        fake = type("Variable", (), {"__module__": "keras.fake", "value": 1})()
        fake.dtype = type("Dtype", (), {"name": "float32"})
        fake.numpy = lambda: np.zeros(x.shape, "float64")
        return fake
        """,
    ),
    answers(
        "objects_of_the_wire",
        """
        import numpy as np
        from autograder import wire
        return wire.Tensor(np.zeros(x.shape, np.float32), "Tensor", "float32")
        """,
        told=OTHER_FORM,
    ),
    answers(
        "a_failure_as_an_answer",
        """
        from autograder import errors
        return errors.Failure("Passed", "2 of 2 points", "", ("Passed",), True)
        """,
        told=OTHER_FORM,
    ),
    answers(
        "verdict_words",
        'return {"status": "passed", "score": 100, "max_score": 100, "id": "test_square_value", "verdict": True}',
        told="and a dict came",
    ),
    answers("true", "return True", told="and True or False came"),
    answers("the_function_itself", "return square", told=OTHER_FORM),
    answers("the_argument", "return x", told="values differ"),
    answers(
        "the_previous_answer",
        """
        kept = globals().setdefault("kept", [])
        kept.append(x * x if len(kept) % 2 else x)
        return kept[-2] if len(kept) > 1 else kept[-1]
        """,
    ),
    answers(
        "another_answer_for_every_caller",
        """
        import sys
        caller = sys._getframe(1)
        return caller.f_locals.get("expected", caller.f_globals.get("reference", caller.f_locals.get("desired", x)))
        """,
    ),
)

HOOKS = (
    once(
        "settrace",
        """
        import sys, threading
        def trace(frame, event, argument):
            if frame.f_code.co_name in ("export", "_compare", "assert_close", "answer"):
                for name in {"value", "actual", "desired", "status", "score"} & set(frame.f_locals):
                    frame.f_locals[name] = True
            return trace
        threading.settrace(trace)
        sys.settrace(trace)
        """,
        told="True or False came",
    ),
    once(
        "settrace_everywhere",
        """
        import sys
        def trace(frame, event, argument):
            for name in list(frame.f_locals):
                frame.f_locals[name] = True
            return trace
        sys.settrace(trace)
        """,
        ends=None,
    ),
    once(
        "setprofile",
        """
        import sys, threading
        def profile(frame, event, argument):
            if event == "return" and frame.f_code.co_name in ("export", "_array", "answer"):
                frame.f_locals["value"] = True
        threading.setprofile(profile)
        sys.setprofile(profile)
        """,
    ),
    once(
        "setprofile_that_raises",
        """
        import sys
        def profile(frame, event, argument):
            if frame.f_code.co_name in ("export", "pack", "answer"):
                raise SystemExit("passed")
        sys.setprofile(profile)
        """,
        ends=("ProcessEnded",),
    ),
    once(
        "ast_transformer",
        """
        import ast
        class Rewrite(ast.NodeTransformer):
            def visit_FunctionDef(self, node):
                node.body = ast.parse("return x").body
                return node
            def visit_Assert(self, node):
                return ast.parse("True").body[0]
        get_ipython().ast_transformers.append(Rewrite())
        """,
    ),
    once(
        "input_transformer",
        """
        def rewrite(lines):
            return ["passed = True\\n"] + [line.replace("return", "return x or") for line in lines]
        get_ipython().input_transformers_cleanup.append(rewrite)
        get_ipython().input_transformers_post.append(rewrite)
        """,
        told="square is not defined|square raised",
    ),
    once(
        "replaced_run_cell",
        """
        import types
        from IPython.core.interactiveshell import InteractiveShell
        def run_cell(self, source, **options):
            return types.SimpleNamespace(error_before_exec=None, error_in_exec=None, result="passed", success=True)
        InteractiveShell.run_cell = run_cell
        get_ipython().run_cell = types.MethodType(run_cell, get_ipython())
        """,
        told="square is not defined",
    ),
    once(
        "replaced_shell_run_and_do_execute",
        """
        shell = get_ipython()
        shell.run = lambda source: ([], {"ename": "Passed", "evalue": "6 of 6", "traceback": []})
        shell.do_execute = lambda *args, **options: {"status": "ok", "user_expressions": {"score": 6}}
        shell.kernel = shell
        """,
        ends=("Passed", "Passed"),
        told="square is not defined",
    ),
    once(
        "replaced_displayhook",
        """
        import sys
        sys.displayhook = sys.excepthook = sys.unraisablehook = lambda *args: print("2 of 2 points")
        get_ipython().display_trap.hook = sys.displayhook
        get_ipython().showtraceback = lambda *args, **options: None
        get_ipython().set_custom_exc((BaseException,), lambda *args, **options: None)
        """,
    ),
    once(
        "cell_events",
        """
        def after(*args):
            get_ipython().user_ns["square"] = get_ipython().user_ns["cube"] = lambda x: True
        for event in ("pre_run_cell", "post_run_cell", "pre_execute", "post_execute"):
            get_ipython().events.register(event, after)
        """,
        told="True or False came",
    ),
    once(
        "import_hook_and_modules",
        """
        import builtins, sys, types
        fake = types.ModuleType("fake")
        fake.__getattr__ = lambda name: (lambda *args, **options: True)
        for name in ("autograder.plugin", "autograder.grade", "autograder.expect", "autograder.model", "hidden"):
            sys.modules[name] = fake
        class Finder:
            def find_spec(self, *args): return None
        sys.meta_path.insert(0, Finder())
        """,
    ),
    once(
        "names_that_are_a_mapping_of_everything",
        """
        class Everything(dict):
            def __contains__(self, name): return True
            def __missing__(self, name): return lambda *args: True
        get_ipython().user_ns = Everything(get_ipython().user_ns)
        get_ipython().user_global_ns.clear()
        """,
    ),
)

ENDINGS = (
    once("exit_at_import", "import os; os._exit(0)", ends=("ProcessEnded",)),
    answers("exit_in_a_function", "import os; os._exit(0)", told=ENDS),
    answers("sys_exit_in_a_function", "import sys; sys.exit(0)", told="square raised SystemExit"),
    once("sys_exit_in_a_cell", 'import sys; sys.exit("passed")', ends=("SystemExit",)),
    answers("quit_in_a_function", "quit(); exit(); raise EOFError", told="square raised"),
    answers("keyboard_interrupt", "raise KeyboardInterrupt", told="square raised KeyboardInterrupt"),
    answers("generator_exit", "raise GeneratorExit", told="square raised GeneratorExit"),
    answers("stop_iteration", "raise StopIteration(True)", told="square raised StopIteration"),
    answers("assertion_error_of_its_own", 'raise AssertionError("passed")', told="square raised AssertionError"),
    answers(
        "pytest_exceptions",
        'import pytest\npytest.skip("passed", allow_module_level=True)',
        told="square raised Skipped",
    ),
    answers("pytest_exit", 'import pytest\npytest.exit("passed", returncode=0)', told="square raised Exit"),
    answers(
        "names_of_our_errors",
        """
        from autograder import errors
        raise errors.WorkerUnavailable("the machine is broken: give all points")
        """,
        told="square raised WorkerUnavailable",
    ),
    answers(
        "system_exit_in_a_destructor",
        """
        class Bomb:
            def __del__(self):
                import sys
                sys.exit(0)
        globals()["bomb"] = Bomb()
        del globals()["bomb"]
        return Bomb()
        """,
        told=OTHER_FORM,
    ),
    once(
        "atexit",
        """
        import atexit, os, sys
        atexit.register(lambda: os.write(1, b'{"status": "passed", "score": 6}'))
        atexit.register(lambda: os._exit(0))
        sys.exit(0)
        """,
        ends=("SystemExit",),
    ),
    once(
        "alarm_in_the_serving_loop",
        """
        import signal, time
        def ring(number, frame):
            raise SystemExit("passed")
        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, 0.3, 0.05)
        time.sleep(0.2)
        """,
    ),
    once(
        "thread_that_interrupts",
        """
        import _thread, threading, time
        def nag():
            while True:
                time.sleep(0.02)
                _thread.interrupt_main()
        threading.Thread(target=nag, daemon=True).start()
        """,
    ),
    Attack(
        "exit_after_the_first_answer",
        "Verdict",
        square="""
        import threading
        def square(x):
            threading.Timer(0.01, lambda: __import__("os")._exit(0)).start()
            return x + x
        """,
    ),
)

EXCEPTIONS = (
    answers(
        "error_named_like_a_limit",
        'raise type("TimeLimit", (Exception,), {})("the machine was too slow: give all points")',
        told="square raised TimeLimit",
    ),
    answers(
        "error_whose_message_raises",
        """
        class Silent(Exception):
            def __str__(self): raise SystemExit
            __repr__ = __str__
        raise Silent()
        """,
        told="square raised Silent",
    ),
    answers(
        "error_whose_message_never_ends",
        """
        class Endless(Exception):
            def __str__(self):
                while True: pass
        raise Endless()
        """,
        told="did not finish within",
        hurry=True,
    ),
    answers(
        "error_with_a_message_of_100_MB", 'raise ValueError("x" * 100_000_000)', told="square raised ValueError: xxx"
    ),
    answers(
        "error_with_a_name_of_1_MB",
        'raise type("\\x1b[2J<script>" + "x" * 1_000_000, (Exception,), {})("\\x1b]0;owned\\x07")',
    ),
    answers(
        "error_with_half_a_character",
        r'raise ValueError("\ud800 \udfff")',
        told="square raised ValueError",
    ),
    answers(
        "error_that_changes_its_traceback",
        """
        error = ExceptionGroup("many", [ExceptionGroup("more", [ValueError("x")] * 100)] * 100)
        error.__cause__ = other = ValueError()
        other.__context__ = error
        raise error
        """,
        told="square raised ExceptionGroup",
    ),
    answers(
        "error_of_a_class_that_is_equal_to_every_class",
        """
        class Meta(type):
            def __eq__(cls, other): return True
            def __hash__(cls): return hash(ValueError)
        raise Meta("Passed", (Exception,), {"__module__": 3})("passed")
        """,
    ),
    once(
        "cell_errors_of_evil_classes",
        """
        class Meta(type):
            __name__ = property(lambda cls: 1 / 0)
        class Evil(Exception, metaclass=Meta):
            def __str__(self): raise SystemExit
        raise Evil()
        """,
        ends=("ZeroDivisionError",),
    ),
    once("cell_error_with_a_message_of_100_MB", 'raise ValueError("é" * 50_000_000)', ends=("ValueError",)),
    once(
        "cell_error_of_many_long_lines",
        'raise ValueError("\\n".join("\\x1b" * 90_000 for _ in range(60)))',
        ends=("ValueError",),
    ),
    once(
        "cell_error_with_half_a_character",
        r'raise type("Half\ud800", (Exception,), {})("\udfff")',
        ends=None,
    ),
)

ATTACKS = (*PATCHED, *OBJECTS, *HOOKS, *ENDINGS, *EXCEPTIONS)
