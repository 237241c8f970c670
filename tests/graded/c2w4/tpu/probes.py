"""Probes of this lab: they run beside the notebook and hold no answers."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import tensorflow as tf

STEPS = ("resolver", "connect", "initialize")


def start_tpu(notebook: Mapping[str, Any], address: str, fails: str, error: str) -> dict[str, Any]:
    """Call it with a TPU that is only acted, or with none.

    Args:
        notebook: The notebook's names.
        address: What it is asked to look for.
        fails: Which of the three steps fails; ``""`` for none.
        error: Name of the error that it fails with.

    Returns:
        The ``steps`` that were taken, with what each got; what came ``back``: ``"resolver"``, ``"None"`` or the name of
        another type; and the name of the ``error`` that came out.
    """
    errors = {"NotFoundError": tf.errors.NotFoundError(None, None, "TPUs not found in the cluster")}
    errors["UnavailableError"] = tf.errors.UnavailableError(None, None, "the TPU does not answer")
    errors["ValueError"] = ValueError("Please provide a TPU Name to connect to.")
    resolver, steps = object(), []

    def step(name: str) -> Callable[..., Any]:
        def taken(*args: Any, **kwargs: Any) -> Any:
            given = (*args, *kwargs.values())
            steps.append([name, "resolver" if given[:1] == (resolver,) else str(given[0]) if given else ""])
            if name == fails:
                raise errors[error]
            return resolver if name == "resolver" else None

        return taken

    found: dict[str, Any] = {"back": "", "error": ""}
    with _acted(*map(step, STEPS)):
        try:
            back = notebook["start_tpu"](address) if address else notebook["start_tpu"]()
            found["back"] = "resolver" if back is resolver else type(back).__name__.removesuffix("Type")
        except (ValueError, tf.errors.OpError) as raised:
            found["error"] = type(raised).__name__
    return {**found, "steps": steps}


@contextlib.contextmanager
def _acted(resolver: Any, connect: Any, initialize: Any) -> Iterator[None]:
    """TensorFlow's own functions are replaced meanwhile."""
    with (
        mock.patch.object(tf.distribute.cluster_resolver, "TPUClusterResolver", resolver),
        mock.patch.object(tf.config, "experimental_connect_to_cluster", connect),
        mock.patch.object(tf.config, "experimental_connect_to_host", connect),
        mock.patch.object(tf.tpu.experimental, "initialize_tpu_system", initialize),
        mock.patch.object(tf.distribute, "TPUStrategy", TPUStrategy),
    ):
        yield


class TPUStrategy:
    """Stands for TensorFlow's strategy, which wants a resolver that is not acted. It is not asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass


def to_record(notebook: Mapping[str, Any], image: tf.Tensor, label: int) -> dict[str, Any]:
    """What is in the record of an example: the type and the values of each feature; or the ``type``, if not bytes."""
    record = notebook["to_record"](image.numpy(), label)
    if not isinstance(record, bytes):
        return {"type": type(record).__name__}
    found = {}
    features = tf.train.Example.FromString(record).features.feature
    for name, feature in sorted(features.items(), key=lambda item: item[0]):
        kind = str(feature.WhichOneof("kind"))
        values = [value.hex() if isinstance(value, bytes) else value for value in getattr(feature, kind).value]
        found[str(name)] = [kind, values]
    return found


def records(notebook: Mapping[str, Any], images: tf.Tensor, labels: tf.Tensor) -> list[bytes]:
    """The records of some examples, as the notebook's own ``to_record`` makes them. The reference is asked for them.

    Which feature comes first is a matter of chance; here it is always the same one.
    """
    pairs = zip(images.numpy(), labels.numpy(), strict=True)
    made = [tf.train.Example.FromString(notebook["to_record"](image, int(label))) for image, label in pairs]
    return [record.SerializeToString(deterministic=True) for record in made]


def read_record(notebook: Mapping[str, Any], record: bytes) -> dict[str, Any]:
    """What is read of a record: ``values``, and the shapes and dtypes that are ``known`` before, in a data set."""
    known = tf.data.Dataset.from_tensors(record).map(notebook["read_record"]).element_spec
    return {"values": tuple(notebook["read_record"](tf.constant(record))), "known": _known(known)}


def read_batches(notebook: Mapping[str, Any], records: list[bytes], files: int, batch: int) -> dict[str, Any]:
    """What is read of several files.

    Args:
        notebook: The notebook's names.
        records: They are dealt out to the files by turns.
        files: How many files there are.
        batch: Examples in a batch.

    Returns:
        The ``batches``, and the shapes and dtypes that are ``known`` before; or the ``type`` of what is no data set.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder) / f"{index}.tfrecord") for index in range(files)]
        for index, path in enumerate(paths):
            with tf.io.TFRecordWriter(path) as writer:
                for record in records[index::files]:
                    writer.write(record)
        dataset = notebook["read_batches"](paths, batch)
        if not isinstance(dataset, tf.data.Dataset):
            return {"type": type(dataset).__name__}
        return {"batches": list(dataset.take(64)), "known": _known(dataset.element_spec)}


def _known(specs: Any) -> list[list[Any]]:
    """Shape and dtype of each part; None for a shape of unknown rank."""
    parts = tf.nest.flatten(specs)
    return [[None if part.shape.rank is None else part.shape.as_list(), part.dtype.name] for part in parts]


def make_loop(notebook: Mapping[str, Any], x: tf.Tensor, calls: list[int]) -> dict[str, Any]:
    """Train on four replicas, which is not the notebook's own number, with some steps in each call.

    Args:
        notebook: The notebook's names.
        x: float32, shape (steps in all, examples in a global batch).
        calls: How many steps are taken in each call.

    Returns:
        The ``losses`` of the calls, the ``weight`` afterwards, and how often the loop was ``traced``: 0 where it is no
        graph.
    """
    devices = [f"CPU:{index}" for index in range(4)]
    strategy = tf.distribute.MirroredStrategy(devices, cross_device_ops=tf.distribute.ReductionToOneDevice())
    with strategy.scope():
        weight = tf.Variable(1.0, aggregation=tf.VariableAggregation.SUM)

    def replica_step(batch: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        values, factors = batch
        loss = tf.reduce_sum(values * factors) * weight / x.shape[1]
        weight.assign_add(-0.1 * loss)
        return loss

    values = tf.reshape(x, [-1])
    dataset = tf.data.Dataset.from_tensor_slices((values, 2.0 * values)).batch(x.shape[1], drop_remainder=True)
    iterator = iter(strategy.experimental_distribute_dataset(dataset))
    loop = notebook["make_loop"](strategy, replica_step)
    losses = [loop(iterator, tf.constant(count)) for count in calls]
    traced = loop.experimental_get_tracing_count() if isinstance(loop, type(_GRAPH)) else 0
    return {"losses": losses, "weight": tf.identity(weight.values[0]), "traced": traced}


_GRAPH = tf.function(lambda: 0)
