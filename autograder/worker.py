"""The worker process: run a notebook's cells once, then answer requests about what they left behind.

Started as ``python -m autograder.worker FD CAGE`` with one end of a socket pair, or forked by the zygote. It
takes one request at a time and sends one reply with the request's id. It knows no expected value, no check
and no verdict; whatever student code does to this process, it can only change its own answers.
"""

from __future__ import annotations

import collections
import contextlib
import difflib
import functools
import inspect
import json
import os
import random
import re
import socket
import sys
import textwrap
import traceback
import types
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any

import numpy as np

from . import harden, input_pipelines, probes, wire
from .errors import Failure, WireError

PROBES = "probes.py"  # the file that the lines of an assignment's own probes are said to be in
RANDOM_STATE = 20_000
GPU_PART_MB = 1024  # of each logical GPU, where one is shared by several replicas
NEAR = 0.85  # how much two names have in common of which one may be the other, misspelt; as difflib counts
# TensorFlow's names for where an op ran and for all that it takes, addresses of graphs, and Keras's bold type: noise to
# a student.
_NOISE = re.compile(
    r"\{\{function_node [^}]*\}\} ?|\s*; NodeDef: [^\n]*|(?:\s*\[\[\{\{node [^}]*\}\}\]\])+|\s*\[Op:\w+\](?: name: ?)?"
    r"|(?<=\w), id=\d{9,}(?=\))|\x1b\[[0-9;]*m"
    r"|(?:outer_factory\.<locals>\.inner_factory\.<locals>\.)?\btf__(?=\w)"  # AutoGraph's names for functions
    r"|(?s:Received args: .*? for )(?=signature: )"  # all the values that a tf.function was called with
)
# How an error begins that came while a graph was made or run, and each place that it passed through.
_OF_GRAPH = re.compile(r"in user code:|Graph execution error:\s+Detected at node [^\n]*")
_PLACE = re.compile(r'^ *File "([^"\n]*)", line (\d+), in (\S+)[ *]*\n(?: {8}([^\n]*)\n|\s*\n)?', re.MULTILINE)
# A line that TensorFlow tells of in a message, with its code and what is put under it.
_FRAME = re.compile(r'^([ \t]*)File "([^"\n]*)", line \d+, in [^\n]*\n(?:\1[ \t]+(?!File ")[^\n]*\n)*', re.MULTILINE)
_GAP = re.compile(r"\n(?:[ \t]*\n){2,}")
MAX_MESSAGE = 2_000  # characters of an error's message

# ---- values in and out -------------------------------------------------------------------------------


def localize(value: Any) -> Any:
    """What a check sent, as the notebook's code is to get it: arrays become tensors, Variables or ndarrays."""
    import tensorflow as tf

    if isinstance(value, wire.Tensor):
        if value.kind == "ndarray":
            return value.array.copy()
        if value.kind == "SparseTensor":
            return tf.sparse.from_dense(localize(wire.Tensor(value.array, "Tensor", value.dtype)))
        if value.array.dtype == object:
            tensor = tf.constant(value.array.tolist(), tf.string, value.array.shape)
        else:  # bfloat16 and its like travel as float32
            tensor = tf.cast(tf.constant(value.array), value.dtype)
        return tf.Variable(tensor) if value.kind == "Variable" else tensor
    if isinstance(value, wire.Ragged):
        return tf.RaggedTensor.from_nested_row_splits(localize(value.values), value.splits)
    if isinstance(value, tuple):
        return tuple(localize(item) for item in value)
    if isinstance(value, list):
        return [localize(item) for item in value]
    if isinstance(value, dict):
        return {key: localize(item) for key, item in value.items()}
    return value


