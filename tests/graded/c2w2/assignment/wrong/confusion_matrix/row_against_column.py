"""Compares a row of labels with a column of decisions.

Fails: test_confusion_matrix_counts, test_confusion_matrix_other_data
"""


def confusion_matrix(model, batches):
    table = np.zeros((2, 2), "int32")
    for x, y in batches:
        decided = model(x, training=False) > 0.5
        truth = tf.reshape(y, [-1]) > 0.5
        for i, is_class in enumerate((~truth, truth)):
            for j, is_decided in enumerate((~decided, decided)):
                table[i, j] += int(tf.math.count_nonzero(is_class & is_decided))
    return tf.constant(table)
