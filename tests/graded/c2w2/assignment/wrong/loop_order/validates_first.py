"""Validates before the batches of the epoch.

Fails: test_loop_order_all
"""

loop_order = "BGCEFAHDIJ"
