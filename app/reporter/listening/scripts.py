r"""What is to be read out on each screen: the words that stand on it, in their order.

    scripts_of(page)["safety"] == "Read this first\nAre you in danger now?\n…"

From the rendered page, so that a script is what a person sees and changes whenever that changes.
Left out is what the page's script fills in, what is hidden at first, what passes, and what differs
from person to person or from day to day (``data-numbers``, ``data-silent``): a number to call
depends on the country that was chosen; a recording that names another one would be a danger.
"""

import hashlib
import unicodedata
from html.parser import HTMLParser

_VOID = frozenset({"br", "img", "input", "link", "meta", "wbr"})
_ALOUD = "data-aloud"  # hidden at first, and read out all the same
# Elements that do not begin a line of their own.
_WITHIN = frozenset({"a", "b", "bdi", "em", "i", "small", "span", "strong"})
_SILENT = ("data-ear", "data-numbers", "data-silent")
_SILENT_TAGS = frozenset({"noscript", "option", "script", "style", "svg", "template"})
_UNSEEN = "unseen"
_PASSING = ("alert", "status", "timer")


def scripts_of(page: bytes) -> dict[str, str]:
    """Return the lines to read out by screen (``data-step``); a screen without words has none."""
    reader = _Reader()
    reader.feed(page.decode())
    reader.close()
    return {name: "\n".join(lines) for name, lines in reader.screens.items() if lines}


def fingerprint(script: str) -> str:
    """Return the SHA-256 of a script (NFC, UTF-8), in hex: what a recording is tied to."""
    return hashlib.sha256(unicodedata.normalize("NFC", script).encode()).hexdigest()


class _Reader(HTMLParser):
    """Collects lines by screen; the depth of open elements tells where a screen or silence ends."""

    def __init__(self) -> None:
        super().__init__()
        self.screens: dict[str, list[str]] = {}
        self._open: list[str] = []
        self._lines: list[str] | None = None
        self._screen_at = 0
        self._silent_at = 0
        self._line = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag not in _WITHIN:
            self._end_line()
        if tag in _VOID:
            return
        self._open.append(tag)
        if tag == "section" and names.get("data-step"):
            self._lines = self.screens.setdefault(str(names["data-step"]), [])
            self._screen_at = len(self._open)
        elif not self._silent_at and _is_silent(tag, names):
            self._silent_at = len(self._open)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or tag not in self._open:
            return
        if tag not in _WITHIN:
            self._end_line()
        while self._open.pop() != tag:
            pass
        if len(self._open) < self._silent_at:
            self._silent_at = 0
        if self._lines is not None and len(self._open) < self._screen_at:
            self._lines = None

    def handle_data(self, data: str) -> None:
        if not self._silent_at:
            self._line += data

    def _end_line(self) -> None:
        words = " ".join(self._line.split())
        if words and self._lines is not None:
            self._lines.append(words)
        self._line = ""


def _is_silent(tag: str, names: dict[str, str | None]) -> bool:
    if tag in _SILENT_TAGS or any(name in names for name in _SILENT):
        return True
    if names.get("aria-hidden") == "true" or names.get("role") in _PASSING:
        return True
    if "hidden" in names and _ALOUD not in names:
        return True
    return _UNSEEN in (names.get("class") or "").split()
