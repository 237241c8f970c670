"""Cheaper input pipelines yield what TensorFlow's own yield, and trace less."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from typing import Any

import pytest

# What replicas get of a data set, in a process of its own: TensorFlow is changed for good in the one of the two.
PROGRAM = """
    import json, sys

    import numpy as np
    import tensorflow as tf
    from tensorflow.python.eager.polymorphic_function import tracing_compilation

    from autograder import input_pipelines, worker

    worker.configure_tensorflow(4) if sys.argv[1] == "cheap" else None
    if sys.argv[1] == "own":
        cpu = tf.config.list_physical_devices("CPU")[0]
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 4)

    traces, trace = 0, tracing_compilation.trace_function

    def counted(*args, **kwargs):
        global traces
        traces += 1
        return trace(*args, **kwargs)

    def plain(value):
        if isinstance(value, dict):
            return {key: plain(part) for key, part in value.items()}
        if isinstance(value, (tuple, list)):
            return [plain(part) for part in value]
        value = tf.sparse.to_dense(value) if isinstance(value, tf.SparseTensor) else value
        value = value.to_tensor() if isinstance(value, tf.RaggedTensor) else value
        array = value.numpy()
        return [array.dtype.name, list(array.shape), array.astype(str).tolist()]

    numbers = tf.data.Dataset.range(14)
    DATA = {
        "pairs": numbers.map(lambda n: (tf.fill([3], tf.cast(n, tf.float32)), n)).batch(6),
        "dicts": numbers.map(lambda n: {"text": tf.strings.as_string(n), "flag": n % 2 == 0}).batch(4),
        "ragged": numbers.map(tf.range).apply(lambda data: data.ragged_batch(4)),
        "less than replicas": numbers.take(2).batch(8),
    }
    found = {}
    tracing_compilation.trace_function = counted
    for replicas in (1, 4):
        devices = [f"CPU:{index}" for index in range(replicas)]
        strategy = tf.distribute.MirroredStrategy(devices, tf.distribute.ReductionToOneDevice())
        for name, data in DATA.items():
            distributed = strategy.experimental_distribute_dataset(data)
            found[f"{name} {replicas}"] = [
                [plain(tf.nest.map_structure(lambda each: strategy.experimental_local_results(each)[index], batch))
                 for index in range(replicas)]
                for _ in range(2)  # epochs
                for batch in distributed
            ]
        iterator = iter(strategy.experimental_distribute_dataset(numbers.batch(4, drop_remainder=True)))

        @tf.function
        def steps(iterator, count):
            total = tf.zeros([], tf.int64)
            for _ in tf.range(count):
                parts = strategy.run(tf.reduce_sum, args=(next(iterator),))
                total += strategy.reduce("SUM", parts, axis=None)
            return total

        found[f"in a graph {replicas}"] = [int(steps(iterator, tf.constant(count))) for count in (2, 1)]
    print(json.dumps({"found": found, "traces": traces}))
"""


def run(which: str, folder: Any) -> dict[str, Any]:
    """What the program prints with TensorFlow as it is (``"own"``) or made cheap."""
    program = folder / "program.py"  # AutoGraph reads the text of what it converts
    program.write_text(textwrap.dedent(PROGRAM))
    done = subprocess.run([sys.executable, program, which], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    reply: dict[str, Any] = json.loads(done.stdout)
    return reply


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    folder = tmp_path_factory.mktemp("pipelines")
    return run("own", folder), run("cheap", folder)


def test_replicas_get_the_same(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    own, cheap = both
    assert cheap["found"] == own["found"]
    assert len(own["found"]["pairs 4"]) == 6
    assert own["found"]["in a graph 4"] == [28, 38]


def test_fewer_functions_are_traced(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    own, cheap = both
    assert cheap["traces"] < own["traces"] / 2
