"""A version on trial or waiting for it, and several sticks: what is taken, and what is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.stick.later import SECOND, THIRD, Release, ask, decided, on_trial


def test_the_exercises_prove_no_version(updates: ModuleType, tmp_path: Path) -> None:
    """They have neither storage nor Tor: what they answer says little of what reads reports."""
    before = on_trial(updates)
    (updates.RUN / "mode").write_text("practise\n")
    assert ask(updates, "works")["last"] == ""
    assert decided(updates) == before
    (updates.RUN / "mode").write_text("agency\n")
    ask(updates, "works")
    assert decided(updates) == updates.Decided(5)


def test_a_version_on_trial_takes_none_and_is_used_for_good_afterwards(
    updates: ModuleType, release: Release, stick: Path
) -> None:
    """*New version* pressed in its first half minute: the good one would be dropped."""
    before = on_trial(updates)
    release.put(stick, THIRD)
    assert ask(updates) == {"error": "not-now"}
    assert decided(updates) == before
    ask(updates, "works")
    assert decided(updates) == updates.Decided(5)
    assert ask(updates)["last"] == "written"


def test_nothing_is_taken_while_a_version_is_made_the_used_one(
    updates: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_trial(updates)
    said: list[dict[str, str]] = []
    monkeypatch.setattr(updates.Slots, "prove", lambda _: said.append(ask(updates)))
    ask(updates, "works")
    assert said == [{"error": "busy"}]


def test_a_version_that_waits_to_be_tried_is_not_replaced_by_an_older_one(
    updates: ModuleType, release: Release, stick: Path, tmp_path: Path
) -> None:
    release.put(stick, THIRD)
    ask(updates)
    there = decided(updates)
    (tmp_path / "media/sdb1").rename(tmp_path / "another")
    release.put(stick, SECOND)
    assert ask(updates) == {"error": "older"}
    assert decided(updates) == there
    updates.Slots.this().decide(updates.Decided(1, 5, 0))  # it did not come up: it holds back none
    assert ask(updates)["last"] == "written"


def _folder(stick: Path, _: Release) -> None:
    (stick / "SHA256SUMS").mkdir(parents=True)


def _older(stick: Path, release: Release) -> None:
    release.put(stick, "2026100100000000")


def _not_signed(stick: Path, release: Release) -> None:
    release.put(stick, THIRD)
    listed = stick / "SHA256SUMS"
    listed.write_text(listed.read_text() + "\n")


def _junk(stick: Path, _: Release) -> None:
    stick.mkdir(parents=True)
    (stick / "SHA256SUMS").write_text("0" * 70_000)


@pytest.mark.parametrize("first", [_folder, _older, _not_signed, _junk])
def test_one_stick_hides_no_other(
    updates: ModuleType,
    release: Release,
    stick: Path,
    tmp_path: Path,
    first: Callable[[Path, Release], None],
) -> None:
    first(stick, release)
    file = release.put(tmp_path / "media/sdc1", SECOND)
    assert file.name in ask(updates, "versions")["offer"]
    assert ask(updates)["last"] == "written"
    assert updates.Slots.this().newest() == SECOND


def test_exercises_take_none(updates: ModuleType, release: Release, stick: Path) -> None:
    release.put(stick, SECOND)
    (updates.RUN / "mode").write_text("practise\n")
    assert ask(updates) == {"error": "no-storage"}
    assert decided(updates) == updates.Decided(1)


def test_a_damaged_note_of_what_is_used_is_told(updates: ModuleType, tmp_path: Path) -> None:
    """The menu, too, takes the oldest then: whoever looks is to know why."""
    (tmp_path / "disk2").write_bytes(bytes(65_536))
    assert ask(updates, "versions") == {"error": "undecided"}
