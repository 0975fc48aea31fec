"""The agency's commands: they are told nothing, bounded, and what became of them is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.console.web.alarm.alarm_commands import PAUSE_SECONDS, RUN_SECONDS, Commands
from tests.console.real_console import ROOT

OPTION = "--on-danger"


class Ticks:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def commands(ticks: Ticks) -> Commands:
    return Commands(ticks, lambda: "13:05")


def program(folder: Path, text: str, name: str = "wake") -> Path:
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(0o755)
    return path


def until(commands: Commands, met: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not met():
        assert time.monotonic() < end
        commands.go_on()
        time.sleep(0.05)


def test_it_is_told_that_it_runs_and_nothing_else(
    commands: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUIETLINE_CONSOLE_SOCKS", "127.0.0.1:9050")
    secret = os.open(tmp_path / "secret", os.O_CREAT | os.O_WRONLY)
    os.set_inheritable(secret, True)
    told = tmp_path / "told"
    wake = program(
        tmp_path,
        f"""import json, os, sys
given = {{
    "arguments": sys.argv[1:],
    "input": sys.stdin.read(),
    "files": os.listdir("/dev/fd"),
    "environment": [one for one in os.environ if "QUIETLINE" in one],
    "session": os.getsid(0) == os.getpid(),
}}
open({str(told)!r}, "w").write(json.dumps(given))
""",
        "wake; touch gone",
    )
    commands.want(OPTION, wake)
    until(commands, lambda: told.exists() and not commands.handed())
    given = json.loads(told.read_text())
    assert given["arguments"] == []
    assert given["input"] == ""
    assert given["environment"] == []
    assert given["session"]
    assert set(given["files"]) <= {"0", "1", "2", "3"}, "the third is the folder that it lists"
    assert not (tmp_path / "gone").exists(), "no shell read its name"
    assert commands.trouble == ""
    os.close(secret)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("raise SystemExit(7)", "failed with exit code 7"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "ended by signal 15"),
    ],
)
def test_its_failure_is_told_until_it_goes_well(
    commands: Commands, ticks: Ticks, tmp_path: Path, text: str, said: str
) -> None:
    commands.want(OPTION, program(tmp_path, text))
    until(commands, lambda: commands.trouble != "")
    assert commands.trouble.startswith(f"The command of {OPTION} ")
    assert said in commands.trouble
    assert commands.trouble.endswith("at 13:05.")
    ticks.at += PAUSE_SECONDS
    commands.want(OPTION, program(tmp_path, "pass"))
    until(commands, lambda: commands.trouble == "")


@pytest.mark.parametrize("content", [None, "no program at all"])
def test_one_that_cannot_be_started_is_told(
    commands: Commands, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "missing"
    if content is not None:
        path.write_text(content)
        path.chmod(0o755)
    commands.want(OPTION, path)
    commands.go_on()
    assert "could not be started" in commands.trouble


def test_one_that_hangs_is_ended_with_all_that_it_began(
    commands: Commands, ticks: Ticks, tmp_path: Path
) -> None:
    ready = tmp_path / "ready"
    wake = program(
        tmp_path,
        f"""import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child:
    open({str(ready)!r}, "w").write(str(child))
time.sleep(600)
""",
    )
    commands.want(OPTION, wake)
    until(commands, lambda: ready.exists() and ready.read_text() != "")
    ticks.at += RUN_SECONDS - 1
    commands.go_on()
    assert len(commands.handed()) == 1
    ticks.at += 1
    until(commands, lambda: not commands.handed())
    assert "took longer than 30 seconds" in commands.trouble
    until(commands, lambda: is_gone(int(ready.read_text())))


def test_many_at_once_are_one_run_and_one_more(
    commands: Commands, ticks: Ticks, tmp_path: Path
) -> None:
    runs = tmp_path / "runs"
    wake = program(tmp_path, f"open({str(runs)!r}, 'a').write('.')")
    for _ in range(200):
        commands.want(OPTION, wake)
        commands.go_on()
    until(commands, lambda: not commands.handed())
    assert runs.read_text() == "."
    ticks.at += PAUSE_SECONDS
    until(commands, lambda: runs.read_text() == "..")
    ticks.at += PAUSE_SECONDS
    until(commands, lambda: not commands.handed())
    assert runs.read_text() == ".."


def test_what_runs_while_a_console_locks_is_looked_after_by_the_next(
    commands: Commands, ticks: Ticks, tmp_path: Path
) -> None:
    commands.want(OPTION, program(tmp_path, "import time; time.sleep(600)"))
    commands.go_on()
    (running,) = commands.handed()
    after = Commands(ticks, lambda: "13:06")
    after.take_over(json.loads(json.dumps(commands.handed())))
    ticks.at += RUN_SECONDS
    until(after, lambda: not after.handed())
    assert "took longer" in after.trouble
    assert is_gone(running["pid"])


def test_the_consoles_end_ends_it(commands: Commands, tmp_path: Path) -> None:
    commands.want(OPTION, program(tmp_path, "import time; time.sleep(600)"))
    commands.go_on()
    (running,) = commands.handed()
    commands.end()
    assert is_gone(running["pid"])


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    return state == "Z"


@pytest.mark.parametrize(
    ("name", "mode", "said"),
    [
        ("nothing-here", None, "there is no file"),
        ("wake --loud", None, "without arguments"),
        ("wake", 0o644, "may not be run"),
        ("wake", 0o777, "others can write"),
    ],
)
def test_one_that_can_never_run_ends_the_command_with_a_sentence(
    tmp_path: Path, name: str, mode: int | None, said: str
) -> None:
    path = tmp_path / name
    if mode is not None:
        path.write_text("#!/bin/sh\n")
        path.chmod(mode)
    arguments = ["console", "run", str(tmp_path / "vault"), "--on-danger", str(path)]
    ended = subprocess.run(
        [sys.executable, "-m", "app.cli.entry", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert said in ended.stderr
    assert "--on-danger" in ended.stderr
