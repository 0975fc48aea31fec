"""Which partitions of other sticks are shown, and which one of a PC a start looks at."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from deploy.stick import image, root
from tests.stick.later import PROGRAMS

RULE = root.SYSTEM / "usr/lib/udev/rules.d/90-quietline-stick.rules"
START = root.SYSTEM / "etc/initramfs-tools/scripts/quietline"
_BLKID = """#!/bin/sh
grep "^$6 $3 " {types} | cut -d ' ' -f 3
"""


def _show(folder: Path, part: str, *types: str) -> list[str]:
    """Put in a stick whose partitions say these types and labels; return what is mounted."""
    programs = folder / "programs"
    programs.mkdir()
    (folder / "types").write_text("".join(f"{one}\n" for one in types))
    for name, text in {
        "blkid": _BLKID.format(types=folder / "types"),
        "cat": "#!/bin/sh\necho /dev/sda\n",
        "mkdir": "#!/bin/sh\n",
        "mount": f'#!/bin/sh\necho "$@" >>{folder}/mounted\n',
    }.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    (folder / "mounted").touch()
    subprocess.run(
        ["sh", str(PROGRAMS / "other-stick"), "show", part],
        env={"PATH": f"{programs}:{os.environ['PATH']}"}, check=False,
    )  # fmt: skip
    return [line.split()[-2] for line in (folder / "mounted").read_text().splitlines()]


def test_an_ordinary_stick_is_shown_also_a_second_partition(tmp_path: Path) -> None:
    assert _show(tmp_path, "sdb2", "/dev/sdb1 TYPE ext4", "/dev/sdb2 TYPE vfat") == ["/dev/sdb2"]


def test_nothing_of_another_stick_like_this_one_is_shown(tmp_path: Path) -> None:
    """Whoever writes to it would decide what it starts, or what it is started by."""
    first = ("/dev/sdb1 TYPE iso9660", f"/dev/sdb1 LABEL {image.LABEL}")
    assert _show(tmp_path, "sdb2", *first, "/dev/sdb2 TYPE vfat") == []


def test_a_cd_of_another_name_hides_no_partition_behind_it(tmp_path: Path) -> None:
    first = ("/dev/sdb1 TYPE iso9660", "/dev/sdb1 LABEL DEBIAN")
    assert _show(tmp_path, "sdb2", *first, "/dev/sdb2 TYPE vfat") == ["/dev/sdb2"]


@pytest.mark.parametrize("kind", ["0xef", "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"])
def test_what_uefi_starts_from_is_left_out_in_both_kinds_of_table(kind: str) -> None:
    assert f'ENV{{ID_PART_ENTRY_TYPE}}!="{kind}"' in RULE.read_text().split(", ")


def test_a_start_looks_at_first_partitions_alone(tmp_path: Path) -> None:
    """An eleventh one's number ends in 1, too."""
    for name in ("sda1", "sdb11", "sdb21", "sdab1", "sdc", "sdd2"):
        device = tmp_path / "devices/usb1" / name
        device.mkdir(parents=True)
        (tmp_path / name).symlink_to(device)
    script = START.read_text().replace("/sys/class/block", str(tmp_path))
    done = subprocess.run(
        ["sh", "-c", f"{script}\nblkid() {{ echo wanted; }}\nfind_media wanted"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert sorted(done.stdout.split()) == ["/dev/sda1", "/dev/sdab1"]
