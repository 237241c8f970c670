"""Gives a word a name first, and uses numpy's strings."""

NOT_WATCHED, VALUE = np.str_("not watched"), "value"
gradient_causes = dict.fromkeys("bhi", NOT_WATCHED) | dict.fromkeys("ag", VALUE)
gradient_causes.update(c="not float", d="left TensorFlow", e="not recorded", f="no path")
