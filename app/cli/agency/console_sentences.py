"""What the console says in a language, sentence by sentence, for whoever reviews it.

sentences = console_sentences("fr")

What is not translated is shown in English, and is no sentence of a language. Where a sentence
stands and what hangs on it is said by file (``app/console/content/review_purposes.toml``).
"""

import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Final

from app.reporter.review_kit.console_reviews import texts_said
from app.reporter.review_kit.reviewed_sentences import CONSOLE, Sentence
from app.reporter.review_kit.sentence_purposes import Purpose
from app.sentences.language import Language, open_language
from app.sentences.message_catalogues import CATALOGUES, source_messages

PURPOSES: Final = CATALOGUES.parent / "review_purposes.toml"
Message = tuple[str, str, str]
"""Its use where one English word has several, else empty; its English; its plural, else empty."""


def console_languages() -> list[str]:
    """Return the codes of the languages that the console has a catalogue of."""
    return sorted(path.stem for path in CATALOGUES.glob("*.po"))


def console_sentences(code: str) -> list[Sentence]:
    """Return what the console says in a language, in the order of what it is for.

    None for a language that it does not speak. Raises SiteError where a file has no purpose.
    """
    if code not in console_languages():
        return []
    language = open_language(code, CATALOGUES / f"{code}.po")
    groups: dict[Purpose, list[Sentence]] = {purpose: [] for _, purpose in _rows()}
    for message, purpose in purposes_of_messages().items():
        groups[purpose] += _said(language, code, message, purpose)
    return [one for group in groups.values() for one in group]


@cache
def purposes_of_messages() -> dict[Message, Purpose]:
    """Return every message of the console with what it is for.

    It is that of the first row that fits one of its files. Raises KeyError for a file without one.
    """
    found: dict[Message, Purpose] = {}
    rows = _rows()
    for one in source_messages():
        if not one.id:
            continue
        english, plural = (one.id, "") if isinstance(one.id, str) else (one.id[0], one.id[1])
        files = {Path(name).as_posix() for name, _ in one.locations}
        fits = (purpose for matches, purpose in rows if _any(matches, files))
        purpose = next(fits, None)
        if purpose is None:
            raise KeyError(
                f"app/console/content/{PURPOSES.name} does not say what {', '.join(sorted(files))} "
                "is for: give it a [[place]] there."
            )
        found[one.context or "", english, plural] = purpose
    return found


def _said(language: Language, code: str, message: Message, purpose: Purpose) -> Iterator[Sentence]:
    use, english, plural = message
    for source, text, when in texts_said(language, use, english, plural):
        yield Sentence(code, (CONSOLE, use, english), source, text, purpose, when)


def _rows() -> list[tuple[list[str], Purpose]]:
    rows = tomllib.loads(PURPOSES.read_text(encoding="utf-8"))["place"]
    return [(row["match"], Purpose(row["purpose"], row["risk"])) for row in rows]


def _any(matches: list[str], files: set[str]) -> bool:
    return any(fnmatchcase(name, match) for name in files for match in matches)
