"""A line that ends (docs/move-and-end.md): nobody can write, and what waits is still read."""

from __future__ import annotations

import os

import pytest

from app.agency import ceremonies
from app.client.line_errors import LineError
from app.console.sync import deliver
from app.console.vault import Vault
from app.protocol.errors import ProtocolError
from tests.console.running_line import Line, read

pytestmark = pytest.mark.anyio


async def test_once_all_have_left_the_answer_is_read_and_nothing_is_written(
    line: Line, ana: Vault, chris: Vault
) -> None:
    await line.ready(ana, chris)
    reporter = await line.send("Help.")
    await line.sync(ana)
    case = read(ana)[0].case
    deliver.queue_reply(
        ana, case, "The shelter answers from now on.", desk="support", lang="en", now=line.now,
        rng=os.urandom,
    )  # fmt: skip
    await line.sync(ana)
    await line.turn()
    agency = line.folder / "agency"
    for name in ("ana", "chris"):
        ceremonies.revoke(agency, name, "former", today=line.today)
    line.publish()
    await line.turn()
    await line.turn()

    (answer,) = await line.answers(reporter)
    assert answer.body["text"] == "The shelter answers from now on."
    assert answer.left == line.today, "it does not stand there as by somebody who has left"
    with pytest.raises((LineError, ProtocolError)):
        await line.send("Is anybody there?")
