"""Who read the console's languages, as the line's agency says on its signed site.

    readings = load(tx)                                      # by language's code
    kept = await fetched(client, manifest, kept)             # once a day, with the questions
    state = read_state(readings.get("fr", ()), now)          # beside the marks of today's texts

The file is of every language: what a console asks for does not tell the server what is read at it.
It is fetched only when the manifest names another one than the last.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from app.client import site_files
from app.client.line_client import LineClient
from app.client.line_errors import LineRefused
from app.console.vault import Transaction
from app.console.vault.installation import settings
from app.console.vault.installation.settings import Setting
from app.protocol.site import Manifest
from app.reporter.review_kit.console_reviews import FILE, Reading, Reviews, read_reviews


@dataclass(frozen=True, slots=True)
class KeptReviews(Setting):
    """The file as the agency signed it, and its SHA-256 (hex); both empty where there is none."""

    NAME = "console_reviews"
    hash: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class ReadState:
    """A language: who read what of it is said today, and how many sentences nobody read so."""

    readings: tuple[Reading, ...]
    unread: int


def load(tx: Transaction) -> Reviews:
    """Return the readings of each language of which the agency tells any."""
    return read_reviews(settings.load(tx, KeptReviews).file.encode())


async def fetched(client: LineClient, manifest: Manifest, kept: KeptReviews) -> KeptReviews:
    """Return what the signed site says now. Raises NotSigned for other bytes, LineError.

    Nothing, where the site names none, or a file that it does not have: what an older one said is
    not what the agency says today.
    """
    named = manifest.files.get(FILE, "")
    if named == kept.hash:
        return kept
    try:
        data = await site_files.fetch_file(client, manifest, FILE) if named else b""
    except LineRefused as error:
        if error.status != 404:
            raise
        return KeptReviews()  # asked for again a day later
    readable = data if read_reviews(data) else b""
    return KeptReviews(named, readable.decode())


def read_state(readings: Sequence[Reading], now: Set[bytes]) -> ReadState:
    """Set readings beside the marks of a language's sentences as they are now."""
    there = tuple(one for one in readings if one.marks & now)
    covered = frozenset[bytes]().union(*(one.marks for one in there))
    return ReadState(tuple(sorted(there, key=lambda one: one.day)), len(now - covered))
