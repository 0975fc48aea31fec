"""Desks that say something else of themselves than what was read when they were chosen.

Consent was given to what was read, so whoever writes is asked first (spec: directory, "When it
changes").
"""

from __future__ import annotations

from app.protocol.directory import Desk, Directory
from app.sentences.translatable import say


class ChangedDesks(Exception):
    """The chosen desks that say something else now, and the directory in which they say it.

    Nothing of the message was sent, though its files may lie there, sealed.
    """

    def __init__(self, desks: list[Desk], directory: Directory) -> None:
        super().__init__(say("A desk that was chosen says something else about itself now."))
        self.desks = desks
        self.directory = directory


def in_language(texts: dict[str, str], lang: str) -> str:
    """Return a directory's text in a language, else in English, else in any."""
    return texts.get(lang) or texts.get("en") or next(iter(texts.values()), "")


def changed_desks(chosen: set[str], before: Directory, now: Directory, lang: str) -> list[Desk]:
    """Return those of the chosen desks, as they are now, of which ``lang`` reads another thing.

    One that is in only one of the two directories is not among them.
    """
    then = {desk.id: _read_of(desk, lang) for desk in before.desks}
    return [
        desk
        for desk in now.desks
        if desk.id in chosen & set(then) and then[desk.id] != _read_of(desk, lang)
    ]


def _read_of(desk: Desk, lang: str) -> tuple[object, ...]:
    name, about = in_language(desk.name, lang), in_language(desk.about, lang)
    return name, about, desk.hours, desk.languages, desk.tells_immigration
