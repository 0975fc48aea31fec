"""An agency's table: a folder with a quick root key, and investigators who ask to be enrolled."""

import datetime as dt
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.agency import ceremonies, enrolment, rootkey
from app.agency.folder import Member
from app.protocol.encoding import b64u
from app.protocol.identities import InvestigatorIdentity
from app.protocol.line import Line
from app.protocol.secrets import Secret

PASSPHRASE = "six random words of a test"
DAY = dt.date(2031, 5, 6)


def request_of(identity: InvestigatorIdentity, label: str, line: Line) -> bytes:
    """Return the enrolment request file that a console would write."""
    public = identity.public(label)
    return json.dumps(
        {
            "v": 2,
            "kind": "quietline-enrolment",
            "line": b64u(line.line_id),
            "label": label,
            "vk": b64u(public.vk),
            "dh": b64u(public.dh),
            "mlkem": b64u(public.mlkem),
            "fetch": b64u(public.fetch),
            "sig": b64u(public.signature),
        }
    ).encode()


def words_for(request: bytes, line: Line) -> str:
    """Return what the investigator reads out."""
    return enrolment.fingerprint_words(enrolment.read_request(request, line), line)


@dataclass(frozen=True)
class Agency:
    folder: Path
    line: Line

    @property
    def passphrase(self) -> Secret:
        return Secret(PASSPHRASE.encode())

    def enrol(
        self, label: str, *desks: str, identity: InvestigatorIdentity | None = None
    ) -> Member:
        request = request_of(identity or new_identity(), label, self.line)
        words = words_for(request, self.line)
        return ceremonies.enrol(self.folder, request, desks, words=words, today=DAY)

    def sign(self, day: dt.date = DAY) -> ceremonies.SignedDirectory:
        return ceremonies.sign_directory(self.folder, passphrase=self.passphrase, today=day)


def new_identity() -> InvestigatorIdentity:
    return InvestigatorIdentity.generate(os.urandom)


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    folder = tmp_path / "agency"
    line = ceremonies.init_agency(
        folder,
        name="Harbour line",
        server="https://tips.example.org",
        passphrase=Secret(PASSPHRASE.encode()),
        rng=os.urandom,
        kdf=rootkey.SYNTHETIC,
    )
    return Agency(folder, line)


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    return path


@pytest.fixture
def fails_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[object, str, int], None]:
    """Make the nth call of an attribute fail as a full disk does."""

    def arrange(owner: object, name: str, nth: int) -> None:
        original = getattr(owner, name)
        calls = 0

        def call(*args: object, **kwargs: object) -> object:
            nonlocal calls
            calls += 1
            if calls == nth:
                raise OSError(28, "No space left on device")
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, call)

    return arrange
