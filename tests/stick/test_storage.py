"""What the screen hears of the storage when making or opening it fails half-way."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

PROGRAMS = Path(__file__).parents[2] / "deploy/stick/system/usr/lib/quietline-stick"


class Programs:
    """Stands in for what the storage is made by; ``fails`` is the one that does not succeed."""

    def __init__(self, fails: str) -> None:
        self.fails = fails
        self.called: list[str] = []
        self.label = ""

    def run(self, *command: str, **_: object) -> None:
        """Note a call, and keep the label that it gives."""
        self.called.append(" ".join(command[:2]))
        if command[0] == self.fails:
            raise subprocess.CalledProcessError(8, command[0])
        if "--label" in command:
            self.label = command[command.index("--label") + 1]


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """Return the stick's own module, as it lies on the stick, with folders of the test's."""
    monkeypatch.syspath_prepend(str(PROGRAMS))
    import storage

    monkeypatch.delitem(sys.modules, "storage")
    monkeypatch.setattr(storage, "STORE", tmp_path / "store")
    monkeypatch.setattr(storage, "HOME", tmp_path / "home")
    monkeypatch.setattr(storage.Stick, "_partition_is_there", lambda _: True)
    return storage


def _ask(storage: ModuleType, what: str, passphrase: str = "") -> dict[str, str]:
    request = json.dumps({"do": what, "passphrase": passphrase}).encode()
    said: dict[str, str] = storage.answer(request, storage.Stick("/dev/none", "investigator"))
    return said


def _with(storage: ModuleType, monkeypatch: pytest.MonkeyPatch, fails: str) -> Programs:
    programs = Programs(fails)
    monkeypatch.setattr(storage, "run", programs.run)
    monkeypatch.setattr(storage.Stick, "_label", lambda *_: programs.label)
    return programs


@pytest.mark.parametrize("fails", ["e2fsck", "mount"])
def test_a_storage_that_cannot_be_laid_out_is_closed_and_not_called_open(
    storage: ModuleType, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    """A console that went on would keep its case store in memory, and lose it."""
    programs = _with(storage, monkeypatch, fails)
    programs.label = "quietline-investigator"
    assert _ask(storage, "open", "orbit lemon") == {"error": "failed"}
    assert programs.called[-1] == "cryptsetup close"
    assert _ask(storage, "look")["storage"] == "closed"


def test_a_storage_without_a_file_system_is_made_anew(
    storage: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = _with(storage, monkeypatch, "mke2fs")
    assert _ask(storage, "make", "orbit lemon") == {"error": "failed"}
    assert programs.called[-1] == "cryptsetup close"
    assert _ask(storage, "look")["storage"] == "none"


def test_nothing_typed_is_a_wrong_passphrase(
    storage: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = _with(storage, monkeypatch, "")
    programs.label = "quietline-investigator"
    assert _ask(storage, "open") == {"error": "wrong"}
    assert programs.called == []
