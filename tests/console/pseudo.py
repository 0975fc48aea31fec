"""A made-up language for the console: every message of it accented, marked and longer.

Dates, numbers and names of languages are Ukrainian: so whatever is said in Latin letters without an
accent was not translated, or is data. Made when it is asked for, and never shipped.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from babel import Locale
from babel.messages.catalog import Message

from app.sentences.language import Language
from app.sentences.message_catalogues import source_messages

_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED = "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ"
_TABLE = str.maketrans(_PLAIN, _ACCENTED)
_BLANK = re.compile(r"(\{\w+\})")
LONGER = 0.4
"""German is about so much longer than English."""


def pseudo(message: str) -> str:
    """Return a message as the made-up language says it; what is filled in stays."""
    parts = _BLANK.split(message)
    said = "".join(one if _BLANK.fullmatch(one) else one.translate(_TABLE) for one in parts)
    return f"⟦{said}{'~' * round(len(message) * LONGER)}⟧"


def _key(each: Message) -> str:
    """Return what gettext looks for: the message, behind its context where it has one."""
    message = each.id if isinstance(each.id, str) else each.id[0]
    return f"{each.context}\x04{message}" if each.context else message


def made_up(direction: str = "ltr") -> Language:
    """Return the language: it has every message that a catalogue would have, and no other."""
    known = {_key(each) for each in source_messages()}

    def said(key: str) -> str:
        return pseudo(key.rpartition("\x04")[2]) if key in known else key

    return Language(
        "uk",
        said,
        lambda one, many, count: pseudo(one if count == 1 else many) if one in known else one,
        Locale("uk"),
        direction,
    )


SAID_IN = ("title", "aria-label", "alt", "placeholder", "aria-description")
DATA = {"bdi", "code", "kbd", "pre", "textarea", "style", "script"}
"""Elements in which stands what somebody wrote, typed or named."""
VOID = {"meta", "link", "input", "br", "img", "hr", "source", "path", "use", "wbr"}


class Texts(HTMLParser):
    """Every text of a page, and every attribute that is read aloud or shown, but for data."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        data = tag in DATA or (
            tag != "html"
            and ("lang" in given or given.get("dir") == "auto" or given.get("translate") == "no")
        )
        self.found += [given[name] or "" for name in SAID_IN if name in given]
        if tag not in VOID:
            self._open.append((tag, data))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(is_data for _, is_data in self._open):
            self.found.append(data.strip())


_WORD = re.compile(r"[A-Za-z][A-Za-z’']+")


def english_in(html: str, data: re.Pattern[str]) -> list[str]:
    """Return the texts of a page that have a word which is neither translated nor data."""
    texts = Texts()
    texts.feed(html)
    return [one for one in texts.found if _WORD.search(data.sub("", _BLANK.sub("", one)))]
