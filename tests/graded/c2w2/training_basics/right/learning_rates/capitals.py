"""Capital letters."""

learning_rates = {"A": "Converges", "B": "Zigzags", "C": "Diverges", "D": "Crawls", "E": "Converges", "F": "Diverges"}
