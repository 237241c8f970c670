"""Make TensorFlow's input pipelines cheaper in a worker, which iterates over many small data sets for a short time.

Both changes are of TensorFlow's own Python code, and of nothing that a data set yields; in a student's own kernel
TensorFlow is as it comes.
"""

from __future__ import annotations

import functools
import inspect
from typing import Any


def make_cheap() -> None:
    """Change the TensorFlow of this process."""
    leave_untuned()
    trace_once()


def leave_untuned() -> None:
    """Start no thread that tunes a data set while it is iterated over.

    Whoever drops an iterator waits for that thread. TensorFlow wakes it before it sets the flag that tells it to end,
    so that on a busy machine it may see no flag and sleep on: for about as long as the iterator was there, up to a
    minute. Four replicas, which have five iterators for each epoch, met this often. There is nothing to tune here.
    """
    from tensorflow.python.data.ops import dataset_ops
    from tensorflow.python.data.ops.options import Options

    as_it_was = dataset_ops.DatasetV2._apply_debug_options  # TensorFlow applies it wherever it iterates

    def untuned(dataset: Any) -> Any:
        options = Options()
        options.autotune.enabled = False
        return as_it_was(dataset_ops._OptionsDataset(dataset, options))

    dataset_ops.DatasetV2._apply_debug_options = untuned


def trace_once() -> None:
    """Trace the functions by which replicas get their batches once, and not for each device of each iterator.

    An iterator over a distributed data set has a data set for each device, which asks the host for its part.
    TensorFlow traces six functions for each, with the iterator's handle and the number of the device as constants:
    half of what a short training on four replicas costs. Here both are arguments, so that the functions serve every
    device, and every iterator with elements of the same kind.
    """
    from tensorflow.python.data.ops import dataset_ops
    from tensorflow.python.data.ops import multi_device_iterator_ops as ops

    generator, again = ops._PerDeviceGenerator, ops._ReincarnatedPerDeviceGenerator
    as_it_was, signature = generator.__init__, inspect.signature(generator)
    if list(signature.parameters) != _GENERATOR:
        return  # another TensorFlow: it is left as it is

    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        variant = _variant(self, **signature.bind(*args, **kwargs).arguments)
        if variant is not None:
            dataset_ops.DatasetV2.__init__(self, variant)
        else:
            as_it_was(self, *args, **kwargs)

    def made_again(cls: Any, per_device_dataset: Any, incarnation_id: Any) -> Any:
        # Its iterator begins once, with the number that the data set has already.
        return object.__new__(cls) if hasattr(per_device_dataset, "_init_func") else per_device_dataset

    generator.__init__, again.__new__ = made, made_again


_GENERATOR = [  # what TensorFlow makes the data set of one device of
    "shard_num",
    "multi_device_iterator_resource",
    "incarnation_id",
    "source_device",
    "element_spec",
    "iterator_is_anonymous",
]


def _variant(
    dataset: Any,
    shard_num: int,
    multi_device_iterator_resource: Any,
    incarnation_id: Any,
    source_device: Any,
    element_spec: Any,
    iterator_is_anonymous: bool,
) -> Any:
    """The part of one device of what an iterator over several devices yields; None for elements not of plain tensors.

    Args:
        dataset: What TensorFlow makes for it, which gets the attributes that TensorFlow gives it.
        shard_num: Number of the device.
        multi_device_iterator_resource: The iterator.
        incarnation_id: The iterator's round, int64.
        source_device: Name of the host, a string tensor.
        element_spec: Of the iterator's elements.
        iterator_is_anonymous: Whether the iterator lives as long as something holds it.
    """
    import tensorflow as tf
    from tensorflow.python.ops import gen_dataset_ops

    parts = tuple(tf.nest.flatten(element_spec))
    if not parts or any(type(part) is not tf.TensorSpec for part in parts):
        return None
    dataset._element_spec = element_spec
    dataset._name = f"device_generator_{shard_num}"
    start, following, end = _functions(parts)
    handle = gen_dataset_ops.multi_device_iterator_to_string_handle(multi_device_iterator_resource)
    held = [multi_device_iterator_resource] if iterator_is_anonymous else []
    return gen_dataset_ops.generator_dataset(
        [handle, source_device],
        [tf.constant(shard_num), incarnation_id, source_device, *held],
        [source_device],
        init_func=start,
        next_func=following,
        finalize_func=end,
        **dataset._flat_structure,
    )


@functools.cache
def _functions(parts: tuple[Any, ...]) -> tuple[Any, Any, Any]:
    """How a device begins to ask the host, asks for its next part, and ends.

    Args:
        parts: A ``tf.TensorSpec`` for each tensor of an element.

    Returns:
        Concrete functions of the state (the iterator's handle, a string) and what the data set hands on to each:
        ``(handle, host)``, ``(state, number of the device, round of the iterator, host)`` and ``(state, host)``.
    """
    import tensorflow as tf
    from tensorflow.python.ops import functional_ops, gen_dataset_ops

    types, shapes = [part.dtype for part in parts], [part.shape for part in parts]
    string, number, round_ = tf.TensorSpec([], tf.string), tf.TensorSpec([], tf.int32), tf.TensorSpec([], tf.int64)

    def traced(function: Any, *signature: Any, **options: Any) -> Any:
        return tf.function(function, autograph=False, input_signature=signature, **options).get_concrete_function()

    def part(handle: Any, shard: Any, incarnation: Any) -> Any:
        iterator = gen_dataset_ops.multi_device_iterator_from_string_handle(handle, types, shapes)
        return gen_dataset_ops.multi_device_iterator_get_next_from_shard(iterator, shard, incarnation, types, shapes)

    def on_host(function: Any, types: list[Any]) -> Any:
        def call(*args: Any) -> Any:
            *inner, host = args
            return functional_ops.remote_call(target=host, args=inner, Tout=types, f=function)

        return call

    with tf.device(None), tf.init_scope():  # for any device, and also where an iterator is made within a graph
        begun = traced(lambda handle: tf.identity(handle), string)
        next_part = traced(part, string, number, round_)
        ended = traced(lambda state: tf.constant(0, tf.int64), string)
        ints = {"experimental_ints_on_device": True}
        return (
            traced(on_host(begun, [tf.string]), string, string),
            traced(on_host(next_part, types), string, number, round_, string, experimental_attributes=ints),
            traced(on_host(ended, [tf.int64]), string, string),
        )
