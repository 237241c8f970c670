"""Capital letters and words."""

loop_faults = {
    "A": "Error",
    "B": "No change",
    "C": "Fine",
    "D": "Wrong report",
    "E": "Wrong steps",
    "F": "Fine",
    "G": "Wrong steps",
    "H": "Wrong report",
    "I": "Wrong steps",
    "J": "Error",
}
