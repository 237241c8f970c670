"""Names every setting."""


def make_trainables(
    strategy: tf.distribute.Strategy, learning_rate: float
) -> tuple[tf.keras.Model, tf.keras.optimizers.Optimizer, tf.keras.metrics.Metric]:
    with strategy.scope():
        model = build_model()
        optimizer = tf.keras.optimizers.SGD(learning_rate=learning_rate, momentum=0.9, nesterov=False, name="descent")
        optimizer.build(model.trainable_variables)
        accuracy = tf.keras.metrics.SparseCategoricalAccuracy()
    return model, optimizer, accuracy
