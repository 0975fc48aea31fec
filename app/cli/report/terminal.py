"""A terminal that asks and shows, and keeps nothing.

What must not stay is shown on the terminal's second screen, which leaves no scrollback; lines that
are typed go to no history. Texts from elsewhere are shown without the characters that steer a
terminal or turn its writing around.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console

END_OF_TEXT = frozenset(".。．।۔")
"""Full stops as keyboards for Chinese, Hindi, Urdu and the rest of the world type them."""
_BETWEEN = re.compile(r"[\s,，、،]+")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str) -> str:
    """Return a text in which nothing is left that is not text and line ends."""
    return "".join(
        char
        if char == "\n" or (unicodedata.category(char) not in ("Cc", "Cs") and char not in _TURNING)
        else "\ufffd"
        for char in text
    )


class Terminal:
    """Asks on standard input, shows on standard output, through functions that tests replace."""

    def __init__(self, phrases: dict[str, str], read: Callable[[], str] = input) -> None:
        self._phrases = phrases
        self._read = read
        self._console = Console(markup=False, highlight=False, emoji=False)

    def phrase(self, key: str) -> str:
        """Return what a key stands for in the person's language, or the key."""
        return plain(self._phrases.get(key, key))

    def say(self, text: str = "") -> None:
        """Show a text of ours or from elsewhere."""
        self._console.print(plain(text), soft_wrap=False)

    def tell(self, *keys: str) -> None:
        """Show phrases, a line each."""
        for key in keys:
            self.say(self.phrase(key))

    def head(self, key: str) -> None:
        """Begin a new question."""
        self.say()
        self._console.rule(self.phrase(key), align="left", characters="-")

    def line(self) -> str:
        """Read one line, without the spaces around it."""
        self._console.print("> ", end="")
        return self._read().strip()

    def lines(self) -> str:
        """Read lines up to one that holds only a full stop, or to the end of the input."""
        read: list[str] = []
        while True:
            try:
                line = self._read()
            except EOFError:
                break
            if line.strip() in END_OF_TEXT:
                break
            read.append(line)
        return "\n".join(read).strip()

    def choose(
        self, options: Sequence[tuple[str, str]], *, many: bool, skip: bool = True
    ) -> list[str]:
        """Show numbered options (id, text); return the ids chosen, none if it was skipped."""
        for number, (_, text) in enumerate(options, start=1):
            self.say(f"{number:>3}  {text}")
        self.tell("pick-some" if many else "pick-one", *(["skip"] if skip else []))
        while True:
            typed = self.line()
            pieces = [piece for piece in _BETWEEN.split(typed) if piece]
            numbers = [int(piece) for piece in pieces if piece.isdecimal()]  # of any script
            good = len(numbers) == len(pieces) and all(
                1 <= each <= len(options) for each in numbers
            )
            if good and (numbers or skip) and (many or len(numbers) <= 1):
                return list(dict.fromkeys(options[each - 1][0] for each in numbers))
            self.tell("pick-again")

    def agree(self, question: str, yes: str, no: str) -> bool:
        """Ask between two phrases; Enter is neither."""
        self.head(question)
        return self.choose(
            [("y", self.phrase(yes)), ("n", self.phrase(no))], many=False, skip=False
        ) == ["y"]

    @contextmanager
    def once(self, leave: str) -> Iterator[None]:
        """Show what follows where it leaves no trace, until Enter is pressed."""
        if not self._console.is_terminal:
            yield
            return
        with self._console.screen():
            yield
            self.say()
            self.tell(leave)
            self.line()
