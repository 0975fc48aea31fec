"""Where data ends up: room, kinds of file systems, swap, core dumps."""

from __future__ import annotations

from pathlib import Path

from app.protocol.wire import ENVELOPE_BYTES
from app.server.operations.doctor.findings import Finding, Notes, Unchecked
from app.server.operations.doctor.machine import Machine
from app.server.settings import Settings

_KEEP_OLD = frozenset({"btrfs", "zfs", "bcachefs", "nilfs2", "f2fs"})
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "glusterfs"})
_LOST = frozenset({"tmpfs", "ramfs"})
_KNOWN_DUMPERS = ("systemd-coredump", "apport", "abrt", "/bin/false", "/bin/true")
"""Programs that respect a limit of zero, which the server sets for itself, or keep nothing."""
_SLOT_BYTES = ENVELOPE_BYTES + 512


def check(settings: Settings, machine: Machine, size: int) -> Notes:
    """Look at the places where the server keeps data; ``size`` is the message slots made."""
    data = settings.data_folder
    if data.is_dir():
        yield from _room(settings, machine, size)
        yield from _file_system(data.resolve(), machine)
    yield from _swap(machine)
    yield from _cores(machine)


def _room(settings: Settings, machine: Machine, size: int) -> Notes:
    growth = 0
    if settings.database.startswith("sqlite"):
        growth += max(0, settings.slots_cap - size) * _SLOT_BYTES
    if settings.blob_url is None:
        made = sum(path.stat().st_size for path in settings.blobs.rglob("*") if path.is_file())
        growth += max(0, settings.blob_quota_bytes - made) + settings.disk_reserve_bytes
    free = machine.free(settings.data_folder)
    if free < growth:
        yield Finding(
            "room",
            f"The disk of {settings.data_folder} has {_size(free)} free, and the settings allow "
            f"{_size(growth)} more: make {_size(growth - free)} of room, or lower "
            f"blob_quota_bytes, which is {settings.blob_quota_bytes}, in its settings.",
        )


def _file_system(folder: Path, machine: Machine) -> Notes:
    mounts = machine.text("proc/self/mountinfo")
    kind = None if mounts is None else _kind(mounts, folder)
    if kind is None:
        yield Unchecked("file-system", f"The kind of file system of {folder} is not known.")
        return
    yield Unchecked(
        "snapshots",
        "Snapshots and copies below the file system (LVM, a virtual machine's disk, a provider's "
        "backup) cannot be seen from here: turn them off, for they keep what was deleted.",
    )
    if kind in _KEEP_OLD:
        yield Finding(
            "file-system",
            f"{folder} is on {kind}, which keeps what is overwritten and may hold snapshots: use "
            "ext4 or xfs for it, without snapshots.",
        )
    if kind in _NETWORK:
        yield Finding(
            "file-system",
            f"{folder} is on {kind}, over a network: a database there can be damaged. Use a disk "
            "of this machine.",
        )
    if kind in _LOST:
        yield Finding(
            "file-system",
            f"{folder} is on {kind}: everything is lost when the machine stops. Use a disk.",
        )
    if kind == "overlay":
        yield Finding(
            "file-system",
            f"{folder} is inside a container's own layer and goes with it: use a volume.",
        )


def _kind(mounts: str, folder: Path) -> str | None:
    """Return the type of the last mount with the longest path that holds a folder."""
    best, kind = -1, None
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        point = Path(fields[4].replace("\\040", " "))
        if folder.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split()[0]
    return kind


def _swap(machine: Machine) -> Notes:
    swaps = machine.text("proc/swaps")
    if swaps is None:
        yield Unchecked("swap", "Whether memory is swapped to a disk is not known.")
        return
    for line in swaps.splitlines()[1:]:
        device = line.split()[0] if line.split() else ""
        name = device.removeprefix("/dev/")
        uuid = machine.text(f"sys/block/{name}/dm/uuid") or ""
        if device and not name.startswith("zram") and not uuid.startswith("CRYPT"):
            yield Finding(
                "swap",
                f"Memory is swapped to {device}, which is not seen to be encrypted: turn swap off "
                "(swapoff, /etc/fstab), or encrypt it with a key drawn at each start.",
            )


def _cores(machine: Machine) -> Notes:
    pattern = (machine.text("proc/sys/kernel/core_pattern") or "").strip()
    if pattern.startswith("|") and not any(name in pattern for name in _KNOWN_DUMPERS):
        yield Finding(
            "core-dumps",
            f"The memory of a program that crashes is handed to {pattern[1:].split()[0]}: set "
            "kernel.core_pattern to |/bin/false.",
        )
    for server in machine.servers():
        limits = machine.text(f"proc/{server.pid}/limits") or ""
        for line in limits.splitlines():
            if line.startswith("Max core file size") and line.split()[4] != "0":
                yield Finding(
                    "core-dumps",
                    "The server may leave its memory on the disk when it crashes: set LimitCORE=0 "
                    "in its unit.",
                )


def _size(count: int) -> str:
    return f"{count / 2**30:.1f} GiB"