def export(value: Any) -> Any:
    """A value of the notebook as data that crosses the wire, with what it was."""
    import tensorflow as tf

    if value is None or type(value) in (bool, int, float, str, bytes):
        return value
    if isinstance(value, tf.Variable) or (type(value).__module__.startswith("keras.") and hasattr(value, "value")):
        return _array(value, "Variable")
    if isinstance(value, tf.IndexedSlices) and value.dense_shape is not None:
        return _array(tf.convert_to_tensor(value), "IndexedSlices")
    if isinstance(value, tf.SparseTensor):
        return _array(tf.sparse.to_dense(value), "SparseTensor")
    if isinstance(value, tf.RaggedTensor):
        return _ragged(value)
    if tf.is_tensor(value):
        return _array(value, "Tensor") if hasattr(value, "numpy") else wire.Opaque("symbolic tensor")
    if isinstance(value, np.ndarray):
        return _array(value, "ndarray")
    if isinstance(value, np.generic):
        return _array(np.asarray(value), "numpy scalar")
    if isinstance(value, tuple):
        return tuple(export(item) for item in value)
    if isinstance(value, list):
        return [export(item) for item in value]
    if isinstance(value, Mapping):
        return {key if type(key) in (str, int, bool) else str(key): export(item) for key, item in value.items()}
    for plain in (int, float, str):
        if isinstance(value, plain):  # a subclass, such as an enum: the plain value, whatever it calls itself
            return getattr(plain, f"__{plain.__name__}__")(value)
    if isinstance(value, (set, frozenset)):
        return sorted((export(item) for item in value), key=repr)
    return wire.Opaque(f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins."))


def _ragged(value: Any) -> Any:
    values = export(value.flat_values)
    if not isinstance(values, wire.Tensor):
        return wire.Opaque("symbolic tensor")
    return wire.Ragged(values, tuple(split.numpy().astype("int64") for split in value.nested_row_splits))


def _array(value: Any, kind: str) -> Any:
    dtype = getattr(value.dtype, "name", str(value.dtype))
    if dtype in ("resource", "variant"):
        return wire.Opaque(f"{kind} of dtype {dtype}")
    array = value if isinstance(value, np.ndarray) else value.numpy()
    array = np.array(array, dtype=object if isinstance(array, bytes) else None, copy=None)
    if array.dtype.kind in "SU" or array.dtype == object:
        if not all(isinstance(item, (bytes, str)) for item in array.ravel()):
            return wire.Opaque(f"{kind} of objects")
        encoded = np.empty(array.size, dtype=object)
        encoded[:] = [item.encode() if isinstance(item, str) else bytes(item) for item in array.ravel()]
        return wire.Tensor(encoded.reshape(array.shape), kind, "string")
    if dtype not in wire.DTYPE_NAMES:
        return wire.Opaque(f"{kind} of dtype {dtype}")
    return wire.Tensor(array.astype(wire.SENT_AS.get(dtype, "float32"), copy=False), kind, dtype)


# ---- requests ----------------------------------------------------------------------------------------


class _Names(Mapping[str, Any]):
    """The notebook's names, for probes: one that is missing is a NameError, as in the notebook itself."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names

    def __getitem__(self, name: str) -> Any:
        try:
            return self._names[name]
        except KeyError:
            raise NameError(self.missing(name)) from None

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def missing(self, name: str, kinds: tuple[type, ...] = (object,)) -> str:
        """What Python says of a name that is missing; where another one is almost the same, it is told as well.

        Args:
            name: The name.
            kinds: Of what could be meant by it.
        """
        likely = {
            other.lower(): other
            for other, value in self._names.items()
            if isinstance(value, kinds) and not isinstance(value, types.ModuleType) and not other.startswith("_")
        }
        near = difflib.get_close_matches(name.lower(), likely, 1, NEAR)
        return f"name {name!r} is not defined" + (f". Did you mean: {likely[near[0]]!r}?" if near else "")

    def with_name(self, name: str, value: Any) -> _Names:
        """The names, with another value for one of them."""
        return _Names(collections.ChainMap({name: value}, dict(self._names)))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Responder:
    """Answers requests about live Python objects. The same class serves a worker and a student's own kernel.

    Args:
        names: The notebook's names.
        own_probes: The assignment's probes, by name, next to the built-in ones.
    """

    def __init__(self, names: Mapping[str, Any], own_probes: Mapping[str, Callable[..., Any]]) -> None:
        self._names = _Names(names)
        self._own = own_probes
        self.spent = False  # whether TensorFlow can go on in this process

    def answer(self, request: Mapping[str, Any]) -> Any:
        """The reply to one request: exported data, or the :class:`Failure` of the code that was called.

        Every request begins with the same random state, so that the student's code and the reference draw the
        same numbers; the state that was there comes back afterwards. What is traced for a request does not count
        among the calls after which TensorFlow warns of retracing.
        """
        with _same_random_state(), _retracing_not_counted():
            return self._answer(request)

    def _answer(self, request: Mapping[str, Any]) -> Any:
        try:
            name = request.get("name")
            if name is not None and name not in self._names:
                kinds = (Mapping, list, tuple) if request["probe"] == "answers" else (object,)
                return Failure("NameError", self._names.missing(name, kinds), builtin=True)
            args, options = localize(request.get("args", ())), request.get("options", {})
            probe = request["probe"]
            if request.get("own"):
                args, options = probes.ready(self._names, args, localize(options))
                return export(self._own[probe](self._names, *args, **options))
            if name is None:
                return export(probes.CLEAN[probe](*args, **options))
            if probe == "value":
                return export(probes.basic.value(self._names, name))
            kwargs = localize(request.get("kwargs", {}))
            builtin: Callable[..., Any] = probes.BUILTIN[probe]
            if probe not in probes.BUILD_SPECS:
                args, kwargs = probes.ready(self._names, args, kwargs)
            return export(builtin(self._of(request), name, args, kwargs, **options))
        except BaseException as error:
            self.spent = self.spent or is_final(error)
            return failure(error)
        finally:
            probes.restore()

    def _of(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """The notebook's names; the one that is asked about stands for what it makes, where the request says so."""
        if "made" not in request:
            return self._names
        args, kwargs = probes.ready(self._names, *localize(request["made"]))
        return self._names.with_name(request["name"], self._names[request["name"]](*args, **kwargs))


def is_final(error: BaseException | None) -> bool:
    """Whether TensorFlow cannot go on after an error: a failed collective op aborts all that follow in its process."""
    from tensorflow.python.framework import errors_impl

    if isinstance(error, (errors_impl.AbortedError, errors_impl.CancelledError)):
        return True
    return isinstance(error, errors_impl.OpError) and "Collective ops is aborted" in str(error)


def failure(error: BaseException) -> Failure:
    """What can be told of an exception: names, message, and the lines of the notebook on its way."""
    kind = type(error)
    module = getattr(kind, "__module__", "")
    builtin = kind in vars(__import__("builtins")).values() or module.startswith("tensorflow.python.framework.errors")
    try:
        notes = "".join(f"\n{note}" for note in getattr(error, "__notes__", ()))[:500]  # what a probe knows of it
        told = _shortened(str(error), 20 * MAX_MESSAGE)  # looking through all of a very long one would take too long
        told, passed = _out_of_graph(told, kind.__name__)
        told = _GAP.sub("\n\n", _NOISE.sub("", _FRAME.sub(_of_cells, told)))
        message = _shortened(told, MAX_MESSAGE - len(notes)) + notes
    except BaseException:
        message, passed = "", []
    try:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if frame.filename != PROBES and (_is_cell(frame.filename) or not frame.line)]
        lines = [f"line {frame.lineno} in {frame.name}: {frame.line}".rstrip(": ") for frame in own]
        lines = [*lines, *(each for each in passed if not any(line.startswith(each) for line in lines))][-5:]
        if not message and builtin and kind is NotImplementedError:
            message = _left_to_a_class(str(error), frames)
    except BaseException:
        lines = []
    bases = tuple(str(base.__name__) for base in inspect.getmro(kind))
    return Failure(str(kind.__name__)[:100], message, "\n".join(lines)[:4000], bases[:20], bool(builtin))


