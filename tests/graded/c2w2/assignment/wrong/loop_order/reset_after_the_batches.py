"""Resets the metrics at the end, before the validation.

Fails: test_loop_order_all
"""

loop_order = "BEFAHDIGCJ"
