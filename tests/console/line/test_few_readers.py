"""A server leaves bundles out, so that a member of its choice reads alone: the person is asked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.cli.report import sending
from app.cli.report.terminal import Terminal
from app.client.few_readers import FewReaders
from app.client.reporter_client import ReporterClient
from app.console.vault import Vault
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from tests.console.running_line import Line, texts

WORDS = {"few-readers": "Few", "few-readers-why": "At {name}, {now} of {of} can read."}


@pytest.mark.anyio
async def test_the_person_is_asked_where_only_one_of_two_can_read(
    line: Line, ana: Vault, ben: Vault
) -> None:
    await line.turn()
    await line.ready(ana)  # of ben's keys the server shows none
    with pytest.raises(FewReaders) as asked:
        await line.send("Help.", few=False)
    ((desk, now, of),) = asked.value.desks
    assert (desk.id, now, of) == ("support", 1, 2)
    await line.turn()
    await line.sync(ana)
    assert texts(ana) == [], "nothing was sent"


@pytest.mark.anyio
@pytest.mark.parametrize("answer", ["1", "2"])
async def test_at_a_terminal_they_say_whether_it_goes(
    line: Line, ana: Vault, ben: Vault, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await line.turn()
    await line.ready(ana)
    terminal = Terminal(WORDS, read=lambda: answer)
    async with line.line_client() as http:
        client = ReporterClient(http, line.line_id)
        parcel = client.pack("report", {"lang": "en", "text": "Help.", "desks": ["support"]})
        identity = ReporterIdentity(new_entropy(os.urandom))
        went = await sending.deliver(terminal, client, identity, parcel, "en")
    assert went is (answer == "1")
    assert "At Support" in capsys.readouterr().out
    await line.turn()
    await line.sync(ana)
    assert texts(ana) == (["Help."] if answer == "1" else [])


@pytest.mark.anyio
async def test_with_everybody_there_nobody_is_asked(
    line: Line, ana: Vault, ben: Vault, tmp_path: Path
) -> None:
    await line.turn()
    await line.ready(ana, ben)
    await line.send("Help.", few=False)
