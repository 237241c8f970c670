"""Runs the scripts and counts."""


def _count(run):
    notes.clear()
    run()
    return len(notes)


def _calls(function, values, convert=tf.constant):
    return lambda: [function(convert(value)) for value in values]


eager_or_graph = {
    "eager": _count(_calls(triple, (1.0, 2.0, 3.0))),
    "same_signature": _count(_calls(tf.function(triple), (1.0, 2.0, 3.0))),
    "new_shape": _count(_calls(tf.function(triple), ([1.0, 2.0], [3.0, 4.0], [5.0, 6.0, 7.0]))),
    "new_dtype": _count(_calls(tf.function(triple), (1, 1.0, 2))),
    "python_numbers": _count(_calls(tf.function(triple), (1, 2, 1, 3), convert=int)),
    "wrapped_again": _count(lambda: [tf.function(triple)(tf.constant(v)) for v in (1.0, 2.0, 3.0)]),
}
factor = 2
scale = tf.function(lambda x: factor * x)
scale(tf.constant(5.0))
factor = 10
eager_or_graph["python_factor"] = scale(tf.constant(5.0))
factor = tf.Variable(2.0)
scale = tf.function(lambda x: factor * x)
scale(tf.constant(5.0))
factor.assign(10.0)
eager_or_graph["variable_factor"] = scale(tf.constant(5.0))
