"""What an investigator sees and does, straight in the vault, between two syncs."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.console.sync import deliver
from app.console.vault import Vault
from app.console.vault.attachments import decrypted_files, files
from app.console.vault.attachments.files import FileState
from app.console.vault.records import messages
from app.console.vault.records.messages import Message
from tests.onion.callers import Callers
from tests.onion.process import until


@contextmanager
def vault(line: Callers, name: str) -> Iterator[Vault]:
    """Open an investigator's vault."""
    with Vault.open(line.world.vault(name), line.world.passphrase) as opened:
        yield opened


def received(line: Callers, name: str) -> list[Message]:
    """Return every message that came in."""
    with vault(line, name) as opened, opened.read() as tx:
        found = messages.inbox(tx)
        return [one for each in found for one in messages.messages_of(tx, each.id)]


def file_hashes(line: Callers, name: str, case: str) -> list[str]:
    """Return the SHA-256 of each file of a case that is here whole, decrypted."""
    with vault(line, name) as opened:
        with opened.read() as tx:
            found = files.of_case(tx, case)
        return [
            hashlib.sha256(b"".join(decrypted_files.plain(opened, file))).hexdigest()
            for file in found
            if file.state is FileState.HERE
        ]


def wait_for(line: Callers, name: str, text: str) -> Message:
    """Sync until a message is there: the epoch that shows it comes after it was sent."""

    def look() -> Message | None:
        line.sync(name)
        return next((one for one in received(line, name) if one.body.text == text), None)

    return until(240, f"{text!r} does not come to {name}", look)


def answer(line: Callers, name: str, case: str, text: str) -> None:
    """Write an answer and send it; over Tor it may come too late for its epoch, then once more."""
    with vault(line, name) as opened:
        deliver.queue_reply(
            opened, case, text, desk="support", lang="en", now=int(time.time()),
            rng=os.urandom,
        )  # fmt: skip
    until(240, "the answer is not sent", lambda: line.sync(name)[1].get("sent") == 1)
