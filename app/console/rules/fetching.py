"""Which files are fetched without asking, and when one that failed is asked for again. Pure.

An attacker can write to the line, too, so no sender's files may fill the disk, hold up others or be
asked for without end (QL1, attachments).
"""

from collections.abc import Iterable

from app.console.rules.body import DescribedFile
from app.console.rules.lifecycle import DAY, HOUR
from app.protocol.wire import CHUNK_BYTES

UNASKED_BYTES = 512 * 1024**2
"""So much of one message's files is fetched by itself; for the rest the investigator is asked."""

RESERVE_BYTES = 1024**3
"""So much room is left on the disk by what is fetched without asking."""

BAD_OPENS = 3
"""A file whose parts were changed so often is not asked for again by itself."""

TRIES_MAX = 12
"""Nor is one that failed so often for whatever reason: in about a week."""


def to_ask_for(refs: Iterable[DescribedFile]) -> set[int]:
    """Return the places of the files that are asked for one by one, since they are too much."""
    by_hand, counted, total = set(), set(), 0
    for place, ref in enumerate(refs):
        same = (ref.key, ref.chunks)
        cost = 0 if same in counted else ref.chunks * CHUNK_BYTES
        if total + cost > UNASKED_BYTES:
            by_hand.add(place)
        else:
            total += cost
            counted.add(same)
    return by_hand


def fits(chunks: int, free: int) -> bool:
    """Say whether so many chunks leave the reserve on a disk with so many bytes free."""
    return free - chunks * CHUNK_BYTES >= RESERVE_BYTES


def pause(failures: int) -> int:
    """Return seconds until a file that failed so often is asked for: none, 1 h, 2 h, to a day."""
    return 0 if failures <= 1 else min(DAY, HOUR << min(failures - 2, 10))
