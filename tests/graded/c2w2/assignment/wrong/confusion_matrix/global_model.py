"""Uses a model of the notebook.

Fails: test_confusion_matrix_counts, test_confusion_matrix_other_data
"""

bias = tf.keras.initializers.Constant(9.0)
own_model = tf.keras.Sequential([tf.keras.layers.Dense(1, activation="sigmoid", bias_initializer=bias)])


def confusion_matrix(model, batches):
    table = tf.zeros((2, 2), tf.int32)
    for x, y in batches:
        net = tf.keras.models.clone_model(own_model)
        decisions = tf.cast(net(x, training=False) > 0.5, tf.int32)
        table += tf.math.confusion_matrix(tf.reshape(y, [-1]), tf.reshape(decisions, [-1]), num_classes=2)
    return table
