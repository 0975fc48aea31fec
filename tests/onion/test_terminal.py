"""``quietline report`` through real Tor: send with a file, check, the answer, and more words."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.protocol.receipt import read_code
from tests.cli.test_report import code_in
from tests.onion import desk
from tests.onion.line import OnionLine
from tests.ports import free_port

TEXT = "He keeps the keys."
MORE = "They moved to the next house."
ANSWER = "We read it. Are you safe tonight?"


class Terminal:
    """Somebody at a terminal whose home is empty, with Tor and a line.json that they trust."""

    def __init__(self, line: OnionLine, home: Path) -> None:
        self.home = home
        self.known = line.world.data / "agency" / "line.json"
        self.socks = line.socks("reporter")

    def run(
        self, typed: str, *words: str, known: Path | None = None, socks: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Type something at a command."""
        return subprocess.run(
            [sys.executable, "-m", "app.cli.entry", "report", words[0],
             "--line", known or self.known, "--socks", socks or self.socks, "--lang", "en",
             *words[1:]],
            input=typed, capture_output=True, text=True, cwd=self.home, timeout=240,
            env={**os.environ, "HOME": str(self.home), "PYTHONPATH": str(Path.cwd()),
                 "LC_ALL": "C.UTF-8"},
        )  # fmt: skip


@pytest.fixture
def terminal(line: OnionLine, tmp_path: Path) -> Terminal:
    home = tmp_path / "home"
    home.mkdir()
    return Terminal(line, home)


def test_a_report_with_a_file_its_answer_and_more_go_through_tor(
    line: OnionLine, terminal: Terminal, tmp_path: Path
) -> None:
    photo = tmp_path / "house.bin"
    photo.write_bytes(os.urandom(300_000))
    # The support desk; words; three questions and no more of them; a file; send.
    sent = terminal.run(f"1\n{TEXT}\n.\n1\n\n\n\n{photo}\n\n1\n", "send")
    assert sent.returncode == 0, sent.stdout + sent.stderr
    code = code_in(sent.stdout)
    assert len(read_code(code)) == 1

    message = desk.wait_for(line, "ana", TEXT)
    assert desk.file_hashes(line, "ana", message.case) == [
        hashlib.sha256(photo.read_bytes()).hexdigest()
    ]
    desk.answer(line, "ana", message.case, ANSWER)

    shown = terminal.run(f"{code}\n", "check")
    while ANSWER not in shown.stdout:  # until the epoch that has it
        assert shown.returncode == 0, shown.stdout + shown.stderr
        shown = terminal.run(f"{code}\n", "check")
    more = terminal.run(f"{code}\n1\n{MORE}\n.\n\n\n\n1\n", "reply")
    assert (more.returncode, "Your message has arrived." in more.stdout) == (0, True)
    reply = desk.wait_for(line, "ana", MORE)
    assert reply.case == message.case
    assert list(terminal.home.rglob("*")) == [], "something was kept"


def test_a_line_with_another_agencys_key_is_refused_and_without_tor_nothing_is_sent(
    line: OnionLine, terminal: Terminal, tmp_path: Path
) -> None:
    other = tmp_path / "line.json"
    known = json.loads(terminal.known.read_bytes())
    other.write_text(json.dumps(known | {"line_id": "A" * 42 + "E"}))
    refused = terminal.run("", "send", known=other)
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert TEXT not in refused.stdout
    port = free_port()
    without = terminal.run("", "send", socks=f"127.0.0.1:{port}")
    assert without.returncode == 1
    assert f"Does Tor run at 127.0.0.1:{port}?" in " ".join(without.stderr.split())
