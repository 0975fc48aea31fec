"""At a terminal: a wrong answer is asked again, an answer that was given is not."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from app.setup.at_terminal import Terminal
from app.setup.dialogue import Question, Stopped, as_text, yes_or_no


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "answers.json"


def typing(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_wrong_answer_is_asked_again_with_the_reason(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typing(monkeypatch, "perhaps\nYES\n")
    assert Terminal(kept).ask(Question("k", "Is it so?", yes_or_no)) is True
    assert "Answer yes or no." in capsys.readouterr().out


def test_what_was_answered_is_kept_and_not_asked_again(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, "Harbour\n\nno\n")
    terminal = Terminal(kept)
    assert terminal.ask(Question("name", "Name", as_text)) == "Harbour"
    assert terminal.ask(Question("web", "Web", str, "")) == ""
    assert terminal.another("desks", 1, "") is True
    assert terminal.another("desks", 2, "Another?") is False
    terminal.settle("desks")
    assert kept.stat().st_mode & 0o777 == 0o600

    typing(monkeypatch, "")
    again = Terminal(kept)
    assert again.ask(Question("name", "Name", as_text)) == "Harbour"
    assert again.ask(Question("web", "Web", str, "")) == ""
    assert again.another("desks", 2, "Another?") is False
    assert again.settled("desks")
    assert again.known("name")
    with pytest.raises(Stopped):
        again.ask(Question("name", "Name", as_text, kept=False))


def test_an_answer_that_no_longer_fits_is_asked_again(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, "20\nyes\n")
    Terminal(kept).ask(Question("room", "Room", str))
    assert Terminal(kept).ask(Question("room", "Room", yes_or_no)) is True


def test_answers_are_forgotten_by_their_keys(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "a\nb\nc\n")
    terminal = Terminal(kept)
    for key in ("page", "page.en", "desks"):
        terminal.ask(Question(key, key, str))
    terminal.reopen("page")
    assert [Terminal(kept).known(key) for key in ("page", "page.en", "desks")] == [
        False,
        False,
        True,
    ]
    terminal.reopen()
    assert not Terminal(kept).known("desks")


@pytest.mark.parametrize("damage", [b"{", b"[]", b"\xff", b'{"name": 5}'])
def test_a_damaged_file_counts_as_none(kept: Path, damage: bytes) -> None:
    kept.parent.mkdir()
    kept.write_bytes(damage)
    assert not Terminal(kept).known("name")
