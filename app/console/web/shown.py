"""The latest answers to forms and questions, held in memory (``web.elsewhere`` says why)."""

import secrets
from dataclasses import dataclass
from typing import Generic, TypeVar

Held = TypeVar("Held")

AT = "/shown/"
LATEST = 16
"""So many are held: as far as a person goes back."""


class Latest(Generic[Held]):
    """The latest of a kind, each by a random name; all are forgotten with the sessions."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}

    def hold(self, one: Held) -> str:
        """Its name."""
        name = secrets.token_hex(16)
        self._held[name] = one
        while len(self._held) > LATEST:
            del self._held[next(iter(self._held))]
        return name

    def find(self, name: str) -> Held | None:
        """Return a page that is held, None for a name that is not known."""
        return self._held.get(name)

    def clear(self) -> None:
        """Forget every page that is held."""
        self._held.clear()


@dataclass(slots=True)
class FormAnswer:
    """A page that answered a form.

    Its status, its HTML until it was shown, and the path within the console of the page on which
    the form stood.
    """

    status: int
    html: bytes | None
    fresh: str


class HeldAnswers:
    """Such pages, each of which is shown once."""

    def __init__(self) -> None:
        self._latest: Latest[FormAnswer] = Latest()

    def hold(self, status: int, html: bytes, stood: str) -> str:
        """Return where it is, within the console.

        ``stood`` is where the form did, perhaps itself an answer: whoever goes back is led to a
        page that is made anew.
        """
        return AT + self._latest.hold(FormAnswer(status, html, self.fresh(stood)))

    def take(self, path: str) -> FormAnswer | None:
        """Return what is at a path within the console: its HTML for who comes first."""
        held = self._latest.find(path.removeprefix(AT))
        if held is None:
            return None
        first = FormAnswer(held.status, held.html, held.fresh)
        held.html = None
        return first

    def fresh(self, path: str) -> str:
        """Return the page to which a path leads that may be an answer's.

        The list for one forgotten.
        """
        if not path.startswith(AT):
            return path
        held = self._latest.find(path.removeprefix(AT))
        return held.fresh if held else "/"

    def clear(self) -> None:
        """Forget every page that is held."""
        self._latest.clear()
