"""Calls the model for training.

Fails: test_evaluate_share, test_evaluate_changes_nothing
"""


def evaluate(model, batches):
    right, count = 0, 0
    for x, y in batches:
        decided = tf.argmax(model(x, training=True), axis=1)
        right += int(tf.math.count_nonzero(decided == y))
        count += len(y)
    return right / count
