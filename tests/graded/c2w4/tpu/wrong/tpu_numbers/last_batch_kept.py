"""Forgets that the last batch is dropped.

Fails: test_tpu_numbers
"""

tpu_numbers = {
    "global_batch": 128,
    "steps": 8,
    "left_out": 0,
    "compiled": 1,
    "compiled_kept": 2,
    "calls": 3,
    "per_core": 125,
    "times_smaller": 4,
}
