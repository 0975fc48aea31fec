"""What the agency signs, in one folder to carry; and a copy of its own folder for another safe."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path

from app.agency import ceremonies, enrolment, site
from app.agency.errors import AgencyError, Suspicious
from app.agency.folder import AgencyFolder
from app.agency.latest_directory import is_signed, last_directory
from app.files.bounded_reading import read_at_most
from app.files.writing import write_whole
from app.protocol.directory import open_directory
from app.protocol.errors import ProtocolError
from app.protocol.line import Line
from app.protocol.site import MANIFEST, open_manifest
from app.setup import sticks
from app.setup.agency.root_passphrase import RootPassphrase
from app.setup.carried import CONSOLES, DIRECTORY, FOLDER, LINE, SITE, consoles_file
from app.setup.dialogue import Dialogue
from app.setup.steps import NotRight

_LINE_MAX = 64 * 1024
_RENEWED_DAYS = 60
"""A directory that ends within so many days is signed anew."""


class Signing:
    """The step that signs directory and site, and puts both into the folder to carry.

    ``date_is_right`` says whether somebody vouched for this computer's date.
    """

    def __init__(
        self,
        agency: Callable[[], AgencyFolder],
        carried: Path,
        passphrase: RootPassphrase,
        today: dt.date,
        date_is_right: Callable[[], bool],
    ) -> None:
        self._agency = agency
        self._carried = carried
        self._passphrase = passphrase
        self._today = today
        self._date_is_right = date_is_right
        self.anew = False
        """Whether all is signed although nothing changed."""

    def done(self) -> bool:
        """Say whether all that is carried is what the folder says today."""
        return (
            not self.anew and self._directory_stands() and self._carries() and self._site_stands()
        )

    def do(self) -> None:
        """Sign what changed. Raises NotRight, Stopped, OSError."""
        agency = self._agency()
        secret = self._passphrase.of(agency)
        self._carried.mkdir(mode=0o755, parents=True, exist_ok=True)
        try:
            if self.anew or not self._directory_stands():
                ceremonies.sign_directory(
                    agency.path,
                    passphrase=secret,
                    today=self._today,
                    date_is_right=self._date_is_right(),
                )
            if self.anew or not self._site_stands():
                site.write_site(
                    agency.path, self._carried / SITE, passphrase=secret, today=self._today
                )
        except AgencyError as error:
            raise NotRight(str(error)) from None
        self.anew = False
        for name, data in self._files().items():
            write_whole(self._carried / name, data)

    def found(self) -> str:
        """Say what was signed. Raises NotRight."""
        if not self._carries():
            raise NotRight(f"{self._carried} is not whole.")
        directory = last_directory(self._agency())
        if directory is None:
            raise NotRight("No directory was signed.")
        remarks = "".join(
            f"\n    {remark}" for remark in site.site_remarks(self._agency().path, self._today)
        )
        return (
            f"Directory {directory.version} is good until {directory.expires}: come back before. "
            f"It and the site lie in {self._carried}.{remarks}"
        )

    def _directory_stands(self) -> bool:
        try:
            directory = last_directory(self._agency())
            return (
                directory is not None
                and is_signed(self._agency().path)
                and directory.expires - self._today > dt.timedelta(days=_RENEWED_DAYS)
            )
        except Suspicious as error:
            raise NotRight(str(error)) from None

    def _site_stands(self) -> bool:
        """Say whether the site in the folder to carry is what would be made now."""
        agency = self._agency()
        kept, there = agency.manifest_file(), self._carried / SITE / MANIFEST
        directory = last_directory(agency)
        if kept is None or directory is None or not there.is_file() or there.read_bytes() != kept:
            return False
        line = agency.line()
        try:
            signed = open_manifest(kept, line.line_id, directory.root)
            pages = site.rendered(agency, self._today)
        except (ProtocolError, AgencyError):
            return False
        return signed.files == {
            path: hashlib.sha256(data).hexdigest() for path, data in pages.items()
        }

    def _carries(self) -> bool:
        return (self._carried / SITE / MANIFEST).is_file() and all(
            (self._carried / name).is_file() and (self._carried / name).read_bytes() == data
            for name, data in self._files().items()
        )

    def _files(self) -> dict[str, bytes]:
        """Return what is carried beside the site, by name."""
        agency = self._agency()
        files = {LINE: agency.line().serialise(), CONSOLES: consoles_file(_consoles(agency))}
        directory = agency.directory_file()
        return files if directory is None else files | {DIRECTORY: directory}


class ToCarry:
    """The step that copies the folder to a stick. ``again`` asks although a copy was made."""

    def __init__(self, carried: Path, dialogue: Dialogue) -> None:
        self._carried = carried
        self._dialogue = dialogue
        self._copy: Path | None = None

    def done(self) -> bool:
        """Say whether this run made a copy of just this."""
        return self._copy is not None and sticks.is_copy(self._carried, self._copy)

    def do(self) -> None:
        """Ask for a stick and copy it there, read back. Raises OSError."""
        words = f"A stick to which the folder {FOLDER} is copied"
        place = sticks.ask_where_to(self._dialogue, "give_to", words)
        if place is not None:
            _check_place(self._carried, place)
            self._copy = sticks.copy_folder(self._carried, place, FOLDER)

    def found(self) -> str:
        """Say where it is. Raises NotRight."""
        if self._copy is None:
            return f"To be carried: {self._carried}"
        if not self.done():
            raise NotRight(f"{self._copy} is not what was copied: take another stick.")
        return f"To be carried: {self._copy}"


class LineForInvestigators:
    """The step that puts line.json into the folder to carry, before anybody reads."""

    def __init__(self, agency: Callable[[], AgencyFolder], carried: Path) -> None:
        self._agency = agency
        self._carried = carried

    def done(self) -> bool:
        """Say whether it is there."""
        place = self._carried / LINE
        return place.is_file() and place.read_bytes() == self._agency().line().serialise()

    def do(self) -> None:
        """Put it there. Raises OSError."""
        self._carried.mkdir(mode=0o755, parents=True, exist_ok=True)
        write_whole(self._carried / LINE, self._agency().line().serialise())

    def found(self) -> str:
        """Say where it is."""
        return f"For every investigator: {self._carried / LINE}"


class SecondCopy:
    """The step that copies the agency's own folder, with the root key, for another safe."""

    def __init__(self, agency: Callable[[], AgencyFolder], dialogue: Dialogue) -> None:
        self._agency = agency
        self._dialogue = dialogue
        self._copy: Path | None = None

    def done(self) -> bool:
        """Say whether this run made a copy of just this."""
        return self._copy is not None and sticks.is_copy(self._agency().path, self._copy)

    def do(self) -> None:
        """Ask for a stick and copy it there, read back. Raises OSError."""
        folder = self._agency().path
        place = self._copy.parent if self._copy else self._ask()
        if place is not None:
            _check_place(folder, place)
            self._copy = sticks.copy_folder(folder, place, folder.name)

    def found(self) -> str:
        """Say where it is. Raises NotRight."""
        if self._copy is None:
            return (
                "No copy was made. If this computer breaks before there is one, the line is lost: "
                "come back with a stick."
            )
        if not self.done():
            raise NotRight(f"{self._copy} is not what was copied: take another stick.")
        if (self._copy.parent / FOLDER).exists():
            return (
                f"{self._copy}: beside {FOLDER}, which goes to the server. The root key must not "
                "go there: come back with a stick of its own, and take the copy off this one."
            )
        if self._copy.stat().st_dev == self._agency().path.stat().st_dev:
            return (
                f"{self._copy}: on the same disk as the folder itself. If that breaks, both are "
                "lost: come back with a stick."
            )
        return f"{self._copy}: keep it in another safe than this computer, and not with the paper."

    def _ask(self) -> Path | None:
        words = "A stick of its own for a copy with the root key"
        return sticks.ask_where_to(self._dialogue, "second_copy", words)


