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
CONSOLE = "quietline console run vault --own-tor --interval 30 --passphrase-file passphrase"
"""With the Tor that the console brings, which ends with it."""
PYTHON = "/usr/lib/quietline/bin/python"
_READ = """
import json
from pathlib import Path
from app.console.vault import Vault
from app.console.vault.records import messages
from app.protocol.secrets import Secret
with Vault.open(Path("vault"), Secret(Path("passphrase").read_bytes().strip())) as vault:
    with vault.read() as tx:
        found = [one for case in messages.inbox(tx) for one in messages.messages_of(tx, case.id)]
print(json.dumps([one.body.text for one in found]))
"""
_LOOK = """
rm -f facts jar page
{console} --port 0 --json >facts 2>said &
console=$!
trap 'kill -TERM $console 2>/dev/null || true' EXIT
for second in {{1..120}}; do [ -s facts ] && break; sleep 1; done
fact() {{ {python} -I -c 'import json, sys; print(json.load(open("facts"))[sys.argv[1]])' "$1"; }}
curl -sSL -c jar -o page "$(fact login)"
home=$(fact console)
for look in {{1..{looks}}}; do
  curl -sS -b jar -o page "$home/" && {until} && break
  sleep 2
done
kill -TERM $console; wait $console || true
{until} && exit 0
cat said; sed 's/<[^>]*>//g; /^ *$/d' page; exit 1
"""
_ONE_BUNDLE = 2_500
"""Bytes: an answer that has one is larger, one without is of 42 (docs/spec/bundles.md)."""
_LOOKS = 600
"""How often the page is looked at, at the most: an epoch must pass, and the first Tor is slow."""


def doctor_finds_nothing(field: Field, more: str = "") -> None:
    """Ask the doctor; whatever it finds fails the stage."""
    said = field.machine.try_to(f"{DOCTOR} --json {more}")
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
    field.sent.append(text)


def read(field: Field, text: str) -> None:
    """Open the console, which syncs through the investigators' onion, until it shows this report.

    Raises AssertionError.
    """
    look_until(field, f"grep -qF {shlex.quote(text)} page")
    assert text in read_texts(field)


def look_until(field: Field, until: str) -> str:
    """Sign in at the investigator's console, and look at its first page until something is so.

    ``until`` is a condition of the shell's; the page is the file ``page``. Raises Failed.
    """
    return field.machine.type(
        _LOOK.format(console=CONSOLE, python=PYTHON, until=until, looks=_LOOKS), INVESTIGATOR
    )


def read_texts(field: Field) -> list[str]:
    """Return the words of every message in the investigator's vault, decrypted."""
    said = field.machine.type(f"{PYTHON} -I - <<'END'\n{_READ}END", INVESTIGATOR)
    texts: list[str] = json.loads(said)
    return texts


def reporter_reaches_it(field: Field) -> None:
    """Start the reporter's Tor, and wait until it reaches the line."""
    tor_client.start(field.machine, REPORTER)
    tor_client.reaches(field.machine, field.known["reporters"])


def desk_is_open(field: Field) -> None:
    """Wait until the server gives out the investigator's keys: with the epoch after they came."""
    field.machine.look(
        "for second in {1..300}; do\n"
        f"  bytes=$(curl -sf --unix-socket {SOCKET} http://line/api/v1/bundles | wc -c)\n"
        f"  [ $bytes -gt {_ONE_BUNDLE} ] && exit 0; sleep 1\n"
        "done\nexit 1"
    )


def server_answers(field: Field) -> None:
    """Wait until the server answers at its socket, as systemd started it."""
    field.machine.look(
        "for second in {1..300}; do\n"
        f"  curl -sf --unix-socket {SOCKET} http://line/healthz && exit 0; sleep 1\n"
        "done\nsystemctl status quietline-server; "
        "journalctl --namespace=quietline --no-pager | tail -40; exit 1"
    )
