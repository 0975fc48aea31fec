"""A new version from another stick: what is believed, what is written, and what stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from deploy.release.source import Failed
from deploy.stick import root
from tests.stick.later import FIRST, SECOND, THIRD, Release, an_image, ask, decided


def test_a_signed_newer_version_is_written_whole_and_tried_next(
    updates: ModuleType, release: Release, stick: Path, tmp_path: Path
) -> None:
    file = release.put(stick, SECOND, b"a newer system" * 100_000)
    assert ask(updates, "versions") == {"version": "1.0", "offer": file.name, "last": ""}
    first = (tmp_path / "disk1").read_bytes()
    assert ask(updates)["last"] == "written"
    assert decided(updates) == updates.Decided(1, 5, 2)
    there, wanted = (tmp_path / "disk5").read_bytes(), file.read_bytes()
    assert there[65_536 : len(wanted)] == wanted[65_536:]
    assert there[32_768:34_816] == wanted[32_768:34_816]
    # No firmware starts it: neither a BIOS nor one that looks for a CD's way.
    assert there[:32_768] == bytes(32_768)
    assert b"EL TORITO" not in there
    assert (tmp_path / "disk1").read_bytes() == first


def _change_file(stick: Path, _: Release) -> None:
    (file,) = stick.glob("*.iso")
    file.write_bytes(file.read_bytes()[:-1] + b"X")


def _cut_file(stick: Path, _: Release) -> None:
    (file,) = stick.glob("*.iso")
    file.write_bytes(file.read_bytes()[:-1])


def _change_list(stick: Path, _: Release) -> None:
    listed = stick / "SHA256SUMS"
    listed.write_text(listed.read_text() + "\n")


def _other_key(stick: Path, release: Release) -> None:
    place = release.key.parent / "other"
    place.mkdir()
    Release(place).sign(stick, *stick.glob("*.iso"))


def _long_list(stick: Path, release: Release) -> None:
    (stick / "SHA256SUMS").write_text("0" * 70_000)


@pytest.mark.parametrize("change", [_change_file, _cut_file, _change_list, _other_key, _long_list])
def test_what_is_not_as_it_was_signed_is_not_taken(
    updates: ModuleType,
    release: Release,
    stick: Path,
    tmp_path: Path,
    change: Callable[[Path, Release], None],
) -> None:
    release.put(stick, SECOND)
    change(stick, release)
    before = (tmp_path / "disk5").read_bytes()
    assert ask(updates) == {"error": "not-signed"}
    assert (tmp_path / "disk5").read_bytes() == before
    assert decided(updates) == updates.Decided(1)


def test_without_its_signature_there_is_nothing_to_take(
    updates: ModuleType, release: Release, stick: Path
) -> None:
    release.put(stick, SECOND)
    (stick / "SHA256SUMS.sig").unlink()
    assert ask(updates) == {"error": "none"}
    assert decided(updates) == updates.Decided(1)


def test_a_signature_for_another_purpose_is_none(
    updates: ModuleType, release: Release, stick: Path, tmp_path: Path
) -> None:
    """The key may sign mail, too: what was signed for that is no release."""
    release.put(stick, SECOND)
    signature = stick / "SHA256SUMS.sig"
    signature.unlink()
    updates.subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", release.key, "-n", "file", stick / "SHA256SUMS"],
        check=True, capture_output=True,
    )  # fmt: skip
    assert signature.exists()
    assert ask(updates) == {"error": "not-signed"}


@pytest.mark.parametrize("made", [FIRST, "2026100100000000"])
def test_an_older_version_and_the_same_one_are_refused(
    updates: ModuleType, release: Release, stick: Path, tmp_path: Path, made: str
) -> None:
    release.put(stick, made)
    assert ask(updates) == {"error": "older"}
    assert updates.Slots.this().decided() == updates.Decided(1)


def test_a_version_between_the_running_and_the_used_one_is_older(
    updates: ModuleType, release: Release, stick: Path, tmp_path: Path
) -> None:
    (tmp_path / "disk5").write_bytes(an_image(THIRD))
    updates.Slots.this().decide(updates.Decided(5))
    release.put(stick, SECOND)
    assert ask(updates) == {"error": "older"}


def test_a_stick_without_a_releases_key_takes_none_and_says_so(
    updates: ModuleType, release: Release, stick: Path
) -> None:
    release.put(stick, SECOND)
    updates.SIGNERS.unlink()
    assert ask(updates) == {"error": "no-key"}
    assert ask(updates, "versions") == {"version": "1.0", "offer": "", "last": "no-key"}


def test_nothing_that_the_stick_does_not_give_back_is_tried(
    updates: ModuleType,
    release: Release,
    stick: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A slot on flash that is worn out: what is read is not what was written."""
    release.put(stick, SECOND)

    def worn(slot: Any) -> None:
        slot.seek(65_536)
        slot.write(b"x")

    monkeypatch.setattr(updates, "_from_the_stick", worn)
    assert ask(updates) == {"error": "not-signed"}
    assert (tmp_path / "disk5").read_bytes()[:65_536] == bytes(65_536)
    assert decided(updates) == updates.Decided(1)


