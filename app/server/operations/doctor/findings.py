"""What a check returns: something wrong and what to do, or something it could not look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, in one sentence or two that say what to do."""

    about: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something that could not be looked at, and why."""

    about: str
    sentence: str


Notes = Iterator[Finding | Unchecked]
