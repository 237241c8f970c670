"""Builds the dict from letters and words."""

_words = ["value", "not watched", "not float", "left TensorFlow", "not recorded", "no path", "value"]
_words += ["not watched"] * 2
gradient_causes = {letter: _words[place] for place, letter in enumerate("abcdefghi")}
