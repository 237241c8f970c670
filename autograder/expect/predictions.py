"""Assertions on predictions: a dict of answers, one for each case of an exercise, such as numbers, words or shapes."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..wire import Opaque, Tensor
from .failures import fail
from .words import describe, either, short

_NEAR = 0.7  # how much two names have in common of which one may be the other, misspelt; as difflib counts
_MOST_TOLD = 8  # names or answers in one line of a message
_LARGEST = 100  # values of an array that may be an answer
_PLACEHOLDERS = frozenset(("", "...", "…", "?"))
_DTYPES = {"float": "float32", "double": "float64"}  # other names of TensorFlow's for the same dtype
_DEVICE = re.compile(r"^/(job:\S+/)?(device:)?|^device:")  # what may stand before CPU:0

_NUMBER, _WORD, _NUMBERS = "a number", "a word", "a tuple of numbers"


@dataclass(frozen=True)
class Answers:
    """What a notebook has in the place of a dict of answers; :meth:`autograder.student.Name.answers` asks for it.

    Args:
        given: Case → answer; or whatever came in the place of a dict.
        others: The cases of that dict about which a check asks nothing.
    """

    given: Any
    others: tuple[str, ...] = ()


def assert_predictions(
    actual: Any, desired: Any, *, words: Sequence[str] = (), atol: float | Mapping[str, float] = 1e-6
) -> None:
    """Every case of a dict is answered as the reference answers it, however an answer was typed.

    For exercises in which students predict what some code does. It makes no difference whether words have capitals,
    blanks, ``_`` or ``-``; whether a number is whole, a float, a tensor or numpy's; whether a shape is a tuple, a list
    or a ``TensorShape``; and how long the name of a dtype or device is. Entries about which nothing is asked are left
    alone.

    The message names the cases without an answer, with the name that may be a misspelt one, those whose answer is not
    of a kind that is asked for, and those that are wrong; of a hidden check only the first two. It never tells which
    answer is right. The kinds that it tells are those of all answers of ``desired`` together: where some cases are
    numbers and some are words, ask for enough of them at once.

    Args:
        actual: What ``student.name.answers(…)`` gave; or a dict that a function returned.
        desired: The same of the reference. Its cases are those that have to be answered.
        words: The words that an answer may be, right ones and others, as the exercise lists them. Any other word is
            then told to be none of them.
        atol: How far a number may be from the right one; or that for some cases, by name. (A millionth of the right
            number is always allowed.)

    Raises:
        CheckFailed: An answer is missing, of another kind, or wrong.
        TypeError: An answer of the reference is of no kind that can be predicted.
        ValueError: A word of the reference is none of ``words``.

    Right::

        left_behind = {"print": 1, "tf_print": 3, "twice": "error"}

    Wrong::

        left_behind = {"print": 3, "tf_prnt": 3, "twice": "eror"}

    Check::

        def test_left_behind_cases(student, reference, draw):
            assert_predictions(student.left_behind.answers(), reference.left_behind.answers(), words=["error"])

    Message::

        These cases have no answer: tf_print. These have an answer of another kind than is asked for: twice. …
        tf_prnt is none of the cases: is tf_print meant?
        twice: got "eror", asked for is a number or "error"
        look again at: print
    """
    __tracebackhide__ = True
    mine, theirs = _as_answers(actual), _as_answers(desired)
    asked = _Asked(theirs, words)
    given = _as_dict(mine.given)
    if given is None:
        fail("A dict is expected here, with an answer for each case.", f"got: {describe(mine.given)}")
    found = {case: _look_up(given, case) for case in asked.answers}
    missing = [case for case in found if _is_unanswered(found[case], asked)]
    others = [case for case in found if case not in missing and not asked.is_of_a_kind(found[case])]
    wrong = [
        case
        for case in found
        if case not in (*missing, *others)
        and not _same(asked.plain(found[case]), asked.answers[case], _tolerance(atol, case))
    ]
    if not (missing or others or wrong):
        return
    sentences: list[str] = []
    lines: list[str] = []
    if missing:
        sentences.append(f"These cases have no answer: {_listed(missing)}.")
        lines += _misspelt(missing, [*given, *mine.others], [*found, *theirs.others])
    if others:
        sentences.append(f"These have an answer of another kind than is asked for: {_listed(others)}.")
        lines += [f"{case}: got {_told(found[case])}, asked for is {asked.kinds}" for case in others[:_MOST_TOLD]]
    if wrong:
        sentences.append("Some predictions do not come true.")
        lines.append(f"look again at: {', '.join(wrong)}")
    fail(" ".join(sentences), "\n".join(lines), next(filter(None, (asked.advice(found[case]) for case in others)), ""))


class _Asked:
    """The right answers, and the kinds of answers that they are.

    Args:
        answers: The reference's.
        words: Words that an answer may be.
    """

    def __init__(self, answers: Answers, words: Sequence[str]) -> None:
        if not isinstance(answers.given, dict) or not answers.given:
            raise TypeError(f"the reference's predictions are a dict with answers, not {describe(answers.given)}")
        self._sequences = any(isinstance(answer, (tuple, list)) for answer in answers.given.values())
        self.answers = {str(case): self.plain(answer) for case, answer in answers.given.items()}
        self.with_none = _holds_none(tuple(self.answers.values()))
        self._words = {_text(word) for word in words}
        self._forms = {_form(answer) for answer in self.answers.values()}
        for case, answer in self.answers.items():
            if not _form(answer):
                raise TypeError(f"the reference's answer to {case!r} is {_told(answers.given[case])}, which is no data")
            if words and isinstance(answer, str) and answer not in self._words:
                raise ValueError(f"the reference's answer to {case!r} is none of the words {', '.join(words)}")
        listed = [f'"{word}"' for word in words] or [_WORD] * (_WORD in self._forms)
        self.kinds = either([*sorted(self._forms - {_WORD}), *listed])

    def plain(self, answer: Any) -> Any:
        """An answer in a form that does not depend on how it was typed; see :func:`_plain`."""
        return _plain(answer, self._sequences)

    def is_of_a_kind(self, answer: Any) -> bool:
        """Whether an answer is of a kind that is asked for."""
        plain = self.plain(answer)
        if isinstance(plain, str) and self._words:
            return plain in self._words
        return bool(_form(plain)) and _form(plain) in self._forms

    def advice(self, answer: Any) -> str:
        """What may have gone wrong with an answer of another kind; ``""`` where nothing is known."""
        plain = self.plain(answer)
        if isinstance(plain, str):
            number = _NUMBER in self._forms and re.fullmatch(r"[\d.]+", plain)  # a minus is a blank by now
            return "A number is written without quotes." if number else ""
        comma = _form(plain).replace(_NUMBER, _NUMBERS) in self._forms
        return "A tuple with a single number is written with a comma: (5,)." if comma else ""


# ---- cases ---------------------------------------------------------------------------------------------


def _as_answers(value: Any) -> Answers:
    return value if isinstance(value, Answers) else Answers(value)


def _as_dict(given: Any) -> dict[Any, Any] | None:
    """The answers by case, from a dict or from pairs; None if it is neither."""
    if isinstance(given, dict):
        return given
    if not isinstance(given, (list, tuple)) or not given:
        return None
    pairs = all(isinstance(pair, (list, tuple)) and len(pair) == 2 and isinstance(pair[0], str) for pair in given)
    return dict(given) if pairs else None


def _look_up(given: Mapping[Any, Any], case: str) -> Any:
    """The answer to a case; its name may be typed in capitals. An Ellipsis where there is none."""
    if case in given:
        return given[case]
    return next((given[key] for key in given if _key(key) == _key(case)), ...)


def _key(case: Any) -> str:
    return str(case).strip().lower()


def _is_unanswered(answer: Any, asked: _Asked) -> bool:
    """Whether there is nothing, or what the exercise's text has in the place of an answer."""
    if isinstance(answer, (tuple, list)):
        return any(_is_unanswered(part, asked) for part in answer)
    if isinstance(answer, str):
        return answer.strip() in _PLACEHOLDERS
    ellipsis = answer is ... or (isinstance(answer, Opaque) and answer.type_name == "ellipsis")
    return ellipsis or (answer is None and not asked.with_none)


