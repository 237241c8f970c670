"""Leaves out the tape.

Fails: test_loop_order_batch, test_loop_order_all
"""

loop_order = "BGEAHDICJ"
