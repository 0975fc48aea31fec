"""A vault that was restored from a copy: what it must not do before it knows what it has missed.

Its chains of signed operations may go on elsewhere than where the copy ends, and a second operation
with a number that was given would be a fork, which ends this machine's word at the desk for good.
So it changes no case until it has had a full sync and then a body of a colleague's that was not on
the server at that sync: what that body has seen of this machine's chain is the latest that anybody
has (``gaps`` asks for the rest). Reading, and answering reporters, go on meanwhile.
"""

import datetime as dt
from dataclasses import dataclass, replace

from app.console.errors import ConsoleError, VaultRetired
from app.console.vault import Transaction, Vault
from app.console.vault.installation import machine_log, settings
from app.console.vault.installation.settings import Setting
from app.protocol.directory import Directory
from app.sentences.translatable import say


@dataclass(frozen=True, slots=True)
class Copy(Setting):
    """In a copy's database, that it is one.

    When it was made (Unix seconds, None: it is none), and whether its vault was retired.
    """

    NAME = "copy"
    made: int | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Retired(Setting):
    """When this vault was moved (Unix seconds); None for one that was not."""

    NAME = "retired"
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Quarantine(Setting):
    """What a restored vault waits for: times in Unix seconds, None where there is none.

    Since when it is in quarantine, from a copy of when, when the first full sync ended, and the
    desks from which a colleague has been heard since.
    """

    NAME = "quarantine"
    since: int | None = None
    made: int = 0
    full: int | None = None
    heard: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InService(Setting):
    """Whether reporters' messages come here (``desk.holdings``), in Unix seconds; None: not known.

    Since when they come, when that was last seen, and since when they do not any more.
    """

    NAME = "in_service"
    since: int | None = None
    last: int = 0
    gone: int | None = None


@dataclass(frozen=True, slots=True)
class TakenIntoUse(Setting):
    """How often this vault was taken into use from a copy."""

    NAME = "taken_into_use"
    count: int = 0


def copies(tx: Transaction) -> int:
    """Return how often this vault was restored.

    Each time the keys in service are replaced, all of them: the vault before may have made some
    that are not in the copy, and the copy's file holds the others.
    """
    return settings.load(tx, TakenIntoUse).count


def arrive(vault: Vault, now: int) -> None:
    """Take a vault into use. Raises VaultRetired for one that was moved."""
    with vault.write() as tx:
        if (gone := settings.load(tx, Retired).at) is not None:
            raise VaultRetired(
                say(
                    "This case store was moved to another computer on {day} and can no longer be "
                    "used here. If the moved file is lost, create it again with: quietline console "
                    "backup --move. Otherwise delete this folder.",
                    day=_day(gone),
                )
            )
        copy = settings.load(tx, Copy)
        if copy.made is None:
            return
        settings.forget(tx, Copy)
        settings.store(tx, TakenIntoUse(copies(tx) + 1))
        # What came and was deleted before a copy was taken into use is not missed.
        settings.forget(tx, InService)
        machine_log.add(tx, now, machine_log.RESTORED, made=copy.made, moved=copy.moved)
        if not copy.moved:
            settings.store(tx, Quarantine(since=now, made=copy.made))


def synced(tx: Transaction, now: int) -> None:
    """Note that a full sync has ended: whatever comes later was posted later."""
    state = settings.load(tx, Quarantine)
    if state.since is not None and state.full is None:
        settings.store(tx, replace(state, full=now))


def heard(tx: Transaction, desk: str) -> None:
    """Note that a colleague's body for a desk has come."""
    state = settings.load(tx, Quarantine)
    if state.full is not None and desk not in state.heard:
        settings.store(tx, replace(state, heard=(*state.heard, desk)))


def refuse(tx: Transaction, directory: Directory, index: int, desk: str) -> None:
    """Raise ConsoleError where this console may not write for a desk yet."""
    state = settings.load(tx, Quarantine)
    if state.since is None or desk in state.heard:
        return
    members = directory.members({desk})
    if index in members and len(members) == 1:
        return  # no other console has seen anything
    if index not in members:
        raise ConsoleError(
            say(
                "This case store was restored from a backup, and no longer knows which cases it "
                "transferred to that team. Ask a colleague to transfer it. Nothing was done."
            )
        )
    raise ConsoleError(waits(state))


def waits(state: Quarantine) -> str:
    """Return what a restored vault waits for, in words."""
    return say(
        "This case store was restored from a backup of {day}. Cases cannot be changed "
        "before a colleague's console has been heard, which tells what this one did "
        "after that day: sync again in a few hours, or ask a colleague to press “Share "
        "now”. Reading and answering reporters work.",
        day=_day(state.made),
    )


def standing(tx: Transaction, own_desks: list[str], directory: Directory | None) -> str | None:
    """Return what the owner is told as long as some desk has not been heard."""
    state = settings.load(tx, Quarantine)
    if state.since is None or directory is None:
        return None
    open_ = [desk for desk in own_desks if len(directory.members({desk})) > 1]
    return waits(state) if set(open_) - set(state.heard) else None


def _day(at: int) -> str:
    return dt.datetime.fromtimestamp(at, dt.UTC).date().isoformat()
