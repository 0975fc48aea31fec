"""What the reporter's page says: its languages, its countries and their emergency numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from app.reporter import beginning
from app.reporter.catalogue import SOURCE_LANGUAGE, language_of
from app.reporter.errors import SiteError
from app.setup.dialogue import Dialogue, Question, WrongAnswer, as_text, yes_or_no
from app.setup.steps import NotRight

_NUMBER = re.compile(r"\+?[0-9][0-9 ()/.-]{1,24}")


class PageChoices:
    """The step that asks for them and writes them into the folder of the site's content.

    ``reviewed`` are the languages that a review of the line's own covers at least in part.
    """

    def __init__(
        self, content: Callable[[], Path], reviewed: Callable[[], set[str]], dialogue: Dialogue
    ) -> None:
        self._content = content
        self._reviewed = reviewed
        self._dialogue = dialogue

    def done(self) -> bool:
        """Say whether it was asked and written; a file of answers is looked at anew."""
        return self._dialogue.settled("page")

    def do(self) -> None:
        """Ask, and write what differs. Raises NotRight, OSError."""
        folder = self._content()
        try:
            self._set_languages(folder)
            self._set_countries(folder)
        except (SiteError, KeyError, ValueError) as error:
            raise NotRight(f"{folder / 'site.toml'} cannot be changed: {error}") from None
        self._dialogue.settle("page")

    def found(self) -> str:
        """Say what the page is."""
        folder = self._content()
        names = ", ".join(language_of(code).name for code in beginning.offered(folder))
        countries, numbers = beginning.looks_after(folder)
        called = ", ".join(f"{number} ({code})" for code, number in numbers.items()) or "none"
        return (
            f"The page speaks {names}; its countries are {', '.join(countries)}; emergency "
            f"numbers: {called}."
        )

    def _set_languages(self, folder: Path) -> None:
        present, every = beginning.offered(folder), beginning.all_languages()
        read = {SOURCE_LANGUAGE, *self._reviewed()}
        if not (self._dialogue.unattended or self._dialogue.known("languages")):
            self._dialogue.say("Languages of the reporter's page that come with this release:")
            for code in every:
                note = "" if code in read else "  (no review of yours covers it)"
                self._dialogue.say(f"    {code:8} {language_of(code).name}{note}")
        known = list(dict.fromkeys([*every, *present]))
        wanted, anyway = self._languages(folder, known, present, read)
        while not wanted:
            self._dialogue.say("No language is left for the page. English needs no review.")
            self._dialogue.reopen("languages", "unreviewed")
            wanted, anyway = self._languages(folder, known, present, read)
        if wanted != present:
            beginning.offer(folder, wanted)
        if anyway:
            beginning.admit(folder, sorted(anyway))

    def _languages(
        self, folder: Path, known: Sequence[str], present: Sequence[str], read: set[str]
    ) -> tuple[list[str], set[str]]:
        """Ask which; return those of them that are published, and which of those unreviewed."""
        wanted = self._dialogue.ask(
            Question(
                "languages",
                "Which of them, by their short names, the first one first",
                lambda text: _codes(text, known),
                ", ".join(present),
            )
        )
        before = read | beginning.admitted(folder)
        anyway = {code for code in wanted if code not in before and self._is_admitted(code)}
        if not self._dialogue.unattended:
            wanted = [code for code in wanted if code in before | anyway]
        return wanted, anyway

    def _is_admitted(self, code: str) -> bool:
        """Ask whether a language is published although no review covers it."""
        key, name = f"unreviewed.{code}", language_of(code).name
        if self._dialogue.unattended and not self._dialogue.known(key):
            return False  # the site's step then says what is missing
        words = (
            f"{name}: a wrong word about a danger can cost a life. Better have it reviewed first: "
            f"`quietline agency review FOLDER {code}`. Publish it all the same, with a sentence on "
            "its pages that says so?"
        )
        is_admitted = self._dialogue.ask(Question(key, words, yes_or_no, "no"))
        if not is_admitted:
            self._dialogue.say(f"{name} is left out for now.")
        return is_admitted

    def _set_countries(self, folder: Path) -> None:
        present, numbers = beginning.looks_after(folder)
        every = beginning.all_countries()
        as_it_comes = present == list(every)
        if not (self._dialogue.unattended or self._dialogue.known("countries")):
            self._dialogue.say("Countries whose laws, helpers and numbers the page can tell of:")
            for code, name in every.items():
                self._dialogue.say(f"    {code:8} {name}")
        wanted = self._dialogue.ask(
            Question(
                "countries",
                "Which of them you look after, the first one first",
                lambda text: _codes(text, list(every)),
                # As it comes, a page has the numbers of countries far from each other.
                None if as_it_comes and not self._dialogue.unattended else ", ".join(present),
            )
        )
        if wanted == present and not any(
            self._dialogue.known(f"emergency.{code}") for code in wanted
        ):
            return
        suggested = beginning.emergency_numbers(folder, wanted) | numbers
        chosen = {
            code: self._dialogue.ask(
                Question(f"emergency.{code}", f"Emergency number in {every[code]}", _number, number)
            )
            for code, number in suggested.items()
            if code in wanted
        }
        if (wanted, chosen) != (present, numbers):
            beginning.look_after(folder, wanted, chosen)


def _number(text: str) -> str:
    """Read a number to call. Raises WrongAnswer: a slip here would stand on the first screen."""
    if not _NUMBER.fullmatch(as_text(text)):
        raise WrongAnswer("A number to call, such as 911, 112 or +1 555 0100.")
    return text.strip()


def _codes(text: str, known: Sequence[str]) -> list[str]:
    codes = [one.strip().replace("-", "_") for one in text.replace(" ", ",").split(",")]
    chosen = list(dict.fromkeys(one for one in codes if one))
    if unknown := [one for one in chosen if one not in known]:
        raise WrongAnswer(f"There is no {unknown[0]}. There are: {', '.join(known)}.")
    if not chosen:
        raise WrongAnswer(f"Name at least one of: {', '.join(known)}.")
    return chosen
