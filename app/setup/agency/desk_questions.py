"""Desks by questions: who reads there, when, in which languages, and whom a law makes them tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.agency import texts
from app.agency.desk_facts import DeskFacts, plain_hours, read_facts
from app.agency.errors import AgencyError
from app.agency.folder import AgencyFolder
from app.agency.texts import ABOUT_MAX, NAME_MAX, AgencyTexts, DeskTexts
from app.reporter import beginning
from app.reporter.catalogue import language_of
from app.setup.dialogue import Dialogue, Question, WrongAnswer, as_text
from app.setup.steps import NotRight

_OWN = "own"
_DESK_ID = re.compile(r"[a-z][a-z0-9-]{0,31}")


class DeskQuestions:
    """The step that asks for the desks and writes them into agency.toml."""

    def __init__(self, agency: Callable[[], AgencyFolder], dialogue: Dialogue) -> None:
        self._agency = agency
        self._dialogue = dialogue

    def done(self) -> bool:
        """Say whether they were asked and written; a file of answers is looked at anew."""
        return self._dialogue.settled("desks")

    def do(self) -> None:
        """Ask for every desk, and write them. Raises NotRight."""
        agency = self._agency()
        self._dialogue.say("A desk is who reads: a reporter chooses one or more of them.")
        wanted: list[DeskTexts] = []
        number = 1
        while self._dialogue.another("desks", number, "Is there another desk?"):
            wanted.append(self._desk(f"desks.{number}.", agency))
            number += 1
        present = agency.texts()
        if self._is_example():
            if not wanted:
                raise NotRight("No desk is named: a hotline needs one that somebody reads at.")
            present = replace(present, desks=())
        self._write(agency, present, wanted)
        for settled in range(1, number):
            self._dialogue.settle(f"desks.{settled}")
        self._dialogue.settle("desks")

    def add_one(self) -> None:
        """Ask for one more, or for one that is there again. Raises NotRight."""
        agency = self._agency()
        number = 1
        while self._dialogue.settled(f"desks.{number}"):
            number += 1
        self._write(agency, agency.texts(), [self._desk(f"desks.{number}.", agency)])
        self._dialogue.settle(f"desks.{number}")

    def found(self) -> str:
        """Say what reporters will read of each desk. Raises NotRight."""
        try:
            desks = self._agency().texts().desks
        except AgencyError as error:
            raise NotRight(str(error)) from None
        return "Reporters can choose:" + "".join(
            f"\n    {desk.name.get('en', desk.id)} ({desk.id}): hours "
            f"{plain_hours(desk.facts.hours) or 'not said'}; languages "
            f"{', '.join(desk.facts.languages) or 'not said'}; tells immigration: "
            f"{desk.facts.tells_immigration}"
            for desk in desks
        )

    def _is_example(self) -> bool:
        return self._agency().texts() == texts.parse(texts.example())

    def _write(
        self, agency: AgencyFolder, present: AgencyTexts, wanted: Sequence[DeskTexts]
    ) -> None:
        by_id = {desk.id: desk for desk in (*present.desks, *wanted)}
        changed = replace(present, desks=tuple(by_id.values()))
        if changed != agency.texts():
            agency.write_texts(changed)

    def _desk(self, key: str, agency: AgencyFolder) -> DeskTexts:
        ready = {desk.id: desk for desk in texts.parse(texts.example()).desks}

        def kind(text: str) -> str:
            if text not in (*ready, _OWN):
                raise WrongAnswer(f"One of: {', '.join((*ready, _OWN))}.")
            return text

        chosen = self._dialogue.ask(
            Question(
                f"{key}kind",
                "Who reads there: support (people who help, not police), police, or own (in your "
                "words)",
                kind,
                "support",
            )
        )
        desk = self._own(key, agency) if chosen == _OWN else ready[chosen]
        return replace(desk, facts=self._facts(key, desk.id))

    def _own(self, key: str, agency: AgencyFolder) -> DeskTexts:
        languages = list(dict.fromkeys(["en", *beginning.offered(agency.site_content())]))
        names, abouts = {}, {}
        for code in languages:
            tag, name = code.replace("_", "-"), language_of(code).name
            needed = None if code == "en" else ""
            names[tag] = self._dialogue.ask(
                Question(
                    f"{key}name.{tag}", f"Its name, in {name}", _at_most(NAME_MAX, needed), needed
                )
            )
            abouts[tag] = self._dialogue.ask(
                Question(
                    f"{key}about.{tag}",
                    f"A sentence or two in {name}: who they are, what they do, whom they tell",
                    _at_most(ABOUT_MAX, needed),
                    needed,
                )
            )
        slug = re.sub(r"[^a-z0-9]+", "-", names["en"].casefold()).strip("-")[:32].strip("-")
        desk_id = self._dialogue.ask(
            Question(
                f"{key}id",
                "A short name for it, which never changes",
                _desk_id,
                slug if _DESK_ID.fullmatch(slug) else None,
            )
        )
        kept = {tag for tag in names if names[tag] and abouts[tag]}
        return DeskTexts(
            desk_id,
            {tag: text for tag, text in names.items() if tag in kept},
            {tag: text for tag, text in abouts.items() if tag in kept},
        )

    def _facts(self, key: str, desk_id: str) -> DeskFacts:
        def facts(**said: object) -> DeskFacts:
            try:
                return read_facts(said, desk_id)
            except AgencyError as error:
                raise WrongAnswer(str(error).removeprefix("agency.toml: ")) from None

        hours = self._dialogue.ask(
            Question(
                f"{key}hours",
                "When somebody reads there, by its own clock: always, or such as mon-fri "
                "09:00-17:30, sat 22:00-02:00; nothing: not said",
                lambda text: facts(hours=_listed(text)),
                "",
            )
        )
        languages = self._dialogue.ask(
            Question(
                f"{key}languages",
                "Languages that somebody there reads without an interpreter, such as en, es, "
                "zh-Hans; nothing: not said",
                lambda text: facts(languages=_listed(text)),
                "",
            )
        )
        tells = self._dialogue.ask(
            Question(
                f"{key}tells_immigration",
                "Does a law or an order bind it to tell immigration: yes, no (after asking a "
                "lawyer) or unknown",
                lambda text: facts(tells_immigration=text),
                "unknown",
            )
        )
        return DeskFacts(hours.hours, languages.languages, tells.tells_immigration)


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _at_most(characters: int, otherwise: str | None) -> Callable[[str], str]:
    def read(text: str) -> str:
        if otherwise is None:
            as_text(text)
        if len(text) > characters:
            raise WrongAnswer(f"At most {characters} characters.")
        return text.strip()

    return read


def _desk_id(text: str) -> str:
    if not _DESK_ID.fullmatch(as_text(text)):
        raise WrongAnswer("Small letters, digits and hyphens, at most 32.")
    return text
