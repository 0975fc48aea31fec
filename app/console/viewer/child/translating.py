"""Texts translated, or their language guessed, with every right gone.

The engine comes with a part that fetches models from the network. It is never called here, and
could not reach anything: there is no network, and no file can be opened.
"""

import json
import os
import struct
from typing import Any

from app.console.viewer.child.request import NoConverter, NotOfThisKind

_PARTS = struct.Struct(">4I")
"""Bytes of the model, both vocabularies, the shortlist (0: none). Then they follow, then JSON."""

GUESSED_CHARACTERS = 2_000


def engine() -> Any:
    """Load the engine. Raises NoConverter where it is not installed."""
    try:
        from fxtranslate import Translator
    except ImportError:
        raise NoConverter from None
    return Translator


def guesser() -> Any:
    """Load what guesses languages. Raises NoConverter where it is not installed."""
    # Threads of its own would want processes that are not to be had.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError:
        raise NoConverter from None
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def translated(data: bytes, translator: Any) -> str:
    """Return a JSON list of translations of a JSON list of texts. Raises NotOfThisKind."""
    if len(data) < _PARTS.size:
        raise NotOfThisKind
    view, at, parts = memoryview(data), _PARTS.size, []
    for size in _PARTS.unpack_from(data):
        parts.append(bytes(view[at : at + size]))
        at += size
    model, source, target, shortlist = parts
    try:
        engine = translator(model, source, target, shortlist or None)
    except ValueError:
        raise NotOfThisKind from None
    texts = json.loads(bytes(view[at:]))
    return json.dumps([_by_lines(engine, text) for text in texts], ensure_ascii=False)


def guessed(data: bytes, identifier: Any) -> str:
    """Return a JSON list of [language, likelihood] of a JSON list of texts."""
    found = [identifier.classify(text[:GUESSED_CHARACTERS]) for text in json.loads(data)]
    return json.dumps([[tag, round(float(sure), 3)] for tag, sure in found])


def _by_lines(engine: Any, text: str) -> str:
    """Translate line by line: the engine would run paragraphs together."""
    return "\n".join(
        engine.translate_long(line) if line.strip() else "" for line in text.split("\n")
    )
