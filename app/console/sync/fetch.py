"""From the challenge set to messages in the vault: solve, fetch, open, durable.

Every envelope is treated alike, covers too: fetched, opened, noted, deleted on the server after
the same random while (QL1, batch). Notes and messages become durable in one transaction
(``receive``); the server is asked to delete nothing that is not in it.
"""

import asyncio
import hashlib
import os
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from app.client import line_client
from app.client.line_client import LineClient
from app.client.line_errors import LineError
from app.console.line.trusted_line import TrustedLine
from app.console.rules import lifecycle
from app.console.sync import receive
from app.console.sync.receive import OpenedMessage
from app.console.vault import Rng, Vault
from app.console.vault.installation.owner import Owner
from app.console.vault.keys import bundle_keys
from app.console.vault.keys.bundle_keys import HeldKey
from app.console.vault.records import fetched_ids
from app.protocol.answers import is_for, solve
from app.protocol.challenges import ROW_BYTES, parse_set
from app.protocol.envelope import Opened, open_any
from app.protocol.errors import ProtocolError, WrongLength
from app.protocol.identities import Opener
from app.protocol.shuffle import shuffled
from app.sentences.translatable import said_by, say

FORGET_AFTER = 7 * lifecycle.DAY


@dataclass(frozen=True, slots=True)
class Collected:
    """What looking for messages brought.

    The set's SHA-256; how many messages are new; how many ids were listed for us without their
    message coming, this time, and this time and the last; whether the set was solved and every hit
    is durable.
    """

    digest: bytes
    new_messages: int
    missed: int
    missed_again: int
    full: bool


async def collect(
    vault: Vault,
    client: LineClient,
    known: TrustedLine,
    *,
    delete_at_once: bool,
    now: Callable[[], int],
    rng: Rng,
    progress: Callable[[str, int, int], None],
    checkpoint: Callable[[str], None],
) -> Collected:
    """Fetch, open and keep what waits for this machine.

    Raises LineError when the server goes away or answers with something else: then the sync was
    not a full one.
    """
    owner = known.owner
    progress(say("Looking for messages"), 0, 0)
    rows = await client.challenges()
    try:
        if not rows:
            raise WrongLength(say("It is empty."))
        listed = await _solved(rows, owner, progress)
    except ProtocolError as error:
        raise LineError(
            say(
                "What came instead of messages is not in their form: the server is broken, or "
                "something on the way answers in its place. {reason}",
                reason=said_by(error),
            )
        ) from None
    with vault.read() as tx:
        held = bundle_keys.all_held(tx)
        unknown = set(listed) - fetched_ids.known(tx, listed, now())
    openers = Openers(held, owner.identity.fetch, now())
    # Fetched in an order that says nothing about the set's.
    queue = shuffled(unknown, rng)
    new_messages, missed = 0, set(queue)
    async with aclosing(_fetched(client, queue)) as groups:
        async for start, ids, envelopes in groups:
            progress(say("Fetching messages"), start, len(queue))
            checkpoint("fetched")
            opened = await asyncio.to_thread(_open_all, ids, envelopes, owner, openers)
            missed -= {arrival.id for arrival in opened}
            checkpoint("opened")
            new_messages += await asyncio.to_thread(
                receive.keep,
                vault,
                known,
                opened,
                delete_at_once=delete_at_once,
                now=now(),
                rng=rng,
            )
            checkpoint("durable")
    if queue:
        progress(say("Fetching messages"), len(queue), len(queue))
    with vault.write() as tx:
        fetched_ids.forget(tx, set(listed), now() - FORGET_AFTER)
        before = fetched_ids.missed(tx)
        fetched_ids.set_missed(tx, missed)
        full = not missed and not fetched_ids.doubtful(tx, set(listed))
    digest = hashlib.sha256(rows).digest()
    return Collected(digest, new_messages, len(missed), len(missed & before), full)


async def _solved(
    rows: bytes, owner: Owner, progress: Callable[[str, int, int], None]
) -> list[bytes]:
    """Solve a set in a thread for each core: the group's arithmetic lets go of the interpreter."""
    loop, total = asyncio.get_running_loop(), len(parse_set(rows))
    threads = os.cpu_count() or 1
    size = -(-total // threads) * ROW_BYTES
    done = [0] * threads

    def on_progress(number: int, rows_done: int, _: int) -> None:
        done[number] = rows_done
        loop.call_soon_threadsafe(progress, say("Looking for messages"), sum(done), total)

    fetch_sk, line_id = owner.identity.fetch_sk, owner.line.line_id
    parts = [rows[number * size : (number + 1) * size] for number in range(threads)]
    found = await asyncio.gather(
        *(
            asyncio.to_thread(solve, part, fetch_sk, line_id, partial(on_progress, number))
            for number, part in enumerate(parts)
        )
    )
    return [id_ for part in found for id_ in part]


async def _fetched(
    client: LineClient, queue: list[bytes]
) -> AsyncGenerator[tuple[int, list[bytes], list[bytes]], None]:
    """Fetch one group while the group before is opened and kept.

    The network and this machine wait for each other no longer than they must. Yields where a group
    begins, its ids, its envelopes. Raises LineError, after the group before was yielded.
    """
    # Fetched side by side, and made durable together: one disk flush for all of them.
    group = line_client.AT_ONCE
    turn = asyncio.Semaphore(group)

    async def fetch_one(id_: bytes) -> bytes:
        async with turn:
            return await client.message(id_)

    async def fetch(start: int) -> list[bytes]:
        return await asyncio.gather(*map(fetch_one, queue[start : start + group]))

    # Two groups are under way, so that a slow circuit of the first holds up none of the second.
    ahead = deque(asyncio.ensure_future(fetch(start)) for start in (0, group))
    try:
        for start in range(0, len(queue), group):
            envelopes = await ahead[0]
            ahead.popleft()
            ahead.append(asyncio.ensure_future(fetch(start + 2 * group)))
            yield start, queue[start : start + group], envelopes
    finally:
        for each in ahead:
            each.cancel()
        await asyncio.gather(*ahead, return_exceptions=True)


class Openers:
    """The keys to try, likeliest first, each made ready once per sync.

    A bundle serves from its window's beginning, so those that have begun go first, newest ahead;
    windows to come are tried last, for a clock that is wrong.
    """

    def __init__(self, held: list[HeldKey], fetch: bytes, now: int) -> None:
        begun = [key for key in held if key.not_before <= now + lifecycle.EARLY_SECONDS]
        to_come = [key for key in held if key.not_before > now + lifecycle.EARLY_SECONDS]
        self._keys = begun[::-1] + to_come
        self._fetch = fetch
        self._ready: list[Opener] = []

    def __iter__(self) -> Iterator[Opener]:
        for position, key in enumerate(self._keys):
            if position == len(self._ready):
                self._ready.append(key.keys.opener(self._fetch))
            yield self._ready[position]


def _open_all(
    ids: list[bytes], envelopes: list[bytes], owner: Owner, openers: Openers
) -> list[OpenedMessage]:
    found = []
    for id_, envelope in zip(ids, envelopes, strict=True):
        # Random bytes: the id has just been deleted, or the server meddles. Nothing to note, and no
        # full sync either: if it is not listed the next time, it was deleted.
        if not is_for(envelope, owner.identity.fetch_sk):
            continue
        try:
            opened: Opened | None = open_any(envelope, openers, owner.line.line_id)[1]
        except Exception:
            # Not only ProtocolError: whatever a message trips over, it must not stop the others.
            opened = None
        found.append(OpenedMessage(id_, hashlib.sha256(envelope).digest(), opened))
    return found
