"""A desk of which few can read now: whoever writes is asked first (spec: bundles, few readers)."""

from __future__ import annotations

from app.protocol.bundles import few_readers
from app.protocol.directory import Desk, Directory
from app.protocol.wire import EpochBundles
from app.sentences.translatable import say


class FewReaders(Exception):
    """The desks of which so few can read that the person is asked first (spec: bundles).

    Each is (desk, how many can read now, of how many). Nothing of the message was sent, though its
    files may lie there, sealed.
    """

    def __init__(self, desks: list[tuple[Desk, int, int]]) -> None:
        super().__init__(say("Few of those who were chosen can read messages now."))
        self.desks = desks


def few_of(
    directory: Directory, bundles: EpochBundles, desks: set[str], agreed: dict[str, int]
) -> list[tuple[Desk, int, int]]:
    """Return the chosen desks that few can read, unless the person agreed to so few.

    Each is (desk, how many can read now, of how many); ``agreed`` gives by desk id to how many.
    """
    found = []
    for desk in directory.desks:
        members, live = directory.members({desk.id}), set(bundles.bundles)
        now = len(members & live)
        if desk.id in desks and few_readers(members, live) and now < agreed.get(desk.id, now + 1):
            found.append((desk, now, len(members)))
    return found
