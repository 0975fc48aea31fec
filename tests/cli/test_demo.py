"""``quietline demo``: everything it prints works, and it leaves nothing behind."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from typer.testing import CliRunner

from app.cli import demo as demo_command
from app.cli.demo import children
from app.client.line_client import LineClient, LineClientSettings
from app.client.reporter_client import ReporterClient
from app.protocol.encoding import unb64u
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import read_code
from tests.onion.process import until
from tests.ports import free_port

DEMO = [sys.executable, "-m", "app.cli.entry", "demo", "--no-browser"]


class Demo:
    """A running demo and what it printed."""

    def __init__(self, data: Path) -> None:
        self.ports = free_port(), free_port()
        self.data = data
        arguments = ["--json", "--data", str(data), "--epoch", "1"]
        arguments += ["--port", str(self.ports[0]), "--console-port", str(self.ports[1])]
        self.process = subprocess.Popen([*DEMO, *arguments], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.facts = json.loads(self.process.stdout.readline())

    def end(self, how: int) -> int:
        self.process.send_signal(how)
        return self.process.wait(120)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    started = Demo(tmp_path / "demo")
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.wait()
    if started.process.stdout is not None:
        started.process.stdout.close()


def _answers(demo: Demo) -> list[str]:
    async def check() -> list[str]:
        async with LineClient(LineClientSettings(demo.facts["server"]), os.urandom) as http:
            line = json.loads((demo.data / "agency" / "line.json").read_bytes())
            client = ReporterClient(http, unb64u(line["line_id"]))
            (code,) = read_code(demo.facts["receipt_code"])
            return [answer.body["text"] for answer in await client.check(ReporterIdentity(code))]

    return asyncio.run(check())


def _transfers_and_undoes(browser: httpx.Client, home: str, inbox: str) -> None:
    """Transfer a case to the other team and change one's mind, as whoever tries the demo may."""
    origin = home.removesuffix(urlsplit(home).path)
    for case in dict.fromkeys(re.findall(r"/cases/([0-9a-f]{64})", inbox)):
        page = browser.get(f"{home}/cases/{case}").text
        if 'id="hand-desk"' in page:
            break
    token = re.search(r'name="csrf" content="([^"]*)"', page)
    team = re.search(r'id="hand-desk" name="desk"><option value="([^"]*)"', page)
    assert token is not None
    assert team is not None

    def post(**fields: str) -> str:
        form = {"csrf": token[1], **fields}
        answer = browser.post(f"{home}/cases/{case}/hand", data=form, headers={"origin": origin})
        assert answer.status_code == 200
        return answer.text

    transfer = {"desk": team[1], "reason": "They know the house."}
    # Once the first sync has said when that is.
    said = "It goes with the next sending, "
    until(60, "it goes with each sync", lambda: said in post(**transfer))
    assert "Undo the transfer" in post(**transfer, sure="yes")
    assert 'id="hand-desk"' in post(undo="yes")


def _refuses(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_the_link_that_signs_in_is_in_no_process_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = {
        "line_id": "ID",
        "line_file": str(tmp_path / "line.json"),
        "server": "http://127.0.0.1:1",
        "console": "http://127.0.0.1:2",
        "console_login": "http://127.0.0.1:2/login?token=SECRET",
        "receipt_code": "x",
        "data": str(tmp_path),
    }
    started: list[str] = []

    def ended(_: object) -> None:
        raise children.Interrupted

    monkeypatch.setattr(demo_command, "_start", lambda *_, **__: facts)
    monkeypatch.setattr(demo_command, "_check_port", lambda *_: None)
    monkeypatch.setattr(demo_command, "_wait", ended)
    monkeypatch.setattr(webbrowser, "open", started.append)
    monkeypatch.setattr(demo_command, "interruptible", nullcontext)
    monkeypatch.setattr(os, "umask", lambda _: 0)
    shown = CliRunner().invoke(demo_command.app, ["--data", str(tmp_path / "data")])
    assert shown.exit_code == 0, shown.output
    assert started == ["http://127.0.0.1:1"], "not even where the console is"
    assert "token=SECRET" in shown.output, "it is printed, for this terminal alone"
    assert str(tmp_path / "line.json") in shown.output


def test_all_that_it_prints_works_and_ctrl_c_removes_everything(demo: Demo) -> None:
    assert set(demo.facts) == {
        "server", "console", "console_login", "receipt_code", "data", "line_id", "line_file",
    }  # fmt: skip
    line = json.loads(Path(demo.facts["line_file"]).read_bytes())
    assert line["line_id"] == demo.facts["line_id"], "as `verify` and `report` ask for it"
    assert demo.facts["data"] == str(demo.data)
    private = [path for path in demo.data.iterdir() if path.name != "site"]
    assert {"passphrase.txt", "consoles", "server", "agency"} <= {path.name for path in private}
    for path in private:
        assert path.stat().st_mode & 0o077 == 0, f"{path} is for nobody else"
    page = httpx.get(demo.facts["server"], trust_env=False)
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]
    answers = _answers(demo)
    assert len(answers) == 1
    assert answers[0].startswith("[SYNTHETIC] Thank you for writing.")

    with httpx.Client(trust_env=False, follow_redirects=True) as browser:
        inbox = browser.get(demo.facts["console_login"])
        assert inbox.status_code == 200
        assert inbox.text.count("[SYNTHETIC]") >= 50, "ninety days of it"
        _transfers_and_undoes(browser, demo.facts["console"], inbox.text)
    with httpx.Client(trust_env=False, follow_redirects=True) as other:
        again = other.get(demo.facts["console_login"])
        assert "[SYNTHETIC]" not in again.text, "the link signs in once"

    assert demo.end(signal.SIGINT) == 0
    assert list(demo.data.iterdir()) == []
    assert all(_refuses(port) for port in demo.ports)


def test_sigterm_ends_it_with_all_its_children(demo: Demo) -> None:
    assert demo.end(signal.SIGTERM) == 0
    assert list(demo.data.iterdir()) == []
    assert all(_refuses(port) for port in demo.ports)


def test_a_killed_demo_takes_its_children_along(demo: Demo) -> None:
    children = Path(f"/proc/{demo.process.pid}/task/{demo.process.pid}/children").read_text()
    pids = [int(pid) for pid in children.split()]
    assert len(pids) == 2
    demo.end(signal.SIGKILL)
    for pid in pids:
        pidfd = None
        try:
            pidfd = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        import select

        assert select.select([pidfd], [], [], 120)[0], "a child outlived the demo"
        os.close(pidfd)


def _misused(*arguments: str) -> tuple[int, str]:
    run = subprocess.run([*DEMO, *arguments], capture_output=True, text=True, check=False)
    return run.returncode, run.stderr


def test_a_folder_that_holds_something_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("precious")
    code, words = _misused("--data", str(tmp_path))
    assert code == 2
    assert "not an empty folder" in words
    assert (tmp_path / "precious.txt").read_text() == "precious"


def test_a_port_in_use_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, words = _misused("--data", str(tmp_path / "d"), "--port", str(port))
    assert code == 1
    assert f"Port {port} is in use" in words
    assert "--port" in words
