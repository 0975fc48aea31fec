"""In which language a page is shown: its reader's choice, kept in the vault, else the browser's.

While the vault is locked, and for who is not signed in, it is what the browser asks for: nothing
outside the vault tells what anybody chose.
"""

from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from app.console.vault.installation.settings import Setting
from app.sentences.language import Language, english, open_language

CATALOGUES = Path(__file__).parent.parent / "content" / "languages"
TAGS_MAX = 20
"""So many of a browser's languages are looked at."""


@dataclass(frozen=True, slots=True)
class OwnLanguage(Setting):
    """The language that the vault's owner reads the console in; empty where none was chosen."""

    NAME = "own_language"
    tag: str = ""


class Languages:
    """The console's languages: English, and one for each catalogue, read when first asked for."""

    def __init__(self, folder: Path = CATALOGUES) -> None:
        self._files = {path.stem.replace("_", "-"): path for path in sorted(folder.glob("*.po"))}
        self._open = {"en": english()}

    def offered(self) -> list[tuple[str, str]]:
        """Return tags, and what each language calls itself."""
        named = [(tag, _own_name(tag)) for tag in ("en", *self._files)]
        return sorted(named, key=lambda one: one[1].casefold())

    def take_in(self, language: Language) -> None:
        """Offer one more, which is no file."""
        self._open[language.tag] = language

    def find(self, tag: str) -> Language | None:
        """Return a language that is offered, None for any other."""
        if tag in self._files and tag not in self._open:
            path = self._files[tag]
            self._open[tag] = open_language(path.stem, path)
        return self._open.get(tag)

    def wanted(self, header: str) -> Language:
        """Return the first language of a browser's Accept-Language that is offered, or English."""
        for part in header.split(",")[:TAGS_MAX]:
            tag = part.partition(";")[0].strip()
            if found := self._nearest(tag):
                return found
        return self._open["en"]

    def _nearest(self, tag: str) -> Language | None:
        primary = tag.partition("-")[0].lower()
        known = [one for one in (*self._open, *self._files) if one.partition("-")[0] == primary]
        exact = [one for one in known if one.casefold() == tag.casefold()]
        # Chinese of Taiwan or Hong Kong is another script: nearer to English than to none.
        if primary == "zh" and not exact and any(one in tag for one in ("TW", "HK", "Hant")):
            return None
        return self.find((exact or known)[0]) if known else None


def _own_name(tag: str) -> str:
    name = Locale.parse(tag, sep="-").get_display_name() or tag
    return name[0].upper() + name[1:]
