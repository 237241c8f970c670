"""Calls the cases."""


def _answer(case):
    try:
        return case()
    except RuntimeError:
        return "error"


_cases = {"a": case_a, "b": case_b, "c": case_c, "d": case_d, "e": case_e, "f": case_f, "g": case_g, "h": case_h}
after_the_record = {letter: _answer(case) for letter, case in _cases.items()}
