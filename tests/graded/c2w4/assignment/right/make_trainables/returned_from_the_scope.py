"""Returns from within the scope."""


def make_trainables(strategy, learning_rate):
    with strategy.scope():
        accuracy = tf.keras.metrics.SparseCategoricalAccuracy()
        model = build_model()
        optimizer = tf.keras.optimizers.SGD(learning_rate, momentum=0.9)
        optimizer.build(model.trainable_variables)
        return model, optimizer, accuracy
