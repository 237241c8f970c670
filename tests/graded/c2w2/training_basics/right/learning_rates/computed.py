"""Computes the factors."""


def word(a, rate):
    factor = 1 - 2 * a * rate
    if factor < 0:
        return "diverges" if factor < -1 else "zigzags"
    return "crawls" if factor > 0.9 else "converges"


pairs = ((2, 0.1), (2, 0.4), (2, 0.6), (0.1, 0.1), (0.1, 4), (20, 0.06))
learning_rates = {letter: word(*pair) for letter, pair in zip("abcdef", pairs)}
