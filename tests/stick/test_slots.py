"""Which version is started next, and where a new one goes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.stick.later import FIRST, SECOND, THIRD, a_stick, an_image, module


@pytest.fixture
def slots(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the stick's own module."""
    return module("slots", monkeypatch)


def _stick(slots: ModuleType, folder: Path, running: int = 1) -> Any:
    return slots.Slots(a_stick(folder), running)


def test_a_freshly_written_stick_uses_the_image_that_it_was_written_with(
    slots: ModuleType, tmp_path: Path
) -> None:
    assert _stick(slots, tmp_path).decided() == slots.Decided(slot=1, trying=0, tries=0)


def test_what_is_decided_changes_one_sector_and_grub_reads_it(
    slots: ModuleType, tmp_path: Path
) -> None:
    stick = _stick(slots, tmp_path)
    before = (tmp_path / "disk2").read_bytes()
    stick.decide(slots.Decided(5, 6, 2))
    now = (tmp_path / "disk2").read_bytes()
    changed = {
        at // 512 for at, (old, new) in enumerate(zip(before, now, strict=True)) if old != new
    }
    assert changed == {8_192 // 512}
    block = now[8_192 : 8_192 + 1_024]
    assert block.startswith(b"# GRUB Environment Block\nslot=5\ntrying=6\ntries=2\n#")
    assert stick.decided() == slots.Decided(5, 6, 2)


def test_the_count_that_grub_writes_is_read(slots: ModuleType, tmp_path: Path) -> None:
    stick = _stick(slots, tmp_path)
    stick.decide(slots.Decided(1, 5, 2))
    file = tmp_path / "disk2"
    file.write_bytes(file.read_bytes().replace(b"tries=2", b"tries=0"))
    assert stick.decided().failed


def test_where_the_decision_cannot_be_found_nothing_is_written(
    slots: ModuleType, tmp_path: Path
) -> None:
    stick = _stick(slots, tmp_path)
    file = tmp_path / "disk2"
    twice = file.read_bytes() + file.read_bytes()
    for small in (bytes(65_536), twice):
        file.write_bytes(small)
        with pytest.raises(slots.Refused, match="undecided"):
            stick.decide(slots.Decided(5))
        assert file.read_bytes() == small


@pytest.mark.parametrize(
    ("running", "used", "in_5", "in_6", "free"),
    [
        (1, 1, "", "", 5),
        (5, 5, SECOND, "", 6),
        (6, 6, SECOND, THIRD, 5),
        (5, 6, SECOND, THIRD, None),
        (1, 5, SECOND, "", 6),
        (1, 1, SECOND, "", 6),
        (1, 1, THIRD, SECOND, 6),
    ],
)
def test_a_new_version_goes_neither_over_the_running_nor_over_the_used_one(
    slots: ModuleType,
    tmp_path: Path,
    running: int,
    used: int,
    in_5: str,
    in_6: str,
    free: int | None,
) -> None:
    stick = _stick(slots, tmp_path, running)
    stick.decide(slots.Decided(used))
    for slot, made in ((5, in_5), (6, in_6)):
        if made:
            (tmp_path / f"disk{slot}").write_bytes(an_image(made))
    if free is None:
        with pytest.raises(slots.Refused, match="not-now"):
            stick.free()
    else:
        assert stick.free() == free


def test_a_version_that_is_tried_is_used_once_it_came_up(slots: ModuleType, tmp_path: Path) -> None:
    stick = _stick(slots, tmp_path, 5)
    stick.decide(slots.Decided(1, 5, 1))
    stick.prove()
    assert stick.decided() == slots.Decided(5)


def test_an_old_version_that_was_chosen_by_hand_decides_nothing(
    slots: ModuleType, tmp_path: Path
) -> None:
    stick = _stick(slots, tmp_path, 1)
    stick.decide(slots.Decided(5, 6, 2))
    stick.prove()
    assert stick.decided() == slots.Decided(5, 6, 2)


def test_the_newest_is_of_those_that_came_up(slots: ModuleType, tmp_path: Path) -> None:
    """One that never did holds back no other."""
    stick = _stick(slots, tmp_path)
    (tmp_path / "disk5").write_bytes(an_image(SECOND))
    (tmp_path / "disk6").write_bytes(an_image(THIRD))
    stick.decide(slots.Decided(5, 6, 0))
    assert stick.newest() == SECOND
    stick.decide(slots.Decided(1))
    assert stick.newest() == FIRST


def _partitions(disk: Path, storage_mib: int) -> None:
    with disk.open("wb") as file:
        file.truncate(8_000_000_000)
    table = f"start=64,size=1700000,type=83\nsize=32768,type=ef\nsize={storage_mib}MiB,type=83\n"
    subprocess.run(["sfdisk", "-q", "--no-reread", str(disk)], input=table.encode(), check=True)


@pytest.fixture
def on_a_file(slots: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the module, with nobody to tell the kernel about partitions of a file."""
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:/usr/sbin")
    really = vars(slots)["run"]

    def run(*command: str, **words: Any) -> None:
        if command[0] == "sfdisk":
            really(*command, **words)

    monkeypatch.setattr(slots, "run", run)
    monkeypatch.setattr(slots.Slots, "_is_there", lambda _, part: part == 3)
    return slots


def test_room_for_two_versions_is_made_behind_the_storage(
    on_a_file: ModuleType, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    _partitions(disk, 8_000_000_000 // (1 << 20) - 847 - 3_072)
    for slot in (5, 6):  # what lay there before the stick was written anew
        (tmp_path / f"disk{slot}").write_bytes(an_image(SECOND))
    before = _table(disk)
    stick = on_a_file.Slots(str(disk), 1)
    stick.make_room()
    now = _table(disk)
    assert [on_a_file.made(stick.device(slot)) for slot in (5, 6)] == ["", ""]
    assert now[:3] == before
    assert [row.split(":")[0].strip() for row in now] == [f"{disk}{one}" for one in range(1, 7)]
    assert now[4].count("size=     3141632") == 1


def test_a_stick_that_its_storage_fills_is_told_so_and_stays_as_it_is(
    on_a_file: ModuleType, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    _partitions(disk, 6_700)
    before = _table(disk)
    with pytest.raises(on_a_file.Refused, match="no-room"):
        on_a_file.Slots(str(disk), 1).make_room()
    assert _table(disk) == before


def test_room_is_made_behind_a_storage_alone(
    on_a_file: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In front of one it would take the storage's place and number."""
    disk = tmp_path / "disk"
    _partitions(disk, 2_048)
    subprocess.run(["sfdisk", "-q", "--no-reread", "--delete", str(disk), "3"], check=True)
    before = _table(disk)
    monkeypatch.setattr(on_a_file.Slots, "_is_there", lambda *_: False)
    with pytest.raises(on_a_file.Refused, match="no-storage"):
        on_a_file.Slots(str(disk), 1).make_room()
    assert _table(disk) == before


def test_a_version_that_is_there_stays_when_room_is_asked_for_again(
    on_a_file: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = on_a_file.Slots(a_stick(tmp_path), 1)
    stick.device(5).write_bytes(an_image(SECOND))
    monkeypatch.setattr(on_a_file.Slots, "_is_there", lambda *_: True)
    stick.make_room()
    assert on_a_file.made(stick.device(5)) == SECOND


def _table(disk: Path) -> list[str]:
    done = subprocess.run(
        ["sfdisk", "--dump", str(disk)], capture_output=True, text=True, check=True
    )
    return [row for row in done.stdout.splitlines() if row.startswith(str(disk))]
