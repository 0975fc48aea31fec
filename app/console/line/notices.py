"""Notices: what an investigator is told of the line, of this machine in it, and of the clock.

What a sync, a desk or a feature has to say besides is made where it is found, as a ``Notice``.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from app.console.line.trusted_line import TrustedLine
from app.console.rules import lifecycle, wording
from app.console.vault import Vault
from app.console.vault.keys import bundle_keys
from app.protocol.bundles import OLD_SECONDS
from app.sentences.translatable import say


class Level(StrEnum):
    """How loud a notice is."""

    INFO = "info"
    WARNING = "warning"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence for the investigator."""

    level: Level
    text: str


def of_line(known: TrustedLine, now: int) -> list[Notice]:
    """Return how the line and this machine stand, in words; nothing when all is well."""
    notices = []
    directory = known.directory
    if directory is None:
        return []
    entry = directory.investigators[known.index] if known.index is not None else None
    if entry is None:
        text = say(
            "This console is not in the hotline's directory yet. Give its request file to the "
            "agency; reporters cannot write to you before that."
        )
        notices.append(Notice(Level.WARNING, text))
    elif entry.status == "former":
        text = say(
            "The agency has taken this console out of service. It still reads what waits for it."
        )
        notices.append(Notice(Level.WARNING, text))
    elif entry.status == "compromised":
        text = say(
            "The agency has marked this console as compromised. Reporters no longer write to it. "
            "Call the agency before you use it."
        )
        notices.append(Notice(Level.ALARM, text))
    elif not known.own_desks():
        text = say("The agency has assigned this console to no team: it gets no reports.")
        notices.append(Notice(Level.WARNING, text))
    ends = wording.date(directory.expires)
    state = directory.state_at(max(now, known.reference or 0))
    if state == "expiring":
        text = say(
            "The hotline's directory ends on {ends}. Remind the agency to sign a new one.",
            ends=ends,
        )
        notices.append(Notice(Level.INFO, text))
    elif state == "grace":
        text = say(
            "The hotline's directory ended on {ends}. It is accepted for two weeks more; "
            "the agency must sign a new one now.",
            ends=ends,
        )
        notices.append(Notice(Level.WARNING, text))
    elif state == "expired":
        text = say(
            "The hotline's directory ended on {ends}. Reporters can no longer write, and "
            "nothing is sent from here. The agency must sign a new one. (Is this computer's"
            " clock right?)",
            ends=ends,
        )
        notices.append(Notice(Level.ALARM, text))
    return [*notices, *_of_clock(known.reference, now)]


def _of_clock(reference: int | None, now: int) -> list[Notice]:
    """Return where this clock and the time that the others vouch for are plainly apart."""
    if reference is None:
        return []
    day = wording.date(dt.datetime.fromtimestamp(reference, dt.UTC).date())
    if now - reference > OLD_SECONDS:
        text = say(
            "The keys that the server gives out are of {day}: by this computer's clock it "
            "shows a time that is over. Is the clock right? If it is, call the agency.",
            day=day,
        )
        return [Notice(Level.ALARM, text)]
    if reference - now > lifecycle.DAY:
        text = say(
            "This computer's clock is behind: the others' keys in service are of {day}. Set"
            " it right; yours are made for the wrong days. If it is right, tell the agency.",
            day=day,
        )
        return [Notice(Level.WARNING, text)]
    return []


def of_own_bundle(vault: Vault, known: TrustedLine, now: int) -> list[Notice]:
    """Return what is strange about this machine's own keys in service, in words."""
    if known.bundles is None or known.index is None or not known.active:
        return []
    shown = known.bundles.bundles.get(known.index)
    if shown is None:
        text = say(
            "Your keys are not in service yet. They are used from the server's next change on, "
            "usually within a minute."
        )
        return [Notice(Level.INFO, text)]
    with vault.read() as tx:
        held = bundle_keys.windows(tx)
    if (shown.not_before, shown.not_after) not in held:
        text = say(
            "The server gives out keys of yours that this case store does not hold. Is this an "
            "old copy of a case store? Messages made for those keys cannot be opened here."
        )
        return [Notice(Level.ALARM, text)]
    if shown.not_before > now + lifecycle.EARLY_SECONDS:
        text = say(
            "The server gives out keys of yours before their time. Is this computer's clock right? "
            "If it is, tell the agency."
        )
        return [Notice(Level.ALARM, text)]
    return []
