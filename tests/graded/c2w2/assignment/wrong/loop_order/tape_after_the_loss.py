"""Opens the tape after the loss is computed.

Fails: test_loop_order_batch, test_loop_order_all
"""

loop_order = "BGEAHFDICJ"
