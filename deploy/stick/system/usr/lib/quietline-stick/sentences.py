"""What the stick says itself, in the console's languages; the layouts that its keyboard can have.

Catalogues are gettext's, read by the console's own code, which lies beside the system's Python.
"""

from __future__ import annotations

import gettext
import sys
from collections.abc import Callable
from pathlib import Path

CATALOGUES = Path("/usr/share/quietline-stick/languages")
CONSOLE = "/usr/lib/quietline/lib/python3.13/site-packages"

LANGUAGES = {
    "en": "English",
    "ar": "العربية",
    "es": "Español",
    "fil": "Filipino",
    "fr": "Français",
    "hi": "हिन्दी",
    "pt": "Português",
    "ro": "Română",
    "th": "ไทย",
    "uk": "Українська",
    "vi": "Tiếng Việt",
    "zh-Hans": "简体中文",
}
FROM_THE_RIGHT = ("ar",)
LAYOUTS = {
    "us": "English (US)",
    "gb": "English (UK)",
    "de": "Deutsch",
    "es": "Español",
    "latam": "Español (Latinoamérica)",
    "fr": "Français",
    "pt": "Português",
    "br": "Português (Brasil)",
    "ro": "Română",
    "us,ara": "العربية + English",
    "us,in": "हिन्दी + English",
    "us,th": "ไทย + English",
    "us,ua": "Українська + English",
    "us,vn": "Tiếng Việt + English",
}
"""As XKB calls them. Two: Alt and Shift together change from one to the other."""


def own_packages() -> None:
    """Let the console's packages be imported, behind the system's."""
    if CONSOLE not in sys.path:
        sys.path.append(CONSOLE)


def speak(tag: str) -> Callable[[str], str]:
    """Return what says a sentence in a language; in English where it has none."""
    file = CATALOGUES / f"{tag.replace('-', '_')}.po"
    if not file.is_file():
        return gettext.NullTranslations().gettext
    own_packages()
    from app.sentences.po_files import read_translations

    return read_translations(file, tag.replace("-", "_")).gettext
