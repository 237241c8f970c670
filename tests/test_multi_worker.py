"""Two workers of one notebook: what they compute together, what they reach, and where there cannot be two."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from courses import Shared, notebook, submit, write_course

from autograder import isolation, sandbox
from autograder.course import Course
from autograder.errors import CallFailed, CourseError, IsolationLost, NotCheckable
from autograder.expect import Run, assert_reduced, stand_in
from autograder.grade import Grader, record
from autograder.live import _Live
from autograder.model import Result, Status
from autograder.notebook import Step
from autograder.sandbox import Limits, Session
from autograder.student import Proxy

NOTEBOOK = """
import os, socket, tensorflow as tf
task = int(__import__("json").loads(os.environ["TF_CONFIG"])["task"]["index"])

def train(strategy, x, y, kernel, batch):
    data = strategy.experimental_distribute_dataset(tf.data.Dataset.from_tensor_slices((x, y)).batch(batch))
    with strategy.scope():
        model = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1, use_bias=False)])
        model.set_weights([kernel])
        optimizer = tf.keras.optimizers.SGD(0.1)
        optimizer.build(model.trainable_variables)
    def step(inputs):
        x, y = inputs
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum((model(x, training=True) - y) ** 2) / batch
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss
    @tf.function
    def whole_step(inputs): return strategy.reduce("SUM", strategy.run(step, args=(inputs,)), axis=None)
    return [whole_step(inputs) for inputs in data], model.get_weights()[0]
def own_strategy(x):
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    return strategy.num_replicas_in_sync, strategy.reduce("SUM", strategy.run(lambda: x), axis=None)
def same(value): return value
def who(): return task, os.getpid()
def raises_in(which):
    if task == which:
        raise ValueError("mine")
def ends(which):
    if task == which:
        os._exit(0)
def tried(code):
    try:
        exec(code, {"socket": socket, "os": os})
    except OSError as error:
        return type(error).__name__
    return "it worked"
