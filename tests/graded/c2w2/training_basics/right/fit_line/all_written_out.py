"""Writes the step out."""


def fit_line(line, x, y, learning_rate, epochs):
    w, b, losses = [], [], []
    while len(losses) < epochs:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - line(x)))
        w.append(line.w.numpy().item())
        b.append(line.b.numpy().item())
        losses.append(loss.numpy().item())
        for weight, gradient in zip((line.w, line.b), tape.gradient(loss, (line.w, line.b))):
            weight.assign_sub(learning_rate * gradient)
    return {"loss": losses, "b": b, "w": w}
