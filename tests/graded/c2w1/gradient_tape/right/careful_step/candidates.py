"""Goes through the rates, and returns a list."""


def careful_step(loss, start, learning_rate):
    place = tf.Variable(start)
    with tf.GradientTape() as tape:
        before = loss(place)
    gradient = tape.gradient(before, place)
    for halvings in range(100):
        rate = learning_rate * 0.5**halvings
        end = start - rate * gradient
        if float(loss(end)) <= float(before):
            return [end, rate]
    return [start, 0.0]
