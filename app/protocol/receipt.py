"""Receipt codes: 128 random bits as twelve words or twelve numbers (spec: receipt). Private side.

Writing has one form; reading forgives: case, marks left off, spaces, separators, digits of any
script, words cut after four letters. What is forgiven is looked up, never guessed: the checksum
decides.
"""

from __future__ import annotations

import difflib
import hashlib
import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from mnemonic import Mnemonic

from app.protocol.errors import BadReceipt
from app.protocol.group import Rng
from app.protocol.identities import ENTROPY_BYTES
from app.protocol.secrets import Secret

WORDS = 12
LIST_SIZE = 2_048
LANGUAGES = (
    "english",
    "chinese_simplified",
    "chinese_traditional",
    "czech",
    "french",
    "italian",
    "japanese",
    "korean",
    "portuguese",
    "spanish",
)
_PREFIX = 4
_MOST_READINGS = 4_096
ZERO_WIDTH_SPACE = "\u200b"


def new_entropy(rng: Rng) -> Secret:
    """Return 16 random bytes for a new code."""
    return Secret(rng(ENTROPY_BYTES))


def words_of(entropy: bytes, language: str = "english") -> str:
    """Return the twelve BIP-39 words of 16 bytes, in NFC, separated by spaces."""
    words = (_wordlist(language).words[i] for i in _indexes(entropy))
    return unicodedata.normalize("NFC", " ".join(words))


def numbers_of(entropy: bytes) -> str:
    """Return the twelve four-digit numbers (index + 1) of 16 bytes, separated by spaces."""
    return " ".join(f"{index + 1:04d}" for index in _indexes(entropy))


def read_code(text: str) -> list[Secret]:
    """Return every 16-byte value that a typed or pasted code can mean; usually one.

    The two Chinese lists share 1,275 characters: a code may be valid in both, and the caller tries
    each. Raises BadReceipt, which names the word that is wrong where one is.
    """
    tokens = _tokens(text)
    if tokens and all(token.isdecimal() for token in tokens):
        return [_from_indexes(_number_indexes(tokens))]
    tokens = _without_list_numbers(tokens)
    if len(tokens) != WORDS:
        raise BadReceipt(f"A code has {WORDS} words or numbers; this has {len(tokens)}.")
    found = {
        entropy: None
        for language in LANGUAGES
        for indexes in _readings(tokens, language)
        if (entropy := _entropy(indexes)) is not None
    }
    if found:
        return [Secret(entropy) for entropy in found]
    raise _explain(tokens)


def count_typed(text: str) -> int:
    """Return how many words or numbers a text has so far, counted as ``read_code`` counts them."""
    tokens = _tokens(text)
    digits = "".join(tokens)
    if digits.isdecimal() and len(digits) == 4 * WORDS:
        return WORDS
    return len(_without_list_numbers(tokens, whole=False))


@dataclass(frozen=True, slots=True)
class _Wordlist:
    words: tuple[str, ...]
    exact: dict[str, int]
    bare: dict[str, tuple[int, ...]]


@cache
def _wordlist(language: str) -> _Wordlist:
    words = tuple(Mnemonic(language).wordlist)
    bare: dict[str, tuple[int, ...]] = {}
    for index, word in enumerate(words):
        bare[_bare(word)] = (*bare.get(_bare(word), ()), index)
    return _Wordlist(words, {_plain(word): i for i, word in enumerate(words)}, bare)


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKD", word.casefold())


def _bare(word: str) -> str:
    return "".join(c for c in _plain(word) if not unicodedata.combining(c))


def _tokens(text: str) -> list[str]:
    """Cut at whatever is no letter, mark or digit, and where digits begin or end.

    A Han character is a word of its own; direction marks that come along when pasting are nothing.
    """
    cut = []
    before = ""
    for char in unicodedata.normalize("NFKC", text):
        kind = unicodedata.category(char)
        if kind == "Cf" and char != ZERO_WIDTH_SPACE:
            continue
        if kind == "Nd":
            group = "digits"
        elif unicodedata.name(char, "").startswith("CJK UNIFIED"):
            group = char
        else:
            group = "letters" if kind[0] in "LM" else ""
        if group != before or len(group) == 1:
            cut.append(" ")
        cut.append(char if group else " ")
        before = group
    return "".join(cut).split()


