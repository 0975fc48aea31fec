"""What of the console's languages was reviewed, as the signed site tells consoles.

    data = published_reviews(agency)       # bytes of console-reviews.json, None: nothing to tell

Only sentences that the console says today are in it, each by the review that covered it last; and a
reviewer's name only where they allowed it (docs/adr/0109).
"""

from app.agency.folder import AgencyFolder
from app.agency.review_records import Review, read_records
from app.reporter.review_kit.console_reviews import (
    Reading,
    mark,
    marks_of_catalogue,
    write_reviews,
)
from app.sentences.message_catalogues import CATALOGUES


def published_reviews(agency: AgencyFolder) -> bytes | None:
    """Return the file for the site. Raises Suspicious for a record that this line did not sign."""
    found: dict[str, list[Reading]] = {}
    records = read_records(agency)
    for code in sorted({one.language for one in records}):
        catalogue = CATALOGUES / f"{code}.po"
        if not catalogue.is_file():
            continue  # a language of the pages alone
        now = marks_of_catalogue(code, catalogue)
        readings = [
            Reading(review.day, review.reviewer.name if review.reviewer.public else "", still)
            for review, covered in _last_covered(records, code)
            if (still := frozenset(map(mark, covered)) & now)
        ]
        if readings:
            found[code] = readings
    return write_reviews(found) if found else None


def _last_covered(records: list[Review], code: str) -> list[tuple[Review, set[str]]]:
    """Return each review of a language with what it covers and no later one covers or refuses."""
    left: list[tuple[Review, set[str]]] = []
    for one in records:
        if one.language == code:
            for _, covered in left:
                covered -= one.covered | one.refused
            left.append((one, set(one.covered)))
    return left
