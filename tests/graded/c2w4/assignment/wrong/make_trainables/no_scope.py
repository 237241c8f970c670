"""Forgets the scope.

Fails: test_make_trainables_scope, test_make_trainables_values
"""


def make_trainables(strategy, learning_rate):
    model = build_model()
    optimizer = tf.keras.optimizers.SGD(learning_rate, momentum=0.9)
    optimizer.build(model.trainable_variables)
    accuracy = tf.keras.metrics.SparseCategoricalAccuracy()
    return model, optimizer, accuracy
