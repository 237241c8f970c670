"""Compares before there is anything to compare.

Fails: test_loop_order_batch, test_loop_order_all
"""

loop_order = "BGEFHADICJ"
