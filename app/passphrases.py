"""How hard a new passphrase is to guess: one measure for the vault and for the root key.

Length alone says little: "password1234" is twelve characters and the first thing that is tried.
zxcvbn counts the guesses of an attacker who tries common words, names, dates, rows of keys and
their usual disguises first. Behind Argon2id each guess costs a good part of a second of a
processor. Words of languages that it does not know are counted as random letters, so twelve
characters are asked for as well.
"""

from collections.abc import Callable

from mnemonic import Mnemonic
from zxcvbn import zxcvbn

from app.protocol.secrets import Secret

CHARACTERS_MIN = 12
GUESSES_LOG10_MIN = 12
"""A million million guesses: thousands of years of a processor, at a quarter of a second each."""
SUGGESTED_WORDS = 7
"""Drawn of 2,048 each: 77 bits, which nobody is known to be able to guess behind Argon2id."""
_MEASURED = 72
"""Characters that zxcvbn takes. What is longer is measured by its beginning."""


def weakness(passphrase: Secret, *known: str) -> str | None:
    """Say in a sentence or two why a passphrase is too weak, or None.

    ``known`` are words that an attacker would try first: the line's name, say.
    """
    text = passphrase.reveal().decode("utf-8", "replace")
    if len(text) < CHARACTERS_MIN:
        return (
            f"The passphrase is shorter than {CHARACTERS_MIN} characters. "
            "Use several words that do not belong together."
        )
    if guesses_log10(passphrase, *known) < GUESSES_LOG10_MIN:
        return (
            "This passphrase would be guessed: it is made of what is tried first, such as common "
            "words, names, dates, repetitions or rows of keys. Use four or more words that do not "
            "belong together, drawn by dice if you can."
        )
    return None


def guesses_log10(passphrase: Secret, *known: str) -> float:
    """Return how many guesses it takes, as a power of ten."""
    text = passphrase.reveal().decode("utf-8", "replace")[:_MEASURED]
    measured = zxcvbn(text, user_inputs=["quietline", *known])
    return float(measured["guesses_log10"])


def suggestion(rng: Callable[[int], bytes]) -> str:
    """Return a passphrase as dice would make it: words of BIP-39's English list, drawn alike."""
    words = Mnemonic("english").wordlist
    drawn = int.from_bytes(rng(2 * SUGGESTED_WORDS))
    places = (drawn >> 16 * at for at in range(SUGGESTED_WORDS))
    return " ".join(words[place % len(words)] for place in places)
