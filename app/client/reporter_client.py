"""A reporter's side of the line without a browser: send with files, check, read.

It holds no state and writes nothing: the receipt code is the caller's to show or to forget. The
line client comes from outside, so that whoever calls chooses the way. Files pass through piece by
piece. The specification is docs/spec: batch, attachments, answers.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.client.desk_changes import ChangedDesks, changed_desks
from app.client.few_readers import FewReaders, few_of
from app.client.line_client import LineClient
from app.client.line_errors import LineError, LineRefused
from app.client.parcel import Parcel, Progress, Upload, upload
from app.client.retry import while_busy
from app.protocol import answers, attachments, bodies, work
from app.protocol.batch import seal_batch
from app.protocol.bodies import FileRef
from app.protocol.bundles import looks_old, open_bundles, reference_time
from app.protocol.directory import Desk, Directory, open_directory
from app.protocol.envelope import open_envelope
from app.protocol.errors import (
    BadBody,
    BadBundle,
    BadDirectory,
    CannotOpen,
    ExpiredDirectory,
    LooksOld,
)
from app.protocol.group import Rng
from app.protocol.identities import ReporterIdentity
from app.protocol.secrets import Secret
from app.protocol.shuffle import shuffled
from app.protocol.wire import MESSAGE_ID_BYTES, EpochBundles
from app.sentences.translatable import say

DOWNLOADS = 8
"""Messages downloaded at each check, whatever was found (spec: challenges, 5)."""
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """A message that waits for the holder of a code, from a verified investigator."""

    message_id: bytes
    sender: int
    """The writer's index in the directory."""
    body: dict[str, Any]
    desk: Desk | None
    """In whose name it may be shown; what the body says of that is not believed."""
    left: dt.date | None
    """The day on which the writer left the line; whatever day the answer names."""


