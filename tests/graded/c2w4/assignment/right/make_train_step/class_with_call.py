"""An object whose __call__ is a tf.function."""


class _Step:
    def __init__(self, strategy, model, optimizer, compute_loss, accuracy):
        self.strategy, self.model, self.optimizer = strategy, model, optimizer
        self.compute_loss, self.accuracy = compute_loss, accuracy

    def replica(self, x, y):
        with tf.GradientTape() as tape:
            z = self.model(x, training=True)
            loss = self.compute_loss(y, z)
        v = self.model.trainable_variables
        self.optimizer.apply(tape.gradient(loss, v), v)
        self.accuracy.update_state(y, z)
        return loss

    @tf.function
    def __call__(self, batch):
        x, y = batch
        return self.strategy.reduce("sum", self.strategy.run(self.replica, kwargs={"x": x, "y": y}), axis=None)


def make_train_step(strategy, model, optimizer, compute_loss, accuracy):
    return _Step(strategy, model, optimizer, compute_loss, accuracy)
