"""Names the metrics and spells out the options."""


def make_measures():
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=False, reduction="sum_over_batch_size")
    return (
        loss,
        keras.metrics.SparseCategoricalAccuracy(name="train"),
        keras.metrics.SparseCategoricalAccuracy(name="test"),
    )
