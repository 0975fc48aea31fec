"""A desk says something else of itself between choosing and sending: the person reads it again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.cli.report import sending
from app.cli.report.terminal import Terminal
from app.client.reporter_client import ReporterClient
from app.console.vault import Vault
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from tests.console.running_line import Line, texts

WORDS = {
    "desk-changed": "{name} has changed.",
    "desk-tells-yes": "Bound to tell.",
    "few-readers-why": "few",
}


def _now_tells(folder: Path, desk: str) -> None:
    """Have the agency write that a desk is bound to tell immigration."""
    file = folder / "agency" / "agency.toml"
    text = file.read_text()
    named = f'id = "{desk}"'
    assert named in text
    file.write_text(text.replace(named, f'{named}\ntells_immigration = "yes"'))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("changed", "answer"), [("support", "1"), ("support", "2"), ("police", "")]
)
async def test_a_desk_that_says_something_else_is_read_again(
    line: Line,
    ana: Vault,
    changed: str,
    answer: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await line.turn()
    await line.ready(ana)
    asked = iter(answer)
    terminal = Terminal(WORDS, read=lambda: next(asked))
    async with line.line_client() as http:
        client = ReporterClient(http, line.line_id)
        read = await client.directory()
        _now_tells(line.folder, changed)
        line.publish()
        await line.turn()
        fields = {"lang": "en", "text": "Help.", "desks": ["support"]}
        parcel = client.pack("report", fields, read=read)
        identity = ReporterIdentity(new_entropy(os.urandom))
        went = await sending.deliver(terminal, client, identity, parcel, "en")
    assert went is (answer != "2")
    shown = capsys.readouterr().out
    assert ("has changed." in shown) is ("Bound to tell." in shown) is (changed == "support")
    await line.turn()
    await line.sync(ana)
    assert texts(ana) == (["Help."] if went else [])
