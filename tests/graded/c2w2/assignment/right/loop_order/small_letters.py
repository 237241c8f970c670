"""Small letters."""

loop_order = "bgefahdicj"
