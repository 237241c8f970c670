"""Keeps its lists outside of the function.

Fails: test_fit_line_history
"""

history = {"w": [], "b": [], "loss": []}


def fit_line(line, x, y, learning_rate, epochs):
    for _ in range(epochs):
        history["w"].append(float(line.w))
        history["b"].append(float(line.b))
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((line(x) - y) ** 2)
        dw, db = tape.gradient(loss, [line.w, line.b])
        line.w.assign_sub(learning_rate * dw)
        line.b.assign_sub(learning_rate * db)
        history["loss"].append(float(loss))
    return history
