"""Leaves the letters as they stand in the table.

Fails: test_loop_order_batch, test_loop_order_all
"""

loop_order = "ABCDEFGHIJ"