"""


@pytest.fixture(scope="module")
def start(starter: sandbox.Starter) -> sandbox.Starter:
    if starter.machine.choice.level < "L3":
        pytest.skip(f"this machine has no network namespaces: {starter.machine.why_not_more()}")
    return starter


def session_of(start: sandbox.Starter, limits: Limits) -> Session:
    return Session(start, (Step(0, "a", NOTEBOOK),), limits)


TWO = Limits(multi_worker=True, request_seconds=60)


@pytest.fixture(scope="module")
def student(start: sandbox.Starter) -> Iterator[Proxy]:
    with session_of(start, TWO) as session:
        session.run()
        assert session.runs[0].error is None
        assert session.isolation == "L3"
        yield Proxy(session)


def results(runs: tuple[Run, ...]) -> list[Any]:
    return [run.result for run in runs]


# ---- what they compute ---------------------------------------------------------------------------------


def test_two_workers_train_as_one_replica_does(student: Proxy) -> None:
    rng = np.random.default_rng(0)
    x, y, kernel = (rng.normal(size=shape).astype("float32") for shape in ((10, 2), (10, 1), (2, 1)))
    args = stand_in.strategy(), x, y, kernel, 4
    alone = student.train.distributed(*args, replicas=1)
    both = student.train.workers(*args)
    assert [(run.replicas, run.on) for run in both] == [(2, "CPU"), (2, "CPU")]
    for run in both:
        assert_reduced(run, alone, rtol=1e-5, atol=1e-5)
    assert {call["call"] for call in both[1].calls} >= {"distribute dataset", "run", "reduce"}


def test_each_worker_has_its_share_of_the_data(student: Proxy) -> None:
    data = stand_in.dataset(np.arange(8.0), batch=4, distributed=True)
    first, second = (
        [batch["per replica"][0].array.tolist() for batch in found["distributed dataset"]]
        for found in results(student.same.workers(data))
    )
    assert [sorted(a + b) for a, b in zip(first, second, strict=True)] == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_a_strategy_of_the_notebook_s_own(student: Proxy) -> None:
    for count, total in results(student.own_strategy.workers(np.float32(2))):
        assert count == 2
        assert total.array == 4


def test_other_calls_go_to_the_first_worker(student: Proxy) -> None:
    (first, pid), (second, other) = results(student.who.workers())
    assert (first, second) == (0, 1)
    assert pid != other
    assert student.who() == (0, pid)


@pytest.mark.parametrize("which", [0, 1])
def test_an_error_in_one_worker_is_told(student: Proxy, which: int) -> None:
    with pytest.raises(CallFailed) as caught:
        student.raises_in.workers(which)
    assert (caught.value.failure.ename, caught.value.failure.evalue) == ("ValueError", "mine")
    assert results(student.same.workers(1)) == [1, 1]


@pytest.mark.parametrize("which", [0, 1])
def test_a_worker_that_ends_is_replaced_with_its_twin(student: Proxy, which: int) -> None:
    with pytest.raises(CallFailed) as caught:
        student.ends.workers(which)
    assert caught.value.failure.ename == "ProcessEnded"
    assert results(student.same.workers(1)) == [1, 1]


def test_no_process_is_left(start: sandbox.Starter) -> None:
    with session_of(start, TWO) as session:
        session.run()
        found = Proxy(session).who.workers()
        twins = [pid for _, pid in results(found)]
        assert all(Path(f"/proc/{pid}").exists() for pid in twins)
    assert not any(Path(f"/proc/{pid}").exists() for pid in twins)


# ---- what they reach -----------------------------------------------------------------------------------

PORT = "s = socket.socket(); s.settimeout(2); s.connect(({host!r}, {port}))"


def test_only_the_twin_can_be_reached(student: Proxy) -> None:
    _, pid = student.who()
    assert isolation.interfaces(pid) == {"lo"}
    assert isolation.facts(pid).namespaces["net"] != isolation.facts("self").namespaces["net"]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert student.tried(PORT.format(host="127.0.0.1", port=port)) == "PermissionError"
    assert student.tried(PORT.format(host="127.0.0.1", port=2223)) == "it worked"
    assert student.tried(PORT.format(host="192.0.2.1", port=2223)) == "OSError"  # the network is unreachable


@pytest.mark.parametrize(
    "code",
    [
        "socket.socket(socket.AF_UNIX)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_INET, socket.SOCK_RAW)",
        "socket.socket(16, socket.SOCK_RAW)",
        "socket.getaddrinfo('example.org', 80)",
        "socket.create_server(('127.0.0.1', 8080))",
        "os.kill(os.getppid(), 0)",
        "os.fork()",
        "open('/etc/passwd')",
    ],
)
def test_all_else_is_refused_in_both(student: Proxy, code: str) -> None:
    for told in results(student.tried.workers(code)):
        assert told in ("PermissionError", "gaierror")


def test_one_worker_alone_gets_no_sockets(start: sandbox.Starter) -> None:
    with session_of(start, Limits()) as session:
        session.run()
        assert session.runs[0].error is not None  # there is no TF_CONFIG
        steps = (Step(0, "a", NOTEBOOK.replace('os.environ["TF_CONFIG"]', '\'{"task": {"index": 0}}\'')),)
    with Session(start, steps, Limits()) as session:
        assert Proxy(session).tried("socket.socket()") == "PermissionError"


@pytest.mark.parametrize("seen", [{"lo", "eth0"}, set()])
def test_a_network_with_more_than_a_loopback_is_refused(
    start: sandbox.Starter, monkeypatch: pytest.MonkeyPatch, seen: set[str]
) -> None:
    monkeypatch.setattr(isolation, "interfaces", lambda pid: frozenset(seen))
    with pytest.raises(IsolationLost, match="more than a loopback"), session_of(start, TWO) as session:
        session.run()


def test_a_second_worker_that_is_held_otherwise_is_refused(
    start: sandbox.Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert start.machine.choice.level == "L3"  # looked at before, with workers of its own
    real, asked = isolation.facts, []

    def facts(pid: int | str) -> isolation.Facts:
        if pid != "self":
            asked.append(pid)
        second = pid != "self" and len(asked) % 2 == 0  # of each two, whoever is started
        return dataclasses.replace(real(pid), filters=real(pid).filters + second)

    monkeypatch.setattr(isolation, "facts", facts)
    with pytest.raises(IsolationLost, match="not held as the first"), session_of(start, TWO) as session:
        session.run()


# ---- where there cannot be two -------------------------------------------------------------------------

VISIBLE = '''
import pytest
from autograder.expect import assert_equal

@pytest.mark.points(2)
def test_square_value(student, reference, draw):
    """square works in two workers."""
    x = draw.normal(3)
    for mine, theirs in zip(student.square.workers(x), reference.square.workers(x), strict=True):
        assert_equal(mine.result, theirs.result)

@pytest.mark.points(1, needs="test_square_value")
def test_square_again(student, reference, draw):
    """square works again."""

@pytest.mark.points(1)
def test_cube_value(student, reference, draw):
    """cube works in one."""
    x = draw.normal(3)
    assert_equal(student.cube(x), reference.cube(x))
'''
HIDDEN = "import pytest"


def course_in(folder: Path, settings: str) -> Course:
    course = write_course(folder, VISIBLE, HIDDEN)
    (course.root / "tests/graded/small/settings.toml").write_text(settings)
    return course


def grade(course: Course, start: sandbox.Starter) -> Result:
    path = submit(course, "someone", notebook(square="def square(x):\n    return x + x"))
    with Grader(course, seed=1, start=Shared(start)) as grader:
        return grader.grade_file(path, "small", "powers", "someone").result


def test_two_workers_are_graded_and_recorded(tmp_path: Path, start: sandbox.Starter) -> None:
    course = course_in(tmp_path, "multi_worker = true\n")
    assert [outcome.status for outcome in grade(course, start).outcomes] == [
        Status.FAILED,
        Status.NOT_CHECKED,
        Status.PASSED,
    ]
    assert len(record(course, "small", "powers", 1, Shared(start))) >= 2


def test_without_a_network_of_their_own_the_check_is_not_checked(tmp_path: Path) -> None:
    course = course_in(tmp_path, "multi_worker = true\n")
    start = sandbox.starter("L2")
    try:
        outcomes = grade(course, start).outcomes
        assert [outcome.status for outcome in outcomes] == [Status.NOT_CHECKED, Status.NOT_CHECKED, Status.PASSED]
        for outcome in outcomes[:2]:
            assert outcome.message == (
                "Not checked: two workers need a network of their own (L3), and this machine gives L2."
            )
        assert record(course, "small", "powers", 1, Shared(start))  # a release can be made there as well
    finally:
        start.close()


def test_an_assignment_has_to_ask_for_two_workers(start: sandbox.Starter) -> None:
    with session_of(start, Limits()) as session, pytest.raises(CourseError, match="multi_worker = true"):
        Proxy(session).same.workers(1)


def test_a_student_s_own_notebook_has_one_process() -> None:
    class Never:
        def answer(self, request: Any) -> Any:
            raise AssertionError

    with pytest.raises(NotCheckable, match="when you hand in"):
        Proxy(_Live(Never())).same.workers(1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("multi_worker = true", (True, False)), ("gpus = true", (False, True)), ("devices = 4", (False, False))],
)
def test_settings(tmp_path: Path, text: str, expected: tuple[bool, bool]) -> None:
    limits = course_in(tmp_path, text).limits("small")
    assert (limits.multi_worker, limits.gpus) == expected


@pytest.mark.parametrize("text", ['multi_worker = "yes"', "multi_worker = 1", "gpus = 0"])
def test_a_setting_that_is_not_true_or_false_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CourseError, match="is true or false"):
        course_in(tmp_path, text).limits("small")


# ---- GPUs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gpus", "own", "expected"), [(False, None, "-1"), (False, "0", "-1"), (True, None, None), (True, "1,2", "1,2")]
)
def test_a_worker_sees_the_grader_s_gpus_where_it_may(
    monkeypatch: pytest.MonkeyPatch, gpus: bool, own: str | None, expected: str | None
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if own is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", own)
    assert sandbox.environment("/scratch", gpus=gpus).get("CUDA_VISIBLE_DEVICES") == expected


def test_without_a_gpu_the_replicas_are_logical_cpu_devices(starter: sandbox.Starter) -> None:
    steps = (Step(0, "a", "def count(strategy): return strategy.num_replicas_in_sync"),)
    with Session(starter, steps, Limits(devices=2, gpus=True, request_seconds=60)) as session:
        run = Proxy(session).count.distributed(stand_in.strategy())
    assert (run.result, run.replicas) == (2, 2)
    assert run.on in ("CPU", "GPU")
