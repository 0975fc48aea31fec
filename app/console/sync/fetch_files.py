"""Attachments received: fetched as ciphertext, verified once whole.

A file is HERE when every chunk is on the disk, opens in its place, and the pieces give the tree
hash that the sender's browser made. The plain SHA-256 is added then.
"""

import asyncio
import errno
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field

from app.client.line_client import LineClient
from app.client.line_errors import LineRefused
from app.console.rules import fetching
from app.console.vault import Vault
from app.console.vault.attachments import files
from app.console.vault.attachments.chunk_folders import ChunkFolder
from app.console.vault.attachments.decrypted_files import pieces
from app.console.vault.attachments.files import File, FileState
from app.protocol.attachments import TreeHash, check_chunk, chunk_id
from app.protocol.errors import ProtocolError
from app.sentences.translatable import say

ROUNDS = 2
"""A chunk that does not open is fetched once more in the same sync, then at a later one."""

_MISSING = say("A part of this file is not on the server.")
_CHANGED = say("A part of this file does not open: it was changed on its way or on a disk.")
_NO_ROOM = say(
    "This computer's disk has too little room for this file: it is fetched when you say so."
)


@dataclass(slots=True)
class Fetched:
    """How many files came whole, those that did not, and whether some were left for the next."""

    completed: int = 0
    problems: list[str] = field(default_factory=list)
    left: bool = False


async def fetch_files(
    vault: Vault,
    client: LineClient,
    *,
    now: Callable[[], int],
    budget_exhausted: Callable[[], bool],
    progress: Callable[[int, int], None],
) -> Fetched:
    """Fetch what is wanted, resuming where it stopped, until ``budget_exhausted`` says enough."""
    with vault.read() as tx:
        wanted = files.to_fetch(tx, now())
    total, done = sum(file.chunks for file in wanted), 0
    result = Fetched()
    for place, file in enumerate(wanted):
        if place and budget_exhausted():
            result.left = True
            break
        progress(done, total)
        if not _has_room(vault, file):
            with vault.write() as tx:
                files.set_state(tx, file.id, FileState.HELD, _NO_ROOM)
            continue
        try:
            problem = await _fetch(vault, client, file, now, budget_exhausted)
        except _Enough:
            result.left = True
            break
        if problem is None:
            result.completed += 1
        else:
            result.problems.append(f"{file.name}: {problem}")
        done += file.chunks
    return result


class _Enough(Exception):
    """The time that files may take of one sync is over."""


async def _fetch(
    vault: Vault,
    client: LineClient,
    file: File,
    now: Callable[[], int],
    budget_exhausted: Callable[[], bool],
) -> str | None:
    """Fetch one file, whole and verified, or note and return what is wrong. Raises _Enough."""
    problem = None
    for turn in range(file.failures + 1, file.failures + 1 + ROUNDS):
        try:
            problem = await _fetch_chunks(vault, client, file, budget_exhausted)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            with vault.write() as tx:
                files.set_state(tx, file.id, FileState.HELD, _NO_ROOM)
            return _NO_ROOM
        problem = problem or await asyncio.to_thread(_verify, vault, file)
        if problem is None:
            return None
        ended = turn >= (fetching.BAD_OPENS if problem == _CHANGED else fetching.TRIES_MAX)
        with vault.write() as tx:
            retry_at = None if ended else now() + fetching.pause(turn)
            files.failed(tx, file, problem, retry_at)
        if ended or problem == _MISSING:
            break
    return problem


def _has_room(vault: Vault, file: File) -> bool:
    if file.by_hand:
        return True
    folder = ChunkFolder(vault.files, file.folder)
    lacking = sum(not folder.has(index) for index in range(file.chunks))
    return fetching.fits(lacking, shutil.disk_usage(vault.files).free)


async def _fetch_chunks(
    vault: Vault, client: LineClient, file: File, budget_exhausted: Callable[[], bool]
) -> str | None:
    """Put every chunk onto the disk, each checked before; return what is wrong with one."""
    folder = ChunkFolder(vault.files, file.folder)
    for index in range(file.chunks):
        fetched = not folder.has(index)
        if fetched:
            try:
                chunk = await client.chunk(chunk_id(file.key, index))
            except LineRefused as error:
                if error.status != 404:
                    raise
                return _MISSING
            try:
                await asyncio.to_thread(check_chunk, file.key, index, file.chunks, chunk)
            except ProtocolError:
                return _CHANGED
            await asyncio.to_thread(folder.write, index, chunk)
        with vault.write() as tx:
            files.progress(tx, file.id, index + 1)
        if fetched and budget_exhausted() and index + 1 < file.chunks:
            raise _Enough
    return None


def _verify(vault: Vault, file: File) -> str | None:
    """Open the whole file in memory, piece by piece; return which part to ask for again.

    What is whole but not as the message says is noted as that, and final.
    """
    tree, sha256, size, opened = TreeHash(), hashlib.sha256(), 0, 0
    try:
        for piece in pieces(vault, file):
            tree.update(piece)
            sha256.update(piece)
            size += len(piece)
            opened += 1
    except ProtocolError:
        # Each was checked when it came, so this one changed on the disk: ask for it again.
        ChunkFolder(vault.files, file.folder).drop(opened)
        return _CHANGED
    broken = None
    if size != file.size:
        broken = say("This file has another size than the message says.")
    elif tree.digest().hex() != file.tree:
        broken = say("This file is not the one that the message describes: its hash differs.")
    with vault.write() as tx:
        state = FileState.BROKEN if broken else FileState.HERE
        files.set_state(tx, file.id, state, broken, sha256.hexdigest())
    return None
