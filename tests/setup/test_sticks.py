"""Sticks: where they are, what is on them, and copies that are whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.setup import sticks
from app.setup.dialogue import WrongAnswer
from app.setup.steps import in_words


def test_sticks_are_what_is_mounted_where_sticks_are(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 27 0:21 / / rw - ext4 /dev/vda rw\n"
        "23 27 8:17 / /media/ana/MY\\040STICK rw,nosuid - vfat /dev/sdb1 rw\n"
        "23 27 8:17 / /media/ana/CLÉ\\040USB rw,nosuid - vfat /dev/sdb2 rw\n"
        "23 27 8:17 / /media/ana/\\033[8m rw,nosuid - vfat /dev/sdb3 rw\n"
        "23 27 8:17 / /media/ana/写真\u30001 rw,nosuid - vfat /dev/sdb4 rw\n"
        "24 27 8:33 / /mnt rw - ext4 /dev/sdc1 rw\n"
        "25 27 8:33 / /mediathek rw - ext4 /dev/sdd1 rw\n\n"
    )
    with mounts.open("ab") as file:
        file.write(b"23 27 8:17 / /media/ana/\xff rw,nosuid - vfat /dev/sdb5 rw\n")
    # Neither half a name nor one that cannot be shown.
    assert sticks.mounted(mounts) == [
        Path("/media/ana/CLÉ USB"),
        Path("/media/ana/MY STICK"),
        Path("/mnt"),
    ]
    assert sticks.mounted(tmp_path / "none") == []


def test_files_are_found_in_folders_and_in_those_in_them(tmp_path: Path) -> None:
    for place in ("a.json", "one/a.json", "one/two/a.json", ".trash/a.json", "a.txt"):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "loop").symlink_to(tmp_path)
    found = sticks.files_like(lambda name: name == "a.json", [tmp_path, tmp_path])
    assert found == [tmp_path / "a.json", tmp_path / "one" / "a.json"]
    assert sticks.files_like(lambda _: True, [tmp_path / "pulled out"]) == []


def test_names_that_a_terminal_obeys_are_not_found(tmp_path: Path) -> None:
    """They would be shown: what hides a word hides that twelve words differ."""
    for name in (
        "a\x1b[8m.json",
        "a\u202e.json",
        "a\n.json",
        b"a\xff.json".decode(errors="surrogateescape"),
    ):
        (tmp_path / name).touch()
    (tmp_path / "clé.json").touch()
    assert sticks.files_like(lambda _: True, [tmp_path]) == [tmp_path / "clé.json"]


def test_folders_are_found_by_name(tmp_path: Path) -> None:
    (tmp_path / "stick" / "carry").mkdir(parents=True)
    places = [tmp_path / "stick" / "carry"]
    assert sticks.folders_called("carry", places) == places
    assert sticks.folders_called("carry", [tmp_path]) == places


def test_places_are_folders() -> None:
    assert sticks.read_places("/, /etc") == [Path("/"), Path("/etc")]
    assert sticks.read_places("") == []
    with pytest.raises(WrongAnswer, match="There is no folder /nowhere"):
        sticks.read_places("/, /nowhere")


def test_a_copy_takes_the_place_of_the_last_one_whole(tmp_path: Path) -> None:
    source, stick = tmp_path / "source", tmp_path / "stick"
    (source / "in").mkdir(parents=True)
    (source / "in" / "file").write_text("new")
    (stick / "source" / "gone").mkdir(parents=True)
    (stick / ".source.new").mkdir()  # an earlier copy was cut short
    copied = sticks.copy_folder(source, stick, "source")
    assert sticks.is_copy(source, copied)
    assert [path.name for path in stick.iterdir()] == ["source"]
    before = (copied / "in" / "file").stat().st_ino
    sticks.copy_folder(source, stick, "source")
    assert (copied / "in" / "file").stat().st_ino == before, "what is the same is left alone"
    (copied / "in" / "file").write_text("old")
    assert not sticks.is_copy(source, copied)


def test_a_stick_that_takes_no_more_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, stick = tmp_path / "source", tmp_path / "stick"
    source.mkdir()
    stick.mkdir()
    for name in "ab":
        (source / name).write_text(name)

    def full(*_: object, **_more: object) -> None:
        raise OSError(28, "No space left on device", "what is read")

    monkeypatch.setattr("shutil.copyfile", full)
    with pytest.raises(OSError, match="No space left on device") as raised:
        sticks.copy_folder(source, stick, "source")
    assert in_words(raised.value) == f"{stick}/.source.new/a: No space left on device."
    assert list(stick.iterdir()) == []
