"""``quietline console`` at a terminal: what it asks, says, and ends with."""

from __future__ import annotations

import base64
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from typer.testing import CliRunner

from app.cli.console.console_commands import app
from app.console.vault import Vault
from app.console.vault.installation.line_file import read_line
from app.protocol.line import Line as ProtocolLine
from tests.console.running_line import PASSPHRASE, Line
from tests.ports import free_port

WORDS = PASSPHRASE.reveal().decode()


@pytest.fixture
def run() -> CliRunner:
    return CliRunner()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase.txt"
    path.write_text(WORDS + "\n")
    return path


def test_init_asks_twice_and_tells_what_comes_next(
    run: CliRunner, still: Line, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    arguments = ["init", str(folder), "--line", str(still.line_file), "--label", "Dora"]
    typed = f"short\n{WORDS}\nanother one entirely\n{WORDS}\n{WORDS}\n"
    done = run.invoke(app, arguments, input=typed)
    assert done.exit_code == 0, done.output
    assert "shorter than 12" in done.output
    assert "They differ" in done.output
    assert WORDS not in done.output
    assert str(folder / "enrolment-request.json") in done.output
    assert "quietline console run" in done.output
    request = json.loads((folder / "enrolment-request.json").read_text())
    assert (request["kind"], request["label"]) == ("quietline-enrolment", "Dora")
    Vault.open(folder, PASSPHRASE).close()


def test_the_words_it_shows_are_those_that_the_agency_expects(
    run: CliRunner, still: Line, tmp_path: Path, secret: Path
) -> None:
    from app.agency.enrolment import fingerprint_words, read_request

    folder = tmp_path / "new"
    arguments = ["init", str(folder), "--line", str(still.line_file), "--label", "Dora"]
    done = run.invoke(app, [*arguments, "--passphrase-file", str(secret), "--json"])
    facts = json.loads(done.output)
    request = Path(facts["request"]).read_bytes()
    line = read_line(still.line_file.read_bytes())
    assert facts["words"] == fingerprint_words(read_request(request, line), line)


def test_init_refuses_what_is_no_line(run: CliRunner, tmp_path: Path, secret: Path) -> None:
    bad = tmp_path / "line.json"
    bad.write_text("{}")
    for line, words in ((bad, "not a line.json"), (tmp_path / "none", "cannot be read")):
        arguments = ["init", str(tmp_path / "v"), "--line", str(line), "--label", "D"]
        done = run.invoke(app, [*arguments, "--passphrase-file", str(secret)])
        assert done.exit_code == 2
        assert words in done.output


def test_a_wrong_passphrase_or_a_missing_vault_ends_with_2(
    run: CliRunner, still: Line, tmp_path: Path
) -> None:
    wrong = run.invoke(
        app, ["sync", str(still.folder_of("ana")), "--passphrase-file", "-"], input="wrong one\n"
    )
    assert wrong.exit_code == 2
    assert "does not open the case store" in wrong.output
    none = run.invoke(app, ["sync", str(tmp_path), "--passphrase-file", "-"], input="x\n")
    assert none.exit_code == 2
    assert "quietline console init" in none.output


def test_a_sync_without_a_server_ends_with_1_and_a_sentence(
    run: CliRunner, still: Line, secret: Path
) -> None:
    done = run.invoke(app, ["sync", str(still.folder_of("ana")), "--passphrase-file", str(secret)])
    assert done.exit_code == 1
    assert "The server cannot be reached" in done.output


def test_a_vault_in_use_ends_with_1(run: CliRunner, still: Line, secret: Path) -> None:
    with still.vault():
        done = run.invoke(
            app, ["sync", str(still.folder_of("ana")), "--passphrase-file", str(secret)]
        )
    assert done.exit_code == 1
    assert "open in another console" in done.output


def test_an_unusable_setting_ends_with_2(
    run: CliRunner, still: Line, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["sync", str(still.folder_of("ana")), "--passphrase-file", str(secret)]
    done = run.invoke(app, [*arguments, "--socks", "somewhere"])
    assert done.exit_code == 2
    assert "socks" in done.output
    monkeypatch.setenv("QUIETLINE_CONSOLE_BUNDLE_DAYS", "900")
    done = run.invoke(app, arguments)
    assert done.exit_code == 2
    assert "bundle_days" in done.output


class Running:
    """``quietline console run`` as a process."""

    def __init__(self, folder: Path, secret: Path) -> None:
        self.port = free_port()
        arguments = ["run", str(folder), "--port", str(self.port), "--interval", "0", "--json"]
        arguments += ["--passphrase-file", str(secret)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli.entry", "console", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert self.process.stdout is not None
        self.facts = json.loads(self.process.stdout.readline())

    def end(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=120)
        return self.process.returncode, out + err


@pytest.fixture
def running(still: Line, secret: Path) -> Iterator[Running]:
    started = Running(still.folder_of("ana"), secret)
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.communicate()


def test_run_prints_a_link_that_works_once_and_logs_nothing(running: Running, still: Line) -> None:
    with httpx.Client(follow_redirects=True, trust_env=False) as browser:
        page = browser.get(running.facts["login"])
        assert page.status_code == 200
        assert "Test line" in page.text
    where = rf"http://127\.0\.0\.1:{running.port}/[0-9a-f]{{32}}"
    assert re.fullmatch(where, running.facts["console"])
    code, said = running.end()
    assert code in (0, -signal.SIGTERM)
    assert "GET" not in said
    assert "token" not in said
    still.vault().close()


def test_a_port_in_use_is_said_before_a_passphrase_is_asked(
    run: CliRunner, running: Running, still: Line
) -> None:
    done = run.invoke(app, ["run", str(still.folder_of("chris")), "--port", str(running.port)])
    assert done.exit_code == 2
    assert f"Port {running.port} is in use" in done.output
    assert "Passphrase" not in done.output


def test_a_passphrase_is_no_argument(run: CliRunner) -> None:
    for command in ("init", "run", "sync"):
        words = run.invoke(app, [command, "--help"], terminal_width=200).output
        assert "--passphrase " not in words
        assert "--passphrase-file" in words


def test_a_tor_key_has_tors_form_on_both_sides(tmp_path: Path) -> None:
    onion = "a" * 56
    line = tmp_path / "line.json"
    known = ProtocolLine(bytes(32), "x", "https://a.org", None, f"http://{onion}.onion")
    line.write_bytes(known.serialise())
    out = tmp_path / "desk.auth_private"
    done = CliRunner().invoke(app, ["tor-key", "--line", str(line), "--out", str(out)])
    assert done.exit_code == 0, done.output
    public = done.output.splitlines()[-1]
    assert re.fullmatch(r"descriptor:x25519:[A-Z2-7]{52}", public)
    assert re.fullmatch(rf"{onion}:descriptor:x25519:[A-Z2-7]{{52}}\n", out.read_text())
    assert out.stat().st_mode & 0o777 == 0o600
    private = base64.b32decode(out.read_text().strip().rpartition(":")[2] + "====")
    pair = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    assert base64.b32decode(public.rpartition(":")[2] + "====") == pair
    again = CliRunner().invoke(app, ["tor-key", "--line", str(line), "--out", str(out)])
    assert again.exit_code == 2
    assert "there already" in again.output


def test_a_line_without_an_onion_for_investigators_needs_no_tor_key(tmp_path: Path) -> None:
    line = tmp_path / "line.json"
    line.write_bytes(ProtocolLine(bytes(32), "x", "https://a.org", None).serialise())
    done = CliRunner().invoke(app, ["tor-key", "--line", str(line), "--out", str(tmp_path / "x")])
    assert done.exit_code == 2
    assert "no key is needed" in done.output
    assert not (tmp_path / "x").exists()
