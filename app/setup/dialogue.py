"""Questions of a set-up, and what whoever answers them can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

Value = TypeVar("Value")


class WrongAnswer(Exception):
    """An answer that cannot be taken; the text says which would be."""


class Stopped(Exception):
    """Whoever sits there stopped: Ctrl-C, or nothing more to read."""


class Misused(Exception):
    """The file of answers cannot be used; the text names the key."""


@dataclass(frozen=True, slots=True)
class Question(Generic[Value]):
    """A question: its key in a file of answers, its words, and how an answer is read.

    ``read`` raises WrongAnswer. ``suggestion`` is taken where nothing is answered; None: something
    must be. What is not ``kept`` is asked anew each time.
    """

    key: str
    words: str
    read: Callable[[str], Value]
    suggestion: str | None = None
    kept: bool = True


class Dialogue(Protocol):
    """Who answers: a person at a terminal, or a file."""

    unattended: bool

    def say(self, text: str) -> None:
        """Say a sentence or more."""

    def ask(self, question: Question[Value]) -> Value:
        """Return an answer that could be read. Raises Stopped, Misused."""

    def hidden(self, key: str, words: str, /) -> str:
        """Return a secret: typed without being shown, or a file's first line. As ``ask``."""

    def another(self, key: str, number: int, words: str, /) -> bool:
        """Say whether there is a ``number``-th of what is listed under ``key``, from 1."""

    def known(self, key: str) -> bool:
        """Say whether a question was answered before it is asked."""

    def settled(self, key: str, /) -> bool:
        """Say whether what was answered under a key is done and need not be looked at again."""

    def settle(self, key: str, /) -> None:
        """Keep in mind that it is."""

    def reopen(self, *keys: str) -> None:
        """Forget what was answered under these keys, or under any."""

    def try_again(self) -> bool:
        """Ask whether a step that failed is tried again."""


def yes_or_no(text: str) -> bool:
    """Read yes or no. Raises WrongAnswer."""
    answer = text.strip().casefold()
    if answer in ("y", "yes", "true"):
        return True
    if answer in ("n", "no", "false"):
        return False
    raise WrongAnswer("Answer yes or no.")


def as_text(text: str) -> str:
    """Read a line that is not empty. Raises WrongAnswer."""
    if not text.strip():
        raise WrongAnswer("This cannot be left empty.")
    return text.strip()
