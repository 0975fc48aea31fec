"""Files and folders: whole after a kill at any line, private, durable, within bounds."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.files import bounded_reading, erasing, locks, whole_folders, writing


def killed(act: str, folder: Path) -> list[dict[str, str]]:
    """Return what lay there after a kill at each line of an act, by file, and last after none."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.files.killed", act, str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    outcomes: list[dict[str, str]] = json.loads(done.stdout)
    *before, last = outcomes
    assert len(before) > 5
    assert {one.pop("ended") for one in before} == {"False"}
    assert last.pop("ended") == "True"
    return outcomes


def places(outcomes: list[dict[str, str]], name: str) -> list[str]:
    """Return what was seen of one file, without what came twice in turn."""
    seen = [one.get(name, "nothing") for one in outcomes]
    return [one for at, one in enumerate(seen) if not at or seen[at - 1] != one]


def test_a_file_that_is_replaced_is_the_old_one_or_the_new_one_after_a_kill_at_any_line(tmp_path):
    outcomes = killed("write_whole", tmp_path)
    assert places(outcomes, "file") == ["old", "new"]
    assert set().union(*outcomes) == {"file", ".file.DRAFT", "settled file", "settled .file.DRAFT"}
    assert ".file.DRAFT" not in outcomes[-1]


def test_a_new_file_has_its_name_once_it_is_whole(tmp_path):
    outcomes = killed("write_new", tmp_path)
    assert places(outcomes, "another") == ["nothing", "new"]
    assert "another.DRAFT.part" in set().union(*outcomes)
    assert "another.DRAFT.part" not in outcomes[-1]


def test_a_file_that_is_replaced_and_overwritten_leaves_nothing_once_it_is_settled(tmp_path):
    outcomes = killed("replace", tmp_path)
    assert places(outcomes, "file") == ["old", "new"]
    assert {one["settled file"] for one in outcomes} == {"old", "new"}
    assert {name for one in outcomes for name in one if "settled" in name} == {"settled file"}
    assert "zeros" in places(outcomes, "file.old"), "it goes overwritten"
    assert outcomes[-1] == {"file": "new", "settled file": "new"}


def test_a_new_folder_is_there_once_it_is_whole(tmp_path):
    for one in killed("new_folder", tmp_path):
        made = {name: what for name, what in one.items() if name.startswith("made/")}
        assert made in ({}, {"made/one": "new", "made/two": "new"})
    assert "made.part/one" not in one
    assert made


def test_a_folder_that_is_replaced_is_all_old_or_all_new(tmp_path):
    outcomes = killed("put_in_place", tmp_path)
    seen = [(one.get("place/one"), one.get("place/two")) for one in outcomes]
    assert set(seen) - {(None, None)} <= {("old", "old"), ("new", "new")}
    assert seen[-1] == ("new", "new")
    assert seen[seen.index(("old", "old")) :].count((None, None)) == 0, "never nothing there"


@pytest.fixture
def synced(monkeypatch):
    """Return what was made durable, in turn: names of files and folders, as they were then."""
    names: list[str] = []
    fsync = os.fsync

    def record(handle: int) -> None:
        names.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", record)
    return names


def test_bytes_are_durable_before_they_have_their_name_and_the_name_afterwards(tmp_path, synced):
    writing.write_whole(tmp_path / "file", b"a")
    writing.write_new(tmp_path / "new", [b"a"])
    replaced, file, made, folder = synced
    assert replaced.startswith(".file.")
    assert made.startswith("new.")
    assert made.endswith(".part")
    assert file == folder == tmp_path.name


def test_a_new_folder_is_durable_with_all_that_is_in_it_before_it_has_its_name(tmp_path, synced):
    with whole_folders.new_folder(tmp_path / "made", tmp_path / "draft"):
        (tmp_path / "draft" / "in").mkdir()
        with writing.open_new(tmp_path / "draft" / "in" / "file") as file:
            file.write(b"a")
    assert sorted(synced[:-1]) == ["draft", "file", "in"]
    assert synced[-1] == tmp_path.name


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP])
def test_a_new_file_is_made_where_a_file_system_has_no_links(tmp_path, monkeypatch, number):
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)
    writing.write_new(tmp_path / "file", [b"a", b"b"])
    with pytest.raises(FileExistsError):
        writing.write_new(tmp_path / "file", [b"c"])
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == b"ab"


