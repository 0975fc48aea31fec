"""Every sentence of a language beside the English, with what it is for and its hash.

    sentences = sentences_of(content, "fr")

What is shown in English, because it has not been translated, is no sentence of a language. The hash
stands for exactly these two texts in this place: whoever changes either has another sentence, which
nobody has reviewed.
"""

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.protocol.encoding import b64u, json_bytes
from app.reporter.catalogue import SOURCE_LANGUAGE, Catalogue, messages_of, open_catalogue
from app.reporter.content import TEXTS, SiteContent
from app.reporter.entries import Entry
from app.reporter.infopack import FALLBACK, Chapter, read_chapter
from app.reporter.review_kit.sentence_purposes import Purpose, purposes

MESSAGE, TEXT, ENTRY, TITLE, DESK, ANSWER, CONSOLE, POSTER = (
    "message",
    "text",
    "entry",
    "title",
    "desk",
    "answer",
    "console",
    "poster",
)
"""Kinds of places. What the console says is no page's: it is reviewed by a kit of its own."""
HEADING = "heading"
"""Names an entry's title where a line of its text would be numbered."""
_SAMPLES = (*range(26), 100, 101, 1_000_000)
_NAMED = 5  # so many numbers say when a plural form is shown


@dataclass(frozen=True)
class Sentence:
    """One text that a reader of ``language`` (its code) sees, and the English it was made from.

    ``place`` says where it is changed: its kind, then what names it there. ``when`` says of a
    plural form with which numbers it is shown.
    """

    language: str
    place: tuple[str, ...]
    english: str
    text: str
    purpose: Purpose
    when: str = ""

    @property
    def hash(self) -> str:
        """SHA-256, base64url: what a reviewer's answer and the signed record name."""
        return hash_of(self.language, self.place, self.english, self.text)


def hash_of(language: str, place: tuple[str, ...], english: str, text: str) -> str:
    """Return the hash of a sentence, base64url.

    A message of the pages has no other place than its English; the lines of an entry have
    their entry, so that one more line makes no others new.
    """
    named = {MESSAGE: 1, ENTRY: 3}.get(place[0], len(place))
    said = [language, list(place[:named]), english, text]
    return b64u(hashlib.sha256(json_bytes(said)).digest())


def sentences_of(content: SiteContent, code: str) -> list[Sentence]:
    """Return what the pages of a language say: messages in the order of what they are for.

    English has none. Raises SiteError: a message without a purpose or a translation, a file that
    cannot be read.
    """
    if code == SOURCE_LANGUAGE:
        return []
    found = [
        *_messages(open_catalogue(code, content.folder), messages_of(code, content.folder)),
        *_texts(content, code),
        *(
            one
            for chapter in content.local[code].chapters
            for one in _chapter(content, code, chapter)
        ),
    ]
    return [one for one in found if one.text.strip()]


def _messages(catalogue: Catalogue, plurals: Mapping[str, str]) -> Iterator[Sentence]:
    code = catalogue.language.code
    for message, purpose in purposes().messages.items():
        plural = plurals.get(message, "")
        if not plural:
            yield Sentence(code, (MESSAGE, message), message, catalogue.gettext(message), purpose)
            continue
        for english, text, when in plural_texts(message, plural, catalogue.ngettext):
            yield Sentence(code, (MESSAGE, message), english, text, purpose, when)


def plural_texts(
    message: str, plural: str, ngettext: Callable[[str, str, int], str]
) -> Iterator[tuple[str, str, str]]:
    """Yield each form of a plural: its English, its text, and with which numbers it is shown."""
    numbers: dict[str, list[int]] = {}
    for number in _SAMPLES:
        numbers.setdefault(ngettext(message, plural, number), []).append(number)
    for text, shown in numbers.items():
        yield message if 1 in shown else plural, text, _when(shown)


def _when(numbers: list[int]) -> str:
    more = " …" if len(numbers) > _NAMED else ""
    return ", ".join(str(one) for one in numbers[:_NAMED]) + more


def _texts(content: SiteContent, code: str) -> Iterator[Sentence]:
    english = dict(_leaves(_toml(content, SOURCE_LANGUAGE)))
    for place, text in _leaves(_toml(content, code)):
        if place in english:
            yield Sentence(code, (TEXT, place), english[place], text, purposes().of_text(place))


def _toml(content: SiteContent, code: str) -> dict[str, Any]:
    path = content.folder / code / TEXTS
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _leaves(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{before}{name}.")
        elif isinstance(value, str):
            yield before + name, value


def _chapter(content: SiteContent, code: str, chapter: Chapter) -> Iterator[Sentence]:
    if chapter.language != code:
        return
    english = read_chapter(content.folder, chapter.country, FALLBACK)
    yield Sentence(
        code, (TITLE, chapter.country), english.title, chapter.title, purposes().of_entry(TITLE)
    )
    for one, source in zip(chapter.entries, english.entries, strict=True):
        if one.language == code and not one.wordless:
            yield from _entry(code, chapter.country, one, source)


def _entry(code: str, country: str, entry: Entry, english: Entry) -> Iterator[Sentence]:
    purpose, place = purposes().of_entry(entry.kind), (ENTRY, country, entry.id)
    yield Sentence(code, (*place, HEADING), english.title, entry.title, purpose)
    lines, source = lines_of(entry), lines_of(english)
    whole = " ".join(source.values())
    alike = lines.keys() == source.keys()
    for at, text in lines.items():
        yield Sentence(code, (*place, at), source[at] if alike else whole, text, purpose)


def lines_of(entry: Entry) -> dict[str, str]:
    """Return an entry's paragraphs and items of lists, by their numbers: ``1.2`` is block, line."""
    return {
        f"{block}.{line}": text
        for block, each in enumerate(entry.blocks, start=1)
        for line, text in enumerate(each.lines, start=1)
    }
