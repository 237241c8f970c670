"""Leaves half of it out.

Fails: test_placed
"""

placed = {
    "plain": "CPU:0",
    "under_device": "CPU:2",
    "nested": "CPU:1",
    "input_elsewhere": "CPU:0",
}
