"""Gettext catalogues, read straight from their .po files, with plural forms."""

import gettext
import io
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def read_translations(path: Path, locale: Locale | str) -> gettext.GNUTranslations:
    """Return the translations of a .po file. Raises OSError, ValueError."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
