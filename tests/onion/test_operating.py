"""docs/by-hand.md, typed command by command."""

from __future__ import annotations

import asyncio
import json
import os

import pytest

from app.client.line_client import LineClient, LineClientSettings
from app.client.reporter_client import ReporterClient
from app.protocol.identities import ReporterIdentity
from app.protocol.line import Line
from app.protocol.receipt import new_entropy
from tests.onion.line import OnionLine
from tests.onion.machines import Machine, carry, steps, three_machines
from tests.onion.process import until
from tests.onion.socks import MISSING_KEY, NotReached, get
from tests.ports import free_port

TEXT = "A first report, to oneself."


def _send(line: Line, socks: str) -> None:
    async def send() -> None:
        way = LineClientSettings(line.server, socks=socks, timeout=120, one_circuit=True)
        async with LineClient(way, os.urandom) as client:
            who = ReporterIdentity(new_entropy(os.urandom))
            said = {"text": TEXT, "lang": "en", "desks": ["support"], "answers": {}}
            await ReporterClient(client, line.line_id).send(who, "report", said, few=True)

    asyncio.run(send())


def _desk_is_open(line: Line, socks_port: int) -> bool:
    host = line.server.removeprefix("http://")
    answer = get(socks_port, host, "/api/v1/bundles")
    return answer.startswith(b"HTTP/1.1 200") and len(answer) > 2_500


def _doctors(machine: Machine, text: str) -> tuple[str, str]:
    """Part a block's last command, the doctor's, from what comes before."""
    before, doctor = text.rstrip("\n").rsplit("\n", 1)
    assert doctor.startswith("quietline server doctor")
    return before, doctor


def test_from_nothing_to_an_onion(line: OnionLine) -> None:
    socks_port = free_port()
    answers = {"9050": str(socks_port)}
    with three_machines(line.network, socks_port) as machines:
        for step in steps():
            text = step.text
            for placeholder, value in answers.items():
                text = text.replace(placeholder, value)
            if step.where == "carry":
                carry(text, machines)
                continue
            machine = machines[step.where]
            if "quietline server doctor" in text:
                text, doctor = _doctors(machine, text)
                machine.type(text)
                # It looks at the real machine too: what it finds there is not this test's.
                said = json.loads(machine.type(f"{doctor} --json || true"))
                found = {one["about"] for one in said["findings"]}
                assert not found & {"settings", "directory", "site", "circuits", "line"}, said
                continue
            said = machine.type(text)
            if "hostname" in text:
                first, second = said.split()[-2:]
                answers |= {"FIRST-ADDRESS": first, "SECOND-ADDRESS": second}
            if "tor-key" in text:
                key = next(one for one in said.splitlines() if one.startswith("descriptor:"))
                answers["THE-LINE-OF-TOR-KEY"] = key

        known = Line.parse(machines["investigator"].file("line.json").read_bytes())
        assert known.server == known.onion == f"http://{answers['FIRST-ADDRESS']}"
        port = line.socks_port("reporter")
        until(120, "the desk does not open", lambda: _desk_is_open(known, port))
        _send(known, line.socks("reporter"))
        syncing = f"quietline console sync vault --socks 127.0.0.1:{socks_port}"
        until(
            240,
            "the report does not come",  # before the next epoch nobody finds it
            lambda: "1 new message" in machines["investigator"].type(syncing),
        )

        # The desk's onion is closed to others from the first moment on.
        with pytest.raises(NotReached) as closed:
            get(port, answers["SECOND-ADDRESS"], "/healthz")
        assert closed.value.code == MISSING_KEY
