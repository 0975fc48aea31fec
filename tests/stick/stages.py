"""What a stick does in a PC, in both kinds of firmware and in all three ways to start.

The pictures stay in ``build/stick/run``: a person looks at them before a release.
"""

from __future__ import annotations

import json
import mmap
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.stick import written
from tests.stick.conftest import BUILT, Take
from tests.stick.later import FIRST, Release
from tests.stick.pc import Pc
from tests.stick.written import change_a_loader, look

PASSPHRASE = "orbit lemon canvas thunder pistol dove harbor"
_WITHIN = 3_600
_STANDS_STILL = 240
"""Seconds in which a PC that starts does something, however busy the host is."""
_BAR = 30
"""Pixels: as high is the bar above every window, at the least."""
_FEW_WORDS = 1_000
"""Pixels of another shade than the paper's."""
_STORE = "/home/user/.local/share/quietline"
_NETWORK = "ls /sys/class/net"
_DISKS = "lsblk --nodeps --noheadings --output NAME,TRAN | grep -v loop"
_WAYS = ("investigator", "agency", "practise")
_PROGRAMS = "/usr/lib/quietline-stick"
_ASKS = "import asking, json, sys; print(json.dumps(asking.ask(*sys.argv[1:])))"
_SOMETHING_WRITTEN = (
    'at="$(cat /run/quietline/disk)5"; [ -e "$at" ] && '
    '! cmp -s -n 4096 -i 8388608:0 "$at" /dev/zero && echo yes || echo no'
)
"""Whether there is something at the eighth megabyte of the slot."""
_REFUSED = "journalctl --boot --output=cat | grep -c 'No key available' || true"
"""How often cryptsetup has said that a passphrase opens nothing."""


def wait_for(what: Callable[[], bool], otherwise: str) -> None:
    """Wait until something is so, and look seldom: in an emulated PC looking takes seconds.

    Raises AssertionError with a sentence.
    """
    deadline = time.monotonic() + _WITHIN
    while not what():
        assert time.monotonic() < deadline, otherwise
        time.sleep(5)


def runs(pc: Pc, program: str) -> bool:
    """Say whether a program of this name or these words runs in a PC."""
    return look(pc, f"pgrep -f '{program}' >/dev/null && echo yes || echo no").strip() == "yes"


def until_first_screen(pc: Pc) -> None:
    """Wait until the first screen is there.

    A PC that does nothing before is started anew: emulated with two processors, on a busy host, its
    kernel waits now and then for a timer that does not come (*rcu_preempt kthread timer wakeup
    didn't happen*).
    """
    since, busy = time.monotonic(), pc.busy_seconds()

    def is_there() -> bool:
        nonlocal since, busy
        now, taken = time.monotonic(), pc.busy_seconds()
        if now - since > _STANDS_STILL:
            if taken - busy < _STANDS_STILL / 7:
                pc.picture(f"stood-still-{round(now)}")
                pc.reset()
            since, busy = now, taken
        return _is_light(pc)

    # Not before asked of the hand: the firmware opens the same port, and takes what was said to it.
    wait_for(is_there, "There is no first screen.")
    assert runs(pc, "[f]irst_screen.py")
    pc.still_picture("first-screen")


def until_page(pc: Pc) -> None:
    """Wait until the browser shows a page that has come."""
    # The first screen is as light, and has words too, but nothing dark at its top.
    wait_for(
        lambda: _is_light(pc) and _has_words(pc) and runs(pc, "[f]irefox-esr"),
        "The browser shows no page.",
    )


@pytest.mark.parametrize(
    ("uefi", "mode"),
    [(True, "investigator"), (False, "agency")],
    ids=["uefi-with-secure-boot", "bios"],
)
def test_it_starts_by_both_kinds_of_firmware_and_asks_which_way(
    pc: Take, uefi: bool, mode: str
) -> None:
    """The image as it is, to the byte: a menu of three, and behind it the first screen."""
    one = pc(uefi=uefi)
    before = one.inner_hashes()
    one.start()
    one.wait_for_menu()
    one.press(*["down"] * _WAYS.index(mode), "ret")
    wait_for(partial(_is_light, one), f"{mode}: no first screen")
    one.still_picture("first-screen")
    one.end()
    assert one.inner_hashes() == before


def _is_light(pc: Pc) -> bool:
    """Say whether most of the screen is as light as the first screen's paper."""
    from PIL import Image, ImageStat

    return ImageStat.Stat(Image.open(pc.picture("now")).convert("L")).mean[0] > 180


