"""``quietline setup`` as people type it: on a real terminal, stopped, gone on with."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.agency.folder import AgencyFolder
from app.setup.carried import CARD, FOLDER, ServerCard, line_numbers
from app.setup.server.carried_folder import read_published
from tests.agency.conftest import words_for
from tests.setup.conftest import brought, line_of, put_card
from tests.setup.machine import FakeMachine, answering
from tests.setup.typist import Typist

ROOT = Path(__file__).parents[2]
_PROGRAMS = (
    "getent",
    "systemd-sysusers",
    "systemd-tmpfiles",
    "systemctl",
    "setpriv",
    "tor",
)


@pytest.fixture
def stick(tmp_path: Path, card: ServerCard) -> Path:
    put_card(tmp_path / "stick", card)
    return tmp_path / "stick"


def at_the_agency(stick: Path, folder: Path) -> Typist:
    """Begin in the stick's folder; say of a network, where there is one, that it may be."""
    typist = Typist(stick, "setup", "agency", str(folder), PYTHONPATH=str(ROOT))
    typist.answer([(r"Is that right\? \[yes\]", "")])
    if "type anyway" in typist.wait_for(r"type anyway.*: |✓ This computer is on no network"):
        typist.type("anyway\n")
    return typist


def suggested(said: str) -> str:
    """Return the words that were drawn: what a person writes on paper."""
    [words] = re.findall(r"^ {6}((?:[a-z]+ ){6}[a-z]+)\r?$", said, re.MULTILINE)
    return str(words)


def test_a_slip_in_an_address_is_no_dead_end(stick: Path, tmp_path: Path) -> None:
    """Neither one that was typed, nor an old file that lies where the new one is looked for."""
    old = ServerCard.parse((stick / CARD).read_bytes())
    typist = at_the_agency(stick, tmp_path / "agency")
    slip = "a" * 56
    typist.answer(
        [
            (r"Are they the same\? ", "no"),
            (r"type: type the addresses; or: later: ", "type"),
            (r"The reporters' onion: ", f"{slip}.onion"),
            (r"The investigators' onion: ", f"{slip}.onion"),
            (r"on the open web, if there is one: ", ""),
            (rf"reporters:        http://{slip}[\s\S]*Are they the same\? ", "no"),
            (r"type: type the addresses; or: later: ", "type"),
            (r"The reporters' onion: ", old.reporters),
            (r"The investigators' onion: ", old.investigators),
            (r"on the open web, if there is one: ", ""),
            (rf"reporters:        {old.reporters}[\s\S]*Are they the same\? ", "yes"),
        ]
    )
    typist.wait_for(r"reporters read it: ")
    typist.kill()


def test_the_agency_by_questions(stick: Path, tmp_path: Path) -> None:
    folder, paper = tmp_path / "agency", ""

    def from_paper(said: str) -> str:
        nonlocal paper
        paper = suggested(said)
        return paper

    typist = at_the_agency(stick, folder)
    typist.answer(
        [
            (r"Are they the same\? ", "perhaps"),
            (r"Are they the same\? ", "yes"),
            (r"reporters read it \[Harbour line\]: ", "h" * 81),
            (r"1 to 80 characters[\s\S]*reporters read it \[Harbour line\]: ", ""),
            (r"from your paper: ", from_paper),
            (r"the first one first \[en\]: ", "es"),
            (r"its pages that says so\? \[no\] ", "no"),
            (r"No language is left[\s\S]*the first one first \[en\]: ", "en, es"),
            (r"its pages that says so\? \[no\] ", "yes"),
            (r"the first one first: ", "us, atlantis"),
            (r"There is no atlantis[\s\S]*the first one first: ", "us"),
            (r"Emergency number in United States \[911\]: ", "9ll"),
            (r"A number to call[\s\S]*in United States \[911\]: ", ""),
            (r"\(in your words\) \[support\]: ", ""),
        ]
    )
    typist.wait_for(r"nothing: not said: ")
    assert paper not in (said := typist.said[typist.said.index("no longer on the screen") :])
    assert "password" not in said
    assert typist.break_off() == 1
    assert "Nothing is lost: type the same again" in typist.said

    typist = at_the_agency(stick, folder)
    typist.answer(
        [
            (r"nothing: not said: ", "whenever"),
            (r"“whenever” in hours[\s\S]*nothing: not said: ", "always"),
            (r"zh-Hans; nothing: not said: ", "en"),
            (r"or unknown \[unknown\]: ", "no"),
            (r"Is there another desk\? \[no\] ", ""),
            (r"with the root key: .*for later: ", ""),
            (r"quietline-carry is copied: .*for later: ", ""),
            (r"or: no: ", "no"),
        ]
    )
    assert typist.end() == 3
    assert "Who reads there" not in typist.said, "what was answered is not asked again"
    assert "Give line.json to each" in typist.said
    line = line_of(folder.parent / FOLDER)

    request = Path(brought(stick, line, "Caseworker 1")["readers.1.request"])
    words = words_for(request.read_bytes(), line)
    typist = at_the_agency(stick, folder)
    typist.answer(
        [
            (r"with the root key: .*for later: ", ""),
            (r"quietline-carry is copied: .*for later: ", ""),
            (r"Request from: Caseworker 1[\s\S]*or later \[later\]: ", "yes"),
            (r"do they read \[support\]: ", "harbour"),
            (r"has no desk 'harbour'[\s\S]*do they read \[support\]: ", ""),
            (r"or: no: ", "no"),
            (r"Passphrase of the root key: ", "another"),
            (r"does not open the root key\.[\s\S]*Passphrase of the root key: ", paper),
            (r"in the page's languages\? \[yes\] ", "no"),
            (r"quietline-carry is copied: .*for later: ", str(stick)),
            (r"with the root key: .*for later: ", ""),
        ]
    )
    assert typist.end() == 0, typist.said
    assert line_numbers(line.line_id) in typist.said[typist.said.index("What comes next") :]
    assert all(f" {word}" in typist.said for word in words.split())
    published = read_published(stick / FOLDER)
    assert [one.label for one in published.directory.directory.investigators] == ["Caseworker 1"]
    assert published.directory.directory.desks[0].reads_always
    kept = (folder.parent / "agency-answers.json").read_text()
    assert paper not in kept

    # Called again: somebody lost a computer.
    typist = at_the_agency(stick, folder)
    typist.answer(
        [
            (r"A number \[6\]: ", "4"),
            (r"by its number: ", "1"),
            (r"left in anger\. Which: ", "compromised"),
        ]
    )
    typist.wait_for("is compromised from the next directory on")
    typist.kill()
    [member] = AgencyFolder(folder).members()
    assert member.investigator.status == "compromised"


