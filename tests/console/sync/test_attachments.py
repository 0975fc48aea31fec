"""Attachments: fetched as ciphertext, resumed, verified; what does not fit is said."""

from __future__ import annotations

import hashlib
import os

import httpx
import pytest

from app.client.line_errors import LineError
from app.client.parcel import Upload
from app.console.errors import FileProblem
from app.console.rules import wording
from app.console.rules.body import plain_name, read_body
from app.console.vault import Vault
from app.console.vault.attachments import decrypted_files, files
from app.console.vault.attachments.files import File, FileState
from app.protocol.encoding import b64u, json_bytes
from app.protocol.wire import CHUNK_BYTES
from tests.console.running_line import Line, read

pytestmark = pytest.mark.anyio

PLAIN = os.urandom(700_000)
PHOTO = Upload("photo.jpg", "image/jpeg", PLAIN)


class Chunks(httpx.AsyncBaseTransport):
    """The real server; ``meddle`` may change or refuse the answer to the n-th chunk asked for."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.asked = 0
        self.cut_at: int | None = None
        self.answer: httpx.Response | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if "/chunks/" in request.url.path and request.method == "GET":
            self.asked += 1
            if self.asked == self.cut_at:
                raise httpx.ReadError("cut", request=request)
            if self.answer is not None and self.asked == 2:
                return self.answer
        return await self._line.transport.handle_async_request(request)


def _file(vault: Vault) -> File:
    with vault.read() as tx:
        (file,) = files.of_case(tx, read(vault)[0].case)
    return file


async def test_a_file_is_decrypted_only_when_it_is_asked_for(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    await line.send("A photo.", files=(PHOTO,))
    await line.sync(ana)
    file = _file(ana)
    assert file.state is FileState.HERE
    assert file.sha256 == hashlib.sha256(PLAIN).hexdigest()
    assert b"".join(decrypted_files.plain(ana, file)) == PLAIN


async def test_a_download_goes_on_where_it_was_cut(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    await line.send("A photo.", files=(PHOTO,))
    first = Chunks(line)
    first.cut_at = 3
    with pytest.raises(LineError):
        await line.sync(ana, transport=first)
    assert _file(ana).state is FileState.WANTED
    assert _file(ana).have == 2
    second = Chunks(line)
    await line.sync(ana, transport=second)
    assert second.asked == _file(ana).chunks - 2
    assert _file(ana).state is FileState.HERE


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(200, content=os.urandom(CHUNK_BYTES)), httpx.Response(404)],
    ids=["changed", "missing"],
)
async def test_a_part_that_is_wrong_is_said_and_asked_for_again(
    line: Line, ana: Vault, answer: httpx.Response
) -> None:
    await line.ready(ana)
    await line.send("A photo.", files=(PHOTO,))
    meddling = Chunks(line)
    meddling.answer = answer
    await line.sync(ana, transport=meddling)
    if answer.status_code == 404:
        file = _file(ana)
        assert file.state is FileState.MISSING
        assert file.problem is not None
        with pytest.raises(FileProblem):
            list(decrypted_files.plain(ana, file))
        await line.sync(ana)
    assert _file(ana).state is FileState.HERE
    assert b"".join(decrypted_files.plain(ana, _file(ana))) == PLAIN


async def test_a_file_that_is_not_the_one_described_is_never_shown_as_good(
    line: Line, ana: Vault
) -> None:
    await line.ready(ana)
    await line.send("A photo.", files=(PHOTO,))
    with ana.write() as tx:
        tx.exec_driver_sql("CREATE TRIGGER lie AFTER INSERT ON files BEGIN "
                           "UPDATE files SET tree = substr(tree, 3) || 'ff'; END")  # fmt: skip
    await line.sync(ana)
    assert _file(ana).state is FileState.BROKEN
    assert "hash differs" in (_file(ana).problem or "")


@pytest.mark.parametrize(
    "described",
    [
        {"size": 3 * 1024**3, "chunks": 12_288},
        {"size": 100, "chunks": 7},
        {"size": -1, "chunks": 1},
        {"size": True, "chunks": 1},
        {"key": "short"},
        {},
    ],
)
def test_an_impossible_description_is_told_and_not_followed(described: dict[str, object]) -> None:
    whole = {
        "key": b64u(bytes(32)), "chunks": 1, "name": "x", "type": "t", "size": 1,
        "metadata": "clean", "tree": "00" * 32,
    }  # fmt: skip
    one = whole | described if described else described
    body = read_body(json_bytes({"kind": "report", "mid": "0" * 32, "v": 1, "files": [one]}))
    assert body.files[0].problem is not None


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\xff", b"[]", b"null", b'{"kind":1}', b'{"kind":"report"}', b"[" * 100_000,
        b'{"kind":"report","mid":"zz"}', b'{"kind":"report","mid":"' + b"0" * 32 + b'"}',
        b'{"kind":"report","v":1,"mid":"' + b"0" * 32 + b'","v":1}',
        b'{"kind":"report","v":1.0,"mid":"' + b"0" * 32 + b'"}',
    ],
)  # fmt: skip
def test_a_body_without_form_is_kept_as_unreadable(raw: bytes) -> None:
    body = read_body(raw)
    assert body.kind == "unreadable"
    assert body == read_body(raw)


def test_a_body_of_another_version_is_not_guessed() -> None:
    raw = json_bytes({"kind": "report", "v": 2, "mid": "0" * 32, "text": "No.", "files": [1]})
    body = read_body(raw)
    assert (body.kind, body.text, body.files) == ("newer", "", ())
    assert body.mid != "0" * 32


def test_a_body_with_nonsense_in_its_fields_is_still_read() -> None:
    raw = (
        b'{"kind":"report","v":1,"mid":"00000000000000000000000000000000","text":"\\ud800 ok",'
        b'"lang":"<script>","desks":7,"answers":[1],"files":{"a":1}}'
    )
    body = read_body(raw)
    assert body.text == "? ok"
    assert (body.lang, body.desks, body.answers, body.files) == ("", (), {}, ())


def test_a_name_cannot_pretend_to_be_another_type_or_place() -> None:
    assert plain_name("photo\u202egpj.exe") == "photogpj.exe"
    assert plain_name("../../etc/passwd\n") == "....etcpasswd"
    assert plain_name("\x00") == "file"


@pytest.mark.parametrize(
    "name",
    ["a.exe", "a.EXE", "a.exe.", "a.exe . ", "a.pif", "a.msc", "a.py", "a.desktop", "a.lnk",
     # Found missing in a list of endings that run: what is not known may run.
     "a.pth", "a.so", "a.xla", "a.doc", "a.settingcontent-ms", "a.library-ms", "a.scpt", "a.iqy",
     "a.slk", "a.jpg.x", "a.jpg:x.exe"],
)  # fmt: skip
def test_a_name_that_can_start_a_program_is_known(name: str) -> None:
    assert wording.can_run(name)


@pytest.mark.parametrize("name", ["a.jpg", "exe.txt", "a.pdf", "a", "a.jpg.", "A.HEIC", "a.docx"])
def test_a_name_that_starts_nothing_raises_no_alarm(name: str) -> None:
    assert not wording.can_run(name)
