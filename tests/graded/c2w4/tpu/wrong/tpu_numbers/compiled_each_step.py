"""Thinks that each step is compiled.

Fails: test_tpu_numbers
"""

tpu_numbers = {
    "global_batch": 128,
    "steps": 7,
    "left_out": 104,
    "compiled": 7,
    "compiled_kept": 8,
    "calls": 3,
    "per_core": 112,
    "times_smaller": 4,
}
