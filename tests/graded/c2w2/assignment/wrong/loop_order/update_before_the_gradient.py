"""Lets the optimizer work before the gradients are there.

Fails: test_loop_order_batch, test_loop_order_all
"""

loop_order = "BGEFAHIDCJ"
