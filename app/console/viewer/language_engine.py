"""Has texts translated, or their language guessed, by a process without network or files.

A model goes in through the process's standard input with the texts: nothing of it is looked for,
and nothing is fetched. What comes back is taken as texts alone, as many as went in.
"""

import importlib.util
import json
import struct
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from app.console.errors import FileProblem, UnshownFile
from app.console.viewer import preview
from app.console.viewer.host import Machine
from app.console.viewer.preview import TEXT_BYTES, PreviewRequest
from app.console.viewer.previewable import Kind
from app.console.viewer.process import Running
from app.sentences.translatable import say

CHARACTERS_MOST = 20_000
"""Of all texts of one call: their translations fit into one answer, and take seconds."""

_PACKAGED = Path("/usr/lib/quietline")
"""Where Debian's package has its Python packages; there is no pip."""

_GUESSES = TypeAdapter(list[tuple[str, float]])
_FAILED = say("This text could not be translated: the model does not fit, or the text is too long.")


@dataclass(frozen=True, slots=True)
class Model:
    """What translates one language into one other: bytes as the engine wants them.

    ``shortlist`` may be empty; languages that share a vocabulary have it twice.
    """

    model: bytes
    source_vocabulary: bytes
    target_vocabulary: bytes
    shortlist: bytes = b""

    def parts(self) -> tuple[bytes, bytes, bytes, bytes]:
        """Return the four, in the order in which they are sent."""
        return self.model, self.source_vocabulary, self.target_vocabulary, self.shortlist


def is_installed() -> bool:
    """Say whether engine and guesser are here, which are optional (extra ``translation``)."""
    return all(importlib.util.find_spec(one) for one in ("fxtranslate", "py3langid"))


def how_to_install() -> str:
    """Return the command that brings them, as whoever installs programs types it."""
    if Path(sys.prefix) == _PACKAGED:
        return "apt install quietline-translation"
    return "pip install --require-hashes --only-binary :all: -r locks/translation.txt"


def translated(
    machine: Machine, model: Model, texts: Sequence[str], running: Running, hide: Path
) -> list[str]:
    """Return the translations of texts of at most CHARACTERS_MOST characters in all.

    Takes 0.2 to 30 s. Raises FileProblem with a sentence for whoever asked.
    """
    parts = model.parts()
    head = struct.pack(">4I", *map(len, parts))
    said = _answered(machine, "translate", [head, *parts, _json(texts)], running, hide)
    if len(said) != len(texts) or not all(isinstance(one, str) for one in said):
        raise FileProblem(_FAILED)
    return [str(one) for one in said]


def guessed(
    machine: Machine, texts: Sequence[str], running: Running, hide: Path
) -> list[tuple[str, float]]:
    """Return for each text the language it is likely in, and how likely (0 to 1).

    Raises FileProblem.
    """
    said = _answered(machine, "guess", [_json(texts)], running, hide)
    try:
        found = _GUESSES.validate_python(said)
    except ValidationError:
        raise FileProblem(_FAILED) from None
    if len(found) != len(texts):
        raise FileProblem(_FAILED)
    return found


def _json(texts: Sequence[str]) -> bytes:
    return json.dumps(list(texts)).encode()


def _answered(
    machine: Machine, action: str, given: Iterable[bytes], running: Running, hide: Path
) -> list[object]:
    wanted = PreviewRequest(Kind.TEXT, action)
    try:
        ended = preview.answer(machine, wanted, given, running, hide, 8 + TEXT_BYTES)
    except UnshownFile:
        raise FileProblem(_FAILED) from None
    said = ended.said
    if said[:4] != b"QLTX" or len(said) < 8 or int.from_bytes(said[4:8]) != len(said) - 8:
        raise FileProblem(_FAILED)
    try:
        found = json.loads(said[8:].decode("utf-8"))
    except ValueError:
        raise FileProblem(_FAILED) from None
    return found if isinstance(found, list) else []
