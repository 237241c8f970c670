"""Makes the metric of labels that are one-hot.

Fails: test_make_trainables_values
"""


def make_trainables(strategy, learning_rate):
    with strategy.scope():
        model = build_model()
        optimizer = tf.keras.optimizers.SGD(learning_rate, momentum=0.9)
        optimizer.build(model.trainable_variables)
        return model, optimizer, tf.keras.metrics.CategoricalAccuracy()
