"""What an agency has recorded: ``listen/LANGUAGE/`` in its site's material.

    listen/en/safety.wav             as it was recorded, until it is taken in
    listen/en/taken/safety.mp3       as it is published
    listen/en/taken/recordings.json  of each: the words it was read from, and its own hash

A recording without its line in recordings.json, or whose file is another one, was taken in by
nobody, and is refused. One whose screen says something else now is out of date, and is left out.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.files.bounded_reading import read_at_most
from app.reporter.errors import ContentError
from app.reporter.listening.scripts import fingerprint
from app.reporter.listening.sounds import BYTES_MAX, seconds_of

FOLDER = "listen"
TAKEN = "taken"
LIST = "recordings.json"
SUFFIX = ".mp3"
_VERSION = 1
_LIST_MAX = 262_144
_SCREENS_MAX = 200
_HASH_DIGITS = 64
_SCREEN = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that was taken in.

    ``text`` is the fingerprint of the script it was read from, ``source`` the SHA-256 of the file
    it was made from (both hex), ``sound`` its bytes as published.
    """

    text: str
    source: str
    sound: bytes

    @classmethod
    def of(cls, script: str, source: str, sound: bytes) -> "Recording":
        """Return a recording of these words."""
        return cls(fingerprint(script), source, sound)

    def says(self, script: str | None) -> bool:
        """Say whether it was read from these words; no screen, no words."""
        return script is not None and fingerprint(script) == self.text


def read_recordings(folder: Path, language: str) -> dict[str, Recording]:
    """Return a language's recordings by screen, none where there is no folder of them.

    ``folder`` is the site's material. Raises ContentError, naming the file.
    """
    found, complaints = readable_recordings(folder, language)
    if complaints:
        raise ContentError(complaints[0])
    return found


def readable_recordings(folder: Path, language: str) -> tuple[dict[str, Recording], list[str]]:
    """Return what can be read of a language's recordings, by screen, and what is wrong otherwise.

    For who takes recordings in: what is wrong is mended by taking it in anew.
    """
    taken, name = folder / FOLDER / language / TAKEN, f"{FOLDER}/{language}/{TAKEN}"
    if not taken.is_dir():
        return {}, []
    found: dict[str, Recording] = {}
    complaints: list[str] = []
    try:
        rows = _rows(taken / LIST, f"{name}/{LIST}")
    except ContentError as error:
        return {}, [str(error)]
    for screen, row in rows.items():
        try:
            found[screen] = _read(taken / f"{screen}{SUFFIX}", row, f"{name}/{screen}")
        except ContentError as error:
            complaints.append(str(error))
    return found, complaints


def is_screen(name: str) -> bool:
    """Say whether this can be the name of a screen, and of its file."""
    return _SCREEN.fullmatch(name) is not None


def current(recordings: Mapping[str, Recording], scripts: Mapping[str, str]) -> dict[str, bytes]:
    """Return the sounds that say what their screens say now, by screen, sorted."""
    return {
        screen: one.sound
        for screen, one in sorted(recordings.items())
        if one.says(scripts.get(screen))
    }


def list_bytes(recordings: Mapping[str, Recording]) -> bytes:
    """Return recordings.json."""
    rows = {
        screen: {
            "text": one.text,
            "source": one.source,
            "sound": hashlib.sha256(one.sound).hexdigest(),
        }
        for screen, one in sorted(recordings.items())
    }
    return json.dumps({"v": _VERSION, "screens": rows}, indent=1).encode() + b"\n"


def _rows(path: Path, name: str) -> dict[str, Any]:
    try:
        value = json.loads(read_at_most(path, _LIST_MAX))
    except (OSError, ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or value.get("v") != _VERSION:
        raise ContentError(f"{name} cannot be read. Take the recordings in anew.")
    rows = value.get("screens")
    if not isinstance(rows, dict) or len(rows) > _SCREENS_MAX or not all(map(is_screen, rows)):
        raise ContentError(f"{name} cannot be read. Take the recordings in anew.")
    return rows


def _read(path: Path, row: Any, name: str) -> Recording:
    if not isinstance(row, dict) or not all(
        isinstance(row.get(key), str) and len(row[key]) == _HASH_DIGITS
        for key in ("text", "source", "sound")
    ):
        raise ContentError(f"{name}: its line in {LIST} cannot be read. Take it in anew.")
    try:
        sound = read_at_most(path, BYTES_MAX)
        seconds_of(sound)
    except OSError:
        raise ContentError(f"{name}{SUFFIX} is missing or too large. Take it in anew.") from None
    except ContentError as error:
        raise ContentError(f"{name}{SUFFIX}: {error}") from None
    if hashlib.sha256(sound).hexdigest() != row["sound"]:
        raise ContentError(f"{name}{SUFFIX} is not the file that was taken in. Take it in anew.")
    return Recording(row["text"], row["source"], sound)
