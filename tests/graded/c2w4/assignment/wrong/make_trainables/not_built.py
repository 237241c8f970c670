"""Does not build the optimizer.

Fails: test_make_trainables_values
"""


def make_trainables(strategy, learning_rate):
    with strategy.scope():
        model = build_model()
        optimizer = tf.keras.optimizers.SGD(learning_rate, momentum=0.9)
        accuracy = tf.keras.metrics.SparseCategoricalAccuracy()
    return model, optimizer, accuracy
