"""A question as the investigator types it, as an expression that FTS5 understands. Pure.

All words must be there, each as the beginning of a word; a stretch of a script without spaces as it
stands; a number by its last digits; a plate however it is spaced. Nothing that is typed is syntax.
"""

from app.console.search.terms import (
    NUMBER,
    NUMBER_MIN,
    PLATE,
    Term,
    fold,
    is_plate,
    numbers,
    terms,
)

QUESTION_MAX = 200
NUMBER_SHOWN = 7
"""Last digits by which a longer number is also found: with or without the country's."""


def expression(question: str) -> str | None:
    """Return the expression, or None for a question in which nothing can be looked for."""
    question = question[:QUESTION_MAX]
    number_terms = numbers(question)
    rest = _without(question, number_terms)
    parts = [_number(one.text.removeprefix(NUMBER)) for one in number_terms]
    words = [one for one in terms(rest) if one.text[0] not in (NUMBER, PLATE)]
    if words:
        parts.append(_words(rest, words))
    return " AND ".join(parts) or None


def matches(question: str, text: str) -> Term | None:
    """Return where in a text the question is first met, to show it there."""
    question = question[:QUESTION_MAX]
    number_terms = numbers(question)
    plain = {one.text for one in terms(_without(question, number_terms))}
    ends = tuple(one.text[: 1 + NUMBER_SHOWN] for one in number_terms)
    for one in sorted(terms(text), key=lambda each: each.start):
        if one.text in plain or (ends and one.text.startswith(ends)):
            return one
        if any(one.text.startswith(each) for each in plain if each[0] not in (NUMBER, PLATE)):
            return one
    return None


def _words(rest: str, words: list[Term]) -> str:
    every = " AND ".join(_stretches(words))
    squeezed = "".join(char for char in fold(rest) if char.isalnum())
    return f'(({every}) OR "{PLATE}{squeezed}"*)' if is_plate(squeezed) else every


def _stretches(words: list[Term]) -> list[str]:
    """Return words as beginnings; pairs that overlap, which were one stretch, as a phrase."""
    found: list[list[str]] = []
    end = -1
    for one in words:
        if found and one.start < end:
            found[-1].append(one.text)
        else:
            found.append([one.text])
        end = one.end
    # The last of a stretch is the single character at its end: it is in the pair before it.
    shown = [pairs[:-1] if len(pairs) > 1 else pairs for pairs in found]
    return [f'"{" ".join(pairs)}"' + ("*" if len(pairs) == 1 else "") for pairs in shown]


def _number(backwards: str) -> str:
    ways = {backwards, backwards[:NUMBER_SHOWN]} if len(backwards) > NUMBER_SHOWN else {backwards}
    return "(" + " OR ".join(f'"{NUMBER}{way}"*' for way in sorted(ways)) + ")"


def _without(text: str, taken: list[Term]) -> str:
    for one in reversed(taken):
        text = text[: one.start] + " " + text[one.end :]
    return text


__all__ = ["NUMBER_MIN", "expression", "matches"]
