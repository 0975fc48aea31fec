"""The stick's system: Debian, our package, the files of ``system/``, less what it must not have.

What it must not have are drivers of disks that are built into a PC: what no driver is there for
cannot be read, written or offered, whatever else goes wrong.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from deploy.package.bare import Bare
from deploy.release.source import Failed, run

SYSTEM = Path(__file__).with_name("system")
LANGUAGES = Path(__file__).with_name("languages")
INNER_DISKS = (
    "drivers/ata", "drivers/nvme", "drivers/mmc", "drivers/md/raid*", "drivers/md/md-mod*",
    "drivers/memstick", "drivers/mtd", "drivers/ufs", "drivers/nvdimm", "drivers/dax",
    "drivers/pcmcia",
    "drivers/firewire", "drivers/target", "drivers/message", "drivers/virtio/virtio_pmem*",
    "drivers/block/virtio_blk*", "drivers/block/nbd*", "drivers/block/rbd*", "drivers/block/drbd",
    "drivers/block/xen-blkfront*", "drivers/block/aoe", "drivers/block/floppy*",
    "drivers/block/mtip32xx", "drivers/block/rnbd", "drivers/block/ublk_drv*",
    "drivers/firmware/efi/efi-pstore*",
)  # fmt: skip
"""Of the kernel's modules, as patterns. Sticks need none of these."""
SCSI_THAT_STAYS = ("scsi_mod", "scsi_common", "sd_mod", "sr_mod", "sg")
"""Of ``drivers/scsi``, these alone: the rest are controllers of a PC's or a server's disks."""
_LEFT_OUT = (
    "var/cache/apt", "var/lib/apt/lists", "var/log", "var/cache/debconf", "var/cache/ldconfig",
    "usr/share/man", "usr/share/info", "usr/share/lintian", "usr/share/locale",
    "var/lib/dpkg/info", "boot", "etc/machine-id.old", "var/lib/systemd/random-seed",
)  # fmt: skip
_OFF = (
    "tor.service", "tor@default.service", "getty@tty1.service", "autovt@.service",
    "apt-daily.timer",
    "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "fstrim.timer",
    "e2scrub_reap.service", "systemd-pstore.service", "systemd-boot-random-seed.service",
    "serial-getty@.service", "emergency.service", "rescue.service", "debug-shell.service",
    "systemd-hwdb-update.service", "systemd-firstboot.service", "systemd-networkd.service",
    "systemd-networkd.socket", "man-db.timer", "ModemManager.service",
)  # fmt: skip
"""Never started: Tor is the console's own, nobody signs in at a text screen, no disk is tended."""
_OURS = (
    "quietline-stick-closed.service", "quietline-stick-screen.service",
    "quietline-stick-hand.socket",
)  # fmt: skip


def lay_out(base: Path, package: Path, root: Path, moment: str) -> None:
    """Make the system in an empty folder. Raises Failed; needs root."""
    run("tar", "-C", root, "-xf", base)
    debian = Bare(root)
    debian.run("useradd", "--create-home", "--uid", "1000", "--shell", "/bin/bash", "user")
    debian.run("usermod", "--append", "--groups", "video,input,audio,netdev", "user")
    inside = debian.give(package)
    try:
        debian.run("dpkg", "--install", inside)
    except Failed as failed:
        raise Failed(f"Our package wants what packages.txt does not name. {failed}") from None
    give(SYSTEM, root)
    give(LANGUAGES, root / "usr/share/quietline-stick/languages")
    debian.run("systemctl", "mask", *_OFF)
    debian.run("systemctl", "enable", *_OURS)
    debian.run("systemctl", "set-default", "multi-user.target")
    for name in ("NetworkManager", "wpa_supplicant", "systemd-timesyncd"):
        _only_with_network(root, name)
    without_inner_disks(kernel_modules(root))
    _identity(root)
    debian.run(
        "env",
        f"SOURCE_DATE_EPOCH={moment}",
        "update-initramfs",
        "-c",
        "-k",
        kernel_modules(root).name,
    )


def give(tree: Path, root: Path) -> None:
    """Lay files into a system: all may read them, and run what is a program.

    How the tree lies here is not taken over: who checked it out may have kept it to themselves.
    """
    for file in sorted(tree.rglob("*")):
        # Tests import the stick's programs where they lie: what that left is no part of them.
        if not file.is_file() or "__pycache__" in file.parts:
            continue
        target = root / file.relative_to(tree)
        for folder in reversed(target.parents):
            folder.mkdir(mode=0o755, exist_ok=True)
        shutil.copyfile(file, target)
        target.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)


def trust(key: Path, root: Path) -> None:
    """Let the system believe later versions that a release's key has signed. Raises Failed."""
    try:
        kind, given, *_ = key.read_text().split()
    except (OSError, ValueError):
        raise Failed(f"{key} is no public key of OpenSSH.") from None
    if not kind.startswith(("ssh-", "sk-", "ecdsa-")):  # the other half, say
        raise Failed(f"{key} is no public key of OpenSSH.")
    run("ssh-keygen", "-l", "-f", key)
    signers = root / "usr/share/quietline-stick/allowed_signers"
    signers.write_text(f'quietline namespaces="quietline-release" {kind} {given}\n')
    signers.chmod(0o644)


def kernel_modules(root: Path) -> Path:
    """Return the folder of the one kernel's modules. Raises Failed."""
    found = list((root / "usr/lib/modules").iterdir())
    if len(found) != 1:
        raise Failed(f"One kernel was expected: {[one.name for one in found]}")
    return found[0]


def without_inner_disks(modules: Path) -> None:
    """Take away what reaches a disk that is built in."""
    drivers = modules / "kernel"
    for pattern in INNER_DISKS:
        for path in drivers.glob(pattern):
            _away(path)
    for path in (drivers / "drivers/scsi").iterdir():
        if path.name.split(".")[0] not in SCSI_THAT_STAYS:
            _away(path)


def trim(root: Path) -> None:
    """Take away what building it left, and what nobody reads on a stick."""
    for name in _LEFT_OUT:
        _away(root / name)
    for path in root.glob("root/*.deb"):
        path.unlink()
    for path in root.glob("usr/share/doc/*/*"):
        if path.name != "copyright":  # who hands an image on, hands licences on
            _away(path)
    for name in ("var/log", "boot", "var/cache/apt", "var/lib/apt/lists"):
        (root / name).mkdir(parents=True, exist_ok=True)


def _only_with_network(root: Path, unit: str) -> None:
    folder = root / "etc/systemd/system" / f"{unit}.service.d"
    folder.mkdir(parents=True, exist_ok=True)
    condition = "[Unit]\nConditionKernelCommandLine=quietline.mode=investigator\n"
    (folder / "quietline-stick.conf").write_text(condition)


def _identity(root: Path) -> None:
    """Give every stick the same name, and none an identity that lasts."""
    (root / "etc/hostname").write_text("localhost\n")
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
    (root / "etc/fstab").write_text("")
    # Empty: another one at each start. "uninitialized" would be a first start: systemd then asks
    # questions, and enables all that presets name, its own network service among them.
    (root / "etc/machine-id").write_text("")
    (root / "etc/resolv.conf").unlink(missing_ok=True)
    (root / "etc/resolv.conf").symlink_to("/run/NetworkManager/resolv.conf")
    # The day on which the password was set is the day of building.
    for name in ("etc/shadow", "etc/shadow-"):
        rows = (root / name).read_text().splitlines()
        fields = [row.split(":") for row in rows]
        said = [":".join([*one[:2], "20000", *one[3:]]) for one in fields]
        (root / name).write_text("\n".join(said) + "\n")


def _away(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
