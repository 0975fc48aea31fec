"""``quietline report``: writing, coming back, writing more, at a terminal that keeps nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
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

import pytest
from typer.testing import CliRunner

from app.cli.entry import build
from app.cli.report import intake, reading
from app.cli.report.signed_form import read_form
from app.cli.report.terminal import Terminal
from app.client.reporter_client import Answer
from app.protocol.directory import Desk, Hours
from app.protocol.encoding import b64u, json_bytes
from app.protocol.receipt import read_code
from app.reporter import desk_words
from tests.cli.test_demo import Demo

PHRASES = {
    "desk-always": "always",
    "desk-hours": "hours {hours}",
    "desk-languages": "reads {languages}",
    "desk-tells-no": "no",
    "desk-tells-unknown": "unknown",
}


COMMAND = [sys.executable, "-m", "app.cli.entry", "report"]


SECOND_SCREEN, BACK = "\x1b[?1049h", "\x1b[?1049l"


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
    # code; desk; words; in danger now; not safe to answer; no file; send.
    typed = f"{code}\n1\nThey moved.\n.\n1\n2\n\n1\n"
    more = run(demo, home, typed, "reply", "--lang", "en")
    assert (more.returncode, "Your message has arrived." in more.stdout) == (0, True)
    before, after = more.stdout.split("Your message has arrived.")
    assert "Is it safe for you if we write back?" in before
    assert "We try to read this at once. We cannot promise it." in after
    for told in (looked.stdout, before, after):
        assert "  911  " in told, "whom to call, wherever danger is told"
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


def test_who_writes_more_says_danger_and_if_an_answer_is_safe_and_nothing_else() -> None:
    class Yes(Terminal):
        def choose(
            self, options: Sequence[tuple[str, str]], *, many: bool, skip: bool = True
        ) -> list[str]:
            return [options[0][0]]

    def question(name: str, *, more: bool = False) -> dict[str, Any]:
        words = {"text": name, "hint": "", "before": "", "warn_on": "", "warning": ""}
        return {"id": name, "kind": "choice", "more": more, "options": [["yes", "Yes"]], **words}

    names = ("danger_now", "safe_to_reply", "under_18")
    questions = [*map(question, names), question("signs", more=True)]
    value = {"v": 1, "lang": "en", "words": None, "emergency": [], "phrases": {}}
    form = read_form(json_bytes(value | {"questions": questions}))
    draft = intake.Draft()
    intake.ask_anew(Yes({}), form, draft.answers)
    assert draft.fields("en")["answers"] == {"danger_now": "yes", "safe_to_reply": "yes"}


def test_a_code_that_was_mistyped_is_asked_for_again(demo: Demo, home: Path) -> None:
    right = demo.facts["receipt_code"]
    wrong = "xyzzy " + right.split(" ", 1)[1]
    shown = run(demo, home, f"{wrong}\n{right}\n", "check", "--lang", "en")
    assert "Word 1 is not one of the words" in shown.stdout
    assert "[SYNTHETIC]" in shown.stdout


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


def test_a_file_is_never_saved_outside_the_folder(tmp_path: Path) -> None:
    for name in ("../../etc/passwd", "..", "/etc/passwd", "a\\b", ".bashrc", "\x1b[2J", ""):
        path = reading._free(tmp_path, name)
        assert path.parent == tmp_path
        assert not path.name.startswith(".")
        path.write_bytes(b"")
