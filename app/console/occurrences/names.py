"""Persons' names, and which of them may be one person's. Pure.

A name is read where a text says that it is one ("her name is"), or where it was asked for; of two
words at least: one is everybody's. Two names are compared by rapidfuzz, and only those that share a
key of ``keys``, so that what a comparison costs does not grow with what is stored. All are maybe.
"""

import re
from collections.abc import Iterator
from itertools import combinations, islice

from rapidfuzz import fuzz

from app.console.occurrences.link_kinds import Kind, Occurrence, Sure
from app.console.search.terms import fold

WORDS_MIN, WORDS_MAX = 2, 4
ALIKE = 88.0
"""The least ratio of rapidfuzz, of 100, at which two names may be one."""
SOUNDS_ALIKE = 60.0
"""The least ratio of two words whose consonants sound the same: Muhamad and Mohammed, not John and
Jane."""
SHORT = 8
"""Characters of a name below which only the same letters are the same name."""

_CUE = re.compile(
    r"(?<!\w)(?:names?(?:\s(?:is|was|are))?|named|called|known\sas|aka|a\.k\.a\.?|calls\s\w+self"
    r"|boss|mr|mrs|ms|miss|madam|mister|se\sllama|llamad[oa]|me\sllamo|nombre(?:\ses)?"
    r"|señora?|sra?|doña|monsieur|madame|s['’]appelle|appelée?|nom\sest|herr|frau|hei(?:ß|ss)t"
    r"|namens|senhora?|se\schama|chama-se|chamad[oa]|nome\s[éè]|si\schiama|signora?|domnul|doamna|se\snume[șs]te"
    r"|numit[ăa]?|звати|звуть|зовут|на\sім['’]я|по\sимени|пан|пані|nazywa\ssię|na\simię|heet|genaamd|его\sимя|її\sім['’]я|фамилия|прізвище|pangalan(?:\sniya)?"
    r"|tên\slà|ông|bà|اسمه|اسمها|اسمي|يدعى|تدعى|السيد|السيدة|नाम)(?!\w)\.?(?:\s(?:is|es|ist|est)(?!\w))?"
    r"[\s:,\"“«]{1,3}",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0900-\u0963'’-]*")
_PARTICLES = frozenset(("de", "del", "la", "da", "do", "dos", "das", "van", "von", "der", "den",
                        "di", "al", "el", "bin", "bint", "ibn", "abu", "y", "e"))  # fmt: skip
_NOT_NAMES = frozenset(
    (
        "the", "he", "she", "they", "his", "her", "my", "we", "i", "and", "but", "in", "on", "at",
        "please", "call", "from", "who", "that", "this", "monday", "tuesday", "wednesday",
        "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may",
        "june", "july", "august", "september", "october", "november", "december", "street", "road",
        "avenue", "hotel", "house", "massage", "spa", "salon", "bar", "club", "restaurant", "farm",
        "company", "police", "hotline",
    )
)  # fmt: skip
_STRETCH_MAX = 200
_UNCASED_STOP = re.compile(r"[\n,.;:،؛。।!?؟()\"]| و ")
_SOUNDS = (
    ("ph", "f"), ("kh", "h"), ("gh", "g"), ("ck", "k"), ("x", "ks"), ("c", "k"), ("q", "k"),
    ("z", "s"), ("w", "v"), ("y", "i"), ("j", "i"),
)  # fmt: skip
_VOWELS = frozenset("aeiouаеиоуыэюяєіїاويىةه")


def find(text: str, *, stated: bool) -> Iterator[Occurrence]:
    """Find names behind a word that announces one; in an answer to "who", every run of capitals."""
    places = [(met.end(), False) for met in _CUE.finditer(text)]
    if stated:
        places += [(met.start(), True) for met in _WORD.finditer(text)]
    end = 0
    for at, expected in sorted(places):
        if at < end:
            continue
        words = _cased(text, at) or _uncased(text, at, expected=expected)
        if words:
            value = _value([met[0] for met in words])
            if len(value.split()) >= WORDS_MIN:
                start, end = words[0].start(), words[-1].end()
                yield Occurrence(Kind.NAME, value, start, end, Sure.MAYBE)


def keys(value: str) -> set[str]:
    """Return what names that may be one person's have in common, at most 80 keys.

    Of two of its words the consonants as they sound, and these with one left out.
    """
    words = [skeleton(word) for word in value.split()[:WORDS_MAX]]
    found = set()
    for pair in combinations(sorted(word for word in words if word), 2):
        key = " ".join(pair)
        found.add(key)
        found |= {key[:at] + key[at + 1 :] for at in range(min(len(key), 12)) if key[at] != " "}
    return found


def may_be_one(one: str, other: str) -> bool:
    """Say whether two values may be one person's name, spelled or heard differently."""
    if min(len(one), len(other)) < SHORT:
        return one == other
    if fuzz.token_sort_ratio(one, other, score_cutoff=ALIKE) >= ALIKE:
        return True
    words, others = _by_sound(one), _by_sound(other)
    return [heard for heard, _ in words] == [heard for heard, _ in others] and all(
        fuzz.ratio(word, too) >= SOUNDS_ALIKE
        for (_, word), (_, too) in zip(words, others, strict=True)
    )


def skeleton(word: str) -> str:
    """Return a folded word's first letter and its consonants as they sound, none twice in a row."""
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    kept = word[:1] + "".join(char for char in word[1:] if char not in _VOWELS and char != "h")
    return re.sub(r"(.)\1+", r"\1", kept)


def _by_sound(value: str) -> list[tuple[str, str]]:
    return sorted((skeleton(word), word) for word in value.split())


def _value(words: list[str]) -> str:
    folded = [re.sub(r"[^\w]", "", fold(word)) for word in words]
    return " ".join(sorted(word for word in folded if word))


def _cased(text: str, at: int) -> list[re.Match[str]]:
    """Return two to four words with capitals, particles between them, one space apart."""
    words: list[re.Match[str]] = []
    capitals = 0
    while met := _WORD.match(text, at):
        small = met[0].casefold()
        if met[0][0].isupper() and small not in _NOT_NAMES:
            capitals += 1
        elif not (words and small in _PARTICLES):
            break
        words.append(met)
        at = met.end() + 1
        if capitals == WORDS_MAX or text[met.end() : at] != " ":
            break
    while words and not words[-1][0][0].isupper():
        words.pop()
    return words if capitals >= WORDS_MIN else []


def _uncased(text: str, at: int, *, expected: bool) -> list[re.Match[str]]:
    """Return the two words behind the announcement, in scripts without capitals.

    Of an answer, a stretch between commas that is two or three words long.
    """
    first = _WORD.match(text, at)
    if first is None or first[0][0].upper() != first[0][0].lower():
        return []
    # Of a bounded stretch: a text of nothing but such words would else be read once for each.
    stop = _UNCASED_STOP.search(text, at, at + _STRETCH_MAX)
    end = stop.start() if stop else min(at + _STRETCH_MAX, len(text))
    stretch = list(islice(_WORD.finditer(text, at, end), WORDS_MAX))
    if expected:
        before = text[max(0, at - _STRETCH_MAX) : at]
        last = before.rstrip()[-1:]
        begins = not last or _UNCASED_STOP.search(last) or before.endswith(" و ")
        return stretch if begins and 2 <= len(stretch) <= 3 else []
    return stretch[:2] if len(stretch) >= 2 else []
