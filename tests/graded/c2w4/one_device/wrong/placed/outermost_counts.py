"""Takes the outermost of two devices.

Fails: test_placed
"""

placed = {
    "plain": "CPU:0",
    "under_device": "CPU:2",
    "nested": "CPU:2",
    "input_elsewhere": "CPU:0",
    "variable_in_scope": "CPU:3",
    "sum_in_scope": "CPU:0",
    "sum_in_run": "CPU:3",
    "sum_after_run": "CPU:0",
}
