"""Makes the optimizer outside of the scope.

Fails: test_make_trainables_scope, test_make_trainables_values
"""


def make_trainables(strategy, learning_rate):
    with strategy.scope():
        model = build_model()
        accuracy = tf.keras.metrics.SparseCategoricalAccuracy()
    optimizer = tf.keras.optimizers.SGD(learning_rate, momentum=0.9)
    optimizer.build(model.trainable_variables)
    return model, optimizer, accuracy
