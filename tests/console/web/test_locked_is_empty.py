"""A console that has been locked holds nothing: its memory is read, and that of all it started."""

from __future__ import annotations

import asyncio
import os
import re
import time
from pathlib import Path

import httpx
import pytest

from app.client.parcel import Upload
from app.console.vault.installation import owner
from app.console.vault.keys.header import read_header
from tests.console import memory
from tests.console.left_out import NAMES
from tests.console.real_console import Running, running
from tests.console.running_line import PASSPHRASE, Line

pytestmark = pytest.mark.skipif(
    not memory.can_read_others(), reason="only root may read a process's memory"
)

SAID = "They keep our passports at Wisbech."
IN_ARABIC = "أعمل في بيت عائلة منذ سنة ولا يسمحون لي بالخروج."
INSIDE = "Room seven, behind the bakery."
DRAFTED = "We believe you, halfwritten."


@pytest.fixture
def folder(still: Line) -> Path:
    """Return a vault with two reports, one of them with a file."""
    asyncio.run(_fill(still))
    return still.folder_of("ana")


async def _fill(line: Line) -> None:
    plan = Upload("planqx.txt", "text/plain", INSIDE.encode() * 50)
    async with line.serve():
        with line.vault() as vault:
            await line.ready(vault)
            await line.send(SAID, files=(plan,), answers={"where_is_it": "by the lighthouse"})
            await line.sync(vault)
            await line.send(IN_ARABIC, lang="ar")
            await line.sync(vault)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_bytes(PASSPHRASE.reveal())
    return path


def needles(line: Line) -> dict[str, bytes]:
    """Everything that must not be found in a locked console, by name."""
    key = read_header(line.folder_of("ana")).key(PASSPHRASE)
    assert key is not None
    with line.vault() as vault, vault.read() as tx:
        identity = owner.load_owner(tx).identity.secret().reveal()
    return {
        "key": key.reveal(),
        "key in hex": key.reveal().hex().encode(),
        "key in HEX": key.reveal().hex().upper().encode(),
        "identity": identity[:32],
        "identity's end": identity[-32:],
        "passphrase": PASSPHRASE.reveal(),
        "report": SAID.encode(),
        "report in Arabic": IN_ARABIC.encode(),
        "report in Arabic as Python has it": IN_ARABIC.encode("utf-16-le"),
        "answer": b"by the lighthouse",
        "file": INSIDE.encode(),
        "file's name": b"planqx",
        "draft": DRAFTED.encode(),
    }


def work(console: Running) -> None:
    """Read both cases, look at a file, search, begin an answer."""
    console.sign_in()
    cases = set(re.findall(r"/cases/([0-9a-f]{64})", console.http.get("/").text))
    assert len(cases) == 2
    shown = {case: console.http.get(f"/cases/{case}").text for case in cases}
    (case,) = (one for one, text in shown.items() if "by the lighthouse" in text)
    file = re.search(r"/files/(\d+)", shown[case])
    assert file is not None
    assert console.http.get(f"/files/{file[1]}/preview").status_code == 200
    assert console.post("/search", q="passports").status_code == 200
    kept = console.post(f"/cases/{case}/draft", text=DRAFTED, desk="support", lang="en")
    assert kept.status_code == 200
    console.post("/practise")


def held(pid: int, wanted: dict[str, bytes]) -> set[str]:
    return {name for one in memory.family(pid) for name in memory.found_in(one, wanted)}


def test_what_was_open_is_in_no_memory_after_a_lock(
    folder: Path, secret: Path, still: Line
) -> None:
    wanted = needles(still)
    with running(folder, secret) as console:
        work(console)
        beside = len(memory.family(console.pid)) > 1
        assert beside == ("practice" in NAMES), "practice runs beside it"
        found = held(console.pid, wanted)
        # The test can find them: all but what is at no time kept in this form.
        assert found >= {"key in hex", "identity", "report", "file", "draft"}, found
        cookie = console.http.cookies.jar
        wanted |= {f"cookie {one.name}": str(one.value).encode() for one in cookie}
        wanted["token"] = console.csrf.encode()
        console.lock()
        assert held(console.pid, wanted) == set()
        family = memory.family(console.pid)
        assert not any(one in memory.told_beside(family) for one in wanted.values())


def test_what_was_done_before_a_lock_is_there_after_it(
    folder: Path, secret: Path, still: Line
) -> None:
    with running(folder, secret) as console:
        work(console)
        console.lock()
        before = console.pid
        console.unlock(PASSPHRASE.reveal().decode())
        assert DRAFTED in "".join(
            console.http.get(f"/cases/{case}").text
            for case in set(re.findall(r"/cases/([0-9a-f]{64})", console.http.get("/").text))
        )
        assert console.pid == before
        console.lock()
        assert held(console.pid, needles_of(folder)) == set(), "a second time"


def needles_of(folder: Path) -> dict[str, bytes]:
    key = read_header(folder).key(PASSPHRASE)
    assert key is not None
    return {"key in hex": key.reveal().hex().encode(), "passphrase": PASSPHRASE.reveal()}


def test_a_console_that_nobody_uses_empties_itself(
    folder: Path, secret: Path, still: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = needles(still)
    monkeypatch.setenv("QUIETLINE_CONSOLE_IDLE_MINUTES", "0.3")
    with running(folder, secret) as console:
        work(console)
        # By somebody who is not signed in: whoever is would keep it open by looking.
        client = f"{console.home}/unlock"
        _until(lambda: "The case store is locked" in httpx.get(client, timeout=60).text)
        assert held(console.pid, wanted) == set()


def test_a_passphrase_that_was_typed_wrong_does_not_stay(
    folder: Path, secret: Path, still: Line
) -> None:
    with running(folder, secret) as console:
        work(console)
        console.lock()
        typed = "correct horse battery stable"
        assert "does not open" in console.unlock(typed).text
        _until(lambda: not held(console.pid, {"typed": typed.encode()}))


def test_what_comes_after_a_lock_has_the_listening_socket_and_nothing_else(
    folder: Path, secret: Path
) -> None:
    with running(folder, secret) as console:
        proc = Path(f"/proc/{console.pid}")
        work(console)
        before, environment = set(files(proc)), (proc / "environ").read_bytes()
        assert any(str(folder) in one for one in before)
        command = (proc / "cmdline").read_bytes().split(b"\0")
        console.lock()
        sockets = {one for one in files(proc) if one.startswith("socket:")}
        assert len(sockets & before) == 1, "the listening one"
        assert not any(str(folder) in one for one in files(proc))
        assert (proc / "environ").read_bytes() == environment
        now = (proc / "cmdline").read_bytes().split(b"\0")
        assert [one for one in now if not one.startswith(b"--locked=")][1:] == command[1:]


def files(proc: Path) -> list[str]:
    """Return what a process has open."""
    return [os.readlink(one) for one in (proc / "fd").iterdir()]  # noqa: PTH115


def _until(met: object, seconds: float = 120) -> None:
    assert callable(met)
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end
        time.sleep(0.5)
