"""A table of cases for each word, turned around."""

by_word = {"error": "aj", "no change": "b", "fine": "cf", "wrong report": "dh", "wrong steps": "egi"}
loop_faults = {case: word for word, cases in by_word.items() for case in cases}
