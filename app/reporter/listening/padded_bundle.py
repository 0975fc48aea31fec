"""All recordings of a language as one bundle, in parts of one size (spec: site, listening).

    4 bytes   length n of the index, big endian
    n bytes   {"v": 1, "screens": {"safety": [offset, length], …}}, offsets from behind the index
    …         the sounds, one behind the other
    zeros     to a whole number of parts

Whoever listens loads every part, in order: the requests tell the language, and never the screen.
Parts, so that a slow network loses one of them and not all.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from app.reporter.errors import ContentError

PART_BYTES = 262_144
PARTS_MAX = 32
"""Eight megabytes: three quarters of an hour of speech."""
_VERSION = 1


@dataclass(frozen=True, slots=True)
class PaddedBundle:
    """A language's bundle: its parts of ``PART_BYTES`` each, and the SHA-256 of all, in hex."""

    parts: tuple[bytes, ...]
    digest: str

    def files(self, tag: str) -> dict[str, bytes]:
        """Return the parts by their paths in the site, such as ``en/listen/00.bin``."""
        return {part_path(tag, number): part for number, part in enumerate(self.parts)}


def part_path(tag: str, number: int) -> str:
    """Return where a part stands in the site."""
    return f"{tag}/listen/{number:02}.bin"


def make_bundle(sounds: Mapping[str, bytes]) -> PaddedBundle:
    """Return the bundle of these sounds by screen, the same for the same sounds.

    Raises ContentError where they are too many.
    """
    places: dict[str, list[int]] = {}
    behind = b""
    for screen, sound in sorted(sounds.items()):
        places[screen] = [len(behind), len(sound)]
        behind += sound
    content = {"screens": places, "v": _VERSION}
    index = json.dumps(content, separators=(",", ":"), sort_keys=True).encode()
    whole = len(index).to_bytes(4, "big") + index + behind
    whole += bytes(-len(whole) % PART_BYTES)
    if len(whole) > PARTS_MAX * PART_BYTES:
        most = PARTS_MAX * PART_BYTES // 1_000_000
        raise ContentError(f"The recordings of a language have more than {most} MB. Shorten them.")
    parts = tuple(whole[at : at + PART_BYTES] for at in range(0, len(whole), PART_BYTES))
    return PaddedBundle(parts, hashlib.sha256(whole).hexdigest())
