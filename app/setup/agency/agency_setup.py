"""``quietline setup agency``: from an empty folder to one that is carried to the server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from app.agency import ceremonies
from app.agency.errors import AgencyError
from app.agency.folder import AgencyFolder
from app.agency.review_coverage import sentences
from app.agency.review_records import covered_by, read_records
from app.agency.site import site_content
from app.setup import sticks
from app.setup.agency.beginning_a_line import BeginningALine, is_there
from app.setup.agency.carrying import LineForInvestigators, SecondCopy, Signing, ToCarry
from app.setup.agency.desk_questions import DeskQuestions
from app.setup.agency.page_choices import PageChoices
from app.setup.agency.posters_to_carry import PostersToCarry
from app.setup.agency.readers import Readers
from app.setup.agency.root_passphrase import RootPassphrase
from app.setup.agency.this_computer import ThisComputer, connected
from app.setup.carried import FOLDER, line_numbers
from app.setup.dialogue import Dialogue, Question, Value, WrongAnswer, as_text, yes_or_no
from app.setup.steps import NotRight, Step

KEYS = (
    r"offline|date_is_right|server_file|reporters_onion|desk_onion|web|line_name"
    r"|addresses_compared|passphrase_file|languages|unreviewed\.[A-Za-z_]+|countries|emergency\.[a-z]+"
    r"|look_in|give_to|posters"
    r"|second_copy|publish_again"
    r"|desks\.\d+\.(kind|id|hours|languages|tells_immigration|(name|about)\.[A-Za-z-]+)"
    r"|readers\.\d+\.(request|words|desks)"
)
ANSWERS = "agency-answers.json"
_PAGE = ("languages", "unreviewed", "countries", "emergency", "page")


class _Part(Protocol):
    def done(self) -> bool:
        """As a step's."""

    def do(self) -> None:
        """As a step's."""

    def found(self) -> str:
        """As a step's."""