def _has_words(pc: Pc) -> bool:
    """Say whether there is something to read below a dark bar: in a window, not on paper alone."""
    from PIL import Image, ImageStat

    screen = Image.open(pc.picture("now")).convert("L")
    bar = screen.crop((300, 0, screen.width - 400, _BAR))
    # Not at the left: the pointer rests there, and a terminal's cursor.
    shades = screen.crop((200, 3 * _BAR, screen.width, screen.height - 2 * _BAR)).histogram()
    paper = shades.index(max(shades))
    words = sum(shades) - sum(shades[max(0, paper - 40) : paper + 40])
    return ImageStat.Stat(bar).mean[0] < 80 and words > _FEW_WORDS


@pytest.mark.parametrize("loader", ["BOOTX64.EFI", "grubx64.efi"], ids=["shim", "grub"])
def test_a_loader_that_was_changed_starts_nothing_under_secure_boot(
    pc: Take, loader: str, run_folder: Path
) -> None:
    """By one sentence: its menu comes without Secure Boot; with it firmware or shim refuses."""
    one = pc(secure_boot=False)
    change_a_loader(one.stick, run_folder, loader)
    started = time.monotonic()
    one.start()
    one.wait_for_menu()
    one.end()
    long_enough = 2 * (time.monotonic() - started)
    other = pc()
    change_a_loader(other.stick, run_folder, loader)
    other.start()
    deadline = time.monotonic() + long_enough
    while time.monotonic() < deadline:
        assert not other.shows_menu()
        time.sleep(1)
    other.picture("refused")


def test_an_investigators_storage_is_made_and_found_again(pc: Take) -> None:
    """A vault made on the stick is there after a restart; nothing reached the PC's own disks."""
    one = pc(mode="investigator")
    before = one.inner_hashes()
    one.start()
    until_first_screen(one)
    # What the firmware says, and what the kernel made of it.
    assert look(one, "od -An -t u1 -j 4 /sys/firmware/efi/efivars/SecureBoot-*").strip() == "1"
    assert "[integrity]" in look(one, "cat /sys/kernel/security/lockdown")
    assert look(one, _DISKS).split() == ["sda", "usb"]
    one.press("ret")
    one.still_picture("storage", "first-screen")
    one.type(f"{PASSPHRASE}\t{PASSPHRASE}\n")
    until_page(one)
    one.still_picture("console", "storage")
    assert "ext4" in look(one, f"findmnt --noheadings --output FSTYPE {_STORE}")
    assert set(look(one, _NETWORK).split()) > {"lo"}
    make_vault(one)
    look(one, "systemctl --no-block poweroff")
    one.wait_until_off()
    assert not holds(one.stick, PASSPHRASE.encode())
    one.start()
    until_first_screen(one)
    one.press("ret")
    one.still_picture("unlock", "first-screen")
    one.type("not the passphrase\n")
    one.picture("waiting")  # the screen says so, and is at rest as well
    wait_for(lambda: look(one, _REFUSED).strip() != "0", "The wrong passphrase was not refused.")
    one.still_picture("wrong", "unlock", "waiting")
    one.type(f"{PASSPHRASE}\n")
    until_page(one)
    one.still_picture("console-again", "wrong")
    assert look(one, f"ls {_STORE}/case-store").split()
    one.end()
    assert one.inner_hashes() == before


def holds(file: Path, wanted: bytes) -> bool:
    """Say whether some bytes are anywhere in a file, which may be larger than the memory."""
    with file.open("rb") as there, mmap.mmap(there.fileno(), 0, access=mmap.ACCESS_READ) as read:
        return read.find(wanted) != -1


def make_vault(pc: Pc) -> None:
    """Make a case store where the console looks for it, for a line that was made up."""
    look(
        pc,
        "cd /tmp; echo 'seven other dice words of a vault' >p; chmod 644 p; "
        'as() { runuser -u user -- env HOME=/home/user "$@"; }; '
        "as quietline agency init /tmp/agency --name 'A line' --server https://tips.example.org "
        "--passphrase-file p; "
        f"as quietline console init {_STORE}/case-store --line /tmp/agency/line.json "
        "--label 'Caseworker 1' --passphrase-file p",
    )


