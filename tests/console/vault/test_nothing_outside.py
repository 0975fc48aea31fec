"""A real console at work writes nothing readable anywhere, and listens on its one address alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from app.client.parcel import Upload
from tests.console.running_line import PASSPHRASE, Line
from tests.journeys.traces import forms, found_in

pytestmark = pytest.mark.anyio

SAID = "They keep our passports at Wisbech."
NAMED = "passportsqx.txt"
INSIDE = "Room seven, behind the bakery."
DRAFTED = "We believe you, halfwritten."
ROOT = Path(__file__).parents[3]


def limits(pid: int) -> str:
    return Path(f"/proc/{pid}/limits").read_text()


def listeners(pid: int) -> list[str]:
    """Return the sockets at which a process listens: address:port in hex (Linux's own tables)."""
    links = [os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir() if one.is_symlink()]  # noqa: PTH115
    mine = {one[8:-1] for one in links if one.startswith("socket:[")}
    found = []
    for table, listening in (("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in mine and fields[3] == listening:
                found.append(fields[1])
    return found


async def test_a_day_at_the_console_leaves_nothing_readable(line: Line, tmp_path: Path) -> None:
    with line.vault() as vault:
        await line.ready(vault)
        plan = Upload(NAMED, "text/plain", INSIDE.encode() * 50)
        await line.send(SAID, files=(plan,), answers={"what": SAID})
        await line.sync(vault)
    home, temporary, secret = tmp_path / "home", tmp_path / "temporary", tmp_path / "secret"
    home.mkdir()
    temporary.mkdir()
    secret.write_bytes(PASSPHRASE.reveal())
    given = {"HOME": str(home), "TMPDIR": str(temporary), "PATH": os.environ["PATH"]}
    arguments = ["run", str(line.folder_of("ana")), "--port", "0", "--interval", "0"]
    command = [sys.executable, "-m", "app.cli.entry", "console", *arguments]
    command += ["--passphrase-file", str(secret), "--json"]
    environment = given | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    with (
        (tmp_path / "errors").open("wb") as errors,
        subprocess.Popen(  # noqa: ASYNC220
            command, stdout=subprocess.PIPE, stderr=errors, cwd=home, env=environment
        ) as process,
    ):
        try:
            assert process.stdout is not None
            facts = json.loads(process.stdout.readline())
            work(facts["login"], facts["console"])
            port = urlsplit(facts["console"]).port
            assert re.search(r"Max core file size +0 +0 ", limits(process.pid))
            if os.geteuid() == 0:  # nobody else may see what files it has open
                assert listeners(process.pid) == [f"0100007F:{port:04X}"]
        finally:
            process.terminate()
    needles = [one for said in (SAID, NAMED, INSIDE, DRAFTED) for one in forms(said)]
    needles.append(PASSPHRASE.reveal())
    for folder in (home, temporary, line.folder_of("ana")):
        assert found_in(folder, needles) == [], folder
    assert not (tmp_path / "errors").read_bytes()


def work(login: str, console: str) -> None:
    """Read the case, look at its file, search, begin an answer."""
    with httpx.Client(base_url=console, follow_redirects=True, timeout=120) as http:
        token = re.search(r'name="csrf" content="([^"]+)"', http.get(login).text)
        assert token is not None
        form = {"csrf": token[1]}
        case = re.search(r"/cases/([0-9a-f]{64})", http.get("/").text)
        assert case is not None
        shown = http.get(f"/cases/{case[1]}").text
        assert SAID in shown
        file = re.search(r"/files/(\d+)", shown)
        assert file is not None
        http.get(f"/files/{file[1]}/preview")
        http.get(f"/files/{file[1]}")
        origin = {"origin": f"http://{urlsplit(console).netloc}"}
        found = http.post("/search", data=form | {"q": "passports"}, headers=origin)
        assert found.status_code == 200
        draft = form | {"text": DRAFTED, "desk": "support", "lang": "en"}
        kept = http.post(f"/cases/{case[1]}/draft", data=draft, headers=origin)
        assert kept.status_code < 400
