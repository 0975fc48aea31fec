"""What a reporter types at a terminal, and what is shown there."""

from __future__ import annotations

import os

import pytest

from app.cli.report import reading, sending
from app.cli.report.terminal import Terminal, plain
from app.cli.report.visit import explain
from app.client.line_errors import LineRefused, Unreachable
from app.protocol.errors import ProtocolError
from app.protocol.receipt import numbers_of, read_code, words_of
from app.protocol.secrets import Secret


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
