"""Calls the model without the flag, which means inference."""


def validate(model, loss_object, batches, metric):
    metric.reset_state()
    total, count = 0.0, 0
    for x, y in batches:
        predictions = model(x)
        metric.update_state(y, predictions)
        total += float(loss_object(y, predictions)) * len(x)
        count += len(x)
    return total / count
