"""Fills one array of numpy and takes it apart."""


def fit_line(line, x, y, learning_rate, epochs):
    out = np.zeros((3, epochs))
    for e in range(epochs):
        out[0, e], out[1, e] = line.w, line.b
        out[2, e] = train_step(line, x, y, learning_rate)
    return dict(zip(["w", "b", "loss"], out.tolist()))
