"""Thinks that an operation runs where its input lies.

Fails: test_placed
"""

placed = {
    "plain": "CPU:0",
    "under_device": "CPU:2",
    "nested": "CPU:1",
    "input_elsewhere": "CPU:2",
    "variable_in_scope": "CPU:3",
    "sum_in_scope": "CPU:0",
    "sum_in_run": "CPU:3",
    "sum_after_run": "CPU:3",
}
