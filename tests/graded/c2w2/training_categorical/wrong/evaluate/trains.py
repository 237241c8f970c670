"""Learns from the validation data.

Fails: test_evaluate_share, test_evaluate_changes_nothing
"""


def evaluate(model, batches):
    right, count = 0, 0
    for x, y in batches:
        _, logits = train_step(model, tf.keras.optimizers.SGD(0.1), x, y)
        right += int(tf.math.count_nonzero(tf.argmax(logits, axis=1) == y))
        count += len(y)
    return right / count
