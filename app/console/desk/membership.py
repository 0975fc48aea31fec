"""Who sits at a desk, since when this console knows, and from where on somebody new is told.

Somebody who comes later is given nothing of before by asking: each author's chain begins for them
where it stood when they came. Older cases are given by a member, as a snapshot, or not at all.
"""

from typing import Any

from app.console.line.trusted_line import TrustedLine
from app.console.rules.lifecycle import DAY
from app.console.vault import Transaction, owner
from app.console.vault.team import VaultLog
from app.protocol.directory import Directory
from app.protocol.encoding import b64u
from app.protocol.operation import Seen

MEMBERS = "team_members"
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
    before = owner.fact(tx, MEMBERS) or {}
    met: dict[str, Any] = {}
    journal = VaultLog(tx, known.owner.line.line_id, now)
    for desk in known.own_desks():
        first_look = desk not in before
        earlier = before.get(desk, {})
        met[desk] = here = {}
        for place in directory.members({desk}):
            kept = earlier.get(str(place))
            if kept is not None:
                here[str(place)] = kept
                continue
            here[str(place)] = {"at": now, "joined": not first_look, "heads": {}}
            if not first_look:
                here[str(place)]["heads"] = {
                    b64u(vk): [head.seq, head.hash.hex()]
                    for vk, head in journal.heads(desk).items()
                }
    if met != before:
        owner.store_fact(tx, MEMBERS, met)


def new_members(tx: Transaction, desk: str) -> list[tuple[int, int]]:
    """Return who came to a desk while this console was there: index, and when (Unix seconds)."""
    here = (owner.fact(tx, MEMBERS) or {}).get(desk, {})
    return [(int(place), one["at"]) for place, one in here.items() if one["joined"]]


def is_young(tx: Transaction, desk: str, index: int, now: int) -> bool:
    """Say whether an investigator came to a desk not long ago, as far as this console knows."""
    here = (owner.fact(tx, MEMBERS) or {}).get(desk, {}).get(str(index))
    return here is not None and now - int(here["at"]) < NEW_MEMBER_DAYS * DAY


def at_desk_since(tx: Transaction, desk: str, index: int | None) -> int | None:
    """Return since when an investigator sits at a desk, as far as is known here (Unix seconds)."""
    here = (owner.fact(tx, MEMBERS) or {}).get(desk, {}).get(str(index))
    return None if here is None else int(here["at"])


def informed_from(tx: Transaction, desk: str, index: int, author: bytes) -> int | None:
    """Return the first number of an author's chain that a member may be given, None for nothing."""
    here = (owner.fact(tx, MEMBERS) or {}).get(desk, {}).get(str(index))
    if here is None:
        return None
    return int(here["heads"].get(b64u(author), [0])[0]) + 1


def since(tx: Transaction, desk: str, own: bytes, now: int) -> tuple[Seen, ...]:
    """Return where the own chain begins for those who came not long ago."""
    found = []
    for place, one in (owner.fact(tx, MEMBERS) or {}).get(desk, {}).items():
        young = now - int(one["at"]) < NEW_MEMBER_DAYS * DAY
        head = one["heads"].get(b64u(own))
        if one["joined"] and young and head:
            found.append(Seen(int(place), head[0], bytes.fromhex(head[1])))
    return tuple(found)
