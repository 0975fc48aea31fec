"""Whether this vault is an old copy of itself, by what colleagues' consoles have seen of its chain.

An old copy that writes gives a number out for the second time: a fork, which ends this machine's
word at the desk. What proves that it is one is an operation that this console signed and does not
have: then nothing is written before all of them have come back, or a week was waited for those that
nobody has any more (desk.gaps). A colleague's word that there are
some proves nothing, and may be a lie: writing waits for the proof, for two days at the most and not
at all once somebody at this console says that it is no copy. (A copy that was made with ``backup``
says itself that it is one: ``quarantine``.)
"""

from typing import Any

from app.console.errors import ConsoleError
from app.console.line.trusted_line import TrustedLine
from app.console.rules.lifecycle import DAY
from app.console.vault import Transaction, owner
from app.console.vault.team import VaultLog
from app.protocol.encoding import b64u
from app.protocol.operation import Operation

BEHIND = "team_behind"
"""The fact that keeps, by desk, the highest number of an own operation that came back and was not
here."""

CLAIMS = "team_claims"
"""The fact that keeps, by desk and colleague (key, b64u): up to which number they say that there
are own operations, since when, and whether somebody here said that it is not so."""

PROOF_DAYS = 2
PROVEN = (
    "This vault lacks changes that it has signed itself: it is an old copy. It is asking your "
    "colleagues for them. No case can be changed here before they have come."
)
CLAIM_DAYS = 30
"""For so long an unproven claim is remembered; only then another one of theirs counts."""


def came_back(tx: Transaction, journal: VaultLog, one: Operation) -> None:
    """Take in an operation signed by this console: if it is not here, this is an old copy."""
    behind = owner.fact(tx, BEHIND) or {}
    if one.seq > max(journal.head(one.desk, one.author).seq, behind.get(one.desk, 0)):
        owner.store_fact(tx, BEHIND, behind | {one.desk: one.seq})


def claimed(tx: Transaction, desk: str, sayer: bytes, seq: int, now: int) -> None:
    """Take in a colleague's word that this console's chain at a desk goes on up to a number."""
    claims = owner.fact(tx, CLAIMS) or {}
    here = claims.setdefault(desk, {})
    before = here.get(b64u(sayer))
    if before is None or now - before["at"] > CLAIM_DAYS * DAY:
        here[b64u(sayer)] = {"seq": seq, "at": now, "denied": False}
    elif seq > before["seq"]:
        here[b64u(sayer)] = before | {"seq": seq}
    owner.store_fact(tx, CLAIMS, claims)


def say_it_is_none(tx: Transaction) -> None:
    """Drop the claims, which were read: this is no old copy, or the reader knows better."""
    claims = owner.fact(tx, CLAIMS) or {}
    for here in claims.values():
        for one in here.values():
            one["denied"] = True
    owner.store_fact(tx, CLAIMS, claims)


def refuse(tx: Transaction, known: TrustedLine, desk: str, head: int, now: int) -> None:
    """Raise ConsoleError where this console must not write for a desk.

    ``head`` is the number of its last operation there.
    """
    if words := standing(tx, known, desk, head, now):
        raise ConsoleError(words)


def standing(tx: Transaction, known: TrustedLine, desk: str, head: int, now: int) -> str | None:
    """Return why nothing can be written for a desk, in words; None if it can."""
    if (owner.fact(tx, BEHIND) or {}).get(desk, 0) > head:
        return PROVEN
    claims: dict[str, dict[str, Any]] = (owner.fact(tx, CLAIMS) or {}).get(desk, {})
    names = sorted(
        known.label_of(sayer) or "somebody"
        for sayer, one in claims.items()
        if one["seq"] > head and not one["denied"] and now - one["at"] < PROOF_DAYS * DAY
    )
    if not names:
        return None
    return (
        f"{' and '.join(names)}: that console says that this one wrote changes which are not here. "
        "If this vault is an old copy, change nothing: they are asked for and come in some hours. "
        "If it is none, call that colleague, and say on the page Team that this was dealt with; "
        "then you can write at once."
    )
