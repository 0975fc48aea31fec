"""``quietline report``: writing, coming back, writing more, at a terminal that keeps nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.entry import build
from app.cli.report import desk_words, intake, reading, sending
from app.cli.report.form import fetch_form, read_form
from app.cli.report.terminal import Terminal, plain
from app.cli.report.visit import explain
from app.client import retry
from app.client.line_client import LineClient, LineClientSettings
from app.client.line_errors import LineError, LineRefused, Unreachable
from app.client.parcel import Upload
from app.client.reporter_client import Answer, ReporterClient
from app.protocol import challenges
from app.protocol.bodies import FileRef
from app.protocol.directory import Desk, Hours, open_directory
from app.protocol.encoding import b64u, json_bytes
from app.protocol.errors import BadDirectory, CannotOpen, LooksOld, ProtocolError
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy, numbers_of, read_code, words_of
from app.protocol.secrets import Secret
from app.protocol.wire import CHUNK_BYTES
from tests.cli.test_demo import Demo
from tests.server.conftest import Line

PHRASES = {
    "desk-always": "always",
    "desk-hours": "hours {hours}",
    "desk-languages": "reads {languages}",
    "desk-tells-no": "no",
    "desk-tells-unknown": "unknown",
}
COMMAND = [sys.executable, "-m", "app.cli.entry", "report"]
SECOND_SCREEN, BACK = "\x1b[?1049h", "\x1b[?1049l"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    started = Demo(tmp_path_factory.mktemp("report") / "demo")
    yield started
    started.end(15)
    started.process.stdout.close()  # type: ignore[union-attr]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def arguments(demo: Demo, *more: str) -> list[str]:
    line = str(demo.data / "agency" / "line.json")
    return [*COMMAND, more[0], "--line", line, "--direct", *more[1:]]


def run(demo: Demo, home: Path, typed: str, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments(demo, *more),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
        env={**os.environ, "HOME": str(home), "PYTHONPATH": str(Path.cwd()), "LC_ALL": "C.UTF-8"},
    )


def code_in(text: str) -> str:
    """Return the twelve words as they are shown, out of their rows."""
    shown = text.split("Words:")[1].split("Numbers:")[0]
    return " ".join(re.findall(r"\d+ ([a-z]+)", shown))


def test_a_report_with_a_file_then_nothing_yet_then_more(
    demo: Demo, home: Path, tmp_path: Path
) -> None:
    photo = tmp_path / "house.bin"
    photo.write_bytes(os.urandom(300_000))
    # desks; words; three questions, two of them skipped; no more of them; a file; send.
    typed = f"1 2\nA house.\nThe red door.\n.\n1\n\n\n\n{photo}\n/none\n\n1\n"
    sent = run(demo, home, typed, "send", "--lang", "en")
    assert sent.returncode == 0, sent.stdout + sent.stderr
    assert "If you can, call the emergency number too." in sent.stdout
    assert "This file cannot be read." in sent.stdout
    assert "house.bin (300,000 B)" in sent.stdout
    code = code_in(sent.stdout)
    assert len(read_code(code)) == 1
    looked = run(demo, home, f"{code}\n", "check", "--lang", "es")
    assert looked.returncode == 0
    assert "Todavía no hay respuesta" in looked.stdout
    more = run(demo, home, f"{code}\n1\nThey moved.\n.\n\n1\n", "reply", "--lang", "en")
    assert (more.returncode, "Your message has arrived." in more.stdout) == (0, True)
    assert list(home.rglob("*")) == []  # no history, no state, no cache


def test_an_answer_is_shown_in_the_readers_language_or_as_json(demo: Demo, home: Path) -> None:
    code = home / "code"
    code.write_text(demo.facts["receipt_code"] + "\n")
    shown = run(demo, home, "", "check", "--code-file", str(code), "--lang", "uk")
    assert "Люди, які допомагають" in shown.stdout
    assert "[SYNTHETIC] Thank you for writing." in shown.stdout
    piped = run(demo, home, demo.facts["receipt_code"], "check", "--code-file", "-", "--json")
    (answer,) = json.loads(piped.stdout)
    assert answer["kind"] == "reply"


def test_who_has_left_is_never_shown_in_a_desks_name(capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk("support", (0,), {"en": "Support workers"}, {"en": ""})
    body = {"kind": "reply", "text": "Meet me there.", "desk": "support", "day": "2999-12-31"}
    old = Answer(b"", 1, body, None, dt.date(2026, 8, 15))
    new = Answer(b"", 0, body | {"day": "2026-09-02"}, desk, None)
    phrases = {"from-left": "From somebody who has left", "left-why": "Left on {day}."}
    reading.show(Terminal(phrases), [old, new], "en")
    shown = capsys.readouterr().out
    assert re.findall(r"^(?:From|Left|Support).*", shown, re.MULTILINE) == [
        "From somebody who has left   2999-12-31", "Left on 2026-08-15.",
        "Support workers   2026-09-02",
    ]  # fmt: skip
    told = [reading.as_json(answer) for answer in (old, new)]
    assert [(one["desk"], one["left"]) for one in told] == [(None, "2026-08-15"), ("support", None)]


def test_what_a_desk_says_of_itself_is_read_in_the_readers_language() -> None:
    span = Hours((1, 2, 3, 5), "09:00", "17:30")
    week = Hours((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00")
    desk = Desk("support", (0,), {}, {}, (span,), ("en", "zh-Hans", "xx"), "no")
    assert desk_words.facts(desk, PHRASES.__getitem__, "es") == [
        "hours lunes – miércoles, viernes 09:00–17:30",
        "reads inglés, chino (simplificado), xx",
        "no",
    ]
    silent = Desk("support", (0,), {}, {})
    assert desk_words.facts(silent, PHRASES.__getitem__, "en") == ["unknown"]
    always = dataclasses.replace(silent, hours=(week,))
    assert desk_words.facts(always, PHRASES.__getitem__, "th") == ["always", "unknown"]


def test_a_question_that_hangs_on_another_is_asked_only_then() -> None:
    asked: list[str] = []

    class Answering(Terminal):
        def say(self, text: str = "") -> None:
            asked.append(text)

        def choose(
            self, options: Sequence[tuple[str, str]], *, many: bool, skip: bool = True
        ) -> list[str]:
            return [options[0][0]]

    def question(name: str, only_if: dict[str, list[str]]) -> dict[str, Any]:
        words = {"text": name, "hint": "", "before": "", "warn_on": "", "warning": ""}
        options = [["a", "A"], ["b", "B"]]
        kind = {"kind": "choice", "more": False, "later": 1}
        return {"id": name, "only_if": only_if, "options": options, **kind, **words}

    asked_if = {
        "one": {},
        "two": {"one": ["a"]},
        "three": {"one": ["b"]},
        "four": {"three": ["skipped"]},
    }
    value = {"v": 1, "lang": "en", "words": None, "emergency": [], "phrases": {}}
    questions = [question(name, condition) for name, condition in asked_if.items()]
    form = read_form(json_bytes(value | {"questions": questions}))
    answers: dict[str, Any] = {}
    intake.ask_questions(Answering({}), form, answers)
    assert answers == {"one": "a", "two": "a", "four": "a"}
    assert "three" not in asked


def test_a_code_that_was_mistyped_is_asked_for_again(demo: Demo, home: Path) -> None:
    right = demo.facts["receipt_code"]
    wrong = "xyzzy " + right.split(" ", 1)[1]
    shown = run(demo, home, f"{wrong}\n{right}\n", "check", "--lang", "en")
    assert "Word 1 is not one of the words" in shown.stdout
    assert "[SYNTHETIC]" in shown.stdout


class Screen(Terminal):
    """A terminal whose lines are typed by a list, and that keeps what it shows."""

    def __init__(self, *typed: str) -> None:
        lines = iter(typed)
        super().__init__({}, lambda: next(lines))
        self.shown: list[str] = []

    def say(self, text: str = "") -> None:
        self.shown.append(text)


@pytest.mark.parametrize("form", ["words", "numbers"])
def test_the_code_is_read_back_in_the_rows_in_which_it_is_shown(form: str) -> None:
    for _ in range(50):
        code = os.urandom(16)
        shown = Screen()
        sending._rows(shown, words_of(code) if form == "words" else numbers_of(code))
        assert len(shown.shown) == 3
        once = read_code("\n".join(shown.shown))
        assert once == [Secret(code)], "pasted whole, or kept in a file"
        assert reading.ask_code(Screen(*shown.shown)) == [Secret(code)], "line by line"


def test_a_code_typed_in_parts_is_counted_and_an_error_begins_anew() -> None:
    words = words_of(bytes(range(16))).split()
    wrong = [*words[:11], "walnutt"]
    screen = Screen(" ".join(wrong[:5]), " ".join(wrong[5:]), " ".join(words))
    assert reading.ask_code(screen) == [Secret(bytes(range(16)))]
    assert "    5 / 12" in screen.shown
    assert any("Word 12" in line for line in screen.shown)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Unreachable("x"), "trouble-no-way"),
        (LineRefused("busy", 503, "x"), "trouble-crowded"),
        (LineRefused("work-needed", 402, "x"), "trouble-no-sense"),
        (ProtocolError("x"), "trouble-no-sense"),
    ],
)
def test_who_only_looks_is_told_nothing_of_words_that_were_sent(
    error: Exception, said: str
) -> None:
    screen = Screen()
    explain(screen, error)
    assert screen.shown[0] == said
    assert not any("refused" in line or "unreachable" in line for line in screen.shown)


def test_what_is_shown_once_is_not_in_the_terminals_scrollback(demo: Demo, home: Path) -> None:
    steps = [
        (b"Who may read it?", b"1\n"),
        (b"full stop on a line of its own.", b"A red door.\n.\n"),
        (b"Is someone in danger", b"\n"),
        (b"safe for you if", b"\n"),
        (b"under 18", b"\n"),
        (b"a few more", b"\n"),
        (b"photos or files", b"\n"),
        (b"Check before you send", b"1\n"),
        (b"It goes from the screen", b"\n"),
    ]
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(home)
        os.environ.update(HOME=str(home), TERM="xterm-256color")
        os.execv(sys.executable, arguments(demo, "send", "--lang", "en"))
    seen, at = b"", 0
    for awaited, typed in steps:
        while seen.find(awaited, at) < 0 or not seen.rstrip().endswith((b">", b"own.")):
            assert select.select([terminal], [], [], 120)[0], seen.decode()
            seen += os.read(terminal, 65_536)
        at = len(seen)
        os.write(terminal, typed)
    try:
        while piece := os.read(terminal, 65_536):
            seen += piece
    except OSError:
        pass  # the other end is closed
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    before, rest = seen.decode().split(SECOND_SCREEN, 1)
    second, after = rest.split(BACK, 1)
    words = code_in(re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", second)).split()
    assert len(words) == 12
    still = f"{before} {after} "
    told = [word for place, word in enumerate(words, start=1) if f"{place} {word} " in still]
    assert len(told) < 3  # one of twelve random words may well stand behind its number elsewhere


def test_used_without_tor_or_without_a_line_it_says_so(tmp_path: Path) -> None:
    known = {"v": 1, "line_id": b64u(os.urandom(32)), "name": "L", "server": "http://x.onion"}
    line = tmp_path / "line.json"
    line.write_bytes(json_bytes({**known, "onion": None}))

    def said(*more: str) -> tuple[int, str]:
        done = CliRunner().invoke(build("report"), ["report", *more])
        return done.exit_code, " ".join(done.output.split())

    code, text = said("send", "--line", str(line), "--direct")
    assert (code, "through Tor alone" in text) == (2, True)
    code, text = said("send", "--line", str(line), "--socks", "127.0.0.1:9")
    assert (code, "Does Tor run at 127.0.0.1:9?" in text) == (1, True)
    line.write_bytes(b"{}")
    code, text = said("check", "--line", str(line))
    assert (code, "not a line.json" in text) == (2, True)


def test_another_line_at_the_address_is_found_out(demo: Demo, tmp_path: Path) -> None:
    known = json.loads((demo.data / "agency" / "line.json").read_bytes())
    other = tmp_path / "line.json"
    other.write_bytes(json_bytes({**known, "line_id": b64u(os.urandom(32))}))
    done = CliRunner().invoke(build("report"), ["report", "send", "--line", str(other), "--direct"])
    assert done.exit_code == 1
    assert "This is not the line of line.json" in done.output


@pytest.mark.parametrize("stop", [".", "。", "।"])
def test_a_text_ends_with_the_full_stop_of_ones_own_keyboard(stop: str) -> None:
    typed = iter(["我想说的话。", "", "再见", stop, "not read"])
    assert Terminal({}, lambda: next(typed)).lines() == "我想说的话。\n\n再见"


@pytest.mark.parametrize("typed", ["1 3", "1,3", "1，3", "१ ३", "１、３"])
def test_numbers_are_read_as_ones_own_keyboard_types_them(typed: str) -> None:
    once = iter([typed])
    terminal = Terminal({}, lambda: next(once))
    assert terminal.choose([("a", "A"), ("b", "B"), ("c", "C")], many=True) == ["a", "c"]


def test_no_text_from_elsewhere_steers_the_terminal() -> None:
    assert plain("a\x1b[2Jb\x07\u202ec\nd") == "a\ufffd[2Jb\ufffd\ufffdc\nd"
    shown: list[str] = []
    terminal = Terminal({})
    terminal.say = shown.append  # type: ignore[method-assign]
    assert terminal.phrase("\x1b]0;x") == "\ufffd]0;x"


class Form:
    """A line whose site has a form, or one that was changed."""

    def __init__(self, line: Line, form: bytes, served: bytes) -> None:
        site = line.publish_site({"es/form.json": form, "en/form.json": form})
        self._files = {
            "/manifest.json": (site / "manifest.json").read_bytes(),
            "/es/form.json": served,
            "/en/form.json": served,
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=self._files[request.url.path])


@pytest.mark.anyio
async def test_questions_that_the_agency_did_not_sign_are_not_asked(tmp_path: Path) -> None:
    line = Line(tmp_path)
    line.publish()
    directory = open_directory(line.directory_file.read_bytes(), line.line_id)
    form = {"v": 1, "lang": "es", "words": None, "emergency": [], "questions": [], "phrases": {}}
    good, changed = json_bytes(form), json_bytes({**form, "phrases": {"desks": "Call me"}})

    async def fetch(served: bytes, wanted: str | None = "es") -> object:
        transport = httpx.MockTransport(Form(line, good, served))
        async with LineClient(LineClientSettings("http://line"), os.urandom, transport) as http:
            return await fetch_form(http, directory, wanted)

    assert (await fetch(good)).lang == "es"  # type: ignore[attr-defined]
    with pytest.raises(LineError, match="not the one that its agency signed"):
        await fetch(changed)
    with pytest.raises(LineError, match="It speaks: en, es"):
        await fetch(good, "xx")


class Broken(httpx.AsyncBaseTransport):
    """A way to the line that breaks after so many chunks, until it is mended."""

    def __init__(self, app: object) -> None:
        self._inner = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        self.left = 10**9
        self.chunks: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            if self.left == 0:
                raise httpx.ConnectError("broken")
            self.left -= 1
            self.chunks.append(request.url.path)
        return await self._inner.handle_async_request(request)


@pytest.mark.anyio
async def test_a_broken_way_costs_no_chunk_twice_and_files_come_back_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenges, "MIN_ROWS", 64)
    monkeypatch.setattr(retry, "BUSY_SECONDS", 0)
    line = Line(tmp_path)
    line.publish()
    data = os.urandom(3 * CHUNK_BYTES)
    (tmp_path / "film").write_bytes(data)
    async with line.serve() as server:
        for index in (0, 1, 3):
            body = line.upload(index, range(2))
            assert (await server.client.post("/api/v1/bundles", content=body)).status_code == 204
        await server.tick()
        way = Broken(server.app)
        seen: list[tuple[int, int, int]] = []
        async with LineClient(LineClientSettings("http://line"), os.urandom, way) as http:
            client = ReporterClient(
                http, line.line_id, progress=lambda *at: seen.append(at), clock=lambda: line.now
            )
            fields = {"lang": "en", "text": "", "desks": ["support"]}
            parcel = client.pack("report", fields, [Upload("film", "video/mp4", tmp_path / "film")])
            identity = ReporterIdentity(new_entropy(os.urandom))
            way.left = 2
            with pytest.raises(Unreachable):
                await client.deliver(identity, parcel)
            way.left = 10**9
            await client.deliver(identity, parcel)
            assert len(way.chunks) == len(set(way.chunks)) == parcel.refs[0].chunks
            assert seen[-1] == (0, parcel.refs[0].chunks, parcel.refs[0].chunks)
            back = b"".join([piece async for piece in client.fetch(parcel.refs[0])])
            assert hashlib.sha256(back).digest() == hashlib.sha256(data).digest()
            other = FileRef.from_json({**parcel.refs[0].to_json(), "tree": "0" * 64})
            with pytest.raises(CannotOpen, match="not the one that was sent"):
                [piece async for piece in client.fetch(other)]
            answers = [
                Answer(
                    b"", 0, {"kind": "reply", "files": [parcel.refs[0].to_json()] * 2}, None, None
                )
            ]
            saved = await reading.save(Terminal({}), client, answers, tmp_path)
    assert [path.name for path in saved] == ["film (2)", "film (3)"]
    assert saved[0].read_bytes() == data
    left = os.listdir(tmp_path)  # noqa: PTH208 (in a coroutine)
    assert not any(name.endswith(".part") for name in left)


def test_a_file_is_never_saved_outside_the_folder(tmp_path: Path) -> None:
    for name in ("../../etc/passwd", "..", "/etc/passwd", "a\\b", ".bashrc", "\x1b[2J", ""):
        path = reading._free(tmp_path, name)
        assert path.parent == tmp_path
        assert not path.name.startswith(".")
        path.write_bytes(b"")


@pytest.mark.anyio
async def test_a_clock_that_is_years_ahead_is_told_of_once_and_silences_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(challenges, "MIN_ROWS", 64)
    line = Line(tmp_path)
    line.publish()
    fields = {"lang": "en", "text": "Help.", "desks": ["support"]}
    async with line.serve() as server:
        for index in (0, 1, 3):
            body = line.upload(index, range(2))
            assert (await server.client.post("/api/v1/bundles", content=body)).status_code == 204
        await server.tick()
        transport = httpx.ASGITransport(app=server.app)
        async with LineClient(LineClientSettings("http://line"), os.urandom, transport) as http:
            identity = ReporterIdentity(new_entropy(os.urandom))
            ahead = ReporterClient(http, line.line_id, clock=lambda: line.now + 2 * 365 * 86_400)
            with pytest.raises(LooksOld) as told:
                await ahead.send(identity, "report", fields)
            await ahead.send(identity, "report", fields)
            behind = ReporterClient(http, line.line_id, clock=lambda: 0)
            await behind.send(identity, "report", fields)
    explain(
        Terminal({"list-old": "By the date on this computer, {day}, it is too old."}), told.value
    )
    assert re.search(r"computer, 2\d{3}-\d\d-\d\d, it is too old", capsys.readouterr().out)


@pytest.mark.anyio
async def test_within_a_visit_the_directory_never_goes_back(tmp_path: Path) -> None:
    line, files = Line(tmp_path), {}
    for version in (1, 2):
        line.publish(version=version)
        files[version] = line.directory_file.read_bytes()
    shown = [files[2], files[2], files[1]]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=shown.pop(0)))
    async with LineClient(LineClientSettings("http://line"), os.urandom, transport) as http:
        client = ReporterClient(http, line.line_id)
        assert [(await client.directory()).version for _ in range(2)] == [2, 2]
        with pytest.raises(BadDirectory, match="than a moment ago"):
            await client.directory()