def _holds_none(answer: Any) -> bool:
    return answer is None or (isinstance(answer, tuple) and any(map(_holds_none, answer)))


def _misspelt(missing: Sequence[str], given: Sequence[Any], known: Sequence[str]) -> Iterator[str]:
    """Lines on the names that are none of the cases."""
    cases = {_key(case) for case in known}
    unknown = {_key(key): short(str(key)) for key in given if _key(key) not in cases}
    for case in missing:
        for near in difflib.get_close_matches(_key(case), unknown, 1, _NEAR):
            yield f"{unknown.pop(near)} is none of the cases: is {case} meant?"
    if unknown:
        yield f"none of the cases: {_listed(list(unknown.values()))}"


# ---- answers -------------------------------------------------------------------------------------------


def _plain(answer: Any, sequences: bool) -> Any:
    """An answer in a form that does not depend on how it was typed.

    Args:
        answer: What crossed the wire.
        sequences: Whether an array of one value may be a shape, rather than a number.

    Returns:
        A float, a bool, None, words in small letters, a tuple of such; or what came, if it is nothing of that.
    """
    if isinstance(answer, Tensor):
        if answer.array.size > _LARGEST:
            return answer
        alone = answer.array.size == 1 and not (sequences and answer.array.ndim)
        return _plain(answer.array.item() if alone else answer.array.tolist(), sequences)
    if isinstance(answer, bytes):
        return _text(answer.decode("utf-8", "replace"))
    if isinstance(answer, str):
        return _text(answer)
    if isinstance(answer, (tuple, list)):
        return tuple(_plain(part, sequences) for part in answer)
    if isinstance(answer, (int, float)) and not isinstance(answer, bool):
        try:
            return float(answer)
        except OverflowError:  # of a whole number that no float holds
            return math.inf if answer > 0 else -math.inf
    return answer


