"""Put together from the parts of a loop."""

before, batch, after = "BG", "EFAHDI", "CJ"
loop_order = before + batch + after
