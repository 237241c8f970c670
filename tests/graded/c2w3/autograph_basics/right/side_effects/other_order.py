"""Answers in another order, with a case of its own."""

side_effects = {
    "append_unrolled": 5,
    "append_in_a_loop": 1,
    "tensor_random": 4,
    "python_random": 1,
    "python_count": 1,
    "variable": 4,
    "append_two_shapes": 2,
    "append": 1,
}
side_effects["my_own_case"] = 1
