"""A vault that was restored from a copy: what it must not do before it knows what it has missed.

Its chains of signed operations may go on elsewhere than where the copy ends, and a second operation
with a number that was given would be a fork, which ends this machine's word at the desk for good.
So it changes no case until it has had a full sync and then a body of a colleague's that was not on
the server at that sync: what that body has seen of this machine's chain is the latest that anybody
has (``gaps`` asks for the rest). Reading, and answering reporters, go on meanwhile.
"""

import datetime as dt
from typing import Any

from app.console.errors import ConsoleError, VaultRetired
from app.console.vault import Transaction, Vault, machine_log, owner
from app.protocol.directory import Directory

COPY = "copy"
"""The fact in a copy's database that it is one: when it was made, whether its vault was retired."""

RETIRED = "retired"
"""The fact that this vault was moved, and when."""

QUARANTINE = "catching_up"
"""The fact that keeps since when (Unix seconds), from a copy of when, when the first full sync
ended, and the desks from which a colleague has been heard since."""

SERVICE = "in_service"
"""The fact that keeps since when reporters' messages come here (``desk.holdings``): what came and
was deleted before a copy was taken into use is not missed."""

COPIES = "copies"
"""The fact that counts how often this vault was taken into use from a copy."""


def copies(tx: Transaction) -> int:
    """Return how often this vault was restored.

    Each time the keys in service are replaced, all of them: the vault before may have made some
    that are not in the copy, and the copy's file holds the others.
    """
    return int(owner.fact(tx, COPIES) or 0)


def arrive(vault: Vault, now: int) -> None:
    """Take a vault into use. Raises VaultRetired for one that was moved."""
    with vault.write() as tx:
        if (gone := owner.fact(tx, RETIRED)) is not None:
            raise VaultRetired(
                f"This vault was moved to another machine on {_day(gone['at'])} and can no longer "
                "be used here. If the moved file is lost, create it again with: quietline console "
                "backup --move. Otherwise delete this folder."
            )
        copy = owner.fact(tx, COPY)
        if copy is None:
            return
        owner.store_fact(tx, COPY, None)
        owner.store_fact(tx, COPIES, copies(tx) + 1)
        owner.store_fact(tx, SERVICE, None)
        machine_log.add(tx, now, machine_log.RESTORED, made=copy["made"], moved=copy["moved"])
        if not copy["moved"]:
            begun = {"since": now, "made": copy["made"], "full": None, "heard": []}
            owner.store_fact(tx, QUARANTINE, begun)


def synced(tx: Transaction, now: int) -> None:
    """Note that a full sync has ended: whatever comes later was posted later."""
    state = owner.fact(tx, QUARANTINE)
    if state is not None and state["full"] is None:
        owner.store_fact(tx, QUARANTINE, state | {"full": now})


def heard(tx: Transaction, desk: str) -> None:
    """Note that a colleague's body for a desk has come."""
    state = owner.fact(tx, QUARANTINE)
    if state is not None and state["full"] is not None and desk not in state["heard"]:
        owner.store_fact(tx, QUARANTINE, state | {"heard": [*state["heard"], desk]})


def refuse(tx: Transaction, directory: Directory, index: int, desk: str) -> None:
    """Raise ConsoleError where this console may not write for a desk yet."""
    state = owner.fact(tx, QUARANTINE)
    if state is None or desk in state["heard"]:
        return
    members = directory.members({desk})
    if index in members and len(members) == 1:
        return  # nobody else has seen anything
    if index not in members:
        raise ConsoleError(
            "This vault was restored from a backup, and no longer knows which cases it handed to "
            "that desk. Ask a colleague to hand it on. Nothing was done."
        )
    raise ConsoleError(waits(state))


def waits(state: dict[str, Any]) -> str:
    """Return what a restored vault waits for, in words."""
    return (
        f"This vault was restored from a backup of {_day(state['made'])}. Cases cannot be changed "
        "before a colleague's console has been heard, which tells what this one did after that "
        "day: sync again in a few hours, or ask a colleague to press “Share now”. Reading and "
        "answering reporters work."
    )


def standing(tx: Transaction, own_desks: list[str], directory: Directory | None) -> str | None:
    """Return what the owner is told as long as some desk has not been heard."""
    state = owner.fact(tx, QUARANTINE)
    if state is None or directory is None:
        return None
    open_ = [desk for desk in own_desks if len(directory.members({desk})) > 1]
    return waits(state) if set(open_) - set(state["heard"]) else None


def _day(at: int) -> str:
    return dt.datetime.fromtimestamp(at, dt.UTC).date().isoformat()
