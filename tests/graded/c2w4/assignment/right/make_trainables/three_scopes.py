"""Enters the scope three times."""


def make_trainables(strategy, learning_rate):
    with strategy.scope():
        model = build_model()
    with strategy.scope():
        optimizer = tf.keras.optimizers.SGD(learning_rate, momentum=0.9)
        optimizer.build(model.trainable_variables)
    with strategy.scope():
        accuracy = tf.keras.metrics.SparseCategoricalAccuracy()
    return model, optimizer, accuracy
