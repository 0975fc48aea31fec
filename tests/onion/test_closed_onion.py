"""The investigators' onion: whom it lets in, what goes through it, what does not."""

from __future__ import annotations

import asyncio
import os
from collections import Counter

import httpx
import pytest

from app.client.line_client import LineClient, LineClientSettings
from app.client.parcel import Upload
from app.client.reporter_client import ReporterClient
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from tests.onion import desk
from tests.onion.callers import ClientKey
from tests.onion.line import OnionLine
from tests.onion.socks import MISSING_KEY, WRONG_KEY, NotReached, get
from tests.ports import free_port

TEXT = "Two of us sleep in the van behind the market."
FILE = Upload("van.bin", "application/octet-stream", os.urandom(300_000))


def _report(line: OnionLine) -> None:
    """Send a report with a file through the reporter's Tor."""

    async def send() -> None:
        socks = line.socks("reporter")
        way = LineClientSettings(line.url, socks=socks, timeout=120, one_circuit=True)
        async with LineClient(way, os.urandom) as client:
            who = ReporterIdentity(new_entropy(os.urandom))
            said = {"text": TEXT, "lang": "en", "desks": ["support"], "answers": {}}
            await ReporterClient(client, line.world.line_id).send(
                who, "report", said, (FILE,), few=True
            )

    asyncio.run(send())


def _streams_of_a_sync(line: OnionLine, name: str) -> list[tuple[str, str]]:
    """Sync with two days of keys; return the onion and the circuit of each connection made."""
    made = []
    with line.tors[name].events("STREAM") as events:
        code, said = line.sync(name, bundle_days=2)
        assert code == 0, said
        get(line.socks_port(name), line.reporters, "/healthz")  # the last to be seen
        for _, _, state, circuit, target, *facts in events:
            onion = target.partition(":")[0]
            if state != "SUCCEEDED" or not onion.endswith(".onion"):  # Tor's own: a descriptor
                continue
            if not any(fact.startswith("SOCKS_USERNAME=") for fact in facts):
                return made
            made.append((onion, circuit))
    raise AssertionError("Tor closed the conversation")


def test_each_call_of_a_sync_has_its_own_circuit_and_only_keys_go_to_the_closed_onion(
    line: OnionLine,
) -> None:
    _report(line)
    made = _streams_of_a_sync(line, "ana")
    (message,) = [one for one in desk.received(line, "ana") if one.body.text == TEXT]
    assert len(desk.file_hashes(line, "ana", message.case)) == 1
    circuits = Counter(circuit for _, circuit in made)
    assert set(circuits.values()) == {1}, "two calls on one circuit are known to belong together"
    calls = Counter(onion for onion, _ in made)
    assert calls[line.investigators] == 1, "the new keys, in one upload"
    # Directory, bundles, challenges, message, its deletion, two chunks.
    assert calls[line.reporters] >= 7
    assert set(calls) == {line.investigators, line.reporters}


def test_a_console_without_the_key_gives_the_server_nothing_and_says_why(line: OnionLine) -> None:
    before = line.open_for()
    code, said = line.sync("dana", through="reporter")
    (warning,) = [one["text"] for one in said["notices"] if one["level"] == "warning"]
    assert code == 1
    assert "The investigators' address was not reached" in warning
    assert "Tor lacks the key" in warning
    assert line.open_for() == before, "no key of this console may have come into service"


def test_the_closed_onion_says_nothing_to_who_has_no_key_or_another_one(line: OnionLine) -> None:
    with pytest.raises(NotReached) as without:
        get(line.socks_port("reporter"), line.investigators, "/healthz")
    assert without.value.code == MISSING_KEY
    line.client("stranger", ClientKey())
    line.wait_until_reached("stranger")
    with pytest.raises(NotReached) as other:
        get(line.socks_port("stranger"), line.investigators, "/healthz")
    assert other.value.code == WRONG_KEY


def test_the_reporters_onion_can_ask_for_work_and_the_closed_one_need_not(line: OnionLine) -> None:
    where = line.host.ask("GETINFO config-text")
    assert where.count("HiddenServicePoWDefensesEnabled 1") == 1
    port = free_port()
    line.host.ask(f'SETCONF MetricsPort=127.0.0.1:{port} MetricsPortPolicy="accept 127.0.0.1"')
    metrics = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
    effort = [one for one in metrics.splitlines() if one.startswith("tor_hs_pow_suggested_effort{")]
    assert any(line.reporters.removesuffix(".onion") in one for one in effort), metrics
