"""The agency's folder on the offline machine.

    root.key        the root seed, protected by the passphrase (0600)
    line.json       public: the line id, its name and addresses; given to investigators
    agency.toml     desks and texts, edited by hand
    members.json    all who were ever enrolled, in the order of the directory
    directory.json  the directory signed last: public, published on the server
    manifest.json   the site manifest signed last: public, a copy of the site's own
    reviews/        what was reviewed of translations, by whom, signed (``review_records``)
    requests/       the request files that were accepted, as they came
    site/           what the site says beside its own words: emergency numbers, helplines,
                    questions, languages; edited by hand

Reading and writing only; what the content means is decided elsewhere. Members are appended and
change status, and never leave: their place in this list is their index in the directory.
"""

import datetime as dt
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.agency import rootkey, texts
from app.agency.errors import AgencyError
from app.agency.texts import AgencyTexts
from app.files.whole_folders import new_folder
from app.files.writing import PRIVATE, write_whole
from app.protocol.encoding import b64u, unb64u
from app.protocol.errors import BadLine, ProtocolError
from app.protocol.line import Line
from app.protocol.recipients import Investigator
from app.reporter import beginning


@dataclass(frozen=True, slots=True)
class Member:
    """An investigator's machine, the desks it reads for, the day it was enrolled (YYYY-MM-DD)."""

    investigator: Investigator
    desks: tuple[str, ...]
    enrolled: str

    def with_status(self, status: str, left: dt.date | None) -> "Member":
        """Return the same machine, active, former (since the day ``left``) or compromised."""
        return replace(self, investigator=replace(self.investigator, status=status, left=left))


class AgencyFolder:
    """An agency's folder that exists. Raises AgencyError where there is none at ``path``."""

    def __init__(self, path: Path) -> None:
        if not (path / "root.key").is_file() or not (path / "line.json").is_file():
            raise AgencyError(
                f"{path} is not an agency's folder. Make one with `quietline agency init {path}`."
            )
        self.path = path

    @classmethod
    def create(cls, path: Path, *, root: rootkey.RootKeyFile, line: Line) -> "AgencyFolder":
        """Make a new folder, whole. Raises AgencyError where something already lies there.

        After a crash there is none, and a draft ``.NAME.new`` beside it, which goes with the next.
        """
        path = path.absolute()
        if path.is_mount():
            raise AgencyError(f"{path} is a whole stick: name a folder on it, {path / 'agency'}.")
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise AgencyError(f"{path} already exists and is not empty: choose another folder.")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        with new_folder(path, draft):
            (draft / "requests").mkdir(mode=0o700)
            beginning.begin(draft / "site")
            write_whole(draft / "agency.toml", texts.example().encode())
            write_whole(draft / "members.json", _readable([]))
            write_whole(draft / "root.key", root.serialise(), mode=PRIVATE)
            write_whole(draft / "line.json", line.serialise())
        return cls(path)

    def line(self) -> Line:
        """Return the line's public description."""
        try:
            return Line.parse(self._read("line.json"))
        except BadLine as error:
            raise AgencyError(f"{error} Take it from your backup.") from None

    def root_key(self) -> rootkey.RootKeyFile:
        """Return the root key's file, still closed."""
        return rootkey.RootKeyFile.parse(self._read("root.key"))

    def replace_root_key(self, root: rootkey.RootKeyFile) -> None:
        """Put another root key in the place of the present one, in one step."""
        write_whole(self.path / "root.key", root.serialise(), mode=PRIVATE)

    def texts(self) -> AgencyTexts:
        """Return agency.toml, checked."""
        try:
            return texts.parse(self._read("agency.toml").decode())
        except UnicodeDecodeError:
            raise AgencyError("agency.toml must be saved as UTF-8 text.") from None

    def write_texts(self, agency_texts: AgencyTexts) -> None:
        """Write agency.toml anew; remarks that somebody wrote into it are gone."""
        write_whole(self.path / "agency.toml", texts.render(agency_texts).encode())

    def members(self) -> list[Member]:
        """Return all who were ever enrolled; the place in the list is that in the directory."""
        try:
            return [_member(one) for one in json.loads(self._read("members.json"))]
        except (ProtocolError, ValueError, KeyError, TypeError):
            raise AgencyError("members.json is damaged. Take it from your backup.") from None

    def write_members(self, members: list[Member]) -> None:
        """Write the whole list."""
        content = [
            {
                "label": member.investigator.label,
                "status": member.investigator.status,
                **({"left": left.isoformat()} if (left := member.investigator.left) else {}),
                "desks": list(member.desks),
                "enrolled": member.enrolled,
                "vk": b64u(member.investigator.vk),
                "dh": b64u(member.investigator.dh),
                "mlkem": b64u(member.investigator.mlkem),
                "fetch": b64u(member.investigator.fetch),
                "sig": b64u(member.investigator.signature),
            }
            for member in members
        ]
        write_whole(self.path / "members.json", _readable(content))

    def keep_request(self, investigator: Investigator, request: bytes) -> None:
        """Keep an accepted request as it came, named by its fingerprint."""
        folder = self.path / "requests"
        folder.mkdir(mode=0o700, exist_ok=True)
        write_whole(folder / f"{investigator.fingerprint(self.line()).hex()}.json", request)

    def directory_file(self) -> bytes | None:
        """Return the file signed last, if any was."""
        path = self.path / "directory.json"
        return path.read_bytes() if path.is_file() else None

    def write_directory(self, data: bytes) -> None:
        """Put a newly signed directory in place."""
        write_whole(self.path / "directory.json", data)

    def manifest_file(self) -> bytes | None:
        """Return the site manifest signed last, if any was."""
        path = self.path / "manifest.json"
        return path.read_bytes() if path.is_file() else None

    def write_manifest(self, data: bytes) -> None:
        """Keep a copy of the site manifest signed last."""
        write_whole(self.path / "manifest.json", data)

    def site_content(self) -> Path:
        """Return the folder of the site's editable content."""
        return self.path / "site"

    def request_of(self, investigator: Investigator) -> bytes | None:
        """Return the request of a member as it came, if it was kept."""
        name = f"{investigator.fingerprint(self.line()).hex()}.json"
        path = self.path / "requests" / name
        return path.read_bytes() if path.is_file() else None

    def known_roots(self) -> set[bytes]:
        """Return every root of this line so far (32 bytes each), the present one among them."""
        root = self.root_key()
        return {self.line().line_id, root.root, *(link.root for link in root.chain)}

    def _read(self, name: str) -> bytes:
        try:
            return (self.path / name).read_bytes()
        except OSError as error:
            raise AgencyError(
                f"{self.path / name} cannot be read: {error.strerror or 'unknown reason'}."
            ) from None


def _member(one: dict[str, Any]) -> Member:
    return Member(
        investigator=Investigator(
            vk=unb64u(one["vk"], 32),
            dh=unb64u(one["dh"], 32),
            mlkem=unb64u(one["mlkem"]),
            fetch=unb64u(one["fetch"], 32),
            signature=unb64u(one["sig"], 64),
            label=str(one["label"]),
            status=str(one["status"]),
            left=dt.date.fromisoformat(one["left"]) if one["status"] == "former" else None,
        ),
        desks=tuple(str(desk) for desk in one["desks"]),
        enrolled=str(one["enrolled"]),
    )


def _readable(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"
