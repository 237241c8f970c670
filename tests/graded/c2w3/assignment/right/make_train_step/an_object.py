"""Keeps all that it needs in an object that is called."""


class _Step:
    def __init__(self, *parts):
        self.model, self.optimizer, self.loss, self.accuracy = parts

    @tf.function(reduce_retracing=True)
    def __call__(self, images, targets):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            for weight in self.model.trainable_variables:
                tape.watch(weight.value)
            outputs = self.model(images, training=True)
            value = self.loss(targets, outputs)
        weights = [weight.value for weight in self.model.trainable_variables]
        self.optimizer.apply(tape.gradient(value, weights), self.model.trainable_variables)
        self.accuracy.update_state(y_true=targets, y_pred=outputs)
        return value


def make_train_step(model, optimizer, loss, accuracy):
    return _Step(model, optimizer, loss, accuracy)
