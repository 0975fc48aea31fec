"""What was reviewed, signed by the root key: a file for each time, and what they cover together.

    write_record(agency, Review("fr", reviewer, covered, refused), today=day, seed=seed)
    covered_by(read_records(agency), "fr")        # hashes of sentences

``reviews/LANGUAGE-NUMBER.json`` is signed like a manifest (``signing``), over

    {"v": 1, "line_id": b64u 32, "number": n, "language": "fr", "day": "2031-05-06",
     "reviewer": {"name": "…", "capacity": "…"}, "covered": [hash, …], "refused": [hash, …]}

with ``"public": true`` in ``reviewer`` where they allow consoles to name them.

A hash stands for a sentence beside its English (``app.reporter.review_kit.reviewed_sentences``).
What a later review refuses is not covered any more.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from app.agency import signing
from app.agency.errors import Suspicious
from app.agency.folder import AgencyFolder
from app.files.writing import write_whole
from app.protocol.encoding import b64u, json_bytes, read_json, unb64u, unhex
from app.protocol.errors import ProtocolError
from app.protocol.secrets import Secret
from app.protocol.signatures import TAG_REVIEW, verify

_FOLDER: Final = "reviews"
_NAME: Final = re.compile(r"[A-Za-z_]{2,20}-[0-9]{4,9}\.json")


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Whoever reviewed, as they want to be called, and what they say they are.

    ``public`` says that they allow their name where anybody can read it.
    """

    name: str
    capacity: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody found right in a language, and what they did not, by hash."""

    language: str
    reviewer: Reviewer
    covered: frozenset[str]
    refused: frozenset[str]
    number: int = 0
    day: dt.date = dt.date.min


def read_records(agency: AgencyFolder) -> list[Review]:
    """Return all reviews that were accepted, the first first.

    Raises Suspicious for a file that no root of this line signed.
    """
    roots, found = agency.known_roots(), []
    for path in sorted((agency.path / _FOLDER).glob("*.json")):
        if not _NAME.fullmatch(path.name):
            continue  # not ours: such as a file of templates that lies beside them
        try:
            found.append(_opened(path.read_bytes(), agency.line().line_id, roots))
        except (ProtocolError, KeyError, TypeError, ValueError, AttributeError):
            raise Suspicious(
                f"{path} was not signed by this line, or was changed. Take it from your backup, or "
                "take it away: what it covers is unreviewed then."
            ) from None
    return sorted(found, key=lambda one: one.number)


def covered_by(records: Iterable[Review], language: str) -> frozenset[str]:
    """Return the hashes of the sentences that were found right, and not refused since."""
    covered: set[str] = set()
    for one in records:
        if one.language == language:
            covered = (covered | one.covered) - one.refused
    return frozenset(covered)


def write_record(agency: AgencyFolder, review: Review, *, today: dt.date, seed: Secret) -> Review:
    """Sign a review as the next one, and keep it; return it with its number and day."""
    number = max((one.number for one in read_records(agency)), default=0) + 1
    who = review.reviewer
    reviewer = {"name": who.name, "capacity": who.capacity}
    content = json_bytes(
        {
            "v": 1,
            "line_id": b64u(agency.line().line_id),
            "number": number,
            "language": review.language,
            "day": today.isoformat(),
            "reviewer": {**reviewer, "public": True} if who.public else reviewer,
            "covered": sorted(review.covered),
            "refused": sorted(review.refused),
        }
    )
    folder = agency.path / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    data = signing.sign_review(content, seed)
    write_whole(folder / f"{review.language}-{number:04}.json", data)
    return _opened(data, agency.line().line_id, agency.known_roots())


def _opened(data: bytes, line_id: bytes, roots: set[bytes]) -> Review:
    outer = read_json(data)
    root = unhex(outer["root"], 32)
    if root not in roots:
        raise ProtocolError("Another root.")
    signed = unb64u(outer["review"])
    verify(TAG_REVIEW, root, signed, unhex(outer["signature"], 64))
    content: dict[str, Any] = read_json(signed)
    if content["v"] != 1 or unb64u(content["line_id"], 32) != line_id:
        raise ProtocolError("Another line.")
    return Review(
        language=str(content["language"]),
        reviewer=Reviewer(**content["reviewer"]),
        covered=frozenset(map(str, content["covered"])),
        refused=frozenset(map(str, content["refused"])),
        number=int(content["number"]),
        day=dt.date.fromisoformat(content["day"]),
    )
