"""The agency's folder: looked for, checked as the server will check it, and put in place.

Nothing of it is believed because it came: line.json must name this server's own onions, the
directory and the site must be signed for it, and only files that the site's manifest lists are
taken. Anybody can sign for a root key of their own, and the onions are public: so before the first
folder is taken, somebody compares the root key's numbers with the agency's screen.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.files.bounded_reading import read_at_most
from app.files.whole_folders import put_in_place, sync_tree
from app.protocol.errors import ProtocolError
from app.protocol.line import Line
from app.protocol.site import open_manifest
from app.server.epochs.signed_directory import PublishedDirectory, Refused, check_directory
from app.server.epochs.signed_site import Site, read_site
from app.setup import sticks
from app.setup.carried import (
    CONSOLES,
    DIRECTORY,
    FOLDER,
    LINE,
    SITE,
    NotCarried,
    ServerCard,
    consoles_file,
    line_numbers,
    read_consoles,
)
from app.setup.dialogue import Dialogue, Question, WrongAnswer
from app.setup.server.server_host import Host
from app.setup.steps import NotRight, Waits

PUBLISHED = "/srv/quietline"
_DIGITS = 5
_FILE_MAX = 64 * 1024**2


@dataclass(frozen=True, slots=True)
class Published:
    """What an agency's folder holds, every signature checked."""

    line: Line
    line_file: bytes
    directory: PublishedDirectory
    site: Site
    site_version: int
    consoles: dict[str, str]

    @property
    def versions(self) -> tuple[int, int]:
        """The directory's version and the site's: both only grow."""
        return self.directory.directory.version, self.site_version


def read_published(folder: Path) -> Published:
    """Read an agency's folder, or what was put in place of one. Raises NotCarried, OSError."""
    line_file = read_at_most(folder / LINE, _FILE_MAX)
    try:
        line = Line.parse(line_file)
        directory = check_directory(read_at_most(folder / DIRECTORY, _FILE_MAX), line.line_id, None)
        root = directory.directory.root
        site = read_site(folder / SITE, line.line_id, root, Site())
        version = open_manifest(site.manifest, line.line_id, root).version
    except (ProtocolError, Refused) as error:
        raise NotCarried(f"{folder}: {error}") from None
    consoles = folder / CONSOLES
    known = read_consoles(read_at_most(consoles, _FILE_MAX)) if consoles.is_file() else {}
    return Published(line, line_file, directory, site, version, known)


