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


def matches(question: str, text: str) -> list[Term]:
    """Return where in a text the question is met, to show it there: none over another.

    A plate comes first, else what stands first. Where the plate stands, its halves alone are not
    looked for: "ex" begins many a word.
    """
    question = question[:QUESTION_MAX]
    number_terms = numbers(question)
    rest = _without(question, number_terms)
    words = [one for one in terms(rest) if one.text[0] not in (NUMBER, PLATE)]
    met = _numbers_met(number_terms, text)
    if plates := _plates_met(rest, text) if words else []:
        return [*_apart(plates), *_apart(met)]
    held = [one for one in terms(text) if one.text[0] not in (NUMBER, PLATE)]
    for pairs in _stretches(words):
        met += _stretches_met(pairs, held)
    return _apart(met)


def _numbers_met(number_terms: list[Term], text: str) -> list[Term]:
    ends = tuple(one.text[: 1 + NUMBER_SHOWN] for one in number_terms)
    return [one for one in numbers(text) if ends and one.text.startswith(ends)]


def _plates_met(rest: str, text: str) -> list[Term]:
    squeezed = _squeezed(rest)
    if not is_plate(squeezed):
        return []
    return [one for one in terms(text) if one.text.startswith(PLATE + squeezed)]


def _stretches_met(pairs: list[str], held: list[Term]) -> list[Term]:
    """Return where a word begins one of a text's, or where pairs stand one after the other."""
    if len(pairs) == 1:
        return [one for one in held if one.text.startswith(pairs[0])]
    count = len(pairs)
    return [
        Term("", held[at].start, held[at + count - 1].end)
        for at in range(len(held) - count + 1)
        if [one.text for one in held[at : at + count]] == pairs
    ]


def _apart(met: list[Term]) -> list[Term]:
    """Return places in their order, of those that lie over each other the first and shortest."""
    found: list[Term] = []
    for one in sorted(met, key=lambda each: (each.start, each.end)):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found


def _words(rest: str, words: list[Term]) -> str:
    stretches = _stretches(words)
    every = " AND ".join(
        f'"{" ".join(pairs)}"' + ("*" if len(pairs) == 1 else "") for pairs in stretches
    )
    squeezed = _squeezed(rest)
    return f'(({every}) OR "{PLATE}{squeezed}"*)' if is_plate(squeezed) else every


def _squeezed(rest: str) -> str:
    return "".join(char for char in fold(rest) if char.isalnum())


def _stretches(words: list[Term]) -> list[list[str]]:
    """Return each word by itself, and together the pairs that overlap, which were one stretch."""
    found: list[list[str]] = []
    end = -1
    for one in words:
        if found and one.start < end:
            found[-1].append(one.text)
        else:
            found.append([one.text])
        end = one.end
    # The last of a stretch is the single character at its end: it is in the pair before it.
    return [pairs[:-1] if len(pairs) > 1 else pairs for pairs in found]


def _number(backwards: str) -> str:
    ways = {backwards, backwards[:NUMBER_SHOWN]} if len(backwards) > NUMBER_SHOWN else {backwards}
    return "(" + " OR ".join(f'"{NUMBER}{way}"*' for way in sorted(ways)) + ")"


def _without(text: str, taken: list[Term]) -> str:
    for one in reversed(taken):
        text = text[: one.start] + " " + text[one.end :]
    return text


__all__ = ["NUMBER_MIN", "expression", "matches"]
