"""Answers in another order."""

placed = {
    "sum_after_run": "CPU:0",
    "sum_in_run": "CPU:3",
    "sum_in_scope": "CPU:0",
    "variable_in_scope": "CPU:3",
    "input_elsewhere": "CPU:0",
    "nested": "CPU:1",
    "under_device": "CPU:2",
    "plain": "CPU:0",
}
