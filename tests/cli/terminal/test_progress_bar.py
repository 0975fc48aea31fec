"""What a person at a terminal sees of work that takes long."""

from __future__ import annotations

import io
from functools import partial

import pytest
from rich.console import Console

from app.cli.terminal import progress_bar


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Return what a terminal is given."""
    written = io.StringIO()
    terminal = partial(Console, file=written, force_terminal=True, width=100, color_system=None)
    monkeypatch.setattr(progress_bar, "Console", lambda **known: terminal(quiet=known["quiet"]))
    return written


def test_a_step_shows_how_many_are_done_and_the_next_begins_anew(screen: io.StringIO) -> None:
    with progress_bar.progress("Looking") as step:
        step("photo[bold].jpg", 1, 3)
        step("Waiting", 0, 0)
    first, _, last = screen.getvalue().rpartition("Waiting")
    assert "3" not in last
    assert "0/?" in last
    assert "Looking" in first + last


def test_a_files_name_is_no_markup(screen: io.StringIO) -> None:
    with progress_bar.progress("photo[bold].jpg"):
        pass
    assert "photo[bold].jpg" in screen.getvalue()


def test_a_command_for_scripts_shows_none(screen: io.StringIO) -> None:
    with progress_bar.progress("Looking", quiet=True) as step:
        step("Reading", 1, 2)
    assert screen.getvalue() == ""
