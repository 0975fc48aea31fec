"""What *This computer* says of each of its languages: who read it, and how much of it is left."""

from functools import cache
from pathlib import Path

from app.console.line import published_reviews
from app.console.rules import wording
from app.console.vault import Transaction
from app.console.web.reader_languages import CATALOGUES, Languages
from app.reporter.review_kit.console_reviews import Reading, marks_of_catalogue
from app.sentences.translatable import say, say_count


def rows(tx: Transaction, languages: Languages) -> list[tuple[str, str, list[str]]]:
    """Return each language's tag, its own name, and sentences about it. English is the source."""
    published, found = published_reviews.load(tx), []
    for tag, name in languages.offered():
        catalogue = CATALOGUES / f"{tag.replace('-', '_')}.po"
        if catalogue.is_file():
            readings = published.get(catalogue.stem, ())
            # Without one there is nothing to compare: a catalogue takes a moment to read.
            now = _marks(catalogue) if readings else frozenset[bytes]()
            state = published_reviews.read_state(readings, now)
            found.append((tag, name, _words(state)))
    return found


def _words(state: published_reviews.ReadState) -> list[str]:
    if not state.readings:
        return [say("Nobody has read it for your agency.")]
    words = [_read(one) for one in state.readings]
    if state.unread:
        words.append(
            say_count(
                "Not confirmed as it is now: {count} sentence.",
                "Not confirmed as they are now: {count} sentences.",
                state.unread,
            )
        )
    return words


def _read(one: Reading) -> str:
    day = wording.date(one.day)
    if one.name:
        return say("Read by {name} on {day}.", name=one.name, day=day)
    return say("Read on {day}; who read it is not named.", day=day)


@cache
def _marks(catalogue: Path) -> frozenset[bytes]:
    """Return the marks of a language, which change with a release alone."""
    return marks_of_catalogue(catalogue.stem, catalogue)