class ReporterClient:
    """One visit to a line, by a 32-byte line id and an open line client.

    ``clock`` gives this device's Unix seconds. Where it is plainly later than what the line shows,
    nothing is refused but once: whoever sends again, or has set ``warned_old``, has been told.
    """

    def __init__(
        self,
        line: LineClient,
        line_id: bytes,
        rng: Rng = os.urandom,
        progress: Progress = lambda *_: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._line = line
        self._line_id = line_id
        self._rng = rng
        self.progress = progress
        self.warned_old = False
        self._clock = clock
        self._newest: Directory | None = None

    def tell_of_work(self, progress: work.Progress) -> None:
        """Have somebody told how far the work is that the line asks for."""
        self._line.working = progress

    async def directory(self) -> Directory:
        """Fetch and verify the directory. Raises ProtocolError, LineError.

        Within a visit it never goes back: no reporter is shown one list and sends by an older.
        """
        directory = open_directory(await self._line.directory(), self._line_id)
        newest = self._newest
        if newest is not None and not _goes_on(newest, directory):
            raise BadDirectory(say("The line shows another directory than a moment ago, no newer."))
        self._newest = directory
        return directory

    def looks_old(self, directory: Directory, bundles: EpochBundles | None = None) -> bool:
        """Say whether by this device's clock what the line shows is plainly of the past."""
        reference = None if bundles is None else reference_time(bundles, directory)
        return looks_old(directory, reference, int(self._clock()))

    async def recipients(self) -> tuple[Directory, EpochBundles]:
        """Return the directory and who in it can be sealed to now. Raises as ``send``."""
        directory = await self.directory()
        bundles = open_bundles(await self._line.bundles(), directory)
        _not_expired(directory, bundles)
        return directory, bundles

    async def send(
        self,
        identity: ReporterIdentity,
        kind: str,
        fields: dict[str, Any],
        files: Iterable[Upload] = (),
        *,
        few: bool = False,
    ) -> None:
        """Send a ``report`` or ``message`` to the desks named in ``fields["desks"]``.

        ``few`` says that it goes however few can read.

        Returns when the server has made it durable. Raises FewReaders, ProtocolError, LineError,
        OSError for a file that cannot be read.
        """
        parcel = self.pack(kind, fields, files)
        parcel.agreed = dict.fromkeys(fields["desks"], 1) if few else {}
        await self.deliver(identity, parcel)

    def pack(
        self,
        kind: str,
        fields: dict[str, Any],
        files: Iterable[Upload] = (),
        *,
        read: Directory | None = None,
    ) -> Parcel:
        """Make a message ready to be delivered; nothing of it leaves yet.

        ``read`` is the directory from which a person chose the desks, if one did.
        """
        all_files = tuple(files)
        keys = tuple(Secret(self._rng(attachments.KEY_BYTES)) for _ in all_files)
        mid = bodies.new_mid(self._rng)
        return Parcel(kind, fields, all_files, mid, keys, [0] * len(all_files), read=read)

    async def deliver(self, identity: ReporterIdentity, parcel: Parcel) -> None:
        """Send a message that was packed; after a failure, go on with it. Raises as ``send``.

        Files go first, bundles are fetched last, and a stale epoch is sealed again with the same
        mid. Raises LooksOld, once in a visit, and ChangedDesks if ``parcel.read`` is set.
        """
        desks = set(parcel.fields["desks"])
        (await self.directory()).members(desks)  # before anything is uploaded
        for number in range(len(parcel.files)):
            if number not in parcel.refs:
                parcel.refs[number] = await upload(
                    self._line, parcel, number, self._rng, self.progress
                )
        files = [parcel.refs[number].to_json() for number in range(len(parcel.files))]
        body = bodies.write_body(parcel.kind, parcel.mid, {**parcel.fields, "files": files})
        for _ in range(ATTEMPTS):
            # An epoch names its directory, so both are fetched anew when it has turned.
            directory, bundles = await self.recipients()
            if self.looks_old(directory, bundles) and not self.warned_old:
                self.warned_old = True
                raise LooksOld(say("By this device's clock what the line shows is of the past."))
            chosen = _readers(directory, bundles, desks)
            lang = str(parcel.fields.get("lang", ""))
            if parcel.read and (changed := changed_desks(desks, parcel.read, directory, lang)):
                raise ChangedDesks(changed, directory)
            if few := few_of(directory, bundles, desks, parcel.agreed):
                raise FewReaders(few)
            batch = await asyncio.to_thread(
                seal_batch, directory, bundles, identity.sender(), chosen, body, self._rng
            )
            try:
                post = partial(self._line.post_messages, bundles.epoch, batch)
                await while_busy(post, self._rng)
            except LineRefused as error:
                if error.name != "stale-bundles":
                    raise
            else:
                return
        raise LineError(say("The line changed its keys again and again while this was being sent."))

    async def delete(self, answers: Iterable[Answer]) -> None:
        """Delete answers on the line; whoever comes with the code finds them no more."""
        for answer in answers:
            await self._line.delete_message(answer.message_id)

    async def fetch(self, file: FileRef) -> AsyncIterator[bytes]:
        """Yield a file's bytes, piece by piece. Raises CannotOpen, LineError.

        Its end and its tree hash are checked last: what was yielded is the file only if nothing
        was raised.
        """
        tree = attachments.TreeHash()
        waiting: deque[bytes] = deque()
        pieces = attachments.decrypt_chunks(file.key, file.chunks, iter(waiting.popleft, b""))
        for index in range(file.chunks):
            chunk_id = attachments.chunk_id(file.key, index)
            waiting.append(await self._line.chunk(chunk_id))
            piece = next(pieces, None)
            if piece is None:
                raise CannotOpen(say("A part of a file is empty."))
            tree.update(piece)
            self.progress(0, index + 1, file.chunks)
            yield piece
        if tree.digest() != file.tree:
            raise CannotOpen(say("The file is not the one that was sent."))

    async def check(self, identity: ReporterIdentity) -> list[Answer]:
        """Return what waits for this identity, verified and without duplicates.

        Always downloads whole rounds of eight messages, so that a check that finds something looks
        like one that finds nothing. Raises ProtocolError, LineError.
        """
        directory = await self.directory()
        challenge_set = await self._line.challenges()
        found = await asyncio.to_thread(
            answers.solve, challenge_set, identity.fetch_sk, self._line_id
        )
        padding = -len(found) % DOWNLOADS or (0 if found else DOWNLOADS)
        missing = [self._rng(MESSAGE_ID_BYTES) for _ in range(padding)]
        ids = shuffled([*found, *missing], self._rng)
        read: dict[tuple[int, str], Answer] = {}
        for message_id in ids:
            envelope = await self._line.message(message_id)
            answer = self._open(envelope, message_id, identity, directory)
            if answer is not None:
                read.setdefault((answer.sender, answer.body["mid"]), answer)
        return list(read.values())

    def _open(
        self, envelope: bytes, message_id: bytes, identity: ReporterIdentity, directory: Directory
    ) -> Answer | None:
        if not answers.is_for(envelope, identity.fetch_sk):
            return None
        try:
            opened = open_envelope(envelope, identity.opener(), self._line_id)
            body = bodies.read_body(opened.body)
        except (CannotOpen, BadBody):
            return None
        for index, one in enumerate(directory.investigators):
            if opened.sender_keys == one.dh + one.mlkem and one.status != "compromised":
                desk = directory.desk_of(index, body.get("desk"))
                return Answer(message_id, index, body, desk, one.left)
        return None


def _goes_on(before: Directory, now: Directory) -> bool:
    newer = now.version > before.version and now.follows(before)
    return newer or now.hash == before.hash


def _readers(directory: Directory, bundles: EpochBundles, desks: set[str]) -> set[int]:
    """Return everyone who may read, if each desk that was chosen has a member who can.

    Who reads is never changed without asking. Raises BadDirectory, BadBundle.
    """
    for desk in desks:
        if not directory.members({desk}) & set(bundles.bundles):
            raise BadBundle(say("Nobody at the desk '{desk}' can receive messages now.", desk=desk))
    return directory.members(desks)


def _not_expired(directory: Directory, bundles: EpochBundles) -> None:
    """Refuse a directory past its grace, by the day of the bundles and not of this clock."""
    now = reference_time(bundles, directory)
    if now is not None and directory.state_at(now) == "expired":
        raise ExpiredDirectory(
            say(
                "This line's directory has expired, so nobody can be sure who would read. Nothing "
                "was sent."
            )
        )