@pytest.mark.parametrize("mode", ["agency", "practise"])
def test_without_a_network_there_is_no_driver_of_one_and_no_way_to_load_it(
    pc: Take, mode: str
) -> None:
    """Neither of two network cards has a driver, and root loads none, also from the other file."""
    one = pc(mode=mode)
    before = one.inner_hashes()
    one.start()
    until_first_screen(one)
    assert look(one, _NETWORK).split() == ["lo"]
    assert look(one, _DISKS).split() == ["sda", "usb"]
    assert look(one, "sysctl -n kernel.modules_disabled").strip() == "1"
    drivers = look(
        one,
        "cd /usr/lib/modules/*/kernel; find drivers/net net/wireless 2>/dev/null || true",
    )
    assert drivers.split() == []
    for driver in ("e1000e", "virtio_net"):
        assert look(one, f"modprobe {driver} 2>/dev/null && echo loaded || echo no").strip() == "no"
    from_the_other_file = look(
        one,
        "mkdir -p /tmp/n; mount -o loop,ro /run/quietline/medium/live/network.squashfs /tmp/n; "
        "insmod \"$(find /tmp/n -name 'e1000e.ko*')\" && echo loaded || true",
    )
    # Refused by the kernel, not for want of the file or of a program that unpacks it.
    assert "Operation not permitted" in from_the_other_file
    assert "loaded" not in from_the_other_file
    assert look(one, _NETWORK).split() == ["lo"]
    if mode == "agency":
        one.press("ret")
        one.still_picture("storage", "first-screen")
        one.type(f"{PASSPHRASE}\t{PASSPHRASE}\n")
        wait_for(lambda: runs(one, "[q]uietline setup agency") and _has_words(one), "No set-up.")
    else:
        one.press("ret")
        until_page(one)
    one.still_picture("at-work", "first-screen")
    one.end()
    assert one.inner_hashes() == before


def test_a_new_version_is_tried_and_the_old_one_comes_back_by_itself(
    pc: Take, image: Path, run_folder: Path
) -> None:
    """A later image of the same system on another stick; a power cut, and one that was damaged."""
    files, signers = run_folder / "files", run_folder / "signers"
    release = Release(run_folder)
    release.signers(signers)
    release.put(files / "old", FIRST)
    work = run_folder / "later"
    made = written.make_later(image, work, BUILT / "kept", 2_000_000_000, "9.9")
    written.take_the_hand(made, work)
    later = made.rename(files / made.name)
    release.sign(files, later)
    one = pc(uefi=False, mode="investigator", signers=signers)
    one.beside = run_folder / "another-stick"
    written.put_on_another_stick(files, one.beside)
    before = one.inner_hashes()

    one.start()
    until_first_screen(one)
    assert ask(one, "make", PASSPHRASE)["storage"] == "open"
    make_vault(one)
    assert ask(one, "versions")["offer"] == later.name
    refuses(one, "older", "")
    refuses(one, "not-signed", "echo >>/media/a/SHA256SUMS")
    assert written.decided(one.stick) == {}
    # A power cut while it is written, once the slot has some of it.
    look(
        one, f"systemd-run --quiet --working-directory={_PROGRAMS} python3 -B -c '{_ASKS}' take ''"
    )
    wait_for(lambda: look(one, _SOMETHING_WRITTEN).strip() == "yes", "Nothing is written.")
    one.cut_power()

    one.start()
    until_first_screen(one)
    assert (slot(one), written.decided(one.stick)) == (1, {"slot": 1})
    assert ask(one, "take")["last"] == "written"
    assert written.decided(one.stick) == {"slot": 1, "trying": 5, "tries": 2}
    one.cut_power()

    # Twice it starts anew, by itself, and then it is the old one.
    written.damage(one.stick, 5, work / "iso/live/base.squashfs")
    one.start()
    until_first_screen(one)
    assert (slot(one), written.decided(one.stick)["tries"]) == (1, 0)
    assert ask(one, "versions")["last"] == "failed"
    assert ask(one, "take")["last"] == "written"
    one.cut_power()

    one.start()
    until_first_screen(one)
    assert slot(one) == 6
    assert look(one, "cat /run/quietline/medium/live/version").strip() == "9.9"
    one.press("ret")
    one.still_picture("unlock", "first-screen")
    one.type(f"{PASSPHRASE}\n")
    wait_for(lambda: written.decided(one.stick) == {"slot": 6}, "The console did not come up.")
    assert look(one, f"ls {_STORE}/case-store").split()
    one.end()
    assert one.inner_hashes() == before


def ask(pc: Pc, what: str, passphrase: str = "") -> dict[str, str]:
    """Ask the system for something, as the screen does."""
    said = look(
        pc,
        f"""cd {_PROGRAMS}; runuser -u user -- python3 -B -c '{_ASKS}' {what} '{passphrase}'""",
    )
    answer: dict[str, str] = json.loads(said)
    return answer


def refuses(pc: Pc, why: str, change: str) -> None:
    """See that what is older, and was changed in some way, is refused."""
    # The newer one on the same stick would be taken instead: its list is put away meanwhile.
    look(pc, f"cd /media/sd*; mv SHA256SUMS away; cp -r old /media/a; {change or ':'}")
    assert ask(pc, "take") == {"error": why}
    look(pc, "rm -r /media/a; cd /media/sd*; mv away SHA256SUMS")


def slot(pc: Pc) -> int:
    """Return from which slot a PC was started."""
    return int(look(pc, "cat /run/quietline/slot"))
