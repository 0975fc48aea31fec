"""The console locks when the machine sleeps and when its screen is locked, as logind tells it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.console.web.suspend import Watch
from tests.console.logind import ANOTHERS, OURS, Logind, system_bus
from tests.console.real_console import running
from tests.console.running_line import PASSPHRASE, Line

SOON = 30.0
A_WHILE = 0.5


class Console:
    """Counts how often it was told to lock; ``is_open`` says whether there is anything to lock."""

    def __init__(self) -> None:
        self.is_open = True
        self.told = threading.Semaphore(0)
        self.watch = Watch(self.lock)

    def listens(self) -> None:
        self.watch.start()
        assert self.watch.heard.wait(SOON)

    def lock(self) -> bool:
        self.told.release()
        return self.is_open


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with system_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address


@pytest.fixture
def logind(bus: str) -> Iterator[Logind]:
    with closing(Logind()) as one:
        yield one


@pytest.fixture
def console(bus: str) -> Iterator[Console]:
    one = Console()
    yield one
    one.watch.stop()


def test_it_locks_before_the_machine_sleeps_which_waits_for_it(
    logind: Logind, console: Console
) -> None:
    console.listens()
    assert logind.waits(1 + A_WHILE), "it asks for time as soon as it listens"
    logind.sleeps(True)
    assert console.told.acquire(timeout=SOON)
    assert logind.waits(A_WHILE), "until the process is another one"


def test_a_locked_one_lets_it_sleep_at_once_and_asks_again_when_it_wakes(
    logind: Logind, console: Console
) -> None:
    console.is_open = False
    console.listens()
    assert logind.asked.acquire(timeout=SOON)
    assert logind.waits(1 + A_WHILE)
    logind.sleeps(True)
    assert not logind.waits(SOON)
    logind.sleeps(False)
    assert logind.asked.acquire(timeout=SOON)
    assert logind.waits(1 + A_WHILE)


def test_a_locked_session_locks_it_and_another_users_does_not(
    logind: Logind, console: Console
) -> None:
    console.listens()
    logind.locks(ANOTHERS)
    logind.hints(ANOTHERS, locked=True)
    logind.hints(OURS, locked=False)
    logind.locks(OURS)
    assert console.told.acquire(timeout=SOON)
    logind.hints(OURS, locked=True)
    assert console.told.acquire(timeout=SOON)
    assert not console.told.acquire(timeout=A_WHILE), "for the others it did not"


def test_where_nobody_may_ask_for_time_it_locks_all_the_same(bus: str, console: Console) -> None:
    logind = Logind(may_wait=False)
    console.listens()
    logind.sleeps(True)
    assert console.told.acquire(timeout=SOON)
    logind.close()


def test_without_a_bus_nothing_is_heard_and_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    watch = Watch(lambda: True)
    watch.start()
    assert not watch.heard.wait(A_WHILE)
    watch.stop()


def test_a_real_console_is_locked_and_sleep_waits_until_its_memory_is_gone(
    still: Line, logind: Logind, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(PASSPHRASE.reveal())
    with running(still.folder_of("ana"), secret) as console:
        console.sign_in()
        assert logind.asked.acquire(timeout=SOON)
        assert logind.waits(1 + A_WHILE)
        logind.sleeps(True)
        began = time.monotonic()
        assert not logind.waits(SOON)
        assert time.monotonic() - began < 5, "logind waits no longer"
        assert "The case store is locked" in console.http.get("/").text
        assert logind.asked.acquire(timeout=SOON), "what comes after it listens too"