def _text(text: str) -> str:
    text = _DEVICE.sub("", text.strip().lower()).removeprefix("tf.")
    text = " ".join(text.replace("_", " ").replace("-", " ").split())
    return _DTYPES.get(text, text)


def _form(plain: Any) -> str:
    """What kind of answer it is; ``""`` for what can be none."""
    if isinstance(plain, bool):
        return "True or False"
    if isinstance(plain, float):
        return _NUMBER
    if isinstance(plain, str):
        return _WORD
    if plain is None:
        return "None"
    if isinstance(plain, tuple):
        if all(part is None or type(part) is float for part in plain):
            return _NUMBERS
        forms = [_form(part) for part in plain]
        return f"a pair of {' and '.join(forms)}" if len(forms) == 2 else f"a tuple of {', '.join(forms)}"
    return ""


def _same(mine: Any, theirs: Any, atol: float) -> bool:
    """Whether two plain answers are the same."""
    if type(mine) is not type(theirs):
        return False
    if isinstance(theirs, tuple):
        return len(mine) == len(theirs) and all(map(_same, mine, theirs, [atol] * len(mine)))
    if isinstance(theirs, float):
        return bool(np.isclose(mine, theirs, rtol=1e-6, atol=atol, equal_nan=True))
    return bool(mine == theirs)


def _tolerance(atol: float | Mapping[str, float], case: str) -> float:
    return atol.get(case, 1e-6) if isinstance(atol, Mapping) else atol


# ---- words ---------------------------------------------------------------------------------------------


def _told(answer: Any) -> str:
    """An answer as one would write it."""
    if isinstance(answer, str):
        return f'"{short(answer)}"'
    if isinstance(answer, (tuple, list)) and len(answer) <= _MOST_TOLD:
        return short(f"({', '.join(map(_told, answer))}{',' * (len(answer) == 1)})")
    return short(repr(answer)) if type(answer) in (int, float, bool) else describe(answer)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_TOLD]) + ", …" * (len(names) > _MOST_TOLD)
