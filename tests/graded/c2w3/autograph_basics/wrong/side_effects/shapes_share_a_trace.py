"""Thinks that one trace serves two shapes.

Fails: test_side_effects
"""

side_effects = {
    "append": 1,
    "append_two_shapes": 1,
    "variable": 4,
    "python_count": 1,
    "python_random": 1,
    "tensor_random": 4,
    "append_in_a_loop": 1,
    "append_unrolled": 5,
}
