"""The hotline's addresses and its root key: where an agency's folder begins."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from app.agency import ceremonies, line_addresses
from app.agency.errors import AgencyError
from app.agency.folder import AgencyFolder
from app.files.bounded_reading import read_at_most
from app.setup import sticks
from app.setup.agency.root_passphrase import RootPassphrase
from app.setup.carried import CARD, NotCarried, ServerCard, line_numbers
from app.setup.dialogue import Dialogue, Question, WrongAnswer, as_text, yes_or_no
from app.setup.steps import NotRight, Waits

_CARD_MAX = 16_384


class BeginningALine:
    """The step that makes the folder: addresses from the server's file, a passphrase, the key."""

    def __init__(
        self,
        folder: Path,
        dialogue: Dialogue,
        places: Callable[[], Sequence[Path]],
        passphrase: RootPassphrase,
    ) -> None:
        self._folder = folder
        self._dialogue = dialogue
        self._places = places
        self._passphrase = passphrase
        self._refused: set[ServerCard] = set()
        """Addresses that somebody compared and found to be others than the server's."""

    def done(self) -> bool:
        """Say whether there is an agency's folder."""
        return is_there(self._folder)

    def do(self) -> None:
        """Ask, and make the folder whole. Raises NotRight, Waits."""
        card = self._card()
        name = self._dialogue.ask(
            Question(
                "line_name", "What the hotline is called, as reporters read it", _name,
                card.line_name or None,
            )
        )  # fmt: skip
        passphrase = self._passphrase.new(name)
        try:
            ceremonies.init_agency(
                self._folder,
                name=name,
                server=card.web or card.reporters,
                onion=card.reporters,
                investigators=card.investigators,
                passphrase=passphrase,
                rng=os.urandom,
            )
        except AgencyError as error:
            raise NotRight(str(error)) from None

    def found(self) -> str:
        """Say which line it is. Raises NotRight."""
        if not self.done():
            raise NotRight(f"{self._folder} is no agency's folder.")
        line = AgencyFolder(self._folder).line()
        return (
            f"“{line.name}” has its root key, in {self._folder}.\n"
            f"    reporters:        {line.server}\n"
            f"    investigators:    {line.investigators or 'the same'}\n"
            f"    its numbers:      {line_numbers(line.line_id)}"
        )

    def _card(self) -> ServerCard:
        while True:
            card = self._typed() if self._dialogue.known("reporters_onion") else self._brought()
            words = (
                f"The addresses:\n    reporters:        {card.reporters}\n"
                f"    investigators:    {card.investigators}\n"
                f"    on the open web:  {card.web or 'no'}\n"
                "Whoever changes them on the way leads reporters astray. Compare every letter with "
                "the server's screen, or on the telephone. Are they the same?"
            )
            if self._dialogue.ask(
                Question("addresses_compared", words, yes_or_no, None, kept=False)
            ):
                return card
            if self._dialogue.unattended:
                raise NotRight("The addresses were not compared: nothing was made.")
            self._dialogue.say(
                "Then they are not the server's, or there is a slip in what was typed: get them "
                "again, by another way."
            )
            self._refused.add(card)
            self._dialogue.reopen("reporters_onion", "desk_onion", "web")

    def _typed(self) -> ServerCard:
        reporters = self._dialogue.ask(Question("reporters_onion", "The reporters' onion", _onion))
        desk = self._dialogue.ask(Question("desk_onion", "The investigators' onion", _onion))
        web = self._dialogue.ask(
            Question("web", "The address on the open web, if there is one", _web, "")
        )
        return ServerCard("", reporters, desk, web)

    def _brought(self) -> ServerCard:
        if self._dialogue.known("server_file"):
            return self._dialogue.ask(Question("server_file", "", _read_card))
        while True:
            for found in sticks.files_like(lambda name: name == CARD, self._places()):
                try:
                    card = ServerCard.parse(read_at_most(found, _CARD_MAX))
                except (NotCarried, OSError) as error:
                    self._dialogue.say(f"{found}: {error}")
                    continue
                if card not in self._refused:
                    return card
            waited = (
                f"The server's file {CARD} is waited for: `quietline setup server` makes it on the "
                "server. Put the stick in, or copy it to the folder from which you call this."
            )
            if self._dialogue.unattended:
                raise Waits(waited)
            self._dialogue.say(waited)
            words = "Its path; nothing: look again; type: type the addresses; or: later"
            answer = self._dialogue.ask(
                Question("server_file", words, _card_or_word, "", kept=False)
            )
            if answer == "type":
                return self._typed()
            if answer == "later":
                raise Waits(waited)
            if isinstance(answer, ServerCard):
                return answer


def is_there(folder: Path) -> bool:
    """Say whether an agency's folder is there."""
    try:
        AgencyFolder(folder)
    except AgencyError:
        return False
    return True


def _name(text: str) -> str:
    name = as_text(text)
    if len(name) > ceremonies.NAME_MAX or not name.isprintable():
        raise WrongAnswer(f"1 to {ceremonies.NAME_MAX} characters.")
    return name


def _read_card(text: str) -> ServerCard:
    try:
        return ServerCard.parse(read_at_most(Path(text).expanduser(), _CARD_MAX))
    except NotCarried as error:
        raise WrongAnswer(str(error)) from None
    except OSError as error:
        raise WrongAnswer(f"{text}: {error.strerror or 'cannot be read'}.") from None


def _card_or_word(text: str) -> ServerCard | str:
    return text if text in ("", "type", "later") else _read_card(text)


def _onion(text: str) -> str:
    try:
        return line_addresses.clean_onion(text if "://" in text else f"http://{text}")
    except AgencyError as error:
        raise WrongAnswer(str(error)) from None


def _web(text: str) -> str | None:
    if not text:
        return None
    try:
        return line_addresses.clean_address(text if "://" in text else f"https://{text}")
    except AgencyError as error:
        raise WrongAnswer(str(error)) from None
