"""Who sits at a desk, since when this console knows, and from where on a new member is told.

A member who comes later is given nothing of before by asking: each author's chain begins for them
where it stood when they came. Older cases are given by a member, as a snapshot, or not at all.
"""

from app.console.line.trusted_line import TrustedLine
from app.console.rules.lifecycle import DAY
from app.console.vault import Transaction
from app.console.vault.collaboration import members
from app.console.vault.collaboration.members import Member
from app.console.vault.collaboration.team import VaultLog
from app.protocol.directory import Directory
from app.protocol.operation import Seen

NEW_MEMBER_DAYS = 30


def sits(directory: Directory, index: int, desk: str) -> bool:
    """Say whether an investigator is an active member of a desk."""
    return any(one.id == desk for one in directory.desks) and index in directory.members({desk})


def investigator_of(directory: Directory | None, keys: bytes) -> int | None:
    """Return which investigator of the directory these dh ‖ ml-kem keys (1,216 bytes) are."""
    for index, one in enumerate(directory.investigators if directory else ()):
        if one.dh + one.mlkem == keys:
            return index
    return None


def meet(tx: Transaction, known: TrustedLine, now: int) -> None:
    """Note who has come to the own desks, and where each author's chain stood then.

    Those of the first look were there before, as far as we know: for them nothing is cut off. Who
    has left is forgotten, and new when they come again.
    """
    directory = known.directory
    if directory is None:
        return
    journal = VaultLog(tx, known.owner.line.line_id, now)
    for desk in known.own_desks():
        before = {one.investigator for one in members.at_desk(tx, desk)}
        heads = journal.heads(desk) if before else {}
        sitting = directory.members({desk})
        members.keep_only(tx, desk, sitting)
        for index in sorted(sitting - before):
            members.add(tx, desk, Member(index, now, joined=bool(before)), heads)
    members.forget_desks(tx, known.own_desks())


def new_members(tx: Transaction, desk: str) -> list[tuple[int, int]]:
    """Return who came to a desk while this console was there: index, and when (Unix seconds)."""
    return [(one.investigator, one.at) for one in members.at_desk(tx, desk) if one.joined]


def is_young(tx: Transaction, desk: str, index: int, now: int) -> bool:
    """Say whether an investigator came to a desk not long ago, as far as this console knows."""
    here = members.find(tx, desk, index)
    return here is not None and now - here.at < NEW_MEMBER_DAYS * DAY


def at_desk_since(tx: Transaction, desk: str, index: int | None) -> int | None:
    """Return since when an investigator sits at a desk, as far as is known here (Unix seconds)."""
    here = members.find(tx, desk, index)
    return None if here is None else here.at


def informed_from(tx: Transaction, desk: str, index: int, author: bytes) -> int | None:
    """Return the first number of an author's chain that a member may be given, None for nothing."""
    if members.find(tx, desk, index) is None:
        return None
    head = members.head_then(tx, desk, index, author)
    return 1 if head is None else head.seq + 1


def since(tx: Transaction, desk: str, own: bytes, now: int) -> tuple[Seen, ...]:
    """Return where the own chain begins for those who came not long ago."""
    found = []
    for one in members.at_desk(tx, desk):
        young = now - one.at < NEW_MEMBER_DAYS * DAY
        head = members.head_then(tx, desk, one.investigator, own)
        if one.joined and young and head is not None:
            found.append(Seen(one.investigator, head.seq, head.hash))
    return tuple(found)