def _out_of_graph(told: str, name: str) -> tuple[str, list[str]]:
    """An error that came while a graph was made or run, without TensorFlow's account of where.

    Args:
        told: The error's message.
        name: Its class, which AutoGraph says once more.

    Returns:
        What happened, and the lines of the notebook that the account names.
    """
    start = _OF_GRAPH.match(told)
    if not start:
        return told, []
    lines = []
    for place in _PLACE.finditer(told):
        if _is_cell(place[1]):
            lines.append(f"line {place[2]} in {place[3]}: {(place[4] or '').strip()}".rstrip(": "))
    rest = textwrap.dedent(_PLACE.sub("", told[start.end() :]).strip("\n")).strip()
    return rest.removeprefix(f"{name}:").strip(), lines


def _left_to_a_class(told: str, frames: Sequence[traceback.FrameSummary]) -> str:
    """What an error without a word is about that a library's base class raised; ``""`` for that of a stub."""
    places = [(frame.filename, frame.name, frame.line) for frame in frames]
    places += [(file, name, line) for file, _, name, line in _PLACE.findall(told)]  # those in a graph lie deeper
    file, name, line = places[-1] if places else ("", "", "")
    if _is_cell(file) or not line:
        return ""
    return f"the base class leaves {name} to yours: is it there, and spelled like this?"


