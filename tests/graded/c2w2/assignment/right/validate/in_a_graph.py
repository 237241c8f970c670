"""Measures each batch in a graph."""


def validate(model, loss_object, batches, metric):
    @tf.function
    def measure(x, y):
        predictions = model(x, training=False)
        metric.update_state(y, predictions)
        return loss_object(y, predictions)

    metric.reset_state()
    losses, sizes = zip(*[(float(measure(x, y)), int(x.shape[0])) for x, y in batches])
    return float(np.average(losses, weights=sizes))
