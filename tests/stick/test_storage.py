"""What the screen hears of the storage when making or opening it fails half-way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

PROGRAMS = Path(__file__).parents[2] / "deploy/stick/system/usr/lib/quietline-stick"


class Programs:
    """Stands in for what the storage is made by; ``fails`` is the one that does not succeed."""

    def __init__(self, fails: str, code: int = 8) -> None:
        self.fails = fails
        self.code = code
        self.called: list[str] = []
        self.label = ""

    def run(self, *command: str, **_: object) -> None:
        """Note a call, and keep the label that it gives."""
        self.called.append(" ".join(command[:2]))
        if command[0] == self.fails or self.called[-1] == self.fails:
            raise subprocess.CalledProcessError(self.code, command[0])
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


@pytest.mark.parametrize(
    ("room", "size"), [(2_000, 1_999), (5_119, 5_118), (5_120, 2_048), (6_087, 3_015)]
)
def test_a_storage_leaves_room_for_later_versions_where_it_keeps_two_gigabytes(
    storage: ModuleType, room: int, size: int
) -> None:
    """The last one: of a stick of 8 GB with the largest image."""
    assert storage.size_mib(room) == size


def test_nothing_typed_is_a_wrong_passphrase(
    storage: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = _with(storage, monkeypatch, "")
    programs.label = "quietline-investigator"
    assert _ask(storage, "open") == {"error": "wrong"}
    assert programs.called == []


def test_a_file_system_that_wants_a_decision_is_repaired_and_not_closed_for_good(
    storage: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By e2fsck itself: a folder that no entry leads to, about which it wants to be asked."""
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:/usr/sbin")
    file = tmp_path / "storage"
    file.write_bytes(bytes(16 << 20))
    for command in (
        ["mke2fs", "-q", "-t", "ext4", str(file)],
        ["debugfs", "-w", "-R", "mkdir case-store", str(file)],
        ["debugfs", "-w", "-R", "unlink case-store", str(file)],
        ["debugfs", "-w", "-R", "set_super_value state 2", str(file)],
    ):
        subprocess.run(command, check=True, capture_output=True)
    unasked = subprocess.run(["e2fsck", "-p", str(file)], check=False, capture_output=True)
    assert unasked.returncode == 4
    storage._check(str(file))
    assert subprocess.run(["e2fsck", "-f", "-n", str(file)], check=False).returncode == 0


def test_what_no_repair_helps_stays_closed(
    storage: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = _with(storage, monkeypatch, "e2fsck -f")
    programs.label = "quietline-investigator"
    left = Programs("e2fsck -p", code=4)

    def run(*command: str, **words: object) -> None:
        programs.run(*command, **words)
        left.run(*command, **words)

    monkeypatch.setattr(storage, "run", run)
    assert _ask(storage, "open", "orbit lemon") == {"error": "failed"}
    assert programs.called[-3:] == ["e2fsck -p", "e2fsck -f", "cryptsetup close"]
