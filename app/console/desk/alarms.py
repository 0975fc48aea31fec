"""Forks, gaps and disagreements between consoles, as sentences for the investigator.

An alarm stands until the investigator says that it was dealt with.
"""

from app.console.cases import stale_vault
from app.console.desk import gaps
from app.console.line.notices import Level, Notice
from app.console.line.trusted_line import TrustedLine
from app.console.rules.lifecycle import DAY
from app.console.rules.log import Gap
from app.console.rules.packing import DeskBody
from app.console.vault import Transaction, Vault
from app.console.vault.collaboration import chain_gaps, desk_alarms, missing_operations
from app.console.vault.collaboration.desk_alarms import Claim
from app.console.vault.collaboration.team import VaultLog
from app.console.vault.copies import quarantine
from app.sentences.translatable import say, say_count
from app.sentences.values import Listing

OF_ONE_MAX = 5
"""Alarms kept that one person's console gave cause for: none of theirs pushes out another's."""
RANGES_SHOWN = 5
"""Of the numbers that are missing, as many are named."""
CLAIM_DAYS = 30
"""For so long it is remembered who says that there is a newer directory."""


def alarm(tx: Transaction, text: str, now: int, by: str) -> None:
    """Keep a sentence until it is dealt with; each once.

    ``by`` is the label of whoever's console gave cause for it: what came first of theirs stays, and
    the last place tells that there is more.
    """
    of_one = desk_alarms.count_of(tx, by)
    if of_one >= OF_ONE_MAX or text in desk_alarms.standing(tx):
        return
    if of_one == OF_ONE_MAX - 1:
        text = say(
            "{by}'s console gives cause for more alarms than are shown here. Somebody may "
            "be hiding one behind the others; call them and the agency.",
            by=by,
        )
    desk_alarms.add(tx, text, now, by)


def dealt_with(tx: Transaction, now: int) -> None:
    """Drop the alarms: an investigator has read them and acted."""
    chain_gaps.deal_with(tx, now - DAY)
    stale_vault.say_it_is_none(tx)
    desk_alarms.clear(tx)


def standing(tx: Transaction) -> list[str]:
    """Return the alarms that stand."""
    return desk_alarms.standing(tx)


def never_came(tx: Transaction, known: TrustedLine, now: int) -> list[str]:
    """Return whose changes are missing that were passed over more than a day ago, in words."""
    found = []
    for desk, index, all_gaps in gaps.lacking(tx, known, now):
        old = [one for one in all_gaps if now - one.at > DAY and not one.acknowledged]
        if old and known.directory is not None:
            name = known.directory.investigators[index].label
            mine = index == known.index
            found.append(_never_came_words("" if mine else name, known.desk_name(desk), old))
    return found


def _never_came_words(name: str, desk: str, old: list[Gap]) -> str:
    count = sum(one.last - one.first + 1 for one in old)
    numbers = [
        str(one.first)
        if one.first == one.last
        else say("{first} to {last}", first=one.first, last=one.last)
        for one in old
    ]
    shown: str = Listing.of(numbers[:RANGES_SHOWN])
    if len(old) > RANGES_SHOWN:
        shown = say("{numbers} and others", numbers=shown)
    if not name:
        return say_count(
            "{count} change at {team} that this case store itself signed never came back (number "
            "{numbers}): it is an old copy. Colleagues' consoles are asked for it for a month. "
            "Look with them through what they see of your cases: something may have been about a "
            "case that has been destroyed since.",
            "{count} changes at {team} that this case store itself signed never came back (number "
            "{numbers}): it is an old copy. Colleagues' consoles are asked for them for a month. "
            "Look with them through what they see of your cases: something may have been about a "
            "case that has been destroyed since.",
            count, team=desk, numbers=shown,
        )  # fmt: skip
    return say_count(
        "{count} change by {name} at {team} never came here (number {numbers}). What {name} said "
        "later counts without it. Colleagues' consoles are asked for it for a month. Ask {name} "
        "what was said: the server may be holding something back, or it was about a case that has "
        "been destroyed since.",
        "{count} changes by {name} at {team} never came here (number {numbers}). What {name} said "
        "later counts without them. Colleagues' consoles are asked for them for a month. Ask "
        "{name} what was said: the server may be holding something back, or it was about a case "
        "that has been destroyed since.",
        count, name=name, team=desk, numbers=shown,
    )  # fmt: skip


