"""Asks TensorFlow."""


def _sum(first, second):
    try:
        return tuple(tf.broadcast_static_shape(tf.TensorShape(first), tf.TensorShape(second)))
    except ValueError:
        return "error"


broadcast_shapes = {
    "a": _sum((3, 1), (1, 4)),
    "b": _sum((5,), (2, 5)),
    "c": _sum((2, 5), (2,)),
    "d": _sum((4,), (4, 1)),
    "e": _sum((), (2, 3)),
    "f": _sum((2, 1, 3), (4, 1)),
    "g": _sum((2, 3), (3, 2)),
    "h": _sum((2,), (4,)),
}
