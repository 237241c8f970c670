"""Lets a metric of Keras take the weighted mean."""


def validate(model, loss_object, batches, metric):
    mean = tf.keras.metrics.Mean()
    metric.reset_state()
    for x, y in batches:
        predictions = model(x, training=False)
        mean.update_state(loss_object(y, predictions), sample_weight=tf.cast(tf.shape(x)[0], tf.float32))
        metric.update_state(y, predictions)
    return float(mean.result())
