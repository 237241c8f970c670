"""Takes a batch before the epoch begins.

Fails: test_loop_order_all
"""

loop_order = "GEBFAHDICJ"
