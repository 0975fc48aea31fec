r"""What is to be read out of each desk, after the screen on which it can be chosen.

    desk_scripts(desks, catalogue)["desk-support"] == "Support workers\\nPeople who help …\\n…"

Desks stand in the directory, which is signed apart from the site: the page compares what its
directory says of a desk (``desk_digest``) with what was recorded, and plays nothing of another.
"""

import hashlib
from collections.abc import Iterable, Mapping

from app.protocol.directory import Desk
from app.reporter.catalogue import Catalogue
from app.reporter.desk_words import facts
from app.reporter.phrases import client_phrases

PREFIX = "desk-"


def desk_scripts(desks: Iterable[Desk], catalogue: Catalogue) -> dict[str, str]:
    """Return the lines to read out by ``desk-`` and the desk's id: its name, its text, its facts.

    Raises SiteError where a translation is missing.
    """
    phrases, tag = client_phrases(catalogue), catalogue.language.tag

    def phrase(key: str) -> str:
        return str(phrases[key.replace("-", ".", 1)])

    return {
        f"{PREFIX}{desk.id}": "\n".join(
            line for line in (*_texts(desk, tag), *facts(desk, phrase, tag)) if line
        )
        for desk in desks
    }


def desk_digest(desk: Desk, tag: str) -> str:
    """Return the SHA-256 (hex) of what the directory says of a desk to a language's readers.

    Of the data and not of the words made of it: browsers name days and languages as they like.
    """
    hours = (f"{','.join(map(str, one.days))} {one.begin}-{one.end}" for one in desk.hours)
    lines = (*_texts(desk, tag), *hours, ",".join(desk.languages), desk.tells_immigration)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _texts(desk: Desk, tag: str) -> tuple[str, str]:
    return _in_language(desk.name, tag), _in_language(desk.about, tag)


def _in_language(texts: Mapping[str, str], tag: str) -> str:
    """Return a text as the page chooses it: the language's, English, any (``page.js``)."""
    known = (texts.get(one) for one in (tag, tag.split("-")[0], "en"))
    first = next((one for one in known if one is not None), None)
    return next(iter(texts.values()), "") if first is None else first