def test_a_new_file_is_never_written_over_another_that_came_meanwhile(tmp_path):
    def come_meanwhile():
        (tmp_path / "file").write_bytes(b"theirs")
        yield b"ours"

    with pytest.raises(FileExistsError):
        writing.write_new(tmp_path / "file", come_meanwhile())
    assert (tmp_path / "file").read_bytes() == b"theirs"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_name_that_leads_elsewhere_is_not_followed(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for write in (lambda p: writing.write_new(p, [b"a"]), writing.open_new):
        with pytest.raises(FileExistsError):
            write(tmp_path / "link")
    writing.write_whole(tmp_path / "link", b"a")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(("mode", "umask"), [(0o600, 0), (0o644, 0o077)])
def test_modes_are_what_they_are_said_to_be_whatever_the_umask(tmp_path, mode, umask):
    before = os.umask(umask)
    try:
        writing.write_whole(tmp_path / "whole", b"a", mode=mode)
        writing.write_new(tmp_path / "new", [b"a"], mode)
        os.close(writing.open_private(tmp_path / "private"))
        writing.open_new(tmp_path / "opened").close()
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"whole": mode, "new": mode, "private": 0o600, "opened": 0o600}


@pytest.mark.parametrize(
    "write",
    [
        lambda folder: writing.write_whole(folder / "file", b"after"),
        lambda folder: writing.write_new(folder / "another", [b"after"]),
    ],
)
def test_a_disk_that_fails_leaves_what_was_there_and_no_draft(tmp_path, monkeypatch, write):
    (tmp_path / "file").write_bytes(b"before")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == b"before"


def test_a_folder_that_cannot_be_made_durable_is_said_unless_its_file_system_never_can(
    tmp_path, monkeypatch
):
    def fail(number: int) -> None:
        def fsync(_: int) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "fsync", fsync)

    fail(errno.EINVAL)
    writing.sync_folder(tmp_path)
    fail(errno.EIO)
    with pytest.raises(OSError, match="Input/output"):
        writing.sync_folder(tmp_path)


def test_times_of_a_tree_tell_nothing(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "file").write_bytes(b"a")
    whole_folders.sync_tree(tmp_path, time=0)
    for path in (tmp_path, tmp_path / "in", tmp_path / "in" / "file"):
        assert (path.stat().st_mtime, path.stat().st_atime) == (0, 0)


def test_overwriting_begins_where_it_is_said_and_keeps_the_length(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"abcdef")
    with path.open("r+b") as file:
        erasing.overwrite(file, 4)
    assert path.read_bytes() == b"abcd\0\0"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless file here")
def test_nothing_is_read_beyond_what_a_file_may_be(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"a" * 100)
    assert bounded_reading.read_at_most(path, 100) == b"a" * 100
    for endless, size in ((path, 99), (Path("/dev/zero"), 5_000_000)):
        with pytest.raises(OSError, match="File too large") as caught:
            bounded_reading.read_at_most(endless, size)
        assert (caught.value.errno, caught.value.filename) == (errno.EFBIG, str(endless))


class Drops(io.BytesIO):
    """Gives a byte at a time, as a network may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(1, size) if size is not None else -1)


def test_what_comes_in_drops_is_read_to_its_size_and_hashed(tmp_path):
    assert bounded_reading.read_exactly(Drops(b"abcd"), 3) == b"abc"
    assert bounded_reading.read_exactly(Drops(b"ab"), 3) == b"ab"
    target = io.BytesIO()
    expected = hashlib.sha256(b"abcd").hexdigest()
    assert bounded_reading.copy_with_sha256(Drops(b"abcd"), target) == expected
    assert bounded_reading.copy_with_sha256(Drops(b"abcd"), None) == expected
    assert target.getvalue() == b"abcd"
    (tmp_path / "file").write_bytes(b"abcd")
    assert bounded_reading.sha256_of(tmp_path / "file") == expected


def test_a_lock_is_held_by_one_and_goes_with_its_process(tmp_path):
    path = tmp_path / "lock"
    held = locks.take_lock(path)
    with pytest.raises(BlockingIOError):
        locks.take_lock(path)
    os.close(held)
    code = (
        "import os, pathlib, signal, sys; from app.files.locks import take_lock;"
        "take_lock(pathlib.Path(sys.argv[1])); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    os.close(locks.take_lock(path))
