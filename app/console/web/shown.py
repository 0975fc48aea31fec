"""Pages that answered a form, held in memory for who goes back (``pages.elsewhere`` says why)."""

import secrets
from dataclasses import dataclass

AT = "/shown/"
LATEST = 16
"""So many pages are held: as far as somebody goes back."""


@dataclass(frozen=True, slots=True)
class Held:
    """A page and its status."""

    status: int
    html: bytes


class Shown:
    """The latest answers to forms, by a random name; all are forgotten with the sessions."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}

    def hold(self, page: Held) -> str:
        """Hold a page; return where it is, within the console."""
        name = secrets.token_hex(16)
        self._held[name] = page
        while len(self._held) > LATEST:
            del self._held[next(iter(self._held))]
        return AT + name

    def find(self, path: str) -> Held | None:
        """Return what is at a path within the console."""
        return self._held.get(path.removeprefix(AT))

    def clear(self) -> None:
        """Forget every page that is held."""
        self._held.clear()
