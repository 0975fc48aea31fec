"""What a set-up needs: an agency's signed folder for a server's addresses, quick root keys."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from app.agency import ceremonies, rootkey
from app.cli.terminal.asking import words_in_rows
from app.protocol.identities import InvestigatorIdentity
from app.protocol.line import Line
from app.setup.agency.agency_setup import AgencySetup
from app.setup.answers_file import FromFile
from app.setup.carried import CARD, FOLDER, ServerCard
from app.setup.steps import walk
from tests.agency.conftest import new_identity, request_of, words_for

PASSPHRASE = "correct seven horse staple battery okapi dune"
DAY = dt.date(2031, 5, 6)
TOR_KEY = f"descriptor:x25519:{'A' * 52}"

Walk = Callable[[Path, Mapping[str, str]], None]


def onion() -> str:
    return f"http://{base64.b32encode(os.urandom(35)).decode().lower()}.onion"


@pytest.fixture(scope="session")
def card() -> ServerCard:
    return ServerCard("Harbour line", onion(), onion(), None)


@pytest.fixture
def quick_root_key(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = partial(ceremonies.init_agency, kdf=rootkey.SYNTHETIC)
    monkeypatch.setattr(ceremonies, "init_agency", quick)


def answers_of(stick: Path, **more: str) -> dict[str, str]:
    """Return the answers of an agency with one desk, whose sticks are a folder."""
    passphrase = stick / "passphrase"
    passphrase.write_text(f"{PASSPHRASE}\n")
    return {
        "offline": "anyway",
        "addresses_compared": "yes",
        "passphrase_file": str(passphrase),
        "countries": "us, int",
        "look_in": str(stick),
        "give_to": str(stick),
        "desks.1.kind": "support",
        "desks.1.hours": "mon-fri 09:00-17:30",
        "desks.1.tells_immigration": "no",
        **more,
    }


def set_up_agency(folder: Path, answers: Mapping[str, str], today: dt.date = DAY) -> None:
    """Walk through the agency's set-up without a person."""
    dialogue = FromFile(answers)
    setup = AgencySetup(folder, dialogue, today, words_in_rows, links=list)
    walk(setup.steps(), dialogue)


def brought(
    stick: Path,
    line: Line,
    label: str,
    number: int = 1,
    identity: InvestigatorIdentity | None = None,
) -> dict[str, str]:
    """Put a request on a stick as a console makes it; return the answers that enrol it."""
    request = json.loads(request_of(identity or new_identity(), label, line)) | {"tor": TOR_KEY}
    file = stick / f"enrolment-request-{number}.json"
    file.write_text(json.dumps(request))
    return {
        f"readers.{number}.request": str(file),
        f"readers.{number}.words": words_for(file.read_bytes(), line),
        f"readers.{number}.desks": "support",
    }


def line_of(folder: Path) -> Line:
    return Line.parse((folder / "line.json").read_bytes())


def put_card(stick: Path, card: ServerCard) -> None:
    stick.mkdir(exist_ok=True)
    (stick / CARD).write_bytes(card.serialise())


@pytest.fixture(scope="session")
def signed(card: ServerCard, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a stick with a whole ``quietline-carry`` of an agency with one reader."""
    with pytest.MonkeyPatch.context() as patched:
        quick = partial(ceremonies.init_agency, kdf=rootkey.SYNTHETIC)
        patched.setattr(ceremonies, "init_agency", quick)
        place = tmp_path_factory.mktemp("signed")
        stick = place / "stick"
        put_card(stick, card)
        answers = answers_of(stick)
        folder = place / "agency"
        with pytest.raises(Exception, match="Requests of the investigators"):
            set_up_agency(folder, answers)
        set_up_agency(folder, answers | brought(stick, line_of(folder), "Caseworker 1"))
    assert (stick / FOLDER / "site" / "manifest.json").is_file()
    return stick
