"""Thinks that Python code runs in each call.

Fails: test_side_effects
"""

side_effects = {
    "append": 4,
    "append_two_shapes": 4,
    "variable": 4,
    "python_count": 4,
    "python_random": 4,
    "tensor_random": 4,
    "append_in_a_loop": 20,
    "append_unrolled": 20,
}
