"""Takes a step for each example.

Fails: test_fit_line_history, test_fit_line_weights
"""


def fit_line(line, x, y, learning_rate, epochs):
    history = {"w": [], "b": [], "loss": []}
    for _ in range(epochs):
        history["w"].append(float(line.w))
        history["b"].append(float(line.b))
        losses = [train_step(line, x[i], y[i], learning_rate) for i in range(len(x))]
        history["loss"].append(float(tf.reduce_mean(losses)))
    return history
