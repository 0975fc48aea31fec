"""Translations: gettext catalogues read straight from their .po files, with plural forms.

A message without a translation is an error, never quiet English: half a translated page frightens.
Also here: what a language is called in its own script, which way it runs, and which BIP-39 list
its receipt codes use. English is the source: its messages are their own translation.
"""

import gettext
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from babel import Locale, UnknownLocaleError

from app.reporter.errors import SiteError
from app.sentences.po_files import read_translations

CONTENT_FOLDER = Path(__file__).parent / "content"
SOURCE_LANGUAGE = "en"
CATALOGUE = "messages.po"

# QL1, reporter keys: twelve words of any BIP-39 list. A language not named here has no list of its
# own: its codes are shown as numbers first, and as English words when asked for.
WORD_LISTS = {
    "cs": "czech",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "ja": "japanese",
    "ko": "korean",
    "pt": "portuguese",
    "zh_Hans": "chinese_simplified",
    "zh_Hant": "chinese_traditional",
}

# Whole numbers that between them meet every CLDR plural category of every language.
_PLURAL_SAMPLES = (*range(0, 201), 1_000, 1_000_000)


@dataclass(frozen=True)
class Language:
    """A language of the site. ``tag`` is BCP 47 (in addresses and ``lang``), ``name`` its own."""

    code: str
    tag: str
    name: str
    direction: str
    word_list: str | None


@dataclass(frozen=True)
class Catalogue:
    """The translations of one language."""

    language: Language
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]

    def plural_forms(self, singular: str, plural: str) -> dict[str, str]:
        """Return texts by CLDR category ("one", "few" …), for which Intl.PluralRules will ask."""
        rule = Locale.parse(self.language.code).plural_form
        forms: dict[str, str] = {}
        for number in _PLURAL_SAMPLES:
            forms.setdefault(rule(number), self.ngettext(singular, plural, number))
        # Fractions fall into "other" in most languages; a page must never ask for a missing form.
        forms.setdefault("other", self.ngettext(singular, plural, _PLURAL_SAMPLES[-1]))
        return forms


def language_of(code: str) -> Language:
    """Describe a language by its folder's name under ``content/`` (``en``, ``ar``, ``zh_Hans``)."""
    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        raise SiteError(f'{code!r} is not a language code such as "en" or "zh_Hans".') from None
    name = locale.get_display_name() or code
    return Language(
        code=code,
        tag=code.replace("_", "-"),
        name=name[0].upper() + name[1:],
        direction=locale.text_direction,
        word_list=WORD_LISTS.get(code),
    )


def po_file(code: str, folder: Path = CONTENT_FOLDER) -> Path:
    """Return where a language's catalogue is: a content folder's own, or that of this release.

    An agency's folder has none for the languages that come with a release: they follow it.
    """
    own = folder / code / CATALOGUE
    return own if own.is_file() else CONTENT_FOLDER / code / CATALOGUE


def open_catalogue(code: str, folder: Path = CONTENT_FOLDER) -> Catalogue:
    """Read one language. Raises SiteError if the language has no catalogue."""
    language = language_of(code)
    if code == SOURCE_LANGUAGE:
        source = gettext.NullTranslations()
        return Catalogue(language, source.gettext, source.ngettext)
    path = po_file(code, folder)
    if not path.is_file():
        raise SiteError(
            f"There is no catalogue for {language.name} ({code}): see content/README.md."
        )
    translations = read_translations(path, code)
    translations.add_fallback(_Untranslated(language.name))
    return Catalogue(language, translations.gettext, translations.ngettext)


def is_reviewed(code: str, folder: Path = CONTENT_FOLDER) -> bool:
    """Say whether a reader who grew up with the language has read it; English is the source.

    The catalogue says so at its top (languages.md).
    """
    if code == SOURCE_LANGUAGE:
        return True
    top, _, _ = po_file(code, folder).read_text(encoding="utf-8").partition("msgid")
    return "# Status: reviewed by " in top


def review_remarks(codes: Iterable[str], folder: Path = CONTENT_FOLDER) -> list[str]:
    """Say which languages were read by none who grew up with them, for who publishes the site."""
    unread = [language_of(code).name for code in codes if not is_reviewed(code, folder)]
    if not unread:
        return []
    return [
        f"Translated, but not yet read by a native speaker: {', '.join(unread)}. Offer only "
        "languages that somebody of yours has read (`languages` in site.toml)."
    ]


class _Untranslated(gettext.NullTranslations):
    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def gettext(self, message: str) -> str:
        raise SiteError(f"{self._language} lacks a translation of: {message}")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise SiteError(f"{self._language} lacks a translation of: {msgid1} / {msgid2} ({n})")
