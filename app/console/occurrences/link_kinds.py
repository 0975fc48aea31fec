"""Kinds of what can link, how sure a match of each is, and an occurrence of one in a text. Pure."""

import hashlib
from dataclasses import dataclass
from enum import IntEnum, StrEnum

MARK_BYTES = 16

WHO, WHERE, TRACES = "who_does_it", "where", "traces"
"""Questions of the intake whose answers say what they are."""


class Kind(StrEnum):
    """What an occurrence is."""

    PHONE = "phone"
    EMAIL = "email"
    USERNAME = "username"
    URL = "url"
    WALLET = "wallet"
    ACCOUNT = "account"
    PLATE = "plate"
    ADDRESS = "address"
    NAME = "name"
    PICTURE = "picture"
    """Not found in a text: what a picture looks like (``pictures``)."""


class Sure(IntEnum):
    """How sure it is that two equal values mean the same thing."""

    MAYBE = 1
    LIKELY = 2
    SAME = 3


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One find: its value as it is compared, the characters from ``start`` to before ``end``."""

    kind: Kind
    value: str
    start: int
    end: int
    sure: Sure


def mark(kind: str, one: str, other: str) -> str:
    """Return what stands for a link by two values, without saying them.

    32 hex digits of SHA-256; the values are equal ones, but for names and pictures.
    """
    parts = "\x00".join([kind, *sorted((one, other))])
    return hashlib.sha256(parts.encode()).hexdigest()[: 2 * MARK_BYTES]
