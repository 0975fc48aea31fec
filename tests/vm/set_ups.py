"""The set-ups without anybody at the keyboard, what is carried between them, and a move."""

from __future__ import annotations

import json
import shlex

from tests.vm.field import STICK, Field
from tests.vm.line import CONSOLE, desk_is_open, look_until
from tests.vm.machine import Machine
from tests.vm.pages import block
from tests.vm.people import AGENCY, INVESTIGATOR, OPERATOR, REPORTER

CARRIED, WAITS = f"{STICK}/quietline-carry", 3
"""What the agency's set-up makes; the exit code of one that waits for something to be carried."""
ROOT_PASSPHRASE = "harbour violin quartz maple orbit tundra lantern"
VAULT_PASSPHRASE = "pelican copper sonata meadow anchor thistle"
LABEL = "Caseworker 1"
_SERVER = f"""[server]
line_name = "Harbour line"
web = ""
look_in = ["{STICK}"]
give_to = "{STICK}"
"""
_AGENCY = f"""[agency]
offline = "yes"
server_file = "{STICK}/quietline-server.json"
addresses_compared = "yes"
passphrase_file = "/home/{AGENCY}/passphrase"
languages = ["en"]
look_in = ["{STICK}"]
give_to = "{STICK}"

[[agency.desks]]
kind = "support"
hours = ["always"]
languages = ["en"]
tells_immigration = "unknown"
"""
_QUICK = {"QUIETLINE_EPOCH_SECONDS": "30", "QUIETLINE_WORK_STEPS": "100"}
"""Shorter than a real line's, so that nobody waits ten minutes for an epoch."""
_QUICK_CONSOLE = {"QUIETLINE_CONSOLE_JITTER": "0", "QUIETLINE_CONSOLE_BUNDLE_DAYS": "5"}


def be_quick(machine: Machine) -> None:
    """Shorten epochs, work and a console's waits: all that the test changes of the settings."""
    settings = "".join(f"Environment={name}={value}\\n" for name, value in _QUICK.items())
    exports = "".join(f"export {name}={value}\\n" for name, value in _QUICK_CONSOLE.items())
    drop_in = "/etc/systemd/system/quietline-server.service.d"
    machine.look(
        f"mkdir -p {drop_in}\n"
        f"printf '[Service]\\n{settings}' >{drop_in}/test.conf\n"
        f"printf '{exports}' >>/home/{INVESTIGATOR}/.profile\n"
        "systemctl daemon-reload"
    )


def server_begins(field: Field) -> None:
    """Run the server's set-up until it waits for the agency's folder; remember its addresses."""
    _write(field.machine, OPERATOR, "/root/server-answers.toml", _SERVER)
    _set_up_server(field, WAITS)
    card = json.loads(field.machine.look(f"cat {STICK}/quietline-server.json"))
    field.known |= {name: card[name] for name in ("reporters", "investigators")}


def agency_begins(field: Field) -> None:
    """Run the agency's set-up until it waits for the investigators' requests."""
    _write(field.machine, AGENCY, "passphrase", ROOT_PASSPHRASE)
    _write(field.machine, AGENCY, "answers.toml", _AGENCY)
    field.book.type(field.machine, AGENCY, "quietline setup agency --answers answers.toml", WAITS)


def investigator_asks(field: Field) -> None:
    """Make a vault and its request, which goes onto the stick; the words are read out."""
    machine, book = field.machine, field.book
    _write(machine, INVESTIGATOR, "passphrase", VAULT_PASSPHRASE)
    said = book.type(
        machine, INVESTIGATOR,
        f"quietline console init vault --line {CARRIED}/line.json --label {shlex.quote(LABEL)} "
        "--passphrase-file passphrase --json",
    )  # fmt: skip
    words = json.loads(said.splitlines()[-1])["words"]
    field.known["words"] = words if isinstance(words, str) else " ".join(words)
    machine.look(f"cp vault/enrolment-request.json {STICK}/", INVESTIGATOR)


def agency_enrols(field: Field) -> None:
    """Run the agency's set-up again, with the request and the words that were read out."""
    reader = (
        '\n[[agency.readers]]\nrequest = "enrolment-request.json"\n'
        f'words = "{field.known["words"]}"\ndesks = ["support"]\n'
    )
    _write(field.machine, AGENCY, "answers.toml", _AGENCY + reader)
    field.book.type(field.machine, AGENCY, "quietline setup agency --answers answers.toml")


def server_ends(field: Field) -> None:
    """Run the server's set-up again, with the agency's folder on the stick."""
    _set_up_server(field, 0)
    field.machine.look(f"cp {CARRIED}/line.json .", REPORTER)


def investigator_opens_the_desk(field: Field) -> None:
    """Open the console for the first time: it gives the line its keys, and the desk is open."""
    with field.book.typing(field.machine, INVESTIGATOR, CONSOLE):
        look_until(field, "grep -qF 'Up to date' page")
    desk_is_open(field)


def keep_apart(field: Field) -> None:
    """Put onto the stick what a new machine needs if this one breaks, as the page says it."""
    field.machine.type(block("operating.md", "sh-kept"))


def carry_the_newest(field: Field) -> None:
    """Carry today's backup away, as the operator does each week; and the people's homes.

    The homes are on other machines in life.
    """
    field.machine.look(
        "systemctl start quietline-backup\n"
        f"cp -a /var/backups/quietline/????-??-??* {STICK}/\n"
        f"tar -C /home -cf {STICK}/homes.tar --exclude={REPORTER}/tor {INVESTIGATOR} {REPORTER}\n"
        "sync"
    )


def go_on_after_the_broken_one(field: Field) -> None:
    """Make this machine the line's server from what was kept, by the page's commands alone."""
    machine = field.machine
    machine.look(f"tar -C /home -xf {STICK}/homes.tar")
    be_quick(machine)
    _write(machine, OPERATOR, "/root/server-answers.toml", _SERVER)
    typed = block("move-and-end.md", "sh-broken")
    assert typed.endswith("\nquietline setup server\n"), "the set-up comes last"
    machine.type(
        f"mkdir folder; cp {field.package} folder; cd folder\n"
        f"{typed.rstrip()} --answers /root/server-answers.toml\n"
        "cd ..; rm -r folder"
    )
    card = json.loads(machine.look(f"cat {STICK}/quietline-server.json"))
    assert {name: card[name] for name in ("reporters", "investigators")} == {
        name: field.known[name] for name in ("reporters", "investigators")
    }, "the addresses are others"


def _set_up_server(field: Field, ends_with: int) -> None:
    command = "quietline setup server --answers /root/server-answers.toml"
    field.book.type(field.machine, OPERATOR, command, ends_with)


def _write(machine: Machine, who: str, file: str, text: str) -> None:
    machine.look(f"cat >{file} <<'END'\n{text.rstrip()}\nEND\nchmod 600 {file}", who)
