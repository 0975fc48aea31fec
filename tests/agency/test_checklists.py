"""The checklists of docs/agency-work.md, as somebody types them: enrol, revoke, rotate, expire."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.agency import ceremonies, rootkey
from app.agency.folder import AgencyFolder
from app.cli.agency import agency_commands as commands
from app.cli.agency.agency_commands import app
from app.protocol.directory import Directory, open_directory
from app.server.epochs.signed_site import Site, read_site
from tests.agency.conftest import PASSPHRASE, Agency, new_identity, request_of

WORK = Path(__file__).parents[2] / "docs" / "agency-work.md"
NEW_PASSPHRASE = "seven other words of the same test"
ANSWERS = {
    "directory": f"{PASSPHRASE}\n",
    "site": f"{PASSPHRASE}\n",
    "enrol": "y\n",
    "revoke": "",
    "rotate": f"{PASSPHRASE}\n{NEW_PASSPHRASE}\n{NEW_PASSPHRASE}\n",
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, agency: Agency) -> None:
    rotated = partial(ceremonies.rotate_root, kdf=rootkey.SYNTHETIC)
    monkeypatch.setattr(ceremonies, "rotate_root", rotated)
    monkeypatch.chdir(tmp_path)  # where `agency` is the agency's folder
    Path("published").mkdir()


def follow(checklist: str) -> None:
    """Type every command of a checklist that begins with ``quietline agency``."""
    text = WORK.read_text()
    (section,) = re.findall(rf"^## {checklist}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    typed = re.findall(r"^quietline agency (.*)$", section, re.MULTILINE)
    assert typed
    answers = dict(ANSWERS)
    for line in typed:
        words = shlex.split(line, comments=True)
        done = CliRunner().invoke(app, words, input=answers[words[0]])
        assert done.exit_code == 0, (line, done.output)
        if words[0] == "rotate":
            answers |= dict.fromkeys(("directory", "site"), f"{NEW_PASSPHRASE}\n")


def published(agency: Agency) -> Directory:
    """Read what the checklist leaves to be carried to the server."""
    file = Path("published/directory.json").read_bytes()
    directory = open_directory(file, agency.line.line_id)
    site = read_site(Path("published/site"), directory.line_id, directory.root, Site())
    assert site.find("en/") is not None, "a server takes both together"
    return directory


def test_somebody_leaves(agency: Agency) -> None:
    agency.enrol("Caseworker 1", "support")
    follow("Somebody leaves")
    (one,) = published(agency).investigators
    assert (one.status, one.left) == ("former", published(agency).issued)


def test_somebody_new(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    request = request_of(new_identity(), "Caseworker 2", agency.line)
    Path("enrolment-request.json").write_bytes(request)
    follow("Somebody new, or another machine")
    directory = published(agency)
    assert [one.label for one in directory.investigators] == ["Ana", "Caseworker 2"]
    assert len(directory.active) == 2


def test_a_lost_laptop(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    agency.enrol("Caseworker 2", "support")
    follow("A laptop was lost, stolen or seized")
    directory = published(agency)
    assert [one.status for one in directory.investigators] == ["active", "compromised"]
    assert list(directory.active) == [0]


def test_a_new_root(agency: Agency) -> None:
    agency.enrol("Ana", "support")
    before = AgencyFolder(agency.folder).root_key().root
    follow("A new root key")
    directory = published(agency)
    assert directory.root != before
    assert directory.line_id == agency.line.line_id, "the line stays the same line"


def test_before_the_directory_expires(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    agency.enrol("Ana", "support")
    signed = agency.sign()
    later = signed.directory.expires - dt.timedelta(days=10)
    monkeypatch.setattr(commands, "_today", lambda: later)
    follow("Before the directory expires")
    directory = published(agency)
    assert directory.version == signed.directory.version + 1
    assert directory.expires > signed.directory.expires