def _check_place(folder: Path, place: Path) -> None:
    """Refuse a place where a copy would be none, or would take away another line's.

    Raises NotRight, OSError.
    """
    target, folder = (place / folder.name).resolve(), folder.resolve()
    if target == folder or target.is_relative_to(folder):
        raise NotRight(f"{place} is where {folder.name} lies itself: a copy goes to a stick.")
    if not target.exists():
        return
    if not (target / LINE).is_file():
        raise NotRight(
            f"{target} is something else, and would be lost. Give it another name, or take another "
            "stick."
        )
    try:
        there = Line.parse(read_at_most(target / LINE, _LINE_MAX))
    except ProtocolError:
        raise NotRight(f"{target}: {LINE} in it cannot be read. Take another stick.") from None
    if there.line_id != Line.parse((folder / LINE).read_bytes()).line_id:
        raise NotRight(
            f"{target} is of another hotline, “{there.name}”, and would be lost. Take another "
            "stick."
        )
    if (was := _version(target)) > (own := _version(folder)):
        raise NotRight(
            f"{target} is newer than what is here: its directory is {was}, this one's {own}. Was "
            "this computer set back? Nothing was changed on the stick."
        )


def _version(folder: Path) -> int:
    """Return the version of the directory in an agency's folder or one to carry; 0 for none."""
    line, file = Line.parse((folder / LINE).read_bytes()), folder / DIRECTORY
    if not file.is_file():
        return 0
    try:
        return open_directory(file.read_bytes(), line.line_id).version
    except ProtocolError:
        return 0


def _consoles(agency: AgencyFolder) -> dict[str, str]:
    """Return Tor's key of each active member's console that has one, by a name of hex digits."""
    line, keys = agency.line(), {}
    for member in agency.members():
        request = agency.request_of(member.investigator)
        key = None if request is None else enrolment.tor_line(request)
        if key is not None and member.investigator.status == "active":
            keys[member.investigator.fingerprint(line).hex()[:32]] = key
    return keys
