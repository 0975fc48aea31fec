"""Every English text of pages, pack, posters and templates, beside each translation."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from babel.messages.pofile import read_po

from app.console.rules import answer_templates
from app.reporter.catalogue import po_file
from app.reporter.content import DEFAULT_FOLDER, POSTERS, TEXTS
from app.reporter.infopack import read_chapter

Pair = tuple[str, str]


@cache
def pairs(code: str) -> tuple[Pair, ...]:
    """Return each English text with its translation, plurals in the last form."""
    return (
        *_messages(code),
        *_texts(code, TEXTS),
        *_texts(code, POSTERS),
        *_pack(code),
        *_templates(code),
    )


def _messages(code: str) -> Iterator[Pair]:
    with po_file(code).open("rb") as file:
        for message in read_po(file, locale=code):
            if message.id:
                yield _last(message.id), _last(message.string)


def _last(value: Any) -> str:
    return value if isinstance(value, str) else str(value[-1])


def _texts(code: str, name: str) -> Iterator[Pair]:
    english, other = (
        dict(_leaves(tomllib.loads((DEFAULT_FOLDER / each / name).read_text("utf-8"))))
        for each in ("en", code)
    )
    for name, text in english.items():
        yield text, other[name]


def _leaves(table: dict[str, Any], at: str = "") -> Iterator[Pair]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{at}{name}.")
        else:
            yield f"{at}{name}", str(value)


def _pack(code: str) -> Iterator[Pair]:
    for path in sorted((DEFAULT_FOLDER / "en").glob("*.md")):
        chapters = (read_chapter(DEFAULT_FOLDER, path.stem, each) for each in ("en", code))
        for there, here in zip(*(one.entries for one in chapters), strict=True):
            if there.wordless or here.language != code:
                continue
            yield there.title, here.title
            for block, other in zip(there.blocks, here.blocks, strict=True):
                yield " ".join(block.lines), " ".join(other.lines)


def _templates(code: str) -> Iterator[Pair]:
    for one in answer_templates.for_language(code.partition("_")[0]):
        yield one.english, one.text
