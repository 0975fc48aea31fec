"""When bundles are made, when their keys may be destroyed, and when a server's copy is deleted.

Pure: all times are Unix seconds given by the caller (QL1, bundles; batch).
"""

from collections.abc import Callable, Collection

HOUR = 3600
DAY = 24 * HOUR
SETTLING_SECONDS = DAY
"""How long a superseded key is kept at least: batches of the epochs before still arrive."""
EARLY_SECONDS = 2 * HOUR
"""How far ahead of this machine's clock a bundle may be in service without being told of."""


def windows_to_make(
    now: int,
    window_seconds: int,
    days: int,
    existing: Collection[tuple[int, int]],
    stretch: int = 1,
) -> list[tuple[int, int]]:
    """Return the windows up to ``days`` ahead that have no key yet, soonest first.

    Aligned to full hours; a window length that is no whole number of hours is taken as one hour,
    since the server would refuse it. They go on to a midnight UTC, so that a day's first call asks
    for a whole day and later ones for nothing: where the windows end would tell the server the
    hour of the last topping up, and topping up every hour at which hours this machine is on.

    ``stretch`` makes each window so many times as long, from the same beginnings: of two that began
    alike the one that ends later serves, so a restored vault's keys take over from those that it
    lacks.
    """
    length = window_seconds if window_seconds > 0 and window_seconds % HOUR == 0 else HOUR
    first = now // length * length
    midnight = -(-(now + days * DAY) // DAY) * DAY
    starts = range(first, midnight, length)
    wanted = [(start, start + stretch * length) for start in starts]
    return [window for window in wanted if window not in existing]


def counts_as_in_service(not_before: int, now: int) -> bool:
    """Say whether an own bundle, shown by the server, may supersede earlier ones.

    A server can show a signed bundle of next month today; were that believed, the keys of all
    windows until then would be destroyed and their messages lost. So its window must have begun.
    """
    return not_before <= now


def may_destroy(superseded_at: int | None, full_sync_began: int | None) -> bool:
    """Say whether a bundle's private key may be destroyed; on three conditions, nothing else.

    (1) a later bundle of this machine was seen in service, at ``superseded_at``; (2) 24 h have
    passed since; (3) a full sync that began after that has finished: ``full_sync_began`` is the
    beginning of the latest finished one. The end of the window alone never counts.
    """
    if superseded_at is None or full_sync_began is None:
        return False
    return full_sync_began > superseded_at + SETTLING_SECONDS


def deletion_delay(rng: Callable[[int], bytes]) -> int:
    """Return a random while of 1 to 24 hours, in seconds, uniform (QL1, batch).

    Deleting at once would tell the server which ids one console had just opened.
    """
    span = 23 * HOUR
    return HOUR + int.from_bytes(rng(8)) % (span + 1)


def retry_delay(rng: Callable[[int], bytes]) -> int:
    """Return a random while of 18 to 30 hours, in seconds: daily, but at no hour of its own."""
    return 18 * HOUR + int.from_bytes(rng(8)) % (12 * HOUR + 1)
