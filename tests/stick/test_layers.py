"""What is taken out of the system, and what lies in the file of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from deploy.stick import image, layers, root

STAYS = (
    "drivers/usb/storage/uas.ko.xz",
    "drivers/scsi/sd_mod.ko.xz",
    "drivers/md/dm-crypt.ko.xz",
    "fs/ext4/ext4.ko.xz",
)
INNER = (
    "drivers/ata/ahci.ko.xz", "drivers/nvme/host/nvme.ko.xz", "drivers/mmc/core/mmc_block.ko.xz",
    "drivers/scsi/megaraid/megaraid_sas.ko.xz", "drivers/scsi/virtio_scsi.ko.xz",
    "drivers/block/virtio_blk.ko.xz",
    "drivers/md/raid1.ko.xz", "drivers/firmware/efi/efi-pstore.ko.xz",
)  # fmt: skip
NETWORK = (
    "drivers/net/ethernet/intel/e1000e/e1000e.ko.xz",
    "drivers/net/virtio_net.ko.xz",
    "net/wireless/cfg80211.ko.xz",
)


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """Return a kernel's modules, by their names alone."""
    folder = tmp_path / "root/usr/lib/modules/6.12"
    for name in (*STAYS, *INNER, *NETWORK):
        file = folder / "kernel" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (folder / "modules.dep").write_text("all of them")
    return folder


def _names(folder: Path) -> set[str]:
    return {str(one.relative_to(folder / "kernel")) for one in (folder / "kernel").rglob("*.xz")}


def test_no_driver_of_a_disk_that_is_built_in_stays(modules: Path) -> None:
    root.without_inner_disks(modules)
    assert _names(modules) == {*STAYS, *NETWORK}


def test_drivers_of_networks_lie_in_the_file_of_their_own(
    modules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "run", lambda *_, **__: "")
    system, network = tmp_path / "root", tmp_path / "network"
    firmware = system / "usr/lib/firmware"
    for name in ("amdgpu/one.bin", "intel/sof-tplg/two.bin", "iwlwifi-3.ucode", "intel/ibt-4.sfi"):
        (firmware / name).parent.mkdir(parents=True, exist_ok=True)
        (firmware / name).touch()
    layers.split(system, modules, network)
    there = network / "usr/lib/modules/6.12"
    assert _names(there) == set(NETWORK)
    assert _names(modules) == {*STAYS, *INNER}
    assert (there / "modules.dep").read_text() == "all of them"
    assert {one.name for one in firmware.rglob("*") if one.is_file()} == {"one.bin", "two.bin"}
    assert (network / "usr/lib/firmware/iwlwifi-3.ucode").is_file()


def test_the_identifier_is_written_as_blkid_prints_it() -> None:
    assert image.as_uuid(image.identifier("1796000000")) == "2026-11-30-00-53-20-00"


def test_what_the_menu_names_is_what_the_units_ask_for() -> None:
    """A way to start that a unit does not know would have a network, or none, by mistake."""
    ways = {
        line.split("--id ")[1].split()[0]
        for line in image.MENU.read_text().splitlines()
        if "--id " in line
    }
    assert ways == {"investigator", "agency", "practise", "off"}
    units = root.SYSTEM / "usr/lib/systemd/system"
    closed = (units / "quietline-stick-closed.service").read_text()
    assert "ConditionKernelCommandLine=!quietline.mode=investigator\n" in closed


def test_scripts_of_the_stick_are_shell_that_can_be_read() -> None:
    programs = root.SYSTEM / "usr/lib/quietline-stick"
    scripts = [
        one for one in programs.iterdir() if one.is_file() and one.read_bytes()[:3] == b"#!/"
    ]
    assert {one.name for one in scripts} >= {"session", "browser", "agency", "other-stick"}
    for script in [*scripts, root.SYSTEM / "etc/initramfs-tools/scripts/quietline"]:
        shell = "bash" if b"bash" in script.read_bytes()[:20] else "sh"
        assert subprocess.run([shell, "-n", script], check=False).returncode == 0, script


def test_files_of_the_stick_can_be_read_however_they_lie_here(tmp_path: Path) -> None:
    """Checked out by somebody who keeps files to themselves: nobody could start anything."""
    tree, system = tmp_path / "tree", tmp_path / "system"
    for name, mode in (("usr/lib/a/program", 0o700), ("usr/lib/a/settings", 0o600)):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).touch()
        (tree / name).chmod(mode)
    (tree / "usr/lib/a").chmod(0o700)
    (tree / "usr/lib/a/__pycache__").mkdir()
    (tree / "usr/lib/a/__pycache__/left.pyc").touch()
    root.give(tree, system)
    modes = {str(one.relative_to(system)): one.stat().st_mode & 0o777 for one in system.rglob("*")}
    assert modes == {
        "usr": 0o755, "usr/lib": 0o755, "usr/lib/a": 0o755,
        "usr/lib/a/program": 0o755, "usr/lib/a/settings": 0o644,
    }  # fmt: skip
