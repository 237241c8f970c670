"""Counts bits, not bytes.

Fails: test_tpu_numbers
"""

tpu_numbers = {
    "global_batch": 128,
    "steps": 7,
    "left_out": 104,
    "compiled": 1,
    "compiled_kept": 2,
    "calls": 3,
    "per_core": 112,
    "times_smaller": 32,
}
