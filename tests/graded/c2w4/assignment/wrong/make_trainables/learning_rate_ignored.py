"""Uses a learning rate of its own.

Fails: test_make_trainables_values
"""


def make_trainables(
    strategy: tf.distribute.Strategy, learning_rate: float
) -> tuple[tf.keras.Model, tf.keras.optimizers.Optimizer, tf.keras.metrics.Metric]:
    with strategy.scope():
        model = build_model()
        optimizer = tf.keras.optimizers.SGD(0.01, momentum=0.9)
        optimizer.build(model.trainable_variables)
        accuracy = tf.keras.metrics.SparseCategoricalAccuracy()
    return model, optimizer, accuracy
