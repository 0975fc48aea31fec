"""Translations: gettext catalogues read straight from their .po files, with plural forms.

A message without a translation is an error, never quiet English: half a translated page frightens.
Also here: what a language is called in its own script, which way it runs, and which BIP-39 list
its receipt codes use. English is the source: its messages are their own translation.
"""

import gettext
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import read_po

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

# Where the language's name alone would promise more: these texts are of one country.
_NAMES = {"pt": "Português (Brasil)"}

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
        raise SiteError(
            f'{code!r} is not a language code such as "en" or "zh_Hans", or CLDR lacks it.'
        ) from None
    name = _NAMES.get(code) or locale.get_display_name() or code
    return Language(
        code=code,
        tag=code.replace("_", "-"),
        name=name[0].upper() + name[1:],
        direction=locale.text_direction,
        word_list=WORD_LISTS.get(code),
    )


def po_file(code: str, folder: Path = CONTENT_FOLDER) -> Path:
    """Return where a content folder's own catalogue of a language is, if it has one."""
    return folder / code / CATALOGUE


def po_files(code: str, folder: Path = CONTENT_FOLDER) -> list[Path]:
    """Return the catalogues of a language that there are: a folder's own, then that of the release.

    An agency's folder has one for a language of its own, or with what it says otherwise in a
    language that comes with the release: the rest follows the release.
    """
    return [
        path for path in dict.fromkeys((po_file(code, folder), po_file(code))) if path.is_file()
    ]


def open_catalogue(code: str, folder: Path = CONTENT_FOLDER) -> Catalogue:
    """Read one language. Raises SiteError if the language has no catalogue."""
    language = language_of(code)
    if code == SOURCE_LANGUAGE:
        source = gettext.NullTranslations()
        return Catalogue(language, source.gettext, source.ngettext)
    paths = po_files(code, folder)
    if not paths:
        raise SiteError(
            f"There is no catalogue for {language.name} ({code}): see content/README.md."
        )
    first, *others = (read_translations(path, code) for path in paths)
    for other in (*others, _Untranslated(language.name)):
        first.add_fallback(other)
    return Catalogue(language, first.gettext, first.ngettext)


def messages_of(code: str, folder: Path = CONTENT_FOLDER) -> dict[str, str]:
    """Return a language's messages in English, each with its plural, empty where it has none."""
    found: dict[str, str] = {}
    for path in reversed(po_files(code, folder)):
        with path.open("rb") as file:
            ids = [one.id for one in read_po(file, locale=code) if one.id]
        found |= {one: "" for one in ids if isinstance(one, str)}
        found |= {one[0]: one[1] for one in ids if not isinstance(one, str)}
    return found


class _Untranslated(gettext.NullTranslations):
    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def gettext(self, message: str) -> str:
        raise SiteError(f"{self._language} lacks a translation of: {message}")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise SiteError(f"{self._language} lacks a translation of: {msgid1} / {msgid2} ({n})")
