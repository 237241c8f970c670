"""A class to look at: `make demo` grades it, `make course` makes releases and solutions again."""
