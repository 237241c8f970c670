"""Leaves half of it out.

Fails: test_tpu_numbers
"""

tpu_numbers = {
    "global_batch": 128,
    "steps": 7,
    "left_out": 104,
    "compiled": 1,
}