def _of_cells(frame: re.Match[str]) -> str:
    """Of the lines that say where TensorFlow was, those of the notebook: nobody looks for a mistake in the others."""
    return frame[0] if _is_cell(frame[2]) else ""


def _shortened(text: str, most: int) -> str:
    """A text with its middle left out, where it is too long: what is wrong often stands at its end."""
    gap = "\n…\n"
    first = most * 2 // 3
    return text if len(text) <= most else f"{text[:first]}{gap}{text[len(text) - (most - first - len(gap)) :]}"


def _is_cell(filename: str) -> bool:
    """Whether code of this file is a cell of a notebook, run by IPython or by Jupyter's kernel."""
    return filename.startswith("<ipython") or "ipykernel_" in filename


def load_probes(source: str) -> dict[str, Callable[..., Any]]:
    """The functions that an assignment's ``probes.py`` defines.

    Args:
        source: Text of the file; ``""`` for none.
    """
    module = types.ModuleType("probes")
    exec(compile(source, PROBES, "exec"), vars(module))
    return {name: item for name, item in vars(module).items() if inspect.isfunction(item) and not name.startswith("_")}


@contextlib.contextmanager
def _same_random_state() -> Iterator[None]:
    from tensorflow.python.eager import context

    kept = random.getstate(), np.random.get_state(), context.global_seed()
    stream = getattr(context.context(), "_rng", None)
    kept_by_keras = _keras_random_state()
    generator, kept_by_generator = _global_generator()
    seed_everything()
    try:
        yield
    finally:
        random.setstate(kept[0])
        np.random.set_state(kept[1])
        _seed_tensorflow(kept[2])
        if stream is not None:  # goes on where it was, instead of beginning anew
            context.context()._rng = stream
        _keras_random_state(kept_by_keras)
        if generator is not None:
            generator.reset(kept_by_generator)


