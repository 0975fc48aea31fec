"""French puts a space before : ; ! ? » and after «, at which no line may end.

A no-break space (U+00A0): narrower ones are missing from fonts of old phones, which draw a box.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

FRENCH = Path(__file__).parents[2] / "app" / "reporter" / "content" / "fr"
BREAKS = re.compile(r"\S[ \u202f][:;!?»]|«[ \u202f]\S|\w[!?»]|«\w")
ADDRESS = re.compile(r"https?://\S+|[\w.-]+\.\w+/\S*")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)


def _sentences() -> Iterator[tuple[str, str]]:
    for file in sorted(FRENCH.iterdir()):
        if file.suffix == ".po":
            with file.open("rb") as opened:
                catalogue = read_po(opened)
            said = _texts([message.string for message in catalogue if message.id])
        elif file.suffix == ".toml":
            said = _texts(tomllib.loads(file.read_text(encoding="utf-8")))
        else:
            said = iter(file.read_text(encoding="utf-8").splitlines())
        for sentence in said:
            yield file.name, ADDRESS.sub("", sentence)


def test_no_line_of_a_french_text_begins_with_a_mark_or_ends_with_a_quote() -> None:
    sentences = list(_sentences())
    assert len(sentences) > 500
    assert [(name, said) for name, said in sentences if BREAKS.search(said)] == []