class AgencySetup:
    """The whole set-up of one folder. ``wipe`` forgets the passphrase.

    ``rows`` lays twelve words out; ``links`` names the network's interfaces that have a link.
    """

    def __init__(
        self,
        folder: Path,
        dialogue: Dialogue,
        today: dt.date,
        rows: Callable[[str], list[str]],
        links: Callable[[], list[str]] = connected,
    ) -> None:
        self._folder = folder
        self._dialogue = dialogue
        self._today = today
        self._carried = folder.parent / FOLDER
        self._look_in = (
            dialogue.ask(Question("look_in", "", sticks.read_places, ""))
            if dialogue.known("look_in")
            else []
        )
        self._passphrase = RootPassphrase(dialogue)
        self._computer = ThisComputer(dialogue, today, links)
        self._page = PageChoices(
            lambda: self._agency().site_content(),
            lambda: _reviewed(self._agency()),
            dialogue,
        )
        self._desks = DeskQuestions(self._agency, dialogue)
        self._readers = Readers(self._agency, dialogue, self._places, today, rows)
        self._signing = Signing(
            self._agency,
            self._carried,
            self._passphrase,
            today,
            lambda: self._computer.date_is_right,
        )

    def steps(self) -> list[Step]:
        """Return the steps; a set-up that was through once begins with what somebody came for."""
        beginning = BeginningALine(self._folder, self._dialogue, self._places, self._passphrase)
        copy, carry = (
            SecondCopy(self._agency, self._dialogue),
            ToCarry(self._carried, self._dialogue),
        )
        steps = [
            _step(
                "This computer",
                "Its date is looked at, and whether it is on a network.",
                self._computer,
            ),
            _step(
                "The addresses and the root key",
                "The addresses that the server made are taken in, and the root key is made, which "
                "signs all that reporters trust.",
                beginning,
            ),
        ]
        complete = self._is_complete()
        if complete:
            steps.append(
                Step(
                    "What you came for", "", lambda: False, _plainly(self._ask_why), lambda: "Well."
                )
            )
        steps += [
            _step("The reporter's page", "Its languages and countries are asked.", self._page),
            _step("Desks", "Who can be chosen as reader is asked.", self._desks),
        ]
        if not complete and not self._has_readers():
            for_investigators = LineForInvestigators(self._agency, self._carried)
            steps += [
                _step(
                    "A copy for another safe",
                    "The agency's folder, with the root key, is copied to a stick of its own.",
                    copy,
                ),
                _step(
                    "For the investigators",
                    "line.json is put into the folder to carry.",
                    for_investigators,
                ),
                _step("A stick for it", "The folder to carry is copied to a stick.", carry),
            ]
        return [
            *steps,
            _step(
                "Who reads",
                "The investigators' requests are looked for, and compared by twelve words.",
                self._readers,
            ),
            _step(
                "Directory and page",
                "Who reads, the desks and the page are signed with the root key.",
                self._signing,
            ),
            _step(
                "Cards and posters",
                "Cards, posters and screens are drawn, if you want them.",
                PostersToCarry(self._agency, self._carried, self._dialogue, self._today),
            ),
            _step("The folder to carry", "It is copied to a stick for the server.", carry),
            _step(
                "The copy for another safe",
                "The agency's folder, with the root key, is copied to a stick of its own.",
                copy,
            ),
        ]

    def wipe(self) -> None:
        """Forget the passphrase."""
        self._passphrase.wipe()

    def what_comes_next(self) -> str:
        """Say what the agency does once all steps are done."""
        return (
            "\nThe hotline is signed. What comes next:\n"
            f"  1. Carry {FOLDER} to the server, and type `quietline setup server` there. The "
            "first\n     time it asks for the line's numbers: its operator hears them from you.\n\n"
            f"         {line_numbers(self._agency().line().line_id)}\n\n"
            "  2. Put the copies into their safes, and the paper with the passphrase into another\n"
            "     one.\n"
            "  3. Shut this computer down. It stays off every network, for good.\n"
            "  4. Type `quietline setup agency` again when somebody comes or goes, a computer is "
            "lost, a desk changes, and before the directory ends."
        )

    def _agency(self) -> AgencyFolder:
        return AgencyFolder(self._folder)

    def _places(self) -> Sequence[Path]:
        return [*sticks.mounted(), *self._look_in, Path.cwd()]

    def _has_readers(self) -> bool:
        return is_there(self._folder) and any(
            one.investigator.status == "active" for one in self._agency().members()
        )

    def _is_complete(self) -> bool:
        return self._has_readers() and self._agency().directory_file() is not None

    def _ask_why(self) -> None:
        if self._dialogue.unattended:
            self._signing.anew = self._dialogue.ask(Question("publish_again", "", yes_or_no, "no"))
            return
        self._dialogue.say(
            "    1  somebody new reads, or somebody has another computer\n"
            "    2  a desk more, or a desk's hours, languages or words\n"
            "    3  the page's languages or countries\n"
            "    4  somebody leaves, or a computer was lost, stolen or seized\n"
            "    5  sign everything anew, so that it is good for half a year\n"
            "    6  only look whether all is well"
        )
        why = self._dialogue.ask(Question("why", "A number", _number(6), "6", kept=False))
        match why:
            case 1:
                self._readers.is_requested = True
            case 2:
                self._desks.add_one()
            case 3:
                self._dialogue.reopen(*_PAGE)
            case 4:
                self._revoke()
            case 5:
                self._signing.anew = True

    def _revoke(self) -> None:
        agency = self._agency()
        people = [one for one in agency.members() if one.investigator.status == "active"]
        for number, one in enumerate(people, start=1):
            self._dialogue.say(f"    {number}  {one.investigator.label} ({', '.join(one.desks)})")
        chosen = people[
            self._dialogue.ask(
                Question(
                    "leaver", "Whose computer, by its number", _number(len(people)), kept=False
                )
            )
            - 1
        ]
        status = self._dialogue.ask(
            Question(
                "status",
                "former: left in peace, and the computer came back; compromised: lost, stolen, "
                "seized, kept, or left in anger. Which",
                _status,
                kept=False,
            )
        )
        who = ceremonies.words_of_member(chosen, agency.line())
        ceremonies.revoke(self._folder, who, status, today=self._today)
        self._dialogue.say(
            f"{chosen.investigator.label} is {status} from the next directory on: carry it to the "
            "server today. Until then reports still go to that computer."
        )


def _step(name: str, does: str, part: _Part) -> Step:
    return Step(name, does, _plainly(part.done), _plainly(part.do), _plainly(part.found))


def _reviewed(agency: AgencyFolder) -> set[str]:
    """Return the languages of whose pages a review covers something; the console's is no page."""
    records, found = read_records(agency), set()
    for code in {one.language for one in records}:
        try:
            said = sentences(agency, site_content(agency, (code,)), code)
        except AgencyError:
            continue  # one that is no more
        if not covered_by(records, code).isdisjoint(one.hash for one in said):
            found.add(code)
    return found


def _plainly(act: Callable[[], Value]) -> Callable[[], Value]:
    """Say what is wrong with the agency's folder as a step's own error."""

    def guarded() -> Value:
        try:
            return act()
        except AgencyError as error:
            raise NotRight(str(error)) from None

    return guarded


def _number(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise WrongAnswer(f"A number from 1 to {most}.")
        return int(text)

    return read


def _status(text: str) -> str:
    if as_text(text) not in ("former", "compromised"):
        raise WrongAnswer("Type former or compromised.")
    return text
