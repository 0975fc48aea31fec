"""What is done with the line at every stage: a report sent, read, and the doctor asked."""

from __future__ import annotations

import json
import shlex

from tests.vm import tor_client
from tests.vm.field import REPORTERS_SOCKS, Field
from tests.vm.people import INVESTIGATOR, REPORTER

CONFIG = "/etc/quietline/server.toml"
SOCKET = "/run/quietline/server.sock"
DOCTOR = f"quietline server doctor --config {CONFIG} --uds {SOCKET}"
CONSOLE = (
    "quietline console run vault --own-tor --port 0 --interval 30 --passphrase-file passphrase"
)
"""With the Tor that the console brings; it ends with Ctrl-C, and so does its Tor."""
PYTHON = "/usr/lib/quietline/bin/python"
_READ = """
import json
from pathlib import Path
from app.console.vault import Vault, messages
from app.protocol.secrets import Secret
with Vault.open(Path("vault"), Secret(Path("passphrase").read_bytes().strip())) as vault:
    with vault.read() as tx:
        found = [one for case in messages.inbox(tx) for one in messages.messages_of(tx, case.id)]
print(json.dumps([one.body.text for one in found]))
"""
_OPEN_SECONDS, _TIMES = 180, 6
"""How long a console is open until its vault is looked into, and how often: epochs must pass."""


def doctor_finds_nothing(field: Field) -> None:
    """Ask the doctor; whatever it finds fails the stage."""
    said = field.machine.try_to(f"{DOCTOR} --json")
    assert said.code == 0, said.text
    assert json.loads(said.text)["findings"] == [], said.text


def send(field: Field, text: str) -> None:
    """Send a report at a terminal, through the reporters' onion; it was acknowledged."""
    typed = f"1\n{text}\n.\n1\n\n\n\n\n1\n"  # the first desk; words; no questions, no file; send
    said = field.machine.type(
        f"printf %s {shlex.quote(typed)} | quietline report send --line line.json --lang en "
        f"--socks 127.0.0.1:{REPORTERS_SOCKS}",
        REPORTER,
    )
    assert "Words:" in said, said


def read(field: Field, text: str) -> None:
    """Open the console, which syncs through the investigators' onion, until it has this report."""
    said = ""
    for _ in range(_TIMES):
        said = open_console(field)
        if text in read_texts(field):
            return
    raise AssertionError(f"the report does not come: {said}")


def open_console(field: Field) -> str:
    """Run the investigator's console for some minutes of the machine's; return what it said."""
    return field.machine.try_to(
        f"timeout --signal=INT {_OPEN_SECONDS} {CONSOLE} || true", INVESTIGATOR
    ).text


def read_texts(field: Field) -> list[str]:
    """Return the words of every message in the investigator's vault, decrypted."""
    said = field.machine.type(f"{PYTHON} -I - <<'END'\n{_READ}END", INVESTIGATOR)
    texts: list[str] = json.loads(said)
    return texts


def reporter_reaches_it(field: Field) -> None:
    """Start the reporter's Tor, and wait until it reaches the line."""
    tor_client.start(field.machine, REPORTER)
    tor_client.reaches(field.machine, field.known["reporters"])


def server_answers(field: Field) -> None:
    """Wait until the server answers at its socket, as systemd started it."""
    field.machine.look(
        "for second in {1..300}; do\n"
        f"  curl -sf --unix-socket {SOCKET} http://line/healthz && exit 0; sleep 1\n"
        "done\nsystemctl status quietline-server; "
        "journalctl --namespace=quietline --no-pager | tail -40; exit 1"
    )
