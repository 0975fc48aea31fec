"""Who reads: requests that investigators brought, compared by twelve words, and enrolled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from app.agency import ceremonies, enrolment
from app.agency.errors import AgencyError
from app.agency.folder import AgencyFolder, Member
from app.files.bounded_reading import read_at_most
from app.protocol.line import Line
from app.protocol.recipients import Investigator
from app.setup import sticks
from app.setup.dialogue import Dialogue, Question, WrongAnswer, yes_or_no
from app.setup.steps import NotRight, Waits

_REQUEST = "enrolment-request"


class Readers:
    """The step that enrols everybody whose request is found.

    ``rows`` lays twelve words out to be read aloud.
    """

    def __init__(
        self,
        agency: Callable[[], AgencyFolder],
        dialogue: Dialogue,
        places: Callable[[], Sequence[Path]],
        today: dt.date,
        rows: Callable[[str], list[str]],
    ) -> None:
        self._agency = agency
        self._dialogue = dialogue
        self._places = places
        self._today = today
        self._rows = rows
        self.is_requested = False
        """Whether somebody came to enrol others, whatever is found."""
        self._put_off: set[bytes] = set()
        """Keys of requests that somebody will not decide on now."""

    def done(self) -> bool:
        """Say whether somebody reads, and no new request is found."""
        if self._dialogue.unattended:
            return False
        return bool(self._active()) and not self._new() and not self.is_requested

    def do(self) -> None:
        """Go through requests until nothing is new. Raises Waits, NotRight, Stopped."""
        if self._dialogue.unattended:
            self._from_file()
        else:
            self.go_through()
        if not self._active():
            raise Waits(self._what_is_waited_for())

    def go_through(self) -> None:
        """Ask about every request that is found, and for more. Raises Stopped."""
        self.is_requested = False
        while True:
            for path, investigator in self._new():
                self._ask_about(path, investigator)
            words = (
                "Is there another request? Put its stick in and press Enter, type the file's path, "
                "or: no"
            )

            def read(text: str) -> Path | None:
                if text.casefold() in ("no", "n"):
                    return None
                path = Path(text).expanduser()
                if text and not path.is_file():
                    raise WrongAnswer(f"There is no file {path}.")
                return path

            answer = self._dialogue.ask(Question("request", words, read, "", kept=False))
            if answer is None:
                return
            if answer.is_file():
                self._take(answer)

    def found(self) -> str:
        """Say who reads. Raises Waits."""
        active = self._active()
        if not active:
            raise Waits(self._what_is_waited_for())
        return "Who reads:" + "".join(
            f"\n    {one.investigator.label}: {', '.join(one.desks)}" for one in active
        )

    def _active(self) -> list[Member]:
        return [one for one in self._agency().members() if one.investigator.status == "active"]

    def _what_is_waited_for(self) -> str:
        return (
            "Requests of the investigators are waited for. Give line.json to each by a way that "
            "you trust (it is public, and lies in the folder to carry). At their computer they "
            "type `quietline setup console`, and bring back enrolment-request.json. Then type "
            "`quietline setup agency` again."
        )

    def _new(self) -> list[tuple[Path, Investigator]]:
        """Return requests for this line of machines that were never enrolled."""
        line = self._agency().line()
        known = {one.investigator.vk for one in self._agency().members()} | self._put_off
        found: dict[bytes, tuple[Path, Investigator]] = {}
        for path in sticks.files_like(_is_request, self._places()):
            try:
                investigator = _read(path, line)
            except (AgencyError, OSError):
                continue  # of another line, or no request: named when somebody types its path
            if investigator.vk not in known:
                found.setdefault(investigator.vk, (path, investigator))
        return list(found.values())

    def _take(self, path: Path) -> None:
        try:
            investigator = _read(path, self._agency().line())
        except (AgencyError, OSError) as error:
            self._dialogue.say(f"{path}: {error}")
            return
        self._put_off.discard(investigator.vk)
        self._ask_about(path, investigator)

    def _ask_about(self, path: Path, investigator: Investigator) -> None:
        words = enrolment.fingerprint_words(investigator, self._agency().line())
        self._dialogue.say(f"\n{path}\nRequest from: {investigator.label}\nIts twelve words:\n")
        for row in self._rows(words):
            self._dialogue.say(f"    {row}")
        self._dialogue.say(
            "\nCall them on a number that you already knew, and let them read their words first."
        )
        same = self._dialogue.ask(
            Question(
                "words_match",
                "Are all twelve the same: yes, no, or later",
                _yes_no_later,
                "later",
                kept=False,
            )
        )
        if same is None:
            self._put_off.add(investigator.vk)
            return
        if not same:
            self._put_off.add(investigator.vk)
            self._dialogue.say(
                "Nobody was enrolled. This request is not theirs, or they were given another "
                "line.json: give them yours again by another way, and ask for a new request."
            )
            return
        desks = self._dialogue.ask(
            Question("desks", "For which desks do they read", self._desks, kept=False,
                     suggestion=", ".join(self._agency().texts().desk_ids()[:1]))
        )  # fmt: skip
        try:
            self._enrol(path, desks, words)
        except AgencyError as error:
            self._put_off.add(investigator.vk)
            self._dialogue.say(str(error))

    def _from_file(self) -> None:
        """Enrol those whom the file of answers names, by the words that it has. Raises NotRight."""
        number = 1
        while self._dialogue.another("readers", number, ""):
            key = f"readers.{number}."
            path = self._dialogue.ask(Question(f"{key}request", "a request's file", self._path))
            words = self._dialogue.ask(
                Question(f"{key}words", "the twelve words that were read out", str)
            )
            desks = self._dialogue.ask(Question(f"{key}desks", "its desks", self._desks))
            try:
                investigator = _read(path, self._agency().line())
                same = [one for one in self._active() if one.investigator.vk == investigator.vk]
                if not same or set(same[0].desks) != set(desks):
                    self._enrol(path, desks, words)
            except AgencyError as error:
                raise NotRight(f"{path}: {error}") from None
            number += 1

    def _enrol(self, path: Path, desks: Sequence[str], words: str) -> None:
        data = read_at_most(path, enrolment.REQUEST_MAX + 1)
        folder = self._agency().path
        member = ceremonies.enrol(folder, data, desks, words=words, today=self._today)
        self._dialogue.say(f"{member.investigator.label} reads at: {', '.join(member.desks)}.")

    def _path(self, text: str) -> Path:
        """Return a path that is there, or one of this name that is found on a stick."""
        path = Path(text).expanduser()
        if path.is_file():
            return path
        found = sticks.files_like(lambda name: name == path.name, self._places())
        if not found:
            raise WrongAnswer(f"There is no file {text}.")
        return found[0]

    def _desks(self, text: str) -> tuple[str, ...]:
        named = [one.strip() for one in text.replace(" ", ",").split(",") if one.strip()]
        try:
            return ceremonies.known_desks(self._agency(), named)
        except AgencyError as error:
            raise WrongAnswer(str(error)) from None


def _is_request(name: str) -> bool:
    return name.startswith(_REQUEST) and name.endswith(".json")


def _read(path: Path, line: Line) -> Investigator:
    return enrolment.read_request(read_at_most(path, enrolment.REQUEST_MAX + 1), line)


def _yes_no_later(text: str) -> bool | None:
    return None if text.casefold() == "later" else yes_or_no(text)
