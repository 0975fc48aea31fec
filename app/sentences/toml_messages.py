"""Finds the messages of a content file: texts in TOML that people read (Babel's own way to ask)."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any


def extract(
    file: IO[bytes],
    keywords: Collection[str],
    comments: Collection[str],
    options: Mapping[str, str],
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Yield each text under one of the names in the option ``names``, without the spaces around it.

    What the other arguments say is about programs.
    """
    del keywords, comments
    names = frozenset(options["names"].split())
    for text in _texts(tomllib.loads(file.read().decode()), names):
        yield 1, None, text, []


def _texts(value: Any, names: Collection[str], *, wanted: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _texts(one, names, wanted=name in names)
    elif isinstance(value, list):
        for one in value:
            # Of a step, a rule and its words, only the words are read.
            yield from _texts(one[-1] if isinstance(one, list) else one, names, wanted=wanted)
    elif wanted and isinstance(value, str) and value.strip():
        yield value.strip()
