"""Whether this vault is an old copy of itself, by what colleagues' consoles have seen of its chain.

An old copy that writes gives a number out for the second time: a fork, which ends this machine's
word at the desk. What proves that it is one is an operation that this console signed and does not
have: then nothing is written before all of them have come back, or a week was waited for those that
nobody has any more (desk.gaps). A colleague's word that there are
some proves nothing, and may be a lie: writing waits for the proof, for two days at the most and not
at all once its investigator says that it is no copy. (A copy that was made with ``backup``
says itself that it is one: ``quarantine``.)
"""

from dataclasses import replace

from app.console.errors import ConsoleError
from app.console.line.trusted_line import TrustedLine
from app.console.rules.lifecycle import DAY
from app.console.vault import Transaction
from app.console.vault.collaboration import own_chain
from app.console.vault.collaboration.own_chain import Claim
from app.console.vault.collaboration.team import VaultLog
from app.protocol.encoding import b64u
from app.protocol.operation import Operation
from app.sentences.translatable import say
from app.sentences.values import Listing

PROOF_DAYS = 2
PROVEN = say(
    "This case store lacks changes that it has signed itself: it is an old copy. It is asking your "
    "colleagues for them. No case can be changed here before they have come."
)
CLAIM_DAYS = 30
"""For so long an unproven claim is remembered; only then another one of theirs counts."""


def came_back(tx: Transaction, journal: VaultLog, one: Operation) -> None:
    """Take in an operation signed by this console: if it is not here, this is an old copy."""
    if one.seq > max(journal.head(one.desk, one.author).seq, own_chain.returned(tx, one.desk)):
        own_chain.note_returned(tx, one.desk, one.seq)


def claimed(tx: Transaction, desk: str, sayer: bytes, seq: int, now: int) -> None:
    """Take in a colleague's word that this console's chain at a desk goes on up to a number."""
    before = next((one for one in own_chain.claims(tx, desk) if one.sayer == sayer), None)
    if before is None or now - before.at > CLAIM_DAYS * DAY:
        own_chain.claim(tx, desk, Claim(sayer, seq, now))
    elif seq > before.seq:
        own_chain.claim(tx, desk, replace(before, seq=seq))


def say_it_is_none(tx: Transaction) -> None:
    """Drop the claims, which were read: this is no old copy, or the reader knows better."""
    own_chain.deny_all(tx)


def refuse(tx: Transaction, known: TrustedLine, desk: str, head: int, now: int) -> None:
    """Raise ConsoleError where this console must not write for a desk.

    ``head`` is the number of its last operation there.
    """
    if words := standing(tx, known, desk, head, now):
        raise ConsoleError(words)


def standing(tx: Transaction, known: TrustedLine, desk: str, head: int, now: int) -> str | None:
    """Return why nothing can be written for a desk, in words; None if it can."""
    if own_chain.returned(tx, desk) > head:
        return PROVEN
    names = sorted(
        known.label_of(b64u(one.sayer)) or say("somebody")
        for one in own_chain.claims(tx, desk)
        if one.seq > head and not one.denied and now - one.at < PROOF_DAYS * DAY
    )
    if not names:
        return None
    return say(
        "{names}: that console says that this one wrote changes which are not here. If "
        "this case store is an old copy, change nothing: they are asked for and come in"
        " some hours. If it is none, call that colleague, and say on the page Team that"
        " this was dealt with; then you can write at once.",
        names=Listing.of(names),
    )
