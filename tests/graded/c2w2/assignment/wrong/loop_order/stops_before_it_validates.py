"""Decides about stopping before the validation loss is known.

Fails: test_loop_order_all
"""

loop_order = "BGEFAHDIJC"
