"""Resets the metrics in the inner loop.

Fails: test_loop_order_all
"""

loop_order = "BEGFAHDICJ"