@pytest.fixture
def machine(tmp_path: Path, card: ServerCard) -> Iterator[FakeMachine]:
    made = FakeMachine(tmp_path / "m")
    for name, address in (("quietline", card.reporters), ("quietline-desk", card.investigators)):
        hostname = made.root / "var/lib/tor" / name / "hostname"
        hostname.parent.mkdir(parents=True)
        hostname.write_text(f"{address.removeprefix('http://')}\n")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in _PROGRAMS:
        (programs / name).write_text(
            f'#!/bin/sh\nexec {sys.executable} -m tests.setup.machine {made.root} {name} "$@"\n'
        )
        (programs / name).chmod(0o755)
    with answering(made):
        yield made


def at_the_server(machine: FakeMachine, place: Path) -> Typist:
    path = f"{machine.root.parent / 'bin'}:{os.environ['PATH']}"
    words = ("setup", "server", "--root", str(machine.root))
    return Typist(place, *words, PATH=path, PYTHONPATH=str(ROOT))


def test_the_server_by_questions(machine: FakeMachine, stick: Path, signed: Path) -> None:
    typist = at_the_server(machine, stick)
    typist.answer(
        [
            (r"as reporters will read it: ", ""),
            (r"will read it: ", "Harbour line"),
            (r"for Tor Browser: ", "http://nothing"),
            (r"A name such as tips[\s\S]*for Tor Browser: ", ""),
            (r"there is room for \d+\) \[\d+\]: ", "1000000"),
            (r"A whole number from 1[\s\S]*room for \d+\) \[\d+\]: ", "1"),
        ]
    )
    typist.wait_for(r"for the agency: .*for later: ")
    assert typist.break_off() == 1

    (stick / CARD).unlink()
    typist = at_the_server(machine, stick)
    typist.answer(
        [
            (r"for the agency: .*for later: ", "/nowhere"),
            (r"There is no folder /nowhere[\s\S]*for later: ", str(stick)),
            (r"look again; or: later: ", "later"),
        ]
    )
    assert typist.end() == 3
    assert "will read it" not in typist.said, "what was answered is not asked again"
    assert "█▀▀▀▀▀█" in typist.said
    assert ServerCard.parse((stick / CARD).read_bytes()).line_name == "Harbour line"

    typist = at_the_server(machine, stick)
    numbers = line_numbers(line_of(signed / FOLDER).line_id)
    wrong = "12345" + numbers[5:]
    typist.answer(
        [
            (r"look again; or: later: ", str(signed)),
            (r"from its screen, and type them: ", numbers[6:]),
            (r"Five numbers, with[\s\S]*type them: ", wrong),
            (r"not the agency's[\s\S]*Look again\? \[yes\] ", "yes"),
            (r"look again; or: later: ", str(signed)),
            (r"from its screen, and type them: ", numbers),
        ]
    )
    typist.answer([(r"Look again\? \[yes\] ", "no")])  # the doctor looks at a test's folders
    assert typist.end() == 1
    assert "every signature holds" in typist.said
    assert "The server is set up. What comes next" in typist.said


def test_an_investigators_computer_is_the_consoles_own_matter(tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "BROWSER": "true"}
    typist = Typist(tmp_path, "setup", "console", **environment)
    typist.wait_for("(?i)console")
    typist.break_off()
    assert "No such command" not in typist.said


def test_it_asks_which_computer_this_is(tmp_path: Path) -> None:
    typist = Typist(tmp_path, "setup", PYTHONPATH=str(ROOT), HOME=str(tmp_path))
    typist.answer([("A number: ", "5"), (r"Type 1, 2 or 3\.[\s\S]*A number: ", "2")])
    typist.wait_for("This computer's date is")
    assert ("as your own user" in typist.said) == (os.geteuid() == 0)
    assert typist.break_off() == 1