def _without_list_numbers(tokens: list[str], *, whole: bool = True) -> list[str]:
    """Leave out the places of a list such as "1. vintage 2. almost …" or "1 1954 2 0055 …"."""
    counts, words = tokens[::2], tokens[1::2]
    numbered = len(counts) == len(words) and all(
        count.isdecimal() and int(count) == place for place, count in enumerate(counts, 1)
    )
    return words if numbered and (len(tokens) == 2 * WORDS or not whole) else tokens


def _candidates(token: str, language: str) -> tuple[int, ...]:
    """Return the words a token can mean: as written, else without marks, else as a beginning."""
    wordlist = _wordlist(language)
    exact = wordlist.exact.get(_plain(token))
    if exact is not None:
        return (exact,)
    bare = _bare(token)
    if bare in wordlist.bare:
        return wordlist.bare[bare]
    if len(bare) < _PREFIX:
        return ()
    begun = [i for word, places in wordlist.bare.items() if word.startswith(bare) for i in places]
    return tuple(begun) if len(begun) == 1 else ()


def _readings(tokens: Sequence[str], language: str) -> Iterator[tuple[int, ...]]:
    choices = [_candidates(token, language) for token in tokens]
    return itertools.islice(itertools.product(*choices), _MOST_READINGS)


def _number_indexes(tokens: list[str]) -> list[int]:
    digits = "".join(tokens)
    if len(digits) != 4 * WORDS:
        tokens = _without_list_numbers(tokens)
    if len(tokens) != WORDS:
        if len(digits) != 4 * WORDS:
            raise BadReceipt(f"A code has {WORDS} words or numbers; this has {len(tokens)}.")
        tokens = [digits[at : at + 4] for at in range(0, len(digits), 4)]
    for position, token in enumerate(tokens, 1):
        if len(token) > 4 or not 1 <= int(token) <= LIST_SIZE:
            raise BadReceipt(
                f"Number {position} is not between 0001 and {LIST_SIZE}.",
                position=position,
                word=token,
            )
    return [int(token) - 1 for token in tokens]


def _indexes(entropy: bytes) -> list[int]:
    if len(entropy) != ENTROPY_BYTES:
        raise BadReceipt(f"A code holds {ENTROPY_BYTES} bytes.")
    bits = int.from_bytes(entropy) << 4 | hashlib.sha256(entropy).digest()[0] >> 4
    return [bits >> shift & (LIST_SIZE - 1) for shift in range(11 * (WORDS - 1), -1, -11)]


def _entropy(indexes: Sequence[int]) -> bytes | None:
    bits = 0
    for index in indexes:
        bits = bits << 11 | index
    entropy = (bits >> 4).to_bytes(ENTROPY_BYTES)
    return entropy if _indexes(entropy) == list(indexes) else None


def _from_indexes(indexes: Sequence[int]) -> Secret:
    entropy = _entropy(indexes)
    if entropy is None:
        raise BadReceipt(
            "Each number is possible, but together they are no code. Check every number and the"
            " order."
        )
    return Secret(entropy)


def _explain(tokens: list[str]) -> BadReceipt:
    """Say what is wrong, by the list in which most words are known."""

    def known(language: str) -> int:
        return sum(bool(_candidates(token, language)) for token in tokens)

    language = max(LANGUAGES, key=known)
    for position, token in enumerate(tokens, 1):
        if not _candidates(token, language):
            wordlist = _wordlist(language)
            near = difflib.get_close_matches(_bare(token), wordlist.bare, n=3, cutoff=0.5)
            words = tuple(wordlist.words[wordlist.bare[word][0]] for word in near)
            return BadReceipt(
                f"Word {position} is not one of the words that codes are made of.",
                position=position,
                word=token,
                suggestions=tuple(unicodedata.normalize("NFC", word) for word in words),
            )
    return BadReceipt(
        "Each word is known, but together they are no code. Check every word and the order."
    )
