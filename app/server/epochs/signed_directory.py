"""The agency's signed files as this server publishes them: the directory.

Read from the operator's disk, checked before they are served. The server trusts no file because
it is there, and no client should trust one because the server serves it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from app.protocol.directory import Directory, open_directory
from app.protocol.errors import ProtocolError

MESSAGE_DAYS = 90
_MESSAGE_DAYS_MAX = 3_650


class Refused(Exception):
    """A signed file cannot be taken; the text says why and names no more than the file."""


@dataclass(frozen=True, slots=True)
class PublishedDirectory:
    """A verified directory with the exact bytes of its file, which are what is served."""

    file: bytes
    directory: Directory

    @property
    def message_days(self) -> int:
        """Days that messages live, before each one's random few are added."""
        return int(self.directory.params.get("message_days", MESSAGE_DAYS))


def read_directory(
    path: Path, line_id: bytes, known: PublishedDirectory | None
) -> PublishedDirectory:
    """Read and verify the signed directory file; returns ``known`` if the file has not changed.

    Raises Refused for a file that is missing, does not verify, is signed by a root that the one in
    service has replaced, or has no higher version.
    """
    return check_directory(read_file(path, "directory"), line_id, known)


def check_directory(
    file: bytes, line_id: bytes, known: PublishedDirectory | None
) -> PublishedDirectory:
    """Verify a signed directory file; returns ``known`` if it is that. Raises Refused."""
    if known is not None and file == known.file:
        return known
    try:
        directory = open_directory(file, line_id)
    except ProtocolError as error:
        raise Refused(f"The directory file is refused: {error}") from None
    days = directory.params.get("message_days", MESSAGE_DAYS)
    if type(days) is not int or not 1 <= days <= _MESSAGE_DAYS_MAX:
        raise Refused(f"The directory's message_days is no number from 1 to {_MESSAGE_DAYS_MAX}.")
    if known is not None and not directory.follows(known.directory):
        raise Refused(
            "The directory file is signed by a root key that this line has replaced. If the agency "
            "did not do this, somebody else holds that key: tell the agency."
        )
    if known is not None and directory.version <= known.directory.version:
        raise Refused(
            f"The directory file has version {directory.version}, but version "
            f"{known.directory.version} is in service: a directory only ever grows."
        )
    return PublishedDirectory(file, directory)


def state_in_words(directory: Directory, day: dt.date) -> str | None:
    """Say what an operator must know about the directory's end, or None if all is well."""
    state = directory.state(day)
    if state == "ok":
        return None
    if state == "expired":
        return "The directory has expired: clients refuse it. The agency must sign a new one."
    return f"The directory's last day is {directory.expires}: ask the agency for a new one."


def read_file(path: Path, name: str) -> bytes:
    """Read a published file whole. Raises Refused."""
    try:
        return path.read_bytes()
    except OSError:
        raise Refused(f"The {name} file cannot be read: check its path and its rights.") from None
