"""A console that is started again while it runs: it leads to the one that is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.console.second_start import Place, take_place
from tests.console.real_console import running
from tests.console.running_line import PASSPHRASE, Line

WORDS = PASSPHRASE.reveal().decode()
WAITS = 120


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder that a user's programs have while they are signed in, and a browser."""
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >{tmp_path}/opened\n')
    browser.chmod(0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    return folder


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_bytes(PASSPHRASE.reveal())
    return path


def again(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Start it once more, and wait until that has ended."""
    words = ["console", "run", str(folder), "--interval", "0", *more]
    return subprocess.run(
        [sys.executable, "-m", "app.cli.entry", *words],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=WAITS,
    )  # fmt: skip


def asks_for_the_passphrase(folder: Path) -> dict[str, str]:
    """Start it where none runs; return what it says once it does, and end it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli.entry", "console", "run", str(folder), "--open", "--json",
         "--interval", "0"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        facts: dict[str, str] = json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()
    return facts


def test_a_second_start_leads_to_the_console_that_runs_also_once_it_was_locked(
    still: Line, secret: Path, runtime: Path, tmp_path: Path
) -> None:
    folder = still.folder_of("ana")
    with running(folder, secret) as first:
        first.sign_in()
        first.lock()
        opened = again(folder, "--open")
        assert opened.returncode == 0, opened.stderr
        assert "A console runs already for this case store" in opened.stdout
        assert (tmp_path / "opened").read_text().strip() == f"{first.home}/"
        assert first.http.get("/").status_code == 200

        at_a_terminal = again(folder, "--port", "0")
        assert at_a_terminal.returncode == 1, at_a_terminal.stderr
        assert f"{first.home}/" in at_a_terminal.stdout
        assert "Passphrase" not in at_a_terminal.stdout + at_a_terminal.stderr

        # Another case store of the same user is another console.
        assert "login" in asks_for_the_passphrase(still.folder_of("chris"))
    # It was killed: what it wrote down leads nowhere, and is not believed.
    assert [file.stat().st_mode & 0o777 for file in runtime.iterdir()] == [0o600, 0o600]
    assert first.home not in asks_for_the_passphrase(folder)["login"]


def test_a_second_one_in_this_process_learns_the_address_of_the_first(
    runtime: Path, tmp_path: Path
) -> None:
    first = take_place(tmp_path / "case-store")
    first.announce("http://127.0.0.1:1/ab")
    assert take_place(tmp_path / "case-store") == Place(None, "http://127.0.0.1:1/ab")
    assert take_place(tmp_path / "x" / ".." / "case-store").held is None
    assert first.held is not None
    os.close(first.held)
    later = take_place(tmp_path / "case-store")
    assert later.held is not None, "what an ended console wrote down is believed"
    assert take_place(tmp_path / "case-store").running == "", "somebody else may have that port now"
    os.close(later.held)


@pytest.mark.parametrize("mode", [0o770, 0o705])
def test_a_folder_that_others_can_enter_is_not_used(runtime: Path, mode: int) -> None:
    runtime.chmod(mode)
    assert take_place(runtime / "case-store") == Place(None)
    assert list(runtime.iterdir()) == []