class TakingIn:
    """The step that waits for the agency's folder, and puts it where the server reads it.

    ``card`` are this server's own addresses; ``places`` where the folder is looked for.
    """

    def __init__(
        self,
        host: Host,
        dialogue: Dialogue,
        card: Callable[[], ServerCard],
        places: Callable[[], Sequence[Path]],
    ) -> None:
        self._host = host
        self._dialogue = dialogue
        self._card = card
        self._places = places

    def done(self) -> bool:
        """Say whether it is in place, and nothing newer is on a stick."""
        present = self.present()
        return present is not None and self._newest(present, self._places()) is None

    def do(self) -> None:
        """Find it and put it in place. Raises Waits, NotRight, OSError."""
        present = self.present()
        newest = self._newest(present, self._places())
        while newest is None and present is None:
            newest = self._newest(None, self._ask())
        if newest is not None:
            if present is None:
                self._compare(newest)
            self._put(newest)

    def found(self) -> str:
        """Say what is published. Raises NotRight."""
        present = self.present()
        if present is None:
            raise NotRight(f"The agency's folder is not in {PUBLISHED}, or damaged.")
        directory = present.directory.directory
        return (
            f"“{present.line.name}” ({line_numbers(present.line.line_id)}): directory "
            f"{directory.version}, good until {directory.expires}; site {present.site_version}; "
            "every signature holds."
        )

    def present(self) -> Published | None:
        """Return what is in place, None where that is not a whole and signed line of this server.

        Raises OSError.
        """
        try:
            published = read_published(self._host.at(PUBLISHED))
            self._check(published)
        except (NotCarried, FileNotFoundError):
            return None
        return published

    def _newest(self, present: Published | None, places: Sequence[Path]) -> Published | None:
        """Return the newest folder that is newer than what is in place; say which are refused."""
        newest = present
        own = self._host.at(PUBLISHED)
        for folder in sticks.folders_called(FOLDER, places):
            if not (folder / DIRECTORY).is_file():
                continue  # made before anybody was enrolled: for investigators alone
            try:
                one = read_published(folder)
                self._check(one)
                if present is not None:
                    _check_follows(one, present)
            except (NotCarried, OSError) as error:
                self._dialogue.say(f"Not taken: {error}")
                continue
            if folder != own and (newest is None or one.versions > newest.versions):
                newest = one
        return None if newest is present else newest

    def _check(self, one: Published) -> None:
        """Refuse another server's. Raises NotCarried."""
        card = self._card()
        expected = (card.web or card.reporters, card.reporters, card.investigators)
        if (one.line.server, one.line.onion, one.line.investigators) != expected:
            raise NotCarried(
                "This folder is for another server: its line.json has "
                f"{one.line.server}, {one.line.onion} and {one.line.investigators}; this server is "
                f"{', '.join(expected)}."
            )

    def _compare(self, one: Published) -> None:
        """Let the line's numbers be compared, before its first folder is taken. Raises NotRight."""
        numbers = line_numbers(one.line.line_id)
        if self._dialogue.unattended and not self._dialogue.known("line_numbers"):
            self._dialogue.say(f"Nobody compared the numbers of its root key: {numbers}")
            return
        words = (
            "The five numbers that the agency's computer shows at the end of its set-up. Whoever "
            "changes the folder on its way would read what reporters write: let the agency read "
            "them to you from its screen, and type them"
        )
        if not self._dialogue.ask(
            Question("line_numbers", words, lambda typed: _same(typed, numbers), kept=False)
        ):
            raise NotRight(
                f"The folder's numbers are others: {numbers}. If you typed what the agency sees, "
                "this folder is not the agency's. Nothing was taken: take it out of this computer, "
                "and get the agency's by another way."
            )

    def _ask(self) -> list[Path]:
        if self._dialogue.unattended:
            raise Waits(self._what_is_waited_for())
        self._dialogue.say(self._what_is_waited_for())
        words = "Its path; nothing: look again; or: later"

        def read(text: str) -> list[Path] | None:
            return None if text == "later" else sticks.read_places(text)

        places = self._dialogue.ask(Question("folder", words, read, "", kept=False))
        if places is None:
            raise Waits(self._what_is_waited_for())
        return places or list(self._places())

    def _what_is_waited_for(self) -> str:
        return (
            f"The agency's folder {FOLDER} is waited for. Carry {PUBLISHED}/quietline-server.json "
            "to the agency's computer (it is public), type `quietline setup agency` there, and "
            "bring back the folder that it makes: on a stick, or copied to the folder from which "
            "you call this. Then type `quietline setup server` again."
        )

    def _put(self, one: Published) -> None:
        """Put it in place: each part in one step, line.json last. Raises OSError."""
        place = self._host.at(PUBLISHED)
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = place / f".{SITE}.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o755)
        for name, file in one.site.files.items():
            path = draft / name
            path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            path.write_bytes(file.body)
            path.chmod(0o644)
        for folder in [draft, *(path for path in draft.rglob("*") if path.is_dir())]:
            folder.chmod(0o755)
        sync_tree(draft)
        self._host.write(f"{PUBLISHED}/{DIRECTORY}", one.directory.file.decode())
        put_in_place(draft, place / SITE)
        self._host.write(f"{PUBLISHED}/{CONSOLES}", consoles_file(one.consoles).decode())
        self._host.write(f"{PUBLISHED}/{LINE}", one.line_file.decode())


def _same(typed: str, numbers: str) -> bool:
    """Say whether these numbers were typed. Raises WrongAnswer for what is not five of them."""
    groups = typed.replace(",", " ").split()
    if len(groups) != len(numbers.split()) or not all(
        one.isdecimal() and len(one) <= _DIGITS for one in groups
    ):
        raise WrongAnswer("Five numbers, with blanks between them.")
    # In any script's digits, and with or without zeros in front.
    return [f"{int(one):0{_DIGITS}}" for one in groups] == numbers.split()


def _check_follows(one: Published, present: Published) -> None:
    """Refuse what goes back. Raises NotCarried."""
    if one.line.line_id != present.line.line_id:
        raise NotCarried("This folder is of another line: its root key is another one.")
    check_against = present.directory
    if one.directory.file != check_against.file:
        try:
            check_directory(one.directory.file, one.line.line_id, check_against)
        except Refused as error:
            raise NotCarried(str(error)) from None
    if one.site_version < present.site_version:
        raise NotCarried("This folder's site is older than the one in place.")