def test_a_file_that_changes_once_it_was_checked_is_not_tried(
    updates: ModuleType,
    release: Release,
    stick: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other stick may be a computer: its first reading is true, the next one is not."""
    release.put(stick, SECOND, b"a newer system" * 100_000)
    monkeypatch.setattr(updates.Slots, "make_room", lambda _: _change_file(stick, release))
    assert ask(updates) == {"error": "not-signed"}
    assert (tmp_path / "disk5").read_bytes()[:65_536] == bytes(65_536)
    assert decided(updates) == updates.Decided(1)


def test_a_file_that_says_another_version_between_two_readings_is_still_older(
    updates: ModuleType,
    release: Release,
    stick: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Signed and old: changed once its sum was taken, and put back once its version was read."""
    file = release.put(stick, "2026100100000000")
    signed = file.read_bytes()
    really_sum, really_newest = updates._sum, updates.Slots.newest

    def summed(*given: Any) -> Any:
        made = really_sum(*given)
        file.write_bytes(an_image(THIRD))
        return made

    def newest(slots: Any) -> str:
        file.write_bytes(signed)
        monkeypatch.setattr(updates, "_sum", really_sum)
        said: str = really_newest(slots)
        return said

    monkeypatch.setattr(updates, "_sum", summed)
    monkeypatch.setattr(updates.Slots, "newest", newest)
    assert ask(updates) == {"error": "older"}
    assert (tmp_path / "disk5").read_bytes() == bytes(256 * 1_024)
    assert decided(updates) == updates.Decided(1)


@pytest.mark.parametrize("after", range(1, 6))
def test_a_stick_that_is_pulled_out_meanwhile_keeps_the_version_that_is_used(
    updates: ModuleType,
    release: Release,
    stick: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    after: int,
) -> None:
    """At each of its writes: an unfinished slot is no image, and is not tried."""
    (tmp_path / "disk5").write_bytes(an_image(SECOND))
    (tmp_path / "disk6").write_bytes(an_image(SECOND))
    updates.Slots.this().decide(updates.Decided(5, 6, 1))
    release.put(stick, THIRD, bytes(3 << 20))
    really = updates._all
    left = after

    def pulled_out(slot: Any, data: bytes) -> None:
        nonlocal left
        left -= 1
        if not left:
            slot.write(data[: len(data) // 2])
            raise OSError("gone")
        really(slot, data)

    monkeypatch.setattr(updates, "_all", pulled_out)
    assert ask(updates) == {"error": "failed"}
    assert left == 0
    assert decided(updates) == updates.Decided(5)
    assert (tmp_path / "disk5").read_bytes() == an_image(SECOND)
    slot = (tmp_path / "disk6").read_bytes()
    assert slot[:65_536] != an_image(THIRD)[:65_536]
    if after > 1:
        assert b"CD001" not in slot[:65_536]


def test_a_version_that_did_not_come_up_is_told_and_can_be_taken_again(
    updates: ModuleType, release: Release, stick: Path
) -> None:
    release.put(stick, SECOND)
    ask(updates)
    updates.Slots.this().decide(updates.Decided(1, 5, 0))
    assert ask(updates, "versions")["last"] == "failed"
    assert ask(updates)["last"] == "written"


def test_a_second_press_while_it_is_written_writes_nothing_between(
    updates: ModuleType, release: Release, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window was closed and opened again: what said that it did not work would be untrue."""
    release.put(stick, SECOND)
    said: list[dict[str, str]] = []
    monkeypatch.setattr(updates.Slots, "make_room", lambda _: said.append(ask(updates)))
    assert ask(updates)["last"] == "written"
    assert said == [{"error": "busy"}]


def test_what_is_another_programs_to_answer_is_left_to_it(updates: ModuleType) -> None:
    assert ask(updates, "look") == {}
    assert updates.answer(b"[]") == {}


def test_the_key_that_is_given_at_build_is_the_one_that_is_believed(
    updates: ModuleType, release: Release, stick: Path, tmp_path: Path
) -> None:
    system = tmp_path / "system"
    (system / "usr/share/quietline-stick").mkdir(parents=True)
    root.trust(release.key.with_suffix(".pub"), system)
    release.put(stick, SECOND)
    updates.SIGNERS.write_bytes((system / "usr/share/quietline-stick/allowed_signers").read_bytes())
    assert ask(updates)["last"] == "written"


def test_what_is_no_public_key_stops_the_build(release: Release, tmp_path: Path) -> None:
    (tmp_path / "usr/share/quietline-stick").mkdir(parents=True)
    typed_wrong = tmp_path / "typed-wrong.pub"
    typed_wrong.write_text("ssh-ed25519 AAAA somebody\n")
    for key in (typed_wrong, tmp_path / "missing.pub", release.key):
        with pytest.raises(Failed):
            root.trust(key, tmp_path)
    assert not list((tmp_path / "usr/share/quietline-stick").iterdir())
