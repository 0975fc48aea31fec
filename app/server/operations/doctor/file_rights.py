"""Who can read and change the server's files, folders and socket."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from app.server.operations.doctor.findings import Finding, Notes, Unchecked
from app.server.operations.doctor.machine import Machine
from app.server.settings import Settings

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_SOCKET = Path("run/quietline/server.sock")
_MORE_SOCKETS = "run/quietline-*/server.sock"
"""Of further servers on a machine (quietline-server@.service)."""


def check(settings: Settings, machine: Machine, config: Path | None, uds: Path | None) -> Notes:
    """Look at the data, the settings' file, the signed files and the socket's folder."""
    data = settings.data_folder
    if not data.is_dir():
        yield Finding(
            "data",
            f'There is no data folder {data}: run "quietline server migrate", which makes it.',
        )
    else:
        yield from _private(data, settings.blob_folder)
        yield from _owned(data, machine)
    if config is not None and _holds_secrets(settings) and config.stat().st_mode & _OTHERS:
        yield Finding(
            "readable",
            f"Others can read {config}, which holds secrets: chmod 600 {config}",
        )
    for path in (settings.directory_file, settings.site_folder, config):
        if path is not None and path.exists() and _others_write(path):
            yield Finding(
                "writable", f"Others can change {path}: take their right away (chmod go-w)."
            )
    yield from _socket(uds or machine.root / _SOCKET)
    for path in sorted(machine.root.glob(_MORE_SOCKETS)):
        yield from _socket(path)


def _private(data: Path, blobs: Path | None) -> Notes:
    """Yield one finding, with one example, however many files there are."""
    open_to_others = [
        path
        for path in _all(data, *([blobs] if blobs is not None and blobs.is_dir() else []))
        if path.lstat().st_mode & _OTHERS and not path.is_symlink()
    ]
    if open_to_others:
        first, more = open_to_others[0], len(open_to_others) - 1
        others = f" and {more} more" if more else ""
        yield Finding(
            "readable",
            f"Others can read {first}{others}: chmod -R go-rwx {data}",
        )


def _owned(data: Path, machine: Machine) -> Notes:
    uids = {server.uid for server in machine.servers()}
    if 0 in uids:
        yield Finding("root", "The server runs as root: give it a user of its own.")
        return
    if not uids:
        yield Unchecked(
            "owner", "No server runs here that could be seen: its user was not compared."
        )
    expected = uids or {data.stat().st_uid}
    strangers = [path for path in _all(data) if path.lstat().st_uid not in expected]
    if strangers:
        owner = min(expected)
        yield Finding(
            "owner",
            f"{strangers[0]} does not belong to the server's user (number {owner}), which cannot "
            f"use it: chown -R {owner} {data}",
        )


def _socket(path: Path) -> Notes:
    try:
        folder = path.parent.stat()
    except OSError:
        yield Unchecked("socket", f"There is no {path}: name the server's socket with --uds.")
        return
    if folder.st_mode & stat.S_IRWXO:
        yield Finding(
            "socket",
            f"Every user of the machine may enter {path.parent} and speak to the server: chmod 750 "
            "it, with the proxy's group.",
        )


def _all(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield folder
        for at, names, files in os.walk(folder):
            yield from (Path(at) / name for name in (*names, *files))


def _others_write(path: Path) -> bool:
    """Say whether others may write in the folder: they could put another file in its place."""
    if path.stat().st_mode & _OTHERS_WRITE:
        return True
    above = path.absolute().parent.stat().st_mode
    return bool(above & stat.S_IWOTH) and not above & stat.S_ISVTX


def _holds_secrets(settings: Settings) -> bool:
    return any((settings.shared_secret, settings.shared_url, settings.database_url))