def compare_directories(
    tx: Transaction, known: TrustedLine, name: str, body: DeskBody, now: int
) -> None:
    """Compare directories with a colleague's: a server that shows two of them is found out."""
    if known.directory is None:
        return
    desk_alarms.see_directory(tx, known.directory.version, known.directory.hash)
    here = desk_alarms.directory_hash(tx, body.version)
    if here is not None and here != body.directory:
        alarm(
            tx,
            say(
                "{name}'s console has seen another version {version} of the hotline's directory"
                " than this one. The server shows two; call the agency before you write to "
                "anybody.",
                name=name,
                version=body.version,
            ),
            now,
            name,
        )
    # Each one's word for itself: a made-up version must not hide what the others have seen. An
    # older body takes nothing back: the server chooses when it comes.
    own, claim = known.directory.version, desk_alarms.claim_of(tx, name)
    stands = claim is not None and claim.version > own and now - claim.at <= CLAIM_DAYS * DAY
    if body.version > own and not stands:
        desk_alarms.claim(tx, Claim(name, body.version, now))


def notices(vault: Vault, known: TrustedLine, now: int) -> list[Notice]:
    """Return all that stands, as notices of a sync."""
    with vault.read() as tx:
        found = [Notice(Level.ALARM, text) for text in standing(tx)]
        if restored := quarantine.standing(tx, known.own_desks(), known.directory):
            found.append(Notice(Level.WARNING, restored))
        found += _missing(tx, now)
        found += [Notice(Level.ALARM, text) for text in never_came(tx, known, now)]
        found += _behind(tx, known, now)
        found += _older_directory(tx, known, now)
    return found


def _missing(tx: Transaction, now: int) -> list[Notice]:
    found: dict[str, set[str]] = {}
    for one in missing_operations.wanted(tx):
        if now - one.at > DAY:
            found.setdefault(one.by, set()).add(one.name)
    return [Notice(Level.ALARM, _missing_words(by, names)) for by, names in sorted(found.items())]


def _missing_words(by: str, names: set[str]) -> str:
    listed = Listing.of(sorted(names))
    if by:
        return say(
            "{by}'s console says that there are changes by {names} which have been missing here "
            "for more than a day. They are asked for again; if this stays, call all of them: the "
            "server may be holding messages back, or what is said may not be true.",
            by=by,
            names=listed,
        )
    return say(
        "There are changes by {names} which have been missing here for more than a day. They are "
        "asked for again; if this stays, call all of them: the server may be holding messages "
        "back, or what is said may not be true.",
        names=listed,
    )


def _behind(tx: Transaction, known: TrustedLine, now: int) -> list[Notice]:
    journal = VaultLog(tx, known.owner.line.line_id, now)
    vk = known.owner.identity.vk
    words = {
        stale_vault.standing(tx, known, desk, journal.head(desk, vk).seq, now)
        for desk in known.own_desks()
    }
    # What is only claimed is among the alarms, where an investigator can say that it is dealt with.
    return [Notice(Level.ALARM, stale_vault.PROVEN)] if stale_vault.PROVEN in words else []


def _older_directory(tx: Transaction, known: TrustedLine, now: int) -> list[Notice]:
    own = known.directory.version if known.directory else 0
    return [
        Notice(
            Level.ALARM,
            say(
                "{name}'s console has seen version {version} of the hotline's directory, this "
                "one only version {own}. The server may be showing you an old one; call the "
                "agency.",
                name=one.name,
                version=one.version,
                own=own,
            ),
        )
        for one in desk_alarms.claims(tx)
        if one.version > own and DAY < now - one.at <= CLAIM_DAYS * DAY
    ]