class _Uncounted:
    """Takes the place of what counts the calls of each tf.function that are traced, and counts nothing."""

    def called_without_tracing(self, *_: object) -> None:
        pass

    def called_with_tracing(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def _retracing_not_counted() -> Iterator[None]:
    """Leave TensorFlow's counts as they are, which end in "5 out of the last 5 calls … triggered retracing".

    A check calls a function with many drawn inputs, which its author did not choose. TensorFlow warns twice of a
    function, and both warnings are for its author's own calls.
    """
    from tensorflow.python.eager.polymorphic_function import polymorphic_function

    counted = polymorphic_function._frequent_tracing_detector_manager
    polymorphic_function._frequent_tracing_detector_manager = _Uncounted()
    try:
        yield
    finally:
        polymorphic_function._frequent_tracing_detector_manager = counted


def _keras_random_state(restored: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What Keras keeps beside TensorFlow's seed, for ``keras.random``; set first where it is given."""
    if "keras" not in sys.modules:  # loading it would take a second
        return {}
    from keras.src.backend.common import global_state

    for name, value in (restored or {}).items():
        global_state.set_global_attribute(name, value)
    names = ("global_random_seed", "global_seed_generator")
    return {name: global_state.get_global_attribute(name) for name in names}


def _global_generator() -> tuple[Any, Any]:
    """The generator that ``tf.random.get_global_generator`` gives, and its state; None where nobody has made one."""
    from tensorflow.python.ops import stateful_random_ops

    generator = stateful_random_ops.global_generator
    if not isinstance(generator, stateful_random_ops.Generator):
        return None, None
    return generator, generator.state.read_value()


def seed_everything() -> None:
    """Set the random state of Python, numpy and TensorFlow to where every notebook and request begins.

    The number has nothing to do with the seed that a grading draws its inputs from, which no worker knows.
    """
    random.seed(RANDOM_STATE)
    np.random.seed(RANDOM_STATE)
    _seed_tensorflow(RANDOM_STATE)
    _keras_random_state({"global_random_seed": RANDOM_STATE, "global_seed_generator": None})
    generator, _ = _global_generator()
    if generator is not None:
        generator.reset_from_seed(RANDOM_STATE)


class _RandomOps:
    """Whether this process made a TensorFlow op that keeps a random state of its own, such as ``tf.random.normal``."""

    made = True  # for all that one knows, where nobody watches


def watch_random_ops() -> None:
    """Take note of the first op with a random state. Call it before there is one."""
    from tensorflow.python.framework import random_seed

    get_seed = random_seed.get_seed  # every such op calls it, but for those of tf.raw_ops

    @functools.wraps(get_seed)
    def noted(op_seed: Any) -> Any:
        _RandomOps.made = True
        return get_seed(op_seed)

    random_seed.get_seed = noted
    _RandomOps.made = False


def _seed_tensorflow(seed: int | None) -> None:
    """What ``tf.random.set_seed`` does, without making TensorFlow forget every op that it has prepared.

    It forgets them for the sake of those with a random state; preparing the others again, request after request,
    would double the time that checks take.
    """
    import tensorflow as tf
    from tensorflow.python.eager import context

    if _RandomOps.made:
        tf.random.set_seed(seed)
    else:
        context.context()._seed = seed
        context.context()._rng = random.Random(seed)


# ---- the process -------------------------------------------------------------------------------------


def begin(channel: socket.socket, cage: harden.Cage) -> None:
    """Harden this process, and serve what comes over a socket until it closes.

    Args:
        channel: The connection to the grader.
        cage: What is to hold this process.
    """
    harden.close_descriptors(channel.fileno())
    twin, failed = None, ""
    try:
        twin = harden.harden(cage)
    except (OSError, ImportError) as error:  # the latter where its new user cannot read Python
        failed = getattr(error, "strerror", None) or str(error)
    if twin is not None and twin.task == 1:
        channel.close()
        channel = twin.channel
    serve(channel, failed, twin)


def serve(channel: socket.socket, failed: str = "", twin: harden.Twin | None = None) -> None:
    """Take requests from a socket until it closes. Never returns normally to student code.

    The first request asks how this process is held (see :func:`autograder.harden.examine`), the second sets it
    up. Then each ``cell`` request runs a cell, and the others are answered by a :class:`Responder`.

    Args:
        channel: Connected stream socket; frames as in :mod:`autograder.wire`.
        failed: Why this process could not be hardened; nothing is run in it then.
        twin: The other one of two workers. The first one hands on what both are to do, and does it at the same time.
    """
    read = functools.partial(_receive, channel)
    second = twin if twin is not None and twin.task == 0 else None

    def hand_on(request: Mapping[str, Any]) -> None:
        if second is not None:
            second.channel.sendall(wire.pack(dict(request)))

    def from_second() -> Any:
        assert second is not None
        return wire.read_frame(functools.partial(_receive, second.channel))["value"]

    def reply(request: Mapping[str, Any], value: Any, spent: bool = False) -> None:
        told = {"spent": True} if spent else {}
        try:
            frame = wire.pack({"id": request["id"], "value": value, **told})
        except WireError as error:
            failed = Failure("ValueTooLarge", str(error), builtin=True)
            frame = wire.pack({"id": request["id"], "value": failed, **told})
        channel.sendall(frame)

    first = wire.read_frame(read)
    found = {"failed": failed, **harden.examine(first["needed"], first["forbidden"])}
    hand_on(first)
    if second is not None:
        others = from_second()
        found = {name: value + others[name] for name, value in found.items()} | {"twin": second.pid}
    reply(first, found)
    if found["failed"]:
        return
    try:
        setup = wire.read_frame(read)
    except EOFError:
        return
    hand_on(setup)
    load_tensorflow()
    watch_random_ops()
    harden.limit_memory(setup["memory_bytes"], mappings=not setup["gpus"])
    configure_tensorflow(setup["devices"], gpus=setup["gpus"])
    if twin is not None:
        cluster = {"worker": [f"127.0.0.1:{port}" for port in harden.PORTS]}
        os.environ["TF_CONFIG"] = json.dumps({"cluster": cluster, "task": {"type": "worker", "index": twin.task}})
        probes.distribution.join_workers()

    from .shell import Shell

    shell = Shell.start()
    names: MutableMapping[str, Any] = shell.user_ns
    install_check_stand_in()
    try:
        responder = Responder(names, load_probes(setup["probes"]))
    except BaseException as broken:  # the file is the instructor's program: anything can come of it
        reply(setup, failure(broken))
        return
    if second is not None:
        from_second()
    reply(setup, None)
    while True:
        try:
            request = wire.read_frame(read)
        except EOFError:
            return
        if "cell" in request:
            hand_on(request)
            outputs, error = shell.run(request["cell"])
            if second is not None:
                from_second()  # what it shows is the same
            reply(request, {"outputs": outputs, "error": error}, spent=is_final(shell.error))
        else:
            if "workers" in request:
                hand_on(request)
            value = shell.quietly(functools.partial(responder.answer, request))
            if second is not None and "workers" in request:
                both = [value, from_second()]
                value = next((each for each in both if isinstance(each, Failure)), both)
            reply(request, value, spent=responder.spent)


def _receive(channel: socket.socket, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        part = channel.recv(min(count - len(data), 1 << 20))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


def load_tensorflow() -> None:
    """Import TensorFlow, where no zygote has, before the memory is bounded on top of what is in use."""
    import tensorflow  # noqa: F401


def configure_tensorflow(devices: int, *, gpus: bool = False) -> None:
    """Set what must be set before the first op: logical devices, threads, determinism, seeds.

    Args:
        devices: How many logical CPU devices the notebook sees.
        gpus: Whether it is to see as many GPUs, too: the machine's own, or parts of the first one where there are
            fewer.
    """
    import tensorflow as tf
    from tensorflow.core.protobuf import config_pb2
    from tensorflow.python.eager import context

    # A thread that waits for work would spin for a while before it sleeps: a sixth of what a training on replicas
    # costs, and nothing is gained where other notebooks wait for the core. No public function sets this.
    experimental = config_pb2.ConfigProto.Experimental(disable_thread_spinning=True)
    context.context()._config = config_pb2.ConfigProto(experimental=experimental)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(max(2, devices))
    if devices > 1:
        cpu = tf.config.list_physical_devices("CPU")[0]
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * devices)
    found = tf.config.list_physical_devices("GPU") if gpus else []
    if 0 < len(found) < devices:
        part = tf.config.LogicalDeviceConfiguration(memory_limit=GPU_PART_MB)
        tf.config.set_logical_device_configuration(found[0], [part] * devices)
    else:
        for gpu in found:  # it would take all of the memory otherwise, which others are to have too
            tf.config.experimental.set_memory_growth(gpu, True)
    seed_everything()  # before determinism, under which unseeded random ops raise
    tf.config.experimental.enable_op_determinism()
    input_pipelines.make_cheap()


def install_check_stand_in() -> None:
    """Make ``from autograder import check`` harmless here: checking is done from outside this process."""
    import autograder

    def check(*exercises: str, **options: Any) -> None:
        """Checks run outside of the notebook when it is graded."""

    vars(autograder)["check"] = check


def main() -> None:
    """Entry point of ``python -m autograder.worker FD CAGE``."""
    begin(socket.socket(fileno=int(sys.argv[1])), harden.Cage.from_json(json.loads(sys.argv[2])))
    os._exit(0)


if __name__ == "__main__":
    main()
